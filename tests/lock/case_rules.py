"""Who sets what a concern waits for, in plain Python: whoever reads the concern, in their own name."""

from tests.lock.file_rules import of_file
from tests.lock.reference import Eyes, Row


def due_set(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.made_by_id == eyes.uid and of_file(eyes, row)
