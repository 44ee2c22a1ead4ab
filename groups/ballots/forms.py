"""Forms for nominating, picking and voting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Exists, OuterRef, Subquery

from common.form_fields import LinesField
from common.numbers import whole_number
from groups.ballots import nominations
from groups.ballots.models import Nomination
from groups.membership.models import FULL, Group, Membership
from papers.identifiers import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import QueryDict

    from accounts.models import User
    from papers.models import Paper

MAX_REASON = 300


class _PitchedForm(forms.Form):
    pitch = LinesField(
        required=False,
        max_length=nominations.MAX_PITCH,
        label="Why the group should read it",
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    would_present = forms.BooleanField(required=False, label="I would present it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)


class NominationForm(_PitchedForm):
    """A paper, by id or address, and a pitch."""

    paper = forms.CharField(
        max_length=MAX_LENGTH,
        label="arXiv id, DOI or address",
        help_text="The paper must be on this site.",
        error_messages={"required": "Choose a paper."},
    )

    field_order = ["paper", "pitch", "would_present"]


class PaperNominationForm(_PitchedForm):
    """One of the member's groups, for nominating from a paper's page."""

    group = forms.CharField(
        max_length=40, error_messages={"required": "Choose a group to nominate it for."}
    )

    def __init__(
        self, data: QueryDict | None = None, *, member: User, paper: Paper, start: str = ""
    ) -> None:
        super().__init__(data, initial={"group": start})
        self.groups = groups_for(member, paper)
        free = [each for each in self.groups if each.nomination_id is None]  # type: ignore[attr-defined]
        if len(free) == 1 and not start:
            self.initial["group"] = free[0].slug

    def clean_group(self) -> Group:
        slug = self.cleaned_data["group"]
        found = next((each for each in self.groups if each.slug == slug), None)
        if found is None:
            raise forms.ValidationError("Choose one of your groups.")
        return found


def groups_for(member: User, paper: Paper) -> list[Group]:
    """Return the running groups in which the member may nominate, with the state of a paper.

    One query. A group has `nomination_id` if the paper is nominated there, and `read_on`.
    """
    own = Membership.objects.filter(member=member, role__in=FULL)
    standing = Nomination.objects.filter(
        group=OuterRef("pk"), paper=paper, state=Nomination.State.STANDING
    )
    found = Group.objects.running().filter(pk__in=own.values("group"))
    return list(
        found.annotate(
            nomination_id=Subquery(standing.values("pk")[:1]),
            is_own=Exists(standing.filter(nominated_by=member)),
        ).order_by("name", "pk")
    )


class PickForm(forms.Form):
    """An organiser's pick: a nomination, or any paper by its id; and the reason."""

    nomination = forms.IntegerField(required=False)
    paper = forms.CharField(
        required=False, max_length=MAX_LENGTH, label="Or another paper: arXiv id, DOI or address"
    )
    reason = forms.CharField(
        max_length=MAX_REASON,
        label="Why this one",
        help_text="Members see it.",
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": "Say why, in a few words."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)

    def clean(self) -> None:
        nomination, paper = self.cleaned_data.get("nomination"), self.cleaned_data.get("paper")
        if nomination and paper:
            self.add_error("paper", "Choose a nomination or give another paper, not both.")
        elif not nomination and not paper:
            self.add_error("paper", "Choose a nomination, or give another paper.")


class VoteForm:
    """A submitted vote: ticked boxes, or a rank for each paper.

    Not a Django form, because its fields are the ballot's candidates.
    """

    def __init__(self, data: QueryDict, *, numbers: Collection[int], is_ranked: bool) -> None:
        self.will_come = bool(data.get("will_come"))
        self.error = ""
        # The submitted rank of each candidate, unchanged, to show it again.
        self._places = (
            {number: data.get(f"rank_{number}", "") for number in numbers}
            if is_ranked
            else {number: "1" for number in numbers if str(number) in data.getlist("choices")}
        )
        self._is_ranked = is_ranked
        self.error = self._what_is_wrong(data, numbers)

    @property
    def choices(self) -> list[int]:
        """Return the chosen candidates, best first."""
        placed = [(rank, number) for number in self._places if (rank := self.rank_of(number))]
        return [number for _, number in sorted(placed)]

    def rank_of(self, number: int) -> int | None:
        return whole_number(self._places.get(number, ""), digits=4) or None

    def _what_is_wrong(self, data: QueryDict, numbers: Collection[int]) -> str:
        if not self._is_ranked:
            known = {str(number) for number in numbers}
            strange = [each for each in data.getlist("choices") if each not in known]
            return "A paper you chose is not on this ballot." if strange else ""
        if any(text.strip() and not self.rank_of(at) for at, text in self._places.items()):
            return "A rank is a number: 1 for the paper you like best."
        ranks = [self.rank_of(number) for number in self.choices]
        twice = next((rank for rank in ranks if ranks.count(rank) > 1), None)
        return f"Two papers have rank {twice}. Give each a different rank." if twice else ""
