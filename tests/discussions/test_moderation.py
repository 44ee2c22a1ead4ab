from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from discussions.comments import visibility
from discussions.models import Act, Comment, CommentVote, Notification, Report, Thread
from discussions.moderation import acts as moderation_acts
from discussions.moderation.acts import ActRefusedError, AlreadyDoneError
from papers.models import PaperTally, Upvote
from papers.voting import cast_vote
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment, make_comment_vote, make_report, make_thread

pytestmark = pytest.mark.django_db

WHY = "It was advertising."


@pytest.fixture
def operator(db):
    return make_user(is_superuser=True, is_staff=True, is_moderator=True)


def count_of(comment):
    return Thread.objects.get(pk=comment.thread_id).comment_count


def in_a_week():
    return timezone.now() + timedelta(days=7)


@pytest.mark.parametrize(("as_spam", "kind"), [(False, "hide"), (True, "spam")])
def test_a_comment_is_hidden_with_its_reason_and_its_record(moderator, as_spam, kind):
    comment = make_comment()

    act = moderation_acts.hide(
        comment=comment, moderator=moderator, reason=WHY, note="Third time.", as_spam=as_spam
    )

    comment.refresh_from_db()
    assert (comment.hidden_at is None, comment.hidden_reason) == (False, WHY)
    assert (act.kind, act.moderator, act.member) == (kind, moderator, comment.author)
    assert (act.comment, act.thread, act.note) == (comment, comment.thread, "Third time.")
    assert count_of(comment) == 0


def test_a_failure_to_tell_leaves_nothing_done(moderator, monkeypatch):
    comment = make_comment()

    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr(moderation_acts.notifications, "tell", fail)
    with pytest.raises(RuntimeError):
        moderation_acts.hide(comment=comment, moderator=moderator, reason=WHY)

    comment.refresh_from_db()
    assert comment.is_shown
    assert count_of(comment) == 1
    assert not Act.objects.exists()


def test_hiding_twice_is_one_act_and_says_so(moderator):
    comment = make_comment()
    moderation_acts.hide(comment=comment, moderator=moderator, reason=WHY)

    with pytest.raises(AlreadyDoneError, match="already hidden"):
        moderation_acts.hide(
            comment=comment, moderator=make_user(is_moderator=True), reason="Mine."
        )

    comment.refresh_from_db()
    assert comment.hidden_reason == WHY
    assert Act.objects.count() == 1


def test_restoring_undoes_the_hiding(moderator):
    comment = make_comment()
    hiding = moderation_acts.hide(comment=comment, moderator=moderator, reason=WHY)

    act = moderation_acts.restore(comment=comment, moderator=moderator, reason="A mistake.")

    comment.refresh_from_db()
    assert comment.is_shown
    assert act.undoes == hiding
    assert count_of(comment) == 1


def test_each_restoring_undoes_the_hiding_before_it(moderator):
    comment = make_comment()
    acts = []
    for _ in range(2):
        hiding = moderation_acts.hide(comment=comment, moderator=moderator, reason=WHY)
        restoring = moderation_acts.restore(comment=comment, moderator=moderator, reason="No.")
        acts.append((hiding, restoring.undoes))

    assert all(hiding == undone for hiding, undone in acts)


def test_what_is_not_hidden_is_not_restored(moderator):
    with pytest.raises(AlreadyDoneError):
        moderation_acts.restore(comment=make_comment(), moderator=moderator, reason=WHY)

    assert not Act.objects.exists()


def test_a_waiting_comment_is_let_through_and_its_news_is_due(
    moderator, django_capture_on_commit_callbacks, monkeypatch
):
    woken = []
    monkeypatch.setattr(moderation_acts, "wake", lambda task, pk: woken.append((task.name, pk)))
    comment = make_comment(held_at=timezone.now(), notified_at=None)

    moderation_acts.release(comment=comment, moderator=moderator, reason="Welcome.")

    comment.refresh_from_db()
    assert comment.is_shown
    assert count_of(comment) == 1
    assert woken == [("discussions.notify_of_comment", comment.pk)]


def test_a_waiting_comment_may_be_hidden_instead(moderator):
    comment = make_comment(held_at=timezone.now())

    moderation_acts.hide(comment=comment, moderator=moderator, reason=WHY)

    assert not Comment.objects.held().exists()
    assert count_of(comment) == 0


def test_a_thread_is_closed_and_opened_again(moderator):
    thread = make_thread()
    closing = moderation_acts.lock(thread=thread, moderator=moderator, reason="Too heated.")
    thread.refresh_from_db()
    assert thread.is_locked

    act = moderation_acts.unlock(thread=thread, moderator=moderator, reason="Calm again.")

    thread.refresh_from_db()
    assert not thread.is_locked
    assert act.undoes == closing


@pytest.mark.parametrize("act", ["lock", "unlock"])
def test_a_thread_is_closed_or_opened_once(moderator, act):
    thread = make_thread()
    if act == "lock":
        moderation_acts.lock(thread=thread, moderator=moderator, reason=WHY)

    with pytest.raises(AlreadyDoneError):
        getattr(moderation_acts, act)(thread=thread, moderator=moderator, reason=WHY)


def test_a_member_is_warned_once_for_a_comment(moderator):
    comment = make_comment()
    warning = {"member": comment.author, "comment": comment, "moderator": moderator}
    moderation_acts.warn(reason=WHY, **warning)

    with pytest.raises(AlreadyDoneError):
        moderation_acts.warn(reason="In other words.", **warning)


def test_a_warning_is_taken_back_once(moderator):
    member = make_user()
    warning = moderation_acts.warn(member=member, moderator=moderator, reason=WHY)
    act = moderation_acts.undo_warning(act=warning, moderator=moderator, reason="A mistake.")

    assert act.undoes == warning
    with pytest.raises(AlreadyDoneError):
        moderation_acts.undo_warning(act=warning, moderator=moderator, reason="A mistake.")


def test_a_warning_that_was_taken_back_may_be_given_again(moderator):
    member = make_user()
    warning = moderation_acts.warn(member=member, moderator=moderator, reason=WHY)
    moderation_acts.undo_warning(act=warning, moderator=moderator, reason="A mistake.")

    moderation_acts.warn(member=member, moderator=moderator, reason=WHY)

    assert Act.objects.filter(kind="warn").count() == 2


def test_a_member_is_suspended_until_a_date(moderator, member, member_client):
    until = in_a_week()

    act = moderation_acts.suspend(member=member, moderator=moderator, until=until, reason=WHY)

    assert User.objects.get(pk=member.pk).suspended_until == act.until == until
    assert member_client.get("/settings/profile").status_code == 302


def test_a_suspended_member_is_not_suspended_over_again(moderator):
    member = make_user()
    until = in_a_week()
    moderation_acts.suspend(member=member, moderator=moderator, until=until, reason=WHY)

    with pytest.raises(AlreadyDoneError, match="until"):
        moderation_acts.suspend(
            member=member, moderator=moderator, until=until + timedelta(days=1), reason=WHY
        )

    assert User.objects.get(pk=member.pk).suspended_until == until


def test_a_suspension_is_ended_and_leads_to_the_one_it_undoes(moderator):
    member = make_user()
    act = moderation_acts.suspend(member=member, moderator=moderator, until=in_a_week(), reason=WHY)

    lifting = moderation_acts.lift(member=member, moderator=moderator, reason="Enough.")

    assert lifting.undoes == act
    assert not User.objects.get(pk=member.pk).is_suspended
    with pytest.raises(AlreadyDoneError):
        moderation_acts.lift(member=member, moderator=moderator, reason="Enough.")


def test_a_suspension_ends_in_the_future(moderator):
    with pytest.raises(ActRefusedError, match="future"):
        moderation_acts.suspend(
            member=make_user(), moderator=moderator, until=timezone.now(), reason=WHY
        )


@pytest.mark.parametrize("rights", [{"is_moderator": True}, {"is_superuser": True}])
def test_only_an_operator_suspends_who_keeps_the_peace(moderator, operator, rights):
    colleague = make_user(**rights)
    suspension = {"member": colleague, "until": in_a_week(), "reason": WHY}

    with pytest.raises(ActRefusedError, match="administrator"):
        moderation_acts.suspend(moderator=moderator, **suspension)
    moderation_acts.suspend(moderator=operator, **suspension)


def test_votes_and_reactions_are_voided_and_count_again(moderator):
    voter, paper, comment = make_user(), make_paper(), make_comment()
    cast_vote(paper=paper, member=voter)
    make_comment_vote(comment, voter)
    visibility.recount()

    act = moderation_acts.void_votes(member=voter, moderator=moderator, reason="A ring of votes.")
    assert PaperTally.objects.get(paper=paper).vote_count == 0
    assert not Upvote.objects.counted().exists()
    assert not CommentVote.objects.counted().exists()

    restoring = moderation_acts.restore_votes(member=voter, moderator=moderator, reason="No ring.")
    assert PaperTally.objects.get(paper=paper).vote_count == 1
    assert Comment.objects.get(pk=comment.pk).vote_count == 1
    assert restoring.undoes == act


@pytest.mark.parametrize("act", ["void_votes", "restore_votes"])
def test_where_there_is_no_vote_to_void_nothing_is_recorded(moderator, act):
    with pytest.raises(AlreadyDoneError):
        getattr(moderation_acts, act)(member=make_user(), moderator=moderator, reason=WHY)

    assert not Act.objects.exists()


def test_a_long_reason_fits_the_votes_it_voids(moderator):
    voter = make_user()
    cast_vote(paper=make_paper(), member=voter)

    moderation_acts.void_votes(member=voter, moderator=moderator, reason="x" * 300)

    assert Act.objects.get().reason == "x" * 300


def test_an_act_about_a_comment_closes_the_reports_of_it(moderator):
    comment = make_comment()
    reports = [make_report(comment).pk for _ in range(2)]
    other = make_report()

    act = moderation_acts.hide(comment=comment, moderator=moderator, reason=WHY)

    closed = Report.objects.filter(closed_at__isnull=False, act=act)
    assert sorted(closed.values_list("pk", flat=True)) == reports
    assert Report.objects.open().get() == other


def test_an_act_about_a_member_closes_the_reports_of_them_and_of_nothing_else(moderator):
    comment = make_comment()
    of_comment = make_report(comment)
    make_report(member=comment.author)

    moderation_acts.suspend(
        member=comment.author, moderator=moderator, until=in_a_week(), reason=WHY
    )

    assert Report.objects.open().get() == of_comment


def test_a_report_is_dismissed_with_those_before_it_and_none_after(moderator):
    comment = make_comment()
    _, read, later = (make_report(comment) for _ in range(3))

    act = moderation_acts.dismiss(report=read, moderator=moderator, reason="It is fine.")

    assert Report.objects.open().get() == later
    assert act.reports.count() == 2
    assert Comment.objects.get(pk=comment.pk).is_shown


def test_a_report_is_dismissed_once(moderator):
    report = make_report()
    moderation_acts.dismiss(report=report, moderator=moderator, reason="It is fine.")

    with pytest.raises(AlreadyDoneError):
        moderation_acts.dismiss(report=report, moderator=moderator, reason="It is fine.")


def test_nobody_is_told_of_a_dismissal(moderator):
    moderation_acts.dismiss(report=make_report(), moderator=moderator, reason="It is fine.")

    assert not Notification.objects.exists()


def test_the_author_is_told_what_was_done_and_why(moderator):
    comment = make_comment()

    act = moderation_acts.hide(comment=comment, moderator=moderator, reason=WHY, note="Private.")

    told = Notification.objects.get()
    assert told.recipient == comment.author
    assert told.reasons == ["moderation"]
    assert told.summary == f"A moderator hid your comment: {WHY}"
    assert told.url == act.get_absolute_url()


@pytest.mark.parametrize("act", ["hide", "restore", "release"])
def test_nobody_moderates_their_own_comment(moderator, act):
    comment = make_comment(author=moderator, held_at=timezone.now(), hidden_at=timezone.now())

    with pytest.raises(ActRefusedError, match="about you"):
        getattr(moderation_acts, act)(comment=comment, moderator=moderator, reason=WHY)


@pytest.mark.parametrize("act", ["warn", "lift", "void_votes", "restore_votes"])
def test_nobody_moderates_themselves(moderator, act):
    with pytest.raises(ActRefusedError, match="about you"):
        getattr(moderation_acts, act)(member=moderator, moderator=moderator, reason=WHY)


def test_nobody_dismisses_a_report_about_themselves(moderator):
    for report in (make_report(make_comment(author=moderator)), make_report(member=moderator)):
        with pytest.raises(ActRefusedError, match="about you"):
            moderation_acts.dismiss(report=report, moderator=moderator, reason=WHY)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_every_act_has_a_reason_that_fits(moderator, reason):
    with pytest.raises(ActRefusedError, match="reason"):
        moderation_acts.hide(comment=make_comment(), moderator=moderator, reason=reason)


def test_a_member_moderates_nothing(member):
    with pytest.raises(ActRefusedError, match="Only moderators"):
        moderation_acts.hide(comment=make_comment(), moderator=member, reason=WHY)


def test_what_cannot_be_undone_is_not(moderator):
    act = moderation_acts.dismiss(report=make_report(), moderator=moderator, reason="Fine.")

    with pytest.raises(ActRefusedError, match="cannot be undone"):
        moderation_acts.undo(act=act, moderator=moderator, reason=WHY)
