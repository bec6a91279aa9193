"""Whether one gives oneself students is asked of people alone: the planner looks up who acts before the query runs,
and where the owner writes (an upgrade, a restore) nobody acts."""

from django.db import migrations

OURS = """EXISTS (SELECT FROM public.accounts_membership m
    WHERE m.user_id = guard.uid() AND NEW.membership_id IN (m.id, m.stands_in_for_id))"""
FUNCTION = """
SET LOCAL ROLE waymark_definer;
CREATE OR REPLACE FUNCTION guard.own_caseload() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{body}
  RETURN NULL;
END $$;
SET LOCAL ROLE waymark_owner;
"""
REFUSE = "RAISE EXCEPTION 'nobody gives themselves students' USING ERRCODE = 'check_violation'"
OWNER = "pg_has_role(current_user, 'waymark_owner', 'MEMBER')"
APART = f"""
  IF {OWNER} THEN
    RETURN NULL;
  END IF;
  IF {OURS} THEN
    {REFUSE};
  END IF;"""
TOGETHER = f"""
  IF NOT {OWNER} AND {OURS} THEN
    {REFUSE};
  END IF;"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0017_given_singly")]
    operations = [migrations.RunSQL(FUNCTION.format(body=APART), FUNCTION.format(body=TOGETHER))]
