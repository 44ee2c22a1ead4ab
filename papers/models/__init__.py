from papers.models.imports import ImportRun
from papers.models.paper import Author, Authorship, Organization, Paper, Topic
from papers.models.saves import Save
from papers.models.thumbnails import Thumbnail
from papers.models.votes import PaperTally, Upvote

__all__ = [
    "Author",
    "Authorship",
    "ImportRun",
    "Organization",
    "Paper",
    "PaperTally",
    "Save",
    "Thumbnail",
    "Topic",
    "Upvote",
]
