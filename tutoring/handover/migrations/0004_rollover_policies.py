"""Whoever brings in the school's data moves it into the next year; the hourly job finds what is due and reads no more."""

from django.db import migrations

from core.rls import holds, is_system, protect, settled

OURS = f"school_id = (SELECT guard.school()) AND {holds('exchange.import_data')}"


class Migration(migrations.Migration):
    dependencies = [("handover", "0003_rollover")]
    operations = [
        protect(
            "handover_rollover",
            select=f"({OURS}) OR {is_system('new year')}",
            insert=f"made_by_id = (SELECT guard.uid()) AND status = 'previewed' AND {OURS}",
            update=OURS,
        ),
        settled("handover_rollover", "school_id", "year", "made_by_id"),
    ]
