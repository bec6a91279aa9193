"""Who may say that one person stands in for another: a membership lent for dates is itself a membership (decision 0006).

What is given is what the absent person has, never more than whoever gives it holds: their own work; that of a tutor all
of whose students they lead and read of themselves. Whoever manages the staff says it for everybody, as they do by the
staff file, but never to their own gain.
"""

from django.db import migrations

COVERABLE = """
SET LOCAL ROLE waymark_definer;
-- Memberships for which the actor may say who stands in; with `myself`, for which they may name themselves.
CREATE FUNCTION guard.coverable(myself boolean) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me uuid := guard.uid();
  ours uuid := guard.school();
  today date := (guard.checked()).on_day;
BEGIN
  IF me IS NULL OR NOT guard.holds('groups.arrange_cover') THEN
    RETURN;
  END IF;
  IF NOT myself THEN
    RETURN QUERY SELECT m.id FROM public.accounts_membership m
      WHERE m.school_id = ours AND m.stands_in_for_id IS NULL AND m.role NOT IN ('subject_teacher', 'contributor')
        AND (m.user_id = me OR guard.holds('accounts.manage_staff'));
  END IF;
  IF guard.holds('groups.change_tutor') THEN
    RETURN QUERY
      WITH has AS (
        SELECT t.membership_id, g.student_id
          FROM public.groups_tutorassignment t
          JOIN public.groups_groupmembership g ON g.group_id = t.group_id AND (g.ends_on IS NULL OR g.ends_on >= today)
         WHERE t.ends_on IS NULL OR t.ends_on >= today
        UNION
        SELECT c.membership_id, c.student_id FROM public.groups_caseloadentry c
         WHERE c.ends_on IS NULL OR c.ends_on >= today)
      SELECT m.id
        FROM public.accounts_membership m
        JOIN has ON has.membership_id = m.id
        LEFT JOIN guard.students_seen('groups.change_tutor') AS led (student) ON led.student = has.student_id
        LEFT JOIN guard.students_seen('tutor_sessions.view_team_session') AS known (student)
             ON known.student = has.student_id
       WHERE m.school_id = ours AND m.stands_in_for_id IS NULL AND m.role IN ('tutor', 'one_to_one_tutor')
         AND m.user_id <> me
       GROUP BY m.id HAVING bool_and(led.student IS NOT NULL AND known.student IS NOT NULL);
  END IF;
END $$;
REVOKE ALL ON FUNCTION guard.coverable(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.coverable(boolean) TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""
MAY = "stands_in_for_id IN (SELECT guard.coverable(false))"
# After the row is written, so that policies speak first; for whoever brings in the staff file too. What is lent is
# exactly what there is, of the same school, within its dates, to one person at a time, who works here and is no volunteer.
SOUND = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.sound_cover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on + 400 OR NOT EXISTS (
      SELECT FROM public.accounts_membership t
       WHERE t.id = NEW.stands_in_for_id AND t.stands_in_for_id IS NULL AND t.user_id <> NEW.user_id
         AND t.school_id = guard.school() AND (t.school_id, t.role) = (NEW.school_id, NEW.role)
         AND t.house_id IS NOT DISTINCT FROM NEW.house_id AND t.year_group IS NOT DISTINCT FROM NEW.year_group
         AND t.starts_on <= NEW.starts_on AND (t.ends_on IS NULL OR t.ends_on >= NEW.ends_on)) THEN
    RAISE EXCEPTION 'what a deputy is lent is what the other has, for days of it' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM public.accounts_membership o
              WHERE o.stands_in_for_id = NEW.stands_in_for_id AND o.id <> NEW.id AND o.starts_on <= NEW.ends_on
                AND (o.ends_on IS NULL OR o.ends_on >= NEW.starts_on)) THEN
    RAISE EXCEPTION 'somebody stands in on one of these days already' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM public.accounts_user u JOIN public.accounts_membership w ON w.user_id = u.id
       WHERE u.id = NEW.user_id AND u.is_active AND u.school_id = NEW.school_id AND w.school_id = NEW.school_id
         AND w.stands_in_for_id IS NULL AND w.role <> 'contributor'
         AND (w.ends_on IS NULL OR w.ends_on >= NEW.ends_on)) THEN
    RAISE EXCEPTION 'a deputy works here, in a role of their own' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.user_id = guard.uid() AND NEW.stands_in_for_id NOT IN (SELECT guard.coverable(true)) THEN
    RAISE EXCEPTION 'nobody gives themselves more than they have' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.sound_cover() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.sound_cover() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER sound_cover_new AFTER INSERT ON accounts_membership
  FOR EACH ROW WHEN (NEW.stands_in_for_id IS NOT NULL) EXECUTE FUNCTION guard.sound_cover();
CREATE TRIGGER sound_cover AFTER UPDATE ON accounts_membership FOR EACH ROW
  WHEN (NEW.stands_in_for_id IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.sound_cover();
"""
POLICIES = f"""
CREATE POLICY may_insert_cover ON accounts_membership FOR INSERT TO waymark_web WITH CHECK ({MAY});
CREATE POLICY may_update_cover ON accounts_membership FOR UPDATE TO waymark_web USING ({MAY}) WITH CHECK ({MAY});
CREATE POLICY may_delete_cover ON accounts_membership FOR DELETE TO waymark_web
  USING ({MAY} AND starts_on >= (SELECT guard.today()));
"""
NAMES = ("may_insert_cover", "may_update_cover", "may_delete_cover")
UNDO = "DROP TRIGGER sound_cover ON accounts_membership; DROP TRIGGER sound_cover_new ON accounts_membership;" + "".join(
    f"DROP POLICY {name} ON accounts_membership;" for name in NAMES
) + """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.sound_cover(), guard.coverable(boolean);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0009_short_notes"), ("attendance", "0008_register_policies")]
    operations = [migrations.RunSQL(COVERABLE + SOUND + POLICIES, UNDO)]
