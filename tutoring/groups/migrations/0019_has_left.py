"""Whether a colleague no longer reaches a student, for whoever sees that student: what they left falls to the tutor of
today. It answers of one colleague what `guard.staff_who_see` answers of all, and nothing of a student one does not see.
"""

from django.db import migrations

DO = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.has_left(person uuid, student uuid, wanted text) RETURNS boolean LANGUAGE plpgsql STABLE STRICT
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE today date := (guard.checked()).on_day;
BEGIN
  RETURN student IN (SELECT guard.students_seen('students.view_student'))
    AND NOT EXISTS (SELECT FROM guard.reach_with(person, wanted, today) r WHERE r = student);
END $$;
GRANT EXECUTE ON FUNCTION guard.has_left(uuid, uuid, text) TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
"""
UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.has_left(uuid, uuid, text);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0018_own_caseload_asked_of_people")]
    operations = [migrations.RunSQL(DO, UNDO)]
