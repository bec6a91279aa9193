"""Statements: asked of one person each, written once, and read by nobody before each that was asked for came."""

from django.db import migrations

from core.rls import protect

ME = "(SELECT guard.uid())"
ELEVATED = "(SELECT guard.elevated())"
PINNED = "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
TRIGGER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Asked of the actor, who works here, and not come yet.
CREATE FUNCTION guard.statements_mine() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 1 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY SELECT s.id FROM public.investigations_statement s
                WHERE s.staff_id = me AND s.in_at IS NULL AND s.let_go_at IS NULL;
END $$;

-- Asked of a student, or of somebody without an account, and not come yet: whoever reads the investigation takes it down.
CREATE FUNCTION guard.statements_to_take() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY SELECT s.id FROM public.investigations_statement s
                WHERE s.staff_id IS NULL AND s.in_at IS NULL AND s.let_go_at IS NULL
                  AND s.investigation_id IN (SELECT guard.investigations_read());
END $$;

-- Those of colleagues that wait, for whoever asks for them.
CREATE FUNCTION guard.statements_to_send() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY SELECT s.id FROM public.investigations_statement s
                WHERE s.staff_id IS NOT NULL AND s.in_at IS NULL AND s.let_go_at IS NULL
                  AND s.investigation_id IN (SELECT guard.investigations_read());
END $$;

-- Of investigations that are open before the actor, with nothing to wait for.
CREATE FUNCTION guard.statements_unsealed() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY SELECT s.id FROM public.investigations_statement s
                WHERE s.investigation_id IN (SELECT guard.investigations_opened())
                  AND s.investigation_id IN (SELECT guard.investigations_read())
                  AND NOT EXISTS (SELECT FROM public.investigations_statement w
                        WHERE w.investigation_id = s.investigation_id AND w.in_at IS NULL AND w.let_go_at IS NULL);
END $$;

-- Of whom and in what it is asked says the person’s row; time is the database’s.
CREATE FUNCTION guard.statement_asked() RETURNS trigger {TRIGGER} AS $$
BEGIN
  SELECT p.investigation_id, p.staff_id INTO NEW.investigation_id, NEW.staff_id
    FROM public.investigations_party p WHERE p.id = NEW.party_id;
  NEW.asked_at := guard.this_moment(NEW.asked_at);
  IF coalesce(current_setting('waymark.actor', true), '') <> '' THEN
    NEW.in_at := NULL; NEW.let_go_at := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION guard.statement_told() RETURNS trigger {TRIGGER} AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') <> '' AND NEW.staff_id IS DISTINCT FROM guard.uid() THEN
    PERFORM guard.alert_lead(NEW.staff_id);
  END IF;
  RETURN NULL;
END $$;

-- It came, or will not: the key that a colleague wrote with goes.
CREATE FUNCTION guard.statement_came() RETURNS trigger {TRIGGER} AS $$
BEGIN
  UPDATE public.investigations_statement SET in_at = NEW.written_at
   WHERE id = NEW.statement_id AND in_at IS NULL AND let_go_at IS NULL;
  DELETE FROM public.investigations_statementkey WHERE statement_id = NEW.statement_id;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.statement_let_go() RETURNS trigger {TRIGGER} AS $$
BEGIN
  UPDATE public.investigations_statement SET let_go_at = NEW.written_at
   WHERE id = NEW.statement_id AND investigation_id = NEW.investigation_id AND in_at IS NULL AND let_go_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'it came, or was let go, or is of another' USING ERRCODE = 'check_violation';
  END IF;
  DELETE FROM public.investigations_statementkey WHERE statement_id = NEW.statement_id;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.statement_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.written_at := guard.this_moment(NEW.written_at);
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION guard.statements_mine(), guard.statements_to_take(), guard.statements_to_send(),
  guard.statements_unsealed(), guard.statement_asked(), guard.statement_told(), guard.statement_came(),
  guard.statement_let_go(), guard.statement_dated() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.statements_mine(), guard.statements_to_take(), guard.statements_to_send(),
  guard.statements_unsealed(), guard.statement_asked(), guard.statement_told(), guard.statement_came(),
  guard.statement_let_go(), guard.statement_dated() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.statement_dated(), guard.statement_let_go(), guard.statement_came(), guard.statement_told(),
  guard.statement_asked(), guard.statements_unsealed(), guard.statements_to_send(), guard.statements_to_take(),
  guard.statements_mine();
SET LOCAL ROLE waymark_owner;
"""
READ = "investigation_id IN (SELECT guard.investigations_read())"
MINE = "statement_id IN (SELECT guard.statements_mine())"
# A colleague finds what is asked of them by the index, and no function is asked: everybody's Today looks.
WAITS_FOR_ME = f"(staff_id = {ME} AND in_at IS NULL AND let_go_at IS NULL)"
TRIGGERS = """
CREATE POLICY definer_writes ON investigations_statement TO waymark_definer USING (true) WITH CHECK (true);
GRANT UPDATE ON investigations_statement TO waymark_definer;
CREATE POLICY definer_writes ON investigations_statementkey TO waymark_definer USING (true) WITH CHECK (true);
GRANT DELETE ON investigations_statementkey TO waymark_definer;
CREATE TRIGGER statement_asked BEFORE INSERT ON investigations_statement
  FOR EACH ROW EXECUTE FUNCTION guard.statement_asked();
CREATE TRIGGER statement_told AFTER INSERT ON investigations_statement
  FOR EACH ROW WHEN (NEW.staff_id IS NOT NULL AND NEW.in_at IS NULL) EXECUTE FUNCTION guard.statement_told();
CREATE TRIGGER statement_dated BEFORE INSERT ON investigations_statementwords
  FOR EACH ROW EXECUTE FUNCTION guard.statement_dated();
CREATE TRIGGER statement_came AFTER INSERT ON investigations_statementwords
  FOR EACH ROW EXECUTE FUNCTION guard.statement_came();
CREATE TRIGGER statement_let_go AFTER INSERT ON investigations_investigationentry
  FOR EACH ROW WHEN (NEW.kind = 'let_go') EXECUTE FUNCTION guard.statement_let_go();
"""
NO_TRIGGERS = """
DROP TRIGGER statement_let_go ON investigations_investigationentry;
DROP TRIGGER statement_came ON investigations_statementwords;
DROP TRIGGER statement_dated ON investigations_statementwords;
DROP TRIGGER statement_told ON investigations_statement;
DROP TRIGGER statement_asked ON investigations_statement;
REVOKE DELETE ON investigations_statementkey FROM waymark_definer;
DROP POLICY definer_writes ON investigations_statementkey;
REVOKE UPDATE ON investigations_statement FROM waymark_definer;
DROP POLICY definer_writes ON investigations_statement;
"""


class Migration(migrations.Migration):
    dependencies = [("investigations", "0003_statements"), ("sharing", "0002_nobody_left_out")]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect(
            "investigations_statement",
            select=f"{WAITS_FOR_ME} OR {READ}",
            insert=f"asked_by_id = {ME} AND {ELEVATED} AND {READ}",
        ),
        protect(
            "investigations_statementkey",
            select=f"{ELEVATED} AND {MINE}",
            insert=f"{ELEVATED} AND statement_id IN (SELECT guard.statements_to_send())",
        ),
        protect(
            "investigations_statementwords",
            select="statement_id IN (SELECT guard.statements_unsealed())",
            insert=f"author_id = {ME} AND {ELEVATED} AND CASE how WHEN 'own' THEN {MINE}"
            " ELSE statement_id IN (SELECT guard.statements_to_take()) END",
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
