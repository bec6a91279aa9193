"""Who reads the safeguarding file: the functions that its policies ask. Decision 0011.

Everything stands behind two questions: proved afresh who one is, the permission for that store, whom one reaches, that
it is not about oneself, that one is not kept from it. Two for speed: whoever reads the whole of the children's file is
shown all but a few, everybody else is shown a few.
"""

from django.db import migrations

PINNED = "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Whether the actor reads the children's file of all students there are.
CREATE FUNCTION guard.file_whole() RETURNS boolean LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN guard.uid() IS NOT NULL AND guard.elevated() AND guard.whom('safeguarding.keep_file') = '*';
END $$;

-- What the actor is kept from, as a relative or a party: concerns, and all of a child.
CREATE FUNCTION guard.file_kept_from(me uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT k.concern_id FROM public.safeguarding_keptfrom k
   WHERE k.person_id = me AND k.ended_at IS NULL AND k.concern_id IS NOT NULL
  UNION ALL
  SELECT c.concern_id FROM public.safeguarding_keptfrom k
    JOIN public.safeguarding_concernchild c ON c.student_id = k.student_id
   WHERE k.person_id = me AND k.ended_at IS NULL
  UNION ALL
  SELECT c.id FROM public.safeguarding_concern c WHERE c.about_staff_id = me
$$;

-- Of the whole: what is not the children's, or not for this person.
CREATE FUNCTION guard.file_hidden() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY SELECT c.id FROM public.safeguarding_concern c WHERE c.store <> 'children'
               UNION ALL SELECT guard.file_kept_from(me);
END $$;

-- Everything else that somebody reads: of their own cohort, of a school among several, of the other two stores.
CREATE FUNCTION guard.file_some() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE
  me uuid := guard.uid();
  whom text := guard.whom('safeguarding.keep_file');
  staff boolean := guard.holds('safeguarding.keep_staff_file');
  head boolean := guard.holds('safeguarding.keep_head_file');
BEGIN
  IF me IS NULL OR NOT guard.elevated() OR NOT (whom NOT IN ('', '*') OR staff OR head) THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT c.id FROM public.safeguarding_concern c
    WHERE c.school_id = guard.school()
      AND ((c.store = 'staff' AND staff) OR (c.store = 'head' AND head)
        OR (c.store = 'children' AND (whom = 'school' OR (whom NOT IN ('', '*') AND c.id IN (
             SELECT k.concern_id FROM public.safeguarding_concernchild k
              WHERE k.student_id IN (SELECT guard.students_seen('safeguarding.keep_file')))))))
      AND c.id NOT IN (SELECT guard.file_kept_from(me));
END $$;

CREATE FUNCTION guard.in_file(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (guard.file_whole() AND wanted NOT IN (SELECT guard.file_hidden())) OR wanted IN (SELECT guard.file_some());
END $$;

-- What this very transaction raises: its children, keys and words are put beside it, and never later by this road.
CREATE FUNCTION guard.concerns_raised_now() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 1 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY SELECT c.id FROM public.safeguarding_concern c
                WHERE c.reporter_id = me AND c.raised_at = transaction_timestamp();
END $$;

CREATE FUNCTION guard.concerns_mine() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY SELECT c.id FROM public.safeguarding_concern c WHERE c.reporter_id = me;
END $$;

-- Whose words may be read: within the last minute the actor put on the record that they open them, and that is
-- committed. In the same transaction it could be rolled back after the reading.
CREATE FUNCTION guard.concerns_opened() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 5 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY
    WITH said AS MATERIALIZED (
      SELECT e.object_type AS what, e.object_id AS which FROM public.audit_event e
       WHERE e.actor_id = me AND e.action = 'file.opened' AND e.at > clock_timestamp() - interval '60 seconds'
         AND e.xid IS DISTINCT FROM pg_current_xact_id_if_assigned())
    SELECT c.id FROM public.safeguarding_concern c
     WHERE c.id::text IN (SELECT s.which FROM said s WHERE s.what = 'safeguarding.Concern')
    UNION ALL
    SELECT k.concern_id FROM public.safeguarding_concernchild k
     WHERE k.student_id::text IN (SELECT s.which FROM said s WHERE s.what = 'students.Student');
END $$;

-- Who has looked, for those who read it themselves.
CREATE FUNCTION guard.concern_readers(wanted uuid)
  RETURNS TABLE (at timestamptz, who text) LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF guard.in_file(wanted) THEN
    RETURN QUERY SELECT e.at, e.actor_name::text FROM public.audit_event e
      WHERE e.action = 'file.opened'
        AND ((e.object_type = 'safeguarding.Concern' AND e.object_id = wanted::text)
          OR (e.object_type = 'students.Student' AND e.object_id IN (
               SELECT k.student_id::text FROM public.safeguarding_concernchild k WHERE k.concern_id = wanted)))
      ORDER BY e.at DESC;
  END IF;
END $$;

-- For the job that gives every student a key: some of those who have none yet.
CREATE FUNCTION guard.students_without_key(most integer) RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF guard.system_name() = 'safeguarding' THEN
    RETURN QUERY SELECT s.id FROM public.students_student s
      WHERE NOT EXISTS (SELECT FROM public.safeguarding_studentkey k WHERE k.student_id = s.id) LIMIT most;
  END IF;
END $$;

-- Today for whoever acts; where nobody acts, as in a migration, the server's.
CREATE FUNCTION guard.this_day() RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN CASE WHEN coalesce(current_setting('waymark.actor', true), '') = '' THEN current_date
              ELSE (guard.checked()).on_day END;
END $$;

-- The transaction's time; what is said it was, where nobody acts: only the owner can write then.
CREATE FUNCTION guard.this_moment(said timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN coalesce(current_setting('waymark.actor', true), '') = '' THEN said ELSE transaction_timestamp() END
$$;

-- Whether somebody reads a concern once they prove who they are; of anybody, so only other functions ask it.
CREATE FUNCTION guard.reads_concern(who uuid, wanted uuid, day date) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  c public.safeguarding_concern;
  needed text;
BEGIN
  SELECT * INTO c FROM public.safeguarding_concern WHERE id = wanted;
  needed := 'safeguarding.keep_' || CASE c.store WHEN 'staff' THEN 'staff_' WHEN 'head' THEN 'head_' ELSE '' END || 'file';
  RETURN wanted NOT IN (SELECT guard.file_kept_from(who)) AND (
    EXISTS (SELECT FROM guard.memberships(who, day) m
              JOIN guard.role_permission p ON p.role = m.role AND p.permission = needed
             WHERE m.school_id = c.school_id
               AND (c.store <> 'children' OR (m.scope = 'school' AND m.house_id IS NULL AND m.year_group IS NULL)))
    OR (c.store = 'children' AND EXISTS (
          SELECT FROM public.safeguarding_concernchild k
           WHERE k.concern_id = wanted AND k.student_id IN (SELECT guard.reach_with(who, needed, day)))));
END $$;

-- Time is the database's, where somebody acts. What is said of a colleague goes to the headteacher, of a headteacher to
-- the chair, whatever the form thought.
CREATE FUNCTION guard.concern_routed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.raised_at := guard.this_moment(NEW.raised_at);
  IF NEW.about_staff_id IS NOT NULL AND NEW.store <> 'head' THEN
    NEW.store := CASE WHEN EXISTS (
      SELECT FROM guard.memberships(NEW.about_staff_id, guard.this_day()) m WHERE m.role = 'headteacher')
      THEN 'head' ELSE 'staff' END;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION guard.entry_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.written_at := guard.this_moment(NEW.written_at);
  RETURN NEW;
END $$;
CREATE FUNCTION guard.receipt_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.raised_at := guard.this_moment(NEW.raised_at);
  RETURN NEW;
END $$;

-- At the end of the transaction, when the children are known: whoever reads it gets a mail, which says nothing.
CREATE FUNCTION guard.concern_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') = '' THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.safeguarding_leadalert (id, person_id, made_at)
    SELECT gen_random_uuid(), u.id, transaction_timestamp() FROM public.accounts_user u
     WHERE u.school_id = NEW.school_id AND u.is_active AND u.id <> NEW.reporter_id
       AND guard.reads_concern(u.id, NEW.id, guard.this_day());
  RETURN NULL;
END $$;

-- Somebody must be left who reads it.
CREATE FUNCTION guard.kept_from_leaves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.accounts_user u
     WHERE u.is_active AND u.id <> NEW.person_id AND CASE
       WHEN NEW.concern_id IS NOT NULL THEN guard.reads_concern(u.id, NEW.concern_id, guard.this_day())
       ELSE NEW.student_id IN (SELECT guard.reach_with(u.id, 'safeguarding.keep_file', guard.this_day()))
        AND NOT EXISTS (SELECT FROM public.safeguarding_keptfrom k
              WHERE k.person_id = u.id AND k.student_id = NEW.student_id AND k.ended_at IS NULL) END) THEN
    RAISE EXCEPTION 'somebody must be left who reads it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION guard.file_kept_from(uuid), guard.in_file(uuid), guard.reads_concern(uuid, uuid, date),
  guard.this_day() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.file_whole(), guard.file_hidden(), guard.file_some(), guard.concerns_raised_now(),
  guard.concerns_mine(), guard.concerns_opened(), guard.concern_readers(uuid), guard.students_without_key(integer),
  guard.this_moment(timestamptz), guard.concern_routed(), guard.entry_dated(), guard.receipt_dated(), guard.concern_told(), guard.kept_from_leaves()
  TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.kept_from_leaves(), guard.concern_told(), guard.receipt_dated(), guard.entry_dated(),
  guard.concern_routed(), guard.reads_concern(uuid, uuid, date), guard.this_day(),
  guard.this_moment(timestamptz), guard.students_without_key(integer),
  guard.concern_readers(uuid), guard.concerns_opened(), guard.concerns_mine(), guard.concerns_raised_now(),
  guard.in_file(uuid), guard.file_some(), guard.file_hidden(), guard.file_kept_from(uuid), guard.file_whole();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("safeguarding", "0001_file"),
        ("groups", "0012_one_group_a_day"),
    ]
    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
