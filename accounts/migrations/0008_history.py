"""History of who may what: people, memberships, the school. For those who search the record, and oneself."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import audit.history
from audit.history import protect_history
from core.rls import holds

SEARCH = holds("audit.search_record")
OF_MY_SCHOOL = f"(school_id = (SELECT guard.school()) AND {SEARCH})"


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_who_changed'),
        ('accounts', '0007_seal_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='HouseChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('name', models.CharField(max_length=60)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MembershipChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('role', models.CharField(choices=[('tutor', 'Tutor'), ('one_to_one_tutor', '1:1 tutor'), ('head_of_house', 'Head of house'), ('deputy_head_of_house', 'Deputy head of house'), ('head_of_year', 'Head of year'), ('senco', 'SENCO'), ('dsl', 'Designated safeguarding lead'), ('deputy_dsl', 'Deputy DSL'), ('headteacher', 'Headteacher'), ('senior_leader', 'Senior leader'), ('data_manager', 'Data manager'), ('attendance_officer', 'Attendance officer'), ('subject_teacher', 'Subject teacher'), ('contributor', 'Contributor')], max_length=30)),
                ('year_group', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(14)])),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SchoolChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('dfe_number', models.CharField(blank=True, help_text='LA and establishment, 7 digits', max_length=7, verbose_name='DfE number')),
                ('house_label', models.CharField(default='House', max_length=30, verbose_name='a house is called')),
                ('tutor_group_label', models.CharField(default='Tutor group', max_length=30, verbose_name='a tutor group is called')),
                ('tutor_label', models.CharField(default='Tutor', max_length=30, verbose_name='a tutor is called')),
                ('senco_label', models.CharField(default='SENCO', max_length=30, verbose_name='the SENCO is called')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UserChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('email', models.EmailField(max_length=254)),
                ('title', models.CharField(blank=True, max_length=10)),
                ('first_name', models.CharField(max_length=100)),
                ('last_name', models.CharField(max_length=100)),
                ('staff_code', models.CharField(blank=True, max_length=30)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False)),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='house',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_housechange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "name") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."school_id", new_values."name" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='68a48f04027b0958f879a9090454793319667338', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_a9cca', referencing='REFERENCING NEW TABLE AS new_values ', table='accounts_house', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='house',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_housechange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "name") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."school_id", old_values."name" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='1cab12677156b3a67e8737ffb5e8c5fad34b31ce', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_a31ae', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='accounts_house', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='house',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_housechange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "school_id", "name") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."school_id", old_values."name" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='27577451e010d1dc53c0dfc863afb925a0e0fe9b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_c97cf', referencing='REFERENCING OLD TABLE AS old_values ', table='accounts_house', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_membershipchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "user_id", "school_id", "role", "house_id", "year_group", "starts_on", "ends_on", "stands_in_for_id") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."user_id", new_values."school_id", new_values."role", new_values."house_id", new_values."year_group", new_values."starts_on", new_values."ends_on", new_values."stands_in_for_id" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='cdb0b5b98255e363a98cbd43c8bbfe1cd3e6d9c5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_a7eb0', referencing='REFERENCING NEW TABLE AS new_values ', table='accounts_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_membershipchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "user_id", "school_id", "role", "house_id", "year_group", "starts_on", "ends_on", "stands_in_for_id") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."user_id", old_values."school_id", old_values."role", old_values."house_id", old_values."year_group", old_values."starts_on", old_values."ends_on", old_values."stands_in_for_id" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='48f0246e6e5d5753d4b3afa11ca950bf16094c5d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_0c78c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='accounts_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_membershipchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "user_id", "school_id", "role", "house_id", "year_group", "starts_on", "ends_on", "stands_in_for_id") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."user_id", old_values."school_id", old_values."role", old_values."house_id", old_values."year_group", old_values."starts_on", old_values."ends_on", old_values."stands_in_for_id" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='c87d63d0aef2db8bcb1fb54a1082daff13ae75b1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_96673', referencing='REFERENCING OLD TABLE AS old_values ', table='accounts_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_schoolchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label", "created_at") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."name", new_values."dfe_number", new_values."house_label", new_values."tutor_group_label", new_values."tutor_label", new_values."senco_label", new_values."created_at" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='019f0a49b3b14cf6f92ab99e589aa465fadd034f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_aac47', referencing='REFERENCING NEW TABLE AS new_values ', table='accounts_school', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_schoolchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label", "created_at") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."name", old_values."dfe_number", old_values."house_label", old_values."tutor_group_label", old_values."tutor_label", old_values."senco_label", old_values."created_at" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='51191a6a97bc8f0a8fa600ab45fd4334c4458ce9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_d7911', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='accounts_school', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_schoolchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label", "created_at") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."name", old_values."dfe_number", old_values."house_label", old_values."tutor_group_label", old_values."tutor_label", old_values."senco_label", old_values."created_at" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='14281f3bd1454627f082957a4e75a92deeff1719', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_8cd0f', referencing='REFERENCING OLD TABLE AS old_values ', table='accounts_school', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_userchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "email", "title", "first_name", "last_name", "school_id", "staff_code", "is_active", "is_staff", "date_joined") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."email", new_values."title", new_values."first_name", new_values."last_name", new_values."school_id", new_values."staff_code", new_values."is_active", new_values."is_staff", new_values."date_joined" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='e084b26df2369a0e4d29f74d77863f0bf9785d3b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_e218e', referencing='REFERENCING NEW TABLE AS new_values ', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_userchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "email", "title", "first_name", "last_name", "school_id", "staff_code", "is_active", "is_staff", "date_joined") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."email", old_values."title", old_values."first_name", old_values."last_name", old_values."school_id", old_values."staff_code", old_values."is_active", old_values."is_staff", old_values."date_joined" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."date_joined" IS DISTINCT FROM (new_values."date_joined") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."first_name" IS DISTINCT FROM (new_values."first_name") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."is_staff" IS DISTINCT FROM (new_values."is_staff") OR old_values."last_name" IS DISTINCT FROM (new_values."last_name") OR old_values."school_id" IS DISTINCT FROM (new_values."school_id") OR old_values."staff_code" IS DISTINCT FROM (new_values."staff_code") OR old_values."title" IS DISTINCT FROM (new_values."title"))) AS old_values CROSS JOIN who; RETURN NULL;', hash='b121a730381b9489ca50f8249d0f5e300a68fb6c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_e821b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_userchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "email", "title", "first_name", "last_name", "school_id", "staff_code", "is_active", "is_staff", "date_joined") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."email", old_values."title", old_values."first_name", old_values."last_name", old_values."school_id", old_values."staff_code", old_values."is_active", old_values."is_staff", old_values."date_joined" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='b716a41d513a24f888ad158b4e2cd73f744de686', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_3f525', referencing='REFERENCING OLD TABLE AS old_values ', table='accounts_user', when='AFTER')),
        ),
        migrations.AddField(
            model_name='housechange',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.school'),
        ),
        migrations.AddField(
            model_name='membershipchange',
            name='house',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.house'),
        ),
        migrations.AddField(
            model_name='membershipchange',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.school'),
        ),
        migrations.AddField(
            model_name='membershipchange',
            name='stands_in_for',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='membershipchange',
            name='user',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='userchange',
            name='school',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.school'),
        ),
        protect_history("accounts_schoolchange", select=f"id = (SELECT guard.school()) AND {SEARCH}", needs_actor=False),
        protect_history("accounts_housechange", select=f"school_id = (SELECT guard.school()) AND {SEARCH}", needs_actor=False),
        # Also written while somebody accepts an invitation, before there is an actor.
        protect_history("accounts_userchange", select=f"id = (SELECT guard.uid()) OR {OF_MY_SCHOOL}", needs_actor=False),
        protect_history(
            "accounts_membershipchange", select=f"user_id = (SELECT guard.uid()) OR {OF_MY_SCHOOL}", needs_actor=False
        ),
    ]
