"""Models for groups, memberships, logs, bans and requests to join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from discussions.comments.rendering import MarkdownText
from groups.defaults import MINUTES_TEMPLATE, SURVEY_QUESTION, Attending
from papers.models import Topic

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from groups.schedule.models import Meeting


class GroupQuerySet(models.QuerySet["Group"]):
    def running(self) -> Self:
        """Return groups that are not closed."""
        return self.filter(closed_at__isnull=True)

    def listed(self) -> Self:
        """Return groups that are public: in the list, in search, on a paper's page."""
        return self.filter(visibility=Group.Visibility.PUBLIC)

    def visible_to(self, reader: User | AnonymousUser) -> Self:
        """Return groups whose pages the reader may open with the address."""
        visible = ~Q(visibility=Group.Visibility.PRIVATE)
        if not reader.is_authenticated:
            return self.filter(visible)
        own = self.model.objects.filter(memberships__member_id=reader.pk)
        return self.filter(visible | Q(pk__in=own.values("pk")))

    def of(self, member: User) -> Self:
        """Return the groups of a member."""
        return self.filter(memberships__member=member)


class Group(MarkdownText):
    """People who read papers together, usually every week."""

    SOURCES = ("description", "rules")
    OUTPUTS = ("description_html", "rules_html")

    class Visibility(models.TextChoices):
        PUBLIC = "public", "Public: listed, and anyone can read it"
        UNLISTED = "unlisted", "Unlisted: anyone with the link can read it"
        PRIVATE = "private", "Private: only members can see it"

    class Joining(models.TextChoices):
        OPEN = "open", "Anyone can join"
        REQUEST = "request", "Anyone can ask to join"
        INVITATION = "invitation", "By invitation only"

    name = models.CharField(max_length=80)
    # Part of the group's URLs; `groups.naming` defines which are valid.
    slug = models.CharField(max_length=40)
    summary = models.CharField(max_length=200, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    joining = models.CharField(max_length=10, choices=Joining, default=Joining.OPEN)
    # Shown to those who ask to join.
    join_question = models.CharField(max_length=300, blank=True)
    # Markdown and its rendered HTML, as for comments.
    description = models.TextField(blank=True)
    description_html = models.TextField(blank=True)
    rules = models.TextField(blank=True)
    rules_html = models.TextField(blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="groups")
    # The default join link of meetings: for members only.
    join_url = models.URLField(max_length=500, blank=True)
    place = models.CharField(max_length=200, blank=True)
    # Places at a meeting; null means no limit.
    capacity = models.PositiveIntegerField(null=True, blank=True)
    minutes_template = models.TextField(default=MINUTES_TEMPLATE, blank=True)
    survey_question = models.CharField(max_length=200, default=SURVEY_QUESTION)
    member_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    # A closed group keeps its pages and cannot change.
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="groups_addresses_differ"),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="groups_addresses_are_plain",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=["public", "unlisted", "private"]),
                name="groups_visibility_is_known",
            ),
            models.CheckConstraint(
                condition=Q(joining__in=["open", "request", "invitation"]),
                name="groups_joining_is_known",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                name="groups_capacity_lets_somebody_in",
            ),
        ]
        indexes = [
            models.Index(
                F("member_count").desc(),
                F("id").desc(),
                name="groups_largest",
                condition=Q(visibility="public", closed_at__isnull=True),
            ),
            models.Index(fields=["rendered_with"], name="groups_by_rendering"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("groups:group_page", args=[self.slug])

    @property
    def is_private(self) -> bool:
        return self.visibility == self.Visibility.PRIVATE

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class LogEntry(models.Model):
    """An event in a group: by its actor, or by the clock without one."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="log", db_index=False)
    meeting = models.ForeignKey(
        "groups.Meeting",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="log",
        db_index=False,
    )
    # The `kind` given to `note`: "phase", "schedule", "joined", "role", "removed", "banned", …
    kind = models.CharField(max_length=24)
    # The number of a meeting's phase change, from 1. Unique, so that each happens once.
    number = models.PositiveIntegerField(null=True, blank=True)
    words = models.CharField(max_length=300)
    actor = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="groups_phase_changes_once"),
        ]
        indexes = [models.Index(fields=["group", "-id"], name="groups_log")]

    def __str__(self) -> str:
        return self.words

    @classmethod
    def note(
        cls,
        *,
        group: Group | int,
        kind: str,
        words: str,
        actor: User | None = None,
        meeting: Meeting | None = None,
        number: int | None = None,
        detail: dict[str, Any] | None = None,
        saves: bool = True,
    ) -> LogEntry:
        """Add an entry, inside the transaction of the event.

        Without an actor the clock did it. `number` is for phase changes only: a second entry with a
        meeting's number violates the constraint, and so rolls back the second change. With
        `saves=False` the caller saves it, perhaps with many others.
        """
        entry = cls(
            group_id=group if isinstance(group, int) else group.pk,
            meeting=meeting,
            kind=kind,
            number=number,
            words=words[:300],
            actor=actor,
            at=timezone.now(),
            detail=detail or {},
        )
        if saves:
            entry.save(force_insert=True)
        return entry


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ORGANISER = "organiser", "Organiser"
    MEMBER = "member", "Member"
    GUEST = "guest", "Guest"


# Roles that run the group, and roles that vote, nominate and present.
RUNNING = (Role.OWNER, Role.ORGANISER)


FULL = (Role.OWNER, Role.ORGANISER, Role.MEMBER)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def running(self) -> Self:
        """Return owners and organisers."""
        return self.filter(role__in=RUNNING)

    def full(self) -> Self:
        """Return everybody but guests: they vote, nominate and present."""
        return self.filter(role__in=FULL)


class Membership(models.Model):
    """One member in one group. Leaving deletes it; contributions stay."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships"
    )
    role = models.CharField(max_length=9, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now)
    # The default answer to every meeting; "" is none.
    usual_answer = models.CharField(max_length=5, choices=Attending, default="", blank=True)
    # The member's lead times; null uses the group's, empty means no reminders.
    reminder_minutes = ArrayField(models.PositiveIntegerField(), size=4, null=True, blank=True)
    shares_progress = models.BooleanField(default=False)
    takes_turns = models.BooleanField("would present when asked", default=True)
    # Fold comments about sections that the member has not read yet.
    folds_ahead = models.BooleanField(default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], name="groups_member_belongs_once"),
            models.CheckConstraint(
                condition=Q(role__in=["owner", "organiser", "member", "guest"]),
                name="groups_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(usual_answer__in=["", "going", "maybe", "no"]),
                name="groups_usual_answer_is_known",
            ),
        ]
        indexes = [
            # For the list of members, in the order it is shown.
            models.Index(fields=["group", "role", "joined_at", "id"], name="groups_members"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"

    @property
    def is_running(self) -> bool:
        return self.role in RUNNING

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_full(self) -> bool:
        return self.role in FULL


class Ban(models.Model):
    """A member whom a group keeps out until an organiser lifts it."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="bans", db_index=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_bans"
    )
    reason = models.CharField(max_length=300, blank=True)
    banned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], name="groups_ban_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} kept out of {self.group_id}"


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def waiting(self) -> Self:
        return self.filter(decided_at__isnull=True)


class JoinRequest(models.Model):
    """A request to join, with the answer to the group's question."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="join_requests", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests"
    )
    answer = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    is_accepted = models.BooleanField(default=False)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"],
                condition=Q(decided_at__isnull=True),
                name="groups_request_waits_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "id"],
                name="groups_requests_waiting",
                condition=Q(decided_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} asks to join {self.group_id}"
