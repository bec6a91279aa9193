"""The directory of the invented school, and two referrals from each group: overdue, waiting, accepted or ended."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from exchange.demo_school import bank
from exchange.demo_school.around import add_around
from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from tutoring.referrals.models import Agency, AgencyContact, Referral, ReferralNote
from tutoring.referrals.usual import USUAL

FROM_A_GROUP = 2
# Days ago sent, days until a reply is expected, how it stands.
LATE = ((24, -8, "sent"), (16, -2, "acknowledged"), (19, -5, "sent"))
OPEN = ((12, 2, "sent"), (30, 12, "waiting"), (21, 7, "accepted"))


def add_directory(frame: Frame) -> None:
    """The usual list, with invented people."""
    people = bank.read("referrals")["people"]
    for place, name, helps_with, eligible, how in USUAL:
        key = frame.agencies[name] = frame.keys.new()
        frame.tables.add(
            Agency, id=key, school_id=frame.school, place=place.value, name=name, helps_with=helps_with,
            eligible=eligible, how_to_refer=how,
        )  # fmt: skip
        for person, role, phone, email in people.get(name, ()):
            frame.tables.add(
                AgencyContact, id=frame.keys.new(), agency_id=key, name=person, role=role, phone=phone, email=email
            )


def add_referral(frame: Frame, pupil: Pupil) -> None:
    """The first of each group overdue, the second on its way or, one in three, closed."""
    before = frame.referred.get(pupil.group.id, 0)
    if pupil.left_on or before >= FROM_A_GROUP:
        return
    frame.referred[pupil.group.id] = before + 1
    if not before:
        add_around(frame, pupil)
    chance, text = pupil.chance, {k: v.format_map(pupil.words) for k, v in _chosen(pupil).items()}
    key, last = frame.keys.new(), frame.calendar.last_day
    ago, ahead, status = chance.choice(OPEN if before else LATE)
    sent_on = frame.calendar.school_day_until(last - dt.timedelta(days=ago))
    how: dict[str, Any] = {"status": status, "expected_by": last + dt.timedelta(days=ahead)}
    tutor, head = pupil.group.tutor, pupil.house.leaders[0]
    if before and not chance.randrange(3):
        how = {
            "status": "declined" if text["outcome"].startswith("Declined") else "finished", "closed_on": last,
            "closed_by_id": head.id, "outcome": text["outcome"], "feedback": text["feedback"],
        }  # fmt: skip
    frame.tables.add(
        Referral, id=key, student_id=pupil.id, agency_id=frame.agencies[text["agency"]], referred_by_id=tutor.id,
        key_person_id=(head if "closed_on" in how else tutor).id, submission=frame.keys.new(), sent_on=sent_on,
        reason=text["reason"], consent=text["consent"], consent_words=text["consent_words"], created_at=_noted(sent_on),
        **how,
    )  # fmt: skip
    _note(frame, pupil, key, sent_on, kind="shared", words=text["shared"])
    if how["status"] != "sent":
        answered = "accepted" if "closed_on" in how else status
        day = frame.calendar.school_day_until(sent_on + dt.timedelta(days=6))
        _note(frame, pupil, key, max(day, sent_on), kind="reply", words=text["reply"], status=answered)
    elif ahead < 0:
        _note(frame, pupil, key, frame.calendar.school_day_until(last - dt.timedelta(days=4)), kind="chased")


def _noted(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(16, 20)))


def _chosen(pupil: Pupil) -> dict[str, str]:
    found: dict[str, str] = pupil.chance.choice(bank.read("referrals")["referral"])
    return found


def _note(frame: Frame, pupil: Pupil, referral: uuid.UUID, day: dt.date, **fields: str) -> None:
    frame.tables.add(
        ReferralNote, id=frame.keys.new(), referral_id=referral, student_id=pupil.id, by_id=pupil.group.tutor.id,
        submission=frame.keys.new(), on=day, created_at=_noted(day), **fields,
    )  # fmt: skip
