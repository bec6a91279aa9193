"""What a wrong view could get wrong: who answers an alert and who has seen the answer, which role issues a stage, and
that nobody decides an appeal against their own warning. What was answered or decided stays.
"""

from django.db import migrations

from core.rls import sees

ME = "(SELECT guard.uid())"
MINE = f"((raised_by_id = {ME} OR to_id = {ME}) AND {sees('students.view_student')})"
# A deputy reads what those who lead read.
READ = f"{sees('followup.view_alert')} OR {MINE}"

ANSWERED_BEFORE = "UPDATE followup_alert SET answered_by_id = to_id WHERE answered_on IS NOT NULL"
UPDATES = "ALTER POLICY may_update ON followup_alert USING ({0}) WITH CHECK ({0})"

# After the row is written, so that policies speak first; and as whoever acts: migrations and the demo write as the
# owner, who acts for nobody.
CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.alert_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF (OLD.answer, OLD.answered_on, OLD.answered_by_id) IS DISTINCT FROM (NEW.answer, NEW.answered_on, NEW.answered_by_id)
     AND NOT (OLD.answered_on IS NULL AND guard.stands_for(OLD.to_id) AND NEW.answered_by_id = guard.uid()) THEN
    RAISE EXCEPTION 'an alert is answered once, by whom it is to or their deputy' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.seen_on IS DISTINCT FROM NEW.seen_on AND NOT (OLD.seen_on IS NULL AND OLD.raised_by_id = guard.uid()) THEN
    RAISE EXCEPTION 'an answer is seen once, by whoever raised the alert' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.warning_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_has_role(current_user, 'waymark_owner', 'MEMBER') AND NOT EXISTS (
      SELECT FROM public.followup_warningstage s, guard.roles_over(NEW.student_id) role
       WHERE s.id = NEW.stage_id AND role = ANY (s.roles)) THEN
    RAISE EXCEPTION 'this stage is for other roles to issue' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.warning_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF (OLD.decided_by_id, OLD.decided_on, OLD.decision_words)
       IS DISTINCT FROM (NEW.decided_by_id, NEW.decided_on, NEW.decision_words)
     AND NOT (OLD.appeal = 'asked' AND NEW.decided_by_id = guard.uid() AND NEW.issued_by_id <> guard.uid()
              AND NEW.student_id IN (SELECT guard.students_seen('followup.decide_appeal'))) THEN
    RAISE EXCEPTION 'an appeal is decided once, by somebody who did not issue the warning'
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.appeal <> '' AND (OLD.appeal_words, OLD.appealed_on) IS DISTINCT FROM (NEW.appeal_words, NEW.appealed_on)
     OR OLD.appeal <> NEW.appeal
        AND (OLD.appeal, NEW.appeal) NOT IN (('', 'asked'), ('asked', 'stands'), ('asked', 'lifted')) THEN
    RAISE EXCEPTION 'an appeal stays as it was asked for and decided' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.alert_answered(), guard.warning_issued(), guard.warning_decided()
  TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER alert_answered AFTER UPDATE OF answer, answered_on, answered_by_id, seen_on ON followup_alert
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.alert_answered();
CREATE TRIGGER warning_issued AFTER INSERT ON followup_warning
  FOR EACH ROW EXECUTE FUNCTION guard.warning_issued();
CREATE TRIGGER warning_decided AFTER UPDATE OF appeal, appeal_words, appealed_on, decided_by_id, decided_on, decision_words
  ON followup_warning FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.warning_decided();
"""
UNDO = """
DROP TRIGGER warning_decided ON followup_warning;
DROP TRIGGER warning_issued ON followup_warning;
DROP TRIGGER alert_answered ON followup_alert;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.alert_answered(), guard.warning_issued(), guard.warning_decided();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("followup", "0005_alert_answered_by"), ("accounts", "0011_stands_for")]
    operations = [
        migrations.RunSQL(ANSWERED_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(UPDATES.format(READ), UPDATES.format(MINE)),
        migrations.RunSQL(CREATE, UNDO),
    ]
