"""What was told by mail is the job's own: no person reads it, nobody else writes it."""

from django.db import migrations

from core.rls import is_system, protect, settled

JOB = is_system("staff mails")


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("accounts", "0015_mails_of_staff")]
    operations = [
        protect("notices_staffnotice", select=JOB, insert=JOB, update=JOB),
        settled("notices_staffnotice", "person_id"),
    ]
