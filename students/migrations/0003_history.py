"""History of students and their families: read by those who see the rows themselves. Decision 0007."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.db import migrations, models

import audit.history
from audit.history import protect_history
from core.rls import sees


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_who_changed'),
        ('groups', '0002_sight'),
        ('accounts', '0008_history'),
        ('students', '0002_student_sort_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('priority', models.PositiveSmallIntegerField(default=1)),
                ('title', models.CharField(blank=True, max_length=20)),
                ('forename', models.CharField(blank=True, max_length=100)),
                ('surname', models.CharField(max_length=100)),
                ('relationship', models.CharField(blank=True, max_length=50)),
                ('parental_responsibility', models.BooleanField(default=False)),
                ('court_order', models.BooleanField(default=False)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('postcode', models.CharField(blank=True, max_length=10)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StudentChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('upn', models.CharField(blank=True, max_length=13, verbose_name='UPN')),
                ('admission_number', models.CharField(blank=True, max_length=20)),
                ('legal_forename', models.CharField(max_length=100)),
                ('legal_surname', models.CharField(max_length=100)),
                ('preferred_forename', models.CharField(max_length=100, verbose_name='preferred name')),
                ('preferred_surname', models.CharField(max_length=100)),
                ('date_of_birth', models.DateField(blank=True, null=True)),
                ('sex', models.CharField(choices=[('M', 'Male'), ('F', 'Female'), ('U', 'Not known')], default='U', max_length=1)),
                ('year_group', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('joined_on', models.DateField(blank=True, null=True)),
                ('left_on', models.DateField(blank=True, null=True)),
                ('enrolment_status', models.CharField(blank=True, max_length=1)),
                ('sen_status', models.CharField(choices=[('N', 'No SEN'), ('K', 'SEN support'), ('E', 'Education, health and care plan')], default='N', max_length=1, verbose_name='SEN status')),
                ('sen_need', models.CharField(blank=True, choices=[('SPLD', 'Specific learning difficulty'), ('MLD', 'Moderate learning difficulty'), ('SLD', 'Severe learning difficulty'), ('PMLD', 'Profound and multiple learning difficulty'), ('SEMH', 'Social, emotional and mental health'), ('SLCN', 'Speech, language and communication'), ('HI', 'Hearing impairment'), ('VI', 'Vision impairment'), ('MSI', 'Multi-sensory impairment'), ('PD', 'Physical disability'), ('ASD', 'Autistic spectrum disorder'), ('DS', 'Down syndrome'), ('OTH', 'Other difficulty or disability'), ('NSA', 'SEN support, no specialist assessment')], max_length=4, verbose_name='primary need')),
                ('pupil_premium', models.BooleanField(default=False)),
                ('eal', models.BooleanField(default=False, verbose_name='English as an additional language')),
                ('looked_after', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "students_contactchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "priority", "title", "forename", "surname", "relationship", "parental_responsibility", "court_order", "phone", "email", "address", "postcode") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."student_id", new_values."priority", new_values."title", new_values."forename", new_values."surname", new_values."relationship", new_values."parental_responsibility", new_values."court_order", new_values."phone", new_values."email", new_values."address", new_values."postcode" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='c4a7edf5c03819d01d4b0afd436aab3eb8f6bfbe', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_1df19', referencing='REFERENCING NEW TABLE AS new_values ', table='students_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "students_contactchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "priority", "title", "forename", "surname", "relationship", "parental_responsibility", "court_order", "phone", "email", "address", "postcode") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."priority", old_values."title", old_values."forename", old_values."surname", old_values."relationship", old_values."parental_responsibility", old_values."court_order", old_values."phone", old_values."email", old_values."address", old_values."postcode" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='4338f3a415413a6a9df4ba02de68c0f3a4ab50d5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_60b19', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='students_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "students_contactchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "priority", "title", "forename", "surname", "relationship", "parental_responsibility", "court_order", "phone", "email", "address", "postcode") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."priority", old_values."title", old_values."forename", old_values."surname", old_values."relationship", old_values."parental_responsibility", old_values."court_order", old_values."phone", old_values."email", old_values."address", old_values."postcode" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='5e574991b30712f0905651b5c916c2d1a2447e28', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_26ea0', referencing='REFERENCING OLD TABLE AS old_values ', table='students_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='student',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "students_studentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "upn", "admission_number", "legal_forename", "legal_surname", "preferred_forename", "preferred_surname", "date_of_birth", "sex", "year_group", "house_id", "email", "joined_on", "left_on", "enrolment_status", "sen_status", "sen_need", "pupil_premium", "eal", "looked_after") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."school_id", new_values."upn", new_values."admission_number", new_values."legal_forename", new_values."legal_surname", new_values."preferred_forename", new_values."preferred_surname", new_values."date_of_birth", new_values."sex", new_values."year_group", new_values."house_id", new_values."email", new_values."joined_on", new_values."left_on", new_values."enrolment_status", new_values."sen_status", new_values."sen_need", new_values."pupil_premium", new_values."eal", new_values."looked_after" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='5f93d2e5746e3559b7dbbf089147fd2d72ebcda5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_1df49', referencing='REFERENCING NEW TABLE AS new_values ', table='students_student', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='student',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "students_studentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "upn", "admission_number", "legal_forename", "legal_surname", "preferred_forename", "preferred_surname", "date_of_birth", "sex", "year_group", "house_id", "email", "joined_on", "left_on", "enrolment_status", "sen_status", "sen_need", "pupil_premium", "eal", "looked_after") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."school_id", old_values."upn", old_values."admission_number", old_values."legal_forename", old_values."legal_surname", old_values."preferred_forename", old_values."preferred_surname", old_values."date_of_birth", old_values."sex", old_values."year_group", old_values."house_id", old_values."email", old_values."joined_on", old_values."left_on", old_values."enrolment_status", old_values."sen_status", old_values."sen_need", old_values."pupil_premium", old_values."eal", old_values."looked_after" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."admission_number" IS DISTINCT FROM (new_values."admission_number") OR old_values."date_of_birth" IS DISTINCT FROM (new_values."date_of_birth") OR old_values."eal" IS DISTINCT FROM (new_values."eal") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."enrolment_status" IS DISTINCT FROM (new_values."enrolment_status") OR old_values."house_id" IS DISTINCT FROM (new_values."house_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."joined_on" IS DISTINCT FROM (new_values."joined_on") OR old_values."left_on" IS DISTINCT FROM (new_values."left_on") OR old_values."legal_forename" IS DISTINCT FROM (new_values."legal_forename") OR old_values."legal_surname" IS DISTINCT FROM (new_values."legal_surname") OR old_values."looked_after" IS DISTINCT FROM (new_values."looked_after") OR old_values."preferred_forename" IS DISTINCT FROM (new_values."preferred_forename") OR old_values."preferred_surname" IS DISTINCT FROM (new_values."preferred_surname") OR old_values."pupil_premium" IS DISTINCT FROM (new_values."pupil_premium") OR old_values."school_id" IS DISTINCT FROM (new_values."school_id") OR old_values."sen_need" IS DISTINCT FROM (new_values."sen_need") OR old_values."sen_status" IS DISTINCT FROM (new_values."sen_status") OR old_values."sex" IS DISTINCT FROM (new_values."sex") OR old_values."upn" IS DISTINCT FROM (new_values."upn") OR old_values."year_group" IS DISTINCT FROM (new_values."year_group"))) AS old_values CROSS JOIN who; RETURN NULL;', hash='6d0dbb242bcfe48d11e5eedbf41d5f9da8acaab8', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_7371c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='students_student', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='student',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "students_studentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "upn", "admission_number", "legal_forename", "legal_surname", "preferred_forename", "preferred_surname", "date_of_birth", "sex", "year_group", "house_id", "email", "joined_on", "left_on", "enrolment_status", "sen_status", "sen_need", "pupil_premium", "eal", "looked_after") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."school_id", old_values."upn", old_values."admission_number", old_values."legal_forename", old_values."legal_surname", old_values."preferred_forename", old_values."preferred_surname", old_values."date_of_birth", old_values."sex", old_values."year_group", old_values."house_id", old_values."email", old_values."joined_on", old_values."left_on", old_values."enrolment_status", old_values."sen_status", old_values."sen_need", old_values."pupil_premium", old_values."eal", old_values."looked_after" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='6c8d1d063494c0129e3a79b497dc916527345803', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_b2e7e', referencing='REFERENCING OLD TABLE AS old_values ', table='students_student', when='AFTER')),
        ),
        migrations.AddField(
            model_name='contactchange',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student'),
        ),
        migrations.AddField(
            model_name='studentchange',
            name='house',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.house'),
        ),
        migrations.AddField(
            model_name='studentchange',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.school'),
        ),
        protect_history("students_studentchange", select=sees("students.view_student", "id")),
        protect_history("students_contactchange", select=sees("students.view_family")),
    ]
