"""Who is watched over, who is new, and whose look is due; a 1:1 counts as a look. The database says who reads it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.due import Lines
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.falling import falls_to_me
from tutoring.groups.selectors import GROUPS_TUTORED, staff_who_see, students_visible_to, students_with_group, values_of
from tutoring.sessions.models import SessionDay
from tutoring.watch.enums import Every, Kind
from tutoring.watch.models import CheckIn, Watch

# Of a student the last 1:1 since that day, or the like: kinds that count as having been seen.
TALKED = """(SELECT max(d.held_on) FROM tutor_sessions_sessionday d JOIN tutor_sessions_sessionkind k
   ON k.id = d.school_kind_id AND k.counts WHERE d.student_id = {student} AND d.held_on >= {since})"""
LOOKED = "(SELECT max(c.day) FROM watch_checkin c WHERE c.watch_id = {watch})"
DUE = f"""
SELECT 'watch', w.id, CASE w.kind WHEN 'leaving' THEN 'at risk of leaving' ELSE w.reason END, w.student_id,
       w.next_on, '', w.who_id, 0
  FROM (SELECT o.id, o.kind, o.reason, o.student_id, o.who_id, coalesce(greatest({LOOKED.format(watch="o.id")},
               {TALKED.format(student="o.student_id", since="o.started_on")}), o.started_on) + o.every AS next_on
          FROM watch_watch o WHERE o.ended_on IS NULL AND o.kind <> 'new'
           AND {falls_to_me("o.who_id", student="o.student_id", wanted=Permission.KEEP_WATCH)}) w
 WHERE w.next_on <= %(today)s
"""  # noqa: S608 (our own text; values are parameters)
# One line a group, never late: in September all of a year are new. Says what `Newcomer.is_due` says, without working
# out of each of them when somebody last looked: they have been here for a week, and nobody has looked in the last one.
NEWCOMERS = f"""
SELECT 'newcomers', g.id, g.name || ', ' || count(*) || CASE count(*) WHEN 1 THEN ' student' ELSE ' students' END,
       NULL::uuid, %(today)s::date, '', NULL::uuid, 0
  FROM groups_groupmembership m
  JOIN groups_tutorgroup g ON g.id = m.group_id
  JOIN students_student s ON s.id = m.student_id
  JOIN accounts_school a ON a.id = s.school_id
 WHERE m.group_id IN ({GROUPS_TUTORED})
   AND m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
   AND s.joined_on BETWEEN %(today)s - 7 * a.new_weeks AND %(today)s - {Every.WEEK.value}
   AND NOT EXISTS (SELECT FROM watch_watch w WHERE w.student_id = s.id AND w.kind = 'new' AND (w.ended_on IS NOT NULL
     OR EXISTS (SELECT FROM watch_checkin c WHERE c.watch_id = w.id AND c.day > %(today)s - {Every.WEEK.value})))
   AND NOT EXISTS (SELECT FROM tutor_sessions_sessionday d JOIN tutor_sessions_sessionkind k
     ON k.id = d.school_kind_id AND k.counts WHERE d.student_id = s.id AND d.held_on > %(today)s - {Every.WEEK.value})
 GROUP BY g.id, g.name
"""  # noqa: S608 (our own text; values are parameters)


@dataclass(frozen=True)
class Newcomer:
    """Somebody new: their watch if anybody has touched it, when somebody last looked, and when to look again."""

    student: Student
    watch: Watch | None
    last_on: dt.date | None
    next_on: dt.date

    @property
    def is_due(self) -> bool:
        return self.next_on <= timezone.localdate()


def watches_due(user: User, today: dt.date) -> list[Lines]:
    """Mine, and what falls to me of others', whose look is due ("watch"); of each group I tutor the new students whose
    is ("newcomers").
    """
    return [(DUE, values_of(user, today)), (NEWCOMERS, values_of(user, today))]


def _talked(student: str, since: str) -> Subquery:
    days = SessionDay.objects.filter(student=OuterRef(student), held_on__gte=OuterRef(since), school_kind__counts=True)
    return Subquery(days.order_by("-held_on").values("held_on")[:1])


def watches_readable() -> QuerySet[Watch]:
    """With `looked_on` and `talked_on`: the last check-in, and the last 1:1 since it began."""
    looked = CheckIn.objects.filter(watch=OuterRef("pk")).order_by("-day").values("day")[:1]
    rows = Watch.objects.select_related("student", "who", "made_by", "ended_by")
    return rows.annotate(looked_on=Subquery(looked), talked_on=_talked("student", "started_on"))


def watches_going_on() -> list[Watch]:
    """All that whoever acts may read and that go on, but for new students; whose look is due longest comes first."""
    rows = list(watches_readable().filter(ended_on=None).exclude(kind=Kind.NEW))
    return sorted(rows, key=lambda watch: (next_look(watch), watch.student.sort_name))


def watches_of_student(student: Student) -> list[Watch]:
    """All of one student's with their check-ins, those that go on first: two queries."""
    looks = Prefetch("check_ins", CheckIn.objects.select_related("by").order_by("-day"))
    rows = watches_readable().filter(student=student).prefetch_related(looks)
    return list(rows.order_by(F("ended_on").desc(nulls_first=True), "-started_on"))


@dataclass(frozen=True)
class Before:
    """What a watch said until somebody changed it."""

    at: dt.datetime
    changed_by: str
    reason: str
    every: str
    who: str


def said_before(watches: Iterable[Watch]) -> dict[UUID, list[Before]]:
    """watch → why, how often and who looked, as it was before each change of these; the latest first, two queries."""
    after = {watch.pk: _said(watch) for watch in watches}
    history: Any = apps.get_model("watch", "WatchChange")
    rows = history.objects.filter(id__in=list(after), pgh_label="update").select_related("who")
    rows = list(rows.order_by("-pgh_created_at"))
    people = User.objects.in_bulk({row.pgh_actor_id for row in rows})
    found: dict[UUID, list[Before]] = {}
    for row in rows:
        if _said(row) != after[row.id]:
            by = str(people.get(row.pgh_actor_id, "Waymark"))
            said = Before(row.pgh_created_at, by, row.reason, Every(row.every).label, str(row.who))
            found.setdefault(row.id, []).append(said)
        after[row.id] = _said(row)
    return found


def _said(row: Any) -> tuple[str, int, UUID]:
    return row.reason, row.every, row.who_id


def last_look(watch: Watch) -> dt.date | None:
    """The later of the last check-in and the last 1:1; None where there was neither."""
    days = [day for day in (watch.looked_on, watch.talked_on) if day]  # type: ignore[attr-defined]
    return max(days, default=None)


def next_look(watch: Watch) -> dt.date:
    """When to look again."""
    return (last_look(watch) or watch.started_on) + dt.timedelta(days=watch.every)


def newcomers(user: User, school: School, today: dt.date) -> list[Newcomer]:
    """Of the students this person keeps watch over, those in their first weeks who have not settled: two queries."""
    since = today - dt.timedelta(weeks=school.new_weeks)
    students = students_on_roll(students_visible_to(user, Permission.KEEP_WATCH)).filter(
        joined_on__gte=since, joined_on__lte=today
    )
    settled = Watch.objects.filter(student=OuterRef("pk"), kind=Kind.NEW, ended_on__isnull=False)
    new = Watch.objects.filter(kind=Kind.NEW).annotate(looked_on=Max("check_ins__day")).select_related("who")
    rows = students_with_group(students.filter(~Exists(settled))).annotate(talked_on=_talked("pk", "joined_on"))
    rows = rows.prefetch_related(Prefetch("watches", new, to_attr="new_watches"))
    found = [_newcomer(student) for student in rows]
    return sorted(found, key=lambda one: (one.next_on, one.student.sort_name))


def _newcomer(student: Student) -> Newcomer:
    watch = next(iter(student.new_watches), None)  # type: ignore[attr-defined]
    days = [day for day in (student.talked_on, watch and watch.looked_on) if day]  # type: ignore[attr-defined]
    last, joined = max(days, default=None), student.joined_on
    assert joined is not None  # noqa: S101 (the query asks for it)
    return Newcomer(student, watch, last, max(joined, last or joined) + dt.timedelta(days=Every.WEEK.value))


def is_new(student: Student, school: School, today: dt.date) -> bool:
    """In the first weeks that the school watches."""
    return bool(student.joined_on and today - dt.timedelta(weeks=school.new_weeks) <= student.joined_on <= today)


def watches_changeable() -> QuerySet[Watch]:
    """What whoever acts may read and that goes on."""
    return watches_readable().filter(ended_on=None)


def people_to_watch(student: Student) -> QuerySet[User]:
    """Who keeps watch over this student, by name."""
    return staff_who_see(student, Permission.KEEP_WATCH).order_by("last_name", "first_name", "pk")
