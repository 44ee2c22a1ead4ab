from email.message import EmailMessage

import pytest
from django.core import mail
from django.core.mail.backends.filebased import EmailBackend

from devtools import mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path
    return tmp_path


def _send(folder, *messages: mail.EmailMessage) -> None:
    EmailBackend(file_path=str(folder)).send_messages(list(messages))


def test_an_empty_mailbox_says_what_to_do(client, folder):
    assert "None yet" in client.get("/mail/").content.decode()


def test_a_folder_that_is_not_there_is_an_empty_mailbox(client, settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path / "absent"

    assert client.get("/mail/").status_code == 200


def test_a_mail_is_listed_and_shown(client, folder):
    _send(folder, mail.EmailMessage("Grüße", "Your code is BCDF-GHJK", "a@x.org", ["b@x.org"]))

    listed = client.get("/mail/").content.decode()
    assert "Grüße" in listed
    key = mailbox.read_mails()[0].key
    assert "BCDF-GHJK" in client.get(f"/mail/{key}").content.decode()


def test_the_newest_mail_comes_first(folder):
    first = mail.EmailMessage("first", "", "a@x.org", ["b@x.org"])
    second = mail.EmailMessage("second", "", "a@x.org", ["b@x.org"])
    _send(folder, first, second)

    assert [one.subject for one in mailbox.read_mails()] == ["second", "first"]


def test_markup_in_a_mail_stays_text(client, folder):
    message = mail.EmailMultiAlternatives("<b>x", "<script>1", "a@x.org", ["b@x.org"])
    message.attach_alternative("<img src=x onerror=alert(1)>", "text/html")
    _send(folder, message)

    key = mailbox.read_mails()[0].key
    html = client.get(f"/mail/{key}").content.decode()
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror" in html
    assert "<script>1" not in html


def test_a_mail_that_is_broken_does_not_close_the_mailbox(client, folder):
    (folder / "broken.log").write_bytes(b"\xff\x00 no header\n\n" + b"-" * 79 + b"\n")
    message = EmailMessage()
    message["Subject"] = "fine"
    (folder / "fine.log").write_bytes(bytes(message))

    assert "fine" in client.get("/mail/").content.decode()


@pytest.mark.parametrize("key", ["nothing", "..%2f..%2fetc%2fpasswd", "20261122-1"])
def test_no_key_names_another_file(client, folder, key):
    assert client.get(f"/mail/{key}").status_code == 404
