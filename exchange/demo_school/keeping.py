"""How long files of the invented school are kept: one is due for review, as its copy is not kept; one is held."""

import datetime as dt
import uuid

from accounts.enums import Role
from core.encryption import seal_json
from exchange.demo_school.file_rows import moment, random_key
from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from safeguarding.retention.models import Hold
from safeguarding.transfer.enums import Basis, Method
from safeguarding.transfer.models import Package, Transfer

WENT_TO = {"name": "Harbour Lane Academy", "urn": "", "dsl": "Rhys Powell", "contact": "01632 960 333"}
RECEIPT = {"name": "Rhys Powell", "role": "Designated safeguarding lead", "how": "by secure e-mail"}
COPY = "The authority’s policy: no copy once the next school has it"
HELD_FOR = "A solicitor wrote for the family: records are asked for"
DAYS_TO_RECEIPT = 3


def add_hold(frame: Frame, student: uuid.UUID) -> None:
    """Somebody asked for this child's records."""
    hold = Hold(id=random_key(frame))
    frame.tables.add(
        Hold, id=hold.id, student_id=student, placed_by_id=frame.staff.by_role[Role.DSL][0].id,
        placed_at=moment(frame.calendar.days[-1], 1), why=seal_json(hold, "why", HELD_FOR),
    )  # fmt: skip


def add_gone(frame: Frame, pupil: Pupil) -> None:
    """The file of a pupil who left went, came there, and is not kept here: it is due."""
    left_on = pupil.left_on or frame.calendar.today
    lead = frame.staff.by_role[Role.DSL][0].id
    row, package = Transfer(id=random_key(frame)), random_key(frame)
    frame.tables.add(
        Transfer, id=row.id, student_id=pupil.id, left_on=left_on, basis=Basis.IN_YEAR,
        due_on=left_on + dt.timedelta(days=5), begun_by_id=lead, begun_at=moment(left_on, 1),
        method=Method.SECURE_EMAIL,
        to=seal_json(row, "to", WENT_TO), package_id=package, sent_at=moment(left_on, 3), sent_by_id=lead,
        receipt_on=left_on + dt.timedelta(days=DAYS_TO_RECEIPT), receipt=seal_json(row, "receipt", RECEIPT),
        receipt_noted_by_id=lead, copy_kept=False, copy_basis=seal_json(row, "copy_basis", COPY),
    )  # fmt: skip
    frame.tables.add(
        Package, id=package, transfer_id=row.id, made_at=moment(left_on, 2), made_by_id=lead, sha256="0" * 64,
        manifest_sha256="0" * 64, pages=4, concerns=1, entries=2, size=64000,
    )  # fmt: skip
