"""Destroying a file: one definer function, which asks everything itself. Decision 0015.

The web role has no grant to take a child's key away, to empty words or to make a certificate. The function makes the
certificate first; what the definer may change, it may only in a transaction that made one.
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before, protect

POLICIES = import_module("safeguarding.retention.migrations.0002_policies")
READERS = import_module("safeguarding.sharing.migrations.0006_keys_and_the_owner")
ME, KEPT, PINNED = POLICIES.ME, POLICIES.KEPT, POLICIES.PINNED
KNOWN = f"({KEPT} OR {{}} IN (SELECT guard.reviews_to_approve()))"
OF_KNOWN = "review_id IN (SELECT guard.reviews_mine())"
DOES = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
NOBODY = "coalesce(current_setting('waymark.actor', true), '') = ''"
# A child's file again, after a certificate: what came later.
FILES_KEPT = as_before(POLICIES.FUNCTIONS, "files_kept").replace(
    "UNION SELECT s.student_id", "UNION SELECT r.student_id FROM public.retention_certificate r UNION SELECT s.student_id"
)
FILE_DAYS = as_before(POLICIES.FUNCTIONS, "file_days").replace(
    "     WHERE k.student_id = ANY (whom)\n",
    "     WHERE k.student_id = ANY (whom) AND NOT EXISTS (SELECT FROM public.retention_certificate r\n"
    "       WHERE r.student_id = k.student_id AND r.done_at >= c.raised_at)\n",
)
FILES_DUE = as_before(POLICIES.FUNCTIONS, "files_due").replace(
    "THEN max(d.due_on) OVER of_child END", "THEN greatest(max(d.due_on) OVER of_child, guard.kept_on(d.student_id)) END"
)
STAYS_READABLE = READERS.WAS.replace(READERS.FIRST, READERS.NOBODY_ACTS + READERS.FIRST)
WITH_WORDS = STAYS_READABLE.replace(
    "safeguarding_entry WHERE concern_id = OLD.concern_id)",
    "safeguarding_entry WHERE concern_id = OLD.concern_id AND words <> '')",
)
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- The newest review that kept it says until when.
CREATE FUNCTION guard.kept_on(child uuid) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT r.until FROM public.retention_review r WHERE r.student_id = child AND r.decision = 'keep' ORDER BY r.at DESC LIMIT 1
$$;
{FILES_KEPT}
{FILE_DAYS}
{FILES_DUE}
{WITH_WORDS}

-- Proposals that the actor may carry out or refuse, or made: by permission, as far as they reach, kept from nothing of it.
CREATE FUNCTION guard.reviews_to_approve() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE
  me uuid := guard.uid();
  everybody boolean;
BEGIN
  IF me IS NULL OR NOT guard.elevated() OR NOT guard.holds('retention.approve_destruction') THEN
    RETURN;
  END IF;
  everybody := guard.sees_all('retention.approve_destruction');
  RETURN QUERY SELECT r.id FROM public.retention_review r
    WHERE r.decision = 'destroy'
      AND (everybody OR r.student_id IN (SELECT guard.students_seen('retention.approve_destruction')))
      AND r.student_id NOT IN (
        SELECT k.student_id FROM public.safeguarding_concernchild k
          JOIN public.safeguarding_concern c ON c.id = k.concern_id AND c.store = 'children'
         WHERE k.concern_id IN (SELECT guard.file_kept_from(me)))
      AND r.student_id NOT IN (
        SELECT k.student_id FROM public.safeguarding_keptfrom k
         WHERE k.person_id = me AND k.ended_at IS NULL AND k.student_id IS NOT NULL);
END $$;
CREATE FUNCTION guard.reviews_mine() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY SELECT r.id FROM public.retention_review r WHERE r.student_id IN (SELECT guard.files_kept())
               UNION SELECT guard.reviews_to_approve();
END $$;

-- One after the other for one child: a hold that is being placed, a review, a destruction.
CREATE FUNCTION guard.keeping_waits(child uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtext('guard.keeping' || child::text))
$$;
CREATE FUNCTION guard.is_held(child uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM public.retention_hold h WHERE h.student_id = child
                  AND NOT EXISTS (SELECT FROM public.retention_holdend e WHERE e.hold_id = h.id))
$$;
-- An investigation of bullying or behaviour is no part of the file, but it may hang on this child's key alone.
CREATE FUNCTION guard.key_is_needed(child uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM public.investigations_investigationkey k WHERE k.student_id = child AND NOT EXISTS (
    SELECT FROM public.investigations_investigationkey o
     WHERE o.investigation_id = k.investigation_id AND o.student_id <> child))
$$;
-- The class that keeps longest and the day of the whole file; no row where there is nothing.
CREATE FUNCTION guard.file_day(child uuid) RETURNS TABLE (covers text, due_on date) LANGUAGE sql STABLE AS $$
  SELECT d.covers, CASE WHEN d.due_on IS NOT NULL THEN greatest(d.due_on, guard.kept_on(child)) END
    FROM guard.file_days(ARRAY[child]) d ORDER BY d.due_on DESC NULLS FIRST LIMIT 1
$$;

CREATE OR REPLACE FUNCTION guard.hold_dated() RETURNS trigger LANGUAGE plpgsql {DOES} AS $$
BEGIN
  PERFORM guard.keeping_waits(NEW.student_id);
  NEW.placed_at := guard.this_moment(NEW.placed_at);
  RETURN NEW;
END $$;

-- What a review says it found, the database finds. What is refused is refused afterwards, so that a policy speaks first and
-- nobody else learns from a refusal that a child has a file.
CREATE FUNCTION guard.review_dated() RETURNS trigger LANGUAGE plpgsql {DOES} AS $$
BEGIN
  IF {NOBODY} THEN
    RETURN NEW;
  END IF;
  PERFORM guard.keeping_waits(NEW.student_id);
  NEW.at := transaction_timestamp();
  NEW.covers := '';
  NEW.due_on := NULL;
  SELECT d.covers, d.due_on INTO NEW.covers, NEW.due_on FROM guard.file_day(NEW.student_id) d;
  NEW.covers := coalesce(NEW.covers, '');
  RETURN NEW;
END $$;
CREATE FUNCTION guard.review_sound() RETURNS trigger LANGUAGE plpgsql {DOES} AS $$
BEGIN
  IF {NOBODY} THEN
    RETURN NULL;
  ELSIF NEW.covers = '' THEN
    RAISE EXCEPTION 'there is nothing to review' USING ERRCODE = 'check_violation';
  ELSIF EXISTS (SELECT FROM public.retention_review r
       WHERE r.student_id = NEW.student_id AND r.decision = 'destroy' AND r.id <> NEW.id
         AND NOT EXISTS (SELECT FROM public.retention_withdrawal w WHERE w.review_id = r.id)
         AND NOT EXISTS (SELECT FROM public.retention_certificate c WHERE c.review_id = r.id)) THEN
    RAISE EXCEPTION 'it is proposed already' USING ERRCODE = 'check_violation';
  ELSIF NEW.decision = 'keep' AND NEW.until <= guard.this_day() THEN
    RAISE EXCEPTION 'kept until a day that is over' USING ERRCODE = 'check_violation';
  ELSIF NEW.decision = 'destroy' AND guard.is_held(NEW.student_id) THEN
    RAISE EXCEPTION 'the file is held' USING ERRCODE = 'check_violation';
  ELSIF NEW.decision = 'destroy' AND NEW.early_why IS NULL AND (NEW.due_on IS NULL OR NEW.due_on > guard.this_day()) THEN
    RAISE EXCEPTION 'its day has not come' USING ERRCODE = 'check_violation';
  ELSIF NEW.decision = 'destroy' AND guard.key_is_needed(NEW.student_id) THEN
    RAISE EXCEPTION 'an investigation hangs on it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.withdrawal_dated() RETURNS trigger LANGUAGE plpgsql {DOES} AS $$
BEGIN
  PERFORM guard.keeping_waits((SELECT r.student_id FROM public.retention_review r WHERE r.id = NEW.review_id));
  NEW.at := guard.this_moment(NEW.at);
  RETURN NEW;
END $$;
CREATE FUNCTION guard.withdrawal_sound() RETURNS trigger LANGUAGE plpgsql {DOES} AS $$
BEGIN
  IF EXISTS (SELECT FROM public.retention_certificate c WHERE c.review_id = NEW.review_id)
     OR EXISTS (SELECT FROM public.retention_review r WHERE r.id = NEW.review_id AND r.decision <> 'destroy') THEN
    RAISE EXCEPTION 'there is nothing to take back' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- Concerns of this child alone, whose words go; and those that another child still needs. Another needs it whose own file
-- was not destroyed since it was raised, or who has a copy of its key.
CREATE FUNCTION guard.concerns_of_file(child uuid) RETURNS TABLE (concern_id uuid, alone boolean) LANGUAGE sql STABLE AS $$
  SELECT c.id, NOT EXISTS (
      SELECT FROM public.safeguarding_concernchild o WHERE o.concern_id = c.id AND o.student_id <> child
         AND (NOT EXISTS (SELECT FROM public.retention_certificate r
                           WHERE r.student_id = o.student_id AND r.done_at >= c.raised_at)
           OR EXISTS (SELECT FROM public.safeguarding_concernkey k
                       WHERE k.concern_id = c.id AND k.student_id = o.student_id)))
    FROM public.safeguarding_concernchild l
    JOIN public.safeguarding_concern c ON c.id = l.concern_id AND c.store = 'children'
   WHERE l.student_id = child AND NOT EXISTS (
     SELECT FROM public.retention_certificate r WHERE r.student_id = child AND r.done_at >= c.raised_at)
$$;

-- How much a file is, in numbers, and whether something was added since a moment.
CREATE FUNCTION guard.file_counts(child uuid, looked timestamptz) RETURNS TABLE (concerns bigint, shared bigint, entries bigint,
  files bigint, force bigint, standings bigint, lines bigint, later boolean) LANGUAGE sql STABLE AS $$
  WITH its AS MATERIALIZED (SELECT f.concern_id, f.alone FROM guard.concerns_of_file(child) f)
  SELECT (SELECT count(*) FROM its WHERE its.alone), (SELECT count(*) FROM its WHERE NOT its.alone),
    (SELECT count(*) FROM public.safeguarding_entry e JOIN its ON its.alone AND its.concern_id = e.concern_id),
    (SELECT count(*) FROM public.safeguarding_attachment a JOIN its ON its.alone AND its.concern_id = a.concern_id),
    (SELECT count(*) FROM public.restraint_incident i WHERE i.student_id = child),
    (SELECT count(*) FROM public.case_standing s WHERE s.student_id = child),
    (SELECT count(*) FROM public.sharing_staffline l WHERE l.student_id = child),
    EXISTS (SELECT FROM public.safeguarding_entry e JOIN its ON its.concern_id = e.concern_id WHERE e.written_at > looked)
      OR EXISTS (SELECT FROM public.restraint_incidententry e JOIN public.restraint_incident i ON i.id = e.incident_id
                  WHERE i.student_id = child AND e.written_at > looked)
      OR EXISTS (SELECT FROM public.case_standing s WHERE s.student_id = child AND s.written_at > looked)
      OR EXISTS (SELECT FROM public.sharing_staffline l WHERE l.student_id = child AND l.published_at > looked)
$$;
CREATE FUNCTION guard.review_counts(wanted uuid) RETURNS TABLE (concerns bigint, shared bigint, entries bigint, files bigint,
  force bigint, standings bigint, lines bigint, later boolean) LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF wanted IN (SELECT guard.reviews_mine()) THEN
    RETURN QUERY SELECT n.* FROM public.retention_review r CROSS JOIN LATERAL guard.file_counts(r.student_id, r.at) n
                  WHERE r.id = wanted;
  END IF;
END $$;

-- The one door. The second of two people carries out what the first proposed.
CREATE FUNCTION guard.destroy_file(proposal uuid) RETURNS uuid LANGUAGE plpgsql {DOES} AS $$
DECLARE
  r public.retention_review;
  d record;
  n record;
  made uuid := gen_random_uuid();
  alone uuid[];
  shared uuid[];
BEGIN
  SELECT * INTO r FROM public.retention_review q WHERE q.id = proposal AND q.id IN (SELECT guard.reviews_to_approve());
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not for you to approve' USING ERRCODE = 'check_violation';
  ELSIF r.by_id = guard.uid() THEN
    RAISE EXCEPTION 'a second person approves' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM guard.keeping_waits(r.student_id);
  IF EXISTS (SELECT FROM public.retention_withdrawal w WHERE w.review_id = r.id)
     OR EXISTS (SELECT FROM public.retention_certificate c WHERE c.review_id = r.id) THEN
    RAISE EXCEPTION 'it is over' USING ERRCODE = 'check_violation';
  ELSIF guard.is_held(r.student_id) THEN
    RAISE EXCEPTION 'the file is held' USING ERRCODE = 'check_violation';
  END IF;
  SELECT * INTO d FROM guard.file_day(r.student_id);
  SELECT * INTO n FROM guard.file_counts(r.student_id, r.at);
  IF r.early_why IS NULL AND (d.due_on IS NULL OR d.due_on > guard.this_day()) THEN
    RAISE EXCEPTION 'its day has not come' USING ERRCODE = 'check_violation';
  ELSIF n.later THEN
    RAISE EXCEPTION 'more was written since' USING ERRCODE = 'check_violation';
  ELSIF guard.key_is_needed(r.student_id) THEN
    RAISE EXCEPTION 'an investigation hangs on it' USING ERRCODE = 'check_violation';
  END IF;
  alone := ARRAY(SELECT f.concern_id FROM guard.concerns_of_file(r.student_id) f WHERE f.alone);
  shared := ARRAY(SELECT f.concern_id FROM guard.concerns_of_file(r.student_id) f WHERE NOT f.alone);
  IF EXISTS (SELECT FROM unnest(shared) s WHERE NOT EXISTS (SELECT FROM public.safeguarding_concernkey k
       WHERE k.concern_id = s AND k.student_id IS DISTINCT FROM r.student_id)) THEN
    RAISE EXCEPTION 'another child would lose it' USING ERRCODE = 'check_violation';
  END IF;

  INSERT INTO public.retention_certificate (id, review_id, student_id, proposed_by_id, proposed_at, approved_by_id, done_at,
      covers, due_on, early, concerns, shared, entries, files, force, standings, lines)
    VALUES (made, r.id, r.student_id, r.by_id, r.at, guard.uid(), transaction_timestamp(), d.covers, d.due_on,
      d.due_on IS NULL OR d.due_on > guard.this_day(), n.concerns, n.shared, n.entries, n.files, n.force, n.standings, n.lines);

  DELETE FROM public.safeguarding_attachment WHERE concern_id = ANY (alone);
  UPDATE public.safeguarding_entry SET words = '', happened_on = NULL WHERE concern_id = ANY (alone);
  UPDATE public.safeguarding_receipt SET told = NULL WHERE concern_id = ANY (alone);
  UPDATE public.safeguarding_concern SET category = '', happened_on = NULL WHERE id = ANY (alone);
  UPDATE public.safeguarding_concernchange SET category = '', happened_on = NULL WHERE id = ANY (alone);
  DELETE FROM public.case_due WHERE concern_id = ANY (alone);
  DELETE FROM public.case_duechange WHERE concern_id = ANY (alone);
  DELETE FROM public.safeguarding_concernkey
   WHERE concern_id = ANY (alone) OR (concern_id = ANY (shared) AND student_id = r.student_id);
  DELETE FROM public.safeguarding_concernchild WHERE concern_id = ANY (shared) AND student_id = r.student_id;
  DELETE FROM public.case_standingwords w USING public.case_standing s WHERE s.id = w.standing_id AND s.student_id = r.student_id;
  DELETE FROM public.case_standing WHERE student_id = r.student_id;
  DELETE FROM public.sharing_stafflinewords w USING public.sharing_staffline l WHERE l.id = w.line_id AND l.student_id = r.student_id;
  DELETE FROM public.sharing_stafflinereader w USING public.sharing_staffline l WHERE l.id = w.line_id AND l.student_id = r.student_id;
  DELETE FROM public.sharing_staffline WHERE student_id = r.student_id;
  DELETE FROM public.restraint_incidententry e USING public.restraint_incident i WHERE i.id = e.incident_id AND i.student_id = r.student_id;
  DELETE FROM public.restraint_incidentstaff e USING public.restraint_incident i WHERE i.id = e.incident_id AND i.student_id = r.student_id;
  DELETE FROM public.restraint_incident WHERE student_id = r.student_id;
  DELETE FROM public.investigations_investigationkey WHERE student_id = r.student_id;
  DELETE FROM public.safeguarding_studentkey WHERE student_id = r.student_id;
  RETURN made;
END $$;

-- Held again where it happens: a child's key goes with a certificate of the same transaction, and never while it is held.
CREATE FUNCTION guard.key_goes_with_certificate() RETURNS trigger LANGUAGE plpgsql {DOES} AS $$
BEGIN
  IF NOT ({NOBODY}) AND (guard.is_held(OLD.student_id) OR NOT EXISTS (SELECT FROM public.retention_certificate c
       WHERE c.student_id = OLD.student_id AND c.done_at = transaction_timestamp())) THEN
    RAISE EXCEPTION 'a key goes with a certificate' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION guard.kept_on(uuid), guard.keeping_waits(uuid), guard.is_held(uuid), guard.key_is_needed(uuid), guard.file_day(uuid),
  guard.concerns_of_file(uuid), guard.file_counts(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.reviews_to_approve(), guard.reviews_mine(), guard.review_counts(uuid), guard.destroy_file(uuid),
  guard.review_dated(), guard.review_sound(),
  guard.withdrawal_dated(), guard.withdrawal_sound(), guard.key_goes_with_certificate() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.key_goes_with_certificate(), guard.destroy_file(uuid), guard.review_counts(uuid),
  guard.file_counts(uuid, timestamptz), guard.concerns_of_file(uuid), guard.withdrawal_sound(), guard.withdrawal_dated(),
  guard.review_sound(), guard.review_dated(), guard.file_day(uuid), guard.key_is_needed(uuid),
  guard.is_held(uuid), guard.reviews_mine(), guard.reviews_to_approve();
{as_before(POLICIES.FUNCTIONS, "hold_dated")}
ALTER FUNCTION guard.hold_dated() SECURITY INVOKER;
ALTER FUNCTION guard.hold_dated() RESET search_path;
{as_before(POLICIES.FUNCTIONS, "files_kept")}
{as_before(POLICIES.FUNCTIONS, "file_days")}
{as_before(POLICIES.FUNCTIONS, "files_due")}
{STAYS_READABLE}
DROP FUNCTION guard.keeping_waits(uuid), guard.kept_on(uuid);
SET LOCAL ROLE waymark_owner;
"""
TRIGGERS = """
CREATE TRIGGER review_dated BEFORE INSERT ON retention_review FOR EACH ROW EXECUTE FUNCTION guard.review_dated();
CREATE TRIGGER review_sound AFTER INSERT ON retention_review FOR EACH ROW EXECUTE FUNCTION guard.review_sound();
CREATE TRIGGER withdrawal_dated BEFORE INSERT ON retention_withdrawal
  FOR EACH ROW EXECUTE FUNCTION guard.withdrawal_dated();
CREATE TRIGGER withdrawal_sound AFTER INSERT ON retention_withdrawal
  FOR EACH ROW EXECUTE FUNCTION guard.withdrawal_sound();
CREATE TRIGGER key_goes_with_certificate AFTER DELETE ON safeguarding_studentkey
  FOR EACH ROW EXECUTE FUNCTION guard.key_goes_with_certificate();
"""
NO_TRIGGERS = """
DROP TRIGGER key_goes_with_certificate ON safeguarding_studentkey;
DROP TRIGGER withdrawal_sound ON retention_withdrawal;
DROP TRIGGER withdrawal_dated ON retention_withdrawal;
DROP TRIGGER review_sound ON retention_review;
DROP TRIGGER review_dated ON retention_review;
"""
DONE_NOW = "EXISTS (SELECT FROM retention_certificate c WHERE c.done_at = transaction_timestamp())"
GONE = (
    "safeguarding_attachment", "safeguarding_concernkey", "safeguarding_concernchild", "safeguarding_studentkey",
    "case_due", "case_duechange", "case_standingwords", "case_standing", "sharing_stafflinewords",
    "sharing_stafflinereader", "sharing_staffline", "restraint_incidententry", "restraint_incidentstaff",
    "restraint_incident", "investigations_investigationkey",
)  # fmt: skip
EMPTIED = {
    "safeguarding_entry": "words, happened_on",
    "safeguarding_receipt": "told",
    "safeguarding_concern": "category, happened_on",
    "safeguarding_concernchange": "category, happened_on",
}
COPIED = ("safeguarding_concernchildchange",)
GRANTS = [
    "GRANT INSERT ON retention_certificate TO waymark_definer",
    "CREATE POLICY definer_makes ON retention_certificate FOR INSERT TO waymark_definer WITH CHECK (true)",
    *(
        f"GRANT DELETE ON {t} TO waymark_definer;"
        f" CREATE POLICY definer_destroys ON {t} FOR DELETE TO waymark_definer USING ({DONE_NOW})"
        for t in GONE
    ),
    *(
        f"GRANT UPDATE ({columns}) ON {t} TO waymark_definer;"
        f" CREATE POLICY definer_empties ON {t} FOR UPDATE TO waymark_definer USING ({DONE_NOW})"
        for t, columns in EMPTIED.items()
    ),
    *(
        f"GRANT INSERT ON {t} TO waymark_definer;"
        f" CREATE POLICY definer_copies ON {t} FOR INSERT TO waymark_definer WITH CHECK (pg_trigger_depth() > 0)"
        for t in COPIED
    ),
]
NO_GRANTS = [
    *(f"DROP POLICY definer_copies ON {t}; REVOKE INSERT ON {t} FROM waymark_definer" for t in COPIED),
    *(
        f"DROP POLICY definer_empties ON {t}; REVOKE UPDATE ({columns}) ON {t} FROM waymark_definer"
        for t, columns in EMPTIED.items()
    ),
    *(f"DROP POLICY definer_destroys ON {t}; REVOKE DELETE ON {t} FROM waymark_definer" for t in GONE),
    "DROP POLICY definer_makes ON retention_certificate",
    "REVOKE INSERT ON retention_certificate FROM waymark_definer",
]


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0003_review_and_certificate"),
        ("sharing", "0006_keys_and_the_owner"),
        ("safeguarding", "0009_attachments"),
        ("case", "0005_owner_told"),
        ("investigations", "0002_who_reads"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect("retention_review", select=KNOWN.format("id"), insert=f"by_id = {ME} AND {KEPT}"),
        protect("retention_withdrawal", select=OF_KNOWN, insert=f"by_id = {ME} AND {OF_KNOWN}"),
        protect("retention_certificate", select=KNOWN.format("review_id")),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(GRANTS, NO_GRANTS),
    ]
