"""Who knows of transfers, in plain Python: those who read every part of the child's file. Held against the policies."""

from typing import Any

from accounts.permissions import Permission as P
from safeguarding.enums import Store
from safeguarding.models import Concern, ConcernChild
from safeguarding.transfer.models import Transfer
from tests.lock.file_rules import _kept_from
from tests.lock.reference import Eyes, Row


def whole_file(eyes: Eyes, student: Any) -> bool:
    """Proved afresh, reached as a lead, with a file, and kept from nothing of it."""
    if eyes.uid is None or not eyes.elevated or not eyes.sees(student, P.KEEP_FILE):
        return False
    linked = {row.concern_id for row in eyes.facts.rows[ConcernChild] if row.student_id == student}
    concerns = [row for row in eyes.facts.rows[Concern] if row.pk in linked and row.store == Store.CHILDREN]
    return bool(concerns) and not any(_kept_from(eyes, row) or row.about_staff_id == eyes.uid for row in concerns)


def known(eyes: Eyes, row: Row) -> bool:
    return whole_file(eyes, row.student_id)


def begun(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.begun_by_id == eyes.uid and row.sent_at is None and known(eyes, row)


def of_known(eyes: Eyes, row: Row) -> bool:
    found = next((one for one in eyes.facts.rows[Transfer] if one.pk == row.transfer_id), None)
    return found is not None and known(eyes, found)


def packed(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.made_by_id == eyes.uid and of_known(eyes, row)


def asked(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.by_id == eyes.uid and of_known(eyes, row)
