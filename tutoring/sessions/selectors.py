"""Which conversations and next steps a person may read, who has been seen, and what is overdue."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from students.selectors import term_current
from tutoring.sessions.enums import HOME_KINDS
from tutoring.sessions.models import NextStep, SessionDay, SessionKind, SessionTag, TutorSession

Students = QuerySet[Student] | Iterable[Student]
# Of days: those of a kind that the school counts as seen.
COUNTS = Q(school_kind__counts=True)


def sessions_readable() -> QuerySet[TutorSession]:
    """What whoever acts may read: their own, and others as far as the author’s choice and their role reach.

    The database says which (migration 0006): nothing is left for a selector to leave out.
    """
    return TutorSession.objects.all()


def kinds_of(school: School) -> QuerySet[SessionKind]:
    """All kinds of conversations of the school, in its order; those no longer in use too."""
    return SessionKind.objects.filter(school=school)


def kinds_in_use(school: School) -> QuerySet[SessionKind]:
    """What may be logged now."""
    return kinds_of(school).filter(is_active=True)


def sessions_of_student(student: Student) -> QuerySet[TutorSession]:
    """One student's sessions that whoever acts may read, newest first, with authors and steps: three queries."""
    return sessions_with_details(sessions_readable().filter(student=student))


def sessions_with_details(sessions: QuerySet[TutorSession]) -> QuerySet[TutorSession]:
    """The same sessions with student, author and kind, their steps and named people: three queries in all."""
    return sessions.select_related("author", "student", "school_kind").prefetch_related(
        "steps__owner_staff", "named_staff"
    )


def sessions_whole(sessions: QuerySet[TutorSession]) -> QuerySet[TutorSession]:
    """The same with what was agreed in words and who at home: a page of its own shows that, a list does not."""
    return sessions_with_details(sessions).select_related("home_contact__message").prefetch_related("agreements")


def sessions_written_by(user: User) -> QuerySet[TutorSession]:
    """The sessions this person wrote at their present school."""
    return TutorSession.objects.filter(author=user, student__school_id=user.school_id)  # type: ignore[misc]


def sessions_about(
    sessions: QuerySet[TutorSession], *, kind: SessionKind | None = None, topic: str = "", tag: SessionTag | None = None
) -> QuerySet[TutorSession]:
    """Of these, the ones of a kind, about a topic, with a tag (None and "" for any), with all that a list shows."""
    if kind:
        sessions = sessions.filter(school_kind=kind)
    if topic:
        sessions = sessions.filter(topics__contains=[topic])
    if tag:
        sessions = sessions.filter(tags__contains=[tag.name])
    return sessions_with_details(sessions)


def session_is_open(session: TutorSession, on: dt.date | None = None) -> bool:
    """Whether its author may still change it: only within the term it was held in."""
    school = session.student.school
    return term_current(school, session.held_on) == term_current(school, on)


@dataclass(frozen=True)
class MeetingLine:
    """One meeting with several students: its day and kind, how many were there and who not."""

    held_on: dt.date
    kind: str
    there: int
    away: list[str]


def meetings_of(author: User, students: list[Student], most: int = 5) -> list[MeetingLine]:
    """This person's last meetings with several of these, the newest first, and who was not there; one query."""
    entries = TutorSession.objects.filter(author=author, student__in=students, together__isnull=False)
    found: dict[Any, list[TutorSession]] = {}
    for entry in entries.select_related("school_kind").order_by("-held_on", "-created_at")[: most * len(students)]:
        found.setdefault(entry.together, []).append(entry)
    lines = []
    for held in list(found.values())[:most]:
        there = {entry.student_id for entry in held}
        away = [student.name for student in students if student.pk not in there]
        lines.append(MeetingLine(held[0].held_on, held[0].kind_name, len(there), away))
    return lines


def steps_readable(user: User) -> QuerySet[NextStep]:
    """Steps of readable sessions, and those this person has to do (of such a one the step only, not the session).

    Whoever makes reports gets from the database those that go home as well: a report shows them, no page does. For
    everybody else the database has said it all.
    """
    if not user.has_perm(Permission.RUN_REPORTS):
        return NextStep.objects.all()
    read = Exists(sessions_readable().filter(pk=OuterRef("session_id")))
    return NextStep.objects.filter(Q(owner_staff=user) | read)


def open_steps_readable(user: User) -> QuerySet[NextStep]:
    """Steps not yet done that this person may read, the earliest due first, with their student."""
    return steps_readable(user).filter(done_on__isnull=True).select_related("student", "owner_staff")


def steps_with_day(steps: QuerySet[NextStep]) -> QuerySet[NextStep]:
    """The same steps with `agreed_on`, which whoever reads the step may know; joining the session would hide those of
    one's own whose session one cannot read.
    """
    day = SessionDay.objects.filter(session=OuterRef("session_id")).values("held_on")
    return steps.annotate(agreed_on=Subquery(day))


def steps_overdue(steps: QuerySet[NextStep], on: dt.date | None = None) -> QuerySet[NextStep]:
    """Of these, the open ones whose day lies before that day (today unless told)."""
    return steps.filter(done_on__isnull=True, due_on__lt=on or timezone.localdate())


def steps_due(steps: QuerySet[NextStep], until: dt.date) -> QuerySet[NextStep]:
    """Of these, the open ones due by that day, overdue ones included."""
    return steps.filter(done_on__isnull=True, due_on__lte=until)


def step_counts(steps: QuerySet[NextStep], today: dt.date) -> QuerySet[NextStep, tuple[UUID, int, int]]:
    """(student, number of these open steps, overdue ones among them); who has none is missing."""
    late = Count("pk", filter=Q(due_on__lt=today))
    return steps.order_by().values_list("student_id").annotate(number=Count("pk"), late=late)


def seen_days(since: dt.date, until: dt.date | None = None) -> QuerySet[SessionDay]:
    """Days from `since` to `until` (today) that count as seen: whoever wrote the session, whoever may read it."""
    return SessionDay.objects.filter(COUNTS, held_on__range=(since, until or timezone.localdate()))


def last_seen(students: Students, *, since: dt.date, until: dt.date | None = None) -> dict[UUID, dt.date]:
    """Student id → the last day they were seen from `since` to `until` (today), in one query; unseen are missing."""
    rows = seen_days(since, until).filter(student__in=students).order_by()
    return dict(rows.values_list("student_id").annotate(day=Max("held_on")))


def students_with_last_seen(students: QuerySet[Student], *, since: dt.date) -> QuerySet[Student]:
    """The same students with `last_seen_on` (None where not seen since), to filter and order by in the database."""
    mine = seen_days(since).filter(student=OuterRef("pk")).order_by("-held_on")
    return students.annotate(last_seen_on=Subquery(mine.values("held_on")[:1]))


@dataclass(frozen=True)
class Contacts:
    """Of one student, days only: last seen, home last reached, how often seen this term, last of any kind."""

    seen: dt.date | None = None
    home: dt.date | None = None
    done: int = 0
    spoken: dt.date | None = None


def contacts_by_student(students: Students | list[UUID], *, since: dt.date, term: dt.date) -> dict[UUID, Contacts]:
    """Student id → Contacts from `since` until today, whoever wrote it; `home` and `done` from the term's first day.

    One query; whoever nobody spoke with or about is missing.
    """
    rows = SessionDay.objects.filter(student__in=students, held_on__range=(since, timezone.localdate())).order_by()
    days = rows.values_list("student_id").annotate(
        seen=Max("held_on", filter=COUNTS),
        home=Max("held_on", filter=Q(kind__in=HOME_KINDS, held_on__gte=term)),
        done=Count("pk", filter=COUNTS & Q(held_on__gte=term)),
        spoken=Max("held_on"),
    )
    return {student: Contacts(*found) for student, *found in days}
