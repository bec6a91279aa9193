"""What is due of steps and plans: one's own, or that of some students."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.ids import UUID
from students.due import Lines

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
MINE = {
    STEPS: """(s.owner_staff_id = %(me)s OR EXISTS (
       SELECT FROM tutor_sessions_tutorsession t WHERE t.id = s.session_id AND t.author_id = %(me)s))""",
    PLAN_STEPS: """(s.owner_staff_id = %(me)s OR EXISTS (
       SELECT FROM plans_actionplan p WHERE p.id = s.plan_id AND p.made_by_id = %(me)s))""",
    REVIEWS: "p.made_by_id = %(me)s",
}
THEIRS = dict.fromkeys((STEPS, PLAN_STEPS), "s.student_id = ANY (%(students)s)") | {
    REVIEWS: "p.student_id = ANY (%(students)s)"
}


def steps_due_for(user: User, until: dt.date) -> list[Lines]:
    """Open steps of 1:1s ("step") and plans ("plan_step"), and reviews ("review"), by that day: what this person
    agreed, planned or has to do themselves.

    Of steps of plans given to whoever acts, those to which they are still to agree ("step_asked"), also later ones
    ("step_ahead").
    """
    return _lines(MINE, {"me": user.pk, "until": until})


def steps_due_of(students: Collection[UUID], user: User, until: dt.date) -> list[Lines]:
    """The same of these students as well, each once: whoever has a group may have a step about somebody they teach."""
    both = {sql: f"({mine} OR {THEIRS[sql]})" for sql, mine in MINE.items()}
    return _lines(both, {"me": user.pk, "students": list(students), "until": until})


def _lines(whose: dict[str, str], values: dict[str, Any]) -> list[Lines]:
    values = {**values, "today": timezone.localdate()}
    lines = [sql.replace("{whose}", condition) for sql, condition in whose.items()] + [AHEAD]
    return [(sql.replace("{asked}", ASKED), values) for sql in lines]
