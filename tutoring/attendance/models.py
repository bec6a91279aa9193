"""Marks, what codes mean, the weekly counts that a trigger keeps beside the marks, and registers taken in Waymark."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.history import Change, trackers
from core.models import Record
from students.models import Student
from tutoring.attendance.enums import Session, StatClass
from tutoring.groups.models import TutorGroup


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


class Register(Record):
    """Somebody took the register of a group for one session; once, whatever is corrected afterwards."""

    group = models.ForeignKey(TutorGroup, on_delete=models.PROTECT, related_name="registers")
    day = models.DateField()
    session = models.CharField(max_length=2, choices=Session.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="registers_taken")
    submission = models.UUIDField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day", "-session"]
        constraints = [models.UniqueConstraint(fields=["group", "day", "session"], name="register_once_a_session")]
        indexes = [models.Index(fields=["day", "session"], name="register_of_a_session")]

    def __str__(self) -> str:
        return f"{self.group}, {self.day:%d %b %Y} {self.session}"


class RegisterEntry(Record):
    """What somebody said of one student in a register: never changed, the latest stands, the earlier are its history.

    The mark is what counts. Where an import has changed it since, the entry still says what was said here.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="entries", db_index=False)
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="register_entries")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="register_entries")
    code = models.CharField(max_length=2)
    minutes_late = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField("why it was corrected", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["register", "student", "created_at"], name="register_entry_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes_late=None) | Q(code__in=["L", "U"], minutes_late__lte=600),
                name="register_minutes_of_the_late",
            )
        ]

    def __str__(self) -> str:
        return self.code
