"""The school’s tags, and the words a conversation carries: with its row, so as private as it is."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_stands_for'),
        ('tutor_sessions', '0016_home_contact_policies'),
    ]

    operations = [
        migrations.CreateModel(
            name='SessionTag',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, verbose_name='word')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'ordering': [django.db.models.functions.text.Lower('name')],
            },
        ),
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
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='tutorsessionchange',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=[], default=list, size=None),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorsession',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_tutorsessionchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "author_id", "submission", "kind", "school_kind_id", "topics", "tags", "held_on", "minutes", "place", "happened", "student_words", "wellbeing", "confidentiality", "for_report", "together", "created_at", "updated_at", "version") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."student_id", new_values."author_id", new_values."submission", new_values."kind", new_values."school_kind_id", new_values."topics", new_values."tags", new_values."held_on", new_values."minutes", new_values."place", new_values."happened", new_values."student_words", new_values."wellbeing", new_values."confidentiality", new_values."for_report", new_values."together", new_values."created_at", new_values."updated_at", new_values."version" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='45bc4218e96ab7f61534fe60c3de357ace4f0134', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_c62f9', referencing='REFERENCING NEW TABLE AS new_values ', table='tutor_sessions_tutorsession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorsession',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_tutorsessionchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "author_id", "submission", "kind", "school_kind_id", "topics", "tags", "held_on", "minutes", "place", "happened", "student_words", "wellbeing", "confidentiality", "for_report", "together", "created_at", "updated_at", "version") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."author_id", old_values."submission", old_values."kind", old_values."school_kind_id", old_values."topics", old_values."tags", old_values."held_on", old_values."minutes", old_values."place", old_values."happened", old_values."student_words", old_values."wellbeing", old_values."confidentiality", old_values."for_report", old_values."together", old_values."created_at", old_values."updated_at", old_values."version" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='2865560de4bd8f74f9661b17fd3f5c64715cd580', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_b09cd', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tutor_sessions_tutorsession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorsession',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_tutorsessionchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "author_id", "submission", "kind", "school_kind_id", "topics", "tags", "held_on", "minutes", "place", "happened", "student_words", "wellbeing", "confidentiality", "for_report", "together", "created_at", "updated_at", "version") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."author_id", old_values."submission", old_values."kind", old_values."school_kind_id", old_values."topics", old_values."tags", old_values."held_on", old_values."minutes", old_values."place", old_values."happened", old_values."student_words", old_values."wellbeing", old_values."confidentiality", old_values."for_report", old_values."together", old_values."created_at", old_values."updated_at", old_values."version" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='7fe7ed38dc2a884924459cd26a54105d7fae36f3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_8118e', referencing='REFERENCING OLD TABLE AS old_values ', table='tutor_sessions_tutorsession', when='AFTER')),
        ),
        migrations.AddField(
            model_name='sessiontag',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='session_tags', to='accounts.school'),
        ),
        migrations.AddConstraint(
            model_name='sessiontag',
            constraint=models.UniqueConstraint(models.F('school'), django.db.models.functions.text.Lower('name'), name='session_tag_name_unique'),
        ),
    ]
