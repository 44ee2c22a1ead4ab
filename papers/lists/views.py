"""Pages that list papers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from common.components import with_query
from common.words import counted
from papers.lists import cards, intro, page, periods, places, rail, visits
from papers.lists.forms import JumpForm, page_number, sort_of, topic_code
from papers.lists.page import Heading, PaperList
from papers.models import Author, Organization, Topic

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from papers.lists.periods import Period

# Without the query: what is remembered for all visitors holds no text of one of them.
_NO_SEARCH = "This site has no search yet, so these are the latest papers."


@require_safe
@login_not_required
def home(request: HtmxRequest) -> HttpResponse:
    return redirect("papers:today")


@require_safe
@login_not_required
def today(request: HtmxRequest) -> HttpResponse:
    if request.GET.get("date"):
        return jump(request)
    notice = ""
    if query := request.GET.get("q", "").strip():
        if url := places.url_of_query(query):
            return redirect(url)
        notice = _NO_SEARCH
    # Next to the list and not in it: what visitors see of a list is the same for all of them.
    context = {"shows_intro": intro.is_shown(request) and not request.GET}
    return _period_page(request, periods.day(_latest_day()), context, notice=notice)


@require_POST
@login_not_required
def intro_hide(request: HtmxRequest) -> HttpResponse:
    response = redirect("papers:today")
    intro.hide(response)
    return response


@require_safe
@login_not_required
def day_list(request: HtmxRequest, day: date) -> HttpResponse:
    return _period_page(request, periods.day(day))


@require_safe
@login_not_required
def this_week(request: HtmxRequest) -> HttpResponse:
    """Redirect to the week of the latest papers, from a permanent URL."""
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
    """Redirect to the day of the date field."""
    form = JumpForm(request.GET)
    if not form.is_valid():
        return redirect("papers:today")
    return redirect(periods.day(form.cleaned_data["date"]).url)


@require_safe
@login_not_required
def trending_list(request: HtmxRequest) -> HttpResponse:
    url = reverse("papers:trending_list")
    heading = Heading(
        "Trending papers", ("Most votes lately. A vote’s weight halves every two days.",)
    )
    papers = PaperList("trending", url, topic=topic_code(request))
    return _list_page(request, papers, heading)


@require_safe
@login_not_required
def topic_list(request: HtmxRequest) -> HttpResponse:
    topics = page.topics_of(page.last_days(365), limit=200)
    return render(request, "papers/topic_list.html", {"topics": topics})


@require_safe
@login_not_required
def topic_page(request: HtmxRequest, code: str) -> HttpResponse:
    topic = get_object_or_404(Topic, code=code)
    heading = Heading(topic.name, tuple(filter(None, (topic.field, topic.code))))
    url = topic.get_absolute_url()
    papers = PaperList("topic", url, code=topic.code, sort=sort_of(request))
    return _list_page(request, papers, heading)


@require_safe
@login_not_required
def organization_page(request: HtmxRequest, slug: str) -> HttpResponse:
    organization = get_object_or_404(Organization, slug=slug)
    heading = Heading(organization.name, ("Papers from this organization",))
    url = organization.get_absolute_url()
    papers = PaperList("organization", url, subject_id=organization.pk, sort=sort_of(request))
    return _list_page(request, papers, heading)


@require_safe
@login_not_required
def author_page(request: HtmxRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author, slug=slug)
    heading = Heading(
        author.name, ("Papers under this name. People with the same name share this page.",)
    )
    url = author.get_absolute_url()
    papers = PaperList("author", url, subject_id=author.pk, sort=sort_of(request))
    return _list_page(request, papers, heading)


@require_safe
def saved_list(request: MemberRequest) -> HttpResponse:
    """Show the member's saved papers, the latest first: two queries for the cards."""
    papers = PaperList("saved", reverse("papers:saved_list"), subject_id=request.user.pk)
    return _list_page(
        request, papers, Heading("To read", ("Papers you saved. Only you can see them.",))
    )


def _period_page(
    request: HtmxRequest,
    period: Period,
    context: dict[str, Any] | None = None,
    *,
    notice: str = "",
) -> HttpResponse:
    """Show a day, a week or a month; redirect from an empty day to the nearest with papers."""
    counts = page.counts_of(period)
    if not counts.papers and period.kind == "day" and (nearest := _nearest_day(period)):
        return redirect(with_query(nearest.url, instead_of=period.first.isoformat()))
    papers = PaperList(period.kind, period.url, period, topic=topic_code(request))
    heading = Heading(
        period.title,
        (*_counted(counts), *_new_since_last_visit(request, papers)),
        notice or _instead_of(request, period),
    )
    return _list_page(request, papers, heading, context)


def _list_page(
    request: HtmxRequest,
    papers: PaperList,
    heading: Heading,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a list. Parts that are the same for all readers are cached for some seconds.

    For visitors that is the whole list and what is beside it, and for members the part around
    the cards.
    """
    number = page_number(request)
    if request.user.is_authenticated:
        found = page.page_of_cards(papers, number=number, reader=request.user)
        make = page.frame_of if papers.kind == "saved" else page.shared_frame_of
        frame = make(papers, heading, number, has_next=found.has_next, has_cards=bool(found.cards))
        cards_html = cards.render(found.cards, is_member=True)
    else:
        frame, cards_html = page.page_for_visitors(papers, heading, number)
    shown = {
        "heading": heading,
        "frame": frame,
        "cards_html": cards_html,
        "rail_html": rail.rail_of(request.user),
    }
    response = render(request, "papers/paper_list.html", shown | (context or {}))
    visits.remember_visit(request, response)
    return response


def _latest_day() -> date:
    """Return the last day that has papers, or today while there is none."""
    now = periods.today()
    return page.latest_day_shared(now) or now


def _nearest_day(period: Period) -> Period | None:
    """Return the nearest earlier day with papers, or, before all of them, the first."""
    nearest = page.latest_day(until=period.first) or page.earliest_day(since=period.first)
    return periods.day(nearest) if nearest else None


def _instead_of(request: HtmxRequest, period: Period) -> str:
    try:
        asked = parse_date(request.GET.get("instead_of", ""))
    except ValueError:
        return ""
    if asked is None or asked == period.first:
        return ""
    side = "before" if asked > period.first else "after"
    return f"No papers on {periods.day(asked).title}. You see the nearest day {side} it."


def _new_since_last_visit(request: HtmxRequest, papers: PaperList) -> list[str]:
    before, period = visits.last_visit(request), papers.period
    # Periods that ended a week before the last visit count no new papers.
    if before is None or period is None or period.last < before.date() - timedelta(days=7):
        return []
    new = papers.all_papers().filter(created_at__gt=before).count()
    return [f"{new:,} new since your last visit"] if new else []


def _counted(counts: page.PeriodCounts) -> list[str]:
    parts = [
        (counts.papers, "paper"),
        (counts.votes, "vote"),
        (counts.comments, "comment"),
    ]
    return [counted(number, noun) for number, noun in parts if number]
