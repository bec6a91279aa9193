"""What a step said before is for whoever was to do it, as long as they see the student; 0006 said so of steps alone.

A tutor whose student went to somebody else no longer sees the step itself, and did see what it said before.
"""

from django.db import migrations

from core.rls import sees

MINE = "owner_staff_id = (SELECT guard.uid())"
OF_READABLE = "EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = session_id)"
POLICY = "ALTER POLICY may_select ON tutor_sessions_nextstepchange USING ({} OR {})"
MINE_IN_SIGHT = f"({MINE} AND {sees('students.view_student')})"


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0006_words_follow_sight")]
    operations = [
        migrations.RunSQL(POLICY.format(MINE_IN_SIGHT, OF_READABLE), POLICY.format(MINE, OF_READABLE)),
    ]
