"""Who reads and issues warnings; every school has the usual stages from its first day."""

from django.db import migrations

from audit.history import protect_history
from core.rls import belongs_to_school, protect, sees, settled

READ, ISSUE = sees("followup.view_warning"), sees("followup.issue_warning")
ME = "(SELECT guard.uid())"
OUR_STAGE = "stage_id IN (SELECT s.id FROM followup_warningstage s WHERE s.school_id = (SELECT guard.school()))"

LETTER = (
    "{name} has been given a {stage}. The reason: {reason}\n"
    "It stands until {until}. If nothing else happens it then ends by itself.\n"
    "Please talk about it at home. We would like this to be the last one, and we are glad to meet you."
)
TUTORS, HEADS = "'tutor', 'one_to_one_tutor', ", "'head_of_house', 'deputy_head_of_house', 'head_of_year', 'senco', "
LEADERS = "'headteacher', 'senior_leader'"
USUAL = f"""(VALUES
    ('Verbal warning', 10, 6, ARRAY[{TUTORS}{HEADS}{LEADERS}]),
    ('Written warning', 20, 12, ARRAY[{HEADS}{LEADERS}]),
    ('Final warning', 30, 36, ARRAY['head_of_house', {LEADERS}])) AS usual (name, place, weeks, roles)"""
ROWS = f"(id, school_id, name, position, weeks, roles, letter, is_active) SELECT md5({{0}}::text || usual.name)::uuid, {{0}}, usual.name, usual.place, usual.weeks, usual.roles, '{LETTER.replace('{', '{{').replace('}', '}}')}', true FROM"
STAGES = f"""
GRANT SELECT, INSERT ON followup_warningstage TO waymark_definer;
CREATE POLICY definer_makes ON followup_warningstage FOR INSERT TO waymark_definer WITH CHECK (true);
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.usual_warning_stages() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.followup_warningstage {ROWS.format("NEW.id")} {USUAL} ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION guard.usual_warning_stages() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER usual_warning_stages AFTER INSERT ON accounts_school
  FOR EACH ROW EXECUTE FUNCTION guard.usual_warning_stages();
INSERT INTO followup_warningstage {ROWS.format("s.id")} accounts_school s CROSS JOIN {USUAL};
"""
UNDO = """
DROP TRIGGER usual_warning_stages ON accounts_school;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.usual_warning_stages();
SET LOCAL ROLE waymark_owner;
DROP POLICY definer_makes ON followup_warningstage;
REVOKE INSERT ON followup_warningstage FROM waymark_definer;
DELETE FROM followup_warningstage;
"""


class Migration(migrations.Migration):
    dependencies = [("followup", "0001_initial"), ("groups", "0006_sight_one_note_a_role")]
    operations = [
        belongs_to_school("followup_warningstage"),
        migrations.RunSQL(STAGES, UNDO),
        protect(
            "followup_warning",
            select=READ,
            insert=f"issued_by_id = {ME} AND {ISSUE} AND {OUR_STAGE}",
            update=ISSUE,
        ),
        settled(
            "followup_warning", "student_id", "stage_id", "issued_by_id", "issued_on", "expires_on", "reason"
        ),
        protect_history("followup_warningchange", select=READ),
    ]
