"""Putting the weekly counts right where they ever differ from the marks."""

from django.db import connection, transaction

_FRESH = """
SELECT m.student_id, date_trunc('week', m.date)::date AS week,
       count(*) FILTER (WHERE c.stat_class IN ('PRESENT', 'APPROVED_EDU', 'AUTHORISED', 'UNAUTHORISED')) AS possible,
       count(*) FILTER (WHERE c.stat_class IN ('PRESENT', 'APPROVED_EDU')) AS attended,
       count(*) FILTER (WHERE c.stat_class = 'AUTHORISED') AS authorised,
       count(*) FILTER (WHERE c.stat_class = 'UNAUTHORISED') AS unauthorised,
       count(*) FILTER (WHERE m.code IN ('/', '\\', 'L', 'U')) AS arrivals,
       count(*) FILTER (WHERE m.code IN ('L', 'U')) AS late,
       count(*) FILTER (WHERE m.code IN ('G', 'N', 'O', 'U')) AS notice,
       count(*) FILTER (WHERE c.stat_class IS NULL) AS unknown
FROM attendance_mark m
LEFT JOIN attendance_code c
  ON c.code = m.code AND m.date >= c.valid_from AND (c.valid_to IS NULL OR m.date <= c.valid_to)
GROUP BY 1, 2
"""
_COLUMNS = "student_id, week, possible, attended, authorised, unauthorised, arrivals, late, notice, unknown"
# A week whose marks have all gone keeps a row of zeros; that is not wrong.
_WRONG = f"""
WITH fresh AS ({_FRESH}), kept AS (SELECT {_COLUMNS} FROM attendance_weekcount WHERE possible + arrivals + unknown > 0),
     counted AS (SELECT {_COLUMNS} FROM fresh WHERE possible + arrivals + unknown > 0)
SELECT (SELECT count(*) FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept) AS missing)
     + (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted) AS surplus)
"""  # noqa: S608 (our own constants)


def recount_weeks() -> int:
    """Rebuild every weekly count from the marks; the number of weeks that were wrong before.

    Writers of marks wait meanwhile (about a second for a school of 600).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE attendance_mark IN SHARE MODE")
        cursor.execute(_WRONG)
        wrong: int = cursor.fetchone()[0]
        if wrong:
            cursor.execute("DELETE FROM attendance_weekcount")
            cursor.execute(f"INSERT INTO attendance_weekcount ({_COLUMNS}) {_FRESH}")
        return wrong
