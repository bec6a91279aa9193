"""Two investigations in each house of the invented school: what one pupil says that another of the same house did."""

import base64
import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from core.encryption import seal_json
from exchange.demo_school.file_rows import random_key
from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.records import Frame
from safeguarding.investigations.enums import Entry, Part
from safeguarding.investigations.models import (
    Investigation,
    InvestigationEntry,
    InvestigationKey,
    Party,
    Statement,
    StatementKey,
    StatementWords,
)
from safeguarding.keys import Cipher, new_cipher, new_student_key
from safeguarding.models import StudentKey

AT = dt.time(15, 20)
# (kind, school days ago, what is said)
SAID: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("bullying", 4, {
        "account": "Says that since half-term lunch money was asked for at the gate, three times, and once taken."
        " A friend told the head of house; the pupil would rather not have.",
        "place": "The gate to the field",
        "wants": "To be left alone at lunch, and not to be called a grass.",
        "method": "in_person",
        "motives": [],
    }),
    ("cyber", 35, {
        "account": "Says that a picture from the changing room door was put into a group chat with words about weight."
        " A parent rang in the evening and has a screenshot.",
        "place": "A group chat of the year",
        "wants": "For it to be taken down, and a word with whoever sent it.",
        "method": "online",
        "motives": ["appearance"],
    }),
)  # fmt: skip


QUESTION = "Write down what you saw and heard, in order: who, where, when."
STATEMENTS = {
    Part.TARGET: "It started after half-term. It is always when nobody is looking. I just want it to stop.",
    Part.ALLEGED: "It was only messing about. I did not think it was that deep. I can see now that it was not funny.",
}


FOUND: dict[str, Any] = {
    "finding": "The picture was taken and sent by one pupil. Who wrote the words under it could not be found out.",
    "reasons": "Both say so, and the screenshot shows the number. Nobody in the chat says who wrote.",
    "method": "online",
    "motives": ["appearance"],
    "parents": "Both families were rung by the head of house on the same day.",
    "actions": "The picture is deleted; a talk about phones in changing rooms with the year.",
    "outcomes": "Support by the tutor for whoever was harmed; a detention, and a letter of apology.",
}


def add_investigation(frame: Frame, pupil: Pupil) -> None:
    """In two groups of each house, with the first two who are there and have no key yet: a target, then the other."""
    groups = frame.looked_into.setdefault(pupil.house.id, [])
    if pupil.left_on or pupil.id in frame.keyed or pupil.group.id in groups or len(groups) == len(SAID):
        return
    target = frame.targets.pop(pupil.group.id, None)
    if target is None:
        frame.targets[pupil.group.id] = pupil
        return
    kind, ago, said = SAID[len(groups)]
    groups.append(pupil.group.id)
    day = frame.calendar.days[-ago]
    opened, lead = timezone.make_aware(dt.datetime.combine(day, AT)), pupil.house.leaders[0]
    pk, cipher, names = random_key(frame), new_cipher(), dict[str, str]()
    frame.tables.add(
        Investigation, id=pk, school_id=frame.school, lead_id=lead.id, submission=random_key(frame), kind=kind,
        happened_on=day, opened_at=opened, status="open",
    )  # fmt: skip
    is_open, asked = not groups[1:], opened + dt.timedelta(minutes=20)
    for one, part in ((target, Part.TARGET), (pupil, Part.ALLEGED)):
        party = random_key(frame)
        names[str(party)] = f"{one.preferred} {one.surname}"
        frame.tables.add(Party, id=party, investigation_id=pk, part=part.value, student_id=one.id, staff_id=None)
        _add_key(frame, pk, cipher, one)
        said_it = "" if is_open and part == Part.ALLEGED else STATEMENTS[part]
        _add_statement(frame, pk, cipher, party, lead, asked, said_it)
    if is_open:
        party, tutor = random_key(frame), pupil.group.tutor
        names[str(party)] = f"{tutor.first_name} {tutor.last_name}"
        frame.tables.add(Party, id=party, investigation_id=pk, part="witness", student_id=None, staff_id=tutor.id)
        _add_statement(frame, pk, cipher, party, lead, asked, "", tutor)
    _add_entry(frame, pk, cipher, Entry.OPENED, lead, opened, said | {"names": names})
    if not is_open:
        # PostgreSQL makes its follow-ups, which are due by now.
        _add_entry(frame, pk, cipher, Entry.FINDING, lead, opened + dt.timedelta(days=3), FOUND)


def _add_key(frame: Frame, investigation: uuid.UUID, cipher: Cipher, pupil: Pupil) -> None:
    """The student’s own, and the investigation’s under it."""
    key, under = new_student_key(pupil.id)
    frame.keyed.add(pupil.id)
    frame.tables.add(StudentKey, student_id=pupil.id, wrapped=key.wrapped)
    row = InvestigationKey(id=random_key(frame))
    wrapped = under.seal_bytes(row, "wrapped", cipher.key)
    frame.tables.add(InvestigationKey, id=row.id, investigation_id=investigation, student_id=pupil.id, wrapped=wrapped)


def _add_statement(
    frame: Frame, investigation: uuid.UUID, under: Cipher, party: uuid.UUID, lead: Colleague, asked: dt.datetime,
    said: str, staff: Colleague | None = None,
) -> None:  # fmt: skip
    """Asked for; taken down the next day where it says something."""
    cipher, row = new_cipher(), Statement(id=random_key(frame))
    came = asked + dt.timedelta(days=1) if said else None
    frame.tables.add(
        Statement, id=row.id, investigation_id=investigation, party_id=party, staff_id=staff.id if staff else None,
        asked_by_id=lead.id, asked_at=asked, wrapped=under.seal_bytes(row, "wrapped", cipher.key),
        question=cipher.seal(row, "question", {"text": QUESTION}), in_at=came,
    )  # fmt: skip
    if staff:
        key = StatementKey(id=random_key(frame))
        sealed = seal_json(key, "under_ring", base64.b64encode(cipher.key).decode())
        frame.tables.add(StatementKey, id=key.id, statement_id=row.id, under_ring=sealed)
    if said:
        words = StatementWords(id=random_key(frame))
        frame.tables.add(
            StatementWords, id=words.id, statement_id=row.id, author_id=lead.id, written_at=came, how="taken",
            words=cipher.seal(words, "words", {"text": said}),
        )  # fmt: skip


def _add_entry(
    frame: Frame, investigation: uuid.UUID, cipher: Cipher, kind: Entry, by: Colleague, at: dt.datetime,
    words: dict[str, Any],
) -> None:  # fmt: skip
    entry = InvestigationEntry(id=random_key(frame))
    frame.tables.add(
        InvestigationEntry, id=entry.id, investigation_id=investigation, kind=kind.value, author_id=by.id,
        written_at=at, words=cipher.seal(entry, "words", words),
    )  # fmt: skip
