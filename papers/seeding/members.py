"""Invented members, from several parts of the world."""

from __future__ import annotations

import random
import re
import unicodedata
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.names.personal_names import tidy_full_name
from accounts.names.reserved_names import is_reserved
from accounts.names.usernames import username_key

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMBER_COUNT = 120
_SEED = 81_526

# Locale, time zone, and the share of members.
_PLACES = (
    ("en_US", "America/New_York", 18),
    ("en_GB", "Europe/London", 10),
    ("de_DE", "Europe/Berlin", 10),
    ("fr_FR", "Europe/Paris", 8),
    ("en_IN", "Asia/Kolkata", 12),
    ("zh_CN", "Asia/Shanghai", 10),
    ("ja_JP", "Asia/Tokyo", 8),
    ("he_IL", "Asia/Jerusalem", 8),
    ("pt_BR", "America/Sao_Paulo", 6),
    ("pl_PL", "Europe/Warsaw", 5),
    ("tr_TR", "Europe/Istanbul", 5),
)
_FAMILY_NAME_FIRST = {"ja_JP", "zh_CN"}
_WORK = (
    "Doctoral student",
    "Research engineer",
    "Postdoc",
    "Lecturer",
    "Data scientist",
    "Librarian",
    "Master's student",
    "Professor",
    "Independent researcher",
)
_INTERESTS = (
    "long contexts",
    "interpretability",
    "time series",
    "graph learning",
    "vision",
    "multilingual models",
    "reasoning",
    "efficient inference",
    "local learning rules",
    "linguistics",
    "sample complexity",
)
# For names that ASCII cannot represent.
_MOODS = ("quiet", "late", "patient", "curious", "wary", "brisk", "plain", "odd", "slow", "keen")
_THINGS = ("lemma", "reader", "margin", "kernel", "proof", "footnote", "gradient", "axiom", "folio")
# Ages of the newest members, whose votes weigh nothing or little (papers.voting).
_NEWCOMERS = (timedelta(hours=5), timedelta(days=2), timedelta(days=4), timedelta(days=6))


class _Voice(Protocol):
    """The part of Faker that is used, for the type checker."""

    def first_name(self) -> str: ...
    def last_name(self) -> str: ...
    def seed_instance(self, seed: int) -> object: ...


def create_members(*, now: datetime, count: int = MEMBER_COUNT) -> tuple[list[User], int]:
    """Create the missing members; return all, and how many are new."""
    invented = {username_key(member.username): member for member in _invented(now, count)}
    known = User.objects.filter(username_key__in=invented).in_bulk(field_name="username_key")
    created = User.objects.bulk_create(
        member for key, member in invented.items() if key not in known
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=member, email=member.email, verified=True, primary=True)
        for member in created
    )
    return [known.get(key, member) for key, member in invented.items()], len(created)


def _invented(now: datetime, count: int) -> Iterator[User]:
    # Imported here: production does not have it, and does not need it.
    from faker import Faker  # noqa: PLC0415

    chance = random.Random(_SEED)  # noqa: S311 - the same members every time
    voices: dict[str, _Voice] = {locale: Faker(locale) for locale, _, _ in _PLACES}
    for number, voice in enumerate(voices.values()):
        voice.seed_instance(_SEED + number)
    taken: set[str] = set()
    for number in range(count):
        locale, zone, _ = chance.choices(_PLACES, [share for _, _, share in _PLACES])[0]
        first, last = voices[locale].first_name(), voices[locale].last_name()
        username = next(
            name
            for name in _usernames(first, last, chance)
            if username_key(name) not in taken and not is_reserved(name)
        )
        taken.add(username_key(username))
        names = (last, first) if locale in _FAMILY_NAME_FIRST else (first, last)
        yield User(
            username=username,
            email=f"{username}@example.org",
            # One in eight has only a username.
            full_name=tidy_full_name(" ".join(names)) if chance.random() < 7 / 8 else "",
            biography=_biography(chance),
            time_zone=zone,
            password=make_password(None),
            joined_at=_joined_at(number, now, chance),
        )


def _usernames(first: str, last: str, chance: random.Random) -> Iterator[str]:
    """Yield ASCII spellings of the name, or pseudonyms if nothing of it is left."""
    given, family = _ascii(first), _ascii(last)
    if len(given) > 1 and len(family) > 1:
        spellings = [f"{given}{family}", f"{given}_{family}", f"{given[0]}{family}", given]
        chance.shuffle(spellings)
        yield from (spelling for spelling in spellings if 3 <= len(spelling) <= 30)
    while True:
        yield f"{chance.choice(_MOODS)}{chance.choice(_THINGS)}"


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub("[^a-z]", "", plain)


def _biography(chance: random.Random) -> str:
    if chance.random() < 0.4:
        return ""
    one, other = chance.sample(_INTERESTS, 2)
    return f"{chance.choice(_WORK)}. Reads about {one} and {other}."


def _joined_at(number: int, now: datetime, chance: random.Random) -> datetime:
    # Drawn for everybody, so that the newcomers do not change the others' dates. The others
    # are older than any thread of the seed.
    ago = timedelta(days=chance.uniform(90, 730))
    return now - (_NEWCOMERS[number] if number < len(_NEWCOMERS) else ago)
