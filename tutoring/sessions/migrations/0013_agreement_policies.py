"""Agreements are read as their conversation is, written by its author, answered once, and then stay as they are."""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, settled

TABLE = "tutor_sessions_agreement"
# Asked of the session's own policies: whoever reads the conversation; of those, its author.
OF_READABLE = "EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = session_id)"
OF_MINE = (
    "EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = session_id"
    f" AND s.author_id = (SELECT guard.uid()) AND s.student_id = {TABLE}.student_id)"
)
# A policy sees one side of a change only, so what was answered is held by a trigger.
ANSWERED_ONCE = f"""
CREATE TRIGGER answered_once BEFORE UPDATE ON {TABLE} FOR EACH ROW
  WHEN (OLD.answer <> 'open' AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.settled('');
"""


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0012_agreements"), ("accounts", "0009_settled")]
    operations = [
        protect(
            TABLE,
            select=OF_READABLE,
            insert=f"answer = 'open' AND {OF_MINE}",
            update=OF_MINE,
            delete=f"answer = 'open' AND {OF_MINE}",
        ),
        protect_history("tutor_sessions_agreementchange", select=OF_READABLE),
        settled(TABLE, "session_id", "student_id", "position", "text"),
        migrations.RunSQL(ANSWERED_ONCE, f"DROP TRIGGER answered_once ON {TABLE}"),
    ]
