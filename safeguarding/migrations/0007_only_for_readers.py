"""What a function says, it says to those who read the file: asked by anybody else it is silent.

And what is added to something said of an adult goes where that went; whoever raised something learns when nobody who
may read it has an account.
"""

import re
from importlib import import_module

from django.db import migrations

from core.rls import as_before

WHO_READS = import_module("safeguarding.migrations.0002_who_reads")
SEARCH = import_module("safeguarding.migrations.0004_search_and_names")
[OPENED_BEFORE] = re.findall(
    r"CREATE OR REPLACE FUNCTION guard\.concerns_opened\(.*?\$\$;", SEARCH.FUNCTIONS, re.DOTALL
)
OPENED = OPENED_BEFORE.replace(
    "DECLARE me uuid := guard.uid();\nBEGIN\n  RETURN QUERY\n",
    "DECLARE\n  me uuid := guard.uid();\n  whole boolean := guard.file_whole();\nBEGIN\n"
    "  IF me IS NULL OR NOT guard.elevated() OR NOT guard.holds('safeguarding.open_file') THEN\n    RETURN;\n  END IF;\n"
    "  RETURN QUERY SELECT o.id FROM (\n",
).replace(
    "s.how = 'file.opened' AND s.what = 'students.Student');\nEND $$;",
    "s.how = 'file.opened' AND s.what = 'students.Student')) AS o (id)\n"
    "   WHERE (whole AND o.id NOT IN (SELECT guard.file_hidden())) OR o.id IN (SELECT guard.file_some());\nEND $$;",
)
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;
{OPENED}

CREATE OR REPLACE FUNCTION guard.file_hidden() RETURNS SETOF uuid LANGUAGE plpgsql {WHO_READS.PINNED} AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF guard.file_whole() THEN
    RETURN QUERY SELECT c.id FROM public.safeguarding_concern c WHERE c.store <> 'children'
                 UNION SELECT guard.file_kept_from(me);
  END IF;
END $$;

CREATE OR REPLACE FUNCTION guard.concern_routed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE before public.safeguarding_concern;
BEGIN
  NEW.raised_at := guard.this_moment(NEW.raised_at);
  SELECT * INTO before FROM public.safeguarding_concern WHERE id = NEW.follows_id AND store <> 'children';
  IF FOUND THEN
    NEW.store := before.store;
    NEW.about_staff_id := coalesce(NEW.about_staff_id, before.about_staff_id);
  END IF;
  IF NEW.about_staff_id IS NOT NULL AND NEW.store <> 'head' THEN
    NEW.store := CASE WHEN EXISTS (
      SELECT FROM guard.memberships(NEW.about_staff_id, guard.this_day()) m WHERE m.role = 'headteacher')
      THEN 'head' ELSE 'staff' END;
  END IF;
  RETURN NEW;
END $$;

-- For whoever raised it: whether anybody with an account may read it.
CREATE FUNCTION guard.concern_finds_reader(raised uuid) RETURNS boolean LANGUAGE plpgsql {WHO_READS.PINNED} AS $$
DECLARE day date := guard.this_day();
BEGIN
  RETURN raised IN (SELECT guard.concerns_mine())
     AND EXISTS (SELECT FROM guard.file_keepers() AS u(id) WHERE guard.reads_concern(u.id, raised, day));
END $$;
GRANT EXECUTE ON FUNCTION guard.concern_finds_reader(uuid) TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
AS_IT_WAS = f"""
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.concern_finds_reader(uuid);
{OPENED_BEFORE}
{as_before(WHO_READS.FUNCTIONS, "file_hidden")}
{as_before(WHO_READS.FUNCTIONS, "concern_routed")}
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("safeguarding", "0006_desk_indexes")]
    operations = [migrations.RunSQL(FUNCTIONS, AS_IT_WAS)]
