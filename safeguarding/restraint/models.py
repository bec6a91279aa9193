"""Records of restrictive interventions: only added to. Who reads what: docs/decisions/0012.

What somebody wrote is sealed with the child's key. Where a record stands (`told_at` and the like) no form says:
PostgreSQL notes it when the entry comes that says so (migration 0002).
"""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import House, School, User
from safeguarding.models import Secret
from safeguarding.restraint.enums import How, Kind, Part, Reason, What
from students.enums import SenStatus
from students.models import Student

# The last minute of the day: from then on nobody can still tell them the same day.
DAY_ENDS = dt.time(23, 59)


class Incident(Secret):
    """One significant use of force, seclusion or restraint, with what the record is searched and counted by."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submission = models.UUIDField(unique=True)
    recorded_at = models.DateTimeField(editable=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    kinds = ArrayField(models.CharField(max_length=10, choices=What.choices), verbose_name="what was used")
    reasons = ArrayField(models.CharField(max_length=10, choices=Reason.choices), verbose_name="what it prevented")
    pupil_hurt = models.BooleanField("the pupil was hurt", default=False)
    staff_hurt = models.BooleanField("staff were hurt", default=False)
    # Of that moment, from the school's own data: set by PostgreSQL.
    sen_status = models.CharField("SEN status", max_length=1, choices=SenStatus.choices, editable=False)
    house = models.ForeignKey(House, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    owes_report = models.BooleanField("parents are to be told", default=True, editable=False)
    # Noted by PostgreSQL when such an entry comes.
    told_at = models.DateTimeField("parents told", null=True, editable=False)
    excused_at = models.DateTimeField("parents not to be told", null=True, editable=False)
    staff_at = models.DateTimeField("talk with the staff", null=True, editable=False)
    pupil_at = models.DateTimeField("talk with the pupil", null=True, editable=False)
    plan_at = models.DateTimeField("plan looked at", null=True, editable=False)
    reviewed_at = models.DateTimeField("reviewed", null=True, editable=False)

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["student", "-started_at"], name="incident_by_student"),
            models.Index(fields=["recorded_by"], name="incident_by_recorder"),
            models.Index(fields=["school", "started_at"], name="incident_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="incident_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(kinds__len__gt=0) & Q(kinds__contained_by=What.values), name="incident_says_what"
            ),
            models.CheckConstraint(
                condition=Q(reasons__len__gt=0) & Q(reasons__contained_by=Reason.values), name="incident_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {timezone.localtime(self.started_at):%d %b %Y}"

    @property
    def what(self) -> str:
        """What was used, in words."""
        words = [What(kind).label.lower() for kind in What.values if kind in self.kinds]
        return ", ".join(words).capitalize()

    @property
    def why(self) -> list[str]:
        return [Reason(reason).label for reason in Reason.values if reason in self.reasons]

    @property
    def minutes(self) -> int:
        """How long it lasted; what took less than a minute counts as one."""
        return max(1, round((self.ended_at - self.started_at).total_seconds() / 60))

    @property
    def day(self) -> dt.date:
        return timezone.localdate(self.started_at)

    @property
    def tell_by(self) -> dt.datetime:
        """Until when parents must have it in writing: the end of the same day."""
        return timezone.make_aware(dt.datetime.combine(self.day, DAY_ENDS))

    @property
    def still_owed(self) -> bool:
        """Whether somebody still has to tell the parents."""
        return self.owes_report and self.told_at is None and self.excused_at is None

    @property
    def is_overdue(self) -> bool:
        return self.still_owed and timezone.now() >= self.tell_by

    @property
    def told_late(self) -> bool:
        """Whether they were told, but after the day."""
        return self.owes_report and self.told_at is not None and self.told_at > self.tell_by

    @property
    def recorded_late(self) -> bool:
        return timezone.localdate(self.recorded_at) > self.day

    @property
    def open_steps(self) -> list[str]:
        """What is still to do afterwards."""
        steps = [(self.staff_at, Kind.STAFF), (self.pupil_at, Kind.PUPIL), (self.plan_at, Kind.PLAN)]
        return [kind.label for done, kind in [*steps, (self.reviewed_at, Kind.REVIEWED)] if done is None]


class IncidentStaff(Secret):
    """A colleague who was involved, or saw it: they read the record."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="staff")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "person"], name="incident_staff_once")]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.person_id}"


class IncidentEntry(Secret):
    """What somebody wrote on the record. Never changed, never taken away: a correction is another one."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(editable=False)
    happened_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How.choices, blank=True)
    words = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["incident", "written_at"], name="incident_entry_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=Kind.TOLD) & ~Q(how="")) | (~Q(kind=Kind.TOLD) & Q(how="")),
                name="incident_entry_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.written_at:%d %b %Y}"
