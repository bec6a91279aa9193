"""The searches of the record: by person, by student, and by transaction for the sealer. Made without stopping writers."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0003_sealed")]

    operations = [
        AddIndexConcurrently("event", models.Index(fields=["actor_id", "-at"], name="event_by_actor")),
        AddIndexConcurrently("event", models.Index(fields=["student_id", "-at"], name="event_by_student")),
        AddIndexConcurrently("event", models.Index(fields=["xid"], name="event_by_xid")),
        # The new ones do their work; each index costs every write.
        migrations.AlterField("event", "actor_id", models.UUIDField(null=True)),
        migrations.AlterField("event", "school_id", models.UUIDField(null=True)),
    ]
