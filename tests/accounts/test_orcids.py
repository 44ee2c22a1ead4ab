import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.profile import profiles
from accounts.profile.orcids import normalize_orcid, validate_orcid
from tests.builders import make_user

CARBERRY = "0000-0002-1825-0097"


@pytest.mark.parametrize(
    "written",
    [
        CARBERRY,
        "0000000218250097",
        f"https://orcid.org/{CARBERRY}",
        f" orcid.org/{CARBERRY} ",
        "0000 0002 1825 0097",
    ],
)
def test_every_way_of_writing_an_id_gives_one_form(written):
    assert normalize_orcid(written) == CARBERRY


def test_the_check_digit_may_be_x():
    assert normalize_orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"


@pytest.mark.parametrize(
    "wrong", ["", "0000-0002-1825-0098", "0000-0002-1825", "x" * 1000, "٠٠٠٠-0002-1825-0097"]
)
def test_what_is_no_id_is_refused(wrong):
    with pytest.raises(ValueError, match="ORCID"):
        normalize_orcid(wrong)


@given(st.integers(min_value=0, max_value=15), st.integers(min_value=1, max_value=9))
def test_one_wrong_digit_is_always_noticed(place, shift):
    digits = CARBERRY.replace("-", "")
    wrong = str((int(digits[place]) + shift) % 10)

    with pytest.raises(ValueError, match="ORCID"):
        normalize_orcid(digits[:place] + wrong + digits[place + 1 :])


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    try:
        assert validate_orcid(normalize_orcid(text)) is None
    except ValueError:
        with pytest.raises(ValidationError):
            validate_orcid(text)


@pytest.mark.django_db
def test_a_stranger_who_types_an_id_does_not_keep_its_owner_from_it():
    make_user(orcid=CARBERRY)
    owner = make_user()

    assert profiles.verify_orcid(user=owner, orcid=CARBERRY)
    owner.refresh_from_db()
    assert owner.orcid_verified_at


@pytest.mark.django_db
def test_an_id_is_verified_for_one_member_only():
    profiles.verify_orcid(user=make_user(), orcid=CARBERRY)

    assert not profiles.verify_orcid(user=make_user(), orcid=CARBERRY)


@pytest.mark.django_db
def test_typing_another_id_over_a_verified_one_takes_the_mark_away():
    user = make_user()
    profiles.verify_orcid(user=user, orcid=CARBERRY)
    user.refresh_from_db()

    profiles.update_profile(
        user=user,
        full_name="",
        biography="",
        links=[],
        orcid="0000-0002-1694-233X",
        shows_votes=True,
    )

    assert User.objects.get(pk=user.pk).orcid_verified_at is None


@pytest.mark.django_db
def test_the_database_refuses_a_mark_without_an_id():
    user = make_user()

    with pytest.raises(IntegrityError, match="only_an_orcid"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(orcid_verified_at="2026-01-01T00:00Z")
