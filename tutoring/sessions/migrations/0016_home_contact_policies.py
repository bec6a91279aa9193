"""Whom at home one spoke with is read by who sees the family; of a conversation for named people, by who reads that.

Messages: whoever may praise writes one, to an address on file; the job that sends them reads those still to be sent.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import is_system, protect, sees, settled

# ruff: noqa: S608 (our own words)

FAMILY, PRAISE = sees("students.view_family"), sees("tutor_sessions.praise_home")
ME, JOB = "(SELECT guard.uid())", is_system("home messages")
CONTACT, MESSAGE = "tutor_sessions_homecontact", "tutor_sessions_homemessage"


def readable(table: str) -> str:
    """By whoever sees the family; who was rung about what few may know, by those few."""
    return (
        f"(EXISTS (SELECT FROM tutor_sessions_sessionday d"
        f" WHERE d.session_id = {table}.session_id AND d.may_go_home)"
        f" OR EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = {table}.session_id)) AND {FAMILY}"
    )


def on_file(table: str) -> str:
    """The contact named is one of this very student."""
    return f"SELECT FROM students_contact c WHERE c.id = {table}.contact_id AND c.student_id = {table}.student_id"


OF_MINE = (
    f"{FAMILY} AND EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = session_id"
    f" AND s.author_id = {ME} AND s.student_id = {CONTACT}.student_id)"
)
OF_MINE_ON_FILE = f"{OF_MINE} AND (contact_id IS NULL OR EXISTS ({on_file(CONTACT)}))"
# Nobody can have a mail sent to an address of their own making, or past a court order.
TO_AN_ADDRESS_ON_FILE = f"EXISTS ({on_file(MESSAGE)} AND c.email = {MESSAGE}.address AND NOT c.court_order)"
OF_MY_CONTACT = (
    f"EXISTS (SELECT FROM {CONTACT} h JOIN tutor_sessions_tutorsession s ON s.id = h.session_id"
    f" WHERE h.id = home_contact_id AND h.student_id = {MESSAGE}.student_id AND s.author_id = {ME})"
)
KEYS = f"""
ALTER TABLE {CONTACT} ADD CONSTRAINT home_contact_on_file FOREIGN KEY (contact_id)
  REFERENCES students_contact (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE {MESSAGE} ADD CONSTRAINT home_message_on_file FOREIGN KEY (contact_id)
  REFERENCES students_contact (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
"""
KEYS_UNDO = f"""
ALTER TABLE {CONTACT} DROP CONSTRAINT home_contact_on_file;
ALTER TABLE {MESSAGE} DROP CONSTRAINT home_message_on_file;
"""
# The day is the session's, whatever is said here; and it moves when the session's does.
DAY = f"""
GRANT UPDATE ON {CONTACT} TO waymark_definer;
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.day_of_home_contact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT s.held_on INTO NEW.held_on FROM public.tutor_sessions_tutorsession s WHERE s.id = NEW.session_id;
  RETURN NEW;
END $$;
CREATE FUNCTION guard.home_contact_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.{CONTACT} SET held_on = NEW.held_on WHERE session_id = NEW.id;
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION guard.day_of_home_contact(), guard.home_contact_follows() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER day_of_session BEFORE INSERT OR UPDATE OF held_on, session_id ON {CONTACT}
  FOR EACH ROW EXECUTE FUNCTION guard.day_of_home_contact();
CREATE TRIGGER home_contact_follows AFTER UPDATE OF held_on ON tutor_sessions_tutorsession FOR EACH ROW
  WHEN (OLD.held_on IS DISTINCT FROM NEW.held_on) EXECUTE FUNCTION guard.home_contact_follows();
-- Calls and visits of before: that there was one is known, and no more. No change that a history should tell of.
ALTER TABLE {CONTACT} DISABLE TRIGGER USER;
INSERT INTO {CONTACT} (id, session_id, student_id, held_on, with_whom, mode, tone, outcome)
  SELECT md5(s.id::text || 'home')::uuid, s.id, s.student_id, s.held_on, '',
         CASE s.kind WHEN 'home_visit' THEN 'visit' ELSE 'phone' END, '', 'reached'
    FROM tutor_sessions_tutorsession s WHERE s.kind IN ('call_home', 'home_visit');
-- Keys are checked at once: a table with checks to come cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE {CONTACT} ENABLE TRIGGER USER;
"""
DAY_UNDO = f"""
DROP TRIGGER home_contact_follows ON tutor_sessions_tutorsession;
DROP TRIGGER day_of_session ON {CONTACT};
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.day_of_home_contact();
DROP FUNCTION guard.home_contact_follows();
SET LOCAL ROLE waymark_owner;
REVOKE UPDATE ON {CONTACT} FROM waymark_definer;
DELETE FROM {CONTACT};
"""
# The day moves with rights of the function's own, and its history is written in passing.
DEFINER_DATES = f"""
CREATE POLICY definer_dates ON {CONTACT} FOR UPDATE TO waymark_definer USING (true) WITH CHECK (true);
GRANT INSERT ON {CONTACT}change TO waymark_definer;
CREATE POLICY definer_copies ON {CONTACT}change FOR INSERT TO waymark_definer WITH CHECK (pg_trigger_depth() > 0);
"""
DEFINER_DATES_UNDO = f"""
DROP POLICY definer_dates ON {CONTACT};
DROP POLICY definer_copies ON {CONTACT}change;
REVOKE INSERT ON {CONTACT}change FROM waymark_definer;
"""


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0015_home_contacts"), ("groups", "0006_sight_one_note_a_role")]
    operations = [
        migrations.RunSQL(KEYS, KEYS_UNDO),
        migrations.RunSQL(DAY, DAY_UNDO),
        protect(
            CONTACT,
            select=readable(CONTACT),
            insert=OF_MINE_ON_FILE,
            update=OF_MINE_ON_FILE,
            delete=OF_MINE,
        ),
        settled(CONTACT, "session_id", "student_id"),
        protect_history(f"{CONTACT}change", select=readable(f"{CONTACT}change")),
        migrations.RunSQL(DEFINER_DATES, DEFINER_DATES_UNDO),
        protect(
            MESSAGE,
            select=(
                f"({JOB} AND (state IN ('waiting', 'sending') OR body = ''))"
                f" OR EXISTS (SELECT FROM {CONTACT} h WHERE h.id = home_contact_id)"
            ),
            insert=f"by_id = {ME} AND state = 'waiting' AND {PRAISE} AND {OF_MY_CONTACT} AND {TO_AN_ADDRESS_ON_FILE}",
            update=JOB,
        ),
        settled(
            MESSAGE, "home_contact_id", "student_id", "contact_id", "by_id", "address", "subject"
        ),
    ]
