"""`manage.py load_threads`: load recorded comment trees under existing papers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from discussions.seeding import loading
from papers.models import Paper
from papers.seeding.planting import SeedError, check_development
from papers.sources import parse_ref

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Put recorded comment trees under papers; running it again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="threads as JSON lines, gzipped or not")
        parser.add_argument("--paper", default="", metavar="ID", help="put them under this paper")
        parser.add_argument("--thread", default="", metavar="NAME", help="load this thread only")
        parser.add_argument("--limit", type=int, metavar="N", help="load the first N threads")
        parser.add_argument(
            "--grow", type=int, default=0, metavar="N", help="repeat a tree up to N comments"
        )

    def handle(self, **options: Any) -> None:
        try:
            check_development()
            threads = loading.read(options["file"], only=options["thread"])[: options["limit"]]
        except (SeedError, loading.LoadError) as error:
            raise CommandError(str(error)) from None
        chosen = self._paper(options["paper"])
        if not threads:
            raise CommandError("The file has no such thread.")
        papers = loading.papers_for(threads, chosen=chosen)
        for thread in threads:
            if thread.name in papers:
                self._load(thread, papers[thread.name], options["grow"])
        if left := len(threads) - len(papers):
            self.stdout.write(f"{left} threads not loaded: no paper without comments is left")

    def _paper(self, ref: str) -> Paper | None:
        if not ref:
            return None
        try:
            return Paper.objects.at(parse_ref(ref)).get()
        except (ValueError, Paper.DoesNotExist):
            raise CommandError(f"There is no paper {ref}.") from None

    def _load(self, thread: loading.Recorded, paper: Paper, size: int) -> None:
        began = time.monotonic()
        added = loading.load(thread, paper=paper, size=size, now=timezone.now())
        self.stdout.write(
            f"{time.monotonic() - began:6.1f} s  {added:,} comments of {thread.name} added "
            f"to {paper.ref}"
        )
