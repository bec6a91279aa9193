"""Where an event came from and whom it is about; tables of seals. New columns are empty or have a default."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

import audit.models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("n", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("root", models.BinaryField()),
                ("prev", models.BinaryField()),
                ("mac", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("event_id", models.UUIDField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField()),
                ("seal", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="sealed", to="audit.seal")),
            ],
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("sent_to", models.CharField(max_length=500)),
                ("seal", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="anchors", to="audit.seal")),
            ],
            options={"abstract": False},
        ),
        migrations.AddField("event", "student_id", models.UUIDField(null=True, verbose_name="the student it is about")),
        migrations.AddField("event", "request_id", models.CharField(blank=True, db_default="", default="", max_length=40)),
        migrations.AddField("event", "address", models.GenericIPAddressField(null=True, verbose_name="where from")),
        migrations.AddField("event", "agent", models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="with what")),
        migrations.AddField("event", "xid", audit.models.TransactionIdField(editable=False, null=True)),
        migrations.AddField("event", "hash", models.BinaryField(null=True)),
    ]
