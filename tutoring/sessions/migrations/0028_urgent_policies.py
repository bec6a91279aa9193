"""Urgent messages home come from whoever may send such; none goes to an address that is not on file any more.

What waits for the weekly mail is taken along by the job that sends that. Neither job sees a contact: a function tells
it whether a message may still go, since a court order may have come before it while it waited.
"""

from django.db import migrations

from core.rls import is_system, sees

MESSAGE, CONTACT = "tutor_sessions_homemessage", "tutor_sessions_homecontact"
ME, PRAISE, URGENT = "(SELECT guard.uid())", sees("tutor_sessions.praise_home"), sees("tutor_sessions.send_urgent")
JOB, WEEKLY = is_system("home messages"), is_system("family digests")
ABOUT = ("home_contact_id", "student_id", "contact_id", "by_id", "address", "subject")
TO_AN_ADDRESS_ON_FILE = (
    f"EXISTS (SELECT FROM students_contact c WHERE c.id = {MESSAGE}.contact_id AND c.student_id = {MESSAGE}.student_id"
    f" AND c.email = {MESSAGE}.address AND NOT c.court_order)"
)
OF_MY_CONTACT = (
    f"EXISTS (SELECT FROM {CONTACT} h JOIN tutor_sessions_tutorsession s ON s.id = h.session_id"
    f" WHERE h.id = home_contact_id AND h.student_id = {MESSAGE}.student_id AND s.author_id = {ME})"
)
MINE = f"by_id = {ME} AND state = 'waiting' AND {PRAISE} AND {OF_MY_CONTACT} AND {TO_AN_ADDRESS_ON_FILE}"


def policies(job: str, insert: str) -> str:
    return (
        f"ALTER POLICY may_select ON {MESSAGE} USING (({job} AND (state IN ('waiting', 'sending') OR body = ''))"
        f" OR EXISTS (SELECT FROM {CONTACT} h WHERE h.id = home_contact_id));\n"
        f"ALTER POLICY may_update ON {MESSAGE} USING ({job}) WITH CHECK ({job});\n"
        f"ALTER POLICY may_insert ON {MESSAGE} WITH CHECK ({insert});"
    )


def rests(*columns: str) -> str:
    same = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return (
        f"DROP TRIGGER settled ON {MESSAGE};\n"
        f"CREATE TRIGGER settled BEFORE UPDATE OF {', '.join(columns)} ON {MESSAGE} FOR EACH ROW"
        f" WHEN ({same}) EXECUTE FUNCTION guard.settled('');"
    )


MAY_GO = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.may_write_home(message uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT guard.system_name() = 'home messages' AND EXISTS (
    SELECT FROM public.tutor_sessions_homemessage m
      JOIN public.students_contact c ON c.id = m.contact_id AND c.student_id = m.student_id
     WHERE m.id = message AND c.email = m.address AND NOT c.court_order)
$$;
REVOKE ALL ON FUNCTION guard.may_write_home(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.may_write_home(uuid) TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
"""
MAY_GO_UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.may_write_home(uuid);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0027_urgent_messages")]
    operations = [
        migrations.RunSQL(
            policies(f"({JOB} OR {WEEKLY})", f"{MINE} AND (NOT urgent OR {URGENT})"), policies(JOB, MINE)
        ),
        migrations.RunSQL(rests(*ABOUT, "urgent", "language"), rests(*ABOUT)),
        migrations.RunSQL(MAY_GO, MAY_GO_UNDO),
    ]
