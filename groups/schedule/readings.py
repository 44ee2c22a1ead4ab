"""Papers of a meeting or series: finding them by what organisers type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.refusals import Refused
from groups.schedule.models import MeetingPaper
from papers import submitting
from papers.identifiers import IdentifierError, parse_identifier
from papers.models import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accounts.models import User
    from groups.schedule.models import Meeting

MAX_PAPERS = 5


def unknown_among(texts: Iterable[str]) -> list[str]:
    """Return the texts whose paper is not on the site yet. Raise Refused for invalid ones."""
    return [text for text in texts if _known(text) is None]


def find_papers(texts: Sequence[str], *, by: User) -> list[Paper]:
    """Return the papers that texts name, importing missing ones.

    Importing calls arXiv and takes seconds: do not call this inside a transaction.
    """
    if len(texts) > MAX_PAPERS:
        raise Refused(f"A meeting can have at most {MAX_PAPERS} papers.")
    papers = [_known(text) or _add(text, by) for text in texts]
    return list({paper.pk: paper for paper in papers}.values())


def set_papers(meeting: Meeting, papers: Sequence[Paper]) -> bool:
    """Set a meeting's papers, in this order. Return whether that changed them."""
    before = list(MeetingPaper.objects.filter(meeting=meeting).values_list("paper_id", flat=True))
    wanted = [paper.pk for paper in papers]
    if before == wanted:
        return False
    MeetingPaper.objects.filter(meeting=meeting).exclude(paper__in=wanted).delete()
    MeetingPaper.objects.bulk_create(
        [
            MeetingPaper(meeting=meeting, paper_id=paper_id, position=position)
            for position, paper_id in enumerate(wanted)
        ],
        update_conflicts=True,
        unique_fields=["meeting", "paper"],
        update_fields=["position"],
    )
    return True


def _known(text: str) -> Paper | None:
    try:
        identifier = parse_identifier(text)
    except IdentifierError as error:
        raise Refused(f"{text[:60]}: {error}") from error
    return Paper.objects.named(identifier).first()


def _add(text: str, by: User) -> Paper:
    try:
        return submitting.submit(text=text, member=by).paper
    except submitting.SubmissionError as error:
        raise Refused(f"{text[:60]}: {error}") from error
