"""Appointments with students, the slots a member of staff gives, and the private link to their calendar."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.diary.enums import WITH_REASON, State, Weekday
from tutoring.sessions.enums import GROUP_KINDS, Kind
from tutoring.sessions.models import SessionKind, TutorSession

MINUTES = [MinValueValidator(5), MaxValueValidator(180)]
# A day and a time of the clock as one moment: what the database compares.
MOMENT = models.Func(
    "day", "starts_at", arg_joiner=" + ", template="(%(expressions)s)", output_field=models.DateTimeField()
)


class Timed(Record):
    """Begins at a time of the school's clock and lasts some minutes, in a room (words; empty where it is not said)."""

    starts_at = models.TimeField("at")
    minutes = models.PositiveSmallIntegerField(default=15, validators=MINUTES)
    room = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    @property
    def ends_at(self) -> dt.time:
        return later(self.starts_at, self.minutes)


def later(time: dt.time, minutes: int) -> dt.time:
    """So many minutes later; midnight at the latest, for nothing here goes on into the next day."""
    end = dt.datetime.combine(dt.date.min, time) + dt.timedelta(minutes=minutes)
    return end.time() if end.date() == dt.date.min else dt.time.max


def week_name(day: dt.date) -> str:
    """The ISO week of a day: 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


@keep_history()
class Appointment(Timed):
    """A conversation booked with one student, and what became of it.

    `kind` is a value of `tutoring.sessions.enums.Kind`, without choices here, so that a kind more is no migration.
    `school_kind` is what the school calls it: left empty, a trigger fills in its first of that kind (migration 0006).
    A trigger (migration 0003) makes it held when `staff` logs a session of that kind with the student on that day.
    `together` is the same for all who are booked at one time with one person, as a small group: the database keeps
    those still booked at one time, and each has an outcome of their own. `unbooked`: noted as missed or refused
    without a booking before it.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="appointments")
    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=20, default=Kind.ONE_TO_ONE)
    school_kind = models.ForeignKey(SessionKind, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    reason = models.CharField("why", max_length=200, blank=True)
    together = models.UUIDField(null=True, editable=False)
    unbooked = models.BooleanField(default=False, db_default=False, editable=False)
    session = models.OneToOneField(
        TutorSession, null=True, blank=True, on_delete=models.PROTECT, related_name="appointment"
    )
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments_made")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day", "starts_at"]
        indexes = [
            models.Index(fields=["student", "-day"], name="appointment_student_day"),
            models.Index(fields=["staff", "day"], name="appointment_staff_day"),
        ]
        constraints = [
            ExclusionConstraint(
                name="appointment_staff_at_once",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    ("day", RangeOperators.EQUAL),
                    ("starts_at", RangeOperators.EQUAL),
                    (Coalesce("together", "id"), RangeOperators.NOT_EQUAL),
                ],
                condition=Q(state=State.BOOKED),
            ),
            # Checked at the end of each statement, so that all of them can be moved in one.
            ExclusionConstraint(
                name="appointment_together_at_once",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    ("together", RangeOperators.EQUAL),
                    (MOMENT, RangeOperators.NOT_EQUAL),
                ],
                condition=Q(state=State.BOOKED),
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                condition=Q(unbooked=False) | Q(state__in=[State.MISSED, State.REFUSED]),
                name="appointment_unbooked_was_not_held",
            ),
            models.UniqueConstraint(
                fields=["student", "day", "starts_at"], condition=Q(state=State.BOOKED), name="appointment_student_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(WITH_REASON)) | ~Q(reason=""), name="appointment_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state=State.HELD, session__isnull=False) | Q(~Q(state=State.HELD), session__isnull=True),
                name="appointment_held_has_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_name} with {self.student} on {self.day:%d %b %Y} at {self.starts_at:%H:%M}"

    @property
    def kind_name(self) -> str:
        """The kind in the school's own word."""
        if self.school_kind:
            return self.school_kind.name
        return str(Kind(self.kind).label) if self.kind in Kind.values else self.kind

    @property
    def begins(self) -> dt.datetime:
        """When, with the school's time zone."""
        return timezone.make_aware(dt.datetime.combine(self.day, self.starts_at))

    @property
    def when(self) -> str:
        """As a tutor says it: Tue 24 Nov 08:40."""
        return f"{self.day:%a} {self.day.day} {self.day:%b} {self.starts_at:%H:%M}"

    @property
    def week(self) -> str:
        """The ISO week it stands in, as the diary's addresses say it: 2026-W48."""
        return week_name(self.day)

    @property
    def log_url(self) -> str:
        """The form of its session, with day, kind, length and room filled in."""
        if self.kind in GROUP_KINDS:  # else as of one alone: it hints at nobody booked with it and hidden
            return log_url_of([self])
        return f"{reverse('tutor_sessions:session-create', args=[self.student_id])}?{urlencode(self.meant)}"

    @property
    def meant(self) -> dict[str, object]:
        """What the link to a form says of the session it is for."""
        named = self.school_kind if self.school_kind and self.school_kind.is_active else None
        kind = str(named.pk) if named else self.kind  # out of use since: whatever the school has of the kind now
        return {"held_on": self.day.isoformat(), "kind": kind, "minutes": self.minutes, "place": self.room}

    @property
    def is_booked(self) -> bool:
        return self.state == State.BOOKED


def log_url_of(together: Sequence[Appointment]) -> str:
    """The form of one entry for all of these, who stand at one time; it goes back to what became of each."""
    first = together[0]
    whom = [("student", str(one.student_id)) for one in together]
    back = ("back", reverse("diary:together", args=[first.pk]))
    return f"{reverse('tutor_sessions:together')}?{urlencode([*whom, *first.meant.items(), back])}"


class Slot(Timed):
    """A time a member of staff gives for 1:1s each week, from a day until another (open-ended while that is empty)."""

    staff = models.ForeignKey(User, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts_on = models.DateField("from", default=timezone.localdate)
    ends_on = models.DateField("until", null=True, blank=True)

    class Meta:
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="slot_dates_in_order"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=Weekday.FRIDAY), name="slot_on_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}"


class CalendarLink(Record):
    """The private address of somebody's calendar feed: one a person; only a hash of its token is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_link")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user}, {self.made_at:%Y-%m-%d}"
