"""What the tests of group tutorials share: a group with a weekly tutorial, and its page as a browser sends it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.tutorials.models import Meeting, Series, Topic
from tutoring.tutorials.weeks import SchoolYear, school_year

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)


def met() -> dt.date:
    """The last day on which a school meets, whatever day of the week the tests run on."""
    today = localdate()
    return today - max(0, today.weekday() - 4) * DAY


@dataclass
class Weekly:
    """The scene of the 1:1s with a weekly tutorial of its group, on the weekday of `met()`, for three weeks so far."""

    world: Scene
    series: Series

    @property
    def client(self) -> Client:
        return client_of(self.world.tutor)

    @property
    def year(self) -> SchoolYear:
        return school_year(self.world.group.school, localdate())

    def topic(self, day: dt.date | None = None, **columns: Any) -> Topic:
        """A topic of the week of that day."""
        week = self.year.week_of(day or met())
        assert week
        return make.TopicFactory.create(term=week.term, week=week.number, **columns)

    def url(self, day: dt.date | None = None) -> str:
        return reverse("tutorials:meeting-write", args=[self.series.pk, (day or met()).isoformat()])

    def form(self, client: Client, day: dt.date | None = None, **typed: Any) -> dict[str, Any]:
        """The page as it opens, with something typed; a value of None takes a field away."""
        return filled(client.get(self.url(day)), **typed)

    def meeting(self, day: dt.date | None = None) -> Meeting:
        return Meeting.objects.get(series=self.series, day=day or met())

    def mark(self, day: dt.date | None = None) -> dict[str, str]:
        """forename → how they were there."""
        rows = self.meeting(day).presences.select_related("student")
        return {row.student.preferred_forename: row.mark for row in rows}


def filled(page: HttpResponse, **typed: Any) -> dict[str, Any]:
    """An opened form as a browser would send it."""
    form: Any = page.context["form"]  # type: ignore[attr-defined]
    fields = hidden_fields(page) | {name: form[name].value() or "" for name in form.fields} | typed
    return {name: value for name, value in fields.items() if value is not None and (name, value) != ("covered", "")}


def weekly(weeks: int = 3) -> Weekly:
    world = scene()
    series = make.TutorialFactory.create(
        group=world.group, weekday=met().weekday(), starts_on=met() - (weeks - 1) * WEEK, ends_on=world.term.ends_on,
        made_by=world.tutor,
    )  # fmt: skip
    return Weekly(world, series)
