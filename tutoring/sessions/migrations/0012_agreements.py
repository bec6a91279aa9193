"""Words agreed in a conversation, with the student’s answer beside them, and their history."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('students', '0004_calendar_of_the_school'),
        ('tutor_sessions', '0011_entitlement_policies'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgreementChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('text', models.CharField(max_length=300, verbose_name='what we agreed')),
                ('answer', models.CharField(choices=[('open', 'Not answered yet'), ('confirmed', 'Confirmed'), ('amended', 'In other words'), ('disputed', 'Does not agree')], default='open', max_length=10, verbose_name='the student’s answer')),
                ('student_text', models.CharField(blank=True, max_length=300, verbose_name='the student’s own version or objection')),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('answered_how', models.CharField(blank=True, choices=[('device', 'on the tutor’s device')], max_length=10, verbose_name='how it was answered')),
                ('session', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tutor_sessions.tutorsession')),
                ('student', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('text', models.CharField(max_length=300, verbose_name='what we agreed')),
                ('answer', models.CharField(choices=[('open', 'Not answered yet'), ('confirmed', 'Confirmed'), ('amended', 'In other words'), ('disputed', 'Does not agree')], default='open', max_length=10, verbose_name='the student’s answer')),
                ('student_text', models.CharField(blank=True, max_length=300, verbose_name='the student’s own version or objection')),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('answered_how', models.CharField(blank=True, choices=[('device', 'on the tutor’s device')], max_length=10, verbose_name='how it was answered')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='tutor_sessions.tutorsession')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='students.student')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('session', 'position'), name='agreement_place_once'), models.CheckConstraint(condition=models.Q(('position__range', (1, 3))), name='agreement_place_1_to_3'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'open'), ('answered_how', ''), ('answered_on', None), ('student_text', '')), models.Q(models.Q(('answer', 'open'), _negated=True), ('answered_on__isnull', False), models.Q(('answered_how', ''), _negated=True)), _connector='OR'), name='agreement_answered_whole'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'amended'), _negated=True), models.Q(('student_text', ''), _negated=True), _connector='OR'), name='agreement_amended_in_words'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'confirmed'), _negated=True), ('student_text', ''), _connector='OR'), name='agreement_confirmed_as_is')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreement',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_agreementchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "position", "text", "answer", "student_text", "answered_on", "answered_how") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."session_id", new_values."student_id", new_values."position", new_values."text", new_values."answer", new_values."student_text", new_values."answered_on", new_values."answered_how" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='a487dc36ffeb94d14e50a5eec7cbc7b516014491', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_00ed8', referencing='REFERENCING NEW TABLE AS new_values ', table='tutor_sessions_agreement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreement',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_agreementchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "position", "text", "answer", "student_text", "answered_on", "answered_how") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."position", old_values."text", old_values."answer", old_values."student_text", old_values."answered_on", old_values."answered_how" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='50341c45ff213ffb9ca7d7b3f558edeb1f23fb85', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_5bae8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tutor_sessions_agreement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreement',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_agreementchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "position", "text", "answer", "student_text", "answered_on", "answered_how") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."position", old_values."text", old_values."answer", old_values."student_text", old_values."answered_on", old_values."answered_how" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='3f4f062e02cd540010d94a4516f41a1afe34026f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_23e24', referencing='REFERENCING OLD TABLE AS old_values ', table='tutor_sessions_agreement', when='AFTER')),
        ),
    ]
