"""Whose planner checks one sees is asked of what is kept, on the day of whoever acts."""

from importlib import import_module

from django.db import migrations

from core.rls import sees_group

before = import_module("tutoring.conduct.migrations.0002_policies")


def _policies(seen: str) -> str:
    return f"""
ALTER POLICY may_select ON conduct_plannercheck USING ({seen});
ALTER POLICY may_insert ON conduct_plannercheck WITH CHECK (by_id = {before.ME} AND {seen});
ALTER POLICY may_select ON conduct_plannercheckchange USING ({seen});
"""


class Migration(migrations.Migration):
    dependencies = [("conduct", "0003_meaning"), ("groups", "0013_groups_seen")]
    operations = [migrations.RunSQL(_policies(sees_group("conduct.check_planners")), _policies(before.GROUP_SEEN))]
