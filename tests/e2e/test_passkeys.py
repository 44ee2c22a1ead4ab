"""Passkeys with the authenticator that Chromium keeps for tests."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.builders import PASSWORD, make_user
from tests.e2e.conftest import fill_sign_in, sign_in


@pytest.fixture
def keyed_page(scripted_page):
    """A page on a device that keeps passkeys and knows its owner's finger."""
    session = scripted_page.context.new_cdp_session(scripted_page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return scripted_page


def _confirm_password(page):
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm", exact=True).click()


def _add_passkey(page, user):
    sign_in(page, user)
    page.goto("/settings/security/passkeys/add")
    _confirm_password(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add", exact=True).click()


def test_a_passkey_is_added_and_gives_recovery_codes(keyed_page):
    _add_passkey(keyed_page, make_user())

    expect(keyed_page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    keyed_page.goto("/settings/security")
    expect(keyed_page.get_by_role("row", name="Passkeys Laptop")).to_be_visible()


def test_a_passkey_signs_in_and_leads_back(keyed_page):
    _add_passkey(keyed_page, make_user("ada"))
    expect(keyed_page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    keyed_page.context.clear_cookies()

    keyed_page.goto("/sign-in?next=/@ada")
    keyed_page.get_by_role("button", name="Use a passkey").click()

    expect(keyed_page.get_by_role("heading", level=1, name="ada")).to_be_visible()
    expect(keyed_page.get_by_role("link", name="Edit")).to_be_visible()


def test_a_passkey_is_the_second_step_after_the_password(keyed_page):
    ada = make_user("ada")
    _add_passkey(keyed_page, ada)
    expect(keyed_page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    keyed_page.context.clear_cookies()

    keyed_page.goto("/sign-in")
    fill_sign_in(keyed_page, ada)
    expect(keyed_page.get_by_role("heading", name="Two-step verification")).to_be_visible()
    keyed_page.get_by_role("button", name="Use a passkey").click()
    keyed_page.wait_for_url("**/papers")

    keyed_page.goto("/settings/security")
    expect(keyed_page.get_by_role("heading", name="Security")).to_be_visible()


def test_a_passkey_that_is_declined_says_what_else_to_do(scripted_page):
    declined = "async () => { throw new DOMException('', 'NotAllowedError') }"
    scripted_page.add_init_script(f"navigator.credentials.get = {declined}")
    scripted_page.goto("/sign-in")

    scripted_page.get_by_role("button", name="Use a passkey").click()

    expect(scripted_page.get_by_text("cancelled, or took too long")).to_be_visible()


def test_without_javascript_no_passkey_button_is_shown(open_context):
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/sign-in")

    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
