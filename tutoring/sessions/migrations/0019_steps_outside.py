"""A step may be for somebody outside to do, who has a name and no account."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('tutor_sessions', '0018_tag_policies'),
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
            name='owner_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=220, verbose_name='who outside'),
        ),
        migrations.AddField(
            model_name='nextstepchange',
            name='owner_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=220, verbose_name='who outside'),
        ),
        migrations.AlterField(
            model_name='nextstep',
            name='owner',
            field=models.CharField(choices=[('student', 'Student'), ('staff', 'Staff'), ('home', 'Home'), ('outside', 'Somebody outside')], default='student', max_length=10, verbose_name='who'),
        ),
        migrations.AlterField(
            model_name='nextstepchange',
            name='owner',
            field=models.CharField(choices=[('student', 'Student'), ('staff', 'Staff'), ('home', 'Home'), ('outside', 'Somebody outside')], default='student', max_length=10, verbose_name='who'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nextstep',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_nextstepchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "text", "owner", "owner_staff_id", "owner_name", "due_on", "done_on", "outcome") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."session_id", new_values."student_id", new_values."text", new_values."owner", new_values."owner_staff_id", new_values."owner_name", new_values."due_on", new_values."done_on", new_values."outcome" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='1bdd3fd2515e64ca9cf03f89b322ad5af2119ed2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_45ab6', referencing='REFERENCING NEW TABLE AS new_values ', table='tutor_sessions_nextstep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nextstep',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_nextstepchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "text", "owner", "owner_staff_id", "owner_name", "due_on", "done_on", "outcome") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."text", old_values."owner", old_values."owner_staff_id", old_values."owner_name", old_values."due_on", old_values."done_on", old_values."outcome" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='a20d8f53e96aaf0ef55faba081973be77c05bc12', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_d96c8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tutor_sessions_nextstep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nextstep',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_nextstepchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "text", "owner", "owner_staff_id", "owner_name", "due_on", "done_on", "outcome") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."text", old_values."owner", old_values."owner_staff_id", old_values."owner_name", old_values."due_on", old_values."done_on", old_values."outcome" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='20d8fd9f7c2b4e0c8f705c9ef32fac0925a84e1c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_b20f9', referencing='REFERENCING OLD TABLE AS old_values ', table='tutor_sessions_nextstep', when='AFTER')),
        ),
    ]
