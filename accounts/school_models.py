"""The school, its houses, and the words and hours it says of itself."""

import datetime as dt
from collections.abc import Mapping

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.enums import Role
from accounts.role_words import RoleWords
from audit.history import keep_history
from core.models import Record

# Before a school says otherwise: no mail in the evening and at night, the weekly one on Friday afternoon.
QUIET_FROM, QUIET_UNTIL, DIGEST_AT = dt.time(19), dt.time(7), dt.time(16)

# KCSIE, part one: staff never promise a child that they will not tell anyone about a report of abuse.
BOUNDARIES = (
    "I am glad that you tell me. I cannot promise to keep it secret: if I am worried that you or somebody else is not"
    " safe, I tell the safeguarding lead, and I tell you that I do."
)


@keep_history()
class School(Record):
    """One school or college, and the words it uses for its own things."""

    name = models.CharField("name", max_length=200)
    dfe_number = models.CharField("DfE number", max_length=7, blank=True, help_text="LA and establishment, 7 digits")
    house_label = models.CharField("a house is called", max_length=30, default="House")
    tutor_group_label = models.CharField("a tutor group is called", max_length=30, default="Tutor group")
    tutor_label = models.CharField("a tutor is called", max_length=30, default="Tutor")
    senco_label = models.CharField("the SENCO is called", max_length=30, default="SENCO")
    new_weeks = models.PositiveSmallIntegerField(
        "weeks in which a new student is watched over", default=6, db_default=6, validators=[MaxValueValidator(52)]
    )
    plain_year = models.PositiveSmallIntegerField(
        "what is agreed is to be read with ease in year",
        default=8,
        db_default=8,
        validators=[MinValueValidator(2), MaxValueValidator(13)],
    )
    handling_label = models.CharField(
        "a positive handling plan is called",
        max_length=40,
        default="Positive handling plan",
        db_default="Positive handling plan",
    )
    quiet_from = models.TimeField("no mail from", default=QUIET_FROM, db_default=QUIET_FROM)
    quiet_until = models.TimeField("no mail until", default=QUIET_UNTIL, db_default=QUIET_UNTIL)
    digest_at = models.TimeField("weekly mail to families", default=DIGEST_AT, db_default=DIGEST_AT)
    behaviour_policy = models.URLField("behaviour policy", max_length=300, blank=True, default="", db_default="")
    boundaries = models.CharField(
        "what is said before listening", max_length=600, blank=True, default=BOUNDARIES, db_default=BOUNDARIES
    )
    # Role → the school's own word, where it has one. Tutor and SENCO have columns above and never stand in here.
    role_labels = models.JSONField("what roles are called", blank=True, default=dict, db_default={})
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(role_labels__has_any_keys=["tutor", "senco"]), name="school_role_called_in_one_place"
            ),
            models.CheckConstraint(
                condition=Q(quiet_until__lte=F("digest_at"), digest_at__lt=F("quiet_from")),
                name="school_weekly_mail_not_in_quiet_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> RoleWords:
        """What each role is called here: `school.called[Role.HEAD_OF_YEAR]`, `{{ school.called.dsl.mid }}`."""
        return RoleWords(self.role_labels | {Role.TUTOR: self.tutor_label, Role.SENCO: self.senco_label})

    def call_roles(self, own: Mapping[str, str]) -> list[str]:
        """Take the school's own words (role → word; "" for the usual one); the fields to be saved with them."""
        kept = {role: word for role, word in own.items() if word and word != Role(role).label}
        self.tutor_label = kept.pop(Role.TUTOR, Role.TUTOR.label)
        self.senco_label = kept.pop(Role.SENCO, Role.SENCO.label)
        self.role_labels = kept
        return ["tutor_label", "senco_label", "role_labels"]


@keep_history()
class House(Record):
    """A house (or alliance, or college), through all years; it stands here because memberships are scoped by it."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="houses")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("school", Lower("name"), name="house_name_unique")]

    def __str__(self) -> str:
        return self.name
