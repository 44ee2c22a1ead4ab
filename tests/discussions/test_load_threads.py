"""Recorded trees under papers: whole, in order, once, and counted."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from discussions.comments import visibility
from discussions.models import Comment, Thread
from papers.models import Paper, PaperTally
from tests.builders import make_paper
from tests.data import data_folder
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


def row(name, parent=None, *, author="user1", created=1_000.0, body="Said.", **fields):
    fields = {"score": 1, "edited": False, "depth": 1} | fields
    return fields | {
        "id": name,
        "parent": parent,
        "author": author,
        "created": created,
        "body": body,
    }


CHAIN = [
    row("a", author="user1", created=1_000.0, body="A *question*."),
    row("b", "a", author="user2", created=1_060.0, body="An answer."),
    row("c", "b", author="user1", created=1_120.0, body="Thanks."),
    row("d", author="user3", created=1_180.0, body="Something else."),
]


@pytest.fixture
def file_of(tmp_path):
    def write(tree, *more, name="threads.jsonl"):
        threads = [{"thread": f"t{n}", "tree": each} for n, each in enumerate([tree, *more])]
        (tmp_path / name).write_text("".join(f"{json.dumps(each)}\n" for each in threads))
        return tmp_path / name

    return write


def load(file, *options):
    out = StringIO()
    call_command("load_threads", str(file), *options, stdout=out)
    return out.getvalue()


def test_a_tree_comes_in_whole(file_of):
    paper = make_paper()

    load(file_of(CHAIN))

    found = Comment.objects.filter(thread__paper=paper).order_by("pk")
    assert [(each.text, each.depth) for each in found] == [
        ("A *question*.", 0),
        ("An answer.", 1),
        ("Thanks.", 2),
        ("Something else.", 0),
    ]
    assert [each.root_id for each in found] == [None, found[0].pk, found[0].pk, None]
    assert found[2].parent_id == found[1].pk


def test_counts_are_exact(file_of):
    paper = make_paper()

    load(file_of(CHAIN))

    assert Thread.objects.get().comment_count == 4
    assert PaperTally.objects.get(paper=paper).comment_count == 4
    assert not visibility.recount()


def test_times_keep_their_order_and_distance_and_end_now(file_of):
    make_paper()

    load(file_of(CHAIN))

    times = list(Comment.objects.order_by("pk").values_list("created_at", flat=True))
    assert [later - times[0] for later in times] == [timedelta(minutes=n) for n in range(4)]
    assert timedelta() <= timezone.now() - times[-1] < timedelta(minutes=1)
    assert Thread.objects.get().last_comment_at == times[-1]


def test_loading_again_adds_nothing(file_of):
    make_paper()
    load(file_of(CHAIN))
    before = (set(Comment.objects.values_list("pk", flat=True)), User.objects.count())

    load(file_of(CHAIN))

    assert (set(Comment.objects.values_list("pk", flat=True)), User.objects.count()) == before
    assert not visibility.recount()


def test_each_author_is_one_member_who_cannot_sign_in(file_of):
    make_paper()

    load(file_of(CHAIN))

    assert [user.has_usable_password() for user in User.objects.all()] == [False] * 3
    asker, thanker = Comment.objects.filter(text__in=["A *question*.", "Thanks."])
    assert asker.author == thanker.author
    assert asker.author.joined_at < asker.created_at


def test_what_is_gone_keeps_its_place_and_its_replies(file_of):
    make_paper()

    load(file_of([row("a", author="[deleted]", body="[deleted]"), row("b", "a", body="Why?")]))

    gone, reply = Comment.objects.order_by("pk")
    assert (gone.author, gone.text, gone.taken_back_at is None) == (None, "", False)
    assert (reply.parent_id, Thread.objects.get().comment_count) == (gone.pk, 1)


def test_what_would_be_refused_keeps_its_place_without_its_text(file_of):
    make_paper()

    load(file_of([row("a", body="x" * 10_001), row("b", "a")]))

    assert Comment.objects.order_by("pk").first().text == ""


def test_the_html_is_the_renderer_s(file_of):
    make_paper()

    load(file_of(CHAIN))

    assert "<em>question</em>" in Comment.objects.order_by("pk").first().html


def test_votes_follow_the_score(file_of):
    make_paper()
    tree = [row("a", score=2), row("b", author="user2", score=-5), row("c", author="user3")]

    load(file_of(tree))

    counts = Comment.objects.order_by("pk").values_list("vote_count", flat=True)
    assert list(counts) == [2, 0, 1]
    assert not visibility.recount()


def test_nobody_is_told(file_of):
    make_paper()

    load(file_of(CHAIN))

    assert not Comment.objects.filter(notified_at=None).exists()


def test_each_thread_goes_to_a_paper_without_comments(file_of):
    make_comment()
    free = {make_paper().pk, make_paper().pk}

    load(file_of(CHAIN, [row("a")]))

    threads = Thread.objects.filter(comments__text__in=["Said.", "Thanks."])
    assert {thread.paper_id for thread in threads} == free


def test_threads_without_a_paper_are_counted(file_of):
    make_paper()

    assert "1 threads not loaded" in load(file_of(CHAIN, [row("a")]))


def test_a_chosen_thread_goes_to_the_chosen_paper(file_of):
    make_paper()
    make_paper("2401.12345")

    load(file_of(CHAIN, [row("a")]), "--paper", "2401.12345", "--thread", "t1")

    assert Comment.objects.get().thread.paper.external_id == "2401.12345"


def test_a_tree_grows_by_repeating_itself_into_the_past(file_of):
    make_paper()

    load(file_of(CHAIN), "--grow", "11")

    found = list(Comment.objects.order_by("pk"))
    assert len(found) == 11
    assert [each.created_at for each in found] == sorted(each.created_at for each in found)
    assert found[-1].text == "Something else."
    assert not visibility.recount()


def test_a_tree_that_grew_grows_on(file_of):
    make_paper()
    # In the second copy "b" is there, and "c" is not.
    load(file_of(CHAIN), "--grow", "6")

    load(file_of(CHAIN), "--grow", "12")

    assert Comment.objects.count() == 12
    assert not visibility.recount()


def test_a_packed_file_is_read_too(file_of, tmp_path):
    make_paper()
    packed = tmp_path / "threads.jsonl.gz"
    packed.write_bytes(gzip.compress(file_of(CHAIN).read_bytes()))

    load(packed, "--limit", "1")

    assert Comment.objects.count() == 4


@pytest.mark.parametrize("content", ["no json", "{}", "[]", '{"thread": "a", "tree": [{}]}'])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    (tmp_path / "threads.jsonl").write_text(content)

    with pytest.raises(CommandError, match="no file of threads"):
        load(tmp_path / "threads.jsonl")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="no file of threads"):
        load(tmp_path / "absent.jsonl")


def test_a_paper_that_is_not_there_is_refused(file_of):
    with pytest.raises(CommandError, match=r"no paper 2401\.00001"):
        load(file_of(CHAIN), "--paper", "2401.00001")


def test_a_real_site_takes_no_recorded_threads(file_of, settings):
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="in development only"):
        load(file_of(CHAIN))


def test_a_real_thread_of_hundreds_comes_in_exactly():
    file = data_folder("discussions") / "threads.jsonl.gz"
    make_paper()

    load(file, "--thread", "3hahrw")

    assert Comment.objects.count() == 541
    # Their files count depth from 1.
    assert Comment.objects.order_by("-depth").first().depth == 11
    assert not visibility.recount()
    assert Paper.objects.get().tally.comment_count == Thread.objects.get().comment_count
