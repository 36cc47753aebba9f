from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from afterword.audit.writes import AuditIdentity
from afterword.lib import clock, ids

NAME_LENGTH_MAX = 100
EMAIL_LENGTH_MAX = 254
PASSWORD_CHARACTERS_MAX = 1_000
"""Far more than anyone types; hashing takes time with the length."""


class OrganisationRole(models.TextChoices):
    """What a person may do in the whole install."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Administrator"
    RESPONDER = "responder", "Responder"
    VIEWER = "viewer", "Viewer"


class TeamRole(models.TextChoices):
    """What a person may do in one team."""

    MANAGER = "manager", "Manager"
    MEMBER = "member", "Member"


class KeyScope(models.TextChoices):
    """What an API key may do of what its person may do."""

    READ = "read", "Read"
    WRITE = "write", "Read and write"


class Organisation(models.Model):
    """The whole install. There is exactly one."""

    name = models.CharField(max_length=NAME_LENGTH_MAX)
    slug = models.CharField(max_length=40, unique=True)
    """Stands in every webhook address, so it does not change when the name does."""
    time_zone = models.CharField(max_length=64, default="UTC")
    admins_see_private = models.BooleanField(default=False, db_default=False)
    """Whether owners and administrators see private incidents of which they are no members."""
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="organisation_is_only_one")]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Django asks for people by email, in any letter case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """Someone who signs in."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    email = models.EmailField(max_length=EMAIL_LENGTH_MAX)
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    time_zone = models.CharField(max_length=64, default="UTC")
    role = models.CharField(
        max_length=16, choices=OrganisationRole.choices, default=OrganisationRole.RESPONDER
    )
    is_active = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0)
    """Part of every session's seal: raising it ends all sessions of the person."""
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["email"], name="person_email_is_unique"),
            # allauth looks people up by the address in lower case.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_is_lower_case"),
            models.CheckConstraint(
                condition=Q(role__in=OrganisationRole.values), name="person_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Django's seal of a session is the password alone; ours ends with `session_epoch` too."""
        sealed = f"{self.session_epoch}:{self.password}"
        return salted_hmac(
            "afterword.accounts.session", sealed, secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def is_admin(self) -> bool:
        """May change the organisation: its owners and administrators."""
        return self.role in (OrganisationRole.OWNER, OrganisationRole.ADMIN)

    @property
    def is_staff(self) -> bool:
        return self.is_admin

    @property
    def may_write(self) -> bool:
        """Viewers read; everyone else may change what they can see."""
        return self.role != OrganisationRole.VIEWER

    @property
    def audit_identity(self) -> AuditIdentity:
        return AuditIdentity("person", str(self.pk), str(self))


class Team(models.Model):
    """Owns services, and through them incidents and post-mortems."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    created_at = models.DateTimeField(default=clock.now)
    people = models.ManyToManyField(Person, through="Membership", related_name="teams")

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="team_name_is_unique")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a team."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=TeamRole.choices, default=TeamRole.MEMBER)
    joined_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["person__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="membership_is_once_per_team"),
            models.CheckConstraint(condition=Q(role__in=TeamRole.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class ApiKey(models.Model):
    """A program's way to act for a person. The key itself is shown once and only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    scope = models.CharField(max_length=8, choices=KeyScope.choices, default=KeyScope.READ)
    prefix = models.CharField(max_length=12)
    """The first characters of the key, so that a person can tell two of them apart."""
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=KeyScope.values), name="api_key_scope_is_known"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                name="api_key_revoked_after_made",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """The last number given out for a kind of thing that people call by its number."""

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class ThrottleEntry(models.Model):
    """A row of the cache in which allauth counts sign-ins. Django's database cache reads and writes it.

    In the database, so that all web processes count together. The columns are those of
    `django.core.cache.backends.db`; here, so that the migrations make the table.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_throttle"

    def __str__(self) -> str:
        return self.cache_key
