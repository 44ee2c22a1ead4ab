"""The design page: each component with long, empty and unusual content."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace as Sample
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from common.components import Link

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_LONG_TITLE = (
    "A Remarkably Thorough and, to the Best of Our Knowledge, the First Large-Scale Empirical"
    " Investigation of Whether Titles of Three Hundred Characters, Which Some Authors Apparently"
    " Prefer to Shorter Ones, Can Be Shown in a List Without Breaking Its Columns, with"
    " Applications to the Typography of Catalogs"
)
_LEAD = (
    "Pixel-wise regression is the most common problem in fine-grained vision tasks. These"
    " problems are hard because they require, at low computational cost, modeling long-range"
    " dependencies on high-resolution inputs and outputs. We show that CNNs need"
    " <math><mi>O</mi><mo>(</mo><mi>k</mi><mo>+</mo><mi>d</mi><mo>)</mo></math> samples, whereas…"
)


@dataclass(frozen=True)
class _Message:
    tags: str
    text: str

    def __str__(self) -> str:
        return self.text


class SampleForm(forms.Form):
    """Fields in the states that a form has."""

    empty = forms.CharField(
        label="Name", required=False, help_text="As you sign your papers.", max_length=100
    )
    filled = forms.EmailField(label="E-mail address")
    wrong = forms.EmailField(label="Address with a mistake")
    text = forms.CharField(
        label="About you",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    choice = forms.ChoiceField(
        label="Appearance",
        choices=[("system", "As the device"), ("light", "Light"), ("dark", "Dark")],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label="Keep me signed in")


@require_safe
@login_not_required
def design_page(request: HttpRequest) -> HttpResponse:
    return render(request, "devtools/design.html", _samples())


def _samples() -> dict[str, Any]:
    """Return the context of the page, with the components once for each theme."""
    return {
        "light_form": _form("light"),
        "dark_form": _form("dark"),
        "cards": _cards(),
        "bars": _bars(),
        "pager": Sample(
            page_number=2,
            previous_page_url="#",
            next_page_url="#",
            previous=Sample(label="Thursday, November 19", url="#"),
            next=Sample(label="Saturday, November 21", url="#"),
        ),
        "empty": Sample(
            title="No papers on this topic",
            text="There are no papers on this topic that day.",
            action=Sample(label="All topics", url="#"),
        ),
        "toasts": [
            _Message("success", "Your profile is saved."),
            _Message("info", "This paper is here already."),
            _Message("error", "Could not reach the site. Nothing was lost."),
        ],
    }


def _form(theme: str) -> SampleForm:
    typed = {"filled": "mira@example.org", "wrong": "mira at example", "choice": "light"}
    return SampleForm(typed | {"agreed": "on"}, auto_id=f"{theme}-%s")


def _cards() -> list[Sample]:
    card = {
        "url": "#",
        "abstract_url": "#",
        "lead_html": _LEAD,
        "has_more": False,
        "organization_name": "",
        "organization_url": "#",
        "published": "Nov 20",
        "published_iso": "2026-11-20",
        "comment_count": 0,
        "is_withdrawn": False,
        "authors": [],
        "author_count": 0,
        "other_author_count": 0,
        "code_url": "",
        "stars": "",
        "thumbnail_url": "",
        "external_votes": None,
        "why": "",
    }
    varied = [
        {
            "title_html": "Glocal Information Bottleneck for Time Series Imputation",
            "authors": _names("Jie Yang", "Kexin Zhang", "Guibin Zhang"),
            "other_author_count": 2,
            "code_url": "#",
            "stars": "1.2k",
            "why": "12 votes today",
            "comment_count": 3,
            "has_more": True,
            "votes": 128,
        },
        {
            "title_html": _LONG_TITLE,
            "authors": _names("נועה כהן", "محمد علي", "Ana Pérez-Ortiz"),
            "other_author_count": 2988,
            "organization_name": "A Laboratory with a Name",
            "votes": 96,
            "is_upvoted": True,
        },
        {
            "title_html": "Withdrawn, with no abstract and no votes",
            "lead_html": "",
            "is_withdrawn": True,
            "votes": 0,
        },
        {
            "title_html": "With a picture, and an author whose name has no blank",
            "authors": _names("Wolfeschlegelsteinhausenbergerdorff" * 5),
            "thumbnail_url": static("icons/apple-touch-icon.png"),
            "code_url": "#",
            "votes": 7,
        },
    ]
    return [Sample(**(card | {"is_upvoted": False} | own)) for own in varied]


def _names(*names: str) -> list[Link]:
    return [Link(name, "#") for name in names]


def _bars() -> list[Sample]:
    levels = [8, 11, 12, 8, 14, 1, 0, 13, 14, 12, 16, 20, 1, 0]
    return [
        Sample(label=f"Day {day}: {level} papers", url="#", level=level, is_current=day == 12)
        for day, level in enumerate(levels, start=1)
    ]
