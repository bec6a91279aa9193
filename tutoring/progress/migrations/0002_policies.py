"""Grades, behaviour and comments: who sees them, who brings them in or writes them. Decision 0006."""

from django.db import migrations

from core.rls import protect, sees

SEE, IMPORT = sees("progress.view_progress"), sees("exchange.import_data")
WRITE_COMMENT = sees("progress.write_comment")


class Migration(migrations.Migration):
    dependencies = [("progress", "0001_initial"), ("groups", "0002_sight")]
    operations = [
        protect("progress_assessment", select=SEE, insert=IMPORT, update=IMPORT, delete=IMPORT),
        protect("progress_behaviourevent", select=SEE, insert=IMPORT, update=IMPORT, delete=IMPORT),
        protect(
            "progress_termcomment", select=SEE, insert=WRITE_COMMENT, update=WRITE_COMMENT, delete=WRITE_COMMENT
        ),
    ]
