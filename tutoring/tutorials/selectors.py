"""Group tutorials: which meetings are next or not written up, one as it stands, a student's attendance at them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from core.stale import mark_of
from students.due import Lines
from students.models import Student
from students.selectors import students_on_roll
from tutoring.attendance.enums import StatClass
from tutoring.attendance.meaning import class_of
from tutoring.attendance.models import Mark
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import (
    GROUPS_TUTORED,
    TUTORED_FOR,
    groups_tutored_by,
    groups_visible_to,
    students_of_group,
    students_visible_to,
    values_of,
)
from tutoring.tutorials.enums import There
from tutoring.tutorials.models import Meeting, Presence, Series, Topic
from tutoring.tutorials.programme import programme_of
from tutoring.tutorials.weeks import SchoolYear, school_year

LATEST = 3
ARRIVED_LATE = {"L", "U"}

# The last four weeks of each weekly tutorial; older ones stand in the list of tutorials only.
UNWRITTEN = f"""
SELECT 'tutorial', s.id, g.name || ', ' || to_char(met.day, 'FMDay FMDD FMMonth'), NULL::uuid, met.day, '',
       {TUTORED_FOR}, 0::smallint
  FROM tutorials_series s JOIN groups_tutorgroup g ON g.id = s.group_id
  CROSS JOIN generate_series(0, 21, 7) AS ago
  CROSS JOIN LATERAL (
    SELECT %(today)s::date - (extract(isodow FROM %(today)s::date)::integer + 6 - s.weekday) %% 7 - ago AS day) met
 WHERE s.group_id IN ({GROUPS_TUTORED}) AND met.day BETWEEN s.starts_on AND s.ends_on
   AND EXISTS (SELECT FROM students_term t
     WHERE t.school_id = g.school_id AND met.day BETWEEN t.starts_on AND t.ends_on
       AND coalesce(NOT met.day BETWEEN t.break_starts_on AND t.break_ends_on, true))
   AND NOT EXISTS (SELECT FROM students_closure c WHERE c.school_id = g.school_id AND c.date = met.day)
   AND NOT EXISTS (SELECT FROM tutorials_meeting m WHERE m.series_id = s.id AND m.day = met.day)
"""  # noqa: S608 (our own text; values are parameters)


def tutorials_due(user: User, today: dt.date) -> list[Lines]:
    """Meetings of the groups this person tutors, today's among them, that nobody has written up ("tutorial").

    A line's key is the series and its day the meeting's: together they are the address of the page.
    """
    return [(UNWRITTEN, values_of(user, today))]


def groups_to_run(user: User) -> QuerySet[TutorGroup]:
    """The groups whose tutorials this person sets up and writes up: their own, and those they lead over."""
    return groups_visible_to(user, Permission.RUN_TUTORIAL)


def series_readable() -> QuerySet[Series]:
    """What whoever acts may read; the database says which (migration 0002)."""
    return Series.objects.select_related("group", "made_by")


def series_to_run(user: User) -> QuerySet[Series]:
    """The weekly tutorials this person may change and write up."""
    return series_readable().filter(group__in=groups_to_run(user))


def series_at_once(series: Series) -> QuerySet[Series]:
    """Other weekly tutorials of the same group on the same weekday at some time of the same dates."""
    others = Series.objects.filter(group=series.group_id, weekday=series.weekday).exclude(pk=series.pk)
    return others.filter(starts_on__lte=series.ends_on, ends_on__gte=series.starts_on)


def last_written(series: Series) -> dt.date | None:
    """The last day of which something is written up."""
    return Meeting.objects.filter(series=series).order_by("-day").values_list("day", flat=True).first()


def meetings_readable() -> QuerySet[Meeting]:
    """What whoever acts may read; the database says which (migration 0002)."""
    return Meeting.objects.select_related("series__group", "topic", "written_by")


def presences_of(meeting: Meeting) -> QuerySet[Presence]:
    """Who was there and who was not, by name, of those whom whoever acts sees."""
    return Presence.objects.filter(meeting=meeting).select_related("student").order_by("student__sort_name", "pk")


@dataclass(frozen=True)
class Met:
    """One day of a weekly tutorial: what it is or was about, and the meeting once it is written up."""

    series: Series
    day: dt.date
    topic: str
    meeting: Meeting | None = None


@dataclass
class GroupTutorials:
    """A group's tutorials: those not written up (today's first), the next, the last ones, and how often they were."""

    group: TutorGroup
    series: list[Series] = field(default_factory=list)
    waiting: list[Met] = field(default_factory=list)
    coming: Met | None = None
    latest: list[Met] = field(default_factory=list)


def tutorials_of(user: User, school: School, today: dt.date) -> tuple[list[GroupTutorials], SchoolYear]:
    """Every group this person runs, their own first, with this year's meetings; in eight queries."""
    own = set(groups_tutored_by(user).values_list("pk", flat=True))
    groups = sorted(groups_to_run(user), key=lambda group: group.pk not in own)
    year = school_year(school, today)
    programme = programme_of(year.terms)
    held: dict[UUID, list[Series]] = {}
    for series in Series.objects.filter(group__in=groups).select_related("group"):
        held.setdefault(series.group_id, []).append(series)
    of_year = meetings_readable().filter(series__group__in=groups, day__in=year.days)
    written = {(meeting.series_id, meeting.day): meeting for meeting in of_year}

    def met(series: Series, day: dt.date) -> Met:
        meeting = written.get((series.pk, day))
        proposed = programme.proposed(series.group, year.week_of(day))
        return Met(series, day, meeting.title if meeting else proposed.title if proposed else "", meeting)

    found = []
    for group in groups:
        all_of_them = held.get(group.pk, [])
        days = sorted((day, s.pk, s) for s in all_of_them for day in year.meets_on(s))
        rows = [met(series, day) for day, _, series in days]
        past, coming = [m for m in rows if m.day <= today], [m for m in rows if m.day > today]
        found.append(
            GroupTutorials(
                group,
                [series for series in all_of_them if series.ends_on >= today],
                [m for m in reversed(past) if not m.meeting],
                next((m for m in coming if not m.meeting), None),
                [m for m in reversed(past) if m.meeting][:LATEST],
            )
        )
    return found, year


@dataclass(frozen=True)
class State:
    """One meeting as a form says it; `marks`: student → how they were there, empty where it was not held."""

    topic: Topic | None = None
    own_topic: str = ""
    covered: tuple[str, ...] = ()
    words: str = ""
    note: str = ""
    not_held: str = ""
    marks: dict[UUID, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """A short mark that changes when anything of it does."""
        marks = sorted(f"{key} {mark}" for key, mark in self.marks.items())
        topic = self.topic.pk if self.topic else ""
        parts = [str(topic), self.own_topic, *self.covered, "", self.words, self.note, self.not_held, *marks]
        return mark_of("\x1f".join(parts))


def state_of(meeting: Meeting | None) -> State | None:
    """The meeting as it is saved; None where nobody has written it up."""
    if meeting is None:
        return None
    marks = dict(Presence.objects.filter(meeting=meeting).values_list("student", "mark"))
    covered = tuple(meeting.covered_lines)
    return State(meeting.topic, meeting.own_topic, covered, meeting.words, meeting.note, meeting.not_held, marks)


def students_to_mark(user: User, group: TutorGroup, day: dt.date, now: State | None) -> list[Student]:
    """Those in the group that day, or marked already, whom this person sees, by name."""
    seen = students_visible_to(user, Permission.RUN_TUTORIAL)
    in_group = students_on_roll(students_of_group(group, day), day).values("pk")
    return list(seen.filter(Q(pk__in=in_group) | Q(pk__in=list(now.marks) if now else [])))


def register_says(students: Iterable[Student], day: dt.date) -> dict[UUID, There]:
    """student → how they are likely there, by the latest mark of that day; who has no mark is missing. One query."""
    found: dict[UUID, There] = {}
    for mark in Mark.objects.filter(student__in=list(students), date=day).order_by("session"):
        found[mark.student_id] = _there(mark.code, day)
    return found


def _there(code: str, day: dt.date) -> There:
    """Absent where nobody has excused it; elsewhere with leave (ill, on a trip, not expected) is excused."""
    kind = class_of(code, day)
    if code in ARRIVED_LATE:
        return There.LATE
    if kind == StatClass.UNAUTHORISED:
        return There.ABSENT
    excused = {StatClass.AUTHORISED, StatClass.APPROVED_EDU, StatClass.NOT_POSSIBLE}
    return There.EXCUSED if kind in excused else There.PRESENT


@dataclass(frozen=True)
class TutorialAttendance:
    """One student at group tutorials: how often of each. It counts in no attendance figure of the register."""

    present: int = 0
    late: int = 0
    absent: int = 0
    excused: int = 0

    @property
    def held(self) -> int:
        """Meetings that were held while they were in the group."""
        return self.present + self.late + self.absent + self.excused

    @property
    def there(self) -> int:
        return self.present + self.late


def tutorial_attendance(student: Student, start: dt.date, end: dt.date) -> TutorialAttendance:
    """The group tutorials of one student from start to end (both included), in one query."""
    rows = Presence.objects.filter(student=student, meeting__day__range=(start, end)).order_by()
    counted = Counter(dict(rows.values_list("mark").annotate(number=Count("pk"))))
    return TutorialAttendance(**{mark.value: counted[mark.value] for mark in There})
