"""Why somebody is watched over may be said anew while the watch goes on, as the rhythm and who looks could before.

What it said stays in its history; an ended watch stays as it ended (0002).
"""

from django.db import migrations

from core.rls import settled

BEFORE = settled("watch_watch", "student_id", "kind", "reason", "made_by_id", "started_on")


class Migration(migrations.Migration):
    dependencies = [("watch", "0002_policies")]
    operations = [
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        settled("watch_watch", "student_id", "kind", "made_by_id", "started_on"),
    ]
