from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.suspensions.suspensions import AppealRefusedError
from discussions.models import Act, Appeal, Comment, Notification
from discussions.moderation import acts, appeals
from discussions.moderation.acts import ActRefusedError, AlreadyDoneError
from papers.voting import cast_vote
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_act, make_appeal, make_comment, make_comment_vote

pytestmark = pytest.mark.django_db

WHY = "You were right."


@pytest.fixture
def moderator(db):
    return make_user(is_moderator=True)


@pytest.fixture
def hiding(moderator):
    return acts.hide(comment=make_comment(), moderator=moderator, reason="Off the point.")


def uphold(act, moderator):
    appeal = appeals.appeal_act(act=act, member=act.member, text="Please look again.")
    return appeals.decide(appeal=appeal, moderator=moderator, outcome="upheld", reason=WHY)


def test_the_member_concerned_appeals(hiding):
    appeals.appeal_act(act=hiding, member=hiding.member, text="Please look again.")

    assert Appeal.objects.get().text == "Please look again."
    assert not appeals.may_appeal(act=hiding, member=hiding.member)


def test_an_act_is_appealed_against_once(hiding):
    appeals.appeal_act(act=hiding, member=hiding.member, text="First.")

    with pytest.raises(AppealRefusedError, match="already"):
        appeals.appeal_act(act=hiding, member=hiding.member, text="Second.")

    assert Appeal.objects.get().text == "First."


def test_nobody_else_appeals(hiding, member):
    assert not appeals.may_appeal(act=hiding, member=member)
    with pytest.raises(AppealRefusedError):
        appeals.appeal_act(act=hiding, member=member, text="For them.")


def test_what_was_undone_needs_no_appeal(hiding, moderator):
    acts.restore(comment=hiding.comment, moderator=moderator, reason="A mistake.")

    with pytest.raises(AppealRefusedError, match="undone"):
        appeals.appeal_act(act=hiding, member=hiding.member, text="Please.")


@pytest.mark.parametrize("kind", ["restore", "release", "dismiss", "deny-appeal"])
def test_there_is_no_appeal_against_what_harms_nobody(kind):
    act = make_act(kind=kind)

    assert not appeals.may_appeal(act=act, member=act.member)


def test_an_upheld_appeal_restores_the_comment_and_names_the_act(hiding, moderator):
    uphold(hiding, moderator)

    assert Comment.objects.get(pk=hiding.comment_id).is_shown
    assert Act.objects.get(kind="restore").undoes == hiding


def test_an_upheld_appeal_ends_the_suspension(moderator):
    act = acts.suspend(
        member=make_user(),
        moderator=moderator,
        until=timezone.now() + timedelta(days=7),
        reason="Enough.",
    )

    uphold(act, moderator)

    assert not User.objects.get(pk=act.member_id).is_suspended
    assert act.undone_by.kind == "lift"


def test_an_upheld_appeal_takes_the_warning_back(moderator):
    act = acts.warn(member=make_user(), moderator=moderator, reason="Mind your words.")

    uphold(act, moderator)

    assert act.undone_by.kind == "unwarn"


def test_an_upheld_appeal_lets_the_votes_count_again(moderator):
    voter, paper = make_user(), make_paper()
    cast_vote(paper=paper, member=voter)
    make_comment_vote(make_comment(), voter)
    act = acts.void_votes(member=voter, moderator=moderator, reason="A ring.")

    uphold(act, moderator)

    paper.tally.refresh_from_db()
    assert paper.tally.vote_count == 1


def test_an_appeal_is_upheld_even_if_the_act_was_undone_meanwhile(hiding, moderator):
    appeal = appeals.appeal_act(act=hiding, member=hiding.member, text="Please.")
    acts.restore(comment=hiding.comment, moderator=moderator, reason="A mistake.")

    appeals.decide(appeal=appeal, moderator=moderator, outcome="upheld", reason=WHY)

    appeal.refresh_from_db()
    assert appeal.outcome == "upheld"
    assert Act.objects.filter(kind="restore").count() == 1


def test_an_upheld_appeal_leaves_what_was_done_since_for_another_reason(hiding, moderator):
    appeal = appeals.appeal_act(act=hiding, member=hiding.member, text="Please.")
    acts.restore(comment=hiding.comment, moderator=moderator, reason="A mistake.")
    again = acts.hide(comment=hiding.comment, moderator=moderator, reason="An address.")

    appeals.decide(appeal=appeal, moderator=moderator, outcome="upheld", reason=WHY)

    assert Comment.objects.get().hidden_at is not None
    assert not Act.objects.filter(undoes=again).exists()


def test_an_appeal_against_a_suspension_that_ran_out_ends_no_later_one(moderator, time_machine):
    member, now = make_user(), timezone.now()
    words = {"member": member, "moderator": moderator, "reason": "Insults."}
    first = acts.suspend(until=now + timedelta(days=1), **words)
    appeal = appeals.appeal_act(act=first, member=member, text="Please.")
    time_machine.move_to(now + timedelta(days=2))
    acts.suspend(until=now + timedelta(days=9), **words)

    appeals.decide(appeal=appeal, moderator=moderator, outcome="upheld", reason=WHY)

    assert User.objects.get(pk=member.pk).is_suspended


def test_a_denied_appeal_leaves_the_act_and_is_in_the_record(hiding, moderator):
    appeal = appeals.appeal_act(act=hiding, member=hiding.member, text="Please.")

    appeals.decide(
        appeal=appeal, moderator=moderator, outcome="denied", reason="It stays.", answer="Sorry."
    )

    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.answer, appeal.decided_by) == ("denied", "Sorry.", moderator)
    assert not Comment.objects.get(pk=hiding.comment_id).is_shown
    assert Act.objects.get(kind="deny-appeal").reason == "It stays."


@pytest.mark.parametrize("outcome", ["upheld", "denied"])
def test_the_member_is_told_of_the_answer(hiding, moderator, outcome):
    appeal = appeals.appeal_act(act=hiding, member=hiding.member, text="Please.")
    Notification.objects.all().delete()

    appeals.decide(appeal=appeal, moderator=moderator, outcome=outcome, reason=WHY)

    assert Notification.objects.get().recipient == hiding.member


def test_an_appeal_is_decided_once(hiding, moderator):
    appeal = appeals.appeal_act(act=hiding, member=hiding.member, text="Please.")
    appeals.decide(appeal=appeal, moderator=moderator, outcome="denied", reason="It stays.")

    with pytest.raises(AlreadyDoneError):
        appeals.decide(appeal=appeal, moderator=moderator, outcome="upheld", reason=WHY)

    assert Appeal.objects.get().outcome == "denied"


@pytest.mark.parametrize("outcome", ["upheld", "denied"])
def test_nobody_decides_their_own_appeal(moderator, outcome):
    appeal = make_appeal(make_act(make_comment(author=moderator)))

    with pytest.raises(ActRefusedError, match="about you"):
        appeals.decide(appeal=appeal, moderator=moderator, outcome=outcome, reason=WHY)

    appeal.refresh_from_db()
    assert appeal.decided_at is None


def test_the_page_for_suspended_members_knows_the_act(moderator):
    member = make_user()
    record = appeals.KeptSuspensions()
    assert record.notice_for(member) is None
    until = timezone.now() + timedelta(days=7)
    acts.suspend(member=member, moderator=moderator, until=until, reason="Enough.")

    notice = record.notice_for(member)
    assert (notice.reason, notice.may_appeal) == ("Enough.", True)

    record.appeal(member, "Please.")
    notice = record.notice_for(member)
    assert (notice.may_appeal, notice.appeal, notice.is_decided) == (False, "Please.", False)


@pytest.mark.django_db(transaction=True)
def test_appeals_at_the_same_moment_make_one():
    act = make_act()

    def press(text):
        try:
            appeals.appeal_act(act=act, member=act.member, text=text)
        except AppealRefusedError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, "abcd")) == 1

    assert Appeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_moderators_at_the_same_moment_decide_once():
    appeal = make_appeal()
    moderators = [make_user(is_moderator=True) for _ in range(4)]

    def press(moderator):
        try:
            appeals.decide(appeal=appeal, moderator=moderator, outcome="denied", reason="No.")
        except AlreadyDoneError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, moderators)) == 1
