"""Pages that list papers."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from common.words import counted
from papers import card_list, listings, periods, queries, visits
from papers.forms import JumpForm, page_number, topic_code
from papers.listings import DateJump, Empty, Heading, Link, Listing, with_query
from papers.models import Author, Organization, Paper, Topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.htmx import HtmxRequest
    from papers.models.paper import PaperQuerySet
    from papers.periods import Period

NO_PAPERS_YET = Empty("No papers yet", "They appear here as soon as the first feed is imported.")


@require_safe
@login_not_required
def home(request: HtmxRequest) -> HttpResponse:
    return redirect("papers:today")


@require_safe
@login_not_required
def today(request: HtmxRequest) -> HttpResponse:
    if request.GET.get("date"):
        return jump(request)
    return _period_page(request, periods.day(_latest_day()))


@require_safe
@login_not_required
def day_list(request: HtmxRequest, day: date) -> HttpResponse:
    return _period_page(request, periods.day(day))


@require_safe
@login_not_required
def this_week(request: HtmxRequest) -> HttpResponse:
    """Lead to the week of the latest papers: an address that can be kept."""
    return redirect(periods.week(_latest_day()).url)


@require_safe
@login_not_required
def this_month(request: HtmxRequest) -> HttpResponse:
    return redirect(periods.month(_latest_day()).url)


@require_safe
@login_not_required
def week_list(request: HtmxRequest, first: date) -> HttpResponse:
    return _period_page(request, periods.week(first))


@require_safe
@login_not_required
def month_list(request: HtmxRequest, first: date) -> HttpResponse:
    return _period_page(request, periods.month(first))


@require_safe
@login_not_required
def jump(request: HtmxRequest) -> HttpResponse:
    """Go to the day that the date field names."""
    form = JumpForm(request.GET)
    if not form.is_valid():
        return redirect("papers:today")
    return redirect(periods.day(form.cleaned_data["date"]).url)


@require_safe
@login_not_required
def trending_list(request: HtmxRequest) -> HttpResponse:
    url, topic = reverse("papers:trending_list"), topic_code(request)
    papers = Paper.objects.listed()
    now = periods.today()
    heading = Heading("Trending papers", ("The most votes of late: each halves in two days",))

    def listing(page: queries.Page) -> Listing:
        recent = papers.filter(announced_on__gte=now - timedelta(days=30))
        return Listing(
            "trending",
            heading,
            listings.tabs("trending", now),
            page.cards,
            listings.pager(url, page, filters={"topic": topic}),
            NO_PAPERS_YET,
            topics=listings.topic_links(
                url,
                queries.shared("topics:trending", lambda: queries.topics_of(recent)),
                chosen=topic,
                total=None,
            ),
        )

    if topic:
        papers = papers.about(topic)
    return _list_page(request, heading, papers.trending(), listing, key=f"{url}:{topic}")


@require_safe
@login_not_required
def topic_list(request: HtmxRequest) -> HttpResponse:
    recent = Paper.objects.listed().filter(announced_on__gte=periods.today() - timedelta(days=365))
    topics = queries.shared("topics:year", lambda: queries.topics_of(recent, limit=200))
    return render(request, "papers/topic_list.html", {"topics": topics})


@require_safe
@login_not_required
def topic_page(request: HtmxRequest, code: str) -> HttpResponse:
    topic = get_object_or_404(Topic, code=code)
    heading = Heading(topic.name, tuple(filter(None, (topic.field, topic.code))))
    papers = Paper.objects.listed().about(topic.code)
    return _sorted_page(request, "topic", heading, papers, url=topic.get_absolute_url())


@require_safe
@login_not_required
def organization_page(request: HtmxRequest, slug: str) -> HttpResponse:
    organization = get_object_or_404(Organization, slug=slug)
    heading = Heading(organization.name, ("Papers of this organization",))
    papers = Paper.objects.listed().filter(organization=organization)
    url = organization.get_absolute_url()
    return _sorted_page(request, "organization", heading, papers, url=url)


@require_safe
@login_not_required
def author_page(request: HtmxRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author, slug=slug)
    heading = Heading(author.name, ("Papers under this name; namesakes share the page",))
    papers = Paper.objects.listed().filter(pk__in=author.authorships.values("paper"))
    return _sorted_page(request, "author", heading, papers, url=author.get_absolute_url())


def _sorted_page(
    request: HtmxRequest, kind: str, heading: Heading, papers: PaperQuerySet, *, url: str
) -> HttpResponse:
    """Show the papers of a topic, an organization or an author, in one of two orders."""
    sort = "newest" if request.GET.get("sort") == "newest" else ""
    ordered = papers.newest() if sort else papers.trending()

    def listing(page: queries.Page) -> Listing:
        return Listing(
            kind,
            heading,
            [
                Link("Trending", url, not sort),
                Link("Newest", with_query(url, sort="newest"), bool(sort)),
            ],
            page.cards,
            listings.pager(url, page, filters={"sort": sort}),
            Empty("No papers here yet", "They appear here as feeds bring them."),
        )

    return _list_page(request, heading, ordered, listing, key=f"{url}:{sort}")


def _period_page(request: HtmxRequest, period: Period) -> HttpResponse:
    """Show a day, a week or a month; lead from an empty day to the nearest that is not."""
    topic = topic_code(request)
    key = f"{period.kind}:{period.first}"
    counts = queries.shared(f"counts:{key}", partial(queries.counts_of, period))
    if not counts.papers and period.kind == "day" and (nearest := _nearest_day(period)):
        return redirect(with_query(nearest.url, instead_of=period.first.isoformat()))

    papers = Paper.objects.listed().announced(period.first, period.last)
    heading = Heading(
        period.title,
        (*_counted(counts), *_new_since_last_visit(request, papers, period)),
        _instead_of(request, period),
    )

    def listing(page: queries.Page) -> Listing:
        now = periods.today()
        return Listing(
            period.kind,
            heading,
            listings.tabs(period.kind, min(period.last, max(now, period.first))),
            page.cards,
            listings.pager(period.url, page, filters={"topic": topic}, period=period),
            _no_papers(period, topic),
            bars=listings.bars(period.first) if period.kind == "day" else [],
            topics=listings.topic_links(
                period.url,
                queries.shared(f"topics:{key}", lambda: queries.topics_of(papers)),
                chosen=topic,
                total=counts.papers,
            ),
            date_jump=DateJump(reverse("papers:jump"), period.first, now),
        )

    chosen = papers.about(topic) if topic else papers
    return _list_page(request, heading, chosen.most_voted(), listing, key=f"{key}:{topic}")


def _list_page(
    request: HtmxRequest,
    heading: Heading,
    papers: PaperQuerySet,
    listing: Callable[[queries.Page], Listing],
    *,
    key: str,
) -> HttpResponse:
    """Show a list. What readers see alike is rendered once in some seconds.

    For visitors that is all of it, and for members all but the cards, with their own votes.
    """
    number = page_number(request)

    def page() -> queries.Page:
        found = queries.page_of_cards(papers, number=number, reader=request.user)
        if number > 1 and not found.cards:
            raise Http404("No such page.")
        return found

    def html(page: queries.Page, cards_html: SafeString) -> SafeString:
        context = {"listing": listing(page), "cards_html": cards_html}
        return render_to_string("papers/paper_list.html#listing", context)

    key = f"{key}:{number}:{hash(heading)}"
    if request.user.is_authenticated:
        mine = page()
        key = f"frame:{key}:{mine.has_next}:{bool(mine.cards)}"
        frame = queries.shared(key, lambda: html(mine, card_list.PLACE))
        cards_html = card_list.joined(mine.cards, is_member=True)
        listing_html = mark_safe(frame.replace(card_list.PLACE, cards_html))  # noqa: S308
    else:

        def for_all() -> SafeString:
            found = page()
            return html(found, card_list.joined(found.cards, is_member=False))

        listing_html = queries.shared(f"list:{key}", for_all)
    shown = {"heading": heading, "listing_html": listing_html}
    response = render(request, "papers/paper_list.html", shown)
    visits.remember_visit(request, response)
    return response


def _latest_day() -> date:
    """Return the last day that has papers, or today while there is none."""
    now = periods.today()
    return queries.shared(f"latest:{now}", partial(queries.latest_day, until=now)) or now


def _nearest_day(period: Period) -> Period | None:
    """Return the nearest earlier day with papers, or, before all of them, the first."""
    nearest = queries.latest_day(until=period.first) or queries.earliest_day(since=period.first)
    return periods.day(nearest) if nearest else None


def _instead_of(request: HtmxRequest, period: Period) -> str:
    try:
        asked = parse_date(request.GET.get("instead_of", ""))
    except ValueError:
        return ""
    if asked is None or asked == period.first:
        return ""
    side = "before" if asked > period.first else "after"
    return f"There are no papers on {periods.day(asked).title}. This is the nearest day {side} it."


def _new_since_last_visit(request: HtmxRequest, papers: PaperQuerySet, period: Period) -> list[str]:
    before = visits.last_visit(request)
    # Of what was announced well before, nothing is news.
    if before is None or period.last < before.date() - timedelta(days=7):
        return []
    new = queries.arrived_since(papers, before)
    return [f"{new:,} new since your last visit"] if new else []


def _counted(counts: queries.Counts) -> list[str]:
    parts = [
        (counts.papers, "paper"),
        (counts.votes, "vote"),
        (counts.comments, "comment"),
    ]
    return [counted(number, noun) for number, noun in parts if number]


def _no_papers(period: Period, topic: str) -> Empty:
    if topic:
        return Empty(
            "Nothing on this topic",
            f"No paper of {period.title} carries it.",
            Link("All topics", period.url),
        )
    return Empty(
        f"No papers in {period.title}" if period.kind == "month" else "No papers yet",
        "They appear here as soon as a feed brings them.",
        Link("Trending papers", reverse("papers:trending_list")),
    )
