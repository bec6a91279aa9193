"""Words and numbers of the Today page, from what was gathered: greeting, date line, number strip, register strips."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.ids import UUID
from students.due import OFTEN_MOVED, DueLine
from students.models import Student
from tutoring.attendance.meaning import Square, square
from tutoring.attendance.models import Mark
from tutoring.attendance.statistics import Figure
from tutoring.desk.calendar import Calendar
from tutoring.desk.deeds import DEEDS, DONE_BY_NAMED, FALLING, FIRST, NOW, STAFF_DOES, TO_READ, Deed
from tutoring.desk.facts import Circle
from tutoring.desk.scopes import WHOLE_SCHOOL, Scope
from tutoring.desk.story_entries import counted
from tutoring.diary.clock import Clock
from tutoring.sessions.enums import Owner

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Number:
    """One card of the strip: a number, what it means, and the rows behind it."""

    label: str
    big: str
    small: str
    sub: str
    url: str


@dataclass(frozen=True)
class Register:
    """One student's last ten sessions."""

    student: Student
    squares: list[tuple[Square, str]]
    words: str


def greeting(now: dt.datetime) -> str:
    """By the hour of the school's own day."""
    if now.hour < 12:
        return "Good morning"
    return "Good afternoon" if now.hour < 18 else "Good evening"


def date_line(calendar: Calendar, scope: Scope, students: list[Student]) -> str:
    """The day, whose page this is, and how much of the term is left."""
    today = calendar.today
    parts = [f"{today:%A} {today.day} {today:%B}"]
    if not calendar.is_school_day(today):
        parts.append(_no_school(calendar))
    if students:
        parts.append(f"{_circle_name(scope, students)}, {counted(len(students), 'student')}")
    if calendar.term and calendar.weeks_left:
        parts.append(f"{counted(calendar.weeks_left, 'week')} left of the {calendar.term.plain_name}")
    return " · ".join(parts)


def _no_school(calendar: Calendar) -> str:
    reason = calendar.closures.get(calendar.today, "")
    day = calendar.next_school_day
    words = f"no school today ({reason})" if reason else "no school today"
    if not day:
        return words
    tomorrow = day == calendar.today + dt.timedelta(days=1)
    return f"{words}, back {'tomorrow' if tomorrow else f'on {day:%A} {day.day} {day:%B}'}"


def _circle_name(scope: Scope, students: list[Student]) -> str:
    if scope.key not in ("mine", "taught"):
        return scope.label
    groups = sorted({str(name) for s in students if (name := getattr(s, "group_name", None))})
    return " and ".join(groups) if 1 <= len(groups) <= 2 else scope.label


def list_url(scope: Scope, **filters: str) -> str:
    """The list of students behind a number."""
    return f"{reverse('desk:student-list')}?{urlencode(_address(scope) | filters)}"


def _address(scope: Scope) -> dict[str, str]:
    """The circle, and the one group of it, as addresses say them."""
    return {"scope": scope.key} | ({"group": scope.group} if scope.group else {})


def numbers(circle: Circle, scope: Scope, calendar: Calendar) -> list[Number]:
    """The strip, as far as this person may know each of them."""
    found = []
    if circle.clock and circle.clock.turns:
        found.append(_seen(circle.clock, scope))
    if circle.knows_attendance:
        found += [_attendance(circle, scope, calendar), _persistent(circle, scope)]
    if circle.knows_steps:
        found.append(_steps(circle, scope, calendar))
    return found


def _seen(clock: Clock, scope: Scope) -> Number:
    sub = clock.forecast or (f"{clock.left} left" if clock.left else "everybody seen")
    url = f"{reverse('desk:term-clock')}?{urlencode(_address(scope))}"
    return Number("Seen 1:1 this term", str(clock.seen), f"of {clock.entitled}", sub, url)


def _attendance(circle: Circle, scope: Scope, calendar: Calendar) -> Number:
    now, september = circle.figure("half_term"), circle.figure("september")
    others = circle.school and circle.school.possible and scope.key != WHOLE_SCHOOL
    parts = [f"School {percent(circle.school)}"] if others else []
    change = _change(now, september)
    if change is not None and calendar.half_term_start > dt.date(calendar.year_start.year, 9, 30):
        parts.append(
            f"{'up' if change > 0 else 'down'} {abs(change):.1f} since September" if change else "as September"
        )
    parts.append(f"{now.possible:,} possible sessions")
    url = list_url(scope, sort="attendance")
    return Number("Attendance this half term", percent(now), "", " · ".join(parts), url)


def _change(now: Figure, then: Figure) -> float | None:
    if now.attendance is None or then.attendance is None:
        return None
    return round(round(now.attendance, 1) - round(then.attendance, 1), 1)


def percent(figure: Figure | None) -> str:
    """To one decimal; a dash where no session was possible."""
    return "–" if figure is None or figure.attendance is None else f"{figure.attendance:.1f}%"


def _persistent(circle: Circle, scope: Scope) -> Number:
    absent = [w for w in circle.windows.values() if w["year"].persistent]
    newly = sum(1 for w in absent if w["earlier"].possible and not w["earlier"].persistent)
    sub = f"{newly} newly so in the last two weeks" if newly else "nobody new in the last two weeks"
    url = list_url(scope, show="absent", sort="attendance")
    return Number("Persistently absent", str(len(absent)), f"of {len(circle.windows)}", sub, url)


def _steps(circle: Circle, scope: Scope, calendar: Calendar) -> Number:
    overdue = len(circle.overdue(calendar.today))
    sub = f"{overdue} overdue" if overdue else "none overdue"
    due = len(circle.steps) - overdue
    if scope.key == WHOLE_SCHOOL:  # only one's own are counted there, and all of them stand on the page
        return Number("My steps due this week", str(due), "", sub, "#steps-title")
    return Number("Steps due this week", str(due), "", sub, list_url(scope, show="overdue" if overdue else "due"))


@dataclass(frozen=True)
class Due:
    """One line of what is due. `late` counts days past the day agreed."""

    line: DueLine
    deed: Deed
    doer: str
    late: int
    url: str

    @property
    def when(self) -> str:
        """The day in words: by name within the week, else by date; nothing for what only waits to be read."""
        if self.line.kind in TO_READ:
            return ""
        day, near = self.line.due_on, dt.timedelta(days=6)
        return f"{day:%A}" if abs(day - timezone.localdate()) <= near else f"{day.day} {day:%b}"

    @property
    def moved(self) -> int:
        """How often the day was moved, where that is often."""
        return self.line.times_moved if self.line.times_moved >= OFTEN_MOVED else 0


def due_lines(lines: list[DueLine], reader: User, today: dt.date) -> list[Due]:
    """All of them in one list: who is out, what a colleague waits for, then the longest overdue."""
    ordered = sorted(lines, key=lambda line: (line.kind not in NOW, line.kind not in FIRST))
    return [_due(line, reader, today) for line in ordered]


def _due(line: DueLine, reader: User, today: dt.date) -> Due:
    deed = DEEDS[line.kind]
    late = 0 if line.kind in TO_READ else max(0, (today - line.due_on).days)
    if line.kind in DONE_BY_NAMED and line.owner in STAFF_DOES and line.staff_id in reader.stands_in_for:
        return Due(line, deed, f"for {line.staff_name}", late, deed.url(line))
    return Due(line, deed, _who(line, mine=line.staff_id == reader.pk), late, deed.url(line))


def _who(line: DueLine, *, mine: bool) -> str:
    staff = "you" if mine else line.staff_name
    match line.kind:
        case "step" | "plan_step":
            return _doer(line.owner, line.forename, line.staff_name, mine=mine)
        case "review":
            return f"plan by {staff}"
        case "referral" | "feedback":
            return f"held by {staff}"
        case "alert" if line.owner:
            return f"from {line.staff_name}, for {line.owner}"
        case "alert" | "answer" | "handover" | "ask":
            return f"from {line.staff_name}"
        case "appeal":
            return f"issued by {line.staff_name}"
        case "handover_unread":
            return f"for {line.staff_name}" if line.staff_name else "for whoever comes next"
        case kind if kind in FALLING and line.staff_name and not mine:
            return f"taken on from {line.staff_name}"
        case "visit":
            return f"{line.staff_name} is out"
    return ""


def _doer(owner: str, forename: str, staff: str, *, mine: bool) -> str:
    if owner == Owner.STUDENT:
        return f"{forename} does it"
    if owner == Owner.HOME:
        return "home does it"
    if owner == Owner.OUTSIDE:
        return "done outside school: ask how it goes"
    return "you do it" if mine else f"{staff} does it" if staff else "staff do it"


def registers(students: list[Student], marks: dict[UUID, list[Mark]], reasons: frozenset[UUID]) -> list[Register]:
    """The strips of these students; codes behind which something private stands only to those who may know."""
    rows = []
    for student in students:
        squares = [(square(m.code, m.date, reasons=student.pk in reasons), _when(m)) for m in marks.get(student.pk, [])]
        if squares:
            absent = sum(1 for s, _ in squares if s.look in ("u", "c"))
            late = sum(1 for s, _ in squares if s.look == "l")
            rows.append(Register(student, squares, f"{counted(absent, 'absence')}, {late} late"))
    return rows


def _when(mark: Mark) -> str:
    return f"{mark.date:%a} {mark.date.day} {mark.date:%b} {mark.session}"
