"""People who sign in, and what they do at their school."""

import datetime as dt
import logging
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import Truncator

from accounts.enums import Mails, Role
from accounts.line_models import LineManager as LineManager
from accounts.role_words import RoleWord
from accounts.school_models import BOUNDARIES as BOUNDARIES
from accounts.school_models import DIGEST_AT as DIGEST_AT
from accounts.school_models import QUIET_FROM as QUIET_FROM
from accounts.school_models import QUIET_UNTIL as QUIET_UNTIL
from accounts.school_models import House as House
from accounts.school_models import School as School
from audit.history import keep_history
from core.encryption import EncryptionError, SealedField, open_json, seal_json
from core.ids import UUID, uuid7
from core.models import Record

logger = logging.getLogger(__name__)
# Before a colleague says otherwise: the mail of the day is there when the day begins.
MAILS_AT = dt.time(7, 30)


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may sign in; without a password they must set one by e-mail first."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """For Django's own command; a superuser sees no student unless a membership says so."""
        return self.create_user(email, password, is_staff=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@keep_history(exclude=("password", "last_login", "mails", "mails_at"))
class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff. What they may do follows from their memberships, never from a flag here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    title = models.CharField(max_length=10, blank=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="staff")
    staff_code = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_superuser = False
    groups = None  # type: ignore[assignment]
    user_permissions = None  # type: ignore[assignment]
    date_joined = models.DateTimeField(default=timezone.now)
    mails = models.CharField(max_length=10, choices=Mails.choices, default=Mails.USUAL, db_default=Mails.USUAL.value)
    mails_at = models.TimeField("mail of the day at", default=MAILS_AT, db_default=MAILS_AT)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]
    objects = UserManager()

    class Meta:
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.UniqueConstraint("school", "staff_code", condition=~Q(staff_code=""), name="user_staff_code_unique"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name

    @property
    def formal_name(self) -> str:
        """As families know them: title and surname."""
        return f"{self.title} {self.last_name}".strip() if self.title else self.get_full_name()

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """What this person does at their school today; read once per request."""
        if not self.is_active or self.school_id is None:
            return []
        return list(
            self.memberships.current().filter(school_id=self.school_id).select_related("house", "stands_in_for")
        )

    @property
    def stands_in_for(self) -> set[UUID]:
        """The people whose deputy this person is today."""
        return {held.stands_in_for.user_id for held in self.current_memberships if held.stands_in_for}

    @property
    def memberships_lent(self) -> list[UUID]:
        """The memberships of others that this person stands in for today."""
        return [m.stands_in_for_id for m in self.current_memberships if m.stands_in_for_id]

    @property
    def roles(self) -> set[Role]:
        """The roles held today."""
        return {Role(m.role) for m in self.current_memberships}


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Narrowings of memberships."""

    def current(self, on: dt.date | None = None) -> "MembershipQuerySet":
        """Those in force on that day (today unless told)."""
        day = on or timezone.localdate()
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


@keep_history()
class Membership(Record):
    """A role at a school, for a time, narrowed by a house or a year where it has one.

    Tutor groups and single students are linked to it from above, in tutoring.groups.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role.choices)
    house = models.ForeignKey(House, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    year_group = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(14)]
    )
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    # A deputy's membership has dates of its own; the groups and students are those of the one they stand in for.
    stands_in_for = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="deputies")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_dates_in_order"
            ),
            models.UniqueConstraint(
                fields=["user", "school", "role", "house", "year_group"],
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="membership_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.called}"

    @property
    def called(self) -> RoleWord:
        """The role in the school's own word; who lists memberships selects `school` with them."""
        return self.school.called[self.role]


class Invitation(Record):
    """The link a person was sent to get in with: one a person, the latest; only a hash of its token is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user}, {self.sent_at:%Y-%m-%d}"


class Draft(Record):
    """What somebody is typing, saved as they type: one row per person, form and browser tab.

    `form` names what is being written (for example "session:<student id>"). What is typed (`fields`: name → list of
    values) stands in the database encrypted only.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=120)
    token = models.UUIDField(unique=True)
    revision = models.PositiveIntegerField(default=0)
    sealed = SealedField(null=True)
    # As older versions wrote it; empty as soon as a draft is saved again. To be dropped in a later version.
    plain = models.JSONField(default=dict, db_column="fields")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["user", "form", "-updated_at"], name="draft_by_form")]

    def __str__(self) -> str:
        return f"{self.form} at {self.updated_at:%H:%M}"

    @property
    def fields(self) -> dict[str, list[str]]:
        """What was typed; empty where it cannot be read (`is_readable`)."""
        typed: dict[str, list[str]] = self.plain
        if typed or self.sealed is None:
            return typed
        try:
            typed = open_json(self, "sealed")
        except EncryptionError as error:
            logger.error("Draft %s cannot be read: %s", self.pk, error)
            return {}
        return typed

    @fields.setter
    def fields(self, typed: dict[str, list[str]]) -> None:
        self.sealed, self.plain = seal_json(self, "sealed", typed), {}

    @property
    def is_readable(self) -> bool:
        """False where its key is missing from FIELD_KEYS, or where somebody changed it in the database."""
        try:
            return self.sealed is None or bool(self.plain) or open_json(self, "sealed") is not None
        except EncryptionError:
            return False

    @property
    def first_words(self) -> str:
        """The beginning of the longest thing typed, to tell drafts apart."""
        texts = [value for values in self.fields.values() for value in values]
        return Truncator(max(texts, key=lambda text: (" " in text, len(text)), default="")).words(12)

    @property
    def is_old(self) -> bool:
        """Whether it was last written on an earlier day."""
        return timezone.localdate(self.updated_at) < timezone.localdate()
