"""Taking a register; putting the weekly counts right where they ever differ from the marks."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core.ids import UUID
from tutoring.attendance.enums import Session
from tutoring.attendance.meaning import is_given_here
from tutoring.attendance.models import Mark, Register, RegisterEntry
from tutoring.attendance.registers import (
    State,
    entries_of,
    groups_to_register,
    mark_of_state,
    register_of,
    state_of,
    students_to_register,
)
from tutoring.groups.models import TutorGroup

_FRESH = """
SELECT m.student_id, date_trunc('week', m.date)::date AS week,
       count(*) FILTER (WHERE c.stat_class IN ('PRESENT', 'APPROVED_EDU', 'AUTHORISED', 'UNAUTHORISED')) AS possible,
       count(*) FILTER (WHERE c.stat_class IN ('PRESENT', 'APPROVED_EDU')) AS attended,
       count(*) FILTER (WHERE c.stat_class = 'AUTHORISED') AS authorised,
       count(*) FILTER (WHERE c.stat_class = 'UNAUTHORISED') AS unauthorised,
       count(*) FILTER (WHERE m.code IN ('/', '\\', 'L', 'U')) AS arrivals,
       count(*) FILTER (WHERE m.code IN ('L', 'U')) AS late,
       count(*) FILTER (WHERE m.code IN ('G', 'N', 'O', 'U')) AS notice,
       count(*) FILTER (WHERE c.stat_class IS NULL) AS unknown
FROM attendance_mark m
LEFT JOIN attendance_code c
  ON c.code = m.code AND m.date >= c.valid_from AND (c.valid_to IS NULL OR m.date <= c.valid_to)
GROUP BY 1, 2
"""
_COLUMNS = "student_id, week, possible, attended, authorised, unauthorised, arrivals, late, notice, unknown"
# A week whose marks have all gone keeps a row of zeros; that is not wrong.
_WRONG = f"""
WITH fresh AS ({_FRESH}), kept AS (SELECT {_COLUMNS} FROM attendance_weekcount WHERE possible + arrivals + unknown > 0),
     counted AS (SELECT {_COLUMNS} FROM fresh WHERE possible + arrivals + unknown > 0)
SELECT (SELECT count(*) FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept) AS missing)
     + (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted) AS surplus)
"""  # noqa: S608 (our own constants)


def recount_weeks() -> int:
    """Rebuild every weekly count from the marks; the number of weeks that were wrong before.

    Writers of marks wait meanwhile (about a second for a school of 600).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE attendance_mark IN SHARE MODE")
        cursor.execute(_WRONG)
        wrong: int = cursor.fetchone()[0]
        if wrong:
            cursor.execute("DELETE FROM attendance_weekcount")
            cursor.execute(f"INSERT INTO attendance_weekcount ({_COLUMNS}) {_FRESH}")
        return wrong


class RefusedError(Exception):
    """Not for this person, or not possible; the message says why, in words for them. Nothing was saved."""


class OtherwiseMeanwhileError(Exception):
    """Marks or students are others than when the register was opened; `now` is what it says. Nothing was saved."""

    def __init__(self, register: Register | None, now: State) -> None:
        super().__init__("The register was saved otherwise meanwhile.")
        self.register, self.now = register, now


@dataclass(frozen=True)
class Taken:
    """The register, and whether this call wrote anything (False: the same had arrived before)."""

    register: Register
    changed: bool


@dataclass(frozen=True)
class Given:
    """What a register is given: student → (code, minutes late), which form sent it, what the marks said when that was
    opened (`mark_of_state`), and the reason of a correction."""

    found: State
    submission: UUID
    opened_with: str
    reason: str = ""


@transaction.atomic
def take_register(*, by: User, group: TutorGroup, day: dt.date, session: Session, given: Given) -> Taken:
    """Take or correct the register of that session: marks, and what was said of whom; once, whatever is sent twice.

    Marks that already say what is given stay as they are. A past mark is changed only with a reason.
    """
    if not groups_to_register(by).filter(pk=group.pk).exists():
        raise PermissionDenied("A register is taken by those who have the group and those who lead over it.")
    with connection.cursor() as cursor:  # two windows, or two people, one after the other
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"register {group.pk} {day} {session}"]
        )
    students = students_to_register(by, group, day)
    register, now = register_of(group, day, session), state_of(students, day, session)
    latest = {key: (said[-1].code, said[-1].minutes_late) for key, said in entries_of(register).items()}
    # Codes that are no tutor's to give stand as the export brought them.
    fresh = {k: said for k, said in given.found.items() if latest.get(k) != said and is_given_here(said[0], day)}
    if register and given.found == now and not fresh:
        return Taken(register, changed=False)
    if given.opened_with != mark_of_state(register, now):
        raise OtherwiseMeanwhileError(register, now)
    corrected = {key for key, said in given.found.items() if now[key][0] and now[key] != said}
    if corrected and day < timezone.localdate() and not given.reason:
        raise RefusedError("This day is over: say why the register is corrected, then save again.")
    made = register is None
    register = register or _open_register(group, day, session, by, given.submission)
    _say(register, by, fresh, given.reason)
    _mark(register, now, given.found)
    record("register.taken" if made else "register.corrected", by=by, obj=register, changed=len(corrected))
    return Taken(register, changed=True)


def _open_register(group: TutorGroup, day: dt.date, session: Session, by: User, submission: UUID) -> Register:
    try:
        with transaction.atomic():
            return Register.objects.create(group=group, day=day, session=session, by=by, submission=submission)
    except IntegrityError as taken:  # no school day, or the key of another form: nobody's browser sends either
        raise RefusedError("This register cannot be taken. Open the group’s register again.") from taken


def _say(register: Register, by: User, fresh: State, reason: str) -> None:
    """What is said of whom."""
    RegisterEntry.objects.bulk_create(
        RegisterEntry(register=register, student_id=key, by=by, code=code, minutes_late=minutes, reason=reason)
        for key, (code, minutes) in sorted(fresh.items())
    )


def _mark(register: Register, now: State, found: State) -> None:
    """Bring the marks to what was found; those that say it already stay untouched. Triggers keep the weekly counts."""
    marks = Mark.objects.filter(date=register.day, session=register.session)
    for key, (code, minutes) in sorted(found.items()):
        if now[key][0] and now[key] != (code, minutes):
            marks.filter(student=key).update(code=code, minutes_late=minutes, comment="")
    new = [
        Mark(student_id=key, date=register.day, session=register.session, code=code, minutes_late=minutes)
        for key, (code, minutes) in sorted(found.items())
        if not now[key][0]
    ]
    try:
        with transaction.atomic():
            Mark.objects.bulk_create(new)
    except IntegrityError as brought_in:
        raise RefusedError("An import is bringing in marks at this moment. Open the register again.") from brought_in
