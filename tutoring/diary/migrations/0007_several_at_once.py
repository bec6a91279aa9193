"""Several are booked at one time: one person, one time, one thing, or several who are booked for it together.

Whoever was booked before stands alone, so every row that met the constraint before meets the one in its place; it
needs btree_gist, which groups 0012 brought. `unbooked`: noted as missed without a booking (migration 0008 fills it).
"""

import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('diary', '0006_kind_by_trigger'),
        ('groups', '0012_one_group_a_day'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='appointment',
            name='history_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='appointment',
            name='history_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='appointment',
            name='history_delete',
        ),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='appointment_staff_once',
        ),
        migrations.AddField(
            model_name='appointment',
            name='together',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='appointment',
            name='unbooked',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='appointmentchange',
            name='together',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='appointmentchange',
            name='unbooked',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "diary_appointmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_at", "minutes", "room", "student_id", "staff_id", "kind", "school_kind_id", "day", "state", "reason", "together", "unbooked", "session_id", "made_by_id", "created_at") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."starts_at", new_values."minutes", new_values."room", new_values."student_id", new_values."staff_id", new_values."kind", new_values."school_kind_id", new_values."day", new_values."state", new_values."reason", new_values."together", new_values."unbooked", new_values."session_id", new_values."made_by_id", new_values."created_at" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='4f6b32c160195c2a2b32482614a40930f5032b47', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_69454', referencing='REFERENCING NEW TABLE AS new_values ', table='diary_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "diary_appointmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_at", "minutes", "room", "student_id", "staff_id", "kind", "school_kind_id", "day", "state", "reason", "together", "unbooked", "session_id", "made_by_id", "created_at") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."starts_at", old_values."minutes", old_values."room", old_values."student_id", old_values."staff_id", old_values."kind", old_values."school_kind_id", old_values."day", old_values."state", old_values."reason", old_values."together", old_values."unbooked", old_values."session_id", old_values."made_by_id", old_values."created_at" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='ad5df3879a4a61e9b161a3f1c88afe279af46c19', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_aa4d1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='diary_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "diary_appointmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_at", "minutes", "room", "student_id", "staff_id", "kind", "school_kind_id", "day", "state", "reason", "together", "unbooked", "session_id", "made_by_id", "created_at") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."starts_at", old_values."minutes", old_values."room", old_values."student_id", old_values."staff_id", old_values."kind", old_values."school_kind_id", old_values."day", old_values."state", old_values."reason", old_values."together", old_values."unbooked", old_values."session_id", old_values."made_by_id", old_values."created_at" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='a6dcaa725ce709e74d30fe418e619d246901d659', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_2b153', referencing='REFERENCING OLD TABLE AS old_values ', table='diary_appointment', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'booked')), expressions=[('staff', '='), ('day', '='), ('starts_at', '='), (django.db.models.functions.comparison.Coalesce('together', 'id'), '<>')], name='appointment_staff_at_once'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'booked')), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('staff', '='), ('together', '='), (models.Func('day', 'starts_at', arg_joiner=' + ', output_field=models.DateTimeField(), template='(%(expressions)s)'), '<>')], name='appointment_together_at_once'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('unbooked', False), ('state__in', ['missed', 'refused']), _connector='OR'), name='appointment_unbooked_was_not_held'),
        ),
    ]
