"""Templates for the seats of a new group, which may change them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SeatTemplate:
    """A seat in a template."""

    name: str
    task: str


@dataclass(frozen=True)
class Template:
    """A set of seats; the first is the presenter's."""

    label: str
    words: str
    seats: tuple[SeatTemplate, ...]


_PRESENTER = SeatTemplate(
    "Presenter", "Shows what the paper does and why, and leaves half of the time for discussion."
)

TEMPLATES = {
    "plain": Template(
        "Plain", "One member presents, and everyone else has read the paper.", (_PRESENTER,)
    ),
    "notes": Template(
        "With a note-taker",
        "One member presents, another keeps the minutes.",
        (
            _PRESENTER,
            SeatTemplate(
                "Note-taker", "Writes the minutes: what was claimed, doubted and decided."
            ),
        ),
    ),
    "roles": Template(
        "Role-playing",
        "Each seat looks at the paper from a different angle, which starts a discussion.",
        (
            SeatTemplate(
                "Presenter", "Speaks for the authors: the question, the method, the evidence."
            ),
            SeatTemplate(
                "Critic", "Judges it as a reviewer: two strengths, two weaknesses, and a verdict."
            ),
            SeatTemplate(
                "Archaeologist",
                "Finds one older paper that it builds on, and one newer that builds on it.",
            ),
            SeatTemplate("Student", "Proposes the next study, which only this one makes possible."),
            SeatTemplate(
                "Industry", "Argues for a product made from it, and names who would pay for it."
            ),
            SeatTemplate("Hacker", "Builds or reruns a small part of it, and shows what happens."),
            SeatTemplate(
                "Private investigator",
                "Finds out who the authors are, and what led them to this work.",
            ),
        ),
    ),
}
