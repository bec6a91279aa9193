"""History of grades, behaviour and comments. Decision 0007."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import audit.history
from audit.history import protect_history
from core.rls import sees

SEE = sees("progress.view_progress")


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_who_changed'),
        ('groups', '0002_sight'),
        ('progress', '0002_policies'),
        ('students', '0003_history'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AssessmentChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('teacher_code', models.CharField(blank=True, max_length=60)),
                ('target', models.CharField(blank=True, max_length=20)),
                ('working_at', models.CharField(blank=True, max_length=20)),
                ('effort', models.CharField(blank=True, max_length=40)),
                ('comment', models.CharField(blank=True, max_length=500, verbose_name='what will help most')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BehaviourEventChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('date', models.DateField()),
                ('kind', models.CharField(choices=[('positive', 'Reward'), ('negative', 'Sanction')], max_length=8)),
                ('category', models.CharField(max_length=100)),
                ('points', models.SmallIntegerField(default=0)),
                ('staff_code', models.CharField(blank=True, max_length=60)),
                ('comment', models.CharField(blank=True, max_length=500)),
                ('number', models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TermCommentChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('text', models.TextField(max_length=2000)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "progress_assessmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "subject_id", "data_drop_id", "teacher_id", "teacher_code", "target", "working_at", "effort", "comment") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."subject_id", old_values."data_drop_id", old_values."teacher_id", old_values."teacher_code", old_values."target", old_values."working_at", old_values."effort", old_values."comment" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='79263efc53e1ddc1d493c319ea3ef486f1a28da4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_85669', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='progress_assessment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "progress_assessmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "subject_id", "data_drop_id", "teacher_id", "teacher_code", "target", "working_at", "effort", "comment") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."subject_id", old_values."data_drop_id", old_values."teacher_id", old_values."teacher_code", old_values."target", old_values."working_at", old_values."effort", old_values."comment" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='9c079a12e55aa2a01debe8bac843c4c1c81fc923', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_76303', referencing='REFERENCING OLD TABLE AS old_values ', table='progress_assessment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='behaviourevent',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "progress_behavioureventchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "date", "kind", "category", "points", "staff_id", "staff_code", "comment", "number") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."date", old_values."kind", old_values."category", old_values."points", old_values."staff_id", old_values."staff_code", old_values."comment", old_values."number" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='45b0a5b4d82c57ee2cd25a0645b7a93e2b54dd06', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_ffaea', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='progress_behaviourevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='behaviourevent',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "progress_behavioureventchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "date", "kind", "category", "points", "staff_id", "staff_code", "comment", "number") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."date", old_values."kind", old_values."category", old_values."points", old_values."staff_id", old_values."staff_code", old_values."comment", old_values."number" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='b85b452c20122608c4b0b4358b8ccc7df7481e6e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_16804', referencing='REFERENCING OLD TABLE AS old_values ', table='progress_behaviourevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='termcomment',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "progress_termcommentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "term_id", "author_id", "text", "updated_at") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."student_id", new_values."term_id", new_values."author_id", new_values."text", new_values."updated_at" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='8e2f6e9b988aea197e5b7e7cb37468aeeb6be58d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_beed9', referencing='REFERENCING NEW TABLE AS new_values ', table='progress_termcomment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='termcomment',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "progress_termcommentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "term_id", "author_id", "text", "updated_at") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."term_id", old_values."author_id", old_values."text", old_values."updated_at" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='8359c433250e744e0625718a93c57c0bed3ab83d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_bda06', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='progress_termcomment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='termcomment',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "progress_termcommentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "term_id", "author_id", "text", "updated_at") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."term_id", old_values."author_id", old_values."text", old_values."updated_at" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='7ec4b8f7bc5b34c7ede7d097e8c7164fcd64e5ce', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_1babe', referencing='REFERENCING OLD TABLE AS old_values ', table='progress_termcomment', when='AFTER')),
        ),
        migrations.AddField(
            model_name='assessmentchange',
            name='data_drop',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='progress.datadrop'),
        ),
        migrations.AddField(
            model_name='assessmentchange',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student'),
        ),
        migrations.AddField(
            model_name='assessmentchange',
            name='subject',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='progress.subject'),
        ),
        migrations.AddField(
            model_name='assessmentchange',
            name='teacher',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='behavioureventchange',
            name='staff',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='behavioureventchange',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student'),
        ),
        migrations.AddField(
            model_name='termcommentchange',
            name='author',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='termcommentchange',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student'),
        ),
        migrations.AddField(
            model_name='termcommentchange',
            name='term',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.term'),
        ),
        protect_history("progress_assessmentchange", select=SEE),
        protect_history("progress_behavioureventchange", select=SEE),
        protect_history("progress_termcommentchange", select=SEE),
    ]
