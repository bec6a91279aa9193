"""Everything an import knows while it reads: the small tables, the roster, the large tables' stages, and the report."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from accounts.models import House, LineManager, Membership, School, User
from exchange import selectors
from exchange.findings import Report
from exchange.ledger import Ledger
from exchange.roster import Roster, name_key
from exchange.staging import Stage
from exchange.tables import Table
from students.models import Contact, Ethnicity, Student
from tutoring.attendance.models import Mark
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment, TutorGroup
from tutoring.progress.models import Assessment, BehaviourEvent, DataDrop, Subject


class Book:
    """One import of one school."""

    def __init__(self, school: School, report: Report, by: User | None = None) -> None:
        self.school, self.report, self.by = school, report, by
        self.today = timezone.localdate()
        self.tables: list[Table] = []
        self.students = Ledger(Student, selectors.students_of(school))
        self.ethnicities = Ledger(Ethnicity, selectors.ethnicities_of(school))
        self.ethnicity_of = {row.student_id: row for row in self.ethnicities.rows.values()}
        self.houses = Ledger(House, selectors.houses_of(school))
        self.groups = Ledger(TutorGroup, selectors.groups_of(school))
        self.staff = Ledger(User, selectors.staff_of(school))
        self.memberships = Ledger(Membership, selectors.open_memberships_of(school))
        self.lines = Ledger(LineManager, selectors.lines_not_over(school, self.today))
        self.assignments = Ledger(TutorAssignment, selectors.open_assignments_of(school))
        self.placements = Ledger(GroupMembership, selectors.placements_of(school, self.today))
        self.caseload = Ledger(CaseloadEntry, selectors.caseload_of(school))
        self.subjects = Ledger(Subject, selectors.subjects_of(school))
        self.drops = Ledger(DataDrop, selectors.data_drops_of(school))
        self.stages = _stages()
        self._house_of = {h.name.casefold(): h for h in self.houses.rows.values()}
        self._group_of = {g.name.casefold(): g for g in self.groups.rows.values()}
        self._staff_of: dict[str, User | None] = {}
        self.dates_seen: set[dt.date] = set()
        self.roster = Roster()
        self._fill_roster()
        for user in self.staff.rows.values():
            self.know_staff(user)

    def _fill_roster(self) -> None:
        places = self.current_places()
        for student in self.students.rows.values():
            place = places.get(student.pk)
            self.roster.add(student, self.groups.rows[place.group_id].name if place else "")

    def current_places(self) -> dict[UUID, GroupMembership]:
        """student id → their place today, or the next to come: after a rollover the new year's stands there already."""
        return {place.student_id: place for place in self.placements.rows.values()}

    @property
    def year_start(self) -> dt.date:
        """1 September of the academic year of today."""
        return dt.date(self.today.year if self.today.month >= 9 else self.today.year - 1, 9, 1)

    def number_of(self, table: Table) -> int:
        return self.tables.index(table)

    def house(self, name: str) -> House | None:
        """The house of that name, made if there is none; None for an empty name."""
        if not name:
            return None
        if name.casefold() not in self._house_of:
            self._house_of[name.casefold()] = self.houses.add(House(school=self.school, name=name))
        return self._house_of[name.casefold()]

    def group_called(self, name: str) -> TutorGroup | None:
        return self._group_of.get(name.casefold())

    def group(self, name: str) -> TutorGroup:
        """The tutor group of that name, made if there is none."""
        found = self.group_called(name)
        if found is None:
            found = self._group_of[name.casefold()] = self.groups.add(TutorGroup(school=self.school, name=name))
        return found

    def know_staff(self, user: User) -> None:
        """Make the person findable by code, address and name; a key that fits two finds nobody."""
        names = name_key(user.first_name, user.last_name)
        titled = name_key(user.title, user.last_name) if user.title else ""
        for key in {user.staff_code.casefold(), user.email.casefold(), names, titled} - {""}:
            known = self._staff_of.setdefault(key, user)
            if known is not user:
                self._staff_of[key] = None

    def staff_called(self, text: str) -> User | None:
        """The person behind a staff code, an address or a name; None where that is not sure."""
        return (self._staff_of.get(text.casefold()) or self._staff_of.get(name_key(text))) if text else None


def _stages() -> dict[str, Stage]:
    return {
        "contacts": Stage(
            Contact, ("student_id", "surname", "forename", "relationship"),
            ("priority", "title", "parental_responsibility", "court_order", "phone", "email", "address", "postcode"),
            {"priority": "1", "title": "''", "parental_responsibility": "false", "court_order": "false", "phone": "''",
             "email": "''", "address": "''", "postcode": "''"},
        ),
        "marks": Stage(
            Mark, ("student_id", "date", "session"), ("code", "minutes_late", "comment"),
            {"comment": "''"}, with_id=False,
        ),
        "assessments": Stage(
            Assessment, ("student_id", "subject_id", "data_drop_id"),
            ("teacher_id", "teacher_code", "target", "working_at", "effort", "comment"),
            {"teacher_code": "''", "target": "''", "working_at": "''", "effort": "''", "comment": "''"},
        ),
        "behaviour": Stage(
            BehaviourEvent, ("student_id", "date", "kind", "category", "points", "staff_code", "number"),
            ("staff_id", "comment"), {"comment": "''"},
        ),
    }  # fmt: skip
