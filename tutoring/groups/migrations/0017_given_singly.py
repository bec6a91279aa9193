"""Who may say that a colleague has a single student: whoever manages the staff, and whoever leads and reads of the student.

As with a group and its tutor (0007) nobody shows to another whom they do not lead themselves, and as with cover (0010)
nobody gives to themselves, nor to whomever they stand in for. Nothing is dated back, and what is over stays as it was.
Until now the rows were for whoever brings in the school's exports, though no export has them.
"""

from django.db import migrations

from core.rls import sees, settled

GIVABLE = """
SET LOCAL ROLE waymark_definer;
-- Memberships that the actor may give a single student: of roles that reach whom they are tied to, but for their own.
CREATE FUNCTION guard.may_be_given() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me uuid := guard.uid();
  ours uuid := guard.school();
  today date := (guard.checked()).on_day;
BEGIN
  RETURN QUERY SELECT m.id FROM public.accounts_membership m
    JOIN guard.role_scope r ON r.role = m.role AND r.scope = 'assigned'
   WHERE m.school_id = ours AND m.stands_in_for_id IS NULL AND m.user_id <> me
     AND NOT EXISTS (SELECT FROM public.accounts_membership d
                      WHERE d.stands_in_for_id = m.id AND d.user_id = me AND (d.ends_on IS NULL OR d.ends_on >= today));
END $$;
-- Whoever moves the school into its next year ends caseloads and undoes it; by that too nobody has anybody longer.
CREATE FUNCTION guard.own_caseload() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_has_role(current_user, 'waymark_owner', 'MEMBER') AND EXISTS (
      SELECT FROM public.accounts_membership m
       WHERE m.user_id = guard.uid() AND NEW.membership_id IN (m.id, m.stands_in_for_id)) THEN
    RAISE EXCEPTION 'nobody gives themselves students' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.may_be_given(), guard.own_caseload() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.may_be_given(), guard.own_caseload() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER own_caseload AFTER UPDATE ON groups_caseloadentry FOR EACH ROW
  WHEN (OLD.ends_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > OLD.ends_on))
  EXECUTE FUNCTION guard.own_caseload();
"""
LED = f"{sees('groups.change_tutor')} AND {sees('tutor_sessions.view_team_session')}"
MAY = f"membership_id IN (SELECT guard.may_be_given()) AND ({sees('accounts.manage_staff')} OR ({LED}))"
TO_COME = f"{MAY} AND starts_on >= (SELECT guard.today())"
NOT_OVER = f"{MAY} AND (ends_on IS NULL OR ends_on >= (SELECT guard.today()))"
POLICIES = f"""
DROP POLICY may_insert ON groups_caseloadentry;
CREATE POLICY may_insert ON groups_caseloadentry FOR INSERT TO waymark_web
  WITH CHECK ({TO_COME});
CREATE POLICY may_update_given ON groups_caseloadentry FOR UPDATE TO waymark_web
  USING ({NOT_OVER}) WITH CHECK ({NOT_OVER});
CREATE POLICY may_delete_given ON groups_caseloadentry FOR DELETE TO waymark_web USING ({TO_COME});
"""
UNDO = f"""
DROP POLICY may_insert ON groups_caseloadentry;
CREATE POLICY may_insert ON groups_caseloadentry FOR INSERT TO waymark_web
  WITH CHECK ({sees("exchange.import_data")});
DROP POLICY may_update_given ON groups_caseloadentry;
DROP POLICY may_delete_given ON groups_caseloadentry;
DROP TRIGGER own_caseload ON groups_caseloadentry;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.own_caseload(), guard.may_be_given();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0016_no_cover_by_the_chair"), ("attendance", "0008_register_policies")]
    operations = [
        migrations.RunSQL(GIVABLE + POLICIES, UNDO),
        settled("groups_caseloadentry", "membership_id", "student_id", "starts_on"),
    ]
