"""One's own lines of the safeguarding file show after a fresh proof: an unlocked computer tells nobody's name.

That one raised a concern shows always; it says of nobody.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("reports.migrations.0006_file_lines")
NOT_OF_FILE = "split_part(action, '.', 1) <> 'file'"
MINE = "actor_id = (SELECT guard.uid())"
POLICY = "ALTER POLICY may_select ON audit_event USING (({}) OR ({} AND {}))"
OWN = f"{MINE} AND ({NOT_OF_FILE} OR action = 'file.raised' OR (SELECT guard.elevated()))"


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_file_lines")]
    operations = [
        migrations.RunSQL(
            POLICY.format(OWN, NOT_OF_FILE, BEFORE.OTHERS), POLICY.format(MINE, NOT_OF_FILE, BEFORE.OTHERS)
        )
    ]
