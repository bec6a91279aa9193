"""The rule is the school's; who is left out of it, and why, is read by those who read the team's notes."""

from django.db import migrations

from audit.history import protect_history
from core.rls import belongs_to_school, protect, sees, settled

READ, EXEMPT = sees("tutor_sessions.view_team_session"), sees("tutor_sessions.exempt_student")
BY_ME = f"made_by_id = (SELECT guard.uid()) AND {EXEMPT}"


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0010_entitlement"), ("groups", "0006_sight_one_note_a_role")]
    operations = [
        belongs_to_school("tutor_sessions_entitlement"),
        protect("tutor_sessions_exemption", select=READ, insert=BY_ME, update=EXEMPT, delete=EXEMPT),
        settled("tutor_sessions_exemption", "student_id"),
        protect_history("tutor_sessions_exemptionchange", select=READ),
    ]
