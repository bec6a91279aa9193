"""What works for one student, from one tutor to the next; and a school's move into the next school year."""

from collections.abc import Iterator

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import School, User
from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.handover.enums import Rolling, State

# The student's own headings, in the order in which one talks about them.
WORDS = ("helps", "hinders", "proud", "working_on", "go_to")


@keep_history()
class Handover(Record):
    """One page from one tutor to the next, for an academic year (`year`: the calendar year in which it starts).

    Without `to` it is for whoever tutors the student next. Its words rest once it is handed over; only who wrote it
    takes it back, until it is acknowledged. PostgreSQL holds all of this (migration 0002).
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="handovers")
    from_tutor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handovers_written")
    to = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="handovers_received")
    year = models.PositiveSmallIntegerField("academic year starting in")
    helps = models.TextField("what helps me", max_length=1_000, blank=True)
    hinders = models.TextField("what does not help", max_length=1_000, blank=True)
    proud = models.TextField("what I am proud of", max_length=1_000, blank=True)
    working_on = models.TextField("what I am working on", max_length=1_000, blank=True)
    go_to = models.TextField("who I go to", max_length=1_000, blank=True)
    note = models.TextField("from tutor to tutor", max_length=2_000, blank=True)
    handed_on = models.DateField(null=True, blank=True)
    acknowledged_on = models.DateField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="handovers_acknowledged"
    )
    first_thing = models.CharField("the first thing I will do", max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-year", "-created_at"]
        indexes = [
            models.Index(fields=["student", "-year"], name="handover_student_year"),
            models.Index(fields=["to"], condition=Q(acknowledged_on=None), name="handover_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["student"], condition=Q(handed_on=None), name="handover_one_in_writing"),
            models.CheckConstraint(condition=Q(to=None) | ~Q(to=F("from_tutor")), name="handover_to_another"),
            models.CheckConstraint(
                condition=Q(acknowledged_on=None, acknowledged_by=None, first_thing="")
                | Q(acknowledged_on__isnull=False, acknowledged_by__isnull=False, acknowledged_on__gte=F("handed_on")),
                name="handover_acknowledged_after",
            ),
        ]

    def __str__(self) -> str:
        return f"Handover for {self.academic_year}"

    @property
    def academic_year(self) -> str:
        """As schools write it: 2026/27."""
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @property
    def state(self) -> State:
        if self.acknowledged_on:
            return State.ACKNOWLEDGED
        return State.HANDED_OVER if self.handed_on else State.WRITING

    @property
    def is_writing(self) -> bool:
        return self.handed_on is None

    @property
    def waits(self) -> bool:
        """Handed over, and not acknowledged yet."""
        return self.state == State.HANDED_OVER

    @property
    def says(self) -> Iterator[tuple[str, str]]:
        """The student's words that there are: (heading, text)."""
        for name in WORDS:
            if text := getattr(self, name):
                yield str(self._meta.get_field(name).verbose_name), text  # type: ignore[union-attr]


class Rollover(Record):
    """A school's move into the academic year that starts in `year`: the plan, and what doing it touched.

    `plan`: group id → {"name": next name, "tutor": "stay", "nobody" or a membership id}. `ledger` holds the keys of all
    rows that were made, and what the changed ones said before, so that undoing puts back exactly that.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="rollovers")
    year = models.PositiveSmallIntegerField("academic year starting in")
    status = models.CharField(max_length=10, choices=Rolling.choices, default=Rolling.PREVIEWED)
    plan = models.JSONField(default=dict, blank=True)
    leaving = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name="years that leave")
    ledger = models.JSONField(default=dict, blank=True)
    first_day = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="rollovers")
    created_at = models.DateTimeField(auto_now_add=True)
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True, blank=True)
    undone_on = models.DateField(null=True, blank=True)
    started_on = models.DateField("on which the years were moved", null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year"], condition=~Q(status="undone"), name="rollover_one_that_counts"
            ),
            models.CheckConstraint(
                condition=Q(status="previewed", done_on=None)
                | Q(done_on__isnull=False, done_by__isnull=False, first_day__isnull=False),
                name="rollover_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"New school year {self.academic_year}"

    @property
    def academic_year(self) -> str:
        """As schools write it: 2026/27."""
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @property
    def is_done(self) -> bool:
        return self.status == Rolling.DONE
