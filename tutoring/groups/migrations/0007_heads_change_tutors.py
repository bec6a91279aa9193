"""Whoever leads all students of a group may say who tutors it: nobody they do not see themselves is shown to anybody."""

from django.db import migrations

HELD = """
SET LOCAL ROLE waymark_definer;
-- Groups of the actor's school whose students, today's and those to come, they all hold the permission for. A group
-- without students is held by those who hold it for the whole school.
CREATE FUNCTION guard.groups_held(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  whom text := guard.whom(wanted);
  today date := (guard.checked()).on_day;
BEGIN
  IF whom IN ('*', 'school') THEN
    RETURN QUERY SELECT t.id FROM public.groups_tutorgroup t WHERE t.school_id = guard.school();
  ELSIF whom <> '' THEN
    RETURN QUERY SELECT t.id FROM public.groups_tutorgroup t
      JOIN public.groups_groupmembership m ON m.group_id = t.id AND (m.ends_on IS NULL OR m.ends_on >= today)
      LEFT JOIN guard.students_seen(wanted) AS seen (student) ON seen.student = m.student_id
     WHERE t.school_id = guard.school()
     GROUP BY t.id HAVING bool_and(seen.student IS NOT NULL);
  END IF;
END $$;
REVOKE ALL ON FUNCTION guard.groups_held(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.groups_held(text) TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
CREATE POLICY may_insert_led ON groups_tutorassignment FOR INSERT TO waymark_web WITH CHECK ({led});
CREATE POLICY may_update_led ON groups_tutorassignment FOR UPDATE TO waymark_web USING ({led}) WITH CHECK ({led});
"""
# Only a tutor's own membership: no other role is given students here.
LED = (
    "group_id IN (SELECT guard.groups_held('groups.change_tutor'))"
    " AND EXISTS (SELECT FROM accounts_membership t WHERE t.id = membership_id"
    " AND t.role = 'tutor' AND t.school_id = (SELECT guard.school()))"
)
UNDO = """
DROP POLICY may_insert_led ON groups_tutorassignment;
DROP POLICY may_update_led ON groups_tutorassignment;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.groups_held(text);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0006_sight_one_note_a_role")]
    operations = [migrations.RunSQL(HELD.replace("{led}", LED), UNDO)]
