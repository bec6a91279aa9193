"""A school has one of each kind from its first day, and every session and its day one of the school's."""

from importlib import import_module

from django.db import migrations

from core.rls import as_before, belongs_to_school

# ruff: noqa: S608 (our own words)

USUAL = [
    ("one_to_one", "1:1", True, [
        "Say what you can keep to yourself, and what you must pass on.",
        "What has gone well since we last spoke?",
        "What happened with what we agreed?",
        "What would make the next few weeks better, and who can help?",
    ]),
    ("review", "Review", True, [
        "What did we set out to do?",
        "What has changed, and what helped?",
        "What goes on, what stops, what is new?",
    ]),
    ("note", "Quick note", False, []),
    ("call_home", "Call home", False, [
        "Begin with something that goes well.",
        "Who did you speak to, and how were they?",
        "What will home do, what will we do, and when do you speak again?",
    ]),
    ("home_visit", "Home visit", True, [
        "Who was at home? Was the student seen?",
        "What was agreed, and what comes next?",
    ]),
    ("meeting", "Meeting with staff", False, ["What do we know, what do we do, who does it by when?"]),
    ("agency", "Agency meeting", False, [
        "Who was there, and from which agency?",
        "What may be shared, and who agreed to that?",
        "Who does what by when?",
    ]),
    ("small_group", "Small group", False, ["What did the group do, and what did each take away?"]),
    ("group", "Group tutorial", False, ["What was covered?"]),
]  # fmt: skip


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


VALUES = ",\n    ".join(
    f"({_quoted(kind)}, {_quoted(name)}, {counts}, {_quoted(chr(10).join(prompts))}, {10 * place})"
    for place, (kind, name, counts, prompts) in enumerate(USUAL, start=1)
)
KINDS = f"""
GRANT SELECT, INSERT ON tutor_sessions_sessionkind TO waymark_definer;
CREATE POLICY definer_makes ON tutor_sessions_sessionkind FOR INSERT TO waymark_definer WITH CHECK (true);
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.usual_session_kinds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.tutor_sessions_sessionkind (id, school_id, kind, name, counts, prompts, is_active, position)
  SELECT md5(NEW.id::text || usual.kind)::uuid, NEW.id, usual.kind, usual.name, usual.counts, usual.prompts, true, usual.place FROM (VALUES
    {VALUES}) AS usual (kind, name, counts, prompts, place)
  ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$;

-- The kind a session names is its school's, and says what it is; where it names none it gets the first of what it is.
CREATE FUNCTION guard.kind_of_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT k.id, k.kind INTO NEW.school_kind_id, NEW.kind
    FROM public.tutor_sessions_sessionkind k
    JOIN public.students_student s ON s.school_id = k.school_id AND s.id = NEW.student_id
   WHERE CASE WHEN NEW.school_kind_id IS NULL THEN k.kind = NEW.kind ELSE k.id = NEW.school_kind_id END
   ORDER BY k.is_active DESC, k.position, k.name LIMIT 1;
  IF NEW.school_kind_id IS NULL THEN
    RAISE EXCEPTION 'not a kind of session of this school' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION guard.keep_session_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM public.tutor_sessions_sessionday WHERE session_id = OLD.id;
    DELETE FROM public.tutor_sessions_wordsforhome WHERE session_id = OLD.id;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  INSERT INTO public.tutor_sessions_sessionday (session_id, student_id, kind, school_kind_id, held_on, may_go_home)
  VALUES (NEW.id, NEW.student_id, NEW.kind, NEW.school_kind_id, NEW.held_on, NEW.confidentiality <> 'named');
  IF NEW.for_report AND NEW.confidentiality <> 'named' THEN
    INSERT INTO public.tutor_sessions_wordsforhome (session_id, student_id, held_on, words)
    VALUES (NEW.id, NEW.student_id, NEW.held_on, NEW.student_words);
  END IF;
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION guard.usual_session_kinds(), guard.kind_of_session() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER usual_session_kinds AFTER INSERT ON accounts_school
  FOR EACH ROW EXECUTE FUNCTION guard.usual_session_kinds();
INSERT INTO tutor_sessions_sessionkind (id, school_id, kind, name, counts, prompts, is_active, position)
  SELECT md5(s.id::text || usual.kind)::uuid, s.id, usual.kind, usual.name, usual.counts, usual.prompts, true, usual.place
    FROM accounts_school s CROSS JOIN (VALUES
    {VALUES}) AS usual (kind, name, counts, prompts, place);
-- What was logged before: no change that its history should tell of.
ALTER TABLE tutor_sessions_tutorsession DISABLE TRIGGER USER;
UPDATE tutor_sessions_tutorsession t SET school_kind_id = k.id
  FROM students_student s, tutor_sessions_sessionkind k
 WHERE s.id = t.student_id AND k.school_id = s.school_id AND k.kind = t.kind;
ALTER TABLE tutor_sessions_tutorsession ENABLE TRIGGER USER;
UPDATE tutor_sessions_sessionday d SET school_kind_id = t.school_kind_id
  FROM tutor_sessions_tutorsession t WHERE t.id = d.session_id;
CREATE TRIGGER kind_of_session BEFORE INSERT OR UPDATE OF kind, school_kind_id ON tutor_sessions_tutorsession
  FOR EACH ROW EXECUTE FUNCTION guard.kind_of_session();
DROP TRIGGER keep_session_day ON tutor_sessions_tutorsession;
CREATE TRIGGER keep_session_day AFTER INSERT OR UPDATE OF kind, school_kind_id, held_on, student_id, confidentiality,
  for_report, student_words ON tutor_sessions_tutorsession FOR EACH ROW EXECUTE FUNCTION guard.keep_session_day();
"""
BEFORE = import_module("tutoring.sessions.migrations.0003_kept_by_trigger").CREATE
UNDO = f"""
DROP TRIGGER usual_session_kinds ON accounts_school;
DROP TRIGGER kind_of_session ON tutor_sessions_tutorsession;
SET LOCAL ROLE waymark_definer;
{as_before(BEFORE, "keep_session_day")}
DROP FUNCTION guard.usual_session_kinds(), guard.kind_of_session();
SET LOCAL ROLE waymark_owner;
DROP TRIGGER keep_session_day ON tutor_sessions_tutorsession;
CREATE TRIGGER keep_session_day AFTER INSERT OR UPDATE OF kind, held_on, student_id, confidentiality, for_report,
  student_words ON tutor_sessions_tutorsession FOR EACH ROW EXECUTE FUNCTION guard.keep_session_day();
UPDATE tutor_sessions_sessionday SET school_kind_id = NULL;
ALTER TABLE tutor_sessions_tutorsession DISABLE TRIGGER USER;
UPDATE tutor_sessions_tutorsession SET school_kind_id = NULL;
ALTER TABLE tutor_sessions_tutorsession ENABLE TRIGGER USER;
DROP POLICY definer_makes ON tutor_sessions_sessionkind;
REVOKE INSERT ON tutor_sessions_sessionkind FROM waymark_definer;
DELETE FROM tutor_sessions_sessionkind;
"""


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0008_session_kinds"), ("groups", "0006_sight_one_note_a_role")]
    operations = [belongs_to_school("tutor_sessions_sessionkind"), migrations.RunSQL(KINDS, UNDO)]
