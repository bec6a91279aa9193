"""Tutor groups, who is in them, who tutors them, and caseloads of single students; all with dates."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import House, Membership, School
from audit.history import keep_history
from core.models import Record
from students.models import Student

# Every day from the first to the last, both included.
DAYS = Func("starts_on", "ends_on", Value("[]"), function="daterange", output_field=DateRangeField())


class Dated(Record):
    """A link in force from one day to another; open-ended while `ends_on` is empty."""

    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_dates",
            )
        ]


@keep_history()
class TutorGroup(Record):
    """A tutor (registration, progress) group."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="tutor_groups")
    name = models.CharField(max_length=30)
    year_group = models.PositiveSmallIntegerField(null=True, blank=True)
    house = models.ForeignKey(House, null=True, blank=True, on_delete=models.PROTECT, related_name="tutor_groups")

    class Meta:
        ordering = ["year_group", "name"]
        constraints = [models.UniqueConstraint("school", Lower("name"), name="tutor_group_name_unique")]

    def __str__(self) -> str:
        return self.name


@keep_history()
class GroupMembership(Dated):
    """A student's place in a tutor group; one at a time."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="group_memberships")
    group = models.ForeignKey(TutorGroup, on_delete=models.PROTECT, related_name="memberships")

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="one_group_a_day",
                expressions=[("student", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                violation_error_message="The student is in another group on one of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student} in {self.group}"


@keep_history()
class TutorAssignment(Dated):
    """A tutor's (or co-tutor's) membership tied to a group."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tutor_assignments")
    group = models.ForeignKey(TutorGroup, on_delete=models.PROTECT, related_name="tutor_assignments")

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["membership", "group"], condition=Q(ends_on__isnull=True), name="one_open_assignment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} for {self.group}"


@keep_history()
class CaseloadEntry(Dated):
    """A single student tied to a membership: a 1:1 tutor's, a subject teacher's or a contributor's."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="caseload")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="caseload_entries")

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["membership", "student"], condition=Q(ends_on__isnull=True), name="one_open_caseload_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student} with {self.membership}"
