"""`make bench`: measure the site, print one table, keep it in tests/bench/results."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime

from devtools.embedded import EmbeddedError, remove_data
from tests.bench.loading import LoadError, ensure_wrk
from tests.bench.serving import FOLDER, bench_environment, prepare
from tests.bench.weight import machine

SECONDS, QUICK_SECONDS = 10.0, 3.0


def main() -> int:
    options = _parser().parse_args()
    try:
        ensure_wrk()
        if options.fresh:
            remove_data(FOLDER)
        with bench_environment() as environment:
            prepare(environment, papers=options.papers, votes=options.votes)
            os.environ.update(environment)
            _measure(options, environment)
    except (LoadError, EmbeddedError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", action="store_true", help="3 seconds for each figure")
    parser.add_argument("--fresh", action="store_true", help="make the data set anew")
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--votes", type=int, default=20, help="for each paper, on average")
    parser.add_argument(
        "--servers",
        default="granian",
        help="granian,gunicorn:4 measures two, the second with 4 threads a worker",
    )
    parser.add_argument(
        "--parts", default="load,cold,work,weight", help="any of load, cold, work, weight"
    )
    parser.add_argument("--only", default="", help="only loads whose name holds this")
    return parser


def _measure(options: argparse.Namespace, environment: dict[str, str]) -> None:
    import django

    django.setup()
    from papers.models import Paper, Upvote
    from tests.bench.report import Report
    from tests.bench.running import Bench

    report = Report(
        machine=machine(),
        data=f"{Paper.objects.count():,} papers, {Upvote.objects.count():,} votes",
        began_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        seconds_each=QUICK_SECONDS if options.quick else SECONDS,
    )
    bench = Bench(environment, report, say=lambda text: print(f"  {text}", flush=True))
    parts = options.parts.split(",")
    if "cold" in parts:
        bench.run_cold(days=5 if options.quick else 20)
    if "load" in parts:
        bench.run_loads(_servers(options.servers), only=options.only)
    if "work" in parts:
        papers = 2_000 if options.quick else 10_000
        bench.run_work(repetitions=1 if options.quick else 3, papers=papers)
    if "weight" in parts:
        bench.run_weights()
    report.load_after = os.getloadavg()[0]
    print("\n".join(report.lines()))
    print(f"\nKept in {report.save()}")


def _servers(text: str) -> list[tuple[str, int]]:
    pairs = (each.partition(":") for each in text.split(","))
    return [(name, int(threads or 0)) for name, _, threads in pairs]


if __name__ == "__main__":
    sys.exit(main())
