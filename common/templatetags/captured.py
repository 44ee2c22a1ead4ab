"""A tag that keeps a part of a template, to show it more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from django.template import Context
    from django.template.base import NodeList, Parser, Token
    from django.utils.safestring import SafeString

register = template.Library()


class CapturedNode(template.Node):
    """Renders its content, which may hold blocks, into a variable, as one line."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        text = self.nodelist.render(context)
        context[self.name] = mark_safe(" ".join(text.split()))  # noqa: S308 - rendered, so escaped
        return mark_safe("")


@register.tag
def captured(parser: Parser, token: Token) -> CapturedNode:
    """`{% captured title %}{% block title %}…{% endblock %}{% endcaptured %}`, then `{{ title }}`.

    A block can stand in a template only once.
    """
    _, name = token.split_contents()
    nodelist = parser.parse(("endcaptured",))
    parser.delete_first_token()
    return CapturedNode(nodelist, name)
