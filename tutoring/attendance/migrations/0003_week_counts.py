"""Triggers that keep the weekly counts beside the marks.

They add differences instead of recounting, so that two people marking the same student's week at once both count.
The order by student keeps two bulk imports from waiting for each other in a circle.
"""

from django.db import migrations

DELTA = """
INSERT INTO attendance_weekcount AS w
  (student_id, week, possible, attended, authorised, unauthorised, arrivals, late, notice, unknown)
SELECT m.student_id, date_trunc('week', m.date)::date,
       coalesce(sum(m.sign) FILTER (WHERE c.stat_class IN ('PRESENT', 'APPROVED_EDU', 'AUTHORISED', 'UNAUTHORISED')), 0),
       coalesce(sum(m.sign) FILTER (WHERE c.stat_class IN ('PRESENT', 'APPROVED_EDU')), 0),
       coalesce(sum(m.sign) FILTER (WHERE c.stat_class = 'AUTHORISED'), 0),
       coalesce(sum(m.sign) FILTER (WHERE c.stat_class = 'UNAUTHORISED'), 0),
       coalesce(sum(m.sign) FILTER (WHERE m.code IN ('/', '\\', 'L', 'U')), 0),
       coalesce(sum(m.sign) FILTER (WHERE m.code IN ('L', 'U')), 0),
       coalesce(sum(m.sign) FILTER (WHERE m.code IN ('G', 'N', 'O', 'U')), 0),
       coalesce(sum(m.sign) FILTER (WHERE c.stat_class IS NULL), 0)
FROM ({changed}) m
LEFT JOIN attendance_code c
  ON c.code = m.code AND m.date >= c.valid_from AND (c.valid_to IS NULL OR m.date <= c.valid_to)
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (student_id, week) DO UPDATE SET
  possible = w.possible + excluded.possible,
  attended = w.attended + excluded.attended,
  authorised = w.authorised + excluded.authorised,
  unauthorised = w.unauthorised + excluded.unauthorised,
  arrivals = w.arrivals + excluded.arrivals,
  late = w.late + excluded.late,
  notice = w.notice + excluded.notice,
  unknown = w.unknown + excluded.unknown;
"""

ADDED = "SELECT student_id, date, code, 1 AS sign FROM added"
GONE = "SELECT student_id, date, code, -1 AS sign FROM gone"
EVENTS = {
    "insert": (ADDED, "REFERENCING NEW TABLE AS added"),
    "update": (f"{ADDED} UNION ALL {GONE}", "REFERENCING OLD TABLE AS gone NEW TABLE AS added"),
    "delete": (GONE, "REFERENCING OLD TABLE AS gone"),
}


def create(event: str) -> str:
    changed, tables = EVENTS[event]
    delta = DELTA.format(changed=changed)
    return f"""
CREATE FUNCTION attendance_count_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {delta}
  RETURN NULL;
END $$;
CREATE TRIGGER attendance_count_{event} AFTER {event.upper()} ON attendance_mark
  {tables} FOR EACH STATEMENT EXECUTE FUNCTION attendance_count_{event}();
"""


def drop(event: str) -> str:
    return f"DROP TRIGGER attendance_count_{event} ON attendance_mark; DROP FUNCTION attendance_count_{event}();"


class Migration(migrations.Migration):
    dependencies = [("attendance", "0002_codes")]
    operations = [migrations.RunSQL(create(event), drop(event)) for event in EVENTS]
