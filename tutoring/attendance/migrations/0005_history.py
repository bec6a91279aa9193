"""History of marks that were changed or taken back. Decision 0007."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.history
from audit.history import protect_history
from core.rls import sees


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_who_changed'),
        ('groups', '0002_sight'),
        ('attendance', '0004_policies'),
        ('students', '0003_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='MarkChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('date', models.DateField()),
                ('session', models.CharField(choices=[('AM', 'Morning'), ('PM', 'Afternoon')], max_length=2)),
                ('code', models.CharField(max_length=2)),
                ('minutes_late', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('comment', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mark',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "attendance_markchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "student_id", "date", "session", "code", "minutes_late", "comment") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."student_id", old_values."date", old_values."session", old_values."code", old_values."minutes_late", old_values."comment" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."student_id", old_values."date", old_values."session") = (new_values."student_id", new_values."date", new_values."session") WHERE (old_values."code" IS DISTINCT FROM (new_values."code") OR old_values."comment" IS DISTINCT FROM (new_values."comment") OR old_values."date" IS DISTINCT FROM (new_values."date") OR old_values."minutes_late" IS DISTINCT FROM (new_values."minutes_late") OR old_values."session" IS DISTINCT FROM (new_values."session") OR old_values."student_id" IS DISTINCT FROM (new_values."student_id"))) AS old_values CROSS JOIN who; RETURN NULL;', hash='d8feee343e6b8df3a7b2faef35865c6eeeabf49a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_c7ee8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='attendance_mark', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mark',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "attendance_markchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "student_id", "date", "session", "code", "minutes_late", "comment") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."student_id", old_values."date", old_values."session", old_values."code", old_values."minutes_late", old_values."comment" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='035f42d6a327eefa84440a3335c0c8befa7b85cd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_9fc81', referencing='REFERENCING OLD TABLE AS old_values ', table='attendance_mark', when='AFTER')),
        ),
        migrations.AddField(
            model_name='markchange',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='students.student'),
        ),
        protect_history("attendance_markchange", select=sees("attendance.view_attendance")),
    ]
