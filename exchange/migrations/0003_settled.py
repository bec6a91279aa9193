"""An import is done with the rights of whoever sent its files: nobody puts another's name to it. Decision 0006."""

from django.db import migrations

from core.rls import holds, settled

OURS = f"school_id = (SELECT guard.school()) AND {holds('exchange.import_data')}"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_policies"), ("accounts", "0009_settled")]
    operations = [
        settled("exchange_importrun", "school_id", "requested_by_id"),
        migrations.RunSQL(
            f"ALTER POLICY may_insert ON exchange_importrun WITH CHECK ({OURS} AND requested_by_id = (SELECT guard.uid()))",
            f"ALTER POLICY may_insert ON exchange_importrun WITH CHECK ({OURS})",
        ),
    ]
