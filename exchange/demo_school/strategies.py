"""What helps pupils of the invented school: cards and own words of some in each group, one handling plan a house."""

import datetime as dt
from typing import Any

from django.utils import timezone

from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from tutoring.strategies.models import HandlingPlan, OwnWords, StrategyCard, TeamPart

EACH = 5
LUNCH = dt.time(12, 55)
CARDS: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (
        ("helps", "", "A quiet word at the door, before the lesson begins"),
        ("helps", "", "One instruction at a time, and the second one written down"),
        ("avoid", "", "Being told off across the room: talk later, beside the desk"),
        ("when", "asked to read aloud", "Let them pass once; they read the next part"),
    ),
    (
        ("helps", "", "A seat near the front and away from the window"),
        ("avoid", "", "Sarcasm: it is taken word for word"),
        ("when", "late", "Wave them in, talk about it after the lesson"),
    ),
    (
        ("helps", "", "Ask what they have done already; there is always something"),
        ("helps", "", "Five minutes’ notice before the activity changes"),
        ("when", "silent for a whole lesson", "Tell the tutor the same day; it is rarely about the lesson"),
    ),
)  # fmt: skip
OWN: tuple[dict[str, str], ...] = (
    {
        "strengths": "I mend bikes. I can calm my little brother down when nobody else can.",
        "interests": "Bikes, and anything with an engine.",
        "aspirations": "A workshop of my own, or an apprenticeship first.",
        "adults": "I am listening when I draw. Please do not say my name twice in front of everybody.",
    },
    {
        "strengths": "I remember lyrics, whole songs after one listen.",
        "interests": "Singing, and Saturday football.",
        "aspirations": "Music technology in the sixth form.",
        "adults": "Mornings are hard. By break I am all right.",
    },
    {
        "strengths": "I explain maths to people so that they get it.",
        "interests": "Chess club, baking.",
        "aspirations": "To be the first of us at university.",
        "adults": "Ask me before you ask my friends.",
    },
)
PLAN = {
    "early_signs": "Hood up, one-word answers, looks at the door.",
    "calms": "Space and the door open. One adult talks, quietly. Water, then a walk to the library.",
    "never": "Do not block the door, do not touch the bag, no audience.",
    "call": "The duty leader, by radio",
}
TEAM = {
    "triggers": "Being talked about in front of others; a change nobody announced.",
    "holds": "Guided walk by two trained adults, only to keep somebody from harm, and only while that lasts.",
    "medical": "Asthma: nothing that presses on chest or back.",
    "after": "Water and twenty minutes first. Home is rung the same day. We talk the next morning, with the tutor.",
}


def add_strategies(frame: Frame, pupil: Pupil) -> None:
    """Of the first of each group: cards of the tutor's, of which some are to be looked at again; own words of them."""
    turn = frame.helped.get(pupil.group.id, 0)
    tutor = pupil.group.tutor
    if pupil.left_on or turn == EACH:
        return
    frame.helped[pupil.group.id] = turn + 1
    calendar = frame.calendar
    written = max(pupil.joined_on, calendar.days[-30])
    for kind, moment, text in CARDS[turn % len(CARDS)]:
        due = calendar.days[-2] if turn == 1 else calendar.today + dt.timedelta(days=30 + 7 * turn)
        frame.tables.add(
            StrategyCard, id=frame.keys.new(), student_id=pupil.id, author_id=tutor.id, kind=kind, moment=moment,
            text=text, created_at=_at(written), review_on=due,
        )  # fmt: skip
    frame.tables.add(
        OwnWords, id=frame.keys.new(), student_id=pupil.id, version=1, submission=frame.keys.new(),
        made_by_id=tutor.id, created_at=_at(written), **OWN[turn % len(OWN)],
    )  # fmt: skip
    if turn == 0 and pupil.house.id not in frame.held:
        frame.held.add(pupil.house.id)
        _add_plan(frame, pupil)


def _add_plan(frame: Frame, pupil: Pupil) -> None:
    """Agreed by the school and the student; home is still to be asked."""
    calendar, leader, key = frame.calendar, pupil.house.leaders[0], frame.keys.new()
    name = f"{leader.title} {leader.last_name}"
    frame.tables.add(
        HandlingPlan, id=key, student_id=pupil.id, version=1, submission=frame.keys.new(),
        made_by_id=pupil.group.tutor.id, created_at=_at(calendar.days[-40]),
        review_on=calendar.today + dt.timedelta(days=21), **PLAN,
    )  # fmt: skip
    agreed: dict[str, Any] = {
        "staff_name": name, "staff_on": calendar.days[-39], "student_name": pupil.preferred,
        "student_on": calendar.days[-38],
    }  # fmt: skip
    frame.tables.add(
        TeamPart, id=frame.keys.new(), plan_id=key, student_id=pupil.id, trained=f"{name} until July", **TEAM, **agreed
    )


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, LUNCH))
