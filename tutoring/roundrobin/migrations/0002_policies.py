"""Who reads what teachers were asked and answered, the door of the link in the mail, and what stays.

The door sees the one row whose token it holds, and of its student the name; the job that mails, what is unanswered.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import is_system, protect, sees, settled

ME, JOB, DOOR = "(SELECT guard.uid())", is_system("round robin"), is_system("round robin door")
MINE = f"asked_by_id = {ME} AND {sees('students.view_student')}"
READ = f"{sees('tutor_sessions.view_team_session')} OR teacher_id = {ME} OR ({MINE})"
AT_DOOR = f"({DOOR} AND id = (SELECT guard.asked_here()))"
MAILS = f"({JOB} AND answered_at IS NULL)"

CREATE = """
SET LOCAL ROLE waymark_definer;
-- plpgsql, so that the table may be made after the function.
CREATE FUNCTION guard.asked_here() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE token text := coalesce(current_setting('waymark.asked', true), '');
BEGIN
  IF guard.system_name() IS DISTINCT FROM 'round robin door' OR token = '' THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT a.id FROM public.roundrobin_ask a WHERE a.token_hash = encode(sha256(convert_to(token, 'UTF8')), 'hex'));
END $$;
CREATE FUNCTION guard.asked_names() RETURNS TABLE (ask uuid, forename text, surname text) LANGUAGE plpgsql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := guard.uid(); here uuid := guard.asked_here();
BEGIN
  RETURN QUERY SELECT a.id, s.preferred_forename::text, s.preferred_surname::text
    FROM public.roundrobin_ask a JOIN public.students_student s ON s.id = a.student_id
   WHERE a.id = here
      OR (a.teacher_id = me AND coalesce(a.answered_at::date, a.answer_by) > current_date - 30);
END $$;
CREATE FUNCTION guard.ask_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM public.accounts_user u WHERE u.id = NEW.teacher_id AND u.school_id = guard.school()
                  AND u.is_active) THEN
    RAISE EXCEPTION 'whoever is asked works here' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.answered_at IS NOT NULL OR NEW.answers <> '[]' OR num_nonnulls(
       NEW.mail_taken_at, NEW.mailed_at, NEW.reminder_taken_at, NEW.reminded_at) > 0 THEN
    RAISE EXCEPTION 'what is asked begins unanswered' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.ask_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  answered boolean := (OLD.answers, OLD.words, OLD.answered_at, OLD.how)
    IS DISTINCT FROM (NEW.answers, NEW.words, NEW.answered_at, NEW.how);
  mailed boolean := (OLD.mail_taken_at, OLD.mailed_at, OLD.reminder_taken_at, OLD.reminded_at)
    IS DISTINCT FROM (NEW.mail_taken_at, NEW.mailed_at, NEW.reminder_taken_at, NEW.reminded_at);
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF (CASE WHEN guard.system_name() = 'round robin' THEN answered ELSE mailed END) THEN
    RAISE EXCEPTION 'the job notes its mails and nothing else, and nobody else does' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.answered_at IS NOT NULL AND answered THEN
    RAISE EXCEPTION 'an answer is given once' USING ERRCODE = 'check_violation';
  END IF;
  IF answered AND NEW.how IS DISTINCT FROM
     (CASE WHEN guard.system_name() = 'round robin door' THEN 'link' ELSE 'signed_in' END) THEN
    RAISE EXCEPTION 'an answer says by which door it came' USING ERRCODE = 'check_violation';
  END IF;
  IF answered AND NEW.how = 'link' AND OLD.good_until <= clock_timestamp() THEN
    RAISE EXCEPTION 'the link is too old' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.asked_here(), guard.asked_names() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.asked_here(), guard.asked_names(), guard.ask_made(), guard.ask_answered()
  TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER ask_made AFTER INSERT ON roundrobin_ask FOR EACH ROW EXECUTE FUNCTION guard.ask_made();
CREATE TRIGGER ask_answered AFTER UPDATE ON roundrobin_ask
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.ask_answered();
"""
UNDO = """
DROP TRIGGER ask_answered ON roundrobin_ask;
DROP TRIGGER ask_made ON roundrobin_ask;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.asked_names(), guard.asked_here(), guard.ask_made(), guard.ask_answered();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("roundrobin", "0001_initial"), ("accounts", "0011_stands_for")]
    operations = [
        # Before the policies, which name a function of it.
        migrations.RunSQL(CREATE, UNDO),
        protect(
            "roundrobin_ask",
            select=f"{READ} OR {AT_DOOR} OR {MAILS}",
            insert=f"asked_by_id = {ME} AND {sees('roundrobin.ask_teachers')}",
            update=f"teacher_id = {ME} OR {AT_DOOR} OR {MAILS}",
        ),
        settled(
            "roundrobin_ask",
            "student_id", "round", "asked_by_id", "teacher_id", "subjects", "title", "questions", "asked_at",
            "answer_by", "remind_on", "token_hash", "good_until", "site",
        ),
        protect_history("roundrobin_askchange", select=READ),
    ]
