"""Who mentors some pupils of the invented school: the learning mentors, and of each group the tutor one or two."""

import datetime as dt

from django.utils import timezone

from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from tutoring.referrals.models import Mentoring

EACH = 2
AFTER_SCHOOL = dt.time(15, 45)
# (what it is for, strengths, what came of it)
SAID = (
    ("I want a place at the engineering college.", "Takes things apart, and puts them back.", "They got there"),
    ("To speak up in lessons. I know the answers.", "Listens, and remembers what people said.",
     "Part of the way"),
    ("To get through to summer without being sent out.", "Fair: says when it was their fault.",
     "They got there"),
)  # fmt: skip


def add_mentor(frame: Frame, pupil: Pupil) -> None:
    """Whoever has a learning mentor; of each group one whom the tutor mentors, and one whose mentoring is over."""
    turn = frame.mentored.get(pupil.group.id, 0)
    tutor = pupil.group.tutor
    since, over = frame.calendar.days[-60], frame.calendar.days[-12]
    if pupil.left_on or pupil.joined_on > since or (turn == EACH and not pupil.mentor):
        return
    frame.mentored[pupil.group.id] = min(turn + 1, EACH)
    aspiration, strengths, came = SAID[(turn + pupil.year) % len(SAID)]
    ended = {"until": over, "ended_by_id": tutor.id, "ended_words": came} if turn == 1 and not pupil.mentor else {}
    frame.tables.add(
        Mentoring, id=frame.keys.new(), student_id=pupil.id, mentor_id=(pupil.mentor or tutor).id,
        submission=frame.keys.new(), since=since, aspiration=aspiration, strengths=strengths, set_by_id=tutor.id,
        created_at=timezone.make_aware(dt.datetime.combine(since, AFTER_SCHOOL)), **ended,
    )  # fmt: skip
