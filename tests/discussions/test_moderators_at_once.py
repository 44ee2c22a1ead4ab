"""Two moderators, one act."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from discussions.models import Act
from discussions.moderation import acts as moderation_acts
from discussions.moderation.acts import AlreadyDoneError
from tests.builders import make_user
from tests.discussions.builders import make_comment, make_report

WHY = "It was advertising."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["hide", "warn", "dismiss"])
def test_moderators_at_the_same_moment_do_it_once(act, monkeypatch):
    look = moderation_acts._not_undone

    def look_and_wait(acts):
        found = look(acts)
        time.sleep(0.2)  # long enough for the others to look as well
        return found

    monkeypatch.setattr(moderation_acts, "_not_undone", look_and_wait)
    comment = make_comment()
    report = make_report(comment)
    moderators = [make_user(is_moderator=True) for _ in range(4)]
    about = {
        "hide": {"comment": comment},
        "warn": {"member": comment.author},
        "dismiss": {"report": report},
    }[act]

    def press(moderator):
        try:
            getattr(moderation_acts, act)(moderator=moderator, reason=WHY, **about)
        except AlreadyDoneError:
            return "already"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(press, moderators))

    assert answers == ["already"] * 3 + ["done"]
    assert Act.objects.count() == 1
