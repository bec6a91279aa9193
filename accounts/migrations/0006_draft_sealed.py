"""A column for the encrypted text of drafts, beside the plain one. Only adds; an older Waymark goes on working."""

from django.db import migrations, models

import core.encryption


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_invitation")]
    operations = [
        migrations.AddField("draft", "sealed", core.encryption.SealedField(null=True)),
        # The column keeps its name, so neither of these asks the database for anything.
        migrations.AlterField("draft", "fields", models.JSONField(db_column="fields", default=dict)),
        migrations.RenameField("draft", "fields", "plain"),
    ]
