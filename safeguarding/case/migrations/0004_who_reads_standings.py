"""Where a child stands is for those who keep the child's file: proved afresh, and kept from nothing of the child.

Its words open only once the opening of the child, or of a concern of theirs, stands on the record (decision 0011).
"""

from importlib import import_module

from django.db import migrations

from core.rls import protect

WHO_READS = import_module("safeguarding.migrations.0002_who_reads")
POLICIES = import_module("safeguarding.migrations.0003_policies")
PINNED = WHO_READS.PINNED
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Children whose file is not for the actor; nothing for whoever keeps none, or has not proved who they are.
CREATE FUNCTION guard.children_hidden() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 5 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF me IS NOT NULL AND guard.elevated() AND guard.holds('safeguarding.keep_file') THEN
    RETURN QUERY SELECT guard.children_kept_from(me);
  END IF;
END $$;

-- What this very transaction writes: its words are put beside it, and never later.
CREATE FUNCTION guard.standings_now() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 1 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY SELECT s.id FROM public.case_standing s
                WHERE s.written_by_id = me AND s.written_at = transaction_timestamp();
END $$;

-- Whose words may be read: within the last minute the actor put on the record that they open the child's file, or a
-- concern of theirs, and that is committed.
CREATE FUNCTION guard.standings_opened() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 5 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY
    WITH said AS MATERIALIZED (
      SELECT e.object_type AS what, e.object_id AS which FROM public.audit_event e
       WHERE e.actor_id = me AND e.action = 'file.opened' AND e.at > clock_timestamp() - interval '60 seconds'
         AND e.xid IS DISTINCT FROM pg_current_xact_id_if_assigned())
    SELECT s.id FROM public.case_standing s
     WHERE (s.student_id::text IN (SELECT d.which FROM said d WHERE d.what = 'students.Student')
         OR s.student_id IN (SELECT k.student_id FROM public.safeguarding_concernchild k
              WHERE k.concern_id::text IN (SELECT d.which FROM said d WHERE d.what = 'safeguarding.Concern')))
       AND guard.keeps_child(s.student_id);
END $$;

CREATE FUNCTION guard.standing_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.written_at := guard.this_moment(NEW.written_at);
  RETURN NEW;
END $$;

-- A row supersedes one of the same child.
CREATE FUNCTION guard.standing_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.case_standing s
                  WHERE s.id = NEW.supersedes_id AND s.id <> NEW.id AND s.student_id = NEW.student_id) THEN
    RAISE EXCEPTION 'it supersedes a row of the same child' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION guard.children_hidden(), guard.standings_now(), guard.standings_opened(),
  guard.standing_dated(), guard.standing_follows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.children_hidden(), guard.standings_now(), guard.standings_opened(),
  guard.standing_dated(), guard.standing_follows() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.standing_follows(), guard.standing_dated(), guard.standings_opened(), guard.standings_now(),
  guard.children_hidden();
SET LOCAL ROLE waymark_owner;
"""
KEPT = f"""(SELECT guard.elevated()) AND {POLICIES.KEEP}
  AND student_id NOT IN (SELECT guard.children_hidden())"""
TRIGGERS = """
CREATE TRIGGER standing_dated BEFORE INSERT ON case_standing
  FOR EACH ROW EXECUTE FUNCTION guard.standing_dated();
CREATE TRIGGER standing_follows AFTER INSERT ON case_standing
  FOR EACH ROW WHEN (NEW.supersedes_id IS NOT NULL) EXECUTE FUNCTION guard.standing_follows();
"""
NO_TRIGGERS = """
DROP TRIGGER standing_follows ON case_standing;
DROP TRIGGER standing_dated ON case_standing;
"""


class Migration(migrations.Migration):
    dependencies = [("case", "0003_standing"), ("sharing", "0005_who_reads_lines")]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect("case_standing", select=KEPT, insert=f"written_by_id = {POLICIES.ME} AND {KEPT}"),
        protect(
            "case_standingwords",
            select="standing_id IN (SELECT guard.standings_opened())",
            insert="standing_id IN (SELECT guard.standings_now())",
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
