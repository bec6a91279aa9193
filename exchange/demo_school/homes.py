"""What home heard: who was rung beside each call and visit, and messages of praise that went out."""

import datetime as dt
import random
import uuid

from django.utils import timezone

from exchange.demo_school.conversations import Conversation
from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from students.models import Contact
from tutoring.sessions.enums import HOME_KINDS, Kind, Mode, Outcome, Sending, Tone
from tutoring.sessions.home import usual_mode, who
from tutoring.sessions.models import HomeContact, HomeMessage, TutorSession
from tutoring.sessions.praise import SENTENCES

# One pupil in so many had good news sent home this term.
PRAISED = 7
RANG = (Outcome.REACHED, Outcome.REACHED, Outcome.REACHED, Outcome.REACHED, Outcome.MESSAGE)


def first_to_ring(contacts: list[Contact]) -> Contact:
    """Past a court order, as the words of the calls have it."""
    return next((contact for contact in contacts if not contact.court_order), contacts[0])


def add_home_contact(frame: Frame, pupil: Pupil, conversation: Conversation, home: Contact) -> None:
    """Beside a call or a visit, by a chance of its own, so that nothing else changes."""
    scene = conversation.scene
    if scene.kind not in HOME_KINDS:
        return
    chance = random.Random(f"home {conversation.submission}")
    outcome = Outcome.REACHED if scene.kind == Kind.HOME_VISIT else chance.choice(RANG)
    frame.tables.add(
        HomeContact, id=_key(chance), session_id=conversation.id, student_id=pupil.id, contact_id=home.id,
        with_whom=who(home), mode=usual_mode(scene.kind), tone=scene.tone, outcome=outcome,
    )  # fmt: skip


def add_praise(frame: Frame, pupil: Pupil, home: Contact, taken: list[dt.date]) -> None:
    """A message of praise in one of the last weeks, sent in the middle of a school day."""
    chance = random.Random(f"praise {pupil.id}")
    days = [day for day in frame.calendar.days[-25:-1] if pupil.on_roll(day) and day not in taken]
    wanted = chance.randrange(PRAISED) == 0
    if not wanted or not home.email or home.court_order or pupil.left_on or not days:
        return
    day, author = chance.choice(days), pupil.group.tutor
    text = chance.choice(SENTENCES)[1].format(name=pupil.preferred)
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(chance.randrange(9, 16), chance.randrange(60))))
    session, contact = _key(chance), _key(chance)
    frame.tables.add(
        TutorSession, id=session, student_id=pupil.id, author_id=author.id, submission=_key(chance),
        kind=Kind.CALL_HOME, topics=[], held_on=day, happened=text, created_at=at, updated_at=at,
    )  # fmt: skip
    frame.tables.add(
        HomeContact, id=contact, session_id=session, student_id=pupil.id, contact_id=home.id, with_whom=who(home),
        mode=Mode.MESSAGE, tone=Tone.GOOD, outcome=Outcome.MESSAGE,
    )  # fmt: skip
    frame.tables.add(
        HomeMessage, id=_key(chance), home_contact_id=contact, student_id=pupil.id, contact_id=home.id,
        by_id=author.id, address=home.email, subject=f"Good news about {pupil.preferred}", send_after=at,
        attempts=1, taken_at=at, sent_at=at, state=Sending.SENT,
    )  # fmt: skip


def _key(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
