"""Imports name students in their findings: the data manager's alone, and the job's that does them. Decision 0006."""

from django.db import migrations

from core.rls import holds, is_system, protect

OURS = f"(school_id = (SELECT guard.school()) AND {holds('exchange.import_data')})"
EITHER = f"{OURS} OR {is_system('exchange')}"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("accounts", "0003_guard")]
    operations = [protect("exchange_importrun", select=EITHER, insert=OURS, update=EITHER)]
