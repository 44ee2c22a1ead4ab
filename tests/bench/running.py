"""One run of the bench, from the first request to the last count."""

from __future__ import annotations

import os
import statistics
import sys
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from discussions.models import Comment, Thread
from papers.lists.periods import day
from papers.models import Paper, PaperTally, Upvote
from tests.bench import groups, visitors, weight, work
from tests.bench.loading import Operation, measure
from tests.bench.report import BARE, ONE_ROW, Report
from tests.bench.serving import FOLDER, URL, get, running, running_site
from tests.bench.threads import SIZES, ensure_threads, remove_comments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MEMBERS = 50_000
COOKIES = FOLDER / "cookies.txt"
# Of the members of the bench's group, and of those in its live meeting.
GROUP_COOKIES, ROOM_COOKIES = FOLDER / "group-cookies.txt", FOLDER / "room-cookies.txt"
_THREADS_AS_IN_MAKE_START = 0


class Bench:
    """Measures the site in the environment that it is given."""

    def __init__(
        self, environment: Mapping[str, str], report: Report, *, say: Callable[[str], None]
    ) -> None:
        self.environment = environment
        self.report = report
        self.say = say
        self.full_day = day(visitors.full_days(1)[0])
        self.threads = ensure_threads()
        self.group = groups.ensure_group()
        self.pages = {
            "list, a day": self.full_day.url,
            "list, trending": "/papers/trending",
            "paper": f"/papers/{visitors.random_papers(1)[0].external_id}",
            **{
                f"thread of {size:,}{name}": f"/papers/{paper.external_id}{query}"
                for size, paper in self.threads.items()
                for name, query in (("", ""), (", 1,000 at once", "?all=1"))
            },
            **self._group_pages(),
        }

    def _group_pages(self) -> dict[str, str]:
        live, coming, voting = groups.present_meetings(self.group)[:3]
        self.live_news = f"{live.get_absolute_url()}/live/news"
        return {
            "group of 5,000": self.group.get_absolute_url(),
            "group, meeting": coming.get_absolute_url(),
            "group, ballot": f"{voting.get_absolute_url()}/ballot",
            "group, archive": f"{self.group.get_absolute_url()}/archive",
            "group, calendar": f"{self.group.get_absolute_url()}/calendar.ics",
        }

    def run_loads(self, servers: Sequence[tuple[str, int]], *, only: str) -> None:
        """Put load on every operation, one server after the other."""
        visitors.sign_in(MEMBERS, into=COOKIES)
        signed_in = COOKIES.read_text().splitlines(keepends=True)
        GROUP_COOKIES.write_text("".join(signed_in[: groups.MEMBERS]))
        ROOM_COOKIES.write_text("".join(signed_in[: groups.READERS]))
        began, last = timezone.now(), Comment.objects.latest("pk").pk
        try:
            for server, threads in servers:
                name = f"{server} 2x{threads}" if threads else f"{server} as in make start"
                with running_site(server, self.environment, threads) as web:
                    self._load_one(name, only, cpu=partial(weight.cpu_seconds_below, web))
                    self.report.memory[name] = weight.memory_below(web)
            self._check_votes()
        finally:
            visitors.sign_out_all()
            work.take_back_votes(since=began)
            self.report.checks["comments posted"] = f"{remove_comments(after=last):,}, removed"

    def _load_one(self, server: str, only: str, *, cpu: Callable[[], float]) -> None:
        loads = self.report.loads.setdefault(server, {})
        for operation in self._operations():
            is_floor = operation.name in {BARE, ONE_ROW}
            if only not in operation.name and not is_floor:
                continue
            self.say(f"{server}: {operation.name}")
            loads[operation.name] = measure(
                operation, url=URL, folder=FOLDER, seconds=self.report.seconds_each, cpu=cpu
            )

    def _operations(self) -> list[Operation]:
        papers = visitors.random_papers(5_000)
        paths = [f"/papers/{paper.external_id}" for paper in papers]
        # A few days old and not yet voted for by everybody.
        hot = Paper.objects.filter(announced_on=self.full_day.first).order_by("-pk")[0]
        return [
            Operation(BARE, ["/bench/bare"]),
            Operation(ONE_ROW, [f"/bench/one/{paper.pk}" for paper in papers]),
            Operation("list, a day, anonymous", [self.full_day.url]),
            Operation("list, trending, anonymous", ["/papers/trending"]),
            Operation("list, a day, signed in", [self.full_day.url], cookies=COOKIES),
            Operation("paper, anonymous", paths),
            Operation("paper, signed in", paths, cookies=COOKIES),
            Operation("vote", [f"{path}/vote" for path in paths], "POST", COOKIES, "vote=up"),
            Operation(
                "vote, one hot paper",
                [f"/papers/{hot.external_id}/vote"],
                "POST",
                COOKIES,
                "vote=up",
            ),
            *self._discussing(),
            *self._reading_together(),
        ]

    def _reading_together(self) -> list[Operation]:
        """A group's pages for visitors and members, and a meeting that 200 follow."""
        loads = []
        for name, page in self._group_pages().items():
            loads.append(Operation(name, [page]))
            loads.append(Operation(f"{name}, member", [page], cookies=GROUP_COOKIES))
        state = groups.state_of_room(self.group)
        return [
            *loads,
            Operation(
                "live, nothing new", [f"{self.live_news}?beat={state}"], cookies=ROOM_COOKIES
            ),
            Operation("live, something new", [f"{self.live_news}?beat=0"], cookies=ROOM_COOKIES),
        ]

    def _discussing(self) -> list[Operation]:
        """Threads of 1,000 and 10,000: read in part and whole, polled, and written to."""
        found = []
        for size, paper in self.threads.items():
            name, page = f"thread of {size:,}", f"/papers/{paper.external_id}"
            found += [
                Operation(f"{name}, first 50", [page]),
                Operation(f"{name}, first 50, member", [page], cookies=COOKIES),
                Operation(f"{name}, 1,000 at once", [f"{page}?all=1"]),
            ]
        thread = Thread.objects.get(paper=self.threads[SIZES[0]])
        latest = thread.comments.order_by("-pk")[0].pk
        page = f"/papers/{self.threads[SIZES[0]].external_id}"
        said = "text=A+remark+with+%24x%5E2%24+in+it.&parent=&key=KEY"
        votes = [f"/comments/{pk}/vote" for pk in thread.comments.values_list("pk", flat=True)]
        return [
            *found,
            Operation("news, nothing new", [f"/threads/{thread.pk}/news?after={latest}"]),
            Operation(
                "news, nothing new, member",
                [f"/threads/{thread.pk}/news?after={latest}"],
                cookies=COOKIES,
            ),
            Operation("comment, in one thread", [f"{page}/comments"], "POST", COOKIES, said),
            Operation("vote for a comment", votes, "POST", COOKIES, "vote=up"),
        ]

    def _check_votes(self) -> None:
        wrong = work.wrong_tallies()
        votes = Upvote.objects.count()
        self.report.checks["counters after the votes"] = (
            f"{'exact' if not wrong else f'WRONG on {wrong} papers'}, {votes:,} votes in all"
        )

    def run_cold(self, *, days: int) -> None:
        """Time the first sight of lists: of a fresh server, and of days not seen yet."""
        self.say("first sights")
        urls = [day(each).url for each in visitors.full_days(days + 1)]
        with running_site("granian", self.environment, _THREADS_AS_IN_MAKE_START):
            first = get(urls.pop()).seconds
            for _ in range(8):
                # Until both workers have met the templates.
                get("/papers/trending")
            unseen = statistics.median(get(url).seconds for url in urls)
        self.report.timings += [
            work.Timing("first list of a fresh server", first),
            work.Timing("first sight of a day", unseen, f"median of {days} days"),
        ]

    def run_work(self, *, repetitions: int, papers: int) -> None:
        """Time what goes on behind the pages, and count what pages ask."""
        self.say("recompute")
        self.report.timings += work.time_recomputes(repetitions=repetitions)
        self.say("import")
        self.report.timings.append(work.time_import(papers=papers))
        self.say("ballots")
        self.report.timings += groups.time_closings(repetitions=repetitions)
        self.say("queries")
        voted = PaperTally.objects.order_by("-vote_count").select_related("paper")
        member = Upvote.objects.filter(paper__announced_on=self.full_day.first).latest("pk").member
        self.report.queries = work.count_queries(self.pages, member)
        began = timezone.now()
        unread = voted.exclude(paper__upvotes__member=member).first()
        assert unread is not None
        self.report.vote_queries = work.count_vote_queries(unread.paper, member)
        work.take_back_votes(since=began)

    def run_weights(self) -> None:
        """Weigh pages, and the whole stack with its worker and its clock."""
        self.say("weight and memory")
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
        schedule = str(FOLDER / "beat-schedule")
        with ExitStack() as stack:
            stack.enter_context(
                running_site("granian", self.environment, _THREADS_AS_IN_MAKE_START)
            )
            for command in (["worker", "--concurrency", "2"], ["beat", "--schedule", schedule]):
                stack.enter_context(running([*celery, *command], self.environment))
            self.report.weights = {name: weight.weigh(path) for name, path in self.pages.items()}
            for path in list(self.pages.values()) * 20:
                get(path)
            self.report.memory["whole stack"] = weight.memory_below(os.getpid())
