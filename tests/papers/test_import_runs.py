from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db.models.functions import Now

from papers import import_days, import_runs
from papers.clients.errors import RefusedError
from papers.models import ImportRun, Paper, PaperTally
from papers.sources.huggingface import HUGGINGFACE_DAILY
from tests.papers.conftest import entry
from tests.replay.faults import Fault

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY = date(2026, 11, 17), date(2026, 11, 18)
SATURDAY, MONDAY = date(2026, 11, 14), date(2026, 11, 16)
State = ImportRun.State


@pytest.fixture(autouse=True)
def _wednesday_noon():
    with time_machine.travel(datetime(2026, 11, 18, 12, tzinfo=UTC), tick=True):
        yield


def make_run(day: date = TUESDAY, **fields) -> ImportRun:
    fields = {"source": "huggingface", "due_at": Now()} | fields
    return ImportRun.objects.create(day=day, **fields)


def seconds_until_due(run: ImportRun) -> float:
    now = ImportRun.objects.filter(pk=run.pk).values_list(Now(), flat=True).get()
    return (run.due_at - now).total_seconds()


def perform_when_due(run: ImportRun) -> ImportRun:
    ImportRun.objects.filter(pk=run.pk).update(due_at=Now())
    performed = import_runs.perform(run.pk)
    assert performed is not None
    return performed


def test_every_missed_day_is_asked_for_once(settings):
    settings.IMPORT_CATCH_UP_DAYS = 14

    assert import_days.ask_for_missing_days() == 15
    assert import_days.ask_for_missing_days() == 0
    days = ImportRun.objects.order_by("day").values_list("day", flat=True)
    assert (days.first(), days.last()) == (date(2026, 11, 4), WEDNESDAY)


def test_after_a_long_outage_every_day_since_is_asked_for(settings):
    settings.IMPORT_CATCH_UP_DAYS = 14
    make_run(date(2026, 8, 31), asked_at=datetime(2026, 8, 31, 8, tzinfo=UTC))

    import_days.ask_for_missing_days()

    days = ImportRun.objects.order_by("day").values_list("day", flat=True)
    assert list(days[:2]) == [date(2026, 8, 31), date(2026, 9, 1)]
    assert len(days) == (WEDNESDAY - date(2026, 8, 31)).days + 1


def test_a_day_fetched_as_history_is_no_beginning(settings):
    settings.IMPORT_CATCH_UP_DAYS = 14
    make_run(date(2024, 5, 27), asked_at=datetime(2026, 11, 1, tzinfo=UTC))

    assert import_days.ask_for_missing_days() == 15


def test_arxiv_is_asked_for_only_where_categories_are_named(settings):
    settings.ARXIV_CATEGORIES = ["cs.CL"]
    import_days.ask_for_missing_days()

    assert ImportRun.objects.filter(source="arxiv").count() == 15


def test_changes_are_asked_for_since_the_first_paper(feed):
    feed.save(TUESDAY, entry("2611.00001"))
    import_runs.perform(make_run().pk)
    Paper.objects.update(created_at=datetime(2026, 11, 16, tzinfo=UTC))

    import_days.ask_for_missing_days()

    changes = ImportRun.objects.filter(source="arxiv-changes").order_by("day")
    assert [run.day for run in changes] == [MONDAY, TUESDAY, WEDNESDAY]


def test_a_day_is_imported_and_done(feed):
    feed.save(TUESDAY, entry("2611.00001"), entry("2611.00002"))

    run = import_runs.perform(make_run().pk)

    assert (run.state, run.created_count, run.error) == (State.DONE, 2, "")
    assert set(Paper.objects.values_list("announced_on", flat=True)) == {TUESDAY}


def test_a_malformed_entry_is_skipped_with_its_reason(feed):
    feed.save(TUESDAY, entry("2611.00001"), entry("not-an-id"), entry("2611.00003", title=None))

    run = import_runs.perform(make_run().pk)

    assert (run.state, run.created_count, run.skipped_count) == (State.DONE, 1, 2)
    assert run.skipped[0]["entry"] == "not-an-id"
    assert all(each["reason"] for each in run.skipped)


def test_a_day_without_one_usable_entry_is_a_malformed_answer(feed):
    feed.save(TUESDAY, entry("not-an-id"))

    run = import_runs.perform(make_run().pk)

    assert (run.state, run.attempts) == (State.WAITING, 1)
    assert "None of the entries" in run.error


def test_today_is_asked_for_again_within_the_hour(feed):
    feed.save(WEDNESDAY, entry("2611.00001"))
    run = import_runs.perform(make_run(WEDNESDAY).pk)
    assert run.state == State.WAITING
    assert 3500 < seconds_until_due(run) <= 3600

    feed.save(WEDNESDAY, entry("2611.00001"), entry("2611.00002"))
    run = perform_when_due(run)
    assert (run.state, run.created_count, run.unchanged_count) == (State.WAITING, 2, 1)


def test_an_unchanged_list_is_not_read_again(feed):
    feed.save(WEDNESDAY, entry("2611.00001"))
    run = import_runs.perform(make_run(WEDNESDAY).pk)

    run = perform_when_due(run)

    assert feed.answers["304"] == 1
    assert (run.state, run.created_count) == (State.WAITING, 1)


def test_today_is_final_once_it_is_over(feed):
    feed.save(WEDNESDAY, entry("2611.00001"))
    run = import_runs.perform(make_run(WEDNESDAY).pk)

    with time_machine.travel(datetime(2026, 11, 19, 3, 1, tzinfo=UTC)):
        run = perform_when_due(run)

    assert run.state == State.DONE


def test_an_empty_working_day_is_asked_for_again_while_it_lasts(feed):
    run = make_run(WEDNESDAY)
    for _ in range(4):
        run = perform_when_due(run)

    assert (run.state, run.attempts, run.empty_count) == (State.WAITING, 0, 0)


def test_an_empty_working_day_is_believed_only_the_third_time(feed):
    run = make_run(TUESDAY)
    states = [perform_when_due(run).state for _ in range(3)]

    assert states == [State.WAITING, State.WAITING, State.EMPTY]


def test_an_empty_weekend_is_empty_at_once(feed):
    assert import_runs.perform(make_run(SATURDAY).pk).state == State.EMPTY


def test_an_answer_that_lost_its_papers_is_a_fault(feed):
    feed.save(WEDNESDAY, entry("2611.00001"))
    run = import_runs.perform(make_run(WEDNESDAY).pk)

    feed.fail(Fault.EMPTY)
    run = perform_when_due(run)

    assert (run.state, run.attempts) == (State.WAITING, 1)
    assert Paper.objects.count() == 1


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.PAGE])
def test_a_malformed_answer_is_given_up_after_five_times(feed, fault):
    feed.save(TUESDAY, entry("2611.00001"))
    feed.fail(*[fault] * 5)
    run = make_run()
    states = [perform_when_due(run).state for _ in range(5)]

    run.refresh_from_db()
    assert states == [State.WAITING] * 4 + [State.DEAD]
    assert run.attempts == 5
    assert run.error.startswith("Hugging Face sent")


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.AWAY, Fault.RESET, Fault.TOO_MANY_SILENT])
def test_a_service_that_is_away_is_waited_for_without_giving_up(feed, fault):
    feed.save(TUESDAY, entry("2611.00001"))
    feed.fail(*[fault] * 7)
    run = make_run()
    states = {perform_when_due(run).state for _ in range(7)}
    run.refresh_from_db()
    assert (states, run.attempts, run.away_count) == ({State.WAITING}, 0, 7)
    assert run.error

    run = perform_when_due(run)
    assert (run.state, run.away_count, run.error) == (State.DONE, 0, "")


def test_a_retry_after_is_kept_to_and_for_the_other_days_too(feed):
    feed.save(TUESDAY, entry("2611.00001"))
    feed.server.limit._used, feed.server.limit._quota = 1, 1

    run = import_runs.perform(make_run().pk)
    other = import_runs.perform(make_run(MONDAY).pk)

    assert 290 < seconds_until_due(run) < 310
    assert feed.answers["429"] == 1
    assert "may be asked again" in other.error


def test_pauses_grow_and_differ():
    pauses = [[import_runs._pause(n).total_seconds() for _ in range(9)] for n in (1, 2, 3)]

    assert max(pauses[0]) < min(pauses[1]) * 2 < min(pauses[2]) * 2.5
    assert len(set(pauses[0])) == 9
    assert import_runs._pause(99) < timedelta(minutes=13)


def test_what_the_client_refuses_for_good_is_given_up_at_once(monkeypatch):
    def refuse(*args, **kwargs):
        raise RefusedError("This address is not asked.")

    monkeypatch.setattr(HUGGINGFACE_DAILY, "fetch_day", refuse)
    run = import_runs.perform(make_run().pk)

    assert (run.state, run.error) == (State.DEAD, "This address is not asked.")


def test_a_dead_run_of_a_recent_day_is_revived_after_a_while():
    run = make_run(state=State.DEAD, attempts=5, error="No.", finished_at=Now())
    import_days.ask_for_missing_days()
    run.refresh_from_db()
    assert run.state == State.DEAD

    ImportRun.objects.filter(pk=run.pk).update(finished_at=Now() - timedelta(hours=7))
    import_days.ask_for_missing_days()
    run.refresh_from_db()
    assert (run.state, run.attempts, run.error) == (State.WAITING, 0, "No.")


def test_a_day_that_is_done_is_read_again_the_next_day(feed):
    feed.save(TUESDAY, entry("2611.00001", upvotes=3))
    run = import_runs.perform(make_run().pk)
    import_days.ask_for_missing_days()
    run.refresh_from_db()
    assert run.state == State.DONE

    feed.save(TUESDAY, entry("2611.00001", upvotes=38))
    ImportRun.objects.filter(pk=run.pk).update(finished_at=Now() - timedelta(hours=25))
    import_days.ask_for_missing_days()
    run = import_runs.perform(run.pk)

    assert (run.state, run.created_count) == (State.DONE, 1)
    assert PaperTally.objects.get().external_vote_count == 38


def test_days_are_read_again_for_two_weeks_and_not_for_longer():
    long_ago = Now() - timedelta(days=3)
    runs = [
        make_run(WEDNESDAY - timedelta(days=age), state=State.DONE, finished_at=long_ago)
        for age in range(1, 17)
    ]

    import_days.ask_for_missing_days()

    waiting = ImportRun.objects.filter(state=State.WAITING, pk__in=[run.pk for run in runs])
    assert set(waiting.values_list("day", flat=True)) == {run.day for run in runs[:14]}


def test_a_feed_whose_numbers_do_not_grow_is_not_read_again():
    run = make_run(source="arxiv", state=State.DONE, finished_at=Now() - timedelta(days=3))

    import_days.ask_for_missing_days()

    run.refresh_from_db()
    assert run.state == State.DONE


def test_a_run_is_claimed_by_one_only():
    run = make_run()

    assert import_runs.claim(run.pk) is not None
    assert import_runs.claim(run.pk) is None
    assert import_runs.perform(run.pk) is None


def test_a_run_that_is_not_due_is_left_alone():
    run = make_run(due_at=Now() + timedelta(minutes=1))

    assert import_runs.claim(run.pk) is None


@pytest.mark.parametrize("state", [State.DONE, State.EMPTY, State.DEAD])
def test_a_run_that_has_ended_is_left_alone(state):
    assert import_runs.claim(make_run(state=state).pk) is None


def lose_the_worker(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_a_lost_worker_s_run_is_taken_up_when_its_lease_is_over(feed):
    feed.save(TUESDAY, entry("2611.00001"))
    run = import_runs.claim(make_run().pk)
    lose_the_worker(run)

    assert import_runs.sweep() == 1
    run.refresh_from_db()
    assert (run.state, run.claim_count) == (State.DONE, 2)


def test_a_run_that_loses_its_worker_five_times_is_given_up():
    run = make_run()
    for _ in range(5):
        assert import_runs.claim(run.pk) is not None
        lose_the_worker(run)

    assert import_runs.claim(run.pk) is None
    run.refresh_from_db()
    assert (run.state, run.error) == (State.DEAD, "Its worker was lost 5 times in a row.")


def test_a_worker_that_lost_its_claim_writes_nothing(feed, monkeypatch):
    feed.save(TUESDAY, entry("2611.00001"))
    run = make_run()
    fetch = HUGGINGFACE_DAILY.fetch_day

    def slowly(*args, **kwargs):
        batch = fetch(*args, **kwargs)
        lose_the_worker(run)
        assert import_runs.claim(run.pk) is not None
        return batch

    monkeypatch.setattr(HUGGINGFACE_DAILY, "fetch_day", slowly)
    import_runs.perform(run.pk)

    run.refresh_from_db()
    assert (run.state, run.claim_count, run.created_count) == (State.RUNNING, 2, 0)
    assert not Paper.objects.exists()


def test_papers_and_the_run_s_end_stand_or_fall_together(feed, monkeypatch):
    feed.save(TUESDAY, entry("2611.00001"))

    def fail(*args, **kwargs):
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(import_runs, "_counted", fail)
    run = import_runs.perform(make_run().pk)

    assert (run.state, run.attempts) == (State.WAITING, 1)
    assert run.error == "RuntimeError: The disk is full."
    assert not Paper.objects.exists()


def test_a_sweep_takes_the_newest_day_first_and_all_of_them(feed):
    for day in (MONDAY, TUESDAY):
        feed.save(day, entry(f"2611.000{day.day}"))
        make_run(day)

    assert (import_runs.sweep(), import_runs.sweep()) == (2, 0)
    newest, oldest = ImportRun.objects.order_by("-day")
    assert newest.finished_at < oldest.finished_at


def test_a_sweep_leaves_a_service_alone_that_refuses_three_times(feed):
    feed.fail(*[Fault.AWAY] * 9)
    for day in range(2, 7):
        make_run(date(2026, 11, day))

    import_runs.sweep()

    assert feed.answers["503"] == import_runs.REFUSALS_A_SWEEP


def test_running_again_starts_from_nothing(feed):
    feed.save(TUESDAY, entry("2611.00001"))
    run = import_runs.perform(make_run().pk)

    assert import_runs.run_again(run)
    run = import_runs.perform(run.pk)

    assert (run.state, run.created_count, run.unchanged_count) == (State.DONE, 0, 1)


def test_a_run_that_somebody_is_at_is_not_run_again():
    run = import_runs.claim(make_run().pk)

    assert not import_runs.run_again(run)
