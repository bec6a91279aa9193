"""Whether what was agreed happened is read as the conversation is, and said by whoever reads it and logs sessions with
the student, in their own name; changed and removed by nobody.
"""

from django.db import migrations

from core.rls import protect, sees

READABLE = "EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = session_id)"
OF_IT = (
    "EXISTS (SELECT FROM tutor_sessions_agreement a WHERE a.id = agreement_id"
    " AND a.session_id = tutor_sessions_agreementoutcome.session_id"
    " AND a.student_id = tutor_sessions_agreementoutcome.student_id)"
)
MINE = f"said_by_id = (SELECT guard.uid()) AND {sees('tutor_sessions.log_session')} AND {READABLE} AND {OF_IT}"


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0031_agreement_outcomes")]
    operations = [protect("tutor_sessions_agreementoutcome", select=READABLE, insert=MINE)]
