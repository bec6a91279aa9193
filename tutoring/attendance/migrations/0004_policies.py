"""Marks and weekly counts: seen with a student's attendance, brought in by the data manager. Decision 0006."""

from django.db import migrations

from core.rls import protect, sees

# How the whole school attends is no secret of anybody's: heads and tutors compare their own with it.
SCHOOL = """
GRANT SELECT ON attendance_weekcount TO waymark_definer;
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.sum_attendance(school uuid, first_week date, last_week date, on_roll date)
  RETURNS TABLE (possible bigint, attended bigint, authorised bigint, unauthorised bigint, arrivals bigint, late bigint,
                 notice bigint, unknown bigint) LANGUAGE sql STABLE
  AS $$
  SELECT coalesce(sum(w.possible), 0), coalesce(sum(w.attended), 0), coalesce(sum(w.authorised), 0),
         coalesce(sum(w.unauthorised), 0), coalesce(sum(w.arrivals), 0), coalesce(sum(w.late), 0),
         coalesce(sum(w.notice), 0), coalesce(sum(w.unknown), 0)
    FROM public.attendance_weekcount w JOIN public.students_student s ON s.id = w.student_id
   WHERE s.school_id = school AND w.week BETWEEN first_week AND last_week
     AND (on_roll IS NULL OR ((s.joined_on IS NULL OR s.joined_on <= on_roll)
                              AND (s.left_on IS NULL OR s.left_on >= on_roll)))
  $$;
-- Of one's own school; the job that makes reports may ask for any.
CREATE FUNCTION guard.school_attendance(school uuid, first_week date, last_week date, on_roll date)
  RETURNS TABLE (possible bigint, attended bigint, authorised bigint, unauthorised bigint, arrivals bigint, late bigint,
                 notice bigint, unknown bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF school = guard.school() OR guard.system_name() IS NOT NULL THEN
    RETURN QUERY SELECT * FROM guard.sum_attendance(school, first_week, last_week, on_roll);
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION guard.school_attendance(uuid, date, date, date) TO waymark_web, waymark_owner;
GRANT EXECUTE ON FUNCTION guard.sum_attendance(uuid, date, date, date) TO waymark_owner;
SET LOCAL ROLE waymark_owner;
"""
SCHOOL_UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.school_attendance(uuid, date, date, date), guard.sum_attendance(uuid, date, date, date);
SET LOCAL ROLE waymark_owner;
"""
SEE, IMPORT = sees("attendance.view_attendance"), sees("exchange.import_data")


class Migration(migrations.Migration):
    dependencies = [("attendance", "0003_week_counts"), ("groups", "0002_sight")]
    operations = [
        protect("attendance_mark", select=SEE, insert=IMPORT, update=IMPORT, delete=IMPORT),
        protect("attendance_weekcount", select=SEE, insert=IMPORT, update=IMPORT, delete=IMPORT),
        migrations.RunSQL(SCHOOL, SCHOOL_UNDO),
    ]
