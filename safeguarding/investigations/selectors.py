"""Investigations as whoever acts may read them; PostgreSQL says which."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import Prefetch, QuerySet

from accounts.models import User
from core.encryption import EncryptionError
from core.ids import UUID
from safeguarding.investigations.enums import Asked, Entry, Method, Motive, Part, Status
from safeguarding.investigations.models import FollowUp, Investigation, InvestigationEntry, Party
from safeguarding.investigations.sealing import cipher_of
from safeguarding.selectors import NOT_READABLE
from students.due import Lines
from students.models import Student

# In this order on every page.
ORDER = [Part.TARGET, Part.ALLEGED, Part.WITNESS, Part.REPORTER]
NOT_FOUND_HERE = "A student you do not find here"


def investigations_readable() -> QuerySet[Investigation]:
    """The newest first, each with the people in it."""
    parties = Party.objects.select_related("staff").order_by("pk")
    waiting = FollowUp.objects.filter(answered_at=None, left_out_at=None).order_by("due_on")
    rows = Investigation.objects.select_related("lead").prefetch_related(Prefetch("parties", parties))
    return rows.prefetch_related(Prefetch("follow_ups", waiting, to_attr="to_follow"))


def investigations_open(rows: QuerySet[Investigation]) -> QuerySet[Investigation]:
    """Those that are not closed."""
    return rows.exclude(status=Status.CLOSED)


# Of nearly everybody's Today: found by the index, and no function is asked. It names no student and no investigation.
ASKED = """
SELECT 'statement', s.id, '', NULL::uuid, (s.asked_at AT TIME ZONE %(zone)s)::date, '', NULL::uuid, 0
  FROM investigations_statement s
 WHERE s.staff_id = %(me)s AND s.in_at IS NULL AND s.let_go_at IS NULL
"""


# Of what is in one's own hands alone.
FOLLOW = """
SELECT 'stopped', i.id, upper(left(replace(i.id::text, '-', ''), 6)), NULL::uuid, f.due_on, '', NULL::uuid, 0
  FROM investigations_followup f JOIN investigations_investigation i ON i.id = f.investigation_id
 WHERE i.lead_id = %(me)s AND i.status = 'found'
   AND f.answered_at IS NULL AND f.left_out_at IS NULL AND f.due_on <= %(today)s
"""


def follow_ups_due(user: User, today: dt.date) -> list[Lines]:
    """Whether what this person looked into has stopped ("stopped")."""
    return [(FOLLOW, {"me": user.pk, "today": today})]


def statements_due(user: User, today: dt.date) -> list[Lines]:
    """What this person is asked to write ("statement")."""
    return [(ASKED, {"me": user.pk, "zone": "Europe/London"})]


@dataclass(frozen=True)
class Person:
    """Somebody in it, with the name by which whoever acts knows them."""

    party: Party
    name: str

    @property
    def part(self) -> str:
        return Part(self.party.part).label


def people_in(investigations: list[Investigation], names: dict[str, str] | None = None) -> dict[UUID, list[Person]]:
    """investigation → who is in it. `names`: party → name as it stands in the words, for whom one does not find.

    Names of students come by a statement of their own, as policies show only those one finds.
    """
    parties = [party for one in investigations for party in one.parties.all()]
    keys = [party.student_id for party in parties if party.student_id]
    students = {row.pk: row.name for row in Student.objects.filter(pk__in=keys)}
    found: dict[UUID, list[Person]] = {one.pk: [] for one in investigations}
    for party in sorted(parties, key=lambda party: ORDER.index(Part(party.part))):
        found_here = str(party.staff) if party.staff else students.get(party.student_id or UUID(int=0), "")
        name = found_here or (names or {}).get(str(party.pk), "") or NOT_FOUND_HERE
        found[party.investigation_id].append(Person(party, name))
    return found


@dataclass(frozen=True)
class Said:
    """An entry with its words opened; `words` is empty where they cannot be read."""

    entry: InvestigationEntry
    words: dict[str, Any] = field(default_factory=dict)
    unreadable: str = ""
    names: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.words.get("text", ""))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """(heading, text) of what stands in it, in the order in which it is read."""
        return [(label, self._shown(key)) for key, label in HEADINGS.items() if self.words.get(key)]

    def _shown(self, key: str) -> str:
        value = self.words[key]
        if key == "motives":
            return ", ".join(Motive(one).label for one in value)
        if key == "stopped":
            return Asked(value).label
        if key == "outcomes" and isinstance(value, dict):
            return "\n".join(f"{self.names.get(party, NOT_FOUND_HERE)}: {what}" for party, what in value.items())
        return Method(value).label if key == "method" else str(value)


# The words of an account and of a finding; their names are the forms’.
HEADINGS = {
    "account": "What is said to have happened",
    "place": "Where",
    "method": "How",
    "wants": "What the target wants to happen",
    "finding": "What was found",
    "reasons": "Why",
    "motives": "What it turned on",
    "outcomes": "What it means for each",
    "parents": "Parents",
    "actions": "What is done now",
    "stopped": "Has it stopped?",
}


def entries_of(investigation: Investigation) -> list[Said]:
    """What stands on it, the oldest first. One that cannot be read hides no other."""
    rows = list(investigation.entries.select_related("author").order_by("written_at", "pk"))
    try:
        cipher = cipher_of(investigation)
    except EncryptionError:
        return [Said(row, unreadable=NOT_READABLE) for row in rows]
    found = []
    for row in rows:
        try:
            found.append(Said(row, cipher.open(row, "words")))
        except EncryptionError:
            found.append(Said(row, unreadable=NOT_READABLE))
    names = names_in(found)
    return [replace(said, names=names) for said in found]


def names_in(entries: list[Said]) -> dict[str, str]:
    """party → name, of everybody who was named in what was written."""
    found: dict[str, str] = {}
    for said in entries:
        if said.entry.kind in (Entry.OPENED, Entry.NAMED):
            found |= said.words.get("names", {})
    return found


def everybody_in(investigation: Investigation) -> list[Person]:
    """Who is in it; by the name in the words where whoever acts does not find them, as long as the words are open."""
    return people_in([investigation], names_in(entries_of(investigation)))[investigation.pk]


def readers_so_far(investigation: UUID) -> list[tuple[dt.datetime, str]]:
    """(when, who) of each time somebody opened it, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, who FROM guard.investigation_readers(%s)", [investigation])
        return list(cursor.fetchall())
