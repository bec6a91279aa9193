"""The door of the link in a weekly mail: it shows the one choice whose token it holds, and stops that mail, no more."""

from importlib import import_module

from django.db import migrations

from core.rls import as_before, is_system, sees

FAMILY, PRAISE = sees("students.view_family"), sees("tutor_sessions.praise_home")
JOB, DOOR = is_system("family digests"), is_system("weekly mail door")
AT_DOOR = f"({DOOR} AND id = (SELECT guard.weekly_here()))"
BEFORE = import_module("tutoring.digests.migrations.0002_policies").CREATE

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.weekly_here() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE token text := coalesce(current_setting('waymark.weekly', true), '');
BEGIN
  IF guard.system_name() IS DISTINCT FROM 'weekly mail door' OR token = '' THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT c.id FROM public.digests_digestchoice c
           WHERE c.token_hash = encode(sha256(convert_to(token, 'UTF8')), 'hex'));
END $$;
CREATE OR REPLACE FUNCTION guard.digest_chosen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF guard.system_name() = 'weekly mail door' THEN
    IF NEW.rhythm <> 'none' OR NEW.stopped_at IS NULL
       OR to_jsonb(NEW) - 'rhythm' - 'stopped_at' IS DISTINCT FROM to_jsonb(OLD) - 'rhythm' - 'stopped_at' THEN
      RAISE EXCEPTION 'the link stops the mail and nothing else' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
  END IF;
  IF NEW.stopped_at IS NOT NULL THEN
    RAISE EXCEPTION 'only who gets the mail stops it themselves' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.recorded_by_id IS DISTINCT FROM guard.uid() THEN
    RAISE EXCEPTION 'who records a choice says so' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM public.students_contact c
                  WHERE c.id = NEW.contact_id AND c.student_id = NEW.student_id
                    AND (NEW.rhythm = 'none' OR c.parental_responsibility AND NOT c.court_order AND c.email <> '')) THEN
    RAISE EXCEPTION 'nobody is written to who may not be' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.weekly_here() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.weekly_here() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
"""
UNDO = f"""
SET LOCAL ROLE waymark_definer;
{as_before(BEFORE, "digest_chosen")}
DROP FUNCTION guard.weekly_here();
SET LOCAL ROLE waymark_owner;
"""


def _policies(select: str, update: str) -> str:
    return (
        f"ALTER POLICY may_select ON digests_digestchoice USING ({select});\n"
        f"ALTER POLICY may_update ON digests_digestchoice USING ({update}) WITH CHECK ({update});"
    )


class Migration(migrations.Migration):
    dependencies = [("digests", "0004_stopped_by_link")]
    operations = [
        migrations.RunSQL(CREATE, UNDO),
        migrations.RunSQL(
            _policies(f"{FAMILY} OR {JOB} OR {AT_DOOR}", f"{PRAISE} OR {AT_DOOR}"),
            _policies(f"{FAMILY} OR {JOB}", PRAISE),
        ),
    ]
