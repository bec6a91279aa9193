"""Whose rights a run is made with, whose report an item is and which file is theirs: said once. Decision 0006."""

from django.db import migrations

from core.rls import protect, sees, settled

MAKE = sees("reports.run_reports")
INTO_MY_RUN = "EXISTS (SELECT FROM reports_reportbatch b WHERE b.id = batch_id)"
OF_MY_RUN = "EXISTS (SELECT FROM reports_reportbatch b WHERE b.id = reportbatch_id AND b.requested_by_id = (SELECT guard.uid()))"


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_record_at_the_door"), ("accounts", "0009_settled")]
    operations = [
        settled("reports_reportbatch", "school_id", "term_id", "requested_by_id"),
        settled("reports_reportitem", "batch_id", "student_id"),
        # Else whoever runs reports could point one of theirs at another's file.
        settled("reports_reportitem", "file", "sha256", "size", job="reports"),
        migrations.RunSQL(
            f"ALTER POLICY may_insert ON reports_reportitem WITH CHECK ({MAKE} AND {INTO_MY_RUN} AND file = '')",
            f"ALTER POLICY may_insert ON reports_reportitem WITH CHECK ({MAKE} AND {INTO_MY_RUN})",
        ),
        protect(
            "reports_reportbatch_groups",
            select=INTO_MY_RUN.replace("batch_id", "reportbatch_id"),
            insert=OF_MY_RUN,
            delete=OF_MY_RUN,
        ),
    ]
