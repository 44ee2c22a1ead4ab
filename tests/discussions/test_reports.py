from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from discussions.models import Report
from discussions.moderation import acts, reports
from discussions.moderation.reports import ReportRefusedError
from tests.builders import make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


def test_a_comment_is_reported_with_a_reason_and_a_note(member):
    comment = make_comment()

    reports.report_comment(comment=comment, reporter=member, reason="spam", note="A shop.")

    report = Report.objects.get()
    assert (report.comment, report.reporter) == (comment, member)
    assert (report.reason, report.note) == ("spam", "A shop.")


def test_a_member_is_reported(member):
    other = make_user()
    reports.report_member(member=other, reporter=member, reason="misleading")

    assert Report.objects.get().member == other


def test_reporting_twice_keeps_the_first_report(member):
    comment = make_comment()
    first = reports.report_comment(comment=comment, reporter=member, reason="spam")
    second = reports.report_comment(comment=comment, reporter=member, reason="hostile")

    assert (first.is_new, second.is_new) == (True, False)
    assert Report.objects.get().reason == "spam"


def test_once_answered_a_comment_may_be_reported_again(member):
    comment = make_comment()
    moderator = make_user(is_moderator=True)
    first = reports.report_comment(comment=comment, reporter=member, reason="spam")
    acts.dismiss(report=first.report, moderator=moderator, reason="It is fine.")

    assert reports.report_comment(comment=comment, reporter=member, reason="spam").is_new


def test_nobody_reports_themselves(member):
    with pytest.raises(ReportRefusedError):
        reports.report_comment(comment=make_comment(author=member), reporter=member, reason="spam")
    with pytest.raises(ReportRefusedError):
        reports.report_member(member=member, reporter=member, reason="spam")


@pytest.mark.parametrize("state", ["hidden_at", "taken_back_at", "held_at"])
def test_what_is_not_shown_is_not_reported(member, state):
    comment = make_comment(**{state: timezone.now()})

    with pytest.raises(ReportRefusedError):
        reports.report_comment(comment=comment, reporter=member, reason="spam")


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_make_one_report():
    comment, reporter = make_comment(), make_user()

    def press(_):
        try:
            return reports.report_comment(comment=comment, reporter=reporter, reason="spam").is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(press, range(4)))

    assert answers == [False, False, False, True]
    assert Report.objects.count() == 1
