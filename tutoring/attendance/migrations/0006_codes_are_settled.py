"""What codes mean comes with migrations; nothing of ours writes it. Decision 0006."""

from django.db import migrations

from core.rls import read_only


class Migration(migrations.Migration):
    dependencies = [("attendance", "0005_history"), ("accounts", "0010_entry_policies")]
    operations = [read_only("attendance_code")]
