"""What the school calls an appointment, beside what it is."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('diary', '0004_held_by_a_like_kind'),
        ('tutor_sessions', '0024_own_note'),
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
        migrations.AddField(
            model_name='appointment',
            name='school_kind',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutor_sessions.sessionkind'),
        ),
        migrations.AddField(
            model_name='appointmentchange',
            name='school_kind',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tutor_sessions.sessionkind'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "diary_appointmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_at", "minutes", "room", "student_id", "staff_id", "kind", "school_kind_id", "day", "state", "reason", "session_id", "made_by_id", "created_at") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."starts_at", new_values."minutes", new_values."room", new_values."student_id", new_values."staff_id", new_values."kind", new_values."school_kind_id", new_values."day", new_values."state", new_values."reason", new_values."session_id", new_values."made_by_id", new_values."created_at" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='bf98ec2821fff014e3ab76b8b76b0a4455d3a1b2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_69454', referencing='REFERENCING NEW TABLE AS new_values ', table='diary_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "diary_appointmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_at", "minutes", "room", "student_id", "staff_id", "kind", "school_kind_id", "day", "state", "reason", "session_id", "made_by_id", "created_at") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."starts_at", old_values."minutes", old_values."room", old_values."student_id", old_values."staff_id", old_values."kind", old_values."school_kind_id", old_values."day", old_values."state", old_values."reason", old_values."session_id", old_values."made_by_id", old_values."created_at" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='2d9504d9163e572e907bdf962d6202aec5012e5e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_aa4d1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='diary_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "diary_appointmentchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "starts_at", "minutes", "room", "student_id", "staff_id", "kind", "school_kind_id", "day", "state", "reason", "session_id", "made_by_id", "created_at") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."starts_at", old_values."minutes", old_values."room", old_values."student_id", old_values."staff_id", old_values."kind", old_values."school_kind_id", old_values."day", old_values."state", old_values."reason", old_values."session_id", old_values."made_by_id", old_values."created_at" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='53e1c35ad0824fe4e9c145277ab1c84aeec7a9ff', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_2b153', referencing='REFERENCING OLD TABLE AS old_values ', table='diary_appointment', when='AFTER')),
        ),
    ]
