"""Who reads and keeps an appointment, whose the slots are, and the door through which a calendar asks."""

from django.db import migrations

from audit.history import protect_history
from core.rls import holds, protect, sees, settled

ME = "(SELECT guard.uid())"
SEE_STUDENT, LOG = sees("students.view_student"), sees("tutor_sessions.log_session")
TEAM = sees("tutor_sessions.view_team_session")
# The usual case first. Whoever no longer sees a student reads nothing about them, not even what they booked themselves.
READABLE = f"{TEAM} OR (staff_id = {ME} AND {SEE_STUDENT})"
AT_MY_SCHOOL = "staff_id IN (SELECT u.id FROM accounts_user u WHERE u.school_id = (SELECT guard.school()))"
# One's own, or a colleague's for a student whose notes one reads: a deputy books for the tutor.
MAY_KEEP = f"{LOG} AND (staff_id = {ME} OR ({TEAM} AND {AT_MY_SCHOOL}))"
# The session's own policies apply inside: held with a conversation one cannot read is not for oneself to say.
ITS_SESSION = (
    "(session_id IS NULL OR EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = session_id"
    " AND s.student_id = diary_appointment.student_id))"
)
MY_SLOT = f"staff_id = {ME} AND {holds('tutor_sessions.log_session')}"
# A calendar program signs in nowhere: it brings a token, and nobody acts yet when that is looked up.
AT_DOOR_OR_MINE = f"(SELECT guard.at_door()) OR user_id = {ME}"
MY_LINK = f"user_id = {ME}"


class Migration(migrations.Migration):
    dependencies = [
        ("diary", "0001_initial"),
        ("tutor_sessions", "0007_steps_before_follow_sight"),
        ("accounts", "0010_entry_policies"),
        ("groups", "0006_sight_one_note_a_role"),
    ]
    operations = [
        protect(
            "diary_appointment",
            select=READABLE,
            insert=f"made_by_id = {ME} AND {MAY_KEEP} AND {ITS_SESSION}",
            update=f"{MAY_KEEP} AND {ITS_SESSION}",
        ),
        settled("diary_appointment", "student_id", "staff_id", "made_by_id"),
        protect_history("diary_appointmentchange", select=READABLE),
        protect(
            "diary_slot",
            select=f"staff_id = {ME} OR ({holds('tutor_sessions.log_session')} AND {AT_MY_SCHOOL})",
            insert=MY_SLOT,
            update=MY_SLOT,
            delete=MY_SLOT,
        ),
        protect(
            "diary_calendarlink",
            select=AT_DOOR_OR_MINE,
            insert=MY_LINK,
            update=MY_LINK,
            delete=MY_LINK,
            needs_actor=False,
        ),
    ]
