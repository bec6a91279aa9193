"""Mentors of students: from when to when, what for, and what the student brings."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0004_people_around_policies'),
        ('students', '0004_calendar_of_the_school'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MentoringChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('submission', models.UUIDField()),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ('aspiration', models.CharField(max_length=300, verbose_name='what it is for, in their words')),
                ('strengths', models.CharField(blank=True, max_length=300, verbose_name='strengths to build on')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('ended_words', models.CharField(blank=True, max_length=300, verbose_name='what came of it')),
                ('ended_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('mentor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('student', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Mentoring',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('submission', models.UUIDField(unique=True)),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ('aspiration', models.CharField(max_length=300, verbose_name='what it is for, in their words')),
                ('strengths', models.CharField(blank=True, max_length=300, verbose_name='strengths to build on')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('ended_words', models.CharField(blank=True, max_length=300, verbose_name='what came of it')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentorings', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentorings', to='students.student')),
            ],
            options={
                'ordering': ['-since', '-created_at'],
                'indexes': [models.Index(condition=models.Q(('until', None)), fields=['mentor'], name='mentoring_now')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('student', 'mentor'), name='mentoring_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by', None), ('ended_words', ''), ('until', None)), models.Q(('ended_by__isnull', False), ('until__gte', models.F('since'))), _connector='OR'), name='mentoring_ended_by_somebody')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mentoring',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_mentoringchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "mentor_id", "submission", "since", "aspiration", "strengths", "set_by_id", "created_at", "until", "ended_by_id", "ended_words") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."student_id", new_values."mentor_id", new_values."submission", new_values."since", new_values."aspiration", new_values."strengths", new_values."set_by_id", new_values."created_at", new_values."until", new_values."ended_by_id", new_values."ended_words" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='d2f25a4731caeed633d89d9b18e5d9ba7a0d4439', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_fccb2', referencing='REFERENCING NEW TABLE AS new_values ', table='referrals_mentoring', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mentoring',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_mentoringchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "mentor_id", "submission", "since", "aspiration", "strengths", "set_by_id", "created_at", "until", "ended_by_id", "ended_words") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."mentor_id", old_values."submission", old_values."since", old_values."aspiration", old_values."strengths", old_values."set_by_id", old_values."created_at", old_values."until", old_values."ended_by_id", old_values."ended_words" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='7e2c19f1730c9d801a762574b5a8ab40bfe10d09', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_92c37', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='referrals_mentoring', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mentoring',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_mentoringchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "mentor_id", "submission", "since", "aspiration", "strengths", "set_by_id", "created_at", "until", "ended_by_id", "ended_words") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."mentor_id", old_values."submission", old_values."since", old_values."aspiration", old_values."strengths", old_values."set_by_id", old_values."created_at", old_values."until", old_values."ended_by_id", old_values."ended_words" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='3e48d85cef20105c30108b76cd7063a4ff43f3e5', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_f9980', referencing='REFERENCING OLD TABLE AS old_values ', table='referrals_mentoring', when='AFTER')),
        ),
    ]
