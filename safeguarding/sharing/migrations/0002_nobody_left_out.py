"""Nobody is left without a reader, and nobody who leads is kept out unseen: the functions. Decision 0011.

Where nobody reads a concern it goes to the headteacher; what is said of adults, to the chair. Who is kept from what
stays as it was, but for what waits for a second person. The next migration says who sees that.
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

WHO_READS = import_module("safeguarding.migrations.0002_who_reads")
KEPT = import_module("safeguarding.migrations.0005_kept_from")
TRIGGER = KEPT.TRIGGER


def replaced(statements: str, function: str, *changes: tuple[str, str]) -> str:
    """A function as an earlier migration wrote it, with these pieces of text exchanged."""
    made = as_before(statements, function)
    for old, new in changes:
        if old not in made:
            raise ValueError(f"guard.{function} reads differently now")
        made = made.replace(old, new)
    return made


IN_FORCE = "AND NOT EXISTS (SELECT FROM public.sharing_confirmation f WHERE f.kept_id = k.id AND f.agreed IS NOT TRUE)"
KEPT_FROM = replaced(
    WHO_READS.FUNCTIONS,
    "file_kept_from",
    ("k.ended_at IS NULL AND k.concern_id IS NOT NULL", f"k.ended_at IS NULL AND k.concern_id IS NOT NULL\n     {IN_FORCE}"),
    ("WHERE k.person_id = me AND k.ended_at IS NULL\n", f"WHERE k.person_id = me AND k.ended_at IS NULL\n     {IN_FORCE}\n"),
)
SOME = replaced(
    WHO_READS.FUNCTIONS,
    "file_some",
    (
        "      AND c.id NOT IN (SELECT guard.file_kept_from(me));",
        "      AND c.id NOT IN (SELECT guard.file_kept_from(me))\n"
        "    UNION\n"
        "    SELECT l.concern_id FROM public.sharing_lastreader l\n"
        "     WHERE l.person_id = me AND l.ended_at IS NULL AND (staff OR head)\n"
        "       AND l.concern_id NOT IN (SELECT guard.file_kept_from(me));",
    ),
)
BY_ROLE = (
    as_before(WHO_READS.FUNCTIONS, "reads_concern")
    .replace("guard.reads_concern(who uuid, wanted uuid, day date)", "guard.reads_by_role(who uuid, wanted uuid, day date, but_for uuid)")
    .replace("k.concern_id = wanted AND", "k.concern_id = wanted AND k.student_id IS DISTINCT FROM but_for AND")
)
TOLD = replaced(
    WHO_READS.FUNCTIONS,
    "concern_told",
    ("  RETURN NULL;\nEND $$;", "  PERFORM guard.give_reader(NEW.id, guard.this_day());\n  RETURN NULL;\nEND $$;"),
)
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;
{KEPT_FROM}
{SOME}

-- Whether somebody's role reads a concern, once they prove who they are; without what they reach by one child alone.
{BY_ROLE}

CREATE OR REPLACE FUNCTION guard.reads_concern(who uuid, wanted uuid, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT guard.reads_by_role(who, wanted, day, NULL) OR (
    EXISTS (SELECT FROM public.sharing_lastreader l
             WHERE l.person_id = who AND l.concern_id = wanted AND l.ended_at IS NULL)
    AND EXISTS (SELECT FROM guard.memberships(who, day) m WHERE m.role IN ('headteacher', 'chair'))
    AND wanted NOT IN (SELECT guard.file_kept_from(who)))
$$;

-- To whom a concern goes that nobody reads: of a child to whoever leads the school; of an adult to the chair. The chair
-- knows no student and could open no child's key.
CREATE FUNCTION guard.next_readers(wanted uuid, day date) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT DISTINCT u.id FROM public.safeguarding_concern c
    CROSS JOIN guard.file_keepers() AS u (id) CROSS JOIN LATERAL guard.memberships(u.id, day) m
   WHERE c.id = wanted AND m.school_id = c.school_id
     AND m.role = CASE c.store WHEN 'children' THEN 'headteacher' WHEN 'staff' THEN 'chair' END
     AND wanted NOT IN (SELECT guard.file_kept_from(u.id))
$$;

CREATE FUNCTION guard.alert_lead(who uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.safeguarding_leadalert (id, person_id, made_at) VALUES (gen_random_uuid(), who, transaction_timestamp())
$$;

-- Somebody reads it from now on, if nobody did: they are alerted, and it is on their desk.
CREATE FUNCTION guard.give_reader(wanted uuid, day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM guard.file_keepers() AS u (id) WHERE guard.reads_concern(u.id, wanted, day)) THEN
    WITH made AS (
      INSERT INTO public.sharing_lastreader (id, concern_id, person_id, since)
      SELECT gen_random_uuid(), wanted, n, transaction_timestamp() FROM guard.next_readers(wanted, day) AS n
      ON CONFLICT DO NOTHING RETURNING person_id)
    INSERT INTO public.safeguarding_leadalert (id, person_id, made_at)
    SELECT gen_random_uuid(), m.person_id, transaction_timestamp() FROM made m;
  END IF;
END $$;
{TOLD}

CREATE FUNCTION guard.heads_of(ours uuid, day date) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT DISTINCT u.id FROM guard.file_keepers() AS u (id) CROSS JOIN LATERAL guard.memberships(u.id, day) m
   WHERE m.school_id = ours AND m.role = 'headteacher'
$$;
CREATE FUNCTION guard.is_lead(who uuid, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM guard.memberships(who, day) m WHERE m.role = 'dsl')
$$;

-- A child is linked: whoever reads it only by this child is alerted; if nobody reads it any more, the next do. That the
-- designated lead is kept from it through this child is told to the headteacher.
CREATE FUNCTION guard.linked_told() RETURNS trigger {TRIGGER} AS $$
DECLARE
  day date := guard.this_day();
  c public.safeguarding_concern;
BEGIN
  SELECT * INTO c FROM public.safeguarding_concern WHERE id = NEW.concern_id;
  IF coalesce(current_setting('waymark.actor', true), '') = '' OR c.raised_at = transaction_timestamp() THEN
    RETURN NULL;
  END IF;
  PERFORM guard.alert_lead(u.id) FROM guard.file_keepers() AS u (id)
    WHERE guard.reads_concern(u.id, c.id, day) AND NOT guard.reads_by_role(u.id, c.id, day, NEW.student_id)
      AND NOT EXISTS (SELECT FROM public.sharing_lastreader l
                       WHERE l.person_id = u.id AND l.concern_id = c.id AND l.ended_at IS NULL);
  PERFORM guard.alert_lead(h) FROM guard.heads_of(c.school_id, day) AS h
    WHERE EXISTS (SELECT FROM public.safeguarding_keptfrom k
                   WHERE k.student_id = NEW.student_id AND k.ended_at IS NULL AND k.person_id <> h
                     AND guard.is_lead(k.person_id, day));
  PERFORM guard.give_reader(c.id, day);
  RETURN NULL;
END $$;

-- A child is unlinked, or a key goes: the words stay readable, and somebody reads them.
CREATE FUNCTION guard.stays_readable() RETURNS trigger {TRIGGER} AS $$
BEGIN
  IF EXISTS (SELECT FROM public.safeguarding_concern WHERE id = OLD.concern_id)
     AND EXISTS (SELECT FROM public.safeguarding_entry WHERE concern_id = OLD.concern_id)
     AND NOT EXISTS (
       SELECT FROM public.safeguarding_concernkey k WHERE k.concern_id = OLD.concern_id AND (k.student_id IS NULL
          OR k.student_id IN (SELECT l.student_id FROM public.safeguarding_concernchild l
                               WHERE l.concern_id = OLD.concern_id))) THEN
    RAISE EXCEPTION 'a concern keeps a key that opens it' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM guard.give_reader(OLD.concern_id, guard.this_day());
  RETURN NULL;
END $$;

-- What somebody is kept from is read by somebody else: if need be by whoever it goes to then. Keeping the designated
-- lead from something is told to the headteacher; where it would leave its setter alone with it, the headteacher agrees
-- first. One after the other: two who keep each other from it at the same moment would each find the other still there.
CREATE OR REPLACE FUNCTION guard.kept_from_leaves() RETURNS trigger {TRIGGER} AS $$
DECLARE
  day date := guard.this_day();
  ours uuid;
  things uuid[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('guard.kept_from_leaves'));
  SELECT u.school_id INTO ours FROM public.accounts_user u WHERE u.id = NEW.person_id;
  things := ARRAY(
    SELECT NEW.concern_id WHERE NEW.concern_id IS NOT NULL
    UNION SELECT k.concern_id FROM public.safeguarding_concernchild k
            JOIN public.safeguarding_concern o ON o.id = k.concern_id AND o.store = 'children'
           WHERE k.student_id = NEW.student_id);
  IF coalesce(current_setting('waymark.actor', true), '') <> '' AND NEW.concern_id IS NOT NULL
     AND NOT guard.reads_concern(NEW.set_by_id, NEW.concern_id, day) THEN
    RAISE EXCEPTION 'whoever keeps somebody from it reads it' USING ERRCODE = 'check_violation';
  END IF;
  IF guard.is_lead(NEW.person_id, day) THEN
    IF guard.left_alone(NEW.person_id, NEW.set_by_id, NEW.student_id, things, day) THEN
      IF NOT EXISTS (SELECT FROM guard.heads_of(ours, day) AS h WHERE h NOT IN (NEW.person_id, NEW.set_by_id)) THEN
        RAISE EXCEPTION 'nobody is there who could agree to it' USING ERRCODE = 'check_violation';
      END IF;
      INSERT INTO public.sharing_confirmation (id, kept_id, asked_at)
        VALUES (gen_random_uuid(), NEW.id, transaction_timestamp());
    END IF;
    PERFORM guard.alert_lead(h) FROM guard.heads_of(ours, day) AS h WHERE h NOT IN (NEW.person_id, NEW.set_by_id);
  END IF;
  PERFORM guard.give_reader(thing, day) FROM unnest(things) AS thing;
  RETURN NULL;
END $$;

-- Whether without this person the setter alone would read one of these, or the child's file; of what the setter reads,
-- so that the answer tells them nothing they do not know.
CREATE FUNCTION guard.left_alone(person uuid, setter uuid, child uuid, things uuid[], day date) RETURNS boolean
  LANGUAGE sql STABLE AS $$
  SELECT (child IS NOT NULL AND NOT EXISTS (
      SELECT FROM guard.file_keepers() AS u (id)
       WHERE u.id NOT IN (person, setter) AND child IN (SELECT guard.reach_with(u.id, 'safeguarding.keep_file', day))
         AND NOT EXISTS (SELECT FROM public.safeguarding_keptfrom k
               WHERE k.person_id = u.id AND k.student_id = child AND k.ended_at IS NULL)))
    OR EXISTS (SELECT FROM unnest(things) AS t (id) WHERE guard.reads_concern(setter, t.id, day) AND NOT EXISTS (
      SELECT FROM guard.file_keepers() AS u (id)
       WHERE u.id NOT IN (person, setter) AND guard.reads_concern(u.id, t.id, day)))
$$;

-- It ends once, by whoever ends it.
CREATE FUNCTION guard.kept_ends_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') <> '' AND (OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
     OR NEW.ended_by_id IS DISTINCT FROM guard.uid()) THEN
    RAISE EXCEPTION 'it ends once, by whoever ends it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- The second person has agreed: from now on the lead is kept from it.
CREATE FUNCTION guard.confirmation_decided() RETURNS trigger {TRIGGER} AS $$
DECLARE k public.safeguarding_keptfrom;
BEGIN
  SELECT * INTO k FROM public.safeguarding_keptfrom WHERE id = NEW.kept_id;
  IF OLD.agreed IS NOT NULL OR NEW.agreed IS NULL OR NEW.decided_by_id IN (k.set_by_id, k.person_id) THEN
    RAISE EXCEPTION 'decided once, by a second person' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE public.safeguarding_concern c SET owner_id = NULL
   WHERE c.owner_id = k.person_id AND c.id IN (SELECT guard.file_kept_from(c.owner_id))
     AND (c.id = k.concern_id OR c.id IN (
       SELECT l.concern_id FROM public.safeguarding_concernchild l WHERE l.student_id = k.student_id));
  RETURN NULL;
END $$;

-- For the headteacher: who keeps whom from how many concerns, since when, and what waits for their word. No child.
CREATE FUNCTION guard.kept_overview() RETURNS TABLE (
    kept uuid, person uuid, setter uuid, since timestamptz, concerns bigint, waits uuid, agreed boolean)
  LANGUAGE plpgsql {WHO_READS.PINNED} AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF me IS NOT NULL AND guard.elevated() AND guard.holds('safeguarding.keep_staff_file') THEN
    RETURN QUERY
      SELECT k.id, k.person_id, k.set_by_id, k.set_at, (
               SELECT count(DISTINCT c.id) FROM public.safeguarding_concern c
                WHERE c.id = k.concern_id OR (c.store = 'children' AND c.id IN (
                  SELECT l.concern_id FROM public.safeguarding_concernchild l WHERE l.student_id = k.student_id))),
             f.id, f.agreed
        FROM public.safeguarding_keptfrom k
        JOIN public.accounts_user p ON p.id = k.person_id AND p.school_id = guard.school()
        LEFT JOIN public.sharing_confirmation f ON f.kept_id = k.id
        LEFT JOIN public.safeguarding_concern o ON o.id = k.concern_id
       WHERE k.ended_at IS NULL AND k.person_id <> me AND coalesce(o.store, 'children') = 'children'
       ORDER BY k.set_at, k.id;
  END IF;
END $$;

-- Whom one keeps waiting, or reads that somebody does; and which the headteacher may decide.
CREATE FUNCTION guard.confirmations_seen() RETURNS SETOF uuid LANGUAGE plpgsql {WHO_READS.PINNED} AS $$
DECLARE
  me uuid := guard.uid();
  head boolean := guard.holds('safeguarding.keep_staff_file');
BEGIN
  IF me IS NOT NULL AND guard.elevated() THEN
    RETURN QUERY
      SELECT f.id FROM public.sharing_confirmation f
        JOIN public.safeguarding_keptfrom k ON k.id = f.kept_id AND k.person_id <> me
        JOIN public.accounts_user p ON p.id = k.person_id AND p.school_id = guard.school()
       WHERE head OR (k.concern_id IS NOT NULL AND guard.in_file(k.concern_id))
          OR (k.student_id IS NOT NULL AND (guard.sees_all('safeguarding.keep_file')
              OR k.student_id IN (SELECT guard.students_seen('safeguarding.keep_file'))));
  END IF;
END $$;
CREATE FUNCTION guard.confirmations_to_decide() RETURNS SETOF uuid LANGUAGE plpgsql {WHO_READS.PINNED} AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF guard.elevated() AND guard.holds('safeguarding.keep_staff_file') THEN
    RETURN QUERY
      SELECT f.id FROM public.sharing_confirmation f JOIN public.safeguarding_keptfrom k ON k.id = f.kept_id
        JOIN public.accounts_user p ON p.id = k.person_id AND p.school_id = guard.school()
       WHERE me NOT IN (k.person_id, k.set_by_id);
  END IF;
END $$;

-- For the job, each minute: roles end by their dates and accounts are switched off. Whom nobody's role reads goes to the
-- next; who read it for want of others stops once others do. Whole-school readers are counted at once, because each
-- concern asked by itself would cost as much as it has readers. Returns how many concerns found one.
CREATE FUNCTION guard.sweep_readers() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  day date := guard.this_day();
  given integer;
BEGIN
  IF guard.system_name() IS DISTINCT FROM 'safeguarding' THEN
    RETURN 0;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('guard.kept_from_leaves'));
  UPDATE public.sharing_lastreader l SET ended_at = transaction_timestamp()
   WHERE l.ended_at IS NULL AND (l.person_id NOT IN (SELECT guard.next_readers(l.concern_id, day)) OR EXISTS (
     SELECT FROM guard.file_keepers() AS u (id) WHERE guard.reads_by_role(u.id, l.concern_id, day, NULL)));
  WITH whole AS MATERIALIZED (
    SELECT DISTINCT u.id AS who, m.school_id AS school, s.store FROM guard.file_keepers() AS u (id)
      CROSS JOIN LATERAL guard.memberships(u.id, day) m
      JOIN (VALUES ('children', 'safeguarding.keep_file'), ('staff', 'safeguarding.keep_staff_file'),
                   ('head', 'safeguarding.keep_head_file')) AS s (store, needed) ON true
      JOIN guard.role_permission p ON p.role = m.role AND p.permission = s.needed
     WHERE s.store <> 'children' OR (m.scope = 'school' AND m.house_id IS NULL AND m.year_group IS NULL)),
  enough AS (SELECT w.school, w.store, count(*) AS n FROM whole w GROUP BY 1, 2),
  kept AS (SELECT k AS concern, count(DISTINCT w.who) AS n
             FROM (SELECT DISTINCT who FROM whole) w CROSS JOIN LATERAL guard.file_kept_from(w.who) AS k GROUP BY 1),
  unread AS MATERIALIZED (
    SELECT c.id FROM public.safeguarding_concern c
      LEFT JOIN enough e ON e.school = c.school_id AND e.store = c.store LEFT JOIN kept k ON k.concern = c.id
     WHERE coalesce(e.n, 0) <= coalesce(k.n, 0) AND c.store <> 'head'
       AND NOT EXISTS (SELECT FROM public.sharing_lastreader l WHERE l.concern_id = c.id AND l.ended_at IS NULL)
     ORDER BY c.raised_at DESC LIMIT 2000),
  made AS (
    INSERT INTO public.sharing_lastreader (id, concern_id, person_id, since)
    SELECT gen_random_uuid(), c.id, n, transaction_timestamp()
      FROM unread c CROSS JOIN LATERAL guard.next_readers(c.id, day) AS n
     WHERE NOT EXISTS (SELECT FROM guard.file_keepers() AS u (id) WHERE guard.reads_by_role(u.id, c.id, day, NULL))
    RETURNING concern_id, person_id),
  told AS (
    INSERT INTO public.safeguarding_leadalert (id, person_id, made_at)
    SELECT gen_random_uuid(), p.person_id, transaction_timestamp() FROM (SELECT DISTINCT m.person_id FROM made m) p)
  SELECT count(DISTINCT m.concern_id) FROM made m INTO given;
  RETURN given;
END $$;

REVOKE ALL ON FUNCTION guard.reads_by_role(uuid, uuid, date, uuid), guard.next_readers(uuid, date),
  guard.alert_lead(uuid), guard.give_reader(uuid, date), guard.heads_of(uuid, date), guard.is_lead(uuid, date),
  guard.left_alone(uuid, uuid, uuid, uuid[], date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.linked_told(), guard.stays_readable(), guard.kept_ends_once(),
  guard.confirmation_decided(), guard.kept_overview(), guard.confirmations_seen(), guard.confirmations_to_decide(),
  guard.sweep_readers() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
AS_IT_WAS = f"""
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.sweep_readers(), guard.confirmations_to_decide(), guard.confirmations_seen(), guard.kept_overview(),
  guard.confirmation_decided(), guard.kept_ends_once(), guard.stays_readable(), guard.linked_told();
{replaced(KEPT.FUNCTIONS.replace("CREATE OR REPLACE", "CREATE"), "kept_from_leaves")}
{as_before(WHO_READS.FUNCTIONS, "concern_told")}
{as_before(WHO_READS.FUNCTIONS, "reads_concern")}
{as_before(WHO_READS.FUNCTIONS, "file_some")}
{as_before(WHO_READS.FUNCTIONS, "file_kept_from")}
DROP FUNCTION guard.left_alone(uuid, uuid, uuid, uuid[], date), guard.is_lead(uuid, date), guard.heads_of(uuid, date),
  guard.give_reader(uuid, date), guard.alert_lead(uuid), guard.next_readers(uuid, date),
  guard.reads_by_role(uuid, uuid, date, uuid);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_readers")]
    operations = [migrations.RunSQL(FUNCTIONS, AS_IT_WAS)]
