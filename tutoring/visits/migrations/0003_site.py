"""The address that an alarm’s mail links to: the page of visits, which names nobody; it stays as planned."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.history


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0002_policies'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='homevisit',
            name='history_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='homevisit',
            name='history_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='homevisit',
            name='history_delete',
        ),
        migrations.AddField(
            model_name='homevisit',
            name='site',
            field=models.URLField(blank=True, db_default='', default='', verbose_name='address of this Waymark'),
        ),
        migrations.AddField(
            model_name='homevisitchange',
            name='site',
            field=models.URLField(blank=True, db_default='', default='', verbose_name='address of this Waymark'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='homevisit',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "visits_homevisitchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "visitor_id", "companion_id", "told_id", "submission", "leaves_at", "back_by", "known_risk", "known_risk_note", "somebody_knows", "somebody_knows_note", "phone_charged", "phone_charged_note", "note", "site", "created_at", "cancelled", "out_at", "back_at", "child_seen", "who_was_there", "told_taken_at", "told_at", "heads_taken_at", "heads_told_at") SELECT clock_timestamp(), \'insert\', who.person, who.request, new_values."id", new_values."student_id", new_values."visitor_id", new_values."companion_id", new_values."told_id", new_values."submission", new_values."leaves_at", new_values."back_by", new_values."known_risk", new_values."known_risk_note", new_values."somebody_knows", new_values."somebody_knows_note", new_values."phone_charged", new_values."phone_charged_note", new_values."note", new_values."site", new_values."created_at", new_values."cancelled", new_values."out_at", new_values."back_at", new_values."child_seen", new_values."who_was_there", new_values."told_taken_at", new_values."told_at", new_values."heads_taken_at", new_values."heads_told_at" FROM (SELECT new_values.* FROM new_values ) AS new_values CROSS JOIN who; RETURN NULL;', hash='b3c6dd57bbc0aa5ef1ffd125a7234212cdfa1b64', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_8b052', referencing='REFERENCING NEW TABLE AS new_values ', table='visits_homevisit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='homevisit',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "visits_homevisitchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "visitor_id", "companion_id", "told_id", "submission", "leaves_at", "back_by", "known_risk", "known_risk_note", "somebody_knows", "somebody_knows_note", "phone_charged", "phone_charged_note", "note", "site", "created_at", "cancelled", "out_at", "back_at", "child_seen", "who_was_there", "told_taken_at", "told_at", "heads_taken_at", "heads_told_at") SELECT clock_timestamp(), \'update\', who.person, who.request, old_values."id", old_values."student_id", old_values."visitor_id", old_values."companion_id", old_values."told_id", old_values."submission", old_values."leaves_at", old_values."back_by", old_values."known_risk", old_values."known_risk_note", old_values."somebody_knows", old_values."somebody_knows_note", old_values."phone_charged", old_values."phone_charged_note", old_values."note", old_values."site", old_values."created_at", old_values."cancelled", old_values."out_at", old_values."back_at", old_values."child_seen", old_values."who_was_there", old_values."told_taken_at", old_values."told_at", old_values."heads_taken_at", old_values."heads_told_at" FROM (SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*)) AS old_values CROSS JOIN who; RETURN NULL;', hash='5cacce726601b9e194191a346c08828445df0155', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_31152', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='visits_homevisit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='homevisit',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=audit.history.AlwaysSql(func='WITH who AS MATERIALIZED (SELECT person, request FROM audit_who()) INSERT INTO "visits_homevisitchange" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, "id", "student_id", "visitor_id", "companion_id", "told_id", "submission", "leaves_at", "back_by", "known_risk", "known_risk_note", "somebody_knows", "somebody_knows_note", "phone_charged", "phone_charged_note", "note", "site", "created_at", "cancelled", "out_at", "back_at", "child_seen", "who_was_there", "told_taken_at", "told_at", "heads_taken_at", "heads_told_at") SELECT clock_timestamp(), \'delete\', who.person, who.request, old_values."id", old_values."student_id", old_values."visitor_id", old_values."companion_id", old_values."told_id", old_values."submission", old_values."leaves_at", old_values."back_by", old_values."known_risk", old_values."known_risk_note", old_values."somebody_knows", old_values."somebody_knows_note", old_values."phone_charged", old_values."phone_charged_note", old_values."note", old_values."site", old_values."created_at", old_values."cancelled", old_values."out_at", old_values."back_at", old_values."child_seen", old_values."who_was_there", old_values."told_taken_at", old_values."told_at", old_values."heads_taken_at", old_values."heads_told_at" FROM (SELECT old_values.* FROM old_values ) AS old_values CROSS JOIN who; RETURN NULL;', hash='0cd0077cb62cbbb9cc5809c12e30d726267ee85b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_e6c2e', referencing='REFERENCING OLD TABLE AS old_values ', table='visits_homevisit', when='AFTER')),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER settled_site BEFORE UPDATE OF site ON visits_homevisit FOR EACH ROW"
            " WHEN (OLD.site IS DISTINCT FROM NEW.site) EXECUTE FUNCTION guard.settled('')",
            "DROP TRIGGER settled_site ON visits_homevisit",
        ),
    ]
