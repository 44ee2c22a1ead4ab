"""Thumbnails: fetched from anywhere, and whatever comes back, kept small and safe.

Each server is a real one on loopback.
"""

from __future__ import annotations

import time
import zlib
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone
from PIL import Image

from common import due_work
from common.fetching import FetchLimits
from papers.models import Thumbnail
from papers.thumbnails import fetching
from papers.thumbnails.pictures import SIZE
from tests.builders import make_paper, make_user
from tests.common.servers import answer, serving

pytestmark = pytest.mark.django_db

# The papers of tests are of November 20, 2026.
NOW = "2026-11-21T12:00:00Z"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\nconnection: close\r\n"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _loopback_is_allowed(settings):
    settings.FETCH_PRIVATE_HOSTS = frozenset({"127.0.0.1"})


def picture(size=(1200, 648), kind="PNG", color="teal", **options):
    buffer = BytesIO()
    Image.new("RGB", size, color).save(buffer, kind, **options)
    return buffer.getvalue()


def paper_with(server, path="/1.png", **fields):
    return make_paper(thumbnail_url=server.url(path), **fields)


def later(**pause):
    return time_machine.travel(timezone.now() + timedelta(**pause), tick=False)


def sweep_for_ten_days():
    for days in range(10):
        with later(days=days):
            fetching.fetch_thumbnails()


# Fetching ---------------------------------------------------------------------------------


def test_a_thumbnail_is_fetched_and_kept_as_a_small_webp():
    with serving(answer(picture())) as server:
        paper = paper_with(server)
        assert fetching.fetch_thumbnails() == 1

    kept = Thumbnail.objects.get(paper=paper)
    image = Image.open(BytesIO(kept.image))
    assert (image.format, image.size) == ("WEBP", SIZE)
    assert len(kept.image) <= 20_000


def test_what_is_there_is_not_fetched_again():
    with serving(answer(picture())) as server:
        paper_with(server)
        fetching.fetch_thumbnails()
        fetching.fetch_thumbnails()

    assert len(server.requests) == 1


def test_a_changed_url_is_fetched_again():
    with serving(answer(picture())) as server:
        paper = paper_with(server)
        fetching.fetch_thumbnails()
        paper.thumbnail_url = server.url("/2.png")
        paper.save()
        fetching.fetch_thumbnails()

    assert [request.split()[1] for request in server.requests] == ["/1.png", "/2.png"]


def test_a_failure_is_tried_again_after_its_pause():
    with serving(answer(status="503 Away")) as server:
        paper_with(server)
        fetching.fetch_thumbnails()
        fetching.fetch_thumbnails()
        assert len(server.requests) == 1
        with later(minutes=3):
            fetching.fetch_thumbnails()

    assert len(server.requests) == 2


def test_a_failure_is_given_up_after_five_tries():
    with serving(answer(status="404 Not here")) as server:
        paper_with(server)
        sweep_for_ten_days()

    assert len(server.requests) == due_work.MAX_ATTEMPTS


def test_a_new_url_is_tried_after_the_old_one_was_given_up():
    with serving(answer(status="404 Not here")) as server:
        paper = paper_with(server)
        sweep_for_ten_days()
        paper.thumbnail_url = server.url("/2.png")
        paper.save()
        fetching.fetch_thumbnails()

    assert "/2.png" in server.requests[-1]


def test_a_service_that_asks_to_wait_is_left_alone_for_so_long():
    with serving(answer(status="429 Slow down", Retry_After="3600")) as server:
        paper_with(server)
        fetching.fetch_thumbnails()
        with later(minutes=59):
            fetching.fetch_thumbnails()

    assert len(server.requests) == 1


def test_the_newest_papers_come_first():
    with serving(answer(picture())) as server:
        paper_with(server, "/old.png", announced_on=date(2026, 11, 1))
        paper_with(server, "/new.png", announced_on=date(2026, 11, 20))
        fetching.fetch_thumbnails()

    assert [request.split()[1] for request in server.requests] == ["/new.png", "/old.png"]


@pytest.mark.parametrize(
    "fields",
    [
        {"announced_on": date(2026, 8, 1)},
        {"announced_on": None},
        {"withdrawn_at": timezone.now()},
        {"thumbnail_url": ""},
    ],
    ids=["old", "never announced", "withdrawn", "without one"],
)
def test_nothing_is_fetched_for_a_paper_that_lists_do_not_show(fields):
    with serving(answer(picture())) as server:
        make_paper(**{"thumbnail_url": server.url()} | fields)

        assert fetching.fetch_thumbnails() == 0
        assert not server.requests


def test_an_operator_can_switch_thumbnails_off(settings):
    settings.SHOW_THUMBNAILS = False
    with serving(answer(picture())) as server:
        paper_with(server)

        assert fetching.fetch_thumbnails() == 0
        assert not server.requests


def test_a_picture_of_an_url_that_changed_meanwhile_is_dropped():
    with serving(answer(picture())) as server:
        paper = paper_with(server)
        taken = fetching._take()
        Thumbnail.objects.update(url=server.url("/2.png"))
        fetching._fetch(taken)

    assert not Thumbnail.objects.get(paper=paper).digest


def test_the_database_takes_no_larger_picture():
    paper = make_paper()

    with pytest.raises(DatabaseError, match="papers_thumbnail_is_small"), transaction.atomic():
        Thumbnail.objects.create(paper=paper, url="https://a.example", image=b"x" * 20_001)


# Bad input --------------------------------------------------------------------------------


def send_100_mb(connection, request):
    connection.sendall(HEAD + b"\r\n")
    for _ in range(100):
        connection.sendall(bytes(1_000_000))


def say_100_mb(connection, request):
    connection.sendall(HEAD + b"content-length: 100000000\r\n\r\n")
    time.sleep(0.1)


def never_end(connection, request):
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"\x89")
        time.sleep(0.05)


def redirect_inside(connection, request):
    answer(status="302 Found", Location="http://10.0.0.1/secret.png")(connection, request)


def redirect_to_metadata(connection, request):
    answer(status="302 Found", Location="http://169.254.169.254/latest")(connection, request)


def huge(side):
    """Return a small PNG whose head says that it is so many pixels wide and high."""
    real = picture((100, 100))
    size = side.to_bytes(4, "big") * 2
    checksum = zlib.crc32(b"IHDR" + size + real[24:29])
    return real[:16] + size + real[24:29] + checksum.to_bytes(4, "big") + real[33:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><script>1</script></svg>'
BAD = {
    "100 MB": (send_100_mb, "larger than 5,242,880 bytes"),
    "100 MB, announced": (say_100_mb, "larger than 5,242,880 bytes"),
    "1 pixel": (answer(picture((1, 1))), "too small: 1 × 1 pixels"),
    "an SVG": (answer(SVG, Content_Type="image/svg+xml"), "not a PNG, JPEG, WebP or GIF"),
    "an HTML page": (answer(b"<!doctype html><title>Sign in</title>"), "not a PNG"),
    "nothing": (answer(b""), "not a PNG"),
    "one that never ends": (never_end, "took too long"),
    "a redirect to a private address": (redirect_inside, "not public"),
    "a redirect to the cloud's own address": (redirect_to_metadata, "not public"),
    "100 million pixels": (answer(huge(10_000)), "too large: 10000 × 10000 pixels"),
    "900 million pixels": (answer(huge(30_000)), "too large"),
    "a picture cut short": (answer(picture((900, 900), color="red")[:1500]), "cannot be decoded"),
    "a JPEG of a thousand scans": (
        answer(picture(kind="JPEG") + b"\xff\xda" * 1000),
        "more than 100 scans",
    ),
    "404": (answer(status="404 Not Found"), "status 404"),
}


@pytest.mark.parametrize(("handler", "reason"), BAD.values(), ids=BAD)
def test_a_bad_thumbnail_is_logged_and_the_old_picture_stays(handler, reason, caplog, monkeypatch):
    monkeypatch.setattr(fetching, "LIMITS", FetchLimits(0.5, 5 * 1024**2, 5 * 1024**2))
    with serving(answer(picture())) as good, serving(handler) as bad:
        paper = paper_with(good)
        fetching.fetch_thumbnails()
        before = Thumbnail.objects.get(paper=paper)
        paper.thumbnail_url = bad.url()
        paper.save()

        assert fetching.fetch_thumbnails() == 0

    after = Thumbnail.objects.get(paper=paper)
    assert (after.image, after.digest) == (before.image, before.digest)
    assert reason in after.error
    assert reason in caplog.text


def test_a_moving_picture_stands_still():
    frames = [Image.new("RGB", (400, 300), color) for color in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:] * 50)
    with serving(answer(buffer.getvalue())) as server:
        paper = paper_with(server)
        fetching.fetch_thumbnails()

    image = Image.open(BytesIO(Thumbnail.objects.get(paper=paper).image))
    assert getattr(image, "n_frames", 1) == 1
    red, green, blue = image.convert("RGB").getpixel((10, 10))
    assert red > 200
    assert max(green, blue) < 50


def test_what_is_transparent_stands_on_white():
    buffer = BytesIO()
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(buffer, "PNG")
    with serving(answer(buffer.getvalue())) as server:
        paper = paper_with(server)
        fetching.fetch_thumbnails()

    image = Image.open(BytesIO(Thumbnail.objects.get(paper=paper).image))
    assert min(image.convert("RGB").getpixel((10, 10))) > 250


def test_one_that_hangs_keeps_the_next_sweep_from_no_other(monkeypatch):
    monkeypatch.setattr(fetching, "LIMITS", FetchLimits(0.3, 5 * 1024**2, 5 * 1024**2))
    with serving(never_end) as silent, serving(answer(picture())) as good:
        paper_with(silent, announced_on=date(2026, 11, 20))
        paper_with(good, announced_on=date(2026, 11, 19))
        first, second = fetching.fetch_thumbnails(), fetching.fetch_thumbnails()

    assert (first, second) == (0, 1)


# Serving ----------------------------------------------------------------------------------


@pytest.fixture
def kept():
    with serving(answer(picture())) as server:
        paper_with(server)
        fetching.fetch_thumbnails()
    return Thumbnail.objects.get()


def test_the_picture_is_served_for_good_from_our_host(client, kept):
    response = client.get(f"/thumbnails/{kept.digest}.webp", headers={"accept-encoding": "gzip"})

    assert response.content == bytes(kept.image)
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_unknown_picture_is_not_found(client, kept):
    assert client.get(f"/thumbnails/{'0' * 32}.webp").status_code == 404


def test_switched_off_no_picture_is_served(client, kept, settings):
    settings.SHOW_THUMBNAILS = False

    assert client.get(f"/thumbnails/{kept.digest}.webp").status_code == 404


# The operator's window --------------------------------------------------------------------


def test_the_admin_shows_why_a_thumbnail_failed(client):
    with serving(answer(SVG)) as server:
        paper_with(server)
        fetching.fetch_thumbnails()
    client.force_login(make_user(is_staff=True, is_superuser=True))

    page = client.get("/admin/papers/thumbnail/?error__isempty=0").content.decode()

    assert "The answer is not a PNG, JPEG, WebP or GIF picture." in page
