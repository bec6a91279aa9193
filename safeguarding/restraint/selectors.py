"""Records of restrictive interventions as whoever acts may read them; PostgreSQL says which."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from accounts.models import School, User
from accounts.permissions import Permission, roles_with
from accounts.selectors import staff_of
from core.encryption import EncryptionError
from core.ids import UUID
from safeguarding.body_map import ShownMarks, marks_shown
from safeguarding.restraint.enums import Kind
from safeguarding.restraint.models import Incident, IncidentStaff
from safeguarding.restraint.sealing import cipher_of_pupil
from safeguarding.selectors import NOT_READABLE
from students.due import Lines
from students.models import Contact, Student
from students.selectors import contacts_of_student

# Parents: from that moment on, for whoever wrote it down and for those who may decide otherwise. The rest after two
# days, for those who keep the records; `Incident.still_owed` and `open_steps` say the same.
PARENTS = """
SELECT 'parents_told', i.id, to_char(i.started_at AT TIME ZONE %(zone)s, 'FMDD FMMonth, HH24.MI'), i.student_id,
       (i.started_at AT TIME ZONE %(zone)s)::date, '', NULL::uuid, 0
  FROM restraint_incident i
 WHERE i.owes_report AND i.told_at IS NULL AND i.excused_at IS NULL AND {whose}
"""
# Alone, as of nearly everybody's Today, it is found by the index, and no function is asked.
MINE = "i.recorded_by_id = %(me)s"
ALSO_TO_EXCUSE = f"({MINE} OR i.id IN (SELECT guard.incidents_over('restraint.excuse_report')))"
FOLLOWING = """
SELECT 'after_force', i.id, concat_ws(', ', CASE WHEN i.staff_at IS NULL THEN 'talk with the staff' END,
         CASE WHEN i.pupil_at IS NULL THEN 'talk with the pupil' END,
         CASE WHEN i.plan_at IS NULL THEN 'look at the plan' END,
         CASE WHEN i.reviewed_at IS NULL THEN 'review' END), i.student_id,
       (i.started_at AT TIME ZONE %(zone)s)::date + 2, '', NULL::uuid, 0
  FROM restraint_incident i
 WHERE i.id IN (SELECT guard.incidents_over('restraint.keep_incidents'))
   AND (i.staff_at IS NULL OR i.pupil_at IS NULL OR i.plan_at IS NULL OR i.reviewed_at IS NULL)
   AND (i.started_at AT TIME ZONE %(zone)s)::date + 1 <= %(today)s
"""


def incidents_due(user: User, today: dt.date) -> list[Lines]:
    """Parents to tell ("parents_told"), what is to follow ("after_force")."""
    values = {"me": user.pk, "today": today, "zone": "Europe/London"}
    parts = [PARENTS.format(whose=ALSO_TO_EXCUSE if user.has_perm(Permission.EXCUSE_REPORT) else MINE)]
    if user.has_perm(Permission.KEEP_INCIDENTS):
        parts.append(FOLLOWING)
    return [(part, values) for part in parts]


def incidents_readable() -> QuerySet[Incident]:
    """The newest first, each with `pupil`, their name; None where a colleague is named in it who does not find them."""
    name = Concat("preferred_forename", Value(" "), "preferred_surname")
    pupil = Student.objects.filter(pk=OuterRef("student")).values(name=name)
    return Incident.objects.select_related("recorded_by").annotate(pupil=Subquery(pupil)).order_by("-started_at")


def incidents_to_follow(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Those of which something is still to do."""
    owed = Q(owes_report=True, told_at=None, excused_at=None)
    return rows.filter(owed | Q(staff_at=None) | Q(pupil_at=None) | Q(plan_at=None) | Q(reviewed_at=None))


def with_staff(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Each with the colleagues named in it."""
    staff = IncidentStaff.objects.select_related("person").order_by("part", "person__last_name", "pk")
    return rows.prefetch_related(Prefetch("staff", staff))


def staff_by_label(school: School) -> dict[str, User]:
    """label → colleague; of two of one name, each has the code behind it."""
    found: dict[str, User] = {}
    for person in staff_of(school):
        label = person.get_full_name()
        found[f"{label} ({person.staff_code or person.pk})" if label in found else label] = person
    return found


@dataclass(frozen=True)
class Said:
    """An entry with its words opened; `words` is empty where they cannot be read."""

    entry: Any
    words: dict[str, Any] = field(default_factory=dict)
    unreadable: str = ""

    @property
    def text(self) -> str:
        return str(self.words.get("text", ""))

    @property
    def marks(self) -> ShownMarks:
        return marks_shown(self.words.get("marks") or [])

    @property
    def facts(self) -> list[tuple[str, str]]:
        """(heading, text) of what stands in the record itself, in the order in which it is read."""
        return [(label, self.words[key]) for key, label in HEADINGS.items() if self.words.get(key)]


# The words of a record, in order; their names are the form's.
HEADINGS = {
    "place": "Where",
    "before": "What led to it",
    "tried": "What was tried first",
    "why": "Why it was necessary",
    "how": "What was done, and how much",
    "pupil_injuries": "Injuries of the pupil",
    "staff_injuries": "Injuries of staff",
    "medical": "Medical help",
    "account": "In the pupil’s own words",
    "support": "Support afterwards",
    "others": "Other pupils who were there",
}


def entries_of(incident: Incident) -> list[Said]:
    """What stands on it, as far as whoever acts may read it, the oldest first. One unreadable hides no other."""
    rows = list(incident.entries.select_related("author").order_by("written_at", "pk"))
    try:
        cipher = cipher_of_pupil(incident.student_id)
    except EncryptionError:
        return [Said(row, unreadable=NOT_READABLE) for row in rows]
    found = []
    for row in rows:
        try:
            found.append(Said(row, cipher.open(row, "words")))
        except EncryptionError:
            found.append(Said(row, unreadable=NOT_READABLE))
    return found


def recorded_of(entries: list[Said]) -> Said | None:
    """The record itself among its entries."""
    return next((said for said in entries if said.entry.kind == Kind.RECORDED), None)


def readers_so_far(incident: UUID) -> list[tuple[dt.datetime, str]]:
    """(when, who) of each time somebody opened it, the newest first; for those who keep the records."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, who FROM guard.incident_readers(%s)", [incident])
        return list(cursor.fetchall())


@dataclass(frozen=True)
class Parent:
    """Somebody at home; `obstacle` says why no letter goes to them from here."""

    contact: Contact
    obstacle: str = ""


def parents_of(student: Student) -> list[Parent]:
    """Everybody on file whom whoever acts may see. Each who has parental responsibility is told, wherever they live."""
    return [Parent(contact, _obstacle(contact)) for contact in contacts_of_student(student)]


def _obstacle(contact: Contact) -> str:
    if contact.court_order:
        return "There is a court order: ask whoever leads safeguarding before you write."
    return "" if contact.parental_responsibility else "Has no parental responsibility on file."


def who_may_tell(user: User) -> list[User]:
    """Those of the school who see families and keep these records, for whoever does not."""
    roles = roles_with(Permission.EXCUSE_REPORT)
    people = staff_of(user.school).filter(memberships__role__in=roles) if user.school else User.objects.none()
    return list(people.distinct()[:6])
