"""History of groups and of who is linked to whom. Decision 0007."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.db import migrations, models

import audit.history
from audit.history import protect_history
from core.rls import sees

OF_MY_SCHOOL = (
    "EXISTS (SELECT FROM accounts_membership m WHERE m.id = membership_id AND m.school_id = (SELECT guard.school()))"
)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_who_changed'),
        ('groups', '0002_sight'),
        ('accounts', '0003_guard'),
        ('accounts', '0008_history'),
        ('groups', '0002_sight'),
        ('students', '0003_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseloadEntryChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GroupMembershipChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TutorAssignmentChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TutorGroupChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('name', models.CharField(max_length=30)),
                ('year_group', models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caseloadentry',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_caseloadentrychange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_on", "ends_on", "membership_id", "student_id") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."starts_on", new_values."ends_on", new_values."membership_id", new_values."student_id" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='05e3794220e55e346baef146ec5eba95d49e4319', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_dc52f', referencing='REFERENCING NEW TABLE AS new_values ', table='groups_caseloadentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caseloadentry',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_caseloadentrychange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_on", "ends_on", "membership_id", "student_id") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."starts_on", old_values."ends_on", old_values."membership_id", old_values."student_id" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='d44f7f478ca743845ac74b23aa47b707066d91e5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_62b5b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='groups_caseloadentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caseloadentry',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_caseloadentrychange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_on", "ends_on", "membership_id", "student_id") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."starts_on", old_values."ends_on", old_values."membership_id", old_values."student_id" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='de23ba0cdb22b9ef23cdf2d12622dc115194a3f3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_7d6a7', referencing='REFERENCING OLD TABLE AS old_values ', table='groups_caseloadentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmembership',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_groupmembershipchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_on", "ends_on", "student_id", "group_id") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."starts_on", new_values."ends_on", new_values."student_id", new_values."group_id" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='b120bc40aecd305e646ddc9441d295cc5d1ea6e9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_3600e', referencing='REFERENCING NEW TABLE AS new_values ', table='groups_groupmembership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmembership',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_groupmembershipchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_on", "ends_on", "student_id", "group_id") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."starts_on", old_values."ends_on", old_values."student_id", old_values."group_id" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='83ad67410db1b864de4635bfae52fedfa0208297', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_3888b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='groups_groupmembership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmembership',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_groupmembershipchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_on", "ends_on", "student_id", "group_id") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."starts_on", old_values."ends_on", old_values."student_id", old_values."group_id" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='ad80358a78c09a8509eddd6ebb40e0ff1cf49692', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_36548', referencing='REFERENCING OLD TABLE AS old_values ', table='groups_groupmembership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorassignment',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_tutorassignmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_on", "ends_on", "membership_id", "group_id") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."starts_on", new_values."ends_on", new_values."membership_id", new_values."group_id" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='2c84c88fec7525d4b05e7c591388fa0336acddff', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_d2aa9', referencing='REFERENCING NEW TABLE AS new_values ', table='groups_tutorassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorassignment',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_tutorassignmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_on", "ends_on", "membership_id", "group_id") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."starts_on", old_values."ends_on", old_values."membership_id", old_values."group_id" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='ede46f632a00d03ff2d0e745d4dd126e6f45e089', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_8150e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='groups_tutorassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorassignment',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_tutorassignmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_on", "ends_on", "membership_id", "group_id") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."starts_on", old_values."ends_on", old_values."membership_id", old_values."group_id" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='0258b09568f18939b126c47f2ad151e59c33bcdf', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_b5942', referencing='REFERENCING OLD TABLE AS old_values ', table='groups_tutorassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorgroup',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_tutorgroupchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "name", "year_group", "house_id") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."school_id", new_values."name", new_values."year_group", new_values."house_id" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='924be4147506d28a8d3bf99914dd97d9d1e56248', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_ee4be', referencing='REFERENCING NEW TABLE AS new_values ', table='groups_tutorgroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorgroup',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_tutorgroupchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "name", "year_group", "house_id") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."school_id", old_values."name", old_values."year_group", old_values."house_id" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='9cc521e93c780fad8a609b37f020e1e8cd7c6e33', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_0093e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='groups_tutorgroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorgroup',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "groups_tutorgroupchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "name", "year_group", "house_id") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."school_id", old_values."name", old_values."year_group", old_values."house_id" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='59520a2a40e4393ef579a201aaed3bbbcbc98291', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_45b6c', referencing='REFERENCING OLD TABLE AS old_values ', table='groups_tutorgroup', when='AFTER')),
        ),
        migrations.AddField(
            model_name='caseloadentrychange',
            name='membership',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='caseloadentrychange',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student'),
        ),
        migrations.AddField(
            model_name='groupmembershipchange',
            name='group',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='groups.tutorgroup'),
        ),
        migrations.AddField(
            model_name='groupmembershipchange',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student'),
        ),
        migrations.AddField(
            model_name='tutorassignmentchange',
            name='group',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='groups.tutorgroup'),
        ),
        migrations.AddField(
            model_name='tutorassignmentchange',
            name='membership',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='tutorgroupchange',
            name='house',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.house'),
        ),
        migrations.AddField(
            model_name='tutorgroupchange',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.school'),
        ),
        protect_history("groups_tutorgroupchange", select="school_id = (SELECT guard.school())"),
        protect_history("groups_groupmembershipchange", select=sees("students.view_student")),
        protect_history("groups_tutorassignmentchange", select=OF_MY_SCHOOL),
        protect_history("groups_caseloadentrychange", select=sees("students.view_student")),
    ]
