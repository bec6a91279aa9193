"""Whose tutorials one sees is asked of what is kept, on the day of whoever acts."""

from collections.abc import Callable
from importlib import import_module

from django.db import migrations

from core.rls import sees, sees_group

before = import_module("tutoring.tutorials.migrations.0002_policies")
VIEW, RUN, ME = before.VIEW, before.RUN, before.ME


def _policies(seen: Callable[[str], str]) -> str:
    mine = f"series_id IN (SELECT s.id FROM tutorials_series s WHERE s.{seen(RUN)})"  # noqa: S608 (our names)
    there = f"{sees(RUN)} AND meeting_id IN (SELECT m.id FROM tutorials_meeting m WHERE m.{mine})"  # noqa: S608 (the same)
    return f"""
ALTER POLICY may_select ON tutorials_series USING ({seen(VIEW)});
ALTER POLICY may_insert ON tutorials_series WITH CHECK (made_by_id = {ME} AND {seen(RUN)});
ALTER POLICY may_update ON tutorials_series USING ({seen(RUN)}) WITH CHECK ({seen(RUN)});
ALTER POLICY may_delete ON tutorials_series USING ({seen(RUN)});
ALTER POLICY may_select ON tutorials_serieschange USING ({seen(VIEW)});
ALTER POLICY may_insert ON tutorials_meeting WITH CHECK (written_by_id = {ME} AND {mine});
ALTER POLICY may_update ON tutorials_meeting USING ({mine}) WITH CHECK ({mine});
ALTER POLICY may_insert ON tutorials_presence WITH CHECK ({there});
ALTER POLICY may_update ON tutorials_presence USING ({there}) WITH CHECK ({there});
ALTER POLICY may_delete ON tutorials_presence USING ({there});
"""


class Migration(migrations.Migration):
    dependencies = [("tutorials", "0002_policies"), ("groups", "0013_groups_seen")]
    operations = [migrations.RunSQL(_policies(sees_group), _policies(before.group_seen))]
