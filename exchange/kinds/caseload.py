"""Single students: whom a colleague has without a group, from which day, until which. A list of its own.

The rules are those of the page "Single students" (`tutoring.groups.singly`), and PostgreSQL's: nobody gives students to
themselves, nothing is dated back. What a colleague has ended by hand no older file brings back or makes longer.
"""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError

from accounts.enums import ASSIGNED_ROLES
from accounts.models import Membership, User
from core.turns import take_turn
from exchange.book import Book
from exchange.headers import IDENTITY, Kind, words
from exchange.kinds.roles import LONGEST, roles_in
from exchange.linking import Linker
from exchange.selectors import lent_to, work_given_students
from exchange.tables import Row, RowRefusedError, Table
from exchange.values import BadValue
from students.models import Student
from tutoring.groups.models import CaseloadEntry
from tutoring.groups.singly import FURTHEST, why_not_then

KIND = Kind(
    name="single students",
    label="Single students",
    columns={
        **{field: spellings for field, spellings in IDENTITY.items() if field not in {"mis_id", "form"}},
        "mis_id": words("arborstudentid studentid pupilid misid bromcomid simsid isamsid"),
        "student_surname": words("studentsurname pupilsurname studentlastname pupillastname"),
        "student_forename": words("studentforename pupilforename studentfirstname pupilfirstname"),
        "student_name": words("studentname pupilname student pupil studentfullname pupilfullname learner child"),
        "form": words("reggroup tutorgroup registrationgroup registrationform form studentform pupilform"),
        "staff_code": words(
            "staffcode tutorcode mentorcode teachercode colleaguecode staffinitials tutorinitials initials code"
            " employeeid staffid"
        ),
        "email": words(
            "staffemail tutoremail mentoremail colleagueemail teacheremail workemail email emailaddress"
            " staffemailaddress"
        ),
        "staff": words(
            "staffname staff tutor mentor colleague tutorname mentorname teacher teachername staffmember"
            " onetoonetutor 11tutor"
        ),
        "role": words("role staffrole tutorrole"),
        "first_day": words("from datefrom fromdate firstday startson startdate start starts begins givenfrom"),
        "last_day": words("until dateuntil untildate to dateto todate lastday endson enddate end ends till"),
        "marker": words(
            "yeargroup ncyear gender sex senstatus dateofadmission relationship parentalresponsibility subject mark"
            " points category jobtitle surname lastname legalsurname forename firstname legalforename"
        ),
    },
    needs=(
        frozenset({"upn", "admission_number", "mis_id", "student_name", "student_surname"}),
        frozenset({"staff_code", "email", "staff"}),
        frozenset({"first_day"}),
    ),
    weights={"staff_code": 4, "email": 3, "staff": 3, "first_day": 4, "last_day": 2},
    hints=("caseload", "single", "oneto", "mentor"),
    unlike=frozenset({"marker"}),
    dates=("date_of_birth", "first_day", "last_day"),
    ahead=frozenset({"first_day", "last_day"}),
)
OWN = "Nobody gives students to themselves, or to whom they stand in for. Ask a colleague."
ROW_STANDS = "Another row gives this student on these days already; that one stands."
_COLLEAGUE = ("staff_code", "email", "staff")


def read_caseload(table: Table, book: Book) -> None:
    """Every row in turn; one that cannot be is refused with the reason, and the others stand."""
    reader, linker = _Reader(table, book), Linker(table, book.roster, "student_")
    for row in table.rows():
        student_id = linker.student_id(row.line, row.cells)
        if student_id is None:
            continue
        try:
            reader.take(row, book.students.rows[student_id])
        except RowRefusedError as refused:
            row.refuse(refused)
    linker.tell_strangers()


def wait_for_colleagues(book: Book) -> None:
    """Take the page's turn for each role the files touch; IntegrityError where somebody said something meanwhile.

    Roles in order, so that two who wait never wait in a circle; read again only when it is our turn.
    """
    ledger = book.caseload
    touched = {(entry.membership_id, entry.student_id) for entry in [*ledger.made.values(), *ledger.changed.values()]}
    roles = sorted({role for role, _ in touched}, key=str)
    for role in roles:
        take_turn(f"singly:{role}")
    read = {
        (pk, entry.starts_on, ledger.before.get(pk, {}).get("ends_on", entry.ends_on))
        for pk, entry in ledger.rows.items()
        if pk not in ledger.made and (entry.membership_id, entry.student_id) in touched
    }
    there = CaseloadEntry.objects.filter(membership__in=roles)
    if read != {(e.pk, e.starts_on, e.ends_on) for e in there if (e.membership_id, e.student_id) in touched}:
        raise IntegrityError("Whom a colleague has singly was changed since the files were compared.")


class _Reader:
    """Who may be given students, and whom each has already."""

    def __init__(self, table: Table, book: Book) -> None:
        self.file, self.book = table.file, book
        self.lent = lent_to(book.by, book.today) if book.by else set()
        self.work: dict[UUID, list[Membership]] = {}
        known = work_given_students(book.school, book.today)
        for work in [*known, *(m for m in book.memberships.made.values() if m.role in ASSIGNED_ROLES)]:
            self.work.setdefault(work.user_id, []).append(work)
        self.there: dict[tuple[UUID, UUID], list[CaseloadEntry]] = {}
        for entry in book.caseload.rows.values():
            self.there.setdefault((entry.membership_id, entry.student_id), []).append(entry)

    def take(self, row: Row, student: Student) -> None:
        """One row: new, longer said already, ended, or refused."""
        user = self._colleague(row)
        work = self._work(row, user)
        first, last = _day(row, "first_day"), _day(row, "last_day")
        if first is None:
            raise RowRefusedError("first_day", "missing_first_day", "The row does not say from which day.")
        there = self.there.setdefault((work.pk, student.pk), [])
        same = next((entry for entry in there if entry.starts_on == first), None)
        if same is not None:
            self._again(row, same, last)
            return
        self._may_begin(work, student, first, last)
        for entry in there:
            if (entry.ends_on or dt.date.max) >= first and entry.starts_on <= (last or dt.date.max):
                raise RowRefusedError("first_day", "already_given", f"{user} has {student} {_days(entry)} already.")
        new = CaseloadEntry(membership=work, student=student, starts_on=first, ends_on=last)
        there.append(self.book.caseload.add(new))
        self.file.made += 1
        self._show(row, new, "")

    def _colleague(self, row: Row) -> User:
        """Whom the code, the address or the name means; two of them that mean two people mean nobody."""
        found: User | None = None
        for field in _COLLEAGUE:
            if not (written := row.get(field)):
                continue
            user = self.book.staff_called(written)
            if user is None and not (field == "staff" and found):
                raise RowRefusedError(
                    field, "unknown_colleague", "No one colleague here has this code, address or name."
                )
            if user and found and user != found:
                raise RowRefusedError(field, "conflicting_identity", f"This is {user}, and the row says {found} too.")
            found = found or user
        if found is None:
            first = next(field for field in _COLLEAGUE if row.has(field))
            raise RowRefusedError(first, "missing_colleague", "The row does not say who has the student.")
        return found

    def _work(self, row: Row, user: User) -> Membership:
        """The role the students hang on: the only one that is given students, or the one that the row names."""
        place = next(field for field in _COLLEAGUE if row.get(field))
        if not user.is_active:
            raise RowRefusedError(place, "inactive_colleague", f"{user} cannot sign in, so nobody is given to them.")
        said = row.get("role", LONGEST)
        all_of_them, wanted = self.work.get(user.pk, []), roles_in(said, self.book.school.called)
        if said and not wanted:
            raise RowRefusedError("role", "unknown_role", "No role here is called that. Correct the cell, or empty it.")
        found = [work for work in all_of_them if not wanted or work.role in wanted]
        names = " and ".join(self.book.school.called[work.role].mid for work in all_of_them)
        if len(found) == 1:
            if user == self.book.by or found[0].pk in self.lent:
                raise RowRefusedError(place, "own_students", OWN)
            return found[0]
        if found:
            raise RowRefusedError("role", "which_role", f"{user} is {names}. Say which in a column Role.")
        if all_of_them:
            raise RowRefusedError("role", "unknown_role", f"{user} is {names}, and not what this cell says.")
        raise RowRefusedError(
            place, "no_such_work", f"{user} has no role that is given single students. Give it first."
        )

    def _may_begin(self, work: Membership, student: Student, first: dt.date, last: dt.date | None) -> None:
        today = self.book.today
        if student.left_on and student.left_on < today:
            raise RowRefusedError("", "student_left", f"{student} has left.", student.upn)
        if wrong := why_not_then(work, first, last):
            raise RowRefusedError(wrong.field, "bad_days", wrong.sentence)

    def _again(self, row: Row, entry: CaseloadEntry, last: dt.date | None) -> None:
        """The row is there already: it may say an end, and never take one back that somebody has said."""
        before = entry.ends_on
        if last == before:
            self.file.left += 1
        elif entry.pk in self.book.caseload.made or entry.pk in self.book.caseload.before:
            raise RowRefusedError("last_day", "repeated_row", ROW_STANDS)
        elif before and (last is None or last > before):
            self.file.left += 1
            row.warn("last_day", "ended_before", f"It ends on {before:%-d %B %Y} here, and no file makes it longer.")
        elif last and not max(self.book.today, entry.starts_on) <= last <= self.book.today + FURTHEST:
            raise RowRefusedError("last_day", "bad_days", "A last day is today or later, and within a year.")
        else:
            was = _days(entry)
            self.book.caseload.change(entry, ends_on=last)
            self.file.changed += 1
            self._show(row, entry, was)

    def _show(self, row: Row, entry: CaseloadEntry, before: str) -> None:
        """Before anything is changed one reads whom somebody will have, and when."""
        work, students = entry.membership, self.book.students.rows
        person = f"{self.book.staff.rows[work.user_id]} ({self.book.school.called[work.role].mid})"
        name = students[entry.student_id].name
        self.book.report.add_example(row.table.name, name, f"given to {person}", before, _days(entry))


def _day(row: Row, field: str) -> dt.date | None:
    try:
        return row.table.read_date(field, row.raw(field))
    except BadValue as bad:
        raise RowRefusedError(field, "bad_date", f"{bad} Correct the cell and send the file again.") from bad


def _days(entry: CaseloadEntry) -> str:
    until = f" until {entry.ends_on:%-d %B %Y}" if entry.ends_on else ", until somebody ends it"
    return f"from {entry.starts_on:%-d %B %Y}{until}"
