"""Whose the groups are: everybody reads their names, the data manager writes those of the school. Decision 0006."""

from django.db import migrations

from core.rls import belongs_to_school


class Migration(migrations.Migration):
    dependencies = [("groups", "0004_who_ties"), ("accounts", "0010_entry_policies")]
    operations = [belongs_to_school("groups_tutorgroup")]
