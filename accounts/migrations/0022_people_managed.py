"""Whom whoever acts manages today, or stands in to manage: asked by functions that say what of theirs is overdue.

For other functions of `guard` alone: nobody else may ask it (decision 0016).
"""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.people_managed() RETURNS SETOF uuid LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  me uuid := guard.uid();
  ours uuid := guard.school();
  today date := (guard.checked()).on_day;
  acted_for uuid[];
BEGIN
  IF me IS NULL OR ours IS NULL THEN
    RETURN;
  END IF;
  acted_for := ARRAY(SELECT theirs.user_id FROM guard.memberships(me, today) m
                       JOIN public.accounts_membership theirs ON theirs.id = m.linked_by);
  RETURN QUERY
    SELECT DISTINCT l.person_id
      FROM public.accounts_linemanager l
      JOIN public.accounts_user u ON u.id = l.person_id AND u.is_active AND u.school_id = ours
     WHERE (l.manager_id = me OR l.manager_id = ANY (acted_for)) AND l.person_id <> me
       AND l.starts_on <= today AND (l.ends_on IS NULL OR l.ends_on >= today);
END $$;
REVOKE ALL ON FUNCTION guard.people_managed() FROM PUBLIC;
SET LOCAL ROLE waymark_owner;
"""
DROP = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.people_managed();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0021_line_policies")]
    operations = [migrations.RunSQL(CREATE, DROP)]
