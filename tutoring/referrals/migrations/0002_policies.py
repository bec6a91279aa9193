"""Who reads the directory and a referral, who writes, what stays as sent, what stays as closed."""

from django.db import migrations

from audit.history import protect_history
from core.rls import holds, protect, sees, settled

ME, OURS = "(SELECT guard.uid())", "school_id = (SELECT guard.school())"
KEEPS = holds("accounts.change_school")
OUR_AGENCY = "agency_id IN (SELECT a.id FROM referrals_agency a WHERE a.school_id = (SELECT guard.school()))"

READ, WRITE = sees("referrals.view_referral"), sees("referrals.make_referral")
# Whoever made or holds it, as long as they see the student and are somebody who may read referrals at all.
MINE = (
    f"((referred_by_id = {ME} OR key_person_id = {ME}) AND {sees('students.view_student')}"
    f" AND {holds('referrals.view_referral')})"
)
# Of those that the one who acts may read: the policies of referrals hold inside these too.
OF_MINE = f"referral_id IN (SELECT r.id FROM referrals_referral r WHERE r.referred_by_id = {ME} OR r.key_person_id = {ME})"  # noqa: S608 (our own names)
OF_AN_OPEN_ONE = (
    "EXISTS (SELECT FROM referrals_referral r WHERE r.id = referrals_referralnote.referral_id"
    " AND r.student_id = referrals_referralnote.student_id AND r.closed_on IS NULL)"
)
ENDED = ("status", "expected_by", "key_person_id", "closed_on", "closed_by_id", "outcome", "feedback")
CLOSED = f"""
CREATE TRIGGER stays_closed BEFORE UPDATE ON referrals_referral FOR EACH ROW
  WHEN (OLD.closed_on IS NOT NULL AND ({' OR '.join(f'OLD.{c} IS DISTINCT FROM NEW.{c}' for c in ENDED)}))
  EXECUTE FUNCTION guard.settled('');
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("groups", "0006_sight_one_note_a_role")]
    operations = [
        protect(
            "referrals_agency",
            select=f"{OURS} AND ({holds('referrals.view_referral')} OR {KEEPS})",
            insert=f"{OURS} AND {KEEPS}",
            update=f"{OURS} AND {KEEPS}",
        ),
        protect(
            "referrals_agencycontact",
            select=OUR_AGENCY,
            insert=f"{KEEPS} AND {OUR_AGENCY}",
            update=f"{KEEPS} AND {OUR_AGENCY}",
        ),
        protect(
            "referrals_referral",
            select=f"{READ} OR {MINE}",
            insert=f"referred_by_id = {ME} AND {WRITE} AND {OUR_AGENCY} AND closed_on IS NULL",
            update=f"{WRITE} OR {MINE}",
        ),
        settled(
            "referrals_referral",
            "student_id", "agency_id", "referred_by_id", "submission", "sent_on", "reason", "consent", "consent_words",
        ),
        migrations.RunSQL(CLOSED, "DROP TRIGGER stays_closed ON referrals_referral"),
        protect_history("referrals_referralchange", select=f"{READ} OR {MINE}"),
        protect(
            "referrals_referralnote",
            select=f"{READ} OR {OF_MINE}",
            insert=f"by_id = {ME} AND ({WRITE} OR {OF_MINE}) AND {OF_AN_OPEN_ONE}",
        ),
    ]
