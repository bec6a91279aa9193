"""Who reads a conversation: its author, and others as far as the author's choice and their role reach. Decision 0006."""

from django.db import migrations

from core.rls import protect, sees

SEE_STUDENT, MAKE_REPORTS = sees("students.view_student"), sees("reports.run_reports")
MINE = "author_id = (SELECT guard.uid())"
NAMING_ME = """
GRANT SELECT ON tutor_sessions_tutorsession_named_staff TO waymark_definer;
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.sessions_naming_me() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY SELECT n.tutorsession_id FROM public.tutor_sessions_tutorsession_named_staff n WHERE n.user_id = me;
END $$;
GRANT EXECUTE ON FUNCTION guard.sessions_naming_me() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""
NAMING_ME_UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.sessions_naming_me();
SET LOCAL ROLE waymark_owner;
REVOKE SELECT ON tutor_sessions_tutorsession_named_staff FROM waymark_definer;
"""
READABLE = f"""
  {MINE}
  OR (confidentiality = 'teaching' AND {sees("tutor_sessions.view_session")})
  OR (confidentiality = 'team' AND {sees("tutor_sessions.view_team_session")})
  OR (confidentiality = 'named' AND id IN (SELECT guard.sessions_naming_me()) AND {SEE_STUDENT})
"""
# Asked of the session's own policies. A row names its parent: a step cannot be hung on somebody else's session.
OF_READABLE = "EXISTS (SELECT FROM tutor_sessions_tutorsession s WHERE s.id = {session})"
OF_MINE = OF_READABLE.replace("{session}", "{session} AND s.author_id = (SELECT guard.uid())")
STEP_OF_MINE = OF_MINE.format(session="session_id AND s.student_id = tutor_sessions_nextstep.student_id")
MY_STEP = f"(owner_staff_id = (SELECT guard.uid()) OR {OF_READABLE.format(session='session_id')})"
GOES_HOME = (
    f"({MAKE_REPORTS} AND EXISTS (SELECT FROM tutor_sessions_wordsforhome w WHERE w.session_id ="
    " tutor_sessions_nextstep.session_id))"
)
DEFINER_WRITES = "CREATE POLICY definer_writes ON {table} TO waymark_definer USING (true) WITH CHECK (true)"


def kept_by_trigger(table: str, select: str) -> list[migrations.RunSQL]:
    """Read by policy, written by the trigger alone."""
    return [
        protect(table, select=select),
        migrations.RunSQL(DEFINER_WRITES.format(table=table), f"DROP POLICY definer_writes ON {table}"),
    ]


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0003_kept_by_trigger")]
    operations = [
        migrations.RunSQL(NAMING_ME, NAMING_ME_UNDO),
        protect(
            "tutor_sessions_tutorsession",
            select=READABLE,
            insert=f"{MINE} AND {sees('tutor_sessions.log_session')}",
            update=MINE,
        ),
        *kept_by_trigger("tutor_sessions_sessionday", SEE_STUDENT),
        *kept_by_trigger("tutor_sessions_wordsforhome", f"{MAKE_REPORTS} OR {sees('reports.view_report')}"),
        protect(
            "tutor_sessions_nextstep",
            select=f"{MY_STEP} OR {GOES_HOME}",
            insert=STEP_OF_MINE,
            update=MY_STEP,
            delete=STEP_OF_MINE,
        ),
        protect(
            "tutor_sessions_tutorsession_named_staff",
            select=f"user_id = (SELECT guard.uid()) OR {OF_READABLE.format(session='tutorsession_id')}",
            insert=OF_MINE.format(session="tutorsession_id"),
            delete=OF_MINE.format(session="tutorsession_id"),
        ),
    ]
