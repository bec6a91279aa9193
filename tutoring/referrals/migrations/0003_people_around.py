"""Who is around a student, who keeps it together, and what a meeting of them held; each with its history."""

import django.contrib.postgres.fields
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
        ('referrals', '0002_policies'),
        ('students', '0004_calendar_of_the_school'),
        ('tutor_sessions', '0019_steps_outside'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyPersonChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('since', models.DateField(default=django.utils.timezone.localdate)),
                ('until', models.DateField(blank=True, null=True)),
                ('set_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('student', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MeetingRecord',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('came', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=220), default=list, size=None)),
                ('apologies', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=220), blank=True, default=list, size=None)),
                ('minutes_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=220), blank=True, default=list, size=None, verbose_name='minutes shared with')),
                ('minutes_words', models.CharField(blank=True, max_length=300, verbose_name='how the minutes go, and on whose consent')),
                ('decided', models.TextField(max_length=5000, verbose_name='what was decided')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='next meeting')),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='meeting', to='tutor_sessions.tutorsession')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='students.student')),
            ],
        ),
        migrations.CreateModel(
            name='MeetingRecordChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('came', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=220), default=list, size=None)),
                ('apologies', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=220), blank=True, default=list, size=None)),
                ('minutes_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=220), blank=True, default=list, size=None, verbose_name='minutes shared with')),
                ('minutes_words', models.CharField(blank=True, max_length=300, verbose_name='how the minutes go, and on whose consent')),
                ('decided', models.TextField(max_length=5000, verbose_name='what was decided')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='next meeting')),
                ('session', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tutor_sessions.tutorsession')),
                ('student', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonAround',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('role', models.CharField(max_length=100, verbose_name='what they are to the student')),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('since', models.DateField(default=django.utils.timezone.localdate)),
                ('until', models.DateField(blank=True, null=True)),
                ('may_know', models.CharField(max_length=300, verbose_name='what they may be told')),
                ('consent', models.CharField(choices=[('student', 'The student agrees'), ('parent', 'A parent or carer agrees'), ('both', 'The student and a parent or carer agree'), ('none', 'Without consent, for the reason below')], max_length=10)),
                ('consent_words', models.CharField(blank=True, max_length=300, verbose_name='who agreed and when, or why without')),
                ('note', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.agencycontact', verbose_name='in the directory')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people_around', to='students.student')),
            ],
            options={
                'verbose_name_plural': 'people around',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='PersonAroundChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('role', models.CharField(max_length=100, verbose_name='what they are to the student')),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('since', models.DateField(default=django.utils.timezone.localdate)),
                ('until', models.DateField(blank=True, null=True)),
                ('may_know', models.CharField(max_length=300, verbose_name='what they may be told')),
                ('consent', models.CharField(choices=[('student', 'The student agrees'), ('parent', 'A parent or carer agrees'), ('both', 'The student and a parent or carer agree'), ('none', 'Without consent, for the reason below')], max_length=10)),
                ('consent_words', models.CharField(blank=True, max_length=300, verbose_name='who agreed and when, or why without')),
                ('note', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='referrals.agencycontact', verbose_name='in the directory')),
                ('student', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='KeyPerson',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateField(default=django.utils.timezone.localdate)),
                ('until', models.DateField(blank=True, null=True)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='key_person_of', to=settings.AUTH_USER_MODEL)),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='key_people', to='students.student')),
            ],
            options={
                'verbose_name_plural': 'key people',
                'ordering': ['-since'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('student',), name='key_person_one_at_a_time'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='key_person_days')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyperson',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_keypersonchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "staff_id", "since", "until", "set_by_id") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."student_id", new_values."staff_id", new_values."since", new_values."until", new_values."set_by_id" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='00fc7f87cf3ae01e6a28aee1392996948a203336', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_f7422', referencing='REFERENCING NEW TABLE AS new_values ', table='referrals_keyperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyperson',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_keypersonchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "staff_id", "since", "until", "set_by_id") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."staff_id", old_values."since", old_values."until", old_values."set_by_id" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='19ecfdacadc539b5f8746308c289d5de5ec354a3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_819dd', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='referrals_keyperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyperson',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_keypersonchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "staff_id", "since", "until", "set_by_id") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."staff_id", old_values."since", old_values."until", old_values."set_by_id" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='ff4ba27a9eba53ee61ddc94c13add46b9f71bcf6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_06c80', referencing='REFERENCING OLD TABLE AS old_values ', table='referrals_keyperson', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='meetingrecord',
            index=models.Index(condition=models.Q(('next_on__isnull', False)), fields=['student', 'next_on'], name='meeting_again'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meetingrecord',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_meetingrecordchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "came", "apologies", "minutes_to", "minutes_words", "decided", "next_on") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."session_id", new_values."student_id", new_values."came", new_values."apologies", new_values."minutes_to", new_values."minutes_words", new_values."decided", new_values."next_on" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='c86ed0d483d28d14dc5573c70be2d01091626517', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_f242e', referencing='REFERENCING NEW TABLE AS new_values ', table='referrals_meetingrecord', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meetingrecord',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_meetingrecordchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "came", "apologies", "minutes_to", "minutes_words", "decided", "next_on") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."came", old_values."apologies", old_values."minutes_to", old_values."minutes_words", old_values."decided", old_values."next_on" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='1c53ea46e5fb03e082f93499bd50f7e381414d77', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_8f478', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='referrals_meetingrecord', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meetingrecord',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_meetingrecordchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "came", "apologies", "minutes_to", "minutes_words", "decided", "next_on") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."came", old_values."apologies", old_values."minutes_to", old_values."minutes_words", old_values."decided", old_values."next_on" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='debecf0b3171c8be2631c6e73b8cca1b336174c2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_97a59', referencing='REFERENCING OLD TABLE AS old_values ', table='referrals_meetingrecord', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='personaround',
            index=models.Index(fields=['student', 'until'], name='person_around_student'),
        ),
        migrations.AddConstraint(
            model_name='personaround',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='person_around_days'),
        ),
        migrations.AddConstraint(
            model_name='personaround',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('consent', 'none'), _negated=True), ('consent_words__regex', '\\S'), _connector='OR'), name='person_around_consent_or_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personaround',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_personaroundchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "contact_id", "name", "role", "phone", "email", "since", "until", "may_know", "consent", "consent_words", "note", "added_by_id", "created_at") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."student_id", new_values."contact_id", new_values."name", new_values."role", new_values."phone", new_values."email", new_values."since", new_values."until", new_values."may_know", new_values."consent", new_values."consent_words", new_values."note", new_values."added_by_id", new_values."created_at" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='b756a65e372f4b0d4880347daecb60f507995bc6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_9df59', referencing='REFERENCING NEW TABLE AS new_values ', table='referrals_personaround', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personaround',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_personaroundchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "contact_id", "name", "role", "phone", "email", "since", "until", "may_know", "consent", "consent_words", "note", "added_by_id", "created_at") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."contact_id", old_values."name", old_values."role", old_values."phone", old_values."email", old_values."since", old_values."until", old_values."may_know", old_values."consent", old_values."consent_words", old_values."note", old_values."added_by_id", old_values."created_at" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='3f514304d160ffdf78571b16aeaa38114b761a3a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_3f520', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='referrals_personaround', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personaround',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "referrals_personaroundchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "contact_id", "name", "role", "phone", "email", "since", "until", "may_know", "consent", "consent_words", "note", "added_by_id", "created_at") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."contact_id", old_values."name", old_values."role", old_values."phone", old_values."email", old_values."since", old_values."until", old_values."may_know", old_values."consent", old_values."consent_words", old_values."note", old_values."added_by_id", old_values."created_at" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='9374a5175e9ff5ab74744429b993b4108a5c88d9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_13835', referencing='REFERENCING OLD TABLE AS old_values ', table='referrals_personaround', when='AFTER')),
        ),
    ]
