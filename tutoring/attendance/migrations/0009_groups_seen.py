"""Whose registers one sees is asked of what is kept of whoever acts."""

from importlib import import_module

from django.db import migrations

from core.rls import sees_group

before = import_module("tutoring.attendance.migrations.0008_register_policies")


def _policies(seen: str) -> str:
    return f"""
ALTER POLICY may_select ON attendance_register USING ({seen});
ALTER POLICY may_insert ON attendance_register WITH CHECK (by_id = {before.ME} AND {seen});
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0008_register_policies"), ("groups", "0013_groups_seen")]
    operations = [migrations.RunSQL(_policies(sees_group("attendance.take_register")), _policies(before.GROUP_SEEN))]
