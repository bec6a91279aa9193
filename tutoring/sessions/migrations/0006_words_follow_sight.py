"""Whoever no longer sees a student reads nothing about them, not even their own words; what a row is about stays."""

from django.db import migrations

from core.rls import sees, settled

SEE_STUDENT, MAKE_REPORTS = sees("students.view_student"), sees("reports.run_reports")
MINE = "author_id = (SELECT guard.uid())"
READABLE_BEFORE = f"""
  {MINE}
  OR (confidentiality = 'teaching' AND {sees("tutor_sessions.view_session")})
  OR (confidentiality = 'team' AND {sees("tutor_sessions.view_team_session")})
  OR (confidentiality = 'named' AND id IN (SELECT guard.sessions_naming_me()) AND {SEE_STUDENT})
"""
# The first two say it themselves: who holds those permissions for a student sees the student. The usual case is first.
READABLE = f"""
  (confidentiality = 'team' AND {sees("tutor_sessions.view_team_session")})
  OR (confidentiality = 'teaching' AND {sees("tutor_sessions.view_session")})
  OR (({MINE} OR (confidentiality = 'named' AND id IN (SELECT guard.sessions_naming_me()))) AND {SEE_STUDENT})
"""
OF_READABLE = "EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = session_id)"
MY_STEP_BEFORE = f"owner_staff_id = (SELECT guard.uid()) OR {OF_READABLE}"
MY_STEP = f"(owner_staff_id = (SELECT guard.uid()) AND {SEE_STUDENT}) OR {OF_READABLE}"
GOES_HOME = (
    f"({MAKE_REPORTS} AND EXISTS (SELECT FROM tutor_sessions_wordsforhome w WHERE w.session_id ="
    " tutor_sessions_nextstep.session_id))"
)


def policies(readable: str, my_step: str) -> str:
    return f"""
ALTER POLICY may_select ON tutor_sessions_tutorsession USING ({readable});
ALTER POLICY may_select ON tutor_sessions_nextstep USING ({my_step} OR {GOES_HOME});
ALTER POLICY may_update ON tutor_sessions_nextstep USING ({my_step}) WITH CHECK ({my_step});
"""


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0005_history"), ("accounts", "0009_settled")]
    operations = [
        migrations.RunSQL(policies(READABLE, MY_STEP), policies(READABLE_BEFORE, MY_STEP_BEFORE)),
        settled("tutor_sessions_tutorsession", "student_id", "author_id"),
        settled("tutor_sessions_nextstep", "session_id", "student_id"),
    ]
