"""Views of the moderators' desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.suspensions.forms import AppealForm
from common import paging, redirects
from common.form_views import posted, show_form
from common.methods import require_page
from common.refusals import refusal_on
from discussions import access
from discussions.moderation import acts as moderation_acts
from discussions.moderation import appeals, forms, log, page
from discussions.moderation.forms import (
    ActForm,
    CommentActForm,
    DecisionForm,
    MemberActForm,
    ReasonForm,
    ThreadActForm,
)
from discussions.moderation.models import Act, Appeal, Report
from discussions.places import titled_places

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from discussions.comments.models import Comment
    from discussions.thread.models import Thread


Kind = Act.Kind


_PARTS: dict[str, Callable[..., page.QueuePage[Any]]] = {
    "reports": page.reported,
    "held": page.held,
    "appeals": page.appealed,
}


@require_safe
def moderation_queue(request: MemberRequest) -> HttpResponse:
    access.require_moderator(request.user)
    show = request.GET.get("show", "reports")
    if show not in _PARTS:
        raise Http404("The queue has no such part.")
    url = reverse("discussions:moderation_queue")
    counts = page.count_open()
    labels = {"reports": "Reports", "held": "Held comments", "appeals": "Appeals"}
    tabs = [
        {
            "label": label,
            "url": f"{url}?show={part}",
            "count": getattr(counts, part),
            "is_current": part == show,
        }
        for part, label in labels.items()
    ]
    after = paging.start_of(request, "after") or 0
    asked = {"reader": request.user} if show == "reports" else {}
    part = _PARTS[show](after=after, **asked)
    context = {
        "show": show,
        "tabs": tabs,
        "page": part,
        "first_url": f"{url}?show={show}" if after else "",
        "next_url": f"{url}?show={show}&after={part.after}" if part.after else "",
        "here": request.get_full_path(),
    }
    return render(request, "discussions/moderation_queue.html", context | _reasons())


@require_page
def comment_moderate(request: MemberRequest, pk: int) -> HttpResponse:
    access.require_moderator(request.user)
    comment = page.get_comment(request.user, pk)
    form = CommentActForm(
        posted(request), offered=_acts_on_comment(comment), initial=_initial(request)
    )
    url = reverse("discussions:comment_moderate", args=[pk])
    done = _carry_out(request, form, url, lambda: _act_on_comment(request.user, comment, form))
    if done:
        return done
    context = {
        "judged": page.judged(comment),
        "reports": page.open_reports(reader=request.user, comment=comment),
        "acts": page.acts_about(comment=comment),
        "revisions": comment.revisions.order_by("-number"),
        "thread_form": ThreadActForm(offered=_acts_on_thread(comment.thread)),
        "is_own": comment.author_id == request.user.pk,
    }
    return _page(request, "discussions/comment_moderate.html", form, context)


@require_page
def member_moderate(request: MemberRequest, username: str) -> HttpResponse:
    access.require_moderator(request.user)
    member = get_object_or_404(User.objects.looking_like(username))
    form = MemberActForm(
        posted(request), offered=_acts_on_member(member), initial=_initial(request)
    )
    url = reverse("discussions:member_moderate", args=[member.username])
    done = _carry_out(request, form, url, lambda: _act_on_member(request.user, member, form))
    if done:
        return done
    context = {
        "member": member,
        "reports": page.open_reports(reader=request.user, member=member),
        "acts": page.acts_about(member=member),
        "recent": page.recent_comments(member),
        "is_own": member.pk == request.user.pk,
    }
    return _page(request, "discussions/member_moderate.html", form, context)


@require_POST
def thread_moderate(request: MemberRequest, pk: int) -> HttpResponse:
    access.require_moderator(request.user)
    thread = page.get_thread(request.user, pk)
    form = ThreadActForm(request.POST, offered=_acts_on_thread(thread))

    def act() -> Act:
        do = (
            moderation_acts.lock
            if form.cleaned_data["act"] == Kind.LOCK
            else moderation_acts.unlock
        )
        return do(thread=thread, moderator=request.user, **_words(form))

    done = _carry_out(request, form, thread.get_absolute_url(), act)
    context = {"title": "Close or open a thread", "place": titled_places([thread]).get(thread.pk)}
    return done or _page(request, "discussions/moderation_form.html", form, context)


@require_POST
def report_dismiss(request: MemberRequest, pk: int) -> HttpResponse:
    access.require_moderator(request.user)
    report = get_object_or_404(Report.objects.select_related("comment__author", "member"), pk=pk)
    form = ReasonForm(request.POST)
    done = _carry_out(
        request,
        form,
        reverse("discussions:moderation_queue"),
        lambda: moderation_acts.dismiss(
            report=report, moderator=request.user, reason=form.cleaned_data["reason"]
        ),
    )
    context = {"title": "Dismiss a report", "button": "Dismiss"}
    return done or _page(request, "discussions/moderation_form.html", form, context)


@require_POST
def appeal_decide(request: MemberRequest, pk: int) -> HttpResponse:
    """Uphold an appeal (`outcome=upheld`), which undoes the act, or deny it."""
    access.require_moderator(request.user)
    appeal = get_object_or_404(Appeal.objects.select_related("act__member"), pk=pk)
    form = DecisionForm(request.POST)

    def decide() -> Act:
        decided = appeals.decide(appeal=appeal, moderator=request.user, **form.cleaned_data)
        return decided.act

    url = f"{reverse('discussions:moderation_queue')}?show=appeals"
    done = _carry_out(request, form, url, decide, said="The member is notified.")
    context = {"title": "Answer an appeal", "appeal": appeal}
    return done or _page(request, "discussions/moderation_form.html", form, context)


def _carry_out(
    request: MemberRequest,
    form: ReasonForm,
    url: str,
    act: Callable[[], Act],
    *,
    said: str = "",
) -> HttpResponse | None:
    """Do the act of a valid form, and redirect to the queue or the page of the button.

    Return None if the form has to be shown, for the first time or again.
    """
    if not form.is_valid():
        return None
    with refusal_on(form):
        try:
            done = act()
        except moderation_acts.AlreadyDoneError as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, said or f"Done and logged: {done.get_kind_display()}.")
        return redirect(redirects.local_next(request, otherwise=url))
    return None


def _act_on_comment(moderator: User, comment: Comment, form: CommentActForm) -> Act:
    kind, words = form.cleaned_data["act"], _words(form)
    if kind == Kind.WARN:
        if comment.author is None:
            raise moderation_acts.ActRefusedError("Its author has no account any more.")
        return moderation_acts.warn(
            member=comment.author, comment=comment, moderator=moderator, **words
        )
    if kind in moderation_acts.HIDING:
        is_spam = kind == Kind.SPAM
        return moderation_acts.hide(comment=comment, moderator=moderator, as_spam=is_spam, **words)
    do = moderation_acts.restore if kind == Kind.RESTORE else moderation_acts.release
    return do(comment=comment, moderator=moderator, **words)


def _act_on_member(moderator: User, member: User, form: MemberActForm) -> Act:
    kind, words = form.cleaned_data["act"], _words(form)
    if kind == Kind.SUSPEND:
        return moderation_acts.suspend(member=member, moderator=moderator, until=form.end, **words)
    do = {
        Kind.WARN: moderation_acts.warn,
        Kind.LIFT: moderation_acts.lift,
        Kind.VOID_VOTES: moderation_acts.void_votes,
        Kind.RESTORE_VOTES: moderation_acts.restore_votes,
    }[kind]
    return do(member=member, moderator=moderator, **words)


def _acts_on_comment(comment: Comment) -> list[Act.Kind]:
    if comment.hidden_at:
        return [Kind.RESTORE, Kind.WARN]
    if comment.held_at:
        return [Kind.RELEASE, Kind.HIDE, Kind.SPAM, Kind.WARN]
    return [Kind.HIDE, Kind.SPAM, Kind.WARN]


def _acts_on_thread(thread: Thread) -> list[Act.Kind]:
    return [Kind.UNLOCK if thread.is_locked else Kind.LOCK]


def _acts_on_member(member: User) -> list[Act.Kind]:
    acts = [Kind.WARN, Kind.LIFT if member.is_suspended else Kind.SUSPEND, Kind.VOID_VOTES]
    voided = member.acts_about.filter(kind=Kind.VOID_VOTES, undone_by__isnull=True)
    return [*acts, Kind.RESTORE_VOTES] if voided.exists() else acts


def _words(form: ActForm) -> dict[str, str]:
    return {"reason": form.cleaned_data["reason"], "note": form.cleaned_data["note"]}


def _initial(request: MemberRequest) -> dict[str, str]:
    return {"reason": request.GET.get("reason", "")[: Act.MAX_REASON]}


def _reasons() -> dict[str, Any]:
    return {
        "reasons": [*forms.REASONS_AGAINST.values(), *forms.REASONS_FOR],
        "limits": {
            "reason": Act.MAX_REASON,
            "note": Act.MAX_NOTE,
            "answer": Appeal.MAX_ANSWER,
        },
        "reason_to_dismiss": forms.REASON_TO_DISMISS,
        "reason_to_release": forms.REASON_TO_RELEASE,
    }


def _page(
    request: MemberRequest, template: str, form: ReasonForm, context: dict[str, Any]
) -> HttpResponse:
    context |= {"back": redirects.local_next(request, otherwise="")} | _reasons()
    return show_form(request, template, form, **context)


@require_safe
@login_not_required
def moderation_log(request: HtmxRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    if kind and kind not in Act.Kind.values:
        raise Http404("The log has no such part.")
    url = reverse("discussions:moderation_log")
    before = paging.start_of(request)
    found = log.entries(request.user, kind=kind, before=before)
    query = {"kind": kind} if kind else {}
    context = {
        "page": found,
        "before": before,
        "kind": kind,
        "kinds": Act.Kind.choices,
        "newest_url": f"{url}?{urlencode(query)}" if query else url,
        "older_url": f"{url}?{urlencode(query | {'before': found.older})}" if found.older else "",
    }
    return render(request, "discussions/moderation_log.html", context)


@require_safe
@login_not_required
def act_page(request: HtmxRequest, pk: int) -> HttpResponse:
    return _page_acts(request, log.get_entry(request.user, pk), AppealForm())


@require_page
def act_appeal(request: MemberRequest, pk: int) -> HttpResponse:
    entry = log.get_entry(request.user, pk)
    if entry.act.member_id != request.user.pk:
        raise PermissionDenied("Only the member concerned can appeal.")
    form = AppealForm(posted(request))
    if form.is_valid():
        with refusal_on(form):
            appeals.appeal_act(act=entry.act, member=request.user, text=form.cleaned_data["text"])
            messages.success(request, "Appeal sent to the moderators.")
            return redirect(entry.act)
    return _page_acts(request, entry, form)


def _page_acts(request: HtmxRequest, entry: log.Entry, form: AppealForm) -> HttpResponse:
    reader = request.user
    act = entry.act
    # Members are not told of dismissed reports about them.
    is_concerned = act.member_id == reader.pk and act.kind != Act.Kind.DISMISS
    context = {
        "entry": entry,
        "act": act,
        "is_concerned": reader.is_authenticated and is_concerned,
        "is_moderator": reader.is_authenticated and reader.is_moderator,
        "may_appeal": reader.is_authenticated and appeals.may_appeal(act=act, member=reader),
    }
    return show_form(request, "discussions/act_page.html", form, **context)
