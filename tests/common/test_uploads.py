"""What is larger than its address takes is refused before anything of it is read."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.groups.builders import make_group, make_meeting, make_membership

pytestmark = pytest.mark.django_db

GIGABYTE = 1_000_000_000


class Unread(io.RawIOBase):
    """A body that nobody may touch."""

    def read(self, *_):
        raise AssertionError("the body was read")


def send(client, url, length, *, body=None):
    return client.generic(
        "POST", url, content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(length), "wsgi.input": body or Unread()},
    )  # fmt: skip


def without_token(response):
    return re.sub(rb"[A-Za-z0-9]{64}", b"", response.content)


@pytest.fixture
def meeting():
    return make_meeting(make_group())


@pytest.fixture
def url(meeting):
    return reverse("groups:file_create", args=[meeting.group.slug, meeting.occurs_on])


@pytest.fixture
def browser(meeting):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_membership(meeting.group).member)
    return client


def test_a_file_of_two_gigabytes_gets_a_clear_answer_unread(browser, url):
    response = send(browser, url, 2 * GIGABYTE)

    assert response.status_code == 413
    assert "The limit is 25.0\xa0MB for a file" in response.content.decode()


def test_a_file_within_the_limit_goes_on_to_the_check_of_its_form(browser, url):
    assert send(browser, url, 20_000_000, body=io.BytesIO(b"--x--")).status_code == 403


def test_a_form_elsewhere_takes_no_large_file(browser):
    assert send(browser, reverse("papers:submit"), 20_000_000).status_code == 413


@pytest.mark.parametrize("name", ["account_login", "groups:group_list", "common:appearance"])
def test_a_visitor_sends_nothing_large_anywhere(client, name):
    assert send(client, reverse(name), GIGABYTE).status_code == 413


def test_a_lapsed_session_leads_to_the_sign_in_before_the_file_is_read(url):
    response = send(Client(enforce_csrf_checks=True), url, 20_000_000)

    assert response.status_code == 302
    assert "/sign-in" in response.url


def test_a_private_group_is_not_given_away_by_what_is_too_large(browser):
    private = make_meeting(make_group("hush", visibility="private"))
    there = reverse("groups:file_create", args=["hush", private.occurs_on])
    nowhere = there.replace("hush", "none")

    answers = [send(browser, address, GIGABYTE) for address in (there, nowhere)]

    assert [answer.status_code for answer in answers] == [413, 413]
    assert without_token(answers[0]).replace(b"hush", b"none") == without_token(answers[1])


@pytest.mark.parametrize("length", ["", "-5", "abc"])
def test_a_length_that_is_no_number_reads_as_an_empty_body(browser, url, length):
    assert send(browser, url, length).status_code == 403
