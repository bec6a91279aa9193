"""Runs and reports: seen with the student's reports; the job that makes them keeps the books of all. Decision 0006."""

from django.db import migrations

from core.rls import holds, is_system, protect, sees

JOB = is_system("reports")
MY_SCHOOL = "school_id = (SELECT guard.school())"
MAKE = sees("reports.run_reports")
MINE = f"requested_by_id = (SELECT guard.uid()) AND {MY_SCHOOL} AND {holds('reports.run_reports')}"
# A report hangs on a run of the same person's school: another's run cannot be filled.
INTO_MY_RUN = "EXISTS (SELECT FROM reports_reportbatch b WHERE b.id = batch_id)"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("groups", "0002_sight")]
    operations = [
        protect(
            "reports_reportbatch",
            select=f"{MY_SCHOOL} OR {JOB}",
            insert=MINE,
            update=f"({MY_SCHOOL} AND {holds('reports.run_reports')}) OR {JOB}",
        ),
        protect(
            "reports_reportitem",
            select=f"{JOB} OR {sees('reports.view_report')} OR {MAKE}",
            insert=f"{MAKE} AND {INTO_MY_RUN}",
            update=f"{JOB} OR {MAKE}",
        ),
    ]
