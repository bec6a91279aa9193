"""What was done with the safeguarding file is read by whoever did it, and by nobody who searches the record.

Who looked at a concern is told by `guard.concern_readers` to those who read it themselves.
"""

from django.db import migrations

from core.rls import holds, sees

SEARCH = "audit.search_record"
OTHERS = f"school_id = (SELECT guard.school()) AND ((student_id IS NULL AND {holds(SEARCH)}) OR {sees(SEARCH)})"
POLICY = "ALTER POLICY may_select ON audit_event USING (actor_id = (SELECT guard.uid()) OR ({}))"


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_settled"), ("safeguarding", "0003_policies")]
    operations = [
        migrations.RunSQL(POLICY.format(f"split_part(action, '.', 1) <> 'file' AND {OTHERS}"), POLICY.format(OTHERS))
    ]
