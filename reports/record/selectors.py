"""Lines of the record. Which ones a person may read, the database says; here they are narrowed and put in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import School, User
from accounts.selectors import browser_name
from audit.models import Anchor, Event, Seal
from audit.selectors import seal_lag
from audit.verifying import LONGEST_WAIT
from reports.record.words import actions_of, said, told, who
from students.models import Student
from tutoring.groups.selectors import students_visible_to


@dataclass(frozen=True)
class Line:
    """One event as a person reads it; `student` is None where it is about none, or about one who cannot be seen."""

    at: dt.datetime
    who: str
    did: str
    particulars: str
    student: Student | None
    hidden: bool
    where: str


@dataclass(frozen=True)
class Standing:
    """How far the record is sealed and when its newest seal last left the machine."""

    sealed_at: dt.datetime | None
    anchored_at: dt.datetime | None
    late: bool


def events_of(user: User) -> QuerySet[Event]:
    """What this person did and opened."""
    return Event.objects.filter(actor_id=user.pk)


def events_about(student: Student) -> QuerySet[Event]:
    """Who opened this student's pages, read about them or took them away."""
    return Event.objects.filter(student_id=student.pk, action__in=[*actions_of("opened"), *actions_of("taken")])


def events_searched(school: School, filters: dict[str, Any]) -> QuerySet[Event]:
    """The school's events; `filters` as SearchForm cleans them: person, kind, student, start, end (days included)."""
    events = Event.objects.filter(school_id=school.pk)
    if person := filters.get("person"):
        events = events.filter(actor_id=person)
    if student := filters.get("student"):
        events = events.filter(student_id=student)
    if kind := filters.get("kind"):
        events = events.filter(action__in=actions_of(kind))
    if start := filters.get("start"):
        events = events.filter(at__gte=_midnight(start))
    if end := filters.get("end"):
        events = events.filter(at__lt=_midnight(end + dt.timedelta(days=1)))
    return events


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def lines_of(events: Iterable[Event], reader: User) -> list[Line]:
    """The events as lines, in one query more for the students' names."""
    events = list(events)
    wanted = {event.student_id for event in events if event.student_id}
    students = {s.pk: s for s in students_visible_to(reader).filter(pk__in=wanted)} if wanted else {}
    return [
        Line(
            event.at,
            who(event.actor_name, event.action, known=event.actor_id is not None),
            said(event.action),
            told(event.action, event.detail),
            students.get(event.student_id) if event.student_id else None,
            event.student_id is not None and event.student_id not in students,
            ", ".join(part for part in (event.address, event.agent and browser_name(event.agent)) if part),
        )
        for event in events
    ]


def standing() -> Standing:
    """Told on the page of the search, so that a dead sealer is noticed."""
    seal, anchor = Seal.objects.order_by("-n").first(), Anchor.objects.order_by("-at").first()
    return Standing(seal.at if seal else None, anchor.at if anchor else None, seal_lag() > LONGEST_WAIT)
