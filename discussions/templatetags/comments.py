"""The comment form in Django's templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from discussions.thread.posting import form_html

if TYPE_CHECKING:
    from django.template import Context
    from django.utils.safestring import SafeString

    from discussions.comments.forms import WritingForm

register = template.Library()


@register.simple_tag(takes_context=True)
def comment_form(
    context: Context, form: WritingForm, *, cancel_url: str = "", alone: bool = False
) -> SafeString:
    return form_html(context["request"], form, cancel_url=cancel_url, alone=alone)
