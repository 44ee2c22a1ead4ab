"""Views of questions: members ask and vote, organisers mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from common import redirects
from common.form_views import ask, posted, show_form
from common.methods import require_page
from common.rate_limits import RateLimitExceededError, spend
from common.refusals import refusal_on
from groups import access
from groups.meeting.page import MeetingPage
from groups.meeting.questions import questions
from groups.meeting.questions.forms import QuestionForm
from groups.meeting.questions.models import Question
from groups.meeting.questions.questions import OrganiserMark

if TYPE_CHECKING:
    from datetime import date

    from accounts.http import MemberRequest
    from groups.access import Visit
    from groups.schedule.models import Meeting


@require_page
def question_create(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Show the form that asks a question, for readers without JavaScript or from a link."""
    visit = access.get_visit_as_member(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    page = MeetingPage(visit, meeting, is_room=_is_in_room(request, visit, meeting))
    form = QuestionForm(posted(request), sections=page.sections, may_prompt=visit.is_running)
    page.question_form = form
    wait = 0
    if form.is_valid():
        try:
            with refusal_on(form, "text"):
                return _ask(request, page, form)
        except RateLimitExceededError as error:
            form.add_error("text", f"{error} Your text was kept.")
            wait = error.retry_after
    elif "key" in form.errors:
        form.take_new_key()
    template = "groups/_ask.html" if request.htmx else "groups/question_form.html"
    response = show_form(request, template, form, visit=visit, meeting=meeting, page=page)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _ask(request: MemberRequest, page: MeetingPage, form: QuestionForm) -> HttpResponse:
    spend(request, questions.ASK)
    asked = questions.ask(
        meeting=page.meeting,
        member=request.user,
        text=form.cleaned_data["text"],
        key=form.cleaned_data["key"],
        section_id=form.cleaned_data.get("section"),
        is_prompt=form.cleaned_data.get("is_prompt", False),
    )
    if request.htmx:
        fresh = MeetingPage(page.visit, page.meeting, is_room=page.is_room)
        return render(request, "groups/_asked.html", {"page": fresh})
    back = redirects.local_next(request, otherwise="")
    return redirect(f"{back or page.url}#question-{asked.pk}")


@require_page
def question_edit(request: MemberRequest, slug: str, day: date, pk: int) -> HttpResponse:
    """Mark a question (`mark=` one of `OrganiserMark`), or delete it (`mark=remove`)."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    question = get_question(meeting, pk)
    if request.method != "POST":
        return _mark_page(request, visit, meeting, question)
    wanted = request.POST.get("mark", "")
    if wanted == "remove":
        questions.remove(question=question)
        messages.success(request, "Question deleted.")
    elif wanted in OrganiserMark.values:
        questions.mark(question=question, as_=OrganiserMark(wanted))
    else:
        return _mark_page(request, visit, meeting, question)
    return _changed(request, visit, meeting)


@require_page
def question_vote(request: MemberRequest, slug: str, day: date, pk: int) -> HttpResponse:
    """Vote for a question (`vote=up`), or remove the vote (`vote=none`)."""
    visit = access.get_visit_as_member(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    question = get_question(meeting, pk)
    if request.method != "POST":
        return _mark_page(request, visit, meeting, question)
    wanted = request.POST.get("vote")
    if wanted not in {"up", "none"}:
        return _mark_page(request, visit, meeting, question)
    spend(request, questions.VOTE)
    questions.vote(question=question, member=request.user, wants=wanted == "up")
    return _changed(request, visit, meeting)


def get_question(meeting: Meeting, pk: int) -> Question:
    """Return a question of a meeting that the reader may see."""
    found = Question.objects.select_related("section", "asked_by")
    return get_object_or_404(found, meeting=meeting, pk=pk)


def _changed(request: MemberRequest, visit: Visit, meeting: Meeting) -> HttpResponse:
    """Render the current questions, or redirect to them."""
    if request.htmx:
        page = MeetingPage(visit, meeting, is_room=_is_in_room(request, visit, meeting))
        return HttpResponse(page.questions_html)
    back = redirects.local_next(request, otherwise="")
    return redirect(f"{back or meeting.get_absolute_url()}#questions")


def _is_in_room(request: MemberRequest, visit: Visit, meeting: Meeting) -> bool:
    return redirects.local_next(request, otherwise="") == MeetingPage(visit, meeting).live_url


def _mark_page(
    request: MemberRequest,
    visit: Visit,
    meeting: Meeting,
    question: Question,
) -> HttpResponse:
    html = MeetingPage(visit, meeting).one_question_html(question)
    template = "groups/question_page.html"
    return ask(request, template, visit=visit, meeting=meeting, question=question, html=html)
