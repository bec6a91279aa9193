"""What is known of the actor is signed and checked as a shorter text: checking it is most of what each question costs.

A permission stands in it by a code of eight digits, the actor's token by its own signature; and the key is read in
plain steps, as an SQL function is set up anew at each place that calls it.
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

guard = import_module("accounts.migrations.0003_guard")
sight = import_module("tutoring.groups.migrations.0002_sight")
earlier = import_module("tutoring.groups.migrations.0006_sight_one_note_a_role")
kept = import_module("tutoring.groups.migrations.0008_sight_kept")

CODE = "to_hex(hashtext({}))"
SIGNED = """guard.mac(slot || '|' || right(current_setting('waymark.actor', true), 64)
    || '|' || transaction_timestamp() || '|' || content)"""
SHORT = f"""
CREATE OR REPLACE FUNCTION guard.mac(message text) RETURNS text LANGUAGE plpgsql STABLE
  AS $$
DECLARE k guard.actor_key;
BEGIN
  SELECT * INTO k FROM guard.actor_key ORDER BY id DESC LIMIT 1;
  RETURN encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(message, 'UTF8'))), 'hex');
END $$;

CREATE OR REPLACE FUNCTION guard.noted(slot text) RETURNS text LANGUAGE plpgsql STABLE
  AS $$
DECLARE content text := current_setting(slot, true);
BEGIN
  RETURN CASE WHEN current_setting(slot || '_mac', true) = {SIGNED} THEN content END;
END $$;

CREATE OR REPLACE FUNCTION guard.note(slot text, content text) RETURNS void LANGUAGE plpgsql STABLE
  AS $$ BEGIN PERFORM set_config(slot, content, true), set_config(slot || '_mac', {SIGNED}, true); END $$;

CREATE OR REPLACE FUNCTION guard.whom(wanted text) RETURNS text LANGUAGE plpgsql STABLE
  AS $$ BEGIN RETURN split_part(split_part(guard.known(), ';' || {CODE.format("wanted")} || '=', 2), ';', 1); END $$;

CREATE OR REPLACE FUNCTION guard.holds(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  BEGIN RETURN strpos(guard.known(), ';' || {CODE.format("wanted")} || '=') > 0; END $$;
"""  # noqa: S608 (our own text)
# Those that write the codes or look for them, otherwise as they were.
WORK_OUT = as_before(kept.KEPT, "work_out").replace("p.permission ||", f"{CODE.format('p.permission')} ||")
STUDENTS_SEEN = kept.STUDENTS_SEEN.replace("';' || wanted ||", f"';' || {CODE.format('wanted')} ||")
EMPTY = "DELETE FROM guard.sight;"  # what is kept is written the other way
AS_IT_WAS = (
    [as_before(guard.FUNCTIONS, name) for name in ("mac", "holds")]
    + [as_before(sight.REACH, name) for name in ("noted", "note", "whom")]
    + [as_before(kept.KEPT, "work_out"), kept.STUDENTS_SEEN, EMPTY]
)


class Migration(migrations.Migration):
    dependencies = [("groups", "0008_sight_kept")]
    operations = [
        migrations.RunSQL(
            earlier.as_definer(SHORT + WORK_OUT + STUDENTS_SEEN + EMPTY), earlier.as_definer("".join(AS_IT_WAS))
        )
    ]
