"""The questions are the school's; what a student wrote is read by those who read the tutor team's 1:1s, given by one of
them on their own device, and changed and removed by nobody.
"""

from django.db import migrations

from core.rls import belongs_to_school, protect, sees

READ = sees("tutor_sessions.view_team_session")


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0020_reflections"), ("groups", "0009_short_notes")]
    operations = [
        belongs_to_school("tutor_sessions_reflectionsheet"),
        protect(
            "tutor_sessions_reflection", select=READ, insert=f"taken_by_id = (SELECT guard.uid()) AND {READ}"
        ),
    ]
