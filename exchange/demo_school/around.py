"""Who is around one student of each group: a youth worker, a key person, and the meeting they all had."""

import datetime as dt

from django.utils import timezone

from exchange.demo_school import bank
from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from tutoring.referrals.models import KeyPerson, MeetingRecord, PersonAround
from tutoring.sessions.models import NextStep, TutorSession

WEEKS_AGO = 3


def add_around(frame: Frame, pupil: Pupil) -> None:
    """For the first of each group who was referred; every other of them has a meeting again within the week."""
    texts = bank.read("around")
    person, meeting = pupil.chance.choice(texts["person"]), pupil.chance.choice(texts["meeting"])
    # In this term, so that its author may still change it.
    begun, ago = frame.calendar.current.starts_on + dt.timedelta(days=3), dt.timedelta(weeks=WEEKS_AGO)
    held_on = frame.calendar.school_day_until(max(begun, frame.calendar.last_day - ago))
    tutor, head = pupil.group.tutor, pupil.house.leaders[0]
    since = frame.calendar.school_day_until(held_on - dt.timedelta(days=40))
    done_on = frame.calendar.school_day_until(held_on + dt.timedelta(days=9))
    frame.tables.add(
        PersonAround, id=frame.keys.new(), student_id=pupil.id, added_by_id=tutor.id, since=since,
        created_at=_at(since), **{name: text.format_map(pupil.words) for name, text in person.items()},
    )  # fmt: skip
    if pupil.chance.randrange(2):
        frame.tables.add(
            KeyPerson, id=frame.keys.new(), student_id=pupil.id, staff_id=head.id, set_by_id=tutor.id, since=since
        )
    words = {name: text.format_map(pupil.words) for name, text in meeting.items()}
    outside = f"{person['name']}, {person['role']}"
    staff = [f"{colleague.first_name} {colleague.last_name}" for colleague in (tutor, head)]
    key = frame.keys.new()
    frame.tables.add(
        TutorSession, id=key, student_id=pupil.id, author_id=tutor.id, submission=frame.keys.new(), kind="agency",
        held_on=held_on, minutes=45, place="Meeting room", happened=words["happened"], student_words=words["words"],
        confidentiality="team", created_at=_at(held_on), updated_at=_at(held_on),
    )  # fmt: skip
    frame.tables.add(
        MeetingRecord, id=frame.keys.new(), session_id=key, student_id=pupil.id, decided=words["decided"],
        came=[f"{pupil.preferred} {pupil.surname} (student)", outside, *staff],
        apologies=["SENCO"], minutes_to=[outside], minutes_words=words["minutes"],
        next_on=frame.calendar.school_day_from(
            held_on + dt.timedelta(weeks=WEEKS_AGO, days=pupil.chance.choice((3, 5, 12)))
        ),
    )  # fmt: skip
    soon = frame.calendar.last_day + dt.timedelta(days=5)
    for owner, name, text, due_on in (
        ("outside", outside, words["theirs"], soon),
        ("staff", "", words["ours"], done_on),
    ):
        frame.tables.add(
            NextStep, id=frame.keys.new(), session_id=key, student_id=pupil.id, text=text, owner=owner, owner_name=name,
            owner_staff_id=None if name else tutor.id, due_on=due_on,
            done_on=None if name else done_on,
        )  # fmt: skip


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(16, 30)))
