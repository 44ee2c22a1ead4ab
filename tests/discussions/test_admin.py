import pytest
from django.test import Client

from tests.builders import make_user
from tests.discussions.builders import make_appeal, make_report

pytestmark = pytest.mark.django_db

LISTS = ["thread", "comment", "report", "act", "appeal"]


@pytest.fixture
def operator_client(db):
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True, is_moderator=True))
    return client


@pytest.mark.parametrize("model", LISTS)
def test_the_lists_are_searched_in_a_fixed_number_of_queries(operator_client, count_queries, model):
    def read():
        response = operator_client.get(f"/admin/discussions/{model}/", {"q": "1"})
        assert response.status_code == 200
        assert operator_client.get(f"/admin/discussions/{model}/").status_code == 200

    make_report(make_appeal().act.comment)
    short = count_queries(read)
    for _ in range(4):
        make_report(make_appeal().act.comment)

    assert count_queries(read) == short


@pytest.mark.parametrize("model", LISTS)
def test_nothing_is_added_changed_or_deleted_here(operator_client, model):
    appeal = make_appeal()
    report = make_report(appeal.act.comment)
    pk = {
        "thread": appeal.act.thread_id,
        "comment": appeal.act.comment_id,
        "report": report.pk,
        "act": appeal.act_id,
        "appeal": appeal.pk,
    }[model]
    url = f"/admin/discussions/{model}/{pk}/"

    assert operator_client.get(f"{url}change/").status_code == 200
    assert operator_client.post(f"{url}change/", {"reason": "x"}).status_code == 403
    assert operator_client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    assert operator_client.get(f"/admin/discussions/{model}/add/").status_code == 403
