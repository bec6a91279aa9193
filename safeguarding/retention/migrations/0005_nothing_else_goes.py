"""Destroying a file loses nothing that should stay, and nobody writes with a key that goes. Decision 0015.

What belongs to a file is what hangs on it now, and not what was raised after a day. What is destroyed is what was
reviewed; two destructions, and a destruction and a writer, come one after the other; both people may still do it.
"""

from importlib import import_module

from django.db import migrations, models

from core.rls import as_before

DESTROYING = import_module("safeguarding.retention.migrations.0004_destroying")
DOES, NOBODY, PINNED = DESTROYING.DOES, DESTROYING.NOBODY, DESTROYING.PINNED
KEY_THERE = "EXISTS (SELECT FROM public.safeguarding_concernkey x WHERE x.concern_id = c.id)"
# A concern whose words were destroyed has neither a key nor a word.
STANDS = f"({KEY_THERE} OR EXISTS (SELECT FROM public.safeguarding_entry x WHERE x.concern_id = c.id AND x.words <> ''))"


def changed(text: str, *changes: tuple[str, str]) -> str:
    """These pieces of an earlier text exchanged; each stands there."""
    for old, new in changes:
        if old not in text:
            raise ValueError(f"Reads differently now: {old}")
        text = text.replace(old, new)
    return text


FILE_DAYS = changed(
    DESTROYING.FILE_DAYS,
    (
        "AND NOT EXISTS (SELECT FROM public.retention_certificate r\n"
        "       WHERE r.student_id = k.student_id AND r.done_at >= c.raised_at)",
        f"AND {STANDS}",
    ),
)
REVIEW_DATED = changed(
    as_before(DESTROYING.FUNCTIONS, "review_dated"),
    ("  RETURN NEW;\nEND $$;", "  NEW.mark := guard.file_mark(NEW.student_id);\n  RETURN NEW;\nEND $$;"),
)
REVIEW_COUNTS = changed(
    as_before(DESTROYING.FUNCTIONS, "review_counts"),
    (
        "SELECT n.* FROM",
        "SELECT n.concerns, n.shared, n.entries, n.files, n.force, n.standings, n.lines,\n"
        "      n.later OR r.mark <> guard.file_mark(r.student_id) FROM",
    ),
)
[SHARED_WAS] = [part for part in as_before(DESTROYING.FUNCTIONS, "destroy_file").split("  IF ") if "unnest(shared)" in part]
DESTROY_FILE = changed(
    as_before(DESTROYING.FUNCTIONS, "destroy_file"),
    ("  PERFORM guard.keeping_waits(r.student_id);\n", "  PERFORM guard.destroying_waits(r.student_id);\n"),
    (
        "    RAISE EXCEPTION 'the file is held' USING ERRCODE = 'check_violation';\n",
        "    RAISE EXCEPTION 'the file is held' USING ERRCODE = 'check_violation';\n"
        "  ELSIF EXISTS (SELECT FROM guard.concerns_of_file(r.student_id) f JOIN public.safeguarding_concernchild o\n"
        "       ON o.concern_id = f.concern_id WHERE guard.is_held(o.student_id)) THEN\n"
        "    RAISE EXCEPTION 'another child of it is held' USING ERRCODE = 'check_violation';\n"
        "  ELSIF NOT guard.may_propose(r.by_id, r.student_id) THEN\n"
        "    RAISE EXCEPTION 'the first person may not any more' USING ERRCODE = 'check_violation';\n",
    ),
    (
        "  IF r.early_why IS NULL AND",
        "  IF d.covers IS NULL THEN\n"
        "    RAISE EXCEPTION 'there is nothing to destroy' USING ERRCODE = 'check_violation';\n"
        "  ELSIF r.early_why IS NULL AND",
    ),
    ("  ELSIF n.later THEN\n", "  ELSIF n.later OR r.mark <> guard.file_mark(r.student_id) THEN\n"),
    (
        SHARED_WAS.split(" THEN")[0],
        "EXISTS (\n"
        "    SELECT FROM (SELECT k.concern_id FROM public.safeguarding_concernkey k WHERE k.student_id = r.student_id\n"
        "                 UNION SELECT unnest(shared)) s (id)\n"
        "     WHERE s.id <> ALL (alone) AND NOT EXISTS (\n"
        "       SELECT FROM public.safeguarding_concernkey o WHERE o.concern_id = s.id AND (o.student_id IS NULL\n"
        "          OR (o.student_id <> r.student_id AND o.student_id IN (SELECT l.student_id\n"
        "               FROM public.safeguarding_concernchild l WHERE l.concern_id = s.id)))))",
    ),
    (
        "   WHERE concern_id = ANY (alone) OR (concern_id = ANY (shared) AND student_id = r.student_id);\n",
        "   WHERE concern_id = ANY (alone) OR student_id = r.student_id;\n",
    ),
)
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;
{FILE_DAYS}

-- Concerns of this child that were not destroyed: alone, whose words go, or another child's too.
CREATE OR REPLACE FUNCTION guard.concerns_of_file(child uuid) RETURNS TABLE (concern_id uuid, alone boolean) LANGUAGE sql STABLE AS $$
  SELECT c.id, NOT EXISTS (
      SELECT FROM public.safeguarding_concernchild o WHERE o.concern_id = c.id AND o.student_id <> child)
    FROM public.safeguarding_concernchild l
    JOIN public.safeguarding_concern c ON c.id = l.concern_id AND c.store = 'children'
   WHERE l.student_id = child AND {STANDS}
$$;

-- What a file is at this moment, each row of it: what is destroyed is what was reviewed.
CREATE FUNCTION guard.file_mark(child uuid) RETURNS text LANGUAGE sql STABLE AS $$
  WITH its AS MATERIALIZED (SELECT f.concern_id, f.alone FROM guard.concerns_of_file(child) f),
  found (one) AS (
    SELECT its.concern_id::text || its.alone::text FROM its
    UNION ALL SELECT e.id::text FROM public.safeguarding_entry e JOIN its ON its.concern_id = e.concern_id
    UNION ALL SELECT a.id::text FROM public.safeguarding_attachment a JOIN its ON its.concern_id = a.concern_id
    UNION ALL SELECT i.id::text FROM public.restraint_incident i WHERE i.student_id = child
    UNION ALL SELECT e.id::text FROM public.restraint_incidententry e
                JOIN public.restraint_incident i ON i.id = e.incident_id WHERE i.student_id = child
    UNION ALL SELECT s.id::text FROM public.case_standing s WHERE s.student_id = child
    UNION ALL SELECT l.id::text FROM public.sharing_staffline l WHERE l.student_id = child)
  SELECT md5(coalesce(string_agg(f.one, ',' ORDER BY f.one), '')) FROM found f
$$;
{REVIEW_DATED}
{REVIEW_COUNTS}

-- For both people: how long the class of a proposal is kept and on whose word; and what was made easier lately, holds that
-- were lifted and classes that were changed.
CREATE FUNCTION guard.review_around(wanted uuid) RETURNS TABLE (what text, at timestamptz, who text, covers text, trigger text,
  years text, source text) LANGUAGE plpgsql {PINNED} AS $$
DECLARE
  r public.retention_review;
  school uuid;
  lately timestamptz := transaction_timestamp() - interval '90 days';
BEGIN
  SELECT * INTO r FROM public.retention_review q WHERE q.id = wanted AND q.id IN (SELECT guard.reviews_mine());
  SELECT s.school_id INTO school FROM public.students_student s WHERE s.id = r.student_id;
  RETURN QUERY
    SELECT 'class', NULL::timestamptz, '', k.covers::text, k.trigger::text, k.years::text, k.source::text
      FROM public.retention_retentionclass k WHERE k.school_id = school AND k.covers = r.covers
    UNION ALL
    SELECT 'lifted', e.lifted_at, u.first_name || ' ' || u.last_name, '', '', '', ''
      FROM public.retention_holdend e JOIN public.retention_hold h ON h.id = e.hold_id
      JOIN public.accounts_user u ON u.id = e.lifted_by_id WHERE h.student_id = r.student_id AND e.lifted_at > lately
    UNION ALL
    SELECT 'changed', e.at, e.actor_name::text, e.detail->>'covers', e.detail->'trigger'->>1,
           (e.detail->'years'->>0) || ' → ' || (e.detail->'years'->>1), ''
      FROM public.audit_event e
     WHERE e.action = 'file.retention_changed' AND e.at > lately
       AND e.object_id IN (SELECT k.id::text FROM public.retention_retentionclass k WHERE k.school_id = school)
     ORDER BY 2 DESC;
END $$;

-- In one school one after the other, so that each sees what the one before left. And after whoever writes with the keys
-- of its children: they hold the same locks, shared, from before they read a key until what they wrote is there.
CREATE FUNCTION guard.destroying_waits(child uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('guard.destroying' || s.school_id::text))
     FROM public.students_student s WHERE s.id = child;
  PERFORM guard.keeping_waits(w.id) FROM (
    SELECT child AS id UNION SELECT o.student_id FROM public.safeguarding_concernchild o
      WHERE o.concern_id IN (SELECT l.concern_id FROM public.safeguarding_concernchild l WHERE l.student_id = child)
    ORDER BY 1) w;
END $$;

-- Whoever proposed it still keeps that file, and was kept from nothing of it since.
CREATE FUNCTION guard.may_propose(who uuid, child uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT child IN (SELECT guard.reach_with(who, 'safeguarding.keep_file', guard.this_day()))
     AND NOT EXISTS (SELECT FROM public.safeguarding_keptfrom k
                      WHERE k.person_id = who AND k.ended_at IS NULL AND k.student_id = child)
     AND NOT EXISTS (SELECT FROM guard.concerns_of_file(child) f WHERE f.concern_id IN (SELECT guard.file_kept_from(who)))
$$;
{DESTROY_FILE}

-- Whoever writes waits for a destruction of one of these children's files, and it for them.
CREATE FUNCTION guard.concern_waits(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('guard.keeping' || w.id::text)) FROM (
    SELECT k.student_id AS id FROM public.safeguarding_concernkey k WHERE k.concern_id = wanted AND k.student_id IS NOT NULL
    UNION SELECT l.student_id FROM public.safeguarding_concernchild l WHERE l.concern_id = wanted ORDER BY 1) w;
END $$;
CREATE FUNCTION guard.entry_keeps_key() RETURNS trigger LANGUAGE plpgsql {DOES} AS $$
BEGIN
  IF {NOBODY} THEN
    RETURN NULL;
  END IF;
  PERFORM guard.concern_waits(NEW.concern_id);
  IF NOT EXISTS (SELECT FROM public.safeguarding_concernkey k WHERE k.concern_id = NEW.concern_id) THEN
    RAISE EXCEPTION 'no key opens it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.key_opens_words() RETURNS trigger LANGUAGE plpgsql {DOES} AS $$
BEGIN
  IF {NOBODY} THEN
    RETURN NULL;
  END IF;
  PERFORM guard.concern_waits(NEW.concern_id);
  IF EXISTS (SELECT FROM public.safeguarding_entry e WHERE e.concern_id = NEW.concern_id)
     AND NOT EXISTS (SELECT FROM public.safeguarding_entry e WHERE e.concern_id = NEW.concern_id AND e.words <> '') THEN
    RAISE EXCEPTION 'what it opened was destroyed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-- A hold holds what was on the file when it was placed: nothing is taken off it.
CREATE FUNCTION guard.held_stays_linked() RETURNS trigger LANGUAGE plpgsql {DOES} AS $$
BEGIN
  IF {NOBODY} THEN
    RETURN NULL;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(hashtext('guard.keeping' || OLD.student_id::text));
  PERFORM guard.concern_waits(OLD.concern_id);
  IF guard.is_held(OLD.student_id) THEN
    RAISE EXCEPTION 'the file is held' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION guard.file_mark(uuid), guard.destroying_waits(uuid), guard.may_propose(uuid, uuid),
  guard.concern_waits(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.review_around(uuid), guard.entry_keeps_key(), guard.key_opens_words(), guard.held_stays_linked()
  TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.review_around(uuid), guard.held_stays_linked(), guard.key_opens_words(), guard.entry_keeps_key(), guard.concern_waits(uuid);
{as_before(DESTROYING.FUNCTIONS, "destroy_file")}
{as_before(DESTROYING.FUNCTIONS, "review_counts")}
{as_before(DESTROYING.FUNCTIONS, "review_dated")}
DROP FUNCTION guard.may_propose(uuid, uuid), guard.destroying_waits(uuid), guard.file_mark(uuid);
{as_before(DESTROYING.FUNCTIONS, "concerns_of_file")}
{DESTROYING.FILE_DAYS}
SET LOCAL ROLE waymark_owner;
"""
TRIGGERS = """
-- What raises a concern comes with its key, in one transaction.
CREATE TRIGGER entry_keeps_key AFTER INSERT ON safeguarding_entry
  FOR EACH ROW WHEN (NEW.kind <> 'raised') EXECUTE FUNCTION guard.entry_keeps_key();
CREATE TRIGGER key_opens_words AFTER INSERT ON safeguarding_concernkey
  FOR EACH ROW EXECUTE FUNCTION guard.key_opens_words();
CREATE TRIGGER held_stays_linked AFTER DELETE ON safeguarding_concernchild
  FOR EACH ROW EXECUTE FUNCTION guard.held_stays_linked();
"""
NO_TRIGGERS = """
DROP TRIGGER held_stays_linked ON safeguarding_concernchild;
DROP TRIGGER key_opens_words ON safeguarding_concernkey;
DROP TRIGGER entry_keeps_key ON safeguarding_entry;
"""


class Migration(migrations.Migration):
    dependencies = [("retention", "0004_destroying"), ("sharing", "0010_reader_news")]
    operations = [
        migrations.AddField(
            "review",
            "mark",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=32, verbose_name="what was on it, as a digest"),
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
