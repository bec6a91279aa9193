"""The headteacher reads one child's file for an hour, for a reason that each lead is told of; nothing wider. Facts 4.4.

Reading only: the policies that write ask `file_some` as before, and the few that show what a chronology needs get a
second one beside them. It ends here, by the database's clock, and not on the page.
"""

from importlib import import_module

from django.db import migrations

from core.rls import protect

WHO_READS = import_module("safeguarding.migrations.0002_who_reads")
POLICIES = import_module("safeguarding.migrations.0003_policies")
SEARCH = import_module("safeguarding.migrations.0004_search_and_names")
ONLY_READERS = import_module("safeguarding.migrations.0007_only_for_readers")
NOBODY = import_module("safeguarding.sharing.migrations.0002_nobody_left_out")
PINNED, TRIGGER, ME = WHO_READS.PINNED, NOBODY.TRIGGER, POLICIES.ME
BY_GLASS = "IN (SELECT guard.glass_concerns())"


def changed(made: str, old: str, new: str) -> str:
    """A function as an earlier migration wrote it, with a piece of text exchanged."""
    if old not in made:
        raise ValueError("it reads differently now")
    return made.replace(old, new)


OPENED = changed(
    ONLY_READERS.OPENED, "OR o.id IN (SELECT guard.file_some());", f"OR o.id IN (SELECT guard.file_some()) OR o.id {BY_GLASS};"
)
NAMES_BEFORE = NOBODY.as_before(SEARCH.FUNCTIONS, "file_names")
NAMES = changed(NAMES_BEFORE, "guard.in_file(c.id) AND", f"(guard.in_file(c.id) OR c.id {BY_GLASS}) AND")
READERS_BEFORE = NOBODY.as_before(WHO_READS.FUNCTIONS, "concern_readers")
READERS = changed(
    changed(READERS_BEFORE, "e.action = 'file.opened'", "e.action IN ('file.opened', 'file.glass_broken')"),
    "e.actor_name::text",
    "e.actor_name::text || CASE e.action WHEN 'file.opened' THEN '' ELSE ', breaking the glass' END",
)
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- The child whose file the actor broke the glass of within the last hour: one, the last. By the clock that goes on within
-- a transaction, so that none outlasts it.
CREATE FUNCTION guard.glass_child() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 1 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF me IS NOT NULL AND guard.elevated() AND guard.holds('safeguarding.keep_staff_file') THEN
    RETURN QUERY SELECT g.student_id FROM (
      SELECT b.student_id, b.opened_at FROM public.sharing_glassbreak b
       WHERE b.person_id = me ORDER BY b.opened_at DESC, b.id LIMIT 1) g
     WHERE g.opened_at > clock_timestamp() - interval '60 minutes';
  END IF;
END $$;

-- What is read by it: of children, never what one is kept from or is about oneself; nor what one reads in any case.
CREATE FUNCTION guard.glass_concerns() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 5 AS $$
DECLARE
  me uuid := guard.uid();
  child uuid := guard.glass_child();
BEGIN
  IF child IS NOT NULL THEN
    RETURN QUERY SELECT c.id FROM public.safeguarding_concern c
      WHERE c.store = 'children' AND c.school_id = guard.school()
        AND c.id IN (SELECT k.concern_id FROM public.safeguarding_concernchild k WHERE k.student_id = child)
        AND c.id NOT IN (SELECT guard.file_kept_from(me)) AND c.id NOT IN (SELECT guard.file_some());
  END IF;
END $$;

-- Of the children whose file the actor keeps: they are told of it, and say that they have seen it.
CREATE FUNCTION guard.glass_kept() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF guard.elevated() AND guard.holds('safeguarding.keep_file') THEN
    RETURN QUERY SELECT g.id FROM public.sharing_glassbreak g WHERE g.person_id <> me AND guard.keeps_child(g.student_id);
  END IF;
END $$;

CREATE FUNCTION guard.glass_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.opened_at := guard.this_moment(NEW.opened_at);
  RETURN NEW;
END $$;
CREATE FUNCTION guard.glass_seen_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.seen_at := guard.this_moment(NEW.seen_at);
  RETURN NEW;
END $$;

-- The alarm: each lead who keeps this child's file, whether or not there is one. Where nobody could be told, it stays shut;
-- that somebody is kept from the child is not asked there, for the answer would tell it. Twenty letters, sealed, are 53.
CREATE FUNCTION guard.glass_told() RETURNS trigger {TRIGGER} AS $$
DECLARE
  day date := guard.this_day();
  leads uuid[];
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') = '' THEN
    RETURN NULL;
  END IF;
  IF octet_length(NEW.why) < 53 THEN
    RAISE EXCEPTION 'a reason is said in twenty letters at least' USING ERRCODE = 'check_violation';
  END IF;
  leads := ARRAY(SELECT u.id FROM guard.file_keepers() AS u (id)
    WHERE u.id <> NEW.person_id AND NEW.student_id IN (SELECT guard.reach_with(u.id, 'safeguarding.keep_file', day)));
  IF leads = '{{}}' THEN
    RAISE EXCEPTION 'nobody is there who would be told' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM guard.alert_lead(l) FROM unnest(leads) AS l WHERE NEW.student_id NOT IN (SELECT guard.children_kept_from(l));
  RETURN NULL;
END $$;
CREATE FUNCTION guard.glass_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'it stands as it is' USING ERRCODE = 'check_violation';
END $$;
{OPENED}
{NAMES}
{READERS}

GRANT EXECUTE ON FUNCTION guard.glass_child(), guard.glass_concerns(), guard.glass_kept(), guard.glass_dated(),
  guard.glass_seen_dated(), guard.glass_told(), guard.glass_stands() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
AS_IT_WAS = f"""
SET LOCAL ROLE waymark_definer;
{READERS_BEFORE}
{NAMES_BEFORE}
{ONLY_READERS.OPENED}
DROP FUNCTION guard.glass_stands(), guard.glass_told(), guard.glass_seen_dated(), guard.glass_dated(), guard.glass_kept(),
  guard.glass_concerns(), guard.glass_child();
SET LOCAL ROLE waymark_owner;
"""
# What a chronology is made of. Words stay behind `only_opened`.
SHOWN = {
    "safeguarding_concern": "id",
    "safeguarding_concernchild": "concern_id",
    "safeguarding_concernkey": "concern_id",
    "safeguarding_entry": "concern_id",
    "safeguarding_attachment": "concern_id",
    "safeguarding_receipt": "concern_id",
}
POLICY = "CREATE POLICY may_select_by_glass ON {} FOR SELECT TO waymark_web USING ({} " + BY_GLASS + ")"
TRIGGERS = """
CREATE TRIGGER glass_dated BEFORE INSERT ON sharing_glassbreak FOR EACH ROW EXECUTE FUNCTION guard.glass_dated();
CREATE TRIGGER glass_seen_dated BEFORE INSERT ON sharing_glassseen FOR EACH ROW EXECUTE FUNCTION guard.glass_seen_dated();
CREATE TRIGGER glass_told AFTER INSERT ON sharing_glassbreak FOR EACH ROW EXECUTE FUNCTION guard.glass_told();
CREATE TRIGGER glass_stands AFTER UPDATE ON sharing_glassbreak FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.glass_stands();
CREATE TRIGGER glass_stays AFTER DELETE ON sharing_glassbreak FOR EACH ROW EXECUTE FUNCTION guard.glass_stands();
CREATE TRIGGER glass_stands AFTER UPDATE ON sharing_glassseen FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.glass_stands();
CREATE TRIGGER glass_stays AFTER DELETE ON sharing_glassseen FOR EACH ROW EXECUTE FUNCTION guard.glass_stands();
"""
NO_TRIGGERS = """
DROP TRIGGER glass_stays ON sharing_glassseen;
DROP TRIGGER glass_stands ON sharing_glassseen;
DROP TRIGGER glass_stays ON sharing_glassbreak;
DROP TRIGGER glass_stands ON sharing_glassbreak;
DROP TRIGGER glass_told ON sharing_glassbreak;
DROP TRIGGER glass_seen_dated ON sharing_glassseen;
DROP TRIGGER glass_dated ON sharing_glassbreak;
"""
# In one's own name, as whoever leads the school, about somebody one finds, whose file one does not keep in any case.
BREAKS = f"""person_id = {ME} AND (SELECT guard.elevated()) AND (SELECT guard.holds('safeguarding.keep_staff_file'))
  AND {POLICIES.FIND} AND NOT {POLICIES.KEEP}"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0007_glass"), ("safeguarding", "0009_attachments")]
    operations = [
        migrations.RunSQL(FUNCTIONS, AS_IT_WAS),
        protect(
            "sharing_glassbreak",
            select=f"id IN (SELECT guard.glass_kept()) OR (person_id = {ME} AND (SELECT guard.elevated()))",
            insert=BREAKS,
        ),
        protect(
            "sharing_glassseen",
            select="glass_id IN (SELECT guard.glass_kept())",
            insert=f"person_id = {ME} AND glass_id IN (SELECT guard.glass_kept())",
        ),
        migrations.RunSQL(
            [POLICY.format(table, column) for table, column in SHOWN.items()],
            [f"DROP POLICY may_select_by_glass ON {table}" for table in SHOWN],
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
