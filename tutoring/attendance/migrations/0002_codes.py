"""Seeds the national attendance codes."""

from django.db import migrations

from tutoring.attendance.codes import CODES


def seed(apps, schema_editor):
    code = apps.get_model("attendance", "Code")
    code.objects.using(schema_editor.connection.alias).bulk_create(
        code(code=c, label=label, stat_class=stat_class, valid_from=first, valid_to=last)
        for c, label, stat_class, first, last in CODES
    )


def unseed(apps, schema_editor):
    apps.get_model("attendance", "Code").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]
    operations = [migrations.RunPython(seed, unseed)]
