"""Who knows how long a file is kept, in plain Python: those who read every part of it. Held against the policies."""

from typing import Any

from accounts.permissions import Permission as P
from safeguarding.case.models import Standing
from safeguarding.enums import Store
from safeguarding.models import Concern, ConcernChild, KeptFrom
from safeguarding.restraint.models import Incident
from safeguarding.retention.models import Certificate, Hold, Review
from safeguarding.sharing.models import StaffLine
from tests.lock.file_rules import _kept_from
from tests.lock.reference import Eyes, Row


def whole_file(eyes: Eyes, student: Any) -> bool:
    """Proved afresh, reached as a lead, with something on file, and kept from nothing of it."""
    if eyes.uid is None or not eyes.elevated or not eyes.sees(student, P.KEEP_FILE):
        return False
    facts = eyes.facts.rows
    linked = {row.concern_id for row in facts[ConcernChild] if row.student_id == student}
    concerns = [row for row in facts[Concern] if row.pk in linked and row.store == Store.CHILDREN]
    beside = (Incident, Standing, StaffLine, Certificate)
    others = any(row.student_id == student for model in beside for row in facts[model])
    kept_away = any(
        row.person_id == eyes.uid and row.student_id == student and row.ended_at is None for row in facts[KeptFrom]
    )
    kept = kept_away or any(_kept_from(eyes, row) or row.about_staff_id == eyes.uid for row in concerns)
    return bool(concerns or others) and not kept


def known(eyes: Eyes, row: Row) -> bool:
    return whole_file(eyes, row.student_id)


def placed(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.placed_by_id == eyes.uid and known(eyes, row)


def of_known(eyes: Eyes, row: Row) -> bool:
    found = next((one for one in eyes.facts.rows[Hold] if one.pk == row.hold_id), None)
    return found is not None and known(eyes, found)


def lifted(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.lifted_by_id == eyes.uid and of_known(eyes, row)


def classes_read(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and eyes.works_at(row.school_id, P.SET_RETENTION)


def classes_changed(eyes: Eyes, row: Row) -> bool:
    return classes_read(eyes, row) and eyes.elevated


def approves(eyes: Eyes, row: Row) -> bool:
    """Of a proposal: proved afresh, with the permission, as far as they reach, and kept from nothing of that file."""
    if eyes.uid is None or not eyes.elevated or row.decision != "destroy":
        return False
    if not eyes.sees(row.student_id, P.APPROVE_DESTRUCTION):
        return False
    facts = eyes.facts.rows
    linked = {link.concern_id for link in facts[ConcernChild] if link.student_id == row.student_id}
    concerns = [one for one in facts[Concern] if one.pk in linked and one.store == Store.CHILDREN]
    kept_away = any(
        one.person_id == eyes.uid and one.student_id == row.student_id and one.ended_at is None
        for one in facts[KeptFrom]
    )
    return not kept_away and not any(_kept_from(eyes, one) or one.about_staff_id == eyes.uid for one in concerns)


def review_read(eyes: Eyes, row: Row) -> bool:
    return known(eyes, row) or approves(eyes, row)


def reviewed(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.by_id == eyes.uid and known(eyes, row)


def of_review(eyes: Eyes, row: Row) -> bool:
    found = next((one for one in eyes.facts.rows[Review] if one.pk == row.review_id), None)
    return found is not None and review_read(eyes, found)


def withdrawn(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.by_id == eyes.uid and of_review(eyes, row)


def certified(eyes: Eyes, row: Row) -> bool:
    return known(eyes, row) or of_review(eyes, row)
