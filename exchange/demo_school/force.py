"""A few records of force, seclusion and restraint in the invented school: one in some groups, at different stages."""

import datetime as dt
import hashlib
import uuid
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.records import Frame
from safeguarding.keys import Cipher, new_student_key
from safeguarding.models import StudentKey
from safeguarding.restraint.enums import Kind, MyPart, Part
from safeguarding.restraint.models import Incident, IncidentEntry, IncidentStaff
from safeguarding.restraint.services import Words

# In every so manieth group, the pupil at this place.
EVERY, PLACE = 3, 4
AT = dt.time(11, 5)
# (school days ago, minutes, what, to prevent, the words)
SAID: tuple[tuple[int, int, list[str], list[str], dict[str, str]], ...] = (
    (1, 3, ["force"], ["injury"], {
        "place": "Corridor by the sports hall",
        "before": "Two pupils shouted at each other after break. One lifted a chair.",
        "tried": "I spoke calmly and used the name, then stepped between them. It did not help.",
        "why": "The chair would have hit the other pupil, who stood with their back to the wall.",
        "how": "I took the forearm that held the chair, guided it down, and let go once the chair was on the floor.",
        "account": "I wasn’t going to throw it. I just wanted them to back off.",
    }),
    (6, 12, ["physical", "seclusion"], ["injury", "disorder"], {
        "place": "Science corridor, then the quiet room",
        "before": "Hit a door and then ran at a class that was lining up.",
        "tried": "A colleague offered the usual walk outside twice. There was no answer.",
        "why": "Younger pupils stood in the way and could not get out.",
        "how": "Two of us held the upper arms from both sides for two minutes and walked along. In the quiet room"
        " nobody held on; I stood at the open hatch and talked all the time. The door opened after ten minutes.",
        "medical": "Seen by the nurse at 11.40. Nothing found.",
        "account": "I don’t remember the start. The quiet room was all right.",
        "support": "Lunch with the key person. The class talked with their tutor.",
    }),
    (22, 2, ["force"], ["damage"], {
        "place": "Library",
        "before": "Was told that a computer was booked by somebody else.",
        "tried": "Another seat was offered, and a few minutes outside.",
        "why": "The screen was being pulled off the desk.",
        "how": "I put my hands between the screen and the pupil’s and moved them away.",
        "account": "It was my turn.",
    }),
)  # fmt: skip
HANDED = "Read together at the gate, and taken home."
TALKED = "Talked for a quarter of an hour, away from others. What would help next time stands in the plan."


def add_incident(frame: Frame, pupil: Pupil) -> None:
    """Of the fifth pupil of every third group, recorded by the tutor, with what was done since."""
    told = frame.restrained[pupil.group.id] = frame.restrained.get(pupil.group.id, -1) + 1
    if told != PLACE or pupil.left_on or len(frame.restrained) % EVERY != 1:
        return
    turn = len(frame.restrained) // EVERY
    ago, minutes, kinds, reasons, said = SAID[turn % len(SAID)]
    began = timezone.make_aware(dt.datetime.combine(frame.calendar.days[-ago], AT))
    tutor, pk = pupil.group.tutor, _random_key(frame)
    key, cipher = new_student_key(pupil.id)
    frame.keyed.add(pupil.id)
    frame.tables.add(StudentKey, student_id=pupil.id, wrapped=key.wrapped)
    frame.tables.add(
        Incident, id=pk, school_id=frame.school, student_id=pupil.id, recorded_by_id=tutor.id,
        submission=_random_key(frame), recorded_at=began + dt.timedelta(hours=1), started_at=began,
        ended_at=began + dt.timedelta(minutes=minutes), kinds=kinds, reasons=reasons, sen_status=pupil.sen,
    )  # fmt: skip
    frame.tables.add(IncidentStaff, id=_random_key(frame), incident_id=pk, person_id=tutor.id, part=Part.INVOLVED.value)
    name, mine = f"{pupil.preferred} {pupil.surname}", MyPart.INVOLVED.value
    words = Words(name=name, staff=[], witnesses=[], my_part=mine, **said)  # type: ignore[arg-type]
    _add_entry(frame, pk, cipher, Kind.RECORDED, tutor, began, asdict(words))
    if ago > 1:
        _add_what_followed(frame, pk, cipher, pupil, began)


def _add_what_followed(frame: Frame, pk: uuid.UUID, cipher: Cipher, pupil: Pupil, began: dt.datetime) -> None:
    """Of what is older: parents were told that day, talks were had; the review is still to come for some."""
    tutor, leader = pupil.group.tutor, pupil.house.leaders[0]
    later, next_day = began + dt.timedelta(hours=3), began + dt.timedelta(hours=23)
    _add_entry(frame, pk, cipher, Kind.TOLD, tutor, later, {"text": HANDED}, "handed")
    _add_entry(frame, pk, cipher, Kind.STAFF, leader, next_day, {"text": TALKED})
    _add_entry(frame, pk, cipher, Kind.PUPIL, leader, next_day, {"text": TALKED})


def _add_entry(
    frame: Frame, incident: uuid.UUID, cipher: Cipher, kind: Kind, by: Colleague, at: dt.datetime,
    words: dict[str, Any], how: str = "",
) -> None:  # fmt: skip
    entry = IncidentEntry(id=_random_key(frame))
    frame.tables.add(
        IncidentEntry, id=entry.id, incident_id=incident, kind=kind.value, author_id=by.id,
        written_at=at + dt.timedelta(minutes=40), happened_at=at, how=how, words=cipher.seal(entry, "words", words),
    )  # fmt: skip


def _random_key(frame: Frame) -> uuid.UUID:
    """The same in each run, as all keys of this school; but without the time in it, like every key of the file."""
    return uuid.UUID(bytes=hashlib.sha256(frame.keys.new().bytes).digest()[:16], version=4)
