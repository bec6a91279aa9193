"""Ethnicity, special category data, in a table of its own with its history. Policies follow in 0006."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0019_plain_year'),
        ('students', '0004_calendar_of_the_school'),
    ]

    operations = [
        migrations.CreateModel(
            name='EthnicityChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('code', models.CharField(blank=True, choices=[('WBRI', 'White - British'), ('WIRI', 'White - Irish'), ('WIRT', 'Traveller of Irish heritage'), ('WROM', 'Gypsy/Roma'), ('WOTH', 'Any other White background'), ('MWBC', 'White and Black Caribbean'), ('MWBA', 'White and Black African'), ('MWAS', 'White and Asian'), ('MOTH', 'Any other mixed background'), ('AIND', 'Indian'), ('APKN', 'Pakistani'), ('ABAN', 'Bangladeshi'), ('AOTH', 'Any other Asian background'), ('BCRB', 'Black Caribbean'), ('BAFR', 'Black African'), ('BOTH', 'Any other Black background'), ('CHNE', 'Chinese'), ('OOTH', 'Any other ethnic group'), ('REFU', 'Refused'), ('NOBT', 'Information not yet obtained')], max_length=4, verbose_name='ethnicity')),
                ('source', models.CharField(blank=True, choices=[('C', 'Student'), ('P', 'Parent'), ('S', 'School'), ('O', 'Other')], max_length=1, verbose_name='source of ethnicity')),
                ('school', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.school')),
                ('student', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Ethnicity',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(blank=True, choices=[('WBRI', 'White - British'), ('WIRI', 'White - Irish'), ('WIRT', 'Traveller of Irish heritage'), ('WROM', 'Gypsy/Roma'), ('WOTH', 'Any other White background'), ('MWBC', 'White and Black Caribbean'), ('MWBA', 'White and Black African'), ('MWAS', 'White and Asian'), ('MOTH', 'Any other mixed background'), ('AIND', 'Indian'), ('APKN', 'Pakistani'), ('ABAN', 'Bangladeshi'), ('AOTH', 'Any other Asian background'), ('BCRB', 'Black Caribbean'), ('BAFR', 'Black African'), ('BOTH', 'Any other Black background'), ('CHNE', 'Chinese'), ('OOTH', 'Any other ethnic group'), ('REFU', 'Refused'), ('NOBT', 'Information not yet obtained')], max_length=4, verbose_name='ethnicity')),
                ('source', models.CharField(blank=True, choices=[('C', 'Student'), ('P', 'Parent'), ('S', 'School'), ('O', 'Other')], max_length=1, verbose_name='source of ethnicity')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.school')),
                ('student', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='students.student')),
            ],
            options={
                'verbose_name_plural': 'ethnicities',
                'constraints': [models.CheckConstraint(condition=models.Q(('code', ''), ('code__in', ['WBRI', 'WIRI', 'WIRT', 'WROM', 'WOTH', 'MWBC', 'MWBA', 'MWAS', 'MOTH', 'AIND', 'APKN', 'ABAN', 'AOTH', 'BCRB', 'BAFR', 'BOTH', 'CHNE', 'OOTH', 'REFU', 'NOBT']), _connector='OR'), name='ethnicity_code_known')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ethnicity',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "students_ethnicitychange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "student_id", "code", "source") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."school_id", new_values."student_id", new_values."code", new_values."source" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='0e3987b78c6ae3be2a3e086235121d2bbeb7c5c2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_44e41', referencing='REFERENCING NEW TABLE AS new_values ', table='students_ethnicity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ethnicity',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "students_ethnicitychange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "student_id", "code", "source") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."school_id", old_values."student_id", old_values."code", old_values."source" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='d39200853f3dfc4330749bac6e1503e487ef9218', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_184db', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='students_ethnicity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ethnicity',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "students_ethnicitychange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "student_id", "code", "source") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."school_id", old_values."student_id", old_values."code", old_values."source" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='d51c9d8d9c6ffa603ee713d37f5fc9f573e2ae35', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_5b635', referencing='REFERENCING OLD TABLE AS old_values ', table='students_ethnicity', when='AFTER')),
        ),
    ]
