"""Who checks planners and who enters rewards and sanctions; every school has the usual ones from its first day.

An entry keeps a behaviour event of its own key. Its trigger acts with the writer's rights, and `pg_trigger_depth()` in
the policies says that only a trigger may: nobody else can write an event by hand, and an import never touches ours.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import belongs_to_school, protect, sees, settled

ME = "(SELECT guard.uid())"
CHECK, ENTER, READ = sees("conduct.check_planners"), sees("conduct.enter_conduct"), sees("progress.view_progress")
IMPORT = sees("exchange.import_data")
GROUP_SEEN = """group_id IN (SELECT m.group_id FROM groups_groupmembership m
  WHERE m.student_id IN (SELECT guard.students_seen('conduct.check_planners'))
    AND m.starts_on <= current_date AND (m.ends_on IS NULL OR m.ends_on >= current_date))"""
MY_CHECK = f"check_of_id IN (SELECT c.id FROM conduct_plannercheck c WHERE c.by_id = {ME}) AND {CHECK}"  # noqa: S608
FOR_THEM = """EXISTS (SELECT FROM conduct_conducttype t, students_student s
  WHERE t.id = conduct_conductentry.type_id AND s.id = conduct_conductentry.student_id AND t.school_id = s.school_id
    AND (t.house_id IS NULL OR t.shared OR t.house_id = s.house_id))"""
FRESH = "followed_up_on IS NULL AND withdrawn_at IS NULL"

USUAL = """(VALUES
    ('positive', 'Praise point', 1, NULL, 10), ('positive', 'Kindness to others', 2, NULL, 20),
    ('positive', 'Much improved', 3, NULL, 30), ('positive', 'Tutor’s award', 5, NULL, 40),
    ('negative', 'Reminder', 1, NULL, 10), ('negative', 'Break-time detention', 2, 3, 20),
    ('negative', 'After-school detention', 4, 7, 30)) AS usual (kind, name, points, follow, place)"""
ROWS = "(id, school_id, kind, name, points, follow_up_days, position, shared, is_active) SELECT md5({0}::text || usual.name)::uuid, {0}, usual.kind, usual.name, usual.points, usual.follow::smallint, usual.place, false, true FROM"
TYPES = f"""
GRANT SELECT, INSERT ON conduct_conducttype TO waymark_definer;
CREATE POLICY definer_makes ON conduct_conducttype FOR INSERT TO waymark_definer WITH CHECK (true);
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.usual_conduct_types() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.conduct_conducttype {ROWS.format("NEW.id")} {USUAL} ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION guard.usual_conduct_types() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER usual_conduct_types AFTER INSERT ON accounts_school
  FOR EACH ROW EXECUTE FUNCTION guard.usual_conduct_types();
INSERT INTO conduct_conducttype {ROWS.format("school.id")} accounts_school school, {USUAL};
"""
TYPES_UNDO = """
DROP TRIGGER usual_conduct_types ON accounts_school;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.usual_conduct_types();
SET LOCAL ROLE waymark_owner;
DROP POLICY definer_makes ON conduct_conducttype;
REVOKE INSERT ON conduct_conducttype FROM waymark_definer;
DELETE FROM conduct_conducttype;
"""

# Numbers tell apart the entries of one day; the lock keeps two people from taking the same one.
COUNTED = """
CREATE FUNCTION conduct_counted() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM progress_behaviourevent WHERE id = OLD.id;
  ELSIF NEW.withdrawn_at IS NOT NULL THEN
    DELETE FROM progress_behaviourevent WHERE id = NEW.id;
  ELSIF TG_OP = 'INSERT' THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('conduct ' || NEW.student_id, 0));
    INSERT INTO progress_behaviourevent
      (id, student_id, date, kind, category, points, staff_id, staff_code, comment, number)
    SELECT NEW.id, NEW.student_id, NEW.day, t.kind, t.name, CASE t.kind WHEN 'negative' THEN -t.points ELSE t.points END,
           NEW.author_id, '(Waymark)', NEW.comment,
           (SELECT coalesce(max(e.number), 0) + 1 FROM progress_behaviourevent e
             WHERE e.student_id = NEW.student_id AND e.date = NEW.day AND e.staff_code = '(Waymark)')
      FROM conduct_conducttype t WHERE t.id = NEW.type_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER conduct_counted AFTER INSERT OR DELETE OR UPDATE OF withdrawn_at ON conduct_conductentry
  FOR EACH ROW EXECUTE FUNCTION conduct_counted();

CREATE FUNCTION conduct_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_reason, NEW.followed_up_on, NEW.follow_up_words)
       IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_reason, OLD.followed_up_on, OLD.follow_up_words) THEN
    RAISE EXCEPTION 'an entry stays withdrawn' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.followed_up_on IS NOT NULL AND (NEW.followed_up_on, NEW.follow_up_words)
       IS DISTINCT FROM (OLD.followed_up_on, OLD.follow_up_words) THEN
    RAISE EXCEPTION 'a follow-up stays as it was written' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL
       AND (OLD.created_at AT TIME ZONE 'Europe/London')::date <> (now() AT TIME ZONE 'Europe/London')::date THEN
    RAISE EXCEPTION 'an entry is withdrawn on its day only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER conduct_kept BEFORE UPDATE ON conduct_conductentry FOR EACH ROW EXECUTE FUNCTION conduct_kept();
"""
COUNTED_UNDO = """
DROP TRIGGER conduct_kept ON conduct_conductentry;
DROP FUNCTION conduct_kept();
DROP TRIGGER conduct_counted ON conduct_conductentry;
DROP FUNCTION conduct_counted();
"""

BROUGHT_IN = f"{IMPORT} AND staff_code <> '(Waymark)'"
EVENTS = f"""
ALTER POLICY may_insert ON progress_behaviourevent WITH CHECK (({BROUGHT_IN}) OR pg_trigger_depth() > 0);
ALTER POLICY may_update ON progress_behaviourevent USING ({BROUGHT_IN}) WITH CHECK ({BROUGHT_IN});
ALTER POLICY may_delete ON progress_behaviourevent USING (({BROUGHT_IN}) OR pg_trigger_depth() > 0);
"""
EVENTS_UNDO = f"""
ALTER POLICY may_insert ON progress_behaviourevent WITH CHECK ({IMPORT});
ALTER POLICY may_update ON progress_behaviourevent USING ({IMPORT}) WITH CHECK ({IMPORT});
ALTER POLICY may_delete ON progress_behaviourevent USING ({IMPORT});
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conduct", "0001_initial"),
        ("groups", "0006_sight_one_note_a_role"),
        ("progress", "0004_words_of_the_school"),
    ]
    operations = [
        belongs_to_school("conduct_plannerrhythm"),
        belongs_to_school("conduct_conducttype"),
        settled("conduct_conducttype", "kind"),
        migrations.RunSQL(TYPES, TYPES_UNDO),
        protect("conduct_plannercheck", select=GROUP_SEEN, insert=f"by_id = {ME} AND {GROUP_SEEN}"),
        protect_history("conduct_plannercheckchange", select=GROUP_SEEN),
        protect("conduct_plannerexception", select=CHECK, insert=MY_CHECK, update=MY_CHECK, delete=MY_CHECK),
        settled("conduct_plannerexception", "check_of_id", "student_id"),
        protect_history("conduct_plannerexceptionchange", select=CHECK),
        protect(
            "conduct_conductentry",
            select=READ,
            insert=f"author_id = {ME} AND {ENTER} AND {FRESH} AND {FOR_THEM}",
            update=f"author_id = {ME} AND {ENTER}",
        ),
        settled(
            "conduct_conductentry",
            "student_id", "type_id", "author_id", "submission", "day", "comment", "follow_up_on", "created_at",
        ),
        protect_history("conduct_conductentrychange", select=READ),
        migrations.RunSQL(COUNTED, COUNTED_UNDO),
        migrations.RunSQL(EVENTS, EVENTS_UNDO),
    ]
