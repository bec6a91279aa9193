"""Marks, what codes mean, and the weekly counts that a database trigger keeps beside the marks."""

from django.db import models

from audit.history import Change, trackers
from students.models import Student
from tutoring.attendance.enums import Session, StatClass


class Code(models.Model):
    """The meaning of an attendance code from one day to another."""

    code = models.CharField(max_length=2)
    label = models.CharField(max_length=80)
    stat_class = models.CharField(max_length=13, choices=StatClass.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="code_meaning_unique")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Mark(models.Model):
    """One student's mark for one AM or PM session. Kept narrow: a school writes hundreds of thousands a year."""

    pk = models.CompositePrimaryKey("student_id", "date", "session")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="marks", db_index=False)
    date = models.DateField()
    session = models.CharField(max_length=2, choices=Session.choices)
    code = models.CharField(max_length=2)
    minutes_late = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["date", "session"]

    def __str__(self) -> str:
        return f"{self.date:%d %b} {self.session} {self.code}"


class MarkChange(Change):
    """History of marks that were changed or taken back, written out because a mark's key is composite."""

    pgh_tracked_model = Mark
    pgh_trackers = trackers(creation=False)

    student = models.ForeignKey(
        Student, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    date = models.DateField()
    session = models.CharField(max_length=2, choices=Session.choices)
    code = models.CharField(max_length=2)
    minutes_late = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.pgh_label}: {self.date:%d %b} {self.session} {self.code}"


class WeekCount(models.Model):
    """A student's counts for the week that begins on Monday `week`; written only by triggers on Mark.

    possible = present + approved activity + authorised + unauthorised, by the meaning of the code on the day.
    """

    pk = models.CompositePrimaryKey("student_id", "week")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="week_counts", db_index=False)
    week = models.DateField()
    possible = models.SmallIntegerField(default=0)
    attended = models.SmallIntegerField(default=0)
    authorised = models.SmallIntegerField(default=0)
    unauthorised = models.SmallIntegerField(default=0)
    arrivals = models.SmallIntegerField(default=0)
    late = models.SmallIntegerField(default=0)
    notice = models.SmallIntegerField(default=0)
    unknown = models.SmallIntegerField(default=0)

    class Meta:
        ordering = ["week"]

    def __str__(self) -> str:
        return f"week of {self.week:%d %b %Y}: {self.attended} of {self.possible}"
