"""Who reads an alert: who raised it, whom it is to, and those who lead over the student; it stays as raised."""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, sees, settled

ME = "(SELECT guard.uid())"
MINE = f"((raised_by_id = {ME} OR to_id = {ME}) AND {sees('students.view_student')})"
READ = f"{sees('followup.view_alert')} OR {MINE}"


class Migration(migrations.Migration):
    dependencies = [("followup", "0003_alerts")]
    operations = [
        protect(
            "followup_alert",
            select=READ,
            insert=f"raised_by_id = {ME} AND {sees('tutor_sessions.log_session')}",
            update=MINE,
        ),
        settled(
            "followup_alert",
            "student_id", "raised_by_id", "to_id", "raised_on", "what", "recommendation", "answer_by",
        ),
        protect_history("followup_alertchange", select=READ),
    ]
