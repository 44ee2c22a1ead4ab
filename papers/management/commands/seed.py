"""`manage.py seed`: papers, members and votes to try the site with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common import seeds
from papers.models import Paper
from papers.seeding import load, planting

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Add believable papers, members and votes; running it again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are papers"
        )
        parser.add_argument(
            "--scale", type=int, default=0, metavar="N", help="have N generated papers as well"
        )
        parser.add_argument(
            "--votes", type=int, default=20, metavar="M", help="votes for each of them on average"
        )

    def handle(self, **options: Any) -> None:
        try:
            planting.check_development()
        except planting.SeedError as error:
            raise CommandError(str(error)) from None
        if options["if_empty"] and Paper.objects.exists():
            self.stdout.write("There are papers already.")
            return
        began, now = time.monotonic(), timezone.now()
        seeded = planting.seed(now=now)
        self.stdout.write(
            f"{seeded.papers} papers, {seeded.members} members and {seeded.votes} votes added "
            f"in {time.monotonic() - began:.1f} s"
        )
        for line in seeds.plant_all(now=now):
            self.stdout.write(line)
        if options["scale"]:
            self._add_load(papers=options["scale"], votes=options["votes"])

    def _add_load(self, *, papers: int, votes: int) -> None:
        began = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:7.1f} s  {text}")
            self.stdout.flush()

        load.add_load(papers=papers, votes_a_paper=votes, now=timezone.now(), say=say)
