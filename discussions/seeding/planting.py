"""Creation of the bundled threads, for `manage.py seed`."""

from __future__ import annotations

import math
import random
import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Value, Window
from django.db.models.functions import Least, RowNumber

from accounts.demo import create_demo_accounts
from discussions.anchors import anchoring
from discussions.comments.models import Anchor, Comment, Revision
from discussions.moderation.models import Act, Report
from discussions.notifications import notifications
from discussions.notifications.models import Notification
from discussions.seeding import rows
from discussions.seeding.rows import Draft
from discussions.seeding.written import written_threads
from discussions.thread.models import Thread, ThreadReading
from papers.models import Paper
from papers.seeding.members import create_members
from papers.seeding.votes import announced_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accounts.models import User
    from discussions.seeding.written import SeedComment, SeedThread

_NAMESPACE = UUID("0c7a5eed-1d5e-4a55-8a6e-2f6f5b1f9a10")
_MODERATOR = "wanjiru"
# Marks of new members weigh less, so only older members mark here.
_OLD = timedelta(days=7)
# Each member has read all but the latest notifications.
_UNREAD = 5
_READ_AFTER = timedelta(hours=3)
_NUMBERED = re.compile(r"(?<!\w)@(\d{1,3})\b")


@dataclass(frozen=True)
class _People:
    """The seed's members: invented ones by number, demo accounts by name."""

    invented: Sequence[User]
    demo: dict[str, User]

    def find(self, who: int | str, paper: Paper) -> User:
        if isinstance(who, int):
            return self.invented[who]
        if who == "submitter":
            # An invented member if the paper came from a feed.
            return paper.submitted_by or self.invented[60]
        return self.demo[who]

    def named_in(self, text: str) -> str:
        return _NUMBERED.sub(lambda found: f"@{self.invented[int(found[1])].username}", text)

    @property
    def all(self) -> list[User]:
        return [*self.invented, *self.demo.values()]


@dataclass(frozen=True)
class _Prepared:
    thread: SeedThread
    paper: Paper
    drafts: list[Draft]


def plant(now: datetime) -> str:
    """Add the missing threads, and return a line with the number of comments."""
    began = time.monotonic()
    with transaction.atomic():
        people = _People(
            create_members(now=now)[0], {user.username: user for user in create_demo_accounts()}
        )
        prepared = _prepared(people, now)
        ids = _ids_by_time(prepared)
        planted = [_plant(each, ids, people, now) for each in prepared]
        _tell([comment for comments in planted for comment in comments], now)
    count = sum(len(comments) for comments in planted)
    return f"{count} comments added in {time.monotonic() - began:.1f} s"


def _prepared(people: _People, now: datetime) -> list[_Prepared]:
    """Draft the missing threads whose papers exist."""
    written = [thread for thread in written_threads() if not _is_there(thread)]
    found = Paper.objects.filter(external_id__in=[thread.paper for thread in written])
    papers = {paper.external_id: paper for paper in found.select_related("submitted_by")}
    return [
        _Prepared(thread, paper, list(_drafts(thread, paper, people, now)))
        for thread in written
        if (paper := papers.get(thread.paper))
    ]


def _ids_by_time(prepared: Sequence[_Prepared]) -> dict[UUID, int]:
    """Assign ids to the comments of all threads by time, because lists sort by id."""
    drafts = sorted((each for one in prepared for each in one.drafts), key=_moment)
    return dict(zip([draft.key for draft in drafts], rows.take_ids(len(drafts)), strict=True))


def _moment(draft: Draft) -> datetime:
    return draft.created_at


def _is_there(thread: SeedThread) -> bool:
    known = Comment.objects.filter(thread__paper__external_id=thread.paper)
    return known.filter(key=_key(thread, 0)).exists()


def _key(thread: SeedThread, number: int) -> UUID:
    return uuid5(_NAMESPACE, f"{thread.paper} {number}")


def _plant(
    prepared: _Prepared, ids: dict[UUID, int], people: _People, now: datetime
) -> list[Comment]:
    thread, paper = prepared.thread, prepared.paper
    row, _ = Thread.objects.get_or_create(paper=paper)
    comments = rows.insert(row, prepared.drafts, [ids[draft.key] for draft in prepared.drafts])
    pairs = list(zip(comments, thread.comments, strict=True))
    Anchor.objects.bulk_create(
        _anchor(comment, written, paper)
        for comment, written in pairs
        if written.quote or written.place
    )
    Revision.objects.bulk_create(
        Revision(
            comment=comment,
            number=number,
            text=people.named_in(text),
            written_at=comment.created_at + timedelta(minutes=4 * number - 4),
        )
        for comment, written in pairs
        for number, text in enumerate(written.was, start=1)
    )
    for comment, written in pairs:
        _moderate(comment, written, people, paper, now)
    _attend(row, thread, dict(zip(_ids(thread), comments, strict=True)), people)
    if thread.locked:
        _lock(row, thread.locked, people, now)
    return comments


def _drafts(thread: SeedThread, paper: Paper, people: _People, now: datetime) -> Iterator[Draft]:
    chance = random.Random(thread.paper)  # noqa: S311 - the same marks every time
    keys = {name: _key(thread, number) for number, name in enumerate(_ids(thread))}
    begin = now - timedelta(days=thread.days_ago)
    if not thread.days_ago:
        begin = announced_at(paper.announced_on)
    moments = _moments(len(thread.comments), begin, now, chance)
    for number, (written, at) in enumerate(zip(thread.comments, moments, strict=True)):
        author = people.find(written.by, paper)
        readers = [each for each in people.all if each != author and at - each.joined_at > _OLD]
        yield Draft(
            key=_key(thread, number),
            author=author,
            text=people.named_in(written.text),
            created_at=at,
            parent=keys[written.to] if written.to else None,
            voters=chance.sample(readers, _vote_count(written, chance)),
            reactions={
                kind: chance.sample(readers, count) for kind, count in written.reactions.items()
            },
            columns=_columns(written, at, now),
        )


def _ids(thread: SeedThread) -> list[str]:
    return [written.id or f"#{number}" for number, written in enumerate(thread.comments)]


def _moments(count: int, begin: datetime, now: datetime, chance: random.Random) -> list[datetime]:
    """Spread a thread's comments over the hours since it began, none in the future."""
    at = timedelta(hours=chance.uniform(1, 5))
    moments = []
    for _ in range(count):
        at += timedelta(minutes=4 + chance.expovariate(1 / 70))
        moments.append(at)
    pace = min(1.0, (now - begin) / (at + timedelta(hours=1)))
    return [begin + pace * moment for moment in moments]


def _vote_count(written: SeedComment, chance: random.Random) -> int:
    drawn = int(chance.lognormvariate(math.log(1.5 if written.to else 4), 0.7))
    return drawn if written.votes is None else written.votes


def _columns(written: SeedComment, at: datetime, now: datetime) -> dict[str, Any]:
    """Return the columns for a comment's state after posting."""
    columns: dict[str, Any] = {}
    if written.was:
        edited_at = min(at + timedelta(minutes=4 * len(written.was)), now)
        columns |= {"edited_at": edited_at, "revision_count": len(written.was)}
    if written.deleted:
        columns["taken_back_at"] = min(at + timedelta(minutes=20), now)
    if written.hidden:
        columns |= {"hidden_at": _answered_at(at, now), "hidden_reason": written.hidden}
    if written.held:
        columns["held_at"] = at
    return columns


def _answered_at(at: datetime, now: datetime) -> datetime:
    """Return when a moderator acted on a comment posted then."""
    return min(at + timedelta(minutes=50), now)


def _anchor(comment: Comment, written: SeedComment, paper: Paper) -> Anchor:
    if not written.place:
        selectors = anchoring.in_abstract(
            paper.abstract_html, exact=written.quote, prefix="", suffix="", start=""
        )
        part = Anchor.Part.ABSTRACT
    else:
        kind, _, number = written.place.partition(" ")
        selectors = anchoring.in_paper(kind=kind, number=number, exact=written.quote)
        part = Anchor.Part.PAPER
    return Anchor(comment=comment, part=part, selectors=selectors, version=paper.version)


def _moderate(
    comment: Comment, written: SeedComment, people: _People, paper: Paper, now: datetime
) -> None:
    """Add the act that hid the comment, and the report about it, open if nobody acted."""
    act = None
    if written.hidden:
        act = Act.objects.create(
            kind=Act.Kind.HIDE,
            moderator=people.demo[_MODERATOR],
            reason=written.hidden,
            comment=comment,
            thread=comment.thread,
            member=comment.author,
            created_at=_answered_at(comment.created_at, now),
        )
    if written.report:
        Report.objects.create(
            reporter=people.find(written.report["by"], paper),
            comment=comment,
            reason=written.report["reason"],
            note=written.report["note"],
            created_at=min(comment.created_at + timedelta(minutes=15), now),
            closed_at=act.created_at if act else None,
            act=act,
        )


def _attend(row: Thread, thread: SeedThread, comments: dict[str, Comment], people: _People) -> None:
    ThreadReading.objects.bulk_create(
        ThreadReading(
            member=people.demo[name],
            thread=row,
            seen_up_to=comments[last].pk,
            seen_at=comments[last].created_at,
            attention=ThreadReading.Attention.WATCHING,
        )
        for name, last in thread.watched.items()
    )


def _lock(row: Thread, reason: str, people: _People, now: datetime) -> None:
    assert row.last_comment_at is not None
    locked_at = min(row.last_comment_at + timedelta(minutes=30), now)
    Thread.objects.filter(pk=row.pk).update(locked_at=locked_at)
    Act.objects.create(
        kind=Act.Kind.LOCK,
        moderator=people.demo[_MODERATOR],
        reason=reason,
        thread=row,
        created_at=locked_at,
    )


def _tell(comments: Sequence[Comment], now: datetime) -> None:
    """Notify the members concerned at the time of each comment, most marked as read."""
    for comment in sorted(comments, key=lambda comment: comment.pk):
        notifications.notify_of_comment(comment.pk)
    told = Notification.objects.filter(comment__in=comments)
    posted = Comment.objects.filter(pk=OuterRef("comment_id"))
    told.update(created_at=Subquery(posted.values("created_at")))
    latest_first = Window(RowNumber(), partition_by="recipient", order_by="-created_at")
    older = told.annotate(place=latest_first).filter(place__gt=_UNREAD)
    Notification.objects.filter(pk__in=older.values_list("pk", flat=True)).update(
        read_at=Least(F("created_at") + _READ_AFTER, Value(now))
    )
    told_of = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
    told_of.exclude(notified_at=None).update(notified_at=F("created_at"))
