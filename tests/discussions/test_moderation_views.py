import pytest
from django.urls import reverse
from django.utils import timezone

from discussions.models import Act, Comment, Report, Revision, Thread
from discussions.moderation import acts, appeals
from discussions.moderation import page as moderation_page
from tests.builders import make_user
from tests.discussions.builders import (
    make_act,
    make_appeal,
    make_comment,
    make_report,
    make_thread,
)

pytestmark = pytest.mark.django_db

QUEUE = "/moderation"


def comment_url(comment):
    return reverse("discussions:comment_moderate", args=[comment.pk])


def member_url(member):
    return reverse("discussions:member_moderate", args=[member.username])


def press(client, url, act, reason="Because.", **data):
    return client.post(url, {"act": act, "reason": reason, **data}, follow=True)


def private_comment(**fields):
    comment = make_comment(**fields)
    Thread.objects.filter(pk=comment.thread_id).update(paper=None)
    return comment


def test_a_report_is_shown_with_all_it_takes_to_judge_it(desk_client):
    question = make_comment(text="Is it new?")
    comment = make_comment(parent=question, text="Buy watches.", author=make_user("seller"))
    make_act(make_comment(author=comment.author))
    reporter = make_user("rita")
    make_report(comment, reporter=reporter, note="He sells in every thread.")

    page = desk_client.get(QUEUE).content.decode()

    for shown in (
        question.thread.paper.title,
        "Is it new?",
        "Buy watches.",
        "@seller",
        "1 action against them",
        "rita",
        "He sells in every thread.",
        "It was spam or advertising.",
    ):
        assert shown in " ".join(page.split())


def test_many_reports_of_one_comment_are_one_item(desk_client):
    comment = make_comment()
    for _ in range(moderation_page.REPORTS_SHOWN + 2):
        make_report(comment)

    response = desk_client.get(QUEUE)

    (item,) = response.context["page"].items
    assert (item.report_count, len(item.reports)) == (12, 10)
    assert "and 2 more" in response.content.decode()


def test_the_longest_open_report_comes_first_and_pages_follow(desk_client, monkeypatch):
    monkeypatch.setattr(moderation_page, "PAGE_SIZE", 2)
    first, second, third = (make_report() for _ in range(3))
    make_report(first.comment)

    page = desk_client.get(QUEUE)
    seen = [item.judged.comment.pk for item in page.context["page"].items]
    rest = desk_client.get(page.context["next_url"]).context["page"]

    assert seen == [first.comment_id, second.comment_id]
    assert [item.judged.comment.pk for item in rest.items] == [third.comment_id]
    assert rest.after is None


@pytest.mark.parametrize("part", ["reports", "held", "appeals"])
def test_a_full_queue_costs_no_more_queries_than_a_short_one(desk_client, count_queries, part):
    def fill():
        comment = make_comment(parent=make_comment(), held_at=timezone.now())
        make_report(comment)
        make_report(member=comment.author)
        make_appeal(make_act(comment))

    def read():
        assert desk_client.get(f"{QUEUE}?show={part}").status_code == 200

    fill()
    short = count_queries(read)
    for _ in range(8):
        fill()

    assert count_queries(read) == short
    assert short <= 12


def test_the_tabs_count_what_waits(desk_client):
    report = make_report()
    make_report(report.comment)
    make_report(member=make_user())
    make_comment(held_at=timezone.now())
    make_comment(held_at=timezone.now(), hidden_at=timezone.now())
    make_appeal()

    assert moderation_page.count_open() == (2, 1, 1)
    counts = [tab["count"] for tab in desk_client.get(QUEUE).context["tabs"]]
    assert counts == [2, 1, 1]


def test_a_moderators_menu_counts_what_waits_and_a_members_asks_nothing(
    desk_client, member_client, count_queries
):
    make_report()

    assert "1 open" in desk_client.get("/about/trending").content.decode()
    moderators = count_queries(lambda: desk_client.get("/about/trending"))
    assert moderators == count_queries(lambda: member_client.get("/about/trending")) + 1


@pytest.mark.parametrize("query", ["show=all", "after=x", "after=-1", "after=" + "9" * 30])
def test_a_part_that_the_queue_has_not_is_404(desk_client, query):
    assert desk_client.get(f"{QUEUE}?{query}").status_code == 404


@pytest.mark.parametrize(("act", "kind"), [("hide", "hide"), ("spam", "spam")])
def test_one_press_in_the_queue_hides_and_leads_back_to_it(desk_client, act, kind):
    comment = make_report().comment

    response = press(desk_client, comment_url(comment), act, next=QUEUE)

    assert response.redirect_chain[-1][0] == QUEUE
    assert "Done and logged" in response.content.decode()
    assert Act.objects.get().kind == kind
    assert not Report.objects.open().exists()


def test_a_second_press_says_that_it_was_done(desk_client):
    comment = make_comment()
    for _ in range(2):
        response = press(desk_client, comment_url(comment), "hide")

    assert "This comment is already hidden." in response.content.decode()
    assert Act.objects.count() == 1


def test_no_press_leads_away_from_the_site(desk_client):
    comment = make_comment()

    response = desk_client.post(
        comment_url(comment),
        {"act": "hide", "reason": "Because.", "next": "https://elsewhere.example/"},
    )

    assert response.url == comment_url(comment)


def test_an_act_without_a_reason_is_refused_and_the_note_kept(desk_client):
    comment = make_comment()

    response = press(desk_client, comment_url(comment), "hide", reason=" ", note="My note")

    assert response.status_code == 422
    assert "Give a reason. It is public." in response.content.decode()
    assert "My note" in response.content.decode()
    assert Comment.objects.get(pk=comment.pk).is_shown


@pytest.mark.parametrize("act", ["", "explode", "suspend"])
def test_an_act_that_there_is_not_is_refused(desk_client, act):
    comment = make_comment()

    assert press(desk_client, comment_url(comment), act).status_code == 422
    assert not Act.objects.exists()


def test_a_comment_is_restored_released_and_its_author_warned(desk_client):
    comment = make_comment(held_at=timezone.now())

    for act in ("release", "hide", "restore", "warn"):
        press(desk_client, comment_url(comment), act)

    assert list(Act.objects.order_by("pk").values_list("kind", flat=True)) == [
        "release",
        "hide",
        "restore",
        "warn",
    ]


def test_a_comment_is_shown_with_its_history(desk_client):
    comment = make_comment(text="Now polite.")
    Revision.objects.create(comment=comment, number=1, text="Once rude.", written_at=timezone.now())
    make_act(comment, note="Keep an eye on it.")

    page = desk_client.get(comment_url(comment)).content.decode()

    for shown in ("Now polite.", "Once rude.", "Please keep to the paper.", "Keep an eye on it."):
        assert shown in page


def test_an_own_comment_offers_nothing_and_takes_nothing(desk_client, moderator):
    comment = make_comment(author=moderator)

    assert 'value="hide"' not in desk_client.get(comment_url(comment)).content.decode()
    response = press(desk_client, comment_url(comment), "hide")
    assert response.status_code == 422
    assert "another moderator" in response.content.decode()


def test_a_private_comment_is_there_for_moderators_once_it_is_reported(desk_client):
    comment = private_comment()
    assert desk_client.get(comment_url(comment)).status_code == 404

    make_report(comment)

    assert desk_client.get(comment_url(comment)).status_code == 200
    assert "A private thread" in desk_client.get(QUEUE).content.decode()


def test_a_thread_is_closed_and_opened(desk_client):
    thread = make_thread()
    url = reverse("discussions:thread_moderate", args=[thread.pk])
    for act, is_locked in (("lock", True), ("unlock", False)):
        desk_client.post(url, {"act": act, "reason": "Because."})
        thread.refresh_from_db()
        assert thread.is_locked is is_locked


@pytest.mark.parametrize("data", [{}, {"act": "lock"}, {"act": "hide", "reason": "x"}])
def test_closing_a_thread_in_part_of_a_form_is_refused(desk_client, data):
    thread = make_thread()
    url = reverse("discussions:thread_moderate", args=[thread.pk])

    assert desk_client.post(url, data).status_code == 422
    assert not Thread.objects.get(pk=thread.pk).is_locked


def test_a_report_is_dismissed_in_the_queue(desk_client):
    report = make_report()
    url = reverse("discussions:report_dismiss", args=[report.pk])

    response = desk_client.post(url, {"reason": "It follows the rules."}, follow=True)

    assert response.redirect_chain[-1][0] == QUEUE
    assert Act.objects.get().kind == "dismiss"
    assert not response.context["page"].items


def test_a_report_is_not_dismissed_without_a_reason(desk_client):
    report = make_report()
    url = reverse("discussions:report_dismiss", args=[report.pk])

    assert desk_client.post(url).status_code == 422
    assert Report.objects.open().exists()


@pytest.mark.parametrize(("outcome", "stands"), [("upheld", True), ("denied", False)])
def test_an_appeal_is_answered_in_the_queue(desk_client, moderator, outcome, stands):
    act = acts.hide(comment=make_comment(), moderator=moderator, reason="Off the point.")
    appeal = appeals.appeal_act(act=act, member=act.member, text="It is on the point.")
    assert "It is on the point." in desk_client.get(f"{QUEUE}?show=appeals").content.decode()

    desk_client.post(
        reverse("discussions:appeal_decide", args=[appeal.pk]),
        {"outcome": outcome, "reason": "We looked again.", "answer": "Dear author."},
    )

    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.answer) == (outcome, "Dear author.")
    assert Comment.objects.get(pk=act.comment_id).is_shown is stands


@pytest.mark.parametrize("data", [{}, {"outcome": "upheld"}, {"outcome": "x", "reason": "y"}])
def test_half_an_answer_to_an_appeal_is_refused_and_kept(desk_client, data):
    appeal = make_appeal()
    url = reverse("discussions:appeal_decide", args=[appeal.pk])

    response = desk_client.post(url, data | {"answer": "My long answer."})

    assert response.status_code == 422
    assert "My long answer." in response.content.decode()


def test_a_waiting_comment_is_let_through_from_the_queue(desk_client):
    comment = make_comment(held_at=timezone.now(), text="See my page.")
    assert "See my page." in desk_client.get(f"{QUEUE}?show=held").content.decode()

    press(desk_client, comment_url(comment), "release", next=f"{QUEUE}?show=held")

    assert Comment.objects.get(pk=comment.pk).is_shown


def test_reasons_lose_what_turns_or_hides_text(desk_client):
    comment = make_comment()

    press(desk_client, comment_url(comment), "hide", reason="a\u202eb\x01\n c\u200f")

    assert Act.objects.get().reason == "ab c"


def test_hostile_words_are_shown_as_words(desk_client):
    hostile = "<script>alert(1)</script>"
    report = make_report(note=hostile)
    act = make_act(report.comment, reason=hostile, note=hostile)
    make_appeal(act, text=hostile)

    for url in (QUEUE, f"{QUEUE}?show=appeals", comment_url(report.comment), "/moderation/log"):
        page = desk_client.get(url).content.decode()
        assert hostile not in page
        assert "&lt;script&gt;" in page
