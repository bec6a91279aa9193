"""Who knows of transfers: those who read the whole file of the child, and nobody else; and what rests once it is sent."""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, settled

ME = "(SELECT guard.uid())"
WHOLE = "student_id IN (SELECT guard.files_whole())"
OF_MINE = "transfer_id IN (SELECT guard.transfers_mine())"
PINNED = "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
TRIGGER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Children with a file of which the actor reads every part. Whoever is kept from one concern of a child would send a file
-- with a part missing and never learn it, so the transfer is for others.
CREATE FUNCTION guard.files_whole() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE
  me uuid := guard.uid();
  everybody boolean;
BEGIN
  IF me IS NULL OR NOT guard.elevated() OR NOT guard.holds('safeguarding.keep_file') THEN
    RETURN;
  END IF;
  everybody := guard.sees_all('safeguarding.keep_file');
  RETURN QUERY
    WITH kept AS MATERIALIZED (SELECT k AS id FROM guard.file_kept_from(me) AS k),
    filed AS MATERIALIZED (
      SELECT k.student_id, k.concern_id FROM public.safeguarding_concernchild k
        JOIN public.safeguarding_concern c ON c.id = k.concern_id AND c.store = 'children')
    SELECT DISTINCT f.student_id FROM filed f
     WHERE (everybody OR f.student_id IN (SELECT guard.students_seen('safeguarding.keep_file')))
       AND f.student_id NOT IN (
         SELECT g.student_id FROM filed g WHERE g.concern_id IN (SELECT kept.id FROM kept));
END $$;

CREATE FUNCTION guard.transfers_mine() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY SELECT t.id FROM public.transfer_transfer t WHERE t.student_id IN (SELECT guard.files_whole());
END $$;

-- Once sent, a child's file rests: what is written here then would be known there by nobody. A lead opens it again with a
-- reason. Not held: a concern raised since, which is new; one with another child whose file is here.
CREATE FUNCTION guard.file_rests() RETURNS trigger {TRIGGER} AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.safeguarding_concernchild k
      JOIN public.safeguarding_concern c ON c.id = k.concern_id
     WHERE k.concern_id = NEW.concern_id AND (c.store <> 'children' OR NOT EXISTS (
       SELECT FROM public.transfer_transfer t
        WHERE t.student_id = k.student_id AND t.reopened_at IS NULL AND t.sent_at >= c.raised_at)))
     AND EXISTS (SELECT FROM public.safeguarding_concernchild k WHERE k.concern_id = NEW.concern_id) THEN
    RAISE EXCEPTION 'this file was sent on' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- What went is what was on the file: nothing was written or raised since the package was made, no record of force was added
-- to, no line published and no standing written; it is of this transfer; and what is said of sending and of the receipt is said once.
CREATE FUNCTION guard.transfer_kept() RETURNS trigger {TRIGGER} AS $$
BEGIN
  IF OLD.sent_at IS NOT NULL AND (NEW.sent_at, NEW.sent_by_id, NEW.package_id, NEW.method)
       IS DISTINCT FROM (OLD.sent_at, OLD.sent_by_id, OLD.package_id, OLD.method)
     OR OLD.receipt_on IS NOT NULL AND (NEW.receipt_on, NEW.receipt_noted_by_id)
       IS DISTINCT FROM (OLD.receipt_on, OLD.receipt_noted_by_id)
     OR OLD.reopened_at IS NOT NULL AND (NEW.reopened_at, NEW.reopened_by_id)
       IS DISTINCT FROM (OLD.reopened_at, OLD.reopened_by_id)
     OR OLD.not_sent_by_id IS NOT NULL AND NEW.not_sent_by_id IS DISTINCT FROM OLD.not_sent_by_id THEN
    RAISE EXCEPTION 'it is said already' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.sent_at IS NULL AND NEW.sent_at IS NOT NULL AND (
       NOT EXISTS (SELECT FROM public.transfer_package p WHERE p.id = NEW.package_id AND p.transfer_id = NEW.id)
       OR EXISTS (
         SELECT FROM public.transfer_package p CROSS JOIN LATERAL (
           SELECT count(*) AS entries, max(e.written_at) AS last FROM public.safeguarding_entry e
             JOIN public.safeguarding_concernchild k ON k.concern_id = e.concern_id AND k.student_id = NEW.student_id
             JOIN public.safeguarding_concern c ON c.id = e.concern_id AND c.store = 'children') AS now
          WHERE p.id = NEW.package_id AND (now.entries <> p.entries OR now.last > p.made_at
            OR p.force <> (SELECT count(*) FROM public.restraint_incidententry f
                 JOIN public.restraint_incident i ON i.id = f.incident_id AND i.student_id = NEW.student_id)
            OR EXISTS (SELECT FROM public.case_standing s
                 WHERE s.student_id = NEW.student_id AND s.written_at > p.made_at)
            OR p.lines <> (SELECT count(*) FROM public.sharing_staffline l WHERE l.student_id = NEW.student_id)))) THEN
    RAISE EXCEPTION 'more is on the file than went' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- Time is the database's, where somebody acts.
CREATE FUNCTION guard.package_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.made_at := guard.this_moment(NEW.made_at);
  RETURN NEW;
END $$;

GRANT EXECUTE ON FUNCTION guard.files_whole(), guard.transfers_mine(), guard.file_rests(), guard.transfer_kept(),
  guard.package_dated() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.package_dated(), guard.transfer_kept(), guard.file_rests(), guard.transfers_mine(),
  guard.files_whole();
SET LOCAL ROLE waymark_owner;
"""
TRIGGERS = """
CREATE TRIGGER file_rests AFTER INSERT ON safeguarding_entry FOR EACH ROW WHEN (NEW.kind <> 'raised')
  EXECUTE FUNCTION guard.file_rests();
CREATE TRIGGER transfer_kept AFTER UPDATE ON transfer_transfer FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
  EXECUTE FUNCTION guard.transfer_kept();
CREATE TRIGGER package_dated BEFORE INSERT ON transfer_package FOR EACH ROW EXECUTE FUNCTION guard.package_dated();
"""
NO_TRIGGERS = """
DROP TRIGGER package_dated ON transfer_package;
DROP TRIGGER transfer_kept ON transfer_transfer;
DROP TRIGGER file_rests ON safeguarding_entry;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("transfer", "0001_transfers"),
        ("safeguarding", "0007_only_for_readers"),
        ("restraint", "0001_initial"),
        ("sharing", "0004_lines"),
        ("case", "0003_standing"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect(
            "transfer_transfer",
            select=WHOLE,
            insert=f"begun_by_id = {ME} AND sent_at IS NULL AND {WHOLE}",
            update=WHOLE,
        ),
        settled("transfer_transfer", "student_id", "left_on", "begun_by_id", "begun_at"),
        protect("transfer_package", select=OF_MINE, insert=f"made_by_id = {ME} AND {OF_MINE}"),
        protect("transfer_chaser", select=OF_MINE, insert=f"by_id = {ME} AND {OF_MINE}"),
        protect_history("transfer_transferchange", select=WHOLE),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
