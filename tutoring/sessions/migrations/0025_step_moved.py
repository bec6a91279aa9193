"""How often the day of a step of a 1:1 was set anew, as for steps of plans."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('tutor_sessions', '0024_own_note'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='nextstep',
            name='history_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='nextstep',
            name='history_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='nextstep',
            name='history_delete',
        ),
        migrations.AddField(
            model_name='nextstep',
            name='times_moved',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='nextstepchange',
            name='times_moved',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nextstep',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_nextstepchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "text", "owner", "owner_staff_id", "owner_name", "due_on", "done_on", "outcome", "times_moved") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."session_id", new_values."student_id", new_values."text", new_values."owner", new_values."owner_staff_id", new_values."owner_name", new_values."due_on", new_values."done_on", new_values."outcome", new_values."times_moved" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='4890002a66ea0c1b45b95d64b102eed8a5986a76', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_45ab6', referencing='REFERENCING NEW TABLE AS new_values ', table='tutor_sessions_nextstep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nextstep',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_nextstepchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "text", "owner", "owner_staff_id", "owner_name", "due_on", "done_on", "outcome", "times_moved") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."text", old_values."owner", old_values."owner_staff_id", old_values."owner_name", old_values."due_on", old_values."done_on", old_values."outcome", old_values."times_moved" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='df1631effa9ddc8d1b933c496355d4a4e5a96cfe', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_d96c8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tutor_sessions_nextstep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nextstep',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_nextstepchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "text", "owner", "owner_staff_id", "owner_name", "due_on", "done_on", "outcome", "times_moved") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."text", old_values."owner", old_values."owner_staff_id", old_values."owner_name", old_values."due_on", old_values."done_on", old_values."outcome", old_values."times_moved" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='59e019728eba56bd470d433e7eebe001a660feec', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_b20f9', referencing='REFERENCING OLD TABLE AS old_values ', table='tutor_sessions_nextstep', when='AFTER')),
        ),
    ]
