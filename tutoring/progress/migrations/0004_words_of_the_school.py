"""Subjects and data drops: everybody reads their names, the data manager writes those of the school. Decision 0006."""

from django.db import migrations

from core.rls import belongs_to_school


class Migration(migrations.Migration):
    dependencies = [("progress", "0003_history"), ("accounts", "0010_entry_policies")]
    operations = [belongs_to_school("progress_subject"), belongs_to_school("progress_datadrop")]
