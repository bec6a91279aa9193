"""Ethnicity is read by who imports, who answers for somebody's own data, and who counts gaps; written by imports only.

What it was before is for the first two. Nobody on the web takes a row away: where the MIS says nothing any more, the
row says nothing. Decision 0006, models.Ethnicity.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, sees, settled

IMPORTS, ANSWERS, COUNTS = sees("exchange.import_data"), sees("reports.export_students"), sees("reports.view_gaps")
OURS = f"school_id = (SELECT guard.school()) AND {IMPORTS}"


class Migration(migrations.Migration):
    dependencies = [("students", "0005_ethnicity"), ("groups", "0013_groups_seen")]
    operations = [
        protect("students_ethnicity", select=f"{IMPORTS} OR {ANSWERS} OR {COUNTS}", insert=OURS, update=OURS),
        settled("students_ethnicity", "school_id", "student_id"),
        protect_history("students_ethnicitychange", select=f"{IMPORTS} OR {ANSWERS}"),
    ]
