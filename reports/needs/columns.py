"""The columns of the two lists of students.

Neither holds a UPN: it is not for lists that are passed around (DfE, unique pupil numbers).
"""

from typing import Any

from accounts.models import School
from core.exports import Value
from reports.dashboards.facts import StudentFacts
from reports.exports.tables import Column

Facts = StudentFacts


def columns_of_needs(school: School) -> list[Column[Facts]]:
    """What a SENCO reads about students with needs."""
    return [
        *_who(school),
        Column("status", "SEN status", lambda f: f.student.get_sen_status_display(), _status),
        Column("need", "Primary need", lambda f: f.student.get_sen_need_display()),
        *_attendance(),
        Column("seen", "Last 1:1", lambda f: f.seen_on, _seen),
        Column("open", "Open steps", lambda f: len(f.steps), number=True),
        Column("overdue", "Overdue steps", lambda f: f.steps_overdue, number=True),
        _below(),
        *_circumstances(),
    ]


def columns_of_school(school: School) -> list[Column[Facts]]:
    """What the office keeps as a list of the whole school."""
    return [
        Column("admission", "Admission number", lambda f: f.student.admission_number),
        *_who(school),
        Column("born", "Date of birth", lambda f: f.student.date_of_birth),
        Column("status", "SEN status", lambda f: f.student.get_sen_status_display(), _status),
        Column("need", "Primary need", lambda f: f.student.get_sen_need_display(), on_screen=False),
        *_attendance(),
        Column("persistent", "Persistently absent", lambda f: "yes" if f.year.persistent else ""),
        _below(),
        *_circumstances(),
    ]


def _who(school: School) -> list[Column[Facts]]:
    return [
        Column("name", "Surname", lambda f: f.student.preferred_surname, on_screen=False),
        Column("forename", "Forename", lambda f: f.student.preferred_forename, on_screen=False),
        Column("year", "Year", lambda f: f.student.year_group, number=True),
        Column("group", school.tutor_group_label, lambda f: f.group_name),
        Column("house", school.house_label, lambda f: f.student.house.name if f.student.house else "", on_screen=False),
    ]


def _attendance() -> list[Column[Facts]]:
    return [
        Column("attendance", "Attendance %", _percent, number=True),
        Column("possible", "Possible sessions", lambda f: f.year.possible, number=True),
    ]


def _percent(f: Facts) -> float | None:
    return None if f.year.attendance is None else round(f.year.attendance, 1)


def _below() -> Column[Facts]:
    return Column("below", "Subjects below target", lambda f: None if f.below is None else len(f.below), number=True)


def _circumstances() -> list[Column[Facts]]:
    return [
        Column("also", "Also", _also, in_file=False),
        Column("pp", "Pupil premium", _yes("pupil_premium"), on_screen=False),
        Column("eal", "EAL", _yes("eal"), on_screen=False),
        Column("lac", "Looked after", _yes("looked_after"), on_screen=False),
    ]


def _also(f: Facts) -> str:
    """The circumstances in one cell of the screen; a file has a column for each."""
    student = f.student
    words = ((student.pupil_premium, "pupil premium"), (student.eal, "EAL"), (student.looked_after, "looked after"))
    return ", ".join(word for holds, word in words if holds)


def _seen(f: Facts) -> str:
    """A day of this school year without its year."""
    if f.seen_on is None:
        return "none yet"
    return f"{f.seen_on.day} {f.seen_on:%b}" if f.seen_on >= f.moment.year_start else f"{f.seen_on:%b %Y}"


def _yes(flag: str) -> Any:
    def value(f: Facts) -> Value:
        return "yes" if getattr(f.student, flag) else ""

    return value


def _status(f: Facts) -> str:
    return {"K": "SEN support", "E": "EHCP"}.get(f.student.sen_status, "none")
