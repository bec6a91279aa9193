"""Who reads and writes interventions, in plain Python: held against the policies like the sentences of rules.py."""

from typing import Any

from accounts.models import User
from accounts.permissions import Permission as P
from tests.lock.reference import Eyes, Row
from tutoring.interventions.models import Helper, Intervention, Member, Sitting


def _known(eyes: Eyes, model: type[Any], key: Any) -> Any:
    """The row as it stands, which policies ask even while it is being changed."""
    return next((row for row in eyes.facts.rows[model] if row.pk == key), None)


def _mine(eyes: Eyes, row: Row) -> bool:
    ours = eyes.school is not None and row.school_id == eyes.school
    return ours and eyes.uid is not None and eyes.uid in (row.lead_id, row.made_by_id)


def _run(eyes: Eyes, key: Any) -> bool:
    """The lead's, whoever's set it up, and those who help."""
    row = _known(eyes, Intervention, key)
    if row is None or eyes.school is None or row.school_id != eyes.school:
        return False
    helps = any(h.intervention_id == key and h.user_id == eyes.uid for h in eyes.facts.rows[Helper])
    return _mine(eyes, row) or (eyes.uid is not None and helps)


def _kept(eyes: Eyes, key: Any) -> bool:
    """The lead's, whoever's set it up, and of whoever keeps all of the school's."""
    row = _known(eyes, Intervention, key)
    return row is not None and (_mine(eyes, row) or eyes.works_at(row.school_id, P.KEEP_INTERVENTIONS))


def member_read(eyes: Eyes, row: Row) -> bool:
    """As a plan of theirs is read; and by whoever runs it and sees them."""
    return eyes.sees(row.student_id, P.VIEW_PLAN) or (eyes.sees(row.student_id) and _run(eyes, row.intervention_id))


def intervention_read(eyes: Eyes, row: Row) -> bool:
    """At one's own school: what one runs, and what a student is in whose row one reads."""
    key = getattr(row, "id", None)
    if eyes.school is None or row.school_id != eyes.school:
        return False
    with_mine = any(m.intervention_id == key and member_read(eyes, m) for m in eyes.facts.rows[Member])
    return _mine(eyes, row) or _run(eyes, key) or with_mine


def of_read(eyes: Eyes, row: Row) -> bool:
    found = _known(eyes, Intervention, row.intervention_id)
    return found is not None and intervention_read(eyes, found)


def before_read(eyes: Eyes, row: Row) -> bool:
    """Of an intervention as it was, whoever reads it now."""
    found = _known(eyes, Intervention, row.id)
    return found is not None and intervention_read(eyes, found)


def intervention_made(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.made_by_id == eyes.uid and eyes.works_at(row.school_id, P.RUN_INTERVENTION)


def intervention_changed(eyes: Eyes, row: Row) -> bool:
    return eyes.school is not None and row.school_id == eyes.school and _kept(eyes, row.pk)


def of_kept(eyes: Eyes, row: Row) -> bool:
    return _kept(eyes, row.intervention_id)


def helper_named(eyes: Eyes, row: Row) -> bool:
    user = _known(eyes, User, row.user_id)
    return of_kept(eyes, row) and user is not None and user.school_id == eyes.school


def member_taken(eyes: Eyes, row: Row) -> bool:
    return eyes.sees(row.student_id, P.RUN_INTERVENTION) and of_kept(eyes, row)


def member_changed(eyes: Eyes, row: Row) -> bool:
    return eyes.sees(row.student_id) and of_kept(eyes, row)


def meeting_logged(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.by_id == eyes.uid and _run(eyes, row.intervention_id)


def presence_read(eyes: Eyes, row: Row) -> bool:
    member = _known(eyes, Member, row.member_id)
    return member is not None and member_read(eyes, member)


def presence_said(eyes: Eyes, row: Row) -> bool:
    """Of the same student, in the same intervention, at a meeting one logged oneself and still reads."""
    member, meeting = _known(eyes, Member, row.member_id), _known(eyes, Sitting, row.meeting_id)
    if member is None or meeting is None or eyes.uid is None or meeting.by_id != eyes.uid:
        return False
    fits = member.student_id == row.student_id and member.intervention_id == meeting.intervention_id
    return fits and member_read(eyes, member) and of_read(eyes, meeting)
