"""Who takes a register, and what a mark given here must have behind it.

Whoever takes registers writes marks of their students, and only what they have just said in a register: a code that
means something that day, on a day of school, not ahead of time, and with a reason where a past mark is corrected.
Imports write marks as before. Refusals are raised after the row is written, so that policies speak first.
"""

from django.db import migrations

from core.rls import protect, sees, settled

ME = "(SELECT guard.uid())"
TAKE, IMPORT = sees("attendance.take_register"), sees("exchange.import_data")
GROUP_SEEN = """group_id IN (SELECT m.group_id FROM groups_groupmembership m
  WHERE m.student_id IN (SELECT guard.students_seen('attendance.take_register'))
    AND m.starts_on <= {today} AND (m.ends_on IS NULL OR m.ends_on >= {today}))""".replace("{today}", "(SELECT guard.today())")
MY_ENTRY = f"by_id = {ME} AND {TAKE} AND register_id IN (SELECT r.id FROM attendance_register r)"  # noqa: S608 (our own names)

MARKS = f"""
ALTER POLICY may_insert ON attendance_mark WITH CHECK ({IMPORT} OR {TAKE});
ALTER POLICY may_update ON attendance_mark USING ({IMPORT} OR {TAKE}) WITH CHECK ({IMPORT} OR {TAKE});
-- The triggers that count act with the writer's rights; nobody writes a count by hand.
ALTER POLICY may_insert ON attendance_weekcount WITH CHECK ({IMPORT} OR pg_trigger_depth() > 0);
ALTER POLICY may_update ON attendance_weekcount USING ({IMPORT} OR pg_trigger_depth() > 0)
  WITH CHECK ({IMPORT} OR pg_trigger_depth() > 0);
"""
MARKS_UNDO = "\n".join(
    f"ALTER POLICY may_insert ON {table} WITH CHECK ({IMPORT});"
    f"ALTER POLICY may_update ON {table} USING ({IMPORT}) WITH CHECK ({IMPORT});"
    for table in ("attendance_mark", "attendance_weekcount")
)

DAYS = """
SET LOCAL ROLE waymark_definer;
-- The day on which whoever acts says that they act.
CREATE FUNCTION guard.today() RETURNS date LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN (guard.checked()).on_day; END $$;
-- A weekday of a term, outside its break and no closure: as students.selectors.school_days says.
CREATE FUNCTION guard.school_day(school uuid, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT extract(isodow FROM day) < 6
     AND NOT EXISTS (SELECT FROM public.students_closure c WHERE c.school_id = school AND c.date = day)
     AND EXISTS (SELECT FROM public.students_term t WHERE t.school_id = school AND day BETWEEN t.starts_on AND t.ends_on
                   AND NOT coalesce(day BETWEEN t.break_starts_on AND t.break_ends_on, false)) $$;
GRANT EXECUTE ON FUNCTION guard.today(), guard.school_day(uuid, date) TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
"""
DAYS_UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.school_day(uuid, date), guard.today();
SET LOCAL ROLE waymark_owner;
"""
RULES = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.register_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF NEW.day > guard.today() OR NOT guard.school_day(guard.school(), NEW.day) THEN
    RAISE EXCEPTION 'a register is of a school day, and not ahead of time' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION guard.register_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF EXISTS (
      SELECT FROM said e JOIN public.attendance_register r ON r.id = e.register_id
       WHERE NOT EXISTS (SELECT FROM public.groups_groupmembership m
                          WHERE m.student_id = e.student_id AND m.group_id = r.group_id
                            AND m.starts_on <= r.day AND (m.ends_on IS NULL OR m.ends_on >= r.day))
          OR NOT EXISTS (SELECT FROM public.attendance_code c
                          WHERE c.code = e.code AND c.valid_from <= r.day AND (c.valid_to IS NULL OR c.valid_to >= r.day))
          OR e.code IN ('Z', '#', CASE r.session WHEN 'AM' THEN '\\' ELSE '/' END)
          OR (e.reason = '' AND r.day < guard.today() AND EXISTS (
                SELECT FROM public.attendance_mark k
                 WHERE k.student_id = e.student_id AND k.date = r.day AND k.session = r.session
                   AND (k.code, k.minutes_late) IS DISTINCT FROM (e.code, e.minutes_late)))) THEN
    RAISE EXCEPTION 'a student of the group, a code of the day, and a reason to correct a past mark'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- Whether the latest that was said of this session is said by whoever acts, and is this.
CREATE FUNCTION guard.said_by_me(student uuid, on_day date, half text, given text, minutes smallint) RETURNS boolean
  LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT e.by_id = guard.uid() AND e.code = given AND e.minutes_late IS NOT DISTINCT FROM minutes
      FROM public.attendance_register r JOIN public.attendance_registerentry e ON e.register_id = r.id
     WHERE r.day = on_day AND r.session = half AND e.student_id = student
     ORDER BY e.created_at DESC, e.id DESC LIMIT 1), false) $$;

CREATE FUNCTION guard.mark_said() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unsaid boolean;
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') OR guard.holds('exchange.import_data') THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    unsaid := EXISTS (SELECT FROM given g WHERE g.comment <> ''
      OR NOT guard.said_by_me(g.student_id, g.date, g.session, g.code, g.minutes_late));
  ELSE
    unsaid := EXISTS (SELECT FROM given g JOIN before b USING (student_id, date, session)
      WHERE (g.code, g.minutes_late, g.comment) IS DISTINCT FROM (b.code, b.minutes_late, b.comment)
        AND (g.comment <> '' OR NOT guard.said_by_me(g.student_id, g.date, g.session, g.code, g.minutes_late)));
  END IF;
  IF unsaid THEN
    RAISE EXCEPTION 'a mark is given by what was said in a register' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.register_taken(), guard.register_said(), guard.mark_said(),
  guard.said_by_me(uuid, date, text, text, smallint) TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER register_taken AFTER INSERT ON attendance_register
  FOR EACH ROW EXECUTE FUNCTION guard.register_taken();
CREATE TRIGGER register_said AFTER INSERT ON attendance_registerentry
  REFERENCING NEW TABLE AS said FOR EACH STATEMENT EXECUTE FUNCTION guard.register_said();
CREATE TRIGGER mark_said_new AFTER INSERT ON attendance_mark
  REFERENCING NEW TABLE AS given FOR EACH STATEMENT EXECUTE FUNCTION guard.mark_said();
CREATE TRIGGER mark_said_again AFTER UPDATE ON attendance_mark
  REFERENCING OLD TABLE AS before NEW TABLE AS given FOR EACH STATEMENT EXECUTE FUNCTION guard.mark_said();
"""
RULES_UNDO = """
DROP TRIGGER mark_said_again ON attendance_mark;
DROP TRIGGER mark_said_new ON attendance_mark;
DROP TRIGGER register_said ON attendance_registerentry;
DROP TRIGGER register_taken ON attendance_register;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.mark_said(), guard.said_by_me(uuid, date, text, text, smallint), guard.register_said(),
  guard.register_taken();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0007_registers"), ("accounts", "0011_stands_for")]
    operations = [
        migrations.RunSQL(DAYS, DAYS_UNDO),
        protect("attendance_register", select=GROUP_SEEN, insert=f"by_id = {ME} AND {GROUP_SEEN}"),
        protect("attendance_registerentry", select=TAKE, insert=MY_ENTRY),
        settled("attendance_mark", "student_id", "date", "session"),
        migrations.RunSQL(MARKS, MARKS_UNDO),
        migrations.RunSQL(RULES, RULES_UNDO),
    ]
