"""What readers are told of a thread that a moderator closed."""

from __future__ import annotations

import pytest

from discussions.moderation import acts
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread():
    return make_comment().thread


def page_of(client, thread):
    return client.get(f"/papers/{thread.paper.external_id}").content.decode()


def test_a_closed_thread_gives_the_reason_and_leads_to_the_log(client, thread, moderator):
    act = acts.lock(thread=thread, moderator=moderator, reason="Asked & <b>answered</b>.")

    page = page_of(client, thread)

    assert "Asked &amp; &lt;b&gt;answered&lt;/b&gt;." in page
    assert f'href="/moderation/acts/{act.pk}"' in page


def test_a_thread_closed_again_gives_the_later_reason(client, thread, moderator):
    acts.lock(thread=thread, moderator=moderator, reason="Heated.")
    acts.unlock(thread=thread, moderator=moderator, reason="Calm again.")
    acts.lock(thread=thread, moderator=moderator, reason="Heated once more.")

    page = page_of(client, thread)

    assert "Heated once more." in page
    assert "Heated." not in page


def test_a_thread_that_is_open_again_gives_none(client, thread, moderator):
    acts.lock(thread=thread, moderator=moderator, reason="Heated.")
    acts.unlock(thread=thread, moderator=moderator, reason="Calm again.")

    assert "Heated." not in page_of(client, thread)


def test_a_closed_thread_takes_no_words(client, member_client, thread, moderator):
    acts.lock(thread=thread, moderator=moderator, reason="Heated.")

    for reader in (client, member_client):
        page = page_of(reader, thread)
        assert "A moderator closed this thread" in page
        assert "/reply" not in page
        assert 'id="write"' not in page
