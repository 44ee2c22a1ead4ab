"""Import every saved day through the real worker and beat, over HTTP, and count.

    python -m tests.faults.import_campaign --folder DIR [--faults 7] [--kills 5] [--again]

Runs a Postgres and a Valkey of its own, the replay server, a Celery worker and beat. It
exits with 1 unless every day was imported without a hand, and prints a line of figures
and a digest of the rows: two campaigns over the same days must print the same one.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devtools.embedded import running_services
from tests.faults.programs import campaign_folder, running, start

if TYPE_CHECKING:
    import subprocess

_TABLES = {
    "papers": """
        SELECT paper.source, external_id, doi, version, title, abstract, title_html, title_text,
            abstract_html, lead_html, rendered_with, published_at, revised_at, announced_on,
            withdrawn_at, primary_category, categories, organization.slug, author_count,
            lead_authors, authors_digest, pdf_url, code_url, project_url, star_count,
            thumbnail_url, media_urls, ai_summary, ai_keywords, ai_model, described_on,
            listed_on, completed_at IS NULL, tally.vote_count
        FROM papers_paper paper
        JOIN papers_papertally tally ON tally.paper_id = paper.id
        LEFT JOIN papers_organization organization ON organization.id = paper.organization_id
    """,
    "authors": "SELECT slug, name FROM papers_author",
    "places": """
        SELECT paper.external_id, position, place.name, author.slug
        FROM papers_authorship place
        JOIN papers_paper paper ON paper.id = place.paper_id
        JOIN papers_author author ON author.id = place.author_id
    """,
}


class Campaign:
    """One import of all days, with what is done to it."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked, self.folder = asked, folder
        self.days = sorted(path.name[:10] for path in asked.folder.glob("20*.json*"))
        self.random = random.Random(asked.faults or 0)
        self.worker: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def run(self) -> bool:
        with running_services(self.folder, durable=True) as services:
            self._set_environment(services.database_url, services.redis_url)
            with running("-m", "tests.replay", *self._replay_options()) as replay:
                assert replay.stdout is not None
                url = replay.stdout.readline().decode().strip()
                _name_services(url)
                return self._import(url)

    def _import(self, url: str) -> bool:
        import django
        from django.core.management import call_command

        django.setup()
        from papers import tasks

        call_command("migrate", verbosity=0)
        beat = ("-m", "celery", "-A", "config", "beat", "-l", "ERROR", "--pidfile=")
        schedule = f"--schedule={self.folder / 'beat'}"
        with running(*beat, schedule):
            self._start_worker()
            # As `make start` does; beat by itself would a minute later.
            tasks.ask_for_missing_days.delay()
            try:
                is_well = self._wait_and_report("first", kills=self.asked.kills)
                self._complete()
                print(f"rows: {_digest()}", flush=True)
                if self.asked.again:
                    self._ask_again()
                    is_well &= self._wait_and_report("again", kills=0)
                    is_well &= _counts()["created"] == 0
                print(_get(f"{url}/replay/statistics"), flush=True)
            finally:
                self._stop_worker(signal.SIGTERM)
        return is_well

    def _set_environment(self, database_url: str, redis_url: str) -> None:
        first = date.fromisoformat(self.days[0])
        os.environ |= {
            "OCTAVO_ENV": "development",
            "DEBUG": "false",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "IMPORT_CATCH_UP_DAYS": str((datetime.now(UTC).date() - first).days),
            "IMPORT_RETRY_SECONDS": "1",
            "ARXIV_SECONDS_BETWEEN_REQUESTS": "0.2",
            "LOG_LEVEL": "ERROR",
        }

    def _replay_options(self) -> list[str]:
        options = ["--folder", str(self.asked.folder), "--rate", self.asked.rate]
        if self.asked.faults is not None:
            options += ["--faults", str(self.asked.faults)]
            options += ["--fault-share", str(self.asked.fault_share)]
        return options

    def _start_worker(self) -> None:
        self.worker = start("-m", "celery", "-A", "config", "worker", "-c", "2", "-l", "ERROR")

    def _stop_worker(self, how: signal.Signals) -> None:
        assert self.worker is not None
        os.killpg(self.worker.pid, how)
        self.worker.wait()

    def _kill_and_replace(self) -> None:
        """Kill the worker with all its children at once, as a power cut would."""
        self._stop_worker(signal.SIGKILL)
        self.kills += 1
        self._start_worker()

    def _wait_and_report(self, name: str, *, kills: int) -> bool:
        began_at = time.monotonic()
        kill_at = sorted(self.random.uniform(0.05, 0.8) * len(self.days) for _ in range(kills))
        while True:
            time.sleep(0.2)
            counts = _counts()
            if kill_at and counts["finished"] >= kill_at[0] and counts["running"]:
                kill_at.pop(0)
                self._kill_and_replace()
            if counts["total"] >= len(self.days) and not counts["open"]:
                break
            if time.monotonic() - began_at > self.asked.give_up_after:
                print(f"{name}: gave up, {counts}", flush=True)
                return False
        seconds = time.monotonic() - began_at
        print(f"{name}: {seconds:.0f} s, {self.kills} kills, {_counts()}", flush=True)
        return _counts()["done"] == len(self.days)

    def _complete(self) -> None:
        """Have the worker ask arXiv for the rest, without waiting for beat."""
        from papers.models import Paper
        from papers.tasks import complete_papers

        began_at = time.monotonic()
        open_papers = Paper.objects.filter(completed_at__isnull=True)
        while open_papers.exists() and time.monotonic() - began_at < 600:
            complete_papers.delay()
            time.sleep(5)
        done = Paper.objects.filter(version__isnull=False).count()
        print(f"completed: {done} papers in {time.monotonic() - began_at:.0f} s", flush=True)

    def _ask_again(self) -> None:
        from papers import import_runs
        from papers.models import ImportRun

        for run in ImportRun.objects.filter(day__in=self.days, source="huggingface"):
            import_runs.run_again(run)


def _counts() -> dict[str, Any]:
    from django.db.models import Q, Sum
    from django.db.models.aggregates import Count

    from papers.models import ImportRun, Paper

    today = datetime.now(UTC).date()
    runs = ImportRun.objects.filter(source="huggingface", day__lt=today.replace(day=1))
    counts: dict[str, Any] = runs.aggregate(
        total=Count("pk"),
        open=Count("pk", filter=Q(state__in=["waiting", "running"])),
        running=Count("pk", filter=Q(state="running")),
        done=Count("pk", filter=Q(state="done")),
        empty=Count("pk", filter=Q(state="empty")),
        dead=Count("pk", filter=Q(state="dead")),
        created=Sum("created_count", default=0),
        updated=Sum("updated_count", default=0),
        unchanged=Sum("unchanged_count", default=0),
        skipped=Sum("skipped_count", default=0),
        claims=Sum("claim_count", default=0),
    )
    counts["finished"] = counts["done"]
    counts["papers"] = Paper.objects.count()
    return counts


def _digest() -> dict[str, str]:
    from django.db import connection

    digests = {}
    with connection.cursor() as cursor:
        for name, query in _TABLES.items():
            cursor.execute(
                "SELECT count(*) || ' ' || md5(string_agg(line, '\n' ORDER BY line COLLATE \"C\"))"
                f" FROM (SELECT each::text AS line FROM ({query}) AS each) AS lines"
            )
            digests[name] = cursor.fetchone()[0]
    return digests


def _name_services(url: str) -> None:
    os.environ |= {
        "HUGGINGFACE_URL": url,
        "ARXIV_API_URL": f"{url}/api/query",
        "ARXIV_RSS_URL": f"{url}/rss",
        "ARXIV_OAI_URL": f"{url}/oai",
    }


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        body: bytes = answer.read()
    return body.decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rate", default="500/300")
    parser.add_argument("--faults", type=int, default=None)
    parser.add_argument("--fault-share", type=float, default=0.3)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--give-up-after", type=float, default=3600)
    asked = parser.parse_args()
    with campaign_folder() as folder:
        is_well = Campaign(asked, folder).run()
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
