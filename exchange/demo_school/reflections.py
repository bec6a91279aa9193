"""What some pupils of each group wrote before a 1:1: once some weeks ago, and once for the one that is coming."""

import datetime as dt

from django.utils import timezone

from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from tutoring.sessions.models import Reflection
from tutoring.sessions.reflection_models import USUAL_QUESTIONS

EACH = 4
BEFORE_SCHOOL = dt.time(8, 35)
# (what went well, what was hard, the one thing, how it is)
SAID = (
    ("I got a 6 in the science test. I did not think I would.", "Getting up.", "Pack my bag the night before.", 4),
    ("Nobody rang home this week.", "Maths with the new seating plan. I sit with nobody.",
     "Ask if I can sit nearer to the front.", 3),
    ("Netball trials. I am in.", "Two deadlines on the same day.", "Start the history essay on Thursday.", 5),
    ("", "I fell out with somebody and it is everywhere.", "Talk to her without our phones.", 2),
)  # fmt: skip


def add_reflections(frame: Frame, pupil: Pupil) -> None:
    """For the first few of each group."""
    turn = frame.reflected.get(pupil.group.id, 0)
    if pupil.left_on or turn == EACH:
        return
    frame.reflected[pupil.group.id] = turn + 1
    for ago, (well, hard, wish, feeling) in ((30, SAID[(turn + 1) % EACH]), (1, SAID[turn])):
        day = frame.calendar.days[-ago]
        answers = [(q, a) for q, a in zip(USUAL_QUESTIONS.splitlines(), (well, hard), strict=True) if a]
        if day >= pupil.joined_on:
            frame.tables.add(
                Reflection, id=frame.keys.new(), student_id=pupil.id, taken_by_id=pupil.group.tutor.id,
                submission=frame.keys.new(), written_at=timezone.make_aware(dt.datetime.combine(day, BEFORE_SCHOOL)),
                asked=[question for question, _ in answers], said=[answer for _, answer in answers], wish=wish,
                feeling=feeling,
            )  # fmt: skip
