"""Taking a group along: as JSON, as a document, and what it read as a bibliography."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groups import access
from groups.exporting import bibliography as bibliographies
from groups.exporting import group_json, markdown, ris, snapshot

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.http import MemberRequest


@require_safe
def export_page(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_organiser(request.user, slug)
    return render(request, "groups/export_page.html", {"visit": visit})


@require_safe
def export_json(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_organiser(request.user, slug)
    text = group_json.write(snapshot.take(visit.group))
    return _file(text, content_type="application/json", name=f"{slug}.json")


@require_safe
def export_markdown(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_organiser(request.user, slug)
    text = markdown.write(snapshot.take(visit.group))
    return _file(text, content_type="text/markdown; charset=utf-8", name=f"{slug}.md")


@require_safe
@login_not_required
def bibliography(request: HttpRequest, slug: str) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    text = bibliographies.write(visit.group)
    return _file(text, content_type="application/x-bibtex; charset=utf-8", name=f"{slug}.bib")


@require_safe
@login_not_required
def bibliography_ris(request: HttpRequest, slug: str) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    content_type = "application/x-research-info-systems; charset=utf-8"
    return _file(ris.write(visit.group), content_type=content_type, name=f"{slug}.ris")


def _file(text: str, *, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
