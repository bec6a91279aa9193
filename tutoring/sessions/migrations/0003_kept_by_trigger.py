"""Triggers that keep SessionDay and WordsForHome beside each session, and the rows of the sessions there are."""

from django.db import migrations

CREATE = """
GRANT INSERT, DELETE ON tutor_sessions_sessionday, tutor_sessions_wordsforhome TO waymark_definer;
GRANT SELECT ON tutor_sessions_sessionday, tutor_sessions_wordsforhome TO waymark_definer;
SET LOCAL ROLE waymark_definer;
-- Who writes a session may not write these two: the trigger does, with rights of its own.
CREATE FUNCTION guard.keep_session_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM public.tutor_sessions_sessionday WHERE session_id = OLD.id;
    DELETE FROM public.tutor_sessions_wordsforhome WHERE session_id = OLD.id;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  INSERT INTO public.tutor_sessions_sessionday (session_id, student_id, kind, held_on, may_go_home)
  VALUES (NEW.id, NEW.student_id, NEW.kind, NEW.held_on, NEW.confidentiality <> 'named');
  IF NEW.for_report AND NEW.confidentiality <> 'named' THEN
    INSERT INTO public.tutor_sessions_wordsforhome (session_id, student_id, held_on, words)
    VALUES (NEW.id, NEW.student_id, NEW.held_on, NEW.student_words);
  END IF;
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION guard.keep_session_day() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER keep_session_day AFTER INSERT OR UPDATE OF kind, held_on, student_id, confidentiality, for_report,
  student_words ON tutor_sessions_tutorsession FOR EACH ROW EXECUTE FUNCTION guard.keep_session_day();
-- Before the row goes: these two name it.
CREATE TRIGGER drop_session_day BEFORE DELETE ON tutor_sessions_tutorsession
  FOR EACH ROW EXECUTE FUNCTION guard.keep_session_day();
INSERT INTO tutor_sessions_sessionday (session_id, student_id, kind, held_on, may_go_home)
  SELECT id, student_id, kind, held_on, confidentiality <> 'named' FROM tutor_sessions_tutorsession;
INSERT INTO tutor_sessions_wordsforhome (session_id, student_id, held_on, words)
  SELECT id, student_id, held_on, student_words FROM tutor_sessions_tutorsession
   WHERE for_report AND confidentiality <> 'named';
"""
DROP = """
DROP TRIGGER keep_session_day ON tutor_sessions_tutorsession;
DROP TRIGGER drop_session_day ON tutor_sessions_tutorsession;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.keep_session_day();
SET LOCAL ROLE waymark_owner;
REVOKE ALL ON tutor_sessions_sessionday, tutor_sessions_wordsforhome FROM waymark_definer;
DELETE FROM tutor_sessions_sessionday;
DELETE FROM tutor_sessions_wordsforhome;
"""


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0002_days_and_words"), ("groups", "0002_sight")]
    operations = [migrations.RunSQL(CREATE, DROP)]
