"""Members of the site."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import GeneratedField, Q
from django.urls import reverse
from django.utils import timezone

from accounts.names import personal_names, usernames
from accounts.profile import orcids
from common import time_zones


class UserQuerySet(models.QuerySet["User"]):
    def present(self) -> Self:
        """Return members who have a profile: neither suspended for good nor closed.

        Members suspended until a date keep it, because their comments link to it.
        """
        return self.filter(is_active=True, closed_at__isnull=True)

    def looking_like(self, username: str) -> Self:
        """Return the member, if any, whose username looks like this one."""
        return self.filter(username_key=usernames.username_key(username))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """The only manager that creates members outside allauth's sign-up."""

    def create_user(
        self, username: str, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create a member. Without a password, the member signs in by code or passkey."""
        user: User = self.model(
            username=username, email=self.normalize_email(email).lower(), **fields
        )
        user.set_password(password)
        user.full_clean(exclude=["password"], validate_constraints=False)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create an operator, who may enter the admin and moderate."""
        rights = {"is_staff": True, "is_superuser": True, "is_moderator": True}
        return self.create_user(username, email, password, **rights | fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A member. Confirmed e-mail addresses are allauth's `EmailAddress` rows."""

    class Appearance(models.TextChoices):
        SYSTEM = "system", "As the device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    MAX_BIOGRAPHY = 500
    MAX_LINKS = 5

    username = models.CharField(
        max_length=usernames.MAX_LENGTH, validators=[usernames.validate_username]
    )
    # Computed by the database, so that no code path can forget it.
    username_key = GeneratedField(
        expression=usernames.key_expression(),
        output_field=models.CharField(max_length=usernames.MAX_LENGTH),
        db_persist=True,
    )
    # Not unique here: a stranger may type somebody else's address. allauth's table allows one
    # owner for each confirmed address.
    email = models.EmailField()
    full_name = models.CharField(
        max_length=100, blank=True, validators=[personal_names.validate_full_name]
    )
    biography = models.TextField(max_length=MAX_BIOGRAPHY, blank=True)
    links = ArrayField(models.URLField(max_length=300), size=MAX_LINKS, default=list, blank=True)
    orcid = models.CharField(
        "ORCID iD", max_length=19, blank=True, validators=[orcids.validate_orcid]
    )
    # Set when ORCID confirmed the iD. Anybody can type an iD, so only a verified one is unique;
    # otherwise a stranger could block the researcher from entering their own.
    orcid_verified_at = models.DateTimeField("ORCID verified at", null=True, blank=True)
    time_zone = models.CharField(
        max_length=64, default="UTC", validators=[time_zones.validate_time_zone]
    )
    appearance = models.CharField(
        max_length=6, choices=Appearance.choices, default=Appearance.SYSTEM
    )

    # Whether the pages of papers name the member among those who voted for them.
    shows_votes = models.BooleanField(default=True, db_default=True)

    is_active = models.BooleanField("active", default=True)
    # Set by accounts.suspensions.suspensions; a time in the past is an expired suspension.
    suspended_until = models.DateTimeField(null=True, blank=True)
    is_staff = models.BooleanField("may enter the admin", default=False)
    is_moderator = models.BooleanField("moderator", default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["username"],
                name="accounts_usernames_differ",
                violation_error_message="This username is taken.",
            ),
            models.UniqueConstraint(
                fields=["username_key"],
                name="accounts_usernames_look_different",
                violation_error_message="This username is taken, or reads like one that is.",
            ),
            models.CheckConstraint(
                condition=Q(username__regex=usernames.PATTERN),
                name="accounts_usernames_are_plain",
            ),
            models.UniqueConstraint(
                fields=["orcid"],
                condition=Q(orcid_verified_at__isnull=False),
                name="accounts_verified_orcids_differ",
            ),
            models.CheckConstraint(
                condition=Q(orcid="") | Q(orcid__regex=orcids.PATTERN),
                name="accounts_orcids_have_their_shape",
            ),
            models.CheckConstraint(
                condition=Q(orcid_verified_at__isnull=True) | ~Q(orcid=""),
                name="accounts_only_an_orcid_is_verified",
            ),
            models.CheckConstraint(
                condition=Q(appearance__in=["system", "light", "dark"]),
                name="accounts_appearances_are_known",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(is_active=False),
                name="accounts_closed_members_are_inactive",
            ),
        ]
        indexes = [
            models.Index(fields=["email"], name="accounts_user_email"),
            models.Index(fields=["-joined_at", "-id"], name="accounts_user_newest"),
        ]

    def __str__(self) -> str:
        return self.username

    def get_absolute_url(self) -> str:
        return reverse("accounts:profile_page", args=[self.username])

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.username

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def display_name(self) -> str:
        """The member's full name, or the username if there is none."""
        return self.full_name or self.username
