"""What is due of steps and plans: one's own, or that of some students."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from students.due import Lines
from tutoring.groups.falling import falls_to_me, left_to_tutor, or_their_deputy
from tutoring.groups.selectors import values_of

# A step of a 1:1 that goes on in a plan is told once, as that.
STEPS = """
SELECT 'step', s.id, CASE WHEN s.owner_name = '' THEN s.text ELSE s.owner_name || ': ' || s.text END, s.student_id,
       s.due_on, s.owner, s.owner_staff_id, s.times_moved
  FROM tutor_sessions_nextstep s
 WHERE s.done_on IS NULL AND s.due_on <= %(until)s AND {whose}
   AND NOT EXISTS (SELECT FROM plans_planstep p WHERE p.from_step_id = s.id)
"""
# A colleague is asked about a step somebody else gave them until its day comes; from then on it is to be done. Who asks
# is in the statement's own transaction: nobody is asked in another's place. Who cannot read the plan did not write it.
ASKED = """s.owner = 'staff' AND s.owner_staff_id = (SELECT guard.uid()) AND s.owner_agreed_on IS NULL
   AND s.due_on > %(today)s AND NOT EXISTS (
     SELECT FROM plans_actionplan p WHERE p.id = s.plan_id AND p.made_by_id = (SELECT guard.uid()))"""
PLAN_STEPS = """
SELECT CASE WHEN {asked} THEN 'step_asked' ELSE 'plan_step' END, s.id, s.text, s.student_id, s.due_on, s.owner,
       s.owner_staff_id, s.times_moved
  FROM plans_planstep s
 WHERE s.outcome = '' AND s.due_on <= %(until)s AND {whose}
"""
# However far off its day is: a word given on the day itself is no plan.
AHEAD = """
SELECT 'step_ahead', s.id, s.text, s.student_id, s.due_on, s.owner, s.owner_staff_id, s.times_moved
  FROM plans_planstep s
 WHERE s.outcome = '' AND s.due_on > %(until)s AND {asked}
"""
REVIEWS = """
SELECT 'review', p.id, p.title, p.student_id, p.review_on, '', p.made_by_id, 0
  FROM plans_actionplan p
 WHERE p.closed_on IS NULL AND p.review_on <= %(until)s AND {whose}
"""
AGREED_BY = "(SELECT t.author_id FROM tutor_sessions_tutorsession t WHERE t.id = s.session_id)"
PLANNED_BY = "(SELECT p.made_by_id FROM plans_actionplan p WHERE p.id = s.plan_id)"
MINE = {
    STEPS: f"""({or_their_deputy("s.owner_staff_id")} OR EXISTS (
       SELECT FROM tutor_sessions_tutorsession t WHERE t.id = s.session_id AND {or_their_deputy("t.author_id")}) OR
       {left_to_tutor("s.owner_staff_id", AGREED_BY, student="s.student_id", wanted=Permission.LOG_SESSION)})""",
    PLAN_STEPS: f"""({or_their_deputy("s.owner_staff_id")} OR EXISTS (
       SELECT FROM plans_actionplan p WHERE p.id = s.plan_id AND {or_their_deputy("p.made_by_id")}) OR
       {left_to_tutor("s.owner_staff_id", PLANNED_BY, student="s.student_id", wanted=Permission.LOG_SESSION)})""",
    REVIEWS: falls_to_me("p.made_by_id", student="p.student_id", wanted=Permission.MAKE_PLAN),
}
THEIRS = dict.fromkeys((STEPS, PLAN_STEPS), "s.student_id = ANY (%(students)s)") | {
    REVIEWS: "p.student_id = ANY (%(students)s)"
}


def steps_due_for(user: User, until: dt.date) -> list[Lines]:
    """Open steps of 1:1s ("step") and plans ("plan_step"), and reviews ("review"), by that day: what this person
    agreed, planned or has to do themselves, and what falls to them of others' (tutoring.groups.falling).

    Of steps of plans given to whoever acts, those to which they are still to agree ("step_asked"), also later ones
    ("step_ahead").
    """
    return _lines(MINE, user, {"until": until})


def steps_due_of(students: Collection[UUID], user: User, until: dt.date) -> list[Lines]:
    """The same of these students as well, each once: whoever has a group may have a step about somebody they teach."""
    both = {sql: f"({THEIRS[sql]} OR {mine})" for sql, mine in MINE.items()}
    return _lines(both, user, {"students": list(students), "until": until})


def _lines(whose: dict[str, str], user: User, values: dict[str, Any]) -> list[Lines]:
    values = values_of(user, timezone.localdate()) | values
    lines = [sql.replace("{whose}", condition) for sql, condition in whose.items()] + [AHEAD]
    return [(sql.replace("{asked}", ASKED), values) for sql in lines]
