"""The desk's newest first, and the few that are not the children's: at 20,000 concerns both were read through."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("safeguarding", "0005_kept_from")]
    operations = [
        AddIndexConcurrently("concern", models.Index(fields=["-raised_at"], name="concern_newest")),
        AddIndexConcurrently(
            "concern",
            models.Index(fields=["store"], condition=~models.Q(store="children"), name="concern_elsewhere"),
        ),
    ]
