"""Who sets what a concern waits for, and where a child stands, in plain Python.

Whoever reads the concern, or keeps the child's file, in their own name. Words are never read here, as in file_rules.
"""

from safeguarding.case.models import Standing
from tests.lock.file_rules import LONG_SINCE, keeps_child, of_file
from tests.lock.reference import Eyes, Row


def due_set(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.made_by_id == eyes.uid and of_file(eyes, row)


def standing_read(eyes: Eyes, row: Row) -> bool:
    return keeps_child(eyes, row.student_id)


def standing_written(eyes: Eyes, row: Row) -> bool:
    return row.written_by_id == eyes.uid and standing_read(eyes, row)


def standing_words_sealed(eyes: Eyes, row: Row) -> bool:
    """In the very transaction that writes it."""
    standing = next(one for one in eyes.facts.rows[Standing] if one.pk == row.standing_id)
    return eyes.uid is not None and standing.written_by_id == eyes.uid and standing.written_at.year != LONG_SINCE
