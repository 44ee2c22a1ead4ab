import pytest

from accounts import contributions
from accounts.contributions import Contribution, ProfileSection
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def test_a_profile_shows_what_the_member_says(client):
    ada = make_user(
        "ada", full_name="Ada Lovelace", biography="Notes.", links=["https://ada.example/"]
    )

    html = client.get(ada.get_absolute_url()).content.decode()

    assert "Ada Lovelace" in html
    assert '<a href="https://ada.example/" rel="nofollow ugc noopener">' in html


def test_a_profile_shows_no_address(client):
    ada = make_user("ada", email="private@example.org")

    assert "private@example.org" not in client.get(ada.get_absolute_url()).content.decode()


@pytest.mark.parametrize("written", ["ADA-Lace", "ada_lace", "adaIace"])
def test_a_name_written_otherwise_leads_to_the_profile(client, written):
    make_user("ada-lace")

    assert client.get(f"/@{written}").url == "/@ada-lace"


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"is_active": False, "closed_at": "2026-01-01T00:00Z"}]
)
def test_a_suspended_or_closed_member_has_no_profile(client, state):
    ada = make_user("ada", **state)

    assert client.get(ada.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["nobody", "аda", "a" * 300, "%00", "..%2f", "ada.atom"])
def test_a_name_nobody_has_is_not_found(client, name):
    assert client.get(f"/@{name}").status_code == 404


def test_markup_in_what_a_member_says_stays_text(client):
    ada = make_user(
        "ada", full_name="<b>Ada</b>", biography="<script>alert(1)</script>\nhttps://x.example"
    )

    html = client.get(ada.get_absolute_url()).content.decode()

    assert "<script>alert" not in html
    assert "<b>Ada" not in html
    assert 'href="https://x.example' not in html


def test_other_apps_add_sections_and_empty_ones_are_left_out(monkeypatch):
    names = ProfileSection(lambda member, reader: [member.username], "names.html")
    empty = ProfileSection(lambda member, reader: [], "empty.html")
    given = [Contribution(profile_sections=[names]), Contribution(profile_sections=[empty])]
    monkeypatch.setattr(contributions, "_contributions", given)
    ada = make_user("ada")

    assert contributions.sections_for(ada, ada) == [{"rows": ["ada"], "template": "names.html"}]


def test_a_profile_by_itself_costs_one_query(client, count_queries, monkeypatch):
    monkeypatch.setattr(contributions, "_contributions", [])
    ada = make_user("ada")

    assert count_queries(lambda: client.get(ada.get_absolute_url())) == 1
