"""What was noted as missed without a booking is taken away again by whoever noted it; its history stays.

Undone, of several booked together the first stays booked: one person had one student at a time before. The others are
cancelled and say why; nothing is lost.
"""

from django.db import migrations

from core.rls import sees, settled

ME = "(SELECT guard.uid())"
MINE = f"unbooked AND made_by_id = {ME} AND {sees('tutor_sessions.log_session')}"
DELETE = f"""
GRANT DELETE ON diary_appointment TO waymark_web;
CREATE POLICY may_delete ON diary_appointment FOR DELETE TO waymark_web USING ({MINE});
"""
KEEP = """
DROP POLICY may_delete ON diary_appointment;
REVOKE DELETE ON diary_appointment FROM waymark_web;
"""
# No change that its history should tell of.
FILL = """
ALTER TABLE diary_appointment DISABLE TRIGGER USER;
UPDATE diary_appointment a SET unbooked = true
 WHERE a.state IN ('missed', 'refused') AND EXISTS (
   SELECT FROM diary_appointmentchange c
    WHERE c.id = a.id AND c.pgh_label = 'insert' AND c.state IN ('missed', 'refused'));
ALTER TABLE diary_appointment ENABLE TRIGGER USER;
"""
ONE_EACH = """
UPDATE diary_appointment a SET state = 'cancelled', reason = 'Was booked together with others, which is undone'
 WHERE a.state = 'booked' AND EXISTS (
   SELECT FROM diary_appointment b
    WHERE b.staff_id = a.staff_id AND b.together = a.together AND b.state = 'booked' AND b.id < a.id);
"""
BEFORE = settled("diary_appointment", "student_id", "staff_id", "made_by_id")


class Migration(migrations.Migration):
    dependencies = [("diary", "0007_several_at_once")]
    operations = [
        migrations.RunSQL(DELETE, KEEP),
        migrations.RunSQL(FILL, ONE_EACH),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        settled("diary_appointment", "student_id", "staff_id", "made_by_id", "unbooked"),
    ]
