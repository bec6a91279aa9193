"""The weekly mail in the invented school: two families of each group chose it, and had last week's."""

import datetime as dt

from django.utils import timezone

from core.mail_links import hash_of
from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from students.models import Contact
from tutoring.digests.enums import Part, Rhythm, State
from tutoring.digests.links import token_of
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.digests.weeks import FRIDAY, goes_at

FAMILIES = 2


def add_digest(frame: Frame, pupil: Pupil, contacts: list[Contact]) -> None:
    """The first who may be written to; one of the two families reads Polish best."""
    home = next((c for c in contacts if c.parental_responsibility and c.email and not c.court_order), None)
    before = frame.digested.get(pupil.group.id, 0)
    if home is None or pupil.left_on or before >= FAMILIES:
        return
    frame.digested[pupil.group.id] = before + 1
    day = frame.calendar.days[-15]
    said = timezone.make_aware(dt.datetime.combine(day, dt.time(15, 20)))
    key = frame.keys.new()
    frame.tables.add(
        DigestChoice, id=key, token_hash=hash_of(token_of(key)), contact_id=home.id, student_id=pupil.id,
        rhythm=Rhythm.WEEKLY, language="pl" if before else "en", recorded_by_id=pupil.group.tutor.id, recorded_at=said,
    )  # fmt: skip
    fridays = (day for day in reversed(frame.calendar.days) if day.weekday() == FRIDAY and day < frame.calendar.today)
    monday = next(fridays) - dt.timedelta(days=FRIDAY)
    gone = goes_at(monday) + dt.timedelta(minutes=3)
    frame.tables.add(
        FamilyDigest, id=frame.keys.new(), contact_id=home.id, student_id=pupil.id, week=monday, state=State.SENT,
        went=[Part.REWARDS, Part.ATTENDANCE], attempts=1, taken_at=gone, sent_at=gone,
    )  # fmt: skip
