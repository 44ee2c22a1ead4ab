import pytest
from django.urls import reverse

from accounts import contributions
from accounts.contributions import Contribution, SettingsTab
from tests.accounts.flows import sign_in
from tests.builders import make_user

pytestmark = pytest.mark.django_db

PROFILE = {"full_name": "Ada Lovelace", "biography": "Notes.", "links": "", "orcid": ""}
PAGES = ["profile_settings", "security", "appearance_settings", "time_zone_settings"]


def _save(client, **fields: str):
    return client.post(reverse("accounts:profile_settings"), PROFILE | fields)


@pytest.mark.parametrize("page", PAGES)
def test_a_settings_page_is_for_members(client, page):
    assert client.get(reverse(f"accounts:{page}")).url.startswith("/sign-in?next=/settings/")


@pytest.mark.parametrize("page", PAGES)
def test_a_settings_page_marks_its_tab(member_client, page):
    html = member_client.get(reverse(f"accounts:{page}")).content.decode()

    assert html.count('aria-current="page"') == 1


def test_the_profile_is_saved(member_client, member):
    response = _save(member_client, links="https://ada.example\nhttps://ada.example/two")

    member.refresh_from_db()
    assert response.status_code == 302
    assert member.full_name == "Ada Lovelace"
    assert member.links == ["https://ada.example", "https://ada.example/two"]


def test_the_form_shows_what_is_saved(member_client):
    _save(member_client, links="https://ada.example", orcid="0000-0002-1825-0097")

    html = member_client.get(reverse("accounts:profile_settings")).content.decode()

    assert all(part in html for part in ["https://ada.example", "0000-0002-1825-0097", "Notes."])


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://ada.example",
        "https://",
        "//ada.example",
        "data:text/html,x",
        "https://ada.example/\x00",
        " JaVaScRiPt:alert(1)",
        "https://" + "a" * 400,
        "https://[::1",
        "https://arxiv.org@ada.example/",
        "https://ada.example/\u202egro.vixra",
    ],
)
def test_a_link_that_is_not_https_or_misleads_is_refused_and_what_was_typed_is_kept(
    member_client, link
):
    response = _save(member_client, links=link, biography="Kept text.")

    assert response.status_code == 422
    assert "Kept text." in response.content.decode()


def test_six_links_are_one_too_many(member_client):
    links = "\n".join(f"https://ada.example/{n}" for n in range(6))

    assert _save(member_client, links=links).status_code == 422


def test_marks_that_turn_the_direction_are_taken_out_of_the_biography(member_client, member):
    _save(member_client, biography="a\u202eb\u2066c\x07d")

    member.refresh_from_db()
    assert member.biography == "abcd"


@pytest.mark.parametrize("field", ["full_name", "biography"])
def test_what_is_too_long_is_refused(member_client, field):
    assert _save(member_client, **{field: "x" * 501}).status_code == 422


def test_one_members_form_does_not_change_another(member_client, member):
    other = make_user(full_name="Untouched")
    _save(member_client, pk=str(other.pk), username="admin", is_staff="on", is_moderator="on")

    other.refresh_from_db()
    member.refresh_from_db()
    assert other.full_name == "Untouched"
    assert not member.is_staff
    assert not member.is_moderator


def test_the_time_zone_is_saved_and_used(member_client, member):
    member_client.post(reverse("accounts:time_zone_settings"), {"time_zone": "Asia/Tokyo"})

    response = member_client.get(reverse("accounts:time_zone_settings"))
    assert "+09:00" in response.content.decode()


def test_a_zone_that_is_not_there_is_refused(member_client):
    response = member_client.post(
        reverse("accounts:time_zone_settings"), {"time_zone": "Mars/Olympus"}
    )

    assert response.status_code == 422


@pytest.mark.parametrize(
    "zone", ["Etc/GMT+5", "EST5EDT", "Asia/Calcutta", "America/Detroit", "UTC"]
)
def test_saving_the_settings_keeps_a_zone_that_nobody_touched(member_client, member, zone):
    type(member).objects.filter(pk=member.pk).update(time_zone=zone)
    page = member_client.get(reverse("accounts:time_zone_settings"))
    shown = page.context["form"]["time_zone"].subwidgets[0].data["value"]

    member_client.post(reverse("accounts:time_zone_settings"), {"time_zone": shown})

    member.refresh_from_db()
    assert shown.startswith(f"{zone} (UTC")
    assert member.time_zone == zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin (UTC+01:00), Germany", "Europe/Berlin"),
        ("amsterdam", "Europe/Amsterdam"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("Nepal", "Asia/Kathmandu"),
        ("US/Eastern", "America/New_York"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_a_zone_is_found_by_what_people_type(member_client, member, typed, zone):
    member_client.post(reverse("accounts:time_zone_settings"), {"time_zone": typed})

    member.refresh_from_db()
    assert member.time_zone == zone


@pytest.mark.parametrize("typed", ["United States", "Berlin, New York", "<b>", "x" * 500, " "])
def test_what_names_no_single_zone_is_refused_and_the_old_one_kept(member_client, member, typed):
    type(member).objects.filter(pk=member.pk).update(time_zone="Asia/Tokyo")

    response = member_client.post(reverse("accounts:time_zone_settings"), {"time_zone": typed})

    member.refresh_from_db()
    assert (response.status_code, member.time_zone) == (422, "Asia/Tokyo")


def test_a_zone_that_is_gone_from_the_database_reads_as_utc(member_client, member):
    type(member).objects.filter(pk=member.pk).update(time_zone="Old/Zone")

    assert member_client.get(reverse("accounts:profile_settings")).status_code == 200


def test_a_visitors_theme_is_kept_in_a_cookie(client):
    response = client.post(reverse("accounts:appearance"), {"theme": "dark", "next": "/mail/"})

    assert response.url == "/mail/"
    cookie = response.cookies["theme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("dark", True, "Lax")
    assert 'data-theme="dark"' in client.get(reverse("account_login")).content.decode()


def test_a_members_theme_is_kept_with_the_account(client):
    ada = make_user("ada")
    sign_in(client, "ada")
    client.post(reverse("accounts:appearance"), {"theme": "light"})

    ada.refresh_from_db()
    assert ada.appearance == "light"


def test_a_theme_that_is_none_is_refused_and_a_false_cookie_ignored(client):
    assert client.post(reverse("accounts:appearance"), {"theme": '"><b>'}).status_code == 400

    client.cookies["theme"] = '"><script>'
    assert 'data-theme="system"' in client.get(reverse("account_login")).content.decode()


def test_another_app_can_add_a_tab(member_client, monkeypatch):
    tab = SettingsTab("Digests", "account_email")
    monkeypatch.setattr(contributions, "_contributions", [Contribution(settings_tabs=[tab])])

    html = member_client.get(reverse("accounts:profile_settings")).content.decode()

    assert html.count("Digests") == 1


def test_the_security_page_costs_a_stated_number_of_queries(member_client, count_queries):
    # The session, the member, what is unread, and the overview's four.
    assert count_queries(lambda: member_client.get(reverse("accounts:security"))) == 7


@pytest.mark.parametrize("page", ["profile_settings", "appearance_settings", "time_zone_settings"])
def test_a_form_that_arrives_in_part_changes_nothing(client, page):
    ada = make_user("ada", full_name="Ada Lovelace", time_zone="Asia/Tokyo", appearance="dark")
    sign_in(client, "ada")

    assert client.post(reverse(f"accounts:{page}")).status_code == 422

    ada.refresh_from_db()
    assert (ada.full_name, ada.time_zone, ada.appearance) == ("Ada Lovelace", "Asia/Tokyo", "dark")
