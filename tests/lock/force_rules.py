"""Who reads and writes records of restrictive interventions, in plain Python, like file_rules.py.

Words (`IncidentEntry`) are never read here: their opening must be committed first, which
tests/safeguarding/restraint holds.
"""

from typing import Any

from accounts.permissions import Permission as P
from safeguarding.models import KeptFrom
from safeguarding.restraint.models import Incident, IncidentStaff
from tests.lock.file_rules import LONG_SINCE
from tests.lock.reference import Eyes, Row


def _incident(eyes: Eyes, key: Any) -> Any:
    return next((row for row in eyes.facts.rows[Incident] if row.pk == key), None)


def mine(eyes: Eyes, key: Any) -> bool:
    """Recorded by me, or I am named in it."""
    if eyes.uid is None:
        return False
    named = any(row.incident_id == key and row.person_id == eyes.uid for row in eyes.facts.rows[IncidentStaff])
    incident = _incident(eyes, key)
    return named or (incident is not None and incident.recorded_by_id == eyes.uid)


def over(eyes: Eyes, key: Any, permission: P) -> bool:
    """Of a pupil over whom one holds it, and of whom one is not kept."""
    incident = _incident(eyes, key)
    if incident is None or not eyes.sees(incident.student_id, permission):
        return False
    return not any(
        row.person_id == eyes.uid and row.student_id == incident.student_id and row.ended_at is None
        for row in eyes.facts.rows[KeptFrom]
    )


def read(eyes: Eyes, key: Any) -> bool:
    return mine(eyes, key) or over(eyes, key, P.KEEP_INCIDENTS)


def itself(eyes: Eyes, row: Row) -> bool:
    return read(eyes, row.id)


def of_it(eyes: Eyes, row: Row) -> bool:
    return read(eyes, row.incident_id)


def records(eyes: Eyes, row: Row) -> bool:
    own = eyes.uid is not None and row.recorded_by_id == eyes.uid and row.school_id == eyes.school
    return own and eyes.sees(row.student_id, P.RECORD_INCIDENT)


def _now(eyes: Eyes, key: Any) -> bool:
    incident = _incident(eyes, key)
    own = incident is not None and eyes.uid is not None and incident.recorded_by_id == eyes.uid
    return own and incident.recorded_at.year != LONG_SINCE


def names(eyes: Eyes, row: Row) -> bool:
    return _now(eyes, row.incident_id)


def adds(eyes: Eyes, row: Row) -> bool:
    """In one's own name, and by what it is: nobody reviews what they were part of."""
    key = row.incident_id
    if eyes.uid is None or row.author_id != eyes.uid:
        return False
    if row.kind == "recorded":
        return _now(eyes, key)
    if not eyes.elevated:
        return False
    if row.kind == "reviewed":
        return over(eyes, key, P.REVIEW_INCIDENT) and not mine(eyes, key)
    if row.kind == "excused":
        return over(eyes, key, P.EXCUSE_REPORT)
    if row.kind in ("pupil", "plan"):
        return over(eyes, key, P.KEEP_INCIDENTS)
    return read(eyes, key)


def opens_key(eyes: Eyes, row: Row) -> bool:
    """Whoever finds the student; and whoever is named in a record about them."""
    named = any(mine(eyes, one.pk) for one in eyes.facts.rows[Incident] if one.student_id == row.student_id)
    return eyes.sees(row.student_id, P.FIND_STUDENT) or named
