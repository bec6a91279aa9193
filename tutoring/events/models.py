"""An event of the school with its outcome, and for whom it is. It holds nothing about single students."""

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import House, School
from audit.history import keep_history
from core.models import Record
from tutoring.events.enums import Kind, State
from tutoring.groups.models import TutorGroup

_STAFF = settings.AUTH_USER_MODEL
# So long after its last day an outcome is expected of whoever runs it.
WEEK = dt.timedelta(days=7)


@keep_history()
class SchoolEvent(Record):
    """What it is and what it is for; afterwards how many came, what came of it, and what to do next time.

    `audience` says for whom; nobody named there means the whole school. `told_by` wrote the outcome first; later
    corrections are in its history. Nothing is ever taken away: what does not take place is called off, with a reason.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="events")
    title = models.CharField("what it is called", max_length=120)
    kind = models.CharField("kind", max_length=12, choices=Kind.choices)
    starts_on = models.DateField("first day", default=timezone.localdate)
    ends_on = models.DateField("last day", default=timezone.localdate)
    place = models.CharField("where", max_length=120, blank=True)
    lead = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="events_run", verbose_name="who runs it")
    purpose = models.CharField("what it is for", max_length=300, blank=True)
    called_off = models.CharField("called off, because", max_length=200, blank=True)
    came = models.PositiveIntegerField("how many came", null=True, blank=True, validators=[MaxValueValidator(100_000)])
    outcome = models.TextField("what came of it", max_length=2_000, blank=True)
    next_time = models.TextField("what to do next time", max_length=1_000, blank=True)
    told_by = models.ForeignKey(_STAFF, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    told_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["starts_on", "title"]
        indexes = [
            models.Index(fields=["school", "starts_on"], name="event_of_school_by_day"),
            models.Index(fields=["lead"], condition=Q(outcome="", called_off=""), name="event_to_tell"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="event_days_in_order"),
            models.CheckConstraint(
                condition=Q(outcome="", came=None, next_time="", told_by=None, told_on=None)
                | (~Q(outcome="") & Q(told_by__isnull=False, told_on__gte=F("starts_on"), called_off="")),
                name="event_told_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> str:
        """ "9 Nov 2026", or "9 Nov to 13 Nov 2026"."""
        first, last = self.starts_on, self.ends_on
        return f"{last.day} {last:%b %Y}" if first == last else f"{first.day} {first:%b} to {last.day} {last:%b %Y}"

    @property
    def for_whom(self) -> str:
        """ "Year 7, Year 8, Becket"; the whole school where nobody is named."""
        return ", ".join(str(one) for one in self.audience.all()) or "the whole school"

    @property
    def due_on(self) -> dt.date:
        """The day by which its outcome is written."""
        return self.ends_on + WEEK

    def state_on(self, day: dt.date) -> State:
        """Where it stands that day."""
        if self.called_off:
            return State.CALLED_OFF
        if self.outcome:
            return State.TOLD
        if day < self.starts_on:
            return State.COMING
        return State.ON if day <= self.ends_on else State.UNTOLD


class Audience(Record):
    """One line of for whom an event is: a house, a year, or a tutor group."""

    event = models.ForeignKey(SchoolEvent, on_delete=models.CASCADE, related_name="audience")
    house = models.ForeignKey(House, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    year_group = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(14)]
    )
    group = models.ForeignKey(TutorGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["year_group", "house__name", "group__year_group", "group__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "house", "year_group", "group"], name="audience_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(house__isnull=False, year_group=None, group=None)
                | Q(house=None, year_group__isnull=False, group=None)
                | Q(house=None, year_group=None, group__isnull=False),
                name="audience_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"Year {self.year_group}" if self.year_group else str(self.house or self.group)
