"""The owner, where nobody acts, may take a key away, as a migration or a mended backup may have to."""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

BEFORE = import_module("safeguarding.sharing.migrations.0002_nobody_left_out")
WAS = as_before(BEFORE.FUNCTIONS, "stays_readable")
FIRST = "  IF EXISTS (SELECT FROM public.safeguarding_concern WHERE id = OLD.concern_id)\n"
NOBODY_ACTS = "  IF coalesce(current_setting('waymark.actor', true), '') = '' THEN\n    RETURN NULL;\n  END IF;\n"
AS_DEFINER = "SET LOCAL ROLE waymark_definer;\n{}\nSET LOCAL ROLE waymark_owner;"


class Migration(migrations.Migration):
    dependencies = [("sharing", "0005_who_reads_lines")]
    operations = [
        migrations.RunSQL(AS_DEFINER.format(WAS.replace(FIRST, NOBODY_ACTS + FIRST)), AS_DEFINER.format(WAS)),
    ]
