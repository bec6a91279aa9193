"""The programme by week; the weekly tutorial of a group, its meetings, and who was there."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.history import keep_history
from core.ids import UUID
from core.models import Record
from students.models import Student, Term
from tutoring.groups.models import TutorGroup
from tutoring.tutorials.enums import There

_STAFF = settings.AUTH_USER_MODEL
MOST_WEEKS, MOST_LINES, LONGEST_LINE = 20, 8, 120
WEEKDAYS = list(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")))


class Topic(Record):
    """What the school's tutorials are about in one week of a term; a year group's own goes before the whole school's.

    By the number of the week, not its date: so last year's programme fits this year's terms. `cover`: lines to tick.
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="tutorial_topics")
    week = models.PositiveSmallIntegerField(
        "week of the term", validators=[MinValueValidator(1), MaxValueValidator(MOST_WEEKS)]
    )
    year_group = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField("topic", max_length=100)
    cover = models.TextField("what to cover", blank=True, max_length=MOST_LINES * (LONGEST_LINE + 1))
    resources = models.CharField("link, or where things lie", max_length=300, blank=True)
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True)

    class Meta:
        ordering = ["term__starts_on", "week", F("year_group").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["term", "week", "year_group"], name="topic_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(week__range=(1, MOST_WEEKS)), name="topic_week"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def lines(self) -> list[str]:
        """What to cover, a line each."""
        return self.cover.splitlines()

    @property
    def link(self) -> str:
        """Where the resources are one address of the web: that; else ""."""
        text = self.resources.strip()
        return text if text.startswith(("https://", "http://")) and " " not in text else ""


@keep_history()
class Series(Record):
    """A group's tutorial each week, on one weekday, from one day to another; it meets on school days only.

    Another weekday is another series: what was written up keeps its day.
    """

    group = models.ForeignKey(TutorGroup, on_delete=models.PROTECT, related_name="tutorials")
    weekday = models.PositiveSmallIntegerField("day", choices=WEEKDAYS)
    period = models.CharField("period or time", max_length=20)
    room = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField("from", default=timezone.localdate)
    ends_on = models.DateField("to")
    made_by = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="tutorials_made")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["group__year_group", "group__name", "weekday"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="tutorial_dates_in_order"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 4)), name="tutorial_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.get_weekday_display()}s"

    def key_of(self, day: dt.date) -> UUID:
        """The key of its meeting of that day, known before anybody writes it up: so it is written up once."""
        return uuid.uuid5(self.pk, day.isoformat())


@keep_history()
class Meeting(Record):
    """One meeting as it was written up: held, with what was covered, or not held, with the reason and its topic.

    `covered` keeps the ticked lines as they were then. `note` is for the tutor team and not about single students.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="meetings")
    day = models.DateField()
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings")
    own_topic = models.CharField(max_length=100, blank=True)
    covered = models.TextField(blank=True)
    words = models.TextField(blank=True, max_length=2_000)
    note = models.TextField(blank=True, max_length=1_000)
    not_held = models.CharField("why it was not held", max_length=200, blank=True)
    written_by = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="tutorials_written")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["series", "day"], name="tutorial_written_up_once"),
            models.CheckConstraint(
                condition=~Q(not_held="") | Q(topic__isnull=False) | ~Q(own_topic=""), name="tutorial_has_a_topic"
            ),
            models.CheckConstraint(
                condition=Q(not_held="") | Q(covered="", words=""), name="tutorial_not_held_covered_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"Group tutorial of {self.day.day} {self.day:%B %Y}"

    @property
    def title(self) -> str:
        """What it was about."""
        return self.own_topic or (self.topic.title if self.topic else "")

    @property
    def covered_lines(self) -> list[str]:
        return self.covered.splitlines()


@keep_history()
class Presence(Record):
    """How one student was there. A row for everybody in the group that day: later changes of group alter none."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="presences")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="tutorial_presences")
    mark = models.CharField(max_length=8, choices=There.choices, default=There.PRESENT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "student"], name="tutorial_presence_once")]

    def __str__(self) -> str:
        return self.get_mark_display()
