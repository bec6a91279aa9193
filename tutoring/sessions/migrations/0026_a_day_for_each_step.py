"""Open steps that have no day get one, in a fortnight: without a day they never came to anybody."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0025_step_moved")]
    operations = [
        migrations.RunSQL(
            "UPDATE tutor_sessions_nextstep SET due_on = CURRENT_DATE + 14 WHERE due_on IS NULL AND done_on IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
