"""Forms for writing and editing comments."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, cast

from django import forms
from django.urls import reverse

from discussions import owners
from discussions.anchors import anchoring
from discussions.comments.comments import AnchorDraft
from discussions.comments.models import Anchor
from discussions.markdown import comment_text
from papers.models import Paper

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from django.http import QueryDict

    from discussions.comments.models import Comment
    from discussions.thread.models import Thread

LIMITS = f"Up to {comment_text.MAX_LENGTH:,} characters, in Markdown with TeX."
NO_KEY = "Something is missing from the form. Press Post again."


class WritingForm(forms.Form):
    """A text, with what the template needs to know about its place.

    `action` is the URL to post to, `names_url` completes usernames, `dom_id` is the form's id
    on the page, and `where` its place ("paper:2401.12345", "thread:7", "reply:12", "edit:12"),
    which drafts and previews use.
    """

    verb = "Post"
    is_reply = False
    longest_passage = anchoring.MAX_PASSAGE

    # Not stripped: leading spaces make a code block.
    text = forms.CharField(
        required=False,
        strip=False,
        help_text=LIMITS,
        widget=forms.Textarea(
            attrs={"rows": 5, "data-limit": comment_text.MAX_LENGTH, "dir": "auto"}
        ),
    )

    action: str
    names_url: str
    dom_id: str
    where: str

    def add_error(self, field: str | None, error: Any) -> None:
        """Add the error, and put the caret into the first field to correct."""
        super().add_error(field, error)
        self._put_caret(field if field in {"place", "anchor_exact"} else "text")

    def _put_caret(self, name: str) -> None:
        if not any("autofocus" in each.widget.attrs for each in self.fields.values()):
            self.fields[name].widget.attrs["autofocus"] = True

    def clean_text(self) -> str:
        try:
            return comment_text.clean_text(self.cleaned_data["text"])
        except comment_text.TextError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def preview_id(self) -> str:
        return f"preview-{self.dom_id}"


class CommentForm(WritingForm):
    """A comment on a paper or in a thread, or a reply.

    A passage of the abstract comes with its words and the text around them; a location in the
    paper as "section" and "4.3", with the words if somebody copied them.
    """

    # Generated with the form, so that a double click or a retry posts once.
    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": NO_KEY, "invalid": NO_KEY}
    )
    # Only resubmitted: the view has already fetched the parent.
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    anchor_part = forms.CharField(required=False, widget=forms.HiddenInput)
    anchor_exact = forms.CharField(
        required=False,
        strip=False,
        label="Quote from the abstract",
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    anchor_prefix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    anchor_suffix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    anchor_start = forms.CharField(required=False, widget=forms.HiddenInput)
    anchor_end = forms.CharField(required=False, widget=forms.HiddenInput)
    place_kind = forms.CharField(
        required=False,
        label="Part of the paper",
        widget=forms.Select(choices=anchoring.AnchorKind.choices),
    )
    place = forms.CharField(
        required=False,
        label="Number",
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 8}),
    )

    # Only if the thread's app offers subjects.
    about = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        on: Paper | Thread,
        parent: Comment | None = None,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        self.on, self.answered, self.is_reply = on, parent, parent is not None
        self.paper = on if isinstance(on, Paper) else on.paper
        self.dom_id = f"write-{parent.pk}" if parent else "write"
        self.where = f"reply:{parent.pk}" if parent else place_of(on)
        self.action, self.names_url = _action(on), _names_url(on)
        start = {"key": uuid.uuid4()} | dict(typed or {})
        start["parent"] = parent.pk if parent else ""
        super().__init__(data, initial=start, auto_id=f"{self.dom_id}-%s", label_suffix="")
        self.fields["text"].label = "Your reply" if parent else "Your comment"
        self._offer_subjects()
        if parent:
            self._put_caret("text")

    def _offer_subjects(self) -> None:
        # Replies and comments on papers have no subject of their own.
        thread = None if self.answered or isinstance(self.on, Paper) else self.on
        found = owners.subject_choices(thread) if thread else []
        if found:
            about = cast("forms.TypedChoiceField", self.fields["about"])
            about.choices = [("", "All of it"), *found]
        else:
            del self.fields["about"]

    @property
    def has_subjects(self) -> bool:
        return "about" in self.fields

    def clean(self) -> None:
        """Build the comment's anchor from its fields, or add an error."""
        try:
            self.cleaned_data["anchor"] = self._anchor(self.cleaned_data)
        except anchoring.AnchorError as error:
            self.add_error("anchor_exact" if self.points_at_abstract else "place", str(error))

    def _anchor(self, said: Mapping[str, str]) -> AnchorDraft | None:
        if self.points_at_abstract:
            selectors = anchoring.in_abstract(
                self._require_paper().abstract_html,
                exact=said["anchor_exact"],
                prefix=said["anchor_prefix"],
                suffix=said["anchor_suffix"],
                start=said["anchor_start"],
            )
            return self._draft(Anchor.Part.ABSTRACT, selectors)
        if said["anchor_part"] not in {"", Anchor.Part.PAPER}:
            raise anchoring.AnchorError("A comment points at the abstract or at the paper.")
        if not (said["place"].strip() or said["anchor_exact"].strip()):
            return None
        abstract = self._require_paper().abstract_html
        if not said["place"].strip():
            found = anchoring.copied_from(abstract, exact=said["anchor_exact"])
            if found:
                return self._draft(Anchor.Part.ABSTRACT, found)
        selectors = anchoring.in_paper(
            kind=said["place_kind"], number=said["place"], exact=said["anchor_exact"]
        )
        return self._draft(Anchor.Part.PAPER, selectors)

    def _draft(self, part: Anchor.Part, selectors: anchoring.Selectors) -> AnchorDraft:
        return AnchorDraft(part=part, selectors=selectors, version=self._require_paper().version)

    def _require_paper(self) -> Paper:
        if self.paper is None:
            raise anchoring.AnchorError("This thread is not about a paper.")
        return self.paper

    @property
    def points_at_abstract(self) -> bool:
        return bool(self["anchor_part"].value() == Anchor.Part.ABSTRACT)

    @property
    def shows_place(self) -> bool:
        """Whether the fields for a location in the paper are unfolded."""
        names = ("place", "anchor_exact")
        return any(self[name].value() or self.errors.get(name) for name in names)

    def take_new_key(self) -> None:
        """Generate a new key, because this one is used or posted nothing."""
        self.data = {**self.data, "key": str(uuid.uuid4())}


class EditForm(WritingForm):
    verb = "Save"

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        comment: Comment,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        self.dom_id, self.where = f"edit-{comment.pk}", f"edit:{comment.pk}"
        self.action = reverse("discussions:comment_edit", args=[comment.pk])
        self.names_url = reverse("discussions:thread_names", args=[comment.thread_id])
        start = {"text": comment.text} | dict(typed or {})
        super().__init__(data, initial=start, auto_id=f"{self.dom_id}-%s", label_suffix="")
        self.fields["text"].label = "Your comment"
        self._put_caret("text")


def place_of(on: Paper | Thread) -> str:
    """Return the name of the place of a form on a paper or in a thread."""
    paper = on if isinstance(on, Paper) else on.paper
    return f"paper:{paper.ref}" if paper else f"thread:{on.pk}"


def _action(on: Paper | Thread) -> str:
    paper = on if isinstance(on, Paper) else on.paper
    if paper:
        return reverse("discussions:comment_create", args=[paper.ref])
    return reverse("discussions:thread_comment_create", args=[on.pk])


def _names_url(on: Paper | Thread) -> str:
    paper = on if isinstance(on, Paper) else on.paper
    if paper:
        return reverse("discussions:paper_names", args=[paper.ref])
    return reverse("discussions:thread_names", args=[on.pk])
