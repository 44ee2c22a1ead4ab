from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from discussions.models import Act, Appeal, Thread
from discussions.moderation import acts as moderation_acts
from discussions.moderation import log
from tests.builders import make_user
from tests.discussions.builders import make_act, make_appeal, make_comment, make_report

pytestmark = pytest.mark.django_db

LOG = "/moderation/log"


@pytest.fixture
def moderator(db):
    return make_user("mia", is_moderator=True)


def client_for(user):
    client = Client()
    client.force_login(user)
    return client


def private_act(**fields):
    act = make_act(**fields)
    Thread.objects.filter(pk=act.thread_id).update(paper=None)
    return act


def test_the_log_says_what_was_done_by_whom_where_and_why(client, moderator):
    comment = make_comment()
    moderation_acts.hide(comment=comment, moderator=moderator, reason="It was advertising.")

    page = client.get(LOG).content.decode()

    for shown in ("Hid a comment", "mia", "It was advertising.", comment.thread.paper.title):
        assert shown in page
    assert comment.get_absolute_url() in page


def test_the_log_hides_the_reporter_the_report_the_note_and_the_text(client, moderator):
    comment = make_comment(text="Private words.", author=make_user("author"))
    make_report(comment, reporter=make_user("rita"), note="He lies.")
    act = moderation_acts.hide(comment=comment, moderator=moderator, reason="No.", note="Our note.")
    make_appeal(act, text="My plea.")

    for url in (LOG, act.get_absolute_url()):
        page = client.get(url).content.decode()
        for hidden in ("rita", "He lies.", "Our note.", "My plea.", "Private words."):
            assert hidden not in page


def test_a_dismissal_tells_nobody_what_was_reported(client, moderator):
    comment = make_comment(text="Private words.", author=make_user("author"))
    report = make_report(comment)
    act = moderation_acts.dismiss(report=report, moderator=moderator, reason="It is fine.")

    for reader in (client, client_for(comment.author)):
        for url in (LOG, act.get_absolute_url()):
            page = reader.get(url).content.decode()
            assert "It is fine." in page
            for hidden in (comment.thread.paper.external_id, "Private words.", "<dt>Concerns"):
                assert hidden not in page


def test_whom_a_suspension_or_a_warning_concerns_is_theirs_to_tell(client, moderator):
    comment = make_comment(author=make_user("author"))
    until = timezone.now() + timedelta(days=7)
    moderation_acts.warn(
        member=comment.author, comment=comment, moderator=moderator, reason="Mind it."
    )
    moderation_acts.suspend(
        member=comment.author, moderator=moderator, until=until, reason="Enough."
    )

    for url in [LOG, *(act.get_absolute_url() for act in Act.objects.all())]:
        page = client.get(url).content.decode()
        assert "author" not in page.replace("authors", "")
        assert comment.get_absolute_url() not in page


def test_acts_in_a_thread_that_the_reader_may_not_read_are_not_there(client, member_client):
    act = private_act(reason="Secret matter.")

    for reader in (client, member_client):
        assert "Secret matter." not in reader.get(LOG).content.decode()
        assert reader.get(act.get_absolute_url()).status_code == 404


def test_acts_in_a_private_thread_are_there_for_its_readers(member, club):
    make_act(make_comment(thread=club.thread), reason="Secret matter.")

    page = client_for(member).get(LOG).content.decode()

    assert "Secret matter." in page
    assert "The &lt;club&gt;</a>" in page


def test_the_member_concerned_and_moderators_read_a_private_act(moderator):
    act = private_act()

    for reader in (act.member, moderator):
        assert client_for(reader).get(act.get_absolute_url()).status_code == 200


def test_the_log_is_read_by_kind(client):
    make_act(kind="hide", reason="About hiding.")
    make_act(kind="warn", reason="About warning.")

    page = client.get(f"{LOG}?kind=warn").content.decode()

    assert "About warning." in page
    assert "About hiding." not in page


@pytest.mark.parametrize("query", ["kind=x", "before=x", "before=-1", "before=" + "9" * 30])
def test_a_part_that_the_log_has_not_is_404(client, query):
    assert client.get(f"{LOG}?{query}").status_code == 404


def test_the_log_goes_on_page_by_page(client, monkeypatch):
    monkeypatch.setattr(log, "PAGE_SIZE", 2)
    acts = [make_act() for _ in range(3)]

    page = client.get(LOG)
    rest = client.get(page.context["older_url"]).context["page"]

    assert [entry.act for entry in page.context["page"].entries] == [acts[2], acts[1]]
    assert [entry.act for entry in rest.entries] == [acts[0]]
    assert rest.older is None


def test_a_long_log_costs_no_more_queries_than_a_short_one(client, count_queries):
    make_appeal(make_act())
    short = count_queries(lambda: client.get(LOG))
    for _ in range(5):
        act = make_act()
        make_appeal(act)
        make_act(act.comment, kind="unwarn", undoes=act)

    assert count_queries(lambda: client.get(LOG)) == short
    assert short <= 3


def test_an_undone_act_says_so_and_leads_to_what_undid_it(client, moderator):
    comment = make_comment()
    act = moderation_acts.hide(comment=comment, moderator=moderator, reason="No.")
    undoing = moderation_acts.restore(comment=comment, moderator=moderator, reason="A mistake.")

    assert "Undone" in client.get(LOG).content.decode()
    page = client.get(act.get_absolute_url()).content.decode()
    assert undoing.get_absolute_url() in page


def test_the_end_of_a_suspension_is_shown(client, moderator):
    until = timezone.now() + timedelta(days=7)
    act = moderation_acts.suspend(
        member=make_user(), moderator=moderator, until=until, reason="Enough."
    )

    assert f"{until:%B %-d, %Y}" in client.get(act.get_absolute_url()).content.decode()


def test_the_member_concerned_appeals_once(moderator):
    comment = make_comment(text="My own words.")
    act = moderation_acts.hide(comment=comment, moderator=moderator, reason="No.")
    client = client_for(comment.author)
    page = client.get(act.get_absolute_url()).content.decode()
    assert "Send the appeal" in page
    assert "My own words." in page

    response = client.post(
        reverse("discussions:act_appeal", args=[act.pk]), {"text": "Look again."}, follow=True
    )

    assert "Look again." in response.content.decode()
    assert "Send the appeal" not in response.content.decode()
    assert Appeal.objects.get().text == "Look again."


def test_a_second_appeal_is_refused_in_words():
    act = make_act()
    make_appeal(act)
    url = reverse("discussions:act_appeal", args=[act.pk])

    response = client_for(act.member).post(url, {"text": "Again."})

    assert response.status_code == 422
    assert "already appealed this" in response.content.decode()


def test_an_empty_appeal_is_refused():
    act = make_act()
    url = reverse("discussions:act_appeal", args=[act.pk])

    assert client_for(act.member).post(url, {"text": " "}).status_code == 422
    assert not Appeal.objects.exists()


def test_others_are_offered_no_appeal_and_file_none(client, member_client, moderator):
    act = make_act()
    url = reverse("discussions:act_appeal", args=[act.pk])

    for reader in (client, member_client, client_for(moderator)):
        assert "Send the appeal" not in reader.get(act.get_absolute_url()).content.decode()
    assert member_client.post(url, {"text": "For them."}).status_code == 403
    assert client.post(url, {"text": "For them."}).url.startswith("/sign-in")
    assert not Appeal.objects.exists()


def test_the_answer_is_for_the_member_and_its_outcome_for_everybody(client):
    appeal = make_appeal(outcome="denied", answer="Dear author.", decided_at=timezone.now())
    url = appeal.act.get_absolute_url()

    assert "Dear author." in client_for(appeal.act.member).get(url).content.decode()
    public = client.get(url).content.decode()
    assert "Dear author." not in public
    assert "Appeal denied" in public


def test_a_suspended_member_reads_why_at_the_sign_in_and_appeals_there(client, moderator):
    from tests.accounts.flows import sign_in

    member = make_user("ada")
    until = timezone.now() + timedelta(days=7)
    moderation_acts.suspend(
        member=member, moderator=moderator, until=until, reason="Three warnings."
    )

    page = client.get(sign_in(client, "ada").url).content.decode()
    assert "Three warnings." in page
    client.post("/suspended", {"text": "There were two."})

    assert Appeal.objects.get().text == "There were two."
    assert "There were two." in client.get("/suspended").content.decode()
