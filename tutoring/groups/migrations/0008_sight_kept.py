"""Whom a person reaches is worked out once and kept for the day, until something it follows from has changed.

What `groups/0006` reckons in each transaction took two thirds of what policies cost a page. It follows from eight
tables alone; every statement that changes one of them leaves a mark, and what was kept under other marks is not used.
Nobody but the definer reads or writes what is kept, and nothing is lost with it: both tables are empty after a crash.
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

earlier = import_module("tutoring.groups.migrations.0006_sight_one_note_a_role")

KEPT = """
CREATE UNLOGGED TABLE guard.sight_mark (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, made_at timestamptz DEFAULT now());
CREATE UNLOGGED TABLE guard.sight (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person uuid, on_day date, marks text,
  school uuid, known text);  -- as in the note: permission=whom;permission=whom;
CREATE INDEX sight_person ON guard.sight (person);
-- Of each role that does not reach a whole school, the students it reaches.
CREATE UNLOGGED TABLE guard.sight_list (
  sight bigint REFERENCES guard.sight ON DELETE CASCADE, role text, students uuid[], PRIMARY KEY (sight, role));

-- Marks are only added, so that no writer waits for another; those of two days ago are taken out in passing.
CREATE FUNCTION guard.mark_sight() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO guard.sight_mark DEFAULT VALUES;
  DELETE FROM guard.sight_mark WHERE id IN (
    SELECT id FROM guard.sight_mark WHERE made_at < now() - interval '2 days' FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.mark_sight() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.mark_sight() TO waymark_owner;
CREATE TRIGGER marks_sight AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON guard.role_permission
  FOR EACH STATEMENT EXECUTE FUNCTION guard.mark_sight();
CREATE TRIGGER marks_sight AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON guard.role_scope
  FOR EACH STATEMENT EXECUTE FUNCTION guard.mark_sight();

-- `whom` is '*' for everybody there is, 'school' for everybody at the person's school, or the roles, as in 'sen,tutor',
-- whose lists are meant. Nothing is kept for people switched off, nor where nothing may be written.
CREATE FUNCTION guard.work_out(name text, on_day date, marks text) RETURNS guard.sight LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  mine guard.sight;
  held text[];   -- the person's roles
  whole text[];  -- those of them that reach a whole school
  everybody text;
BEGIN
  mine.person := guard.person(name);
  SELECT (array_agg(m.school_id))[1], array_agg(DISTINCT m.role), coalesce(array_agg(DISTINCT m.role)
           FILTER (WHERE m.scope = 'school' AND m.house_id IS NULL AND m.year_group IS NULL), '{}'),
         CASE WHEN (SELECT count(*) FROM public.accounts_school) = 1 THEN '*' ELSE 'school' END
    INTO mine.school, held, whole, everybody FROM guard.memberships(mine.person, on_day) m;
  SELECT string_agg(p.permission || '=' || p.whom || ';', '') INTO mine.known
    FROM (SELECT permission, CASE WHEN bool_or(role = ANY (whole)) THEN everybody ELSE string_agg(role, ',') END AS whom
            FROM guard.role_permission WHERE role = ANY (held) GROUP BY permission) p;
  IF mine.person IS NULL OR current_setting('transaction_read_only')::boolean THEN
    RETURN mine;
  END IF;
  DELETE FROM guard.sight WHERE id IN (SELECT k.id FROM guard.sight k
    WHERE k.person = mine.person OR k.on_day < work_out.on_day - 1 FOR UPDATE SKIP LOCKED);
  INSERT INTO guard.sight (person, on_day, marks, school, known)
    VALUES (mine.person, on_day, marks, mine.school, mine.known) RETURNING id INTO mine.id;
  INSERT INTO guard.sight_list
    SELECT mine.id, r.role, array_agg(r.student_id) FROM guard.reach(mine.person, on_day) r
     WHERE r.role <> ALL (whole) GROUP BY r.role;
  RETURN mine;
END $$;
"""

# The note is now person|school|system|elevated|request|sight|;permission=whom;permission=whom; where `sight` is the row
# kept. The marks are counted before anything is looked at: what changes meanwhile leaves one more, and what is kept here
# is then never used. Volatile, because it may write.
RECKON = """
CREATE OR REPLACE FUNCTION guard.reckon() RETURNS text LANGUAGE plpgsql VOLATILE
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  actor guard.claims := guard.checked();
  ours boolean := actor.name LIKE 'system:%';
  now_marked text;
  sight guard.sight;
  known text;
BEGIN
  IF NOT ours THEN
    SELECT count(*) || '/' || coalesce(max(id), 0) INTO now_marked FROM guard.sight_mark;
    SELECT k.* INTO sight FROM guard.sight k
     WHERE k.person = actor.name::uuid AND k.on_day = actor.on_day AND k.marks = now_marked LIMIT 1;
    IF NOT FOUND THEN
      sight := guard.work_out(actor.name, actor.on_day, now_marked);
    END IF;
  END IF;
  known := concat_ws('|', coalesce(sight.person::text, ''), coalesce(sight.school::text, ''),
    CASE WHEN ours THEN substr(actor.name, 8) ELSE '' END, actor.elevated::text, coalesce(actor.request::text, ''),
    coalesce(sight.id::text, ''), ';' || coalesce(sight.known, ''));
  PERFORM guard.note('waymark.known', known);
  RETURN known;
END $$;
"""

STUDENTS_SEEN = """
CREATE OR REPLACE FUNCTION guard.students_seen(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  ROWS 60 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known text := guard.known();
  whom text := split_part(split_part(known, ';' || wanted || '=', 2), ';', 1);
  kept bigint;
BEGIN
  IF whom = '*' THEN
    RETURN QUERY SELECT s.id FROM public.students_student s;
  ELSIF whom = 'school' THEN
    RETURN QUERY SELECT s.id FROM public.students_student s WHERE s.school_id = split_part(known, '|', 2)::uuid;
  ELSIF whom <> '' THEN
    kept := nullif(split_part(known, '|', 6), '')::bigint;
    RETURN QUERY SELECT unnest(l.students) FROM guard.sight_list l
                  WHERE l.sight = kept AND l.role = ANY (string_to_array(whom, ','));
    -- Not kept, or kept by this very statement, which does not see what it writes, or since thrown away by another.
    IF NOT FOUND AND NOT EXISTS (SELECT FROM guard.sight WHERE id = kept) THEN
      RETURN QUERY SELECT r.student_id FROM guard.reach(split_part(known, '|', 1)::uuid, (guard.checked()).on_day) r
                    WHERE r.role = ANY (string_to_array(whom, ','));
    END IF;
  END IF;
END $$;
"""
UNKEPT = """
DROP TRIGGER marks_sight ON guard.role_permission;
DROP TRIGGER marks_sight ON guard.role_scope;
DROP FUNCTION guard.work_out(text, date, text), guard.mark_sight();
DROP TABLE guard.sight_list, guard.sight, guard.sight_mark;
"""
BEFORE = (earlier.RECKON + earlier.STUDENTS_SEEN).replace(" OR REPLACE", "")

# What `guard.reach` and `guard.memberships` read; of an account only what they ask, as every sign-in writes its time.
FOLLOWS_FROM = {
    "accounts_school": "",
    "accounts_user": " OF id, school_id, is_active",
    "accounts_membership": "",
    "students_student": " OF id, school_id, house_id, year_group",
    "groups_tutorassignment": "",
    "groups_groupmembership": "",
    "groups_caseloadentry": "",
}
MARKED = "".join(
    f"CREATE TRIGGER marks_sight AFTER INSERT OR UPDATE{columns} OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION guard.mark_sight();"
    for table, columns in FOLLOWS_FROM.items()
)
UNMARKED = "".join(f"DROP TRIGGER marks_sight ON {table};" for table in FOLLOWS_FROM)


class Migration(migrations.Migration):
    dependencies = [("groups", "0007_heads_change_tutors"), ("accounts", "0011_stands_for")]
    operations = [
        migrations.RunSQL(
            earlier.as_definer(KEPT + RECKON + STUDENTS_SEEN) + MARKED,
            UNMARKED
            + earlier.as_definer("".join(as_before(BEFORE, name) for name in ("reckon", "students_seen")) + UNKEPT),
        )
    ]
