"""Terms and closures: everybody reads them, whoever settles the school's calendar writes them. Decision 0006."""

from django.db import migrations

from core.rls import belongs_to_school


class Migration(migrations.Migration):
    dependencies = [("students", "0003_history"), ("accounts", "0010_entry_policies")]
    operations = [belongs_to_school("students_term"), belongs_to_school("students_closure")]
