"""Fifty people write in one thread over HTTP while web workers are killed, and we count.

    python -m tests.faults.writing_campaign [--writers 50] [--each 40] [--kills 8]

Runs a Postgres, a Valkey and the web server of `make start` of its own. Each writer posts
comments and replies, votes, and edits; a request without an answer is sent again with the
key of its form, as a browser's retry is. It keeps a ledger of what was acknowledged, and
exits with 1 unless the database holds each acknowledged comment exactly once and every
count equals a recount.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import signal
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from devtools.embedded import running_services
from devtools.web_server import web_command
from tests.faults.programs import campaign_folder, running

if TYPE_CHECKING:
    from pathlib import Path

PORT = 8397
URL = f"http://127.0.0.1:{PORT}"
PAPER = "2611.00001"
# Long enough for a worker to be replaced, which takes granian about four seconds.
PATIENCE_SECONDS = 60
GROWN_UP_SECONDS = 8


@dataclass
class Ledger:
    """What the writers were told, and how often they had to ask."""

    # The key of the form, and the comment's id as the answer named it.
    posted: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    # Who wrote each comment: nobody votes for their own.
    authors: dict[int, int] = field(default_factory=dict)
    voted: set[tuple[int, int]] = field(default_factory=set)
    retries: int = 0
    refused: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Writer:
    """One browser, of which each post is by the next of a few members."""

    number: int
    cookies: list[tuple[int, str]]
    ledger: Ledger
    chance: random.Random

    def write(self, count: int) -> None:
        for place in range(count):
            member, cookie = self.cookies[place % len(self.cookies)]
            self._post(member, cookie, place)
            if place % 3 == 2:
                self._vote(member, cookie)

    def _post(self, member: int, cookie: str, place: int) -> None:
        key = str(uuid.uuid4())
        text = f"Writer {self.number}, remark {place}: $x_{{{place}}}$ holds."
        with self.ledger.lock:
            known = list(self.ledger.posted.values())
        parent = str(self.chance.choice(known)) if known and self.chance.random() < 0.7 else ""
        fields = {"text": text, "key": key, "parent": parent}
        began = time.monotonic()
        status, location = self._insist(f"/papers/{PAPER}/comments", fields, cookie)
        found = re.search(r"comments?[/=](\d+)", location)
        with self.ledger.lock:
            self.ledger.seconds.append(time.monotonic() - began)
            if status in {302, 303} and found:
                self.ledger.posted[key] = int(found.group(1))
                self.ledger.texts[key] = text
                self.ledger.authors[self.ledger.posted[key]] = member
            else:
                self.ledger.refused.append(f"{status} {location}")

    def _vote(self, member: int, cookie: str) -> None:
        with self.ledger.lock:
            authors = self.ledger.authors.items()
            others = [comment for comment, author in authors if author != member]
        if not others:
            return
        comment = self.chance.choice(others)
        status, _ = self._insist(f"/comments/{comment}/vote", {"vote": "up"}, cookie)
        if status in {302, 303}:
            with self.ledger.lock:
                self.ledger.voted.add((member, comment))

    def _insist(self, path: str, fields: dict[str, str], cookie: str) -> tuple[int, str]:
        """Send the form until somebody answers; the second time as like the first as can be."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                status, location = self._send(path, fields, cookie)
                if status != http.client.SERVICE_UNAVAILABLE:
                    return status, location
            except (OSError, http.client.HTTPException):
                if time.monotonic() > deadline:
                    return 0, "no answer"
            with self.ledger.lock:
                self.ledger.retries += 1
            time.sleep(self.chance.uniform(0.1, 0.5))

    def _send(self, path: str, fields: dict[str, str], cookie: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=15)
        token = "a" * 32
        headers = {
            "Cookie": f"sessionid={cookie}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"{URL}/papers/{PAPER}",
            # One address for each browser, as behind a proxy.
            "X-Forwarded-For": f"10.1.{self.number // 250}.{self.number % 250 + 1}",
        }
        try:
            connection.request("POST", path, urlencode(fields), headers)
            response = connection.getresponse()
            response.read()
            return response.status, response.headers.get("Location", "")
        finally:
            connection.close()


class Campaign:
    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked, self.folder = asked, folder
        self.ledger = Ledger()
        self.kills = 0

    def run(self) -> bool:
        with running_services(self.folder, durable=True) as services:
            self._set_environment(services.database_url, services.redis_url)
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            call_command("collectstatic", verbosity=0, interactive=False)
            writers = self._writers()
            with running(*web_command("granian", port=PORT, reloads=False)[1:]) as server:
                _await_site()
                began = time.monotonic()
                self._write(writers, server.pid)
                seconds = time.monotonic() - began
            return self._report(seconds)

    def _set_environment(self, database_url: str, redis_url: str) -> None:
        os.environ |= {
            "OCTAVO_ENV": "development",
            "DEBUG": "false",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PORT": str(PORT),
            "SITE_URL": URL,
            "STATIC_ROOT": str(self.folder / "static"),
            "TRUSTED_PROXY_COUNT": "1",
            "LOG_LEVEL": "ERROR",
        }

    def _writers(self) -> list[Writer]:
        from tests.bench.visitors import sign_in
        from tests.builders import make_paper, make_user

        make_paper(PAPER)
        # Few enough posts each that nobody meets the limit on writing.
        each = max(1, self.asked.each // 15)
        members = [make_user() for _ in range(self.asked.writers * each)]
        sign_in(len(members), into=self.folder / "cookies")
        keys = [line.split()[0] for line in (self.folder / "cookies").read_text().splitlines()]
        # visitors.sign_in takes the newest member first.
        cookies = list(zip(reversed([member.pk for member in members]), keys, strict=True))
        return [
            Writer(
                number, cookies[number :: self.asked.writers], self.ledger, random.Random(number)
            )
            for number in range(self.asked.writers)
        ]

    def _write(self, writers: list[Writer], server: int) -> None:
        threads = [
            threading.Thread(target=writer.write, args=[self.asked.each]) for writer in writers
        ]
        for thread in threads:
            thread.start()
        total = self.asked.writers * self.asked.each
        marks = [total * (place + 1) // (self.asked.kills + 1) for place in range(self.asked.kills)]
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.02)
            if marks and len(self.ledger.posted) >= marks[0] and _kill_a_worker(server):
                marks.pop(0)
                self.kills += 1
        for thread in threads:
            thread.join()

    def _report(self, seconds: float) -> bool:
        found = _findings(self.ledger)
        times = sorted(self.ledger.seconds)
        print(
            f"{len(self.ledger.posted)} comments acknowledged to {self.asked.writers} writers in"
            f" {seconds:.0f} s, {len(self.ledger.voted)} votes; {self.kills} workers killed,"
            f" {self.ledger.retries} requests sent again, {len(self.ledger.refused)} refused"
            f" {self.ledger.refused[:3]}; p50 {times[len(times) // 2] * 1000:.0f} ms,"
            f" p99 {times[len(times) * 99 // 100] * 1000:.0f} ms"
        )
        for name, count in found.items():
            print(f"{name}: {count}")
        expected = self.asked.writers * self.asked.each
        return not any(found.values()) and len(self.ledger.posted) == expected


def _findings(ledger: Ledger) -> dict[str, int]:
    """Count what should not be: each of these is 0."""
    from django.db import connection

    from discussions.models import Comment, CommentVote

    rows = {
        str(key): (pk, text) for key, pk, text in Comment.objects.values_list("key", "pk", "text")
    }
    votes = set(CommentVote.objects.values_list("member_id", "comment_id"))
    with connection.cursor() as cursor:
        wrong = {}
        for name, query in _RECOUNTS.items():
            cursor.execute(query)
            wrong[name] = cursor.fetchone()[0]
    return {
        "acknowledged and not there": sum(key not in rows for key in ledger.posted),
        "there under another id": sum(
            rows[key][0] != pk for key, pk in ledger.posted.items() if key in rows
        ),
        "there with another text": sum(
            rows[key][1] != text for key, text in ledger.texts.items() if key in rows
        ),
        "there twice": Comment.objects.count() - len(rows),
        "there and never acknowledged": len(rows.keys() - ledger.posted.keys()),
        "votes acknowledged and not there": len(ledger.voted - votes),
        **wrong,
    }


_RECOUNTS = {
    "threads with a wrong count": """
        SELECT count(*) FROM discussions_thread thread WHERE comment_count <> (
            SELECT count(*) FROM discussions_comment
            WHERE thread_id = thread.id AND taken_back_at IS NULL AND hidden_at IS NULL
              AND held_at IS NULL
        )
    """,
    "papers with a wrong count": """
        SELECT count(*) FROM papers_papertally tally
        LEFT JOIN discussions_thread thread ON thread.paper_id = tally.paper_id
        WHERE tally.comment_count <> coalesce(thread.comment_count, 0)
    """,
    "branches with a wrong count": """
        SELECT count(*) FROM discussions_comment root WHERE root_id IS NULL
        AND descendant_count <> (
            SELECT count(*) FROM discussions_comment WHERE root_id = root.id
        )
    """,
    "comments with wrong votes": """
        SELECT count(*) FROM discussions_comment comment WHERE vote_count <> (
            SELECT count(*) FROM discussions_commentvote
            WHERE comment_id = comment.id AND voided_at IS NULL
        )
    """,
}


def _await_site() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", f"/papers/{PAPER}")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("The site does not come up.")


def _kill_a_worker(server: int) -> bool:
    """Kill one of the server's workers as the kernel would; say whether there was one.

    One that has just come is left alone: granian takes its end for a crash loop and gives up.
    """
    import psutil

    old = time.time() - GROWN_UP_SECONDS
    workers = [each for each in psutil.Process(server).children() if each.create_time() < old]
    if not workers:
        return False
    os.kill(random.choice(workers).pid, signal.SIGKILL)
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--kills", type=int, default=8)
    asked = parser.parse_args()
    with campaign_folder() as folder:
        is_well = Campaign(asked, folder).run()
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
