from papers.models.imports import ImportRun
from papers.models.paper import Author, Authorship, Organization, Paper, Topic
from papers.models.saves import Save
from papers.models.thumbnails import Thumbnail
from papers.models.versions import PaperVersion
from papers.models.votes import PaperTally, Upvote

__all__ = [
    "Author",
    "Authorship",
    "ImportRun",
    "Organization",
    "Paper",
    "PaperTally",
    "PaperVersion",
    "Save",
    "Thumbnail",
    "Topic",
    "Upvote",
]
