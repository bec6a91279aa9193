"""Who reads, writes and changes which rows of the file; and no words without having said so first. Decision 0011."""

from django.db import migrations

from audit.history import protect_history
from core.rls import is_system, protect, sees, settled

ME = "(SELECT guard.uid())"
FIND, KEEP = sees("students.find_student"), sees("safeguarding.keep_file")
RAISED_NOW = "concern_id IN (SELECT guard.concerns_raised_now())"
OPENED = "concern_id IN (SELECT guard.concerns_opened())"
JOB = is_system("safeguarding")


def in_file(concern: str = "concern_id") -> str:
    """Condition: this concern is one that the actor reads."""
    whole = f"((SELECT guard.file_whole()) AND {concern} NOT IN (SELECT guard.file_hidden()))"
    return f"({whole} OR {concern} IN (SELECT guard.file_some()))"


KEPT_FROM = f"""person_id <> {ME} AND ((concern_id IS NOT NULL AND {in_file()})
  OR (student_id IS NOT NULL AND (SELECT guard.elevated()) AND {KEEP}))"""
# As it comes from somebody who raises it: untouched yet, about a colleague whom they may see, after one of their own.
RAISED = f"""reporter_id = {ME} AND school_id = (SELECT guard.school()) AND status = 'sent' AND level = '' AND step = ''
  AND owner_id IS NULL AND due_on IS NULL AND (follows_id IS NULL OR follows_id IN (SELECT guard.concerns_mine()))
  AND (about_staff_id IS NULL OR EXISTS (SELECT FROM accounts_user u WHERE u.id = about_staff_id))
"""  # noqa: S608 (our own text)
TRIGGERS = """
CREATE POLICY definer_writes ON safeguarding_leadalert TO waymark_definer USING (true) WITH CHECK (true);
GRANT INSERT ON safeguarding_leadalert TO waymark_definer;
CREATE TRIGGER concern_routed BEFORE INSERT ON safeguarding_concern
  FOR EACH ROW EXECUTE FUNCTION guard.concern_routed();
CREATE TRIGGER entry_dated BEFORE INSERT ON safeguarding_entry FOR EACH ROW EXECUTE FUNCTION guard.entry_dated();
CREATE TRIGGER receipt_dated BEFORE INSERT ON safeguarding_receipt FOR EACH ROW EXECUTE FUNCTION guard.receipt_dated();
CREATE CONSTRAINT TRIGGER concern_told AFTER INSERT ON safeguarding_concern DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION guard.concern_told();
CREATE TRIGGER kept_from_leaves AFTER INSERT ON safeguarding_keptfrom
  FOR EACH ROW EXECUTE FUNCTION guard.kept_from_leaves();
"""
NO_TRIGGERS = """
DROP TRIGGER kept_from_leaves ON safeguarding_keptfrom;
DROP TRIGGER concern_told ON safeguarding_concern;
DROP TRIGGER receipt_dated ON safeguarding_receipt;
DROP TRIGGER entry_dated ON safeguarding_entry;
DROP TRIGGER concern_routed ON safeguarding_concern;
REVOKE INSERT ON safeguarding_leadalert FROM waymark_definer;
DROP POLICY definer_writes ON safeguarding_leadalert;
"""
ONLY_OPENED = (
    f"CREATE POLICY only_opened ON {{table}} AS RESTRICTIVE FOR SELECT TO waymark_web USING ({OPENED})",
    "DROP POLICY only_opened ON {table}",
)


class Migration(migrations.Migration):
    dependencies = [("safeguarding", "0002_who_reads")]
    operations = [
        protect("safeguarding_studentkey", select=FIND, insert=f"{JOB} OR {FIND}"),
        protect(
            "safeguarding_concern",
            select=in_file("id"),
            insert=RAISED,
            update=in_file("id"),
        ),
        settled(
            "safeguarding_concern",
            "school_id",
            "store",
            "reporter_id",
            "raised_at",
            "about_staff_id",
            "follows_id",
            "immediate",
        ),
        protect(
            "safeguarding_concernchild",
            select=in_file(),
            insert=f"{FIND} AND ({RAISED_NOW} OR {in_file()})",
            update=in_file(),
            delete=in_file(),
        ),
        settled("safeguarding_concernchild", "concern_id", "student_id"),
        protect(
            "safeguarding_concernkey",
            select=in_file(),
            insert=f"(student_id IS NULL OR {FIND}) AND ({RAISED_NOW} OR {in_file()})",
            delete=f"student_id IS NULL AND {in_file()}",
        ),
        protect(
            "safeguarding_entry",
            select=in_file(),
            insert=f"author_id = {ME} AND ((kind = 'raised' AND {RAISED_NOW}) OR (kind <> 'raised' AND {in_file()}))",
        ),
        migrations.RunSQL(*(part.format(table="safeguarding_entry") for part in ONLY_OPENED)),
        protect(
            "safeguarding_receipt",
            select=f"reporter_id = {ME} OR {in_file()}",
            insert=f"reporter_id = {ME} AND status = 'sent' AND {RAISED_NOW}",
            update=in_file(),
        ),
        settled("safeguarding_receipt", "concern_id", "reporter_id", "raised_at"),
        protect(
            "safeguarding_keptfrom",
            select=KEPT_FROM,
            insert=f"set_by_id = {ME} AND ended_at IS NULL AND {KEPT_FROM}",
            update=KEPT_FROM,
        ),
        settled("safeguarding_keptfrom", "person_id", "student_id", "concern_id", "set_by_id", "set_at", "why"),
        protect("safeguarding_leadalert", select=JOB, update=JOB),
        protect_history("safeguarding_concernchange", select=in_file("id")),
        protect_history("safeguarding_concernchildchange", select=in_file()),
        protect_history("safeguarding_keptfromchange", select=KEPT_FROM),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
