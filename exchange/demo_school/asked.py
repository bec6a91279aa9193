"""Round robins of the invented school: in each group all teachers of one pupil were asked, and half have answered."""

import datetime as dt
from typing import Any

from django.utils import timezone
from psycopg.types.json import Jsonb

from core.mail_links import hash_of
from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.records import Frame
from tutoring.roundrobin.bank import BANK
from tutoring.roundrobin.enums import How
from tutoring.roundrobin.links import token_of
from tutoring.roundrobin.models import Ask

BREAK, LUNCH = dt.time(10, 50), dt.time(12, 40)
SITE = "http://localhost:8000/"
WORDS = (
    "Good in pairs.", "", "Catches up at lunch on Tuesdays, which helps.", "", "Quiet since half term.", "",
)  # fmt: skip


def add_asks(frame: Frame, pupil: Pupil) -> None:
    """Of the first pupil their tutor asks all who teach them; of the second a leader of the house asks the tutor."""
    before = frame.asked.get(pupil.group.id, 0)
    tutor, leaders = pupil.group.tutor, pupil.house.leaders
    if pupil.left_on or before >= 2 or tutor in leaders:
        return
    frame.asked[pupil.group.id] = before + 1
    if before:
        _add(frame, pupil, leaders[0], [(tutor, "")])
        return
    taught: dict[str, tuple[Colleague, list[str]]] = {}
    for subject, teacher in pupil.subjects.items():
        taught.setdefault(teacher.email, (teacher, []))[1].append(subject)
    _add(frame, pupil, tutor, [(who, ", ".join(names)) for who, names in taught.values() if who is not tutor])


def _add(frame: Frame, pupil: Pupil, asker: Colleague, teachers: list[tuple[Colleague, str]]) -> None:
    """Every other one, from the second on, has answered; the others were reminded, so that the demo mails nobody."""
    calendar, proforma, round_id = frame.calendar, BANK[0], frame.keys.new()
    asked_at, day_before = _at(calendar.days[-5], LUNCH), calendar.days[-2]
    for place, (teacher, subjects) in enumerate(teachers):
        key = frame.keys.new()
        answer: dict[str, Any] = {
            "answers": Jsonb([]),
            "reminder_taken_at": _at(day_before, BREAK),
            "reminded_at": _at(day_before, BREAK),
        }
        if place % 2:
            said = [pupil.chance.choice(question.words[:3]) for question in proforma.questions]
            answer = {"answers": Jsonb(said), "words": WORDS[place // 2 % len(WORDS)], "how": How.LINK.value}
            answer["answered_at"] = _at(calendar.days[-4], BREAK)
        frame.tables.add(
            Ask, id=key, student_id=pupil.id, round=round_id, asked_by_id=asker.id, teacher_id=teacher.id,
            subjects=subjects, title=proforma.title, questions=Jsonb(proforma.as_data), asked_at=asked_at,
            answer_by=calendar.school_day_from(calendar.today), remind_on=day_before, token_hash=hash_of(token_of(key)),
            good_until=asked_at + dt.timedelta(days=14), site=SITE, mail_taken_at=asked_at, mailed_at=asked_at,
            **answer,
        )  # fmt: skip


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
