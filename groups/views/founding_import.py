"""Founding a group out of the file of another one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render

from common.methods import require_page
from common.rate_limits import spend
from common.uploads import takes_files
from common.words import counted
from groups import limits
from groups.belonging.founding import SlugTakenError
from groups.exporting import importing
from groups.exporting.group_json import GroupFileError
from groups.forms.group_import import GroupImportForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest


@takes_files
@require_page
def group_import(request: MemberRequest) -> HttpResponse:
    """Make a group as a file has it, owned by who brings it."""
    form = GroupImportForm()
    if request.method == "POST":
        # Reading a large file takes seconds, whether or not a group comes of it.
        spend(request, limits.IMPORT)
        form = GroupImportForm(request.POST, request.FILES)
        if form.is_valid() and (imported := _import(request, form)):
            messages.success(request, _said(imported))
            return redirect(imported.group)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "groups/group_import.html", {"form": form}, status=status)


def _import(request: MemberRequest, form: GroupImportForm) -> importing.Imported | None:
    try:
        return importing.import_group(
            file=form.group_file, importer=request.user, slug=form.cleaned_data["slug"]
        )
    except SlugTakenError as error:
        form.add_error("slug", str(error))
    except GroupFileError as error:
        form.add_error("file" if request.FILES else "text", str(error))
    return None


def _said(imported: importing.Imported) -> str:
    said = f"{imported.group.name} is here, and you own it. Invite those who read with you."
    if missing := imported.missing_paper_count:
        said += (
            f" {counted(missing, 'paper is', 'papers are')} not on this site, and kept by title."
        )
    return said
