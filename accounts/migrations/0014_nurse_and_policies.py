"""A nurse is a role; the school’s behaviour policy and what is said before listening stand beside the forms."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_handling_label'),
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
            name='behaviour_policy',
            field=models.URLField(blank=True, db_default='', default='', max_length=300, verbose_name='behaviour policy'),
        ),
        migrations.AddField(
            model_name='school',
            name='boundaries',
            field=models.CharField(blank=True, db_default='I am glad that you tell me. I cannot promise to keep it secret: if I am worried that you or somebody else is not safe, I tell the safeguarding lead, and I tell you that I do.', default='I am glad that you tell me. I cannot promise to keep it secret: if I am worried that you or somebody else is not safe, I tell the safeguarding lead, and I tell you that I do.', max_length=600, verbose_name='what is said before listening'),
        ),
        migrations.AddField(
            model_name='schoolchange',
            name='behaviour_policy',
            field=models.URLField(blank=True, db_default='', default='', max_length=300, verbose_name='behaviour policy'),
        ),
        migrations.AddField(
            model_name='schoolchange',
            name='boundaries',
            field=models.CharField(blank=True, db_default='I am glad that you tell me. I cannot promise to keep it secret: if I am worried that you or somebody else is not safe, I tell the safeguarding lead, and I tell you that I do.', default='I am glad that you tell me. I cannot promise to keep it secret: if I am worried that you or somebody else is not safe, I tell the safeguarding lead, and I tell you that I do.', max_length=600, verbose_name='what is said before listening'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('tutor', 'Tutor'), ('one_to_one_tutor', '1:1 tutor'), ('head_of_house', 'Head of house'), ('deputy_head_of_house', 'Deputy head of house'), ('head_of_year', 'Head of year'), ('senco', 'SENCO'), ('dsl', 'Designated safeguarding lead'), ('deputy_dsl', 'Deputy DSL'), ('headteacher', 'Headteacher'), ('senior_leader', 'Senior leader'), ('data_manager', 'Data manager'), ('attendance_officer', 'Attendance officer'), ('nurse', 'Nurse'), ('subject_teacher', 'Subject teacher'), ('contributor', 'Contributor')], max_length=30),
        ),
        migrations.AlterField(
            model_name='membershipchange',
            name='role',
            field=models.CharField(choices=[('tutor', 'Tutor'), ('one_to_one_tutor', '1:1 tutor'), ('head_of_house', 'Head of house'), ('deputy_head_of_house', 'Deputy head of house'), ('head_of_year', 'Head of year'), ('senco', 'SENCO'), ('dsl', 'Designated safeguarding lead'), ('deputy_dsl', 'Deputy DSL'), ('headteacher', 'Headteacher'), ('senior_leader', 'Senior leader'), ('data_manager', 'Data manager'), ('attendance_officer', 'Attendance officer'), ('nurse', 'Nurse'), ('subject_teacher', 'Subject teacher'), ('contributor', 'Contributor')], max_length=30),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_schoolchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label", "handling_label", "quiet_from", "quiet_until", "digest_at", "behaviour_policy", "boundaries", "created_at") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."name", new_values."dfe_number", new_values."house_label", new_values."tutor_group_label", new_values."tutor_label", new_values."senco_label", new_values."handling_label", new_values."quiet_from", new_values."quiet_until", new_values."digest_at", new_values."behaviour_policy", new_values."boundaries", new_values."created_at" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='810d6e2f01aeabe573350869718b34c7490d1b52', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_aac47', referencing='REFERENCING NEW TABLE AS new_values ', table='accounts_school', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_schoolchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label", "handling_label", "quiet_from", "quiet_until", "digest_at", "behaviour_policy", "boundaries", "created_at") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."name", old_values."dfe_number", old_values."house_label", old_values."tutor_group_label", old_values."tutor_label", old_values."senco_label", old_values."handling_label", old_values."quiet_from", old_values."quiet_until", old_values."digest_at", old_values."behaviour_policy", old_values."boundaries", old_values."created_at" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='8b1e4b0c069eac4c1c073a7f606688447fda9dd5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_d7911', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='accounts_school', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "accounts_schoolchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label", "handling_label", "quiet_from", "quiet_until", "digest_at", "behaviour_policy", "boundaries", "created_at") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."name", old_values."dfe_number", old_values."house_label", old_values."tutor_group_label", old_values."tutor_label", old_values."senco_label", old_values."handling_label", old_values."quiet_from", old_values."quiet_until", old_values."digest_at", old_values."behaviour_policy", old_values."boundaries", old_values."created_at" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='176564e4da3537c6855a8eed220e1d6a319d89fb', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_8cd0f', referencing='REFERENCING OLD TABLE AS old_values ', table='accounts_school', when='AFTER')),
        ),
    ]
