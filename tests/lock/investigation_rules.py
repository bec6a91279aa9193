"""Who opens, reads and adds to investigations, in plain Python, like force_rules.py.

Words (`InvestigationEntry`) are never read here: their opening must be committed first, which
tests/safeguarding/investigations holds.
"""

from typing import Any

from accounts.permissions import Permission as P
from safeguarding.investigations.models import Investigation, InvestigationKey, Party, Statement
from safeguarding.models import KeptFrom
from safeguarding.sharing.models import Confirmation
from tests.lock import force_rules as force
from tests.lock.file_rules import LONG_SINCE
from tests.lock.reference import Eyes, Row


def _one(eyes: Eyes, key: Any) -> Any:
    return next((row for row in eyes.facts.rows[Investigation] if row.pk == key), None)


def _kept(eyes: Eyes, student: Any) -> bool:
    """Kept from the student's file, and not still waiting for a second person's word."""
    waits = {row.kept_id for row in eyes.facts.rows[Confirmation] if row.agreed is not True}
    return student is not None and any(
        row.person_id == eyes.uid and row.student_id == student and row.ended_at is None and row.pk not in waits
        for row in eyes.facts.rows[KeptFrom]
    )


def read(eyes: Eyes, key: Any) -> bool:
    """Opened by me, or about a student I reach, and none I am kept from is in it."""
    one = _one(eyes, key)
    if eyes.uid is None or one is None or not eyes.holds(P.INVESTIGATE):
        return False
    parties = [row for row in eyes.facts.rows[Party] if row.investigation_id == key]
    if any(_kept(eyes, party.student_id) for party in parties):
        return False
    if one.lead_id == eyes.uid and one.school_id == eyes.school:
        return True
    return any(
        eyes.sees(party.student_id, P.KEEP_FILE)
        or (party.part in ("target", "alleged") and eyes.sees(party.student_id, P.INVESTIGATE))
        for party in parties
        if party.student_id
    )


def itself(eyes: Eyes, row: Row) -> bool:
    return read(eyes, row.id)


def of_it(eyes: Eyes, row: Row) -> bool:
    return read(eyes, row.investigation_id)


def opens(eyes: Eyes, row: Row) -> bool:
    own = eyes.uid is not None and row.lead_id == eyes.uid and row.school_id == eyes.school
    return own and eyes.holds(P.INVESTIGATE)


def _now(eyes: Eyes, key: Any) -> bool:
    one = _one(eyes, key)
    return one is not None and eyes.uid is not None and one.lead_id == eyes.uid and one.opened_at.year != LONG_SINCE


def adds(eyes: Eyes, row: Row) -> bool:
    return _now(eyes, row.investigation_id) or (eyes.elevated and of_it(eyes, row))


def wraps(eyes: Eyes, row: Row) -> bool:
    """A key beside a student one finds."""
    return adds(eyes, row) and eyes.sees(row.student_id, P.FIND_STUDENT)


def names(eyes: Eyes, row: Row) -> bool:
    return adds(eyes, row) and (row.student_id is None or eyes.sees(row.student_id, P.FIND_STUDENT))


def writes(eyes: Eyes, row: Row) -> bool:
    if eyes.uid is None or row.author_id != eyes.uid:
        return False
    if row.kind == "opened":
        return _now(eyes, row.investigation_id)
    return eyes.elevated and of_it(eyes, row)


def opens_key(eyes: Eyes, row: Row) -> bool:
    """As of records of force; and whoever reads an investigation that hangs on it."""
    keys = (one for one in eyes.facts.rows[InvestigationKey] if one.student_id == row.student_id)
    return force.opens_key(eyes, row) or any(read(eyes, key.investigation_id) for key in keys)


def _party(eyes: Eyes, key: Any) -> Any:
    return next(row for row in eyes.facts.rows[Party] if row.pk == key)


def _asked_of_me(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.staff_id == eyes.uid and row.waits


def statement_read(eyes: Eyes, row: Row) -> bool:
    return _asked_of_me(eyes, row) or of_it(eyes, row)


def asks(eyes: Eyes, row: Row) -> bool:
    """In what it is asked says the party, whatever the row says."""
    own = eyes.uid is not None and eyes.elevated and row.asked_by_id == eyes.uid
    return own and read(eyes, _party(eyes, row.party_id).investigation_id)


def _statement(eyes: Eyes, key: Any) -> Any:
    return next(row for row in eyes.facts.rows[Statement] if row.pk == key)


def key_mine(eyes: Eyes, row: Row) -> bool:
    return eyes.elevated and _asked_of_me(eyes, _statement(eyes, row.statement_id))


def key_sent(eyes: Eyes, row: Row) -> bool:
    statement = _statement(eyes, row.statement_id)
    return eyes.elevated and statement.waits and statement.staff_id is not None and of_it(eyes, statement)


def states(eyes: Eyes, row: Row) -> bool:
    """A colleague their own, and nobody for them; of anybody else whoever reads the investigation."""
    statement = _statement(eyes, row.statement_id)
    if eyes.uid is None or not eyes.elevated or row.author_id != eyes.uid:
        return False
    if row.how == "own":
        return _asked_of_me(eyes, statement)
    return statement.waits and statement.staff_id is None and of_it(eyes, statement)
