"""One's own time is one's own to give: where a booking that is hidden from them stands in it, it is ended with that.

A student whom somebody sees no more stays booked in their diary, in no page of it. Asked for that time again they were
told that it is taken, and by what nobody could say: neither could they free it, nor was nothing let out. What they read
is never ended so, and nobody's time but their own. A group that one comes back to stays (`key`).

Both functions answer with the keys of what they ended, for the record alone: no page shows them.
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before, sees

BEFORE = as_before(import_module("tutoring.diary.migrations.0009_none_left_standing").FUNCTION, "leave_none_standing")
# As in migration 0002: what may be read.
READABLE = (
    f"{sees('tutor_sessions.view_team_session')} OR (staff_id = guard.uid() AND {sees('students.view_student')})"
)
AGAIN = """
REVOKE ALL ON FUNCTION guard.leave_none_standing(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.leave_none_standing(uuid) TO waymark_web, waymark_owner;
"""


def answering(function: str) -> str:
    """The same, with the keys of what was ended."""
    for old, new in (
        ("RETURNS void", "RETURNS SETOF uuid"),
        ("  UPDATE public", "  RETURN QUERY UPDATE public"),
        (";\nEND", " RETURNING id;\nEND"),
    ):
        assert function.count(old) == 1, old  # noqa: S101 (else something else would change)
        function = function.replace(old, new)
    return function


GIVE = f"""
CREATE FUNCTION guard.give_own_time(on_day date, from_time time, until_time time, key uuid) RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY UPDATE public.diary_appointment
     SET state = 'cancelled', reason = 'The time they were booked for was given to somebody else'
   WHERE staff_id = guard.uid() AND day = on_day AND state = 'booked' AND starts_at < until_time
     AND (day + starts_at) + make_interval(mins => minutes) > on_day + from_time
     AND (together IS NULL OR together IS DISTINCT FROM key) AND NOT ({READABLE}) RETURNING id;
END $$;
REVOKE ALL ON FUNCTION guard.give_own_time(date, time, time, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.give_own_time(date, time, time, uuid) TO waymark_web, waymark_owner;
"""  # noqa: S608 (our own text)


def as_definer(*statements: str) -> str:
    return "\n".join(("SET LOCAL ROLE waymark_definer;", *statements, "SET LOCAL ROLE waymark_owner;"))


DROP = "DROP FUNCTION guard.leave_none_standing(uuid);"


class Migration(migrations.Migration):
    dependencies = [("diary", "0009_none_left_standing")]
    operations = [
        migrations.RunSQL(
            as_definer(DROP, answering(BEFORE), AGAIN, GIVE),
            as_definer("DROP FUNCTION guard.give_own_time(date, time, time, uuid);", DROP, BEFORE, AGAIN),
        )
    ]
