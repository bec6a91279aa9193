"""A finding waits for all statements and makes its follow-ups; an investigation closes when both are answered."""

from django.db import migrations

from core.rls import protect

TRIGGER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- The day itself or the next on which students are in; where the school keeps no terms so far ahead, the next weekday.
CREATE FUNCTION guard.next_school_day(school uuid, since date) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE found date;
BEGIN
  SELECT min(d)::date INTO found FROM generate_series(since, since + 90, interval '1 day') AS d
   WHERE guard.school_day(school, d::date);
  RETURN coalesce(found, since + (CASE extract(isodow FROM since) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END)::int);
END $$;

-- Where an investigation stands follows from its entries, and not every one may come at any time.
CREATE FUNCTION guard.investigation_stands() RETURNS trigger {TRIGGER} AS $$
DECLARE
  one public.investigations_investigation;
  day date := (NEW.written_at AT TIME ZONE 'Europe/London')::date;
  refused boolean;
BEGIN
  SELECT * INTO one FROM public.investigations_investigation WHERE id = NEW.investigation_id FOR UPDATE;
  IF NEW.kind = 'finding' THEN
    refused := one.status <> 'open' OR EXISTS (SELECT FROM public.investigations_statement s
      WHERE s.investigation_id = one.id AND s.in_at IS NULL AND s.let_go_at IS NULL);
  ELSIF NEW.kind IN ('followed', 'dropped') THEN
    refused := NOT EXISTS (SELECT FROM public.investigations_followup f
      WHERE f.id = NEW.follow_up_id AND f.investigation_id = one.id AND f.answered_at IS NULL AND f.left_out_at IS NULL);
  ELSIF NEW.kind = 'closed' THEN
    refused := one.status <> 'found' OR EXISTS (SELECT FROM public.investigations_followup f
      WHERE f.investigation_id = one.id AND f.answered_at IS NULL AND f.left_out_at IS NULL);
  ELSE
    refused := one.status = 'open';
  END IF;
  IF refused THEN
    RAISE EXCEPTION 'not as it stands' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE public.investigations_followup SET answered_at = CASE NEW.kind WHEN 'followed' THEN NEW.written_at END,
         left_out_at = CASE NEW.kind WHEN 'dropped' THEN NEW.written_at END
   WHERE id = NEW.follow_up_id;
  IF NEW.kind = 'finding' THEN
    UPDATE public.investigations_investigation SET status = 'found', found_at = NEW.written_at WHERE id = one.id;
    INSERT INTO public.investigations_followup (id, investigation_id, weeks, due_on)
    SELECT gen_random_uuid(), one.id, w, guard.next_school_day(one.school_id, day + 7 * w) FROM unnest(ARRAY[2, 6]) AS w;
  ELSIF NEW.kind = 'closed' THEN
    UPDATE public.investigations_investigation SET status = 'closed', closed_at = NEW.written_at WHERE id = one.id;
  ELSIF NEW.kind = 'reopened' THEN
    UPDATE public.investigations_investigation SET status = 'open', found_at = NULL, closed_at = NULL WHERE id = one.id;
    -- The next finding makes its own.
    UPDATE public.investigations_followup SET left_out_at = NEW.written_at
     WHERE investigation_id = one.id AND answered_at IS NULL AND left_out_at IS NULL;
  END IF;
  RETURN NULL;
END $$;

-- A statement is asked for while it is being looked into.
CREATE FUNCTION guard.statement_while_open() RETURNS trigger {TRIGGER} AS $$
BEGIN
  PERFORM FROM public.investigations_investigation WHERE id = NEW.investigation_id AND status = 'open' FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'it is not open' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION guard.next_school_day(uuid, date), guard.investigation_stands(), guard.statement_while_open()
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.next_school_day(uuid, date), guard.investigation_stands(), guard.statement_while_open()
  TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.statement_while_open(), guard.investigation_stands(), guard.next_school_day(uuid, date);
SET LOCAL ROLE waymark_owner;
"""
TRIGGERS = """
CREATE POLICY definer_writes ON investigations_investigation TO waymark_definer USING (true) WITH CHECK (true);
GRANT UPDATE ON investigations_investigation TO waymark_definer;
CREATE POLICY definer_writes ON investigations_followup TO waymark_definer USING (true) WITH CHECK (true);
GRANT INSERT, UPDATE ON investigations_followup TO waymark_definer;
CREATE TRIGGER investigation_stands AFTER INSERT ON investigations_investigationentry
  FOR EACH ROW WHEN (NEW.kind IN ('finding', 'followed', 'dropped', 'closed', 'reopened'))
  EXECUTE FUNCTION guard.investigation_stands();
CREATE TRIGGER statement_while_open AFTER INSERT ON investigations_statement
  FOR EACH ROW EXECUTE FUNCTION guard.statement_while_open();
"""
NO_TRIGGERS = """
DROP TRIGGER statement_while_open ON investigations_statement;
DROP TRIGGER investigation_stands ON investigations_investigationentry;
REVOKE INSERT, UPDATE ON investigations_followup FROM waymark_definer;
DROP POLICY definer_writes ON investigations_followup;
REVOKE UPDATE ON investigations_investigation FROM waymark_definer;
DROP POLICY definer_writes ON investigations_investigation;
"""


class Migration(migrations.Migration):
    dependencies = [("investigations", "0005_follow_ups"), ("attendance", "0008_register_policies")]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect("investigations_followup", select="investigation_id IN (SELECT guard.investigations_read())"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
