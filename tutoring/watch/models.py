"""A watch over one student with a rhythm, and the looks taken: a line each, beside the conversations that count too."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.watch.enums import Every, Kind, Outcome

_STAFF = settings.AUTH_USER_MODEL


@keep_history()
class Watch(Record):
    """Goes on until it has an outcome. Whoever is new is watched without a row: the first tap about them makes it.

    `who` looks, every so many days (`every`); a 1:1 of the student's counts as a look. Of somebody who left it says
    why and where to.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="watches")
    kind = models.CharField("because", max_length=7, choices=Kind.choices, default=Kind.LEAVING)
    reason = models.CharField("why", max_length=300, blank=True)
    came_from = models.CharField("came from", max_length=120, blank=True)
    who = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="watches")
    made_by = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="+")
    every = models.PositiveSmallIntegerField("look", choices=Every.choices, default=Every.FORTNIGHT)
    started_on = models.DateField("since", default=timezone.localdate)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(_STAFF, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("how it ended", max_length=7, choices=Outcome.choices, blank=True)
    left_why = models.CharField("why they left", max_length=200, blank=True)
    left_for = models.CharField("where they went", max_length=200, blank=True)

    class Meta:
        ordering = ["-started_on"]
        indexes = [models.Index(fields=["who"], condition=Q(ended_on=None), name="watch_going_on")]
        constraints = [
            models.UniqueConstraint(fields=["student"], condition=Q(kind=Kind.NEW), name="watch_new_once"),
            models.UniqueConstraint(
                fields=["student"], condition=Q(kind=Kind.LEAVING, ended_on=None), name="watch_leaving_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(kind=Kind.NEW) | ~Q(reason=""), name="watch_says_why"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, outcome="")
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(outcome="")),
                name="watch_ends_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.LEFT) & ~Q(left_why="") & ~Q(left_for=""))
                | (~Q(outcome=Outcome.LEFT) & Q(left_why="", left_for="")),
                name="watch_left_says_why_and_where",
            ),
            models.CheckConstraint(condition=Q(every__range=(1, 60)), name="watch_every_so_often"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, since {self.started_on:%d %b %Y}"

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


@keep_history()
class CheckIn(Record):
    """Somebody looked that day, with a line if there was something to say; it stays as it was said."""

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="check_ins")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(default=timezone.localdate)
    words = models.CharField("in a line", max_length=300, blank=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["watch", "by", "day"], name="check_in_once_a_day")]

    def __str__(self) -> str:
        return f"Check-in on {self.day:%d %b %Y}"
