"""A real browser on the real site: Chromium, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from playwright.sync_api import Error, sync_playwright

from tests.builders import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test.testcases import LiveServerThread
    from playwright.sync_api import Browser, BrowserContext, Page

    from accounts.models import User

# Playwright's synchronous face runs an event loop in this thread; Django's guard against
# that is for servers.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


def chromium() -> str | None:
    """Return where Chromium is, or None."""
    named = os.environ.get("OCTAVO_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(autouse=True)
def _no_limits_from_before(transactional_db: None) -> None:
    """Forget the attempts of other tests: the flush after each leaves the cache's table."""
    caches["default"].clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("Chromium is not here; name it in OCTAVO_CHROMIUM.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield launched
        launched.close()


@pytest.fixture
def open_context(browser: Browser, live_server) -> Iterator[Callable[..., BrowserContext]]:
    """Open browsers of people; whatever their pages complain of fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note(message, page, complaints))

    def open_one(**options) -> BrowserContext:
        options = {"viewport": DESKTOP, "base_url": live_server.url} | options
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        context.on("page", listen)
        opened.append(context)
        return context

    yield open_one
    # Errors that a test's own script logs on the empty page do not count.
    complained = [*complaints]
    for context in opened:
        # A page sends its last requests as it is left.
        for each in context.pages:
            # One that is on its way elsewhere may refuse.
            with contextlib.suppress(Error):
                each.goto("about:blank")
        context.close()
    _wait_for_the_last_request(live_server.thread)
    assert not complained


def _wait_for_the_last_request(server: LiveServerThread) -> None:
    """Wait until the server has answered all: the tables are about to be emptied under it.

    A page that saves or asks by itself may have sent a request as it was closed.
    """
    # Connections are taken in turn: once this one is answered, none waits before it.
    with socket.create_connection((server.host, server.port)) as connection:
        connection.sendall(b"GET /static/nothing HTTP/1.0\r\n\r\n")
        while connection.recv(65536):
            pass
    for thread in threading.enumerate():
        # So Python names the thread that socketserver gives to each connection.
        if thread.name.endswith("(process_request_thread)"):
            thread.join(timeout=10)
            assert not thread.is_alive(), "A request of a page that is closed has not ended."


def _note(message, page: Page, complaints: list[str]) -> None:
    # Chromium reports every answer of 400 and more, and htmx every answer that did not come,
    # as errors of the page; tests of those look at the page themselves.
    expected = ("Failed to load resource", "htmx:sendError", "htmx:afterRequest")
    if message.type == "error" and not message.text.startswith(expected):
        complaints.append(f"{page.url}: {message.text}")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request, open_context) -> Page:
    """A visitor's page, once with JavaScript and once without."""
    return open_context(java_script_enabled=request.param).new_page()


@pytest.fixture
def scripted_page(open_context) -> Page:
    """A visitor's page, for what only JavaScript does."""
    return open_context().new_page()


def sign_in(page: Page, user: User) -> None:
    """Give the page's browser a session of the user, and stay where the page is."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/"}])


def fill_sign_in(page: Page, user: User) -> None:
    """Sign in by the form that the page shows."""
    page.get_by_label("E-mail or username").fill(user.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()
