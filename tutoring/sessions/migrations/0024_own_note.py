"""What concerns one student alone, of a meeting with several: with its row, so as private as the text."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('tutor_sessions', '0023_kind_after_policies'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='tutorsession',
            name='history_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='tutorsession',
            name='history_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='tutorsession',
            name='history_delete',
        ),
        migrations.AddField(
            model_name='tutorsession',
            name='own_note',
            field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='about this student alone'),
        ),
        migrations.AddField(
            model_name='tutorsessionchange',
            name='own_note',
            field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='about this student alone'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorsession',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_tutorsessionchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "author_id", "submission", "kind", "school_kind_id", "topics", "tags", "held_on", "minutes", "place", "happened", "own_note", "student_words", "wellbeing", "confidentiality", "for_report", "together", "created_at", "updated_at", "version") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."student_id", new_values."author_id", new_values."submission", new_values."kind", new_values."school_kind_id", new_values."topics", new_values."tags", new_values."held_on", new_values."minutes", new_values."place", new_values."happened", new_values."own_note", new_values."student_words", new_values."wellbeing", new_values."confidentiality", new_values."for_report", new_values."together", new_values."created_at", new_values."updated_at", new_values."version" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='fba36aec12421bf401bc30b074ffea418aa965f5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_c62f9', referencing='REFERENCING NEW TABLE AS new_values ', table='tutor_sessions_tutorsession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorsession',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_tutorsessionchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "author_id", "submission", "kind", "school_kind_id", "topics", "tags", "held_on", "minutes", "place", "happened", "own_note", "student_words", "wellbeing", "confidentiality", "for_report", "together", "created_at", "updated_at", "version") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."author_id", old_values."submission", old_values."kind", old_values."school_kind_id", old_values."topics", old_values."tags", old_values."held_on", old_values."minutes", old_values."place", old_values."happened", old_values."own_note", old_values."student_words", old_values."wellbeing", old_values."confidentiality", old_values."for_report", old_values."together", old_values."created_at", old_values."updated_at", old_values."version" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='1b809c16cf2b40c0d8d3ce2ce61df41a8b881821', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_b09cd', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tutor_sessions_tutorsession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorsession',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_tutorsessionchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "author_id", "submission", "kind", "school_kind_id", "topics", "tags", "held_on", "minutes", "place", "happened", "own_note", "student_words", "wellbeing", "confidentiality", "for_report", "together", "created_at", "updated_at", "version") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."author_id", old_values."submission", old_values."kind", old_values."school_kind_id", old_values."topics", old_values."tags", old_values."held_on", old_values."minutes", old_values."place", old_values."happened", old_values."own_note", old_values."student_words", old_values."wellbeing", old_values."confidentiality", old_values."for_report", old_values."together", old_values."created_at", old_values."updated_at", old_values."version" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='84a54c157bf4e6bc1c0a0ffd6a0d30625616845d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_8118e', referencing='REFERENCING OLD TABLE AS old_values ', table='tutor_sessions_tutorsession', when='AFTER')),
        ),
    ]
