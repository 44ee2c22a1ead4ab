import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.names.reserved_names import is_reserved
from accounts.names.usernames import MAX_LENGTH, PATTERN, username_key, validate_username
from tests.builders import make_user
from tests.data import data_folder

NAMES = st.from_regex(re.compile(r"[A-Za-z][A-Za-z0-9_-]{2,29}"), fullmatch=True)


def _rows(name: str) -> list[dict[str, str]]:
    lines = (data_folder("hostile") / name).read_text().splitlines()
    return [json.loads(line) for line in lines]


@given(NAMES)
def test_a_key_holds_nothing_that_can_be_mistaken(name):
    key = username_key(name)

    assert len(key) <= MAX_LENGTH
    assert key == key.lower()
    assert not set(key) & set("01i5_-")


@given(NAMES)
def test_case_and_separators_never_tell_two_names_apart(name):
    assert username_key(name.swapcase().replace("-", "_")) == username_key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "paypaI"),
        ("modern", "modem"),
        ("vvilma", "wilma"),
        ("l0l", "lol"),
        ("s5s", "sss"),
        ("a_d-a", "ADA"),
    ],
)
def test_names_that_read_alike_have_one_key(one, other):
    assert username_key(one) == username_key(other)


@pytest.mark.parametrize(("one", "other"), [("ada", "adam"), ("carl", "karl"), ("ruth", "ruthe")])
def test_names_that_differ_keep_different_keys(one, other):
    assert username_key(one) != username_key(other)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["Ada_L0vel-4ce", "vvvrnrn-x", "I1l-0Oo5s", "RNvv", "r-n-v_v", "VVV"]
)
def test_the_database_folds_as_python_does(name):
    user = make_user(name)
    user.refresh_from_db()

    assert user.username_key == username_key(name)


@pytest.mark.django_db
def test_the_database_refuses_a_look_alike():
    make_user("modern")

    with (
        pytest.raises(IntegrityError, match="accounts_usernames_look_different"),
        transaction.atomic(),
    ):
        User.objects.create(username="M0DEM", email="x@example.org")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["аda", "ad", "1ada", "a b c", "ada\n", "ada\u200b", "a" * 31, ""])
def test_the_database_refuses_what_is_no_plain_name(name):
    with (
        pytest.raises(Exception, match=r"accounts_usernames_are_plain|too long"),
        transaction.atomic(),
    ):
        User.objects.create(username=name, email="x@example.org")


def test_every_hostile_look_alike_is_refused_or_has_the_same_key():
    for row in _rows("homoglyph_usernames.jsonl"):
        if re.fullmatch(PATTERN.strip("^$"), row["name"]):
            assert username_key(row["name"]) == username_key(row["looks_like"])
        else:
            with pytest.raises(ValidationError):
                validate_username(row["name"])


def test_most_names_that_other_sites_reserve_are_refused():
    names = [row["name"] for row in _rows("reserved_usernames.jsonl")]
    refused = [
        name for name in names if not re.fullmatch(PATTERN.strip("^$"), name) or is_reserved(name)
    ]

    assert len(refused) / len(names) > 0.65


@pytest.mark.parametrize("name", ["admin", "Moderator", "r00t", "octavo", "support", "arxiv"])
def test_names_that_speak_for_the_site_are_reserved(name):
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["ada", "mira", "kurt-g", "java"])
def test_ordinary_names_are_not_reserved(name):
    assert not is_reserved(name)
