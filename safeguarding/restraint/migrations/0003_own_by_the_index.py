"""One's own records of force are found by the index: everybody's Today asks for them, and no function need answer."""

from django.db import migrations

POLICY = "ALTER POLICY may_select ON restraint_incident USING ({})"
READ = "id IN (SELECT guard.incidents_read())"


class Migration(migrations.Migration):
    dependencies = [("restraint", "0002_who_reads")]
    operations = [
        migrations.RunSQL(POLICY.format(f"recorded_by_id = (SELECT guard.uid()) OR {READ}"), POLICY.format(READ))
    ]
