"""History of conversations and steps. An earlier text is read by those who could read it then and can read it now.

Otherwise an author who narrows the circle would leave the text open, and one who widens it would open what was said
to few. Decision 0007.
"""

import django.contrib.postgres.fields
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
from core.rls import sees

THEN = f"""
  author_id = (SELECT guard.uid())
  OR (confidentiality = 'teaching' AND {sees("tutor_sessions.view_session")})
  OR (confidentiality = 'team' AND {sees("tutor_sessions.view_team_session")})
  OR (confidentiality = 'named' AND id IN (SELECT guard.sessions_naming_me()))
"""
# The policies of the session itself apply inside.
NOW = "EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = {id})"
# Django makes this table by itself, so no model carries its triggers.
COPY = """
CREATE FUNCTION history_named_staff_{command}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO tutor_sessions_namedstaffchange
    (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, tutorsession_id, user_id)
  SELECT clock_timestamp(), '{command}', who.person, who.request, r.tutorsession_id, r.user_id
    FROM rows_of r CROSS JOIN audit_who() AS who;
  RETURN NULL;
END $$;
CREATE TRIGGER history_{command} AFTER {command} ON tutor_sessions_tutorsession_named_staff
  REFERENCING {which} TABLE AS rows_of FOR EACH STATEMENT EXECUTE FUNCTION history_named_staff_{command}();
"""
NAMED_STAFF = "".join(COPY.format(command=c, which=w) for c, w in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")))
NAMED_STAFF_UNDO = "".join(
    f"DROP TRIGGER history_{c} ON tutor_sessions_tutorsession_named_staff; DROP FUNCTION history_named_staff_{c}();"
    for c in ("insert", "update", "delete")
)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_who_changed'),
        ('groups', '0002_sight'),
        ('students', '0003_history'),
        ('tutor_sessions', '0004_policies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NamedStaffChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('tutorsession_id', models.UUIDField()),
                ('user_id', models.UUIDField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NextStepChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('text', models.CharField(max_length=300, verbose_name='what')),
                ('owner', models.CharField(choices=[('student', 'Student'), ('staff', 'Staff'), ('home', 'Home')], default='student', max_length=10, verbose_name='who')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='by')),
                ('done_on', models.DateField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=300, verbose_name='how it is going')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TutorSessionChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor_id', models.UUIDField(null=True, verbose_name='by whom')),
                ('pgh_request_id', models.UUIDField(null=True, verbose_name='in which request')),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('submission', models.UUIDField()),
                ('kind', models.CharField(choices=[('one_to_one', '1:1'), ('call_home', 'Call home'), ('home_visit', 'Home visit'), ('meeting', 'Meeting')], default='one_to_one', max_length=20)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('attendance', 'Attendance'), ('friendships', 'Friendships'), ('wellbeing', 'Wellbeing'), ('progress', 'Progress'), ('home', 'Home'), ('next_steps', 'Next steps')], max_length=20), blank=True, default=list, size=None)),
                ('held_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='when')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(600)])),
                ('place', models.CharField(blank=True, max_length=60)),
                ('happened', models.TextField(max_length=20000, verbose_name='what happened')),
                ('student_words', models.TextField(blank=True, max_length=5000, verbose_name="in the student's own words")),
                ('wellbeing', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='how are they?')),
                ('confidentiality', models.CharField(choices=[('teaching', 'All who teach the student'), ('team', 'Tutor team and house'), ('named', 'Only me and the people I name')], default='team', max_length=10, verbose_name='who can read this')),
                ('for_report', models.BooleanField(default=False, verbose_name='the student is happy for their words and what we agreed to be on the report')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nextstep',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_nextstepchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "text", "owner", "owner_staff_id", "due_on", "done_on", "outcome") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."session_id", new_values."student_id", new_values."text", new_values."owner", new_values."owner_staff_id", new_values."due_on", new_values."done_on", new_values."outcome" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='4c48b7ab919a79245cf94ea06c7cf106a9e75af3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_45ab6', referencing='REFERENCING NEW TABLE AS new_values ', table='tutor_sessions_nextstep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nextstep',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_nextstepchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "text", "owner", "owner_staff_id", "due_on", "done_on", "outcome") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."text", old_values."owner", old_values."owner_staff_id", old_values."due_on", old_values."done_on", old_values."outcome" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='35ada821fca056f80d765d71944ab1f0be426c56', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_d96c8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tutor_sessions_nextstep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nextstep',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_nextstepchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "session_id", "student_id", "text", "owner", "owner_staff_id", "due_on", "done_on", "outcome") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."session_id", old_values."student_id", old_values."text", old_values."owner", old_values."owner_staff_id", old_values."due_on", old_values."done_on", old_values."outcome" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='8dd9aacf3ee8cd04c593e95f32c4be4e9d31dbf0', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_b20f9', referencing='REFERENCING OLD TABLE AS old_values ', table='tutor_sessions_nextstep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorsession',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_tutorsessionchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "author_id", "submission", "kind", "topics", "held_on", "minutes", "place", "happened", "student_words", "wellbeing", "confidentiality", "for_report", "created_at", "updated_at", "version") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."student_id", new_values."author_id", new_values."submission", new_values."kind", new_values."topics", new_values."held_on", new_values."minutes", new_values."place", new_values."happened", new_values."student_words", new_values."wellbeing", new_values."confidentiality", new_values."for_report", new_values."created_at", new_values."updated_at", new_values."version" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='e4562d8793273ed0858385db81692ef85908cafc', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_c62f9', referencing='REFERENCING NEW TABLE AS new_values ', table='tutor_sessions_tutorsession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorsession',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_tutorsessionchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "author_id", "submission", "kind", "topics", "held_on", "minutes", "place", "happened", "student_words", "wellbeing", "confidentiality", "for_report", "created_at", "updated_at", "version") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."author_id", old_values."submission", old_values."kind", old_values."topics", old_values."held_on", old_values."minutes", old_values."place", old_values."happened", old_values."student_words", old_values."wellbeing", old_values."confidentiality", old_values."for_report", old_values."created_at", old_values."updated_at", old_values."version" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='609f2c8508228964b95d1578154a90b413616d9d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_b09cd', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tutor_sessions_tutorsession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tutorsession',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "tutor_sessions_tutorsessionchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "author_id", "submission", "kind", "topics", "held_on", "minutes", "place", "happened", "student_words", "wellbeing", "confidentiality", "for_report", "created_at", "updated_at", "version") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."author_id", old_values."submission", old_values."kind", old_values."topics", old_values."held_on", old_values."minutes", old_values."place", old_values."happened", old_values."student_words", old_values."wellbeing", old_values."confidentiality", old_values."for_report", old_values."created_at", old_values."updated_at", old_values."version" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='dc563912b5183489f42e015879c8d1082a63cca5', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_8118e', referencing='REFERENCING OLD TABLE AS old_values ', table='tutor_sessions_tutorsession', when='AFTER')),
        ),
        migrations.AddField(
            model_name='nextstepchange',
            name='owner_staff',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='nextstepchange',
            name='session',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tutor_sessions.tutorsession'),
        ),
        migrations.AddField(
            model_name='nextstepchange',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student'),
        ),
        migrations.AddField(
            model_name='tutorsessionchange',
            name='author',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tutorsessionchange',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='students.student'),
        ),
        migrations.RunSQL(NAMED_STAFF, NAMED_STAFF_UNDO),
        protect_history("tutor_sessions_tutorsessionchange", select=f"({THEN}) AND {NOW.format(id='tutor_sessions_tutorsessionchange.id')}"),
        protect_history("tutor_sessions_nextstepchange", select=f"owner_staff_id = (SELECT guard.uid()) OR {NOW.format(id='session_id')}"),
        protect_history("tutor_sessions_namedstaffchange", select=NOW.format(id="tutorsession_id")),
    ]
