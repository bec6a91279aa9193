"""Writing a meeting up, setting a weekly tutorial, keeping the programme and copying last year's."""

import datetime as dt
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import ProtectedError

from accounts.drafts import discard_draft
from accounts.models import School, User
from audit.services import record
from core.ids import UUID
from tutoring.tutorials.models import Meeting, Presence, Series, Topic
from tutoring.tutorials.programme import topics_missing, topics_of_year
from tutoring.tutorials.selectors import State, series_to_run, state_of
from tutoring.tutorials.weeks import SchoolYear


class RefusedError(Exception):
    """No longer possible; the message says why, in words for a person. Nothing was saved."""


class OtherwiseMeanwhileError(Exception):
    """The meeting was saved otherwise since the form was opened; `now` is what it says. Nothing was saved."""

    def __init__(self, now: State) -> None:
        super().__init__("The meeting was saved otherwise meanwhile.")
        self.now = now


@transaction.atomic
def write_up(*, by: User, series: Series, day: dt.date, said: State, opened_with: str, draft: UUID) -> Meeting:
    """The meeting of that day, new or corrected, whoever of the group's tutors sends it.

    `opened_with`: mark of the state when the form was opened, "" where nobody had written it up; `draft`: the form's
    token. The same state sent twice is saved once. The database asks for the day and for who was in the group.
    """
    if not series_to_run(by).filter(pk=series.pk).exists():
        raise PermissionDenied("Tutorials are written up by those who have the group and those who lead over it.")
    key = series.key_of(day)
    with connection.cursor() as cursor:  # two tabs, or two tutors, one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"tutorial {key}"])
    meeting = Meeting.objects.filter(pk=key).select_related("topic").first()
    now = state_of(meeting)
    said = replace(said, marks={}, covered=(), words="") if said.not_held else said
    discard_draft(by=by, token=draft)
    if meeting and now == said:
        return meeting
    if now and now.mark != opened_with:
        raise OtherwiseMeanwhileError(now)
    made = meeting is None
    meeting = meeting or Meeting(pk=key, series=series, day=day, written_by=by)
    _save(meeting, now or State(), said)
    there = sum(mark in ("present", "late") for mark in said.marks.values())
    action = "tutorial.written" if made else "tutorial.corrected"
    record(action, by=by, obj=meeting, there=there, marked=len(said.marks))
    return meeting


def _save(meeting: Meeting, now: State, said: State) -> None:
    """First what a meeting not held cannot keep, then the meeting, then who was there; what stays is untouched."""
    rows = Presence.objects.filter(meeting=meeting)
    rows.filter(student__in=now.marks.keys() - said.marks.keys()).delete()
    meeting.topic, meeting.own_topic, meeting.covered = said.topic, said.own_topic, "\n".join(said.covered)
    meeting.words, meeting.note, meeting.not_held = said.words, said.note, said.not_held
    meeting.save()
    for mark in set(said.marks.values()):
        changed = [student for student, to in said.marks.items() if to == mark != now.marks.get(student, mark)]
        if changed:
            rows.filter(student__in=changed).update(mark=mark)
    Presence.objects.bulk_create(
        Presence(meeting=meeting, student_id=student, mark=mark)
        for student, mark in sorted(said.marks.items())
        if student not in now.marks
    )


@transaction.atomic
def save_series(*, by: User, series: Series) -> Series:
    """A group's weekly tutorial, new or changed; its group, weekday and first day stay as they were made."""
    series.save()
    record("tutorial_series.saved", by=by, obj=series)
    return series


@transaction.atomic
def remove_series(*, by: User, series: Series) -> None:
    """Set up by mistake: taken away while nothing of it is written up."""
    try:
        series.delete()
    except ProtectedError as written:
        raise RefusedError("Something of it is written up already. End it instead: give it a last day.") from written
    record("tutorial_series.removed", by=by)


@transaction.atomic
def save_topic(*, by: User, topic: Topic) -> Topic:
    """A topic of the programme, new or changed."""
    topic.save()
    record("tutorial_topic.saved", by=by, obj=topic)
    return topic


@transaction.atomic
def remove_topic(*, by: User, topic: Topic) -> None:
    """Taken out of the programme, as long as no group has had it."""
    try:
        topic.delete()
    except ProtectedError as used:
        raise RefusedError("A group has had this topic, so it stays. You can change its words.") from used
    record("tutorial_topic.removed", by=by)


@transaction.atomic
def copy_programme(*, by: User, school: School, year: SchoolYear) -> int:
    """Last year's topics into the weeks of this year that have none yet; says how many. Sent twice, it adds nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"programme {school.pk}"])
    before, there = topics_of_year(school, year.year - 1), topics_of_year(school, year.year)
    copies = Topic.objects.bulk_create(topics_missing(before, there, year.terms))
    record("tutorial_topics.copied", by=by, year=year.year, topics=len(copies))
    return len(copies)
