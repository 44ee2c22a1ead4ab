"""Tags that Django's templates and the Jinja2 fragments share."""

from __future__ import annotations

from django import template

from common.acts import act
from common.jinja import render_fragment

register = template.Library()

register.simple_tag(act)
register.simple_tag(render_fragment, name="fragment")
