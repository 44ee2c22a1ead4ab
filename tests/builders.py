"""Valid rows, of which a test names only what matters to it."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from papers.models import Author, Authorship, Organization, Paper, PaperTally, Upvote

_numbers = itertools.count(1)

_TALLY_FIELDS = ("vote_count", "hot_score", "external_vote_count", "external_votes_read_at")

PASSWORD = "correct horse battery staple"


def make_user(username: str = "", **fields: Any) -> User:
    """Make a member whose address is proven, and whose votes weigh in full."""
    username = username or f"member{_letters(next(_numbers))}"
    fields = {"joined_at": timezone.now() - timedelta(days=400)} | fields
    email = fields.pop("email", f"{username.lower()}@example.org")
    user = User.objects.create_user(username, email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_paper(external_id: str = "", **fields: Any) -> Paper:
    """Make a paper on the list of November 20, 2026, with its tally."""
    number = next(_numbers)
    fields = {
        "title": f"Paper number {number}",
        "abstract": "We show that reading is good.",
        "published_at": datetime(2026, 11, 18, tzinfo=UTC),
        "announced_on": date(2026, 11, 20),
        "categories": ["cs.LG"],
        "primary_category": "cs.LG",
    } | fields
    tally = {name: fields.pop(name) for name in _TALLY_FIELDS if name in fields}
    paper = Paper(external_id=external_id or f"2611.{number:05}", **fields)
    Paper.render_rows([paper])
    paper.rendered_with = Paper.RENDERED_WITH
    paper.save()
    PaperTally.objects.create(paper=paper, announced_on=paper.announced_on, **tally)
    return paper


def make_vote(paper: Paper, member: User | None = None, **fields: Any) -> Upvote:
    """Make a vote as a row only: the tally does not move."""
    fields = {"cast_at": timezone.now(), "weight": 1.0} | fields
    return Upvote.objects.create(paper=paper, member=member or make_user(), **fields)


def make_organization(slug: str = "ulab", name: str = "U Lab") -> Organization:
    return Organization.objects.create(slug=slug, name=name)


def make_authorship(paper: Paper, name: str = "Ada Lovelace", **fields: Any) -> Authorship:
    slug = name.lower().replace(" ", "-")
    author, _ = Author.objects.get_or_create(slug=slug, defaults={"name": name})
    fields = {"position": paper.authorships.count() + 1, "name": name} | fields
    return Authorship.objects.create(paper=paper, author=author, **fields)


def _letters(number: int) -> str:
    """Spell a number in letters that fold into no other: names must not look alike."""
    alphabet = "abcdefghkpqtxyz"
    letters = ""
    while number:
        number, place = divmod(number, len(alphabet))
        letters += alphabet[place]
    return letters
