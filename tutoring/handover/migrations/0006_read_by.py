"""Until when a handover is to be acknowledged: a fortnight after it was handed over, or after the next tutor begins.

What is written in July is for September: the next tutor reads nothing before their first day, so nobody is told before
that they have not.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("tutoring.handover.migrations.0005_late_for_managers").CREATE
READ_BY = """
-- Of one tutor, or of the last to begin where nobody is named; a tie to come counts from its first day.
CREATE FUNCTION guard.handover_day(student uuid, next uuid, author uuid, handed date, year integer) RETURNS date
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := (guard.checked()).on_day;
  begun date;
BEGIN
  SELECT CASE WHEN next IS NULL THEN max(ties.since) ELSE min(ties.since) END INTO begun FROM (
    SELECT greatest(t.starts_on, g.starts_on) AS since
      FROM public.groups_groupmembership g
      JOIN public.groups_tutorassignment t ON t.group_id = g.group_id AND (t.ends_on IS NULL OR t.ends_on >= today)
      JOIN public.accounts_membership m ON m.id = t.membership_id
     WHERE g.student_id = student AND m.user_id <> author AND (next IS NULL OR m.user_id = next)
       AND (g.ends_on IS NULL OR g.ends_on >= today)
    UNION ALL
    SELECT c.starts_on FROM public.groups_caseloadentry c JOIN public.accounts_membership m ON m.id = c.membership_id
     WHERE c.student_id = student AND m.user_id = next AND m.role = 'one_to_one_tutor'
       AND (c.ends_on IS NULL OR c.ends_on >= today)) ties;
  -- Where nobody has the student yet: the school year that it is for.
  RETURN greatest(handed, coalesce(begun, make_date(year, 9, 1))) + 14;
END $$;
REVOKE ALL ON FUNCTION guard.handover_day(uuid, uuid, uuid, date, integer) FROM PUBLIC;
-- The same for whoever leads the student; NULL for anybody else.
CREATE FUNCTION guard.handover_read_by(student uuid, next uuid, author uuid, handed date, year integer) RETURNS date
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF student IN (SELECT guard.students_seen('groups.change_tutor')) THEN
    RETURN guard.handover_day(student, next, author, handed, year);
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.handover_read_by(uuid, uuid, uuid, date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.handover_read_by(uuid, uuid, uuid, date, integer) TO waymark_web, waymark_owner;
"""
DUE = "guard.handover_day(h.student_id, next.who, h.from_tutor_id, h.handed_on, h.year)"


def by_its_day(function: str) -> str:
    """The same, counted from when the next tutor began."""
    for old, new in (
        ("SELECT h.id, next.who, h.handed_on + 14", "SELECT h.id, next.who, due.day"),
        (") next\n", f") next\n     CROSS JOIN LATERAL (SELECT {DUE} AS day) due\n"),
        ("h.handed_on + 14 <= today", "due.day <= today"),
        ("-- A fortnight after it was handed over, as `PATIENCE` of tutoring.handover.selectors.\n", ""),
    ):
        assert function.count(old) == 1, old  # noqa: S101 (else something else would change)
        function = function.replace(old, new)
    return function


def again(function: str) -> str:
    return function.replace("SET LOCAL ROLE waymark_definer;", "").replace("SET LOCAL ROLE waymark_owner;", "")


def as_definer(*statements: str) -> str:
    return "\n".join(("SET LOCAL ROLE waymark_definer;", *statements, "SET LOCAL ROLE waymark_owner;"))


DROP = "DROP FUNCTION guard.handovers_late();"
DROP_READ_BY = """
DROP FUNCTION guard.handover_read_by(uuid, uuid, uuid, date, integer);
DROP FUNCTION guard.handover_day(uuid, uuid, uuid, date, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("handover", "0005_late_for_managers")]
    operations = [
        migrations.RunSQL(
            as_definer(READ_BY, DROP, by_its_day(again(BEFORE))), as_definer(DROP, again(BEFORE), DROP_READ_BY)
        )
    ]
