"""Views for import and export: JSON, Markdown and bibliographies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.form_views import posted, show_form
from common.methods import require_page
from common.rate_limits import spend
from common.refusals import refusal_on
from common.uploads import takes_files
from common.words import counted
from groups import access, limits
from groups.transfer import bibliography as bibliographies
from groups.transfer import group_json, importing, markdown, ris, snapshot
from groups.transfer.forms import GroupImportForm
from groups.transfer.group_json import GroupFileError

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


@takes_files
@require_page
def group_import(request: MemberRequest) -> HttpResponse:
    """Create a group from a file, owned by the importer."""
    if request.method == "POST":
        # Reading a large file takes seconds, even if it is refused.
        spend(request, limits.IMPORT)
    form = GroupImportForm(posted(request), request.FILES or None)
    if form.is_valid():
        sent_as = "file" if request.FILES else "text"
        with refusal_on(form, sent_as, also=(GroupFileError,)):
            imported = importing.import_group(
                file=form.group_file, importer=request.user, slug=form.cleaned_data["slug"]
            )
            messages.success(request, _said(imported))
            return redirect(imported.group)
    return show_form(request, "groups/group_import.html", form)


def _said(imported: importing.Imported) -> str:
    said = f"{imported.group.name} was imported. You own it: invite its members."
    if missing := imported.missing_paper_count:
        said += (
            f" {counted(missing, 'paper is', 'papers are')} not on this site, and kept by title."
        )
    return said
