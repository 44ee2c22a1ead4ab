"""Adding a paper by hand: an arXiv id, a DOI, or any address that holds one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common.refusals import Refused
from papers.clients.errors import ClientError, NotFoundError, UnavailableError
from papers.identifiers import ArxivId, Doi, IdentifierError, parse_identifier
from papers.importing import import_records
from papers.models import Paper
from papers.sources.arxiv import ARXIV

if TYPE_CHECKING:
    from accounts.models import User
    from papers.clients.records import Batch, PaperRecord

# Somebody waits before the form: for our turn at arXiv, and for its answer.
SECONDS_FOR_A_TURN = 4.0
SECONDS_FOR_AN_ANSWER = 5.0


class SubmissionError(Refused):
    """The paper cannot be added. The message is fit to show."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The paper's row, and whether it is new here."""

    paper: Paper
    created: bool


def submit(*, text: str, member: User) -> Submitted:
    """Find the paper that the text names, here or at arXiv, and put it on today's list."""
    try:
        identifier = parse_identifier(text)
    except IdentifierError as error:
        raise SubmissionError(str(error)) from error
    paper = Paper.objects.named(identifier).first()
    if paper is not None:
        return Submitted(paper, created=False)
    record = _look_up(identifier)
    if record.withdrawn:
        raise SubmissionError("The authors have withdrawn this paper from arXiv.")
    return _add(record, member)


def _look_up(identifier: ArxivId | Doi) -> PaperRecord:
    try:
        batch = _ask_arxiv(identifier)
    except NotFoundError as error:
        raise SubmissionError(_unknown(identifier)) from error
    except UnavailableError as error:
        raise SubmissionError("arXiv is not available right now. Try again in a minute.") from error
    except ClientError as error:
        raise SubmissionError(
            "arXiv sent an answer that we cannot read. Try again later."
        ) from error
    if not batch.records:
        raise SubmissionError(_unknown(identifier))
    return batch.records[0]


def _ask_arxiv(identifier: ArxivId | Doi) -> Batch:
    if isinstance(identifier, Doi):
        return ARXIV.by_doi(
            identifier.value, max_wait=SECONDS_FOR_A_TURN, seconds=SECONDS_FOR_AN_ANSWER
        )
    return ARXIV.by_ids([identifier.id], max_wait=SECONDS_FOR_A_TURN, seconds=SECONDS_FOR_AN_ANSWER)


def _unknown(identifier: ArxivId | Doi) -> str:
    if isinstance(identifier, Doi):
        return (
            f"arXiv has no paper with the DOI {identifier}. If it is on arXiv, enter its arXiv "
            "id instead."
        )
    return f"arXiv does not know {identifier.id}. Today’s papers may take until tomorrow."


@transaction.atomic
def _add(record: PaperRecord, member: User) -> Submitted:
    counts = import_records(records=[record])
    if not counts.paper_count:
        raise SubmissionError(f"This paper cannot be shown here: it {counts.skipped[0].reason}.")
    paper = Paper.objects.select_for_update(no_key=True).get(
        source=record.source, external_id=record.external_id
    )
    # Two who submit it at once: the row's lock lets one be first.
    if paper.submitted_by_id is None and counts.created:
        paper.submitted_by = member
        paper.announced_on = timezone.now().date()
        paper.save(update_fields=["submitted_by", "announced_on", "updated_at"])
    return Submitted(paper, created=bool(counts.created))
