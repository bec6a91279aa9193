"""The school year in which what is agreed is to be read with ease (journeys: the agreed record)."""

import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_chair_of_governors'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='school',
            name='history_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='school',
            name='history_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='school',
            name='history_delete',
        ),
        migrations.AddField(
            model_name='school',
            name='plain_year',
            field=models.PositiveSmallIntegerField(db_default=8, default=8, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(13)], verbose_name='what is agreed is to be read with ease in year'),
        ),
        migrations.AddField(
            model_name='schoolchange',
            name='plain_year',
            field=models.PositiveSmallIntegerField(db_default=8, default=8, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(13)], verbose_name='what is agreed is to be read with ease in year'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_schoolchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label", "new_weeks", "plain_year", "handling_label", "quiet_from", "quiet_until", "digest_at", "behaviour_policy", "boundaries", "role_labels", "created_at") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."name", new_values."dfe_number", new_values."house_label", new_values."tutor_group_label", new_values."tutor_label", new_values."senco_label", new_values."new_weeks", new_values."plain_year", new_values."handling_label", new_values."quiet_from", new_values."quiet_until", new_values."digest_at", new_values."behaviour_policy", new_values."boundaries", new_values."role_labels", new_values."created_at" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='cd56773fae22d08602de3f79553e1ab716be6633', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_aac47', referencing='REFERENCING NEW TABLE AS new_values ', table='accounts_school', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_schoolchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label", "new_weeks", "plain_year", "handling_label", "quiet_from", "quiet_until", "digest_at", "behaviour_policy", "boundaries", "role_labels", "created_at") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."name", old_values."dfe_number", old_values."house_label", old_values."tutor_group_label", old_values."tutor_label", old_values."senco_label", old_values."new_weeks", old_values."plain_year", old_values."handling_label", old_values."quiet_from", old_values."quiet_until", old_values."digest_at", old_values."behaviour_policy", old_values."boundaries", old_values."role_labels", old_values."created_at" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='adfbfe9b8c33016efbaf5d38374acfe4967c9f05', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_d7911', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='accounts_school', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_schoolchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label", "new_weeks", "plain_year", "handling_label", "quiet_from", "quiet_until", "digest_at", "behaviour_policy", "boundaries", "role_labels", "created_at") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."name", old_values."dfe_number", old_values."house_label", old_values."tutor_group_label", old_values."tutor_label", old_values."senco_label", old_values."new_weeks", old_values."plain_year", old_values."handling_label", old_values."quiet_from", old_values."quiet_until", old_values."digest_at", old_values."behaviour_policy", old_values."boundaries", old_values."role_labels", old_values."created_at" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='e64db9f4e6729e18e4f4cc34ee31a20f6f2da2dc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_8cd0f', referencing='REFERENCING OLD TABLE AS old_values ', table='accounts_school', when='AFTER')),
        ),
    ]
