"""Defaults for new groups."""

from __future__ import annotations

from django.db import models


class Attending(models.TextChoices):
    """A member's possible answers to a meeting."""

    GOING = "going", "Attending"
    MAYBE = "maybe", "Maybe"
    NO = "no", "Not attending"


SURVEY_QUESTION = "Would you recommend this paper?"

MINUTES_TEMPLATE = """\
## What the paper claims

## What we made of it

## Open questions

## Decisions and actions

- [ ] Who does what, by when
"""


def reminder_minutes() -> list[int]:
    """Return the default lead times: a day and an hour before a meeting."""
    return [24 * 60, 60]
