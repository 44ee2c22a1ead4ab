"""Adding a paper by hand: an arXiv id, a DOI, an OpenReview forum, or an address of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common.refusals import Refused
from papers.clients.errors import (
    ClientError,
    ForbiddenError,
    NotFoundError,
    UnavailableError,
)
from papers.identifiers import Doi, IdentifierError, parse_identifier
from papers.importing import import_records
from papers.models import Paper, PaperTally
from papers.sources import PAPER_SOURCES, Ref
from papers.sources.arxiv import ARXIV

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from papers.clients.records import Batch, PaperRecord
    from papers.identifiers import Identifier
    from papers.sources.source import PaperSource

# Somebody waits before the form: for our turn at a source, and for its answer.
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
    """Find the paper that the text names, here or at its source, and put it on today's list."""
    try:
        identifier = parse_identifier(text)
    except IdentifierError as error:
        raise SubmissionError(str(error)) from error
    paper = Paper.objects.named(identifier).first()
    if paper is not None:
        return Submitted(paper, created=False)
    record = _look_up(identifier)
    if record.withdrawn:
        label = PAPER_SOURCES[record.source].label
        raise SubmissionError(f"The authors withdrew this paper from {label}.")
    return _add(record, member)


def refusal_of(ref: Ref) -> str:
    """Say why no paper can have this id; "" if one can."""
    try:
        parse_identifier(str(ref))
    except IdentifierError as error:
        if ref.source != ARXIV.key:
            return str(error)
        return (
            f"“{ref.external_id}” cannot be an arXiv id. An arXiv id begins with the year and "
            "the month: 2401.12345, or hep-th/9901001 for papers before April 2007."
        )
    return ""


def _look_up(identifier: Identifier) -> PaperRecord:
    source = PAPER_SOURCES[identifier.source]
    # arXiv first, which has the text itself, and where most of what is read here is discussed.
    if isinstance(identifier, Doi) and (found := _ask(ARXIV, ARXIV.by_doi, identifier.value)):
        return found
    record = _ask(source, source.look_up, identifier.id)
    if record is None:
        raise SubmissionError(source.unknown(identifier.id))
    return record


def _ask(source: PaperSource, look_up: Callable[..., Batch], name: str) -> PaperRecord | None:
    """Return the paper, or None where the source does not know it."""
    try:
        batch = look_up(name, max_wait=SECONDS_FOR_A_TURN, seconds=SECONDS_FOR_AN_ANSWER)
    except NotFoundError:
        return None
    except UnavailableError as error:
        raise SubmissionError(
            f"{source.service} is not available right now. Try again in a minute."
        ) from error
    except ForbiddenError as error:
        raise SubmissionError(
            f"{source.service} does not show us this paper. It may not be public yet. "
            "Try again later."
        ) from error
    except ClientError as error:
        raise SubmissionError(
            f"{source.service} sent an answer that we could not read. Try again later."
        ) from error
    if not batch.records and batch.skipped:
        raise SubmissionError(
            f"{source.service} knows this paper, but it cannot be shown here: "
            f"{batch.skipped[0].reason}."
        )
    return batch.records[0] if batch.records else None


@transaction.atomic
def _add(record: PaperRecord, member: User) -> Submitted:
    counts = import_records(records=[record])
    if not counts.paper_count:
        raise SubmissionError(f"This paper cannot be shown here: it {counts.skipped[0].reason}.")
    ref = Ref(record.source, record.external_id)
    paper = Paper.objects.select_for_update(no_key=True).at(ref).get()
    # Two who submit it at once: the row's lock lets one be first.
    if paper.submitted_by_id is None and counts.created:
        paper.submitted_by = member
        paper.announced_on = timezone.now().date()
        paper.save(update_fields=["submitted_by", "announced_on", "updated_at"])
        PaperTally.objects.filter(paper=paper).update(announced_on=paper.announced_on)
    return Submitted(paper, created=bool(counts.created))
