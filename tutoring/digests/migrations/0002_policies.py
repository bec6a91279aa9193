"""Who keeps what a family chose, and who may hold a mail back; and that none goes where none may.

Read by who sees the family; changed by who may praise home; the job that sends takes the mails and nothing else.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import is_system, protect, sees, settled

# ruff: noqa: S608 (our own words)

FAMILY, PRAISE = sees("students.view_family"), sees("tutor_sessions.praise_home")
ME, JOB = "(SELECT guard.uid())", is_system("family digests")
CHOICE, DIGEST = "digests_digestchoice", "digests_familydigest"

KEYS = f"""
ALTER TABLE {CHOICE} ADD CONSTRAINT digest_choice_on_file FOREIGN KEY (contact_id)
  REFERENCES students_contact (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE {DIGEST} ADD CONSTRAINT digest_on_file FOREIGN KEY (contact_id)
  REFERENCES students_contact (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
"""
KEYS_UNDO = f"""
ALTER TABLE {CHOICE} DROP CONSTRAINT digest_choice_on_file;
ALTER TABLE {DIGEST} DROP CONSTRAINT digest_on_file;
"""
# After the row is written, so that policies speak first; and as whoever acts: the demo writes as the owner.
CREATE = f"""
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.digest_chosen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
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
CREATE FUNCTION guard.digest_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM public.{CHOICE} c WHERE c.contact_id = NEW.contact_id
                  AND c.student_id = NEW.student_id AND (c.rhythm <> 'none' OR TG_OP = 'UPDATE')) THEN
    RAISE EXCEPTION 'a mail is for who chose it' USING ERRCODE = 'check_violation';
  END IF;
  IF guard.uid() IS NOT NULL AND NEW.state <> 'open' THEN
    RAISE EXCEPTION 'only the job sends' USING ERRCODE = 'check_violation';
  END IF;
  IF guard.uid() IS NULL AND TG_OP = 'UPDATE'
     AND (OLD.held OR (OLD.held, OLD.left_out) IS DISTINCT FROM (NEW.held, NEW.left_out)) THEN
    RAISE EXCEPTION 'what was held back stays so' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state IN ('sent', 'empty', 'failed') THEN
    RAISE EXCEPTION 'what has gone does not go again' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.digest_chosen(), guard.digest_kept() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER digest_chosen AFTER INSERT ON {CHOICE} FOR EACH ROW EXECUTE FUNCTION guard.digest_chosen();
CREATE TRIGGER digest_chosen_again AFTER UPDATE ON {CHOICE}
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.digest_chosen();
CREATE TRIGGER digest_kept AFTER INSERT ON {DIGEST} FOR EACH ROW EXECUTE FUNCTION guard.digest_kept();
CREATE TRIGGER digest_kept_again AFTER UPDATE ON {DIGEST}
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.digest_kept();
"""
UNDO = f"""
DROP TRIGGER digest_kept_again ON {DIGEST};
DROP TRIGGER digest_kept ON {DIGEST};
DROP TRIGGER digest_chosen_again ON {CHOICE};
DROP TRIGGER digest_chosen ON {CHOICE};
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.digest_chosen(), guard.digest_kept();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("digests", "0001_initial"), ("tutor_sessions", "0018_tag_policies")]
    operations = [
        migrations.RunSQL(KEYS, KEYS_UNDO),
        protect(CHOICE, select=f"{FAMILY} OR {JOB}", insert=f"recorded_by_id = {ME} AND {PRAISE}", update=PRAISE),
        settled(CHOICE, "contact_id", "student_id"),
        protect_history("digests_digestchoicechange", select=FAMILY),
        protect(DIGEST, select=f"{FAMILY} OR {JOB}", insert=f"{PRAISE} OR {JOB}", update=f"{PRAISE} OR {JOB}"),
        # Not the contact: the database empties it when somebody is taken off the file.
        settled(DIGEST, "student_id", "week"),
        migrations.RunSQL(CREATE, UNDO),
    ]
