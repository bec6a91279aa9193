"""Who tutors whom decides who sees whom: only whoever brings in the school's data may say it. Decision 0006."""

from django.db import migrations

from core.rls import holds, protect

OURS = (
    "EXISTS (SELECT FROM {table} t WHERE t.id = {column} AND t.school_id = (SELECT guard.school()))"
)
TIES = (
    f"{holds('exchange.import_data')}"
    f" AND {OURS.format(table='groups_tutorgroup', column='group_id')}"
    f" AND {OURS.format(table='accounts_membership', column='membership_id')}"
)


class Migration(migrations.Migration):
    dependencies = [("groups", "0003_history"), ("accounts", "0009_settled")]
    operations = [protect("groups_tutorassignment", select="true", insert=TIES, update=TIES, delete=TIES)]
