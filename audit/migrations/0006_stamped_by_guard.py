"""The actor, their name and the request come from the signed token; without one, only what happens at the door is noted.

The columns' defaults stay in the database for whoever writes without them; Django no longer asks for them back, because
INSERT … RETURNING needs the right to read.
"""

from django.db import migrations, models

STAMP = """
CREATE OR REPLACE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  person uuid;
BEGIN
  NEW.at := clock_timestamp();
  NEW.xid := pg_current_xact_id();
  IF coalesce(current_setting('waymark.actor', true), '') <> '' THEN
    person := guard.uid();
    NEW.request_id := guard.request_id()::text;
    IF person IS NOT NULL THEN
      NEW.actor_id := person;
      NEW.actor_name := (SELECT left(concat_ws(' ', u.first_name, u.last_name), 200) FROM accounts_user u WHERE u.id = person);
    ELSE
      -- One of our own jobs, or somebody switched off in this very request: whom the program names is told beside it.
      IF NEW.actor_id IS NOT NULL THEN
        NEW.detail := NEW.detail || jsonb_build_object('asked_by', NEW.actor_id);
      END IF;
      NEW.actor_id := NULL;
      NEW.actor_name := coalesce('system: ' || guard.system_name(), 'nobody');
    END IF;
  END IF;
  NEW.hash := audit_event_hash(NEW);
  RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.at := clock_timestamp();
  NEW.xid := pg_current_xact_id();
  IF coalesce(current_setting('waymark.actor', true), '') <> '' THEN
    NEW.actor_id := guard.uid();
  END IF;
  NEW.hash := audit_event_hash(NEW);
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_stamp_and_grants")]
    operations = [
        migrations.RunSQL(STAMP, BEFORE),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("event", "request_id", models.CharField(blank=True, default="", max_length=40)),
                migrations.AlterField(
                    "event",
                    "agent",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="with what"),
                ),
            ]
        ),
    ]
