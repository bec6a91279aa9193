"""People around a student are for whoever may read referrals; the key person for whoever sees the student; a meeting's
record is as private as its conversation, and written by whoever wrote that.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, sees, settled

ME = "(SELECT guard.uid())"
READ, WRITE, SEE = sees("referrals.view_referral"), sees("referrals.make_referral"), sees("students.view_student")
OF_OUR_DIRECTORY = "(contact_id IS NULL OR EXISTS (SELECT FROM referrals_agencycontact c WHERE c.id = contact_id))"
AROUND = f"{WRITE} AND {OF_OUR_DIRECTORY}"
# Asked of the session's own policies, as with agreements: whoever reads the conversation; of those, its author.
OF_READABLE = "EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = session_id)"
OF_MINE = (
    f"EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = session_id AND s.author_id = {ME}"
    " AND s.student_id = referrals_meetingrecord.student_id)"
)
# After the row is written, so that policies speak first.
KEEPS_IT = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.key_person_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF NEW.staff_id NOT IN (SELECT guard.staff_who_see(NEW.student_id, 'referrals.view_referral')) THEN
    RAISE EXCEPTION 'the key person reads what there is to keep together' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.key_person_named() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER key_person_named AFTER INSERT ON referrals_keyperson
  FOR EACH ROW EXECUTE FUNCTION guard.key_person_named();
CREATE TRIGGER stays_ended BEFORE UPDATE ON referrals_keyperson FOR EACH ROW
  WHEN (OLD.until IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.settled('');
"""
UNDO = """
DROP TRIGGER stays_ended ON referrals_keyperson;
DROP TRIGGER key_person_named ON referrals_keyperson;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.key_person_named();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_people_around"), ("groups", "0008_sight_kept")]
    operations = [
        protect("referrals_personaround", select=READ, insert=f"added_by_id = {ME} AND {AROUND}", update=AROUND),
        settled("referrals_personaround", "student_id", "added_by_id", "created_at"),
        protect_history("referrals_personaroundchange", select=READ),
        protect(
            "referrals_keyperson",
            select=SEE,
            insert=f"set_by_id = {ME} AND until IS NULL AND {WRITE}",
            update=WRITE,
        ),
        settled("referrals_keyperson", "student_id", "staff_id", "since", "set_by_id"),
        protect_history("referrals_keypersonchange", select=SEE),
        migrations.RunSQL(KEEPS_IT, UNDO),
        protect("referrals_meetingrecord", select=OF_READABLE, insert=OF_MINE, update=OF_MINE),
        settled("referrals_meetingrecord", "session_id", "student_id"),
        protect_history("referrals_meetingrecordchange", select=OF_READABLE),
    ]
