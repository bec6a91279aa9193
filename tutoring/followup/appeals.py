"""Appeals against a warning that wait for somebody to decide: on Today of those who may."""

import datetime as dt

from accounts.models import User
from accounts.permissions import Permission
from students.due import Lines

# Whoever may decide is who PostgreSQL lets (migration 0006): with the permission over the student, and not the issuer.
# The fifth school day is counted here, as Today asks one statement; in a long holiday it is a week.
DUE = f"""
SELECT 'appeal', w.id, s.name, w.student_id, least(w.expires_on, coalesce((
         SELECT d::date FROM generate_series(w.appealed_on + 1, w.appealed_on + 30, interval '1 day') AS d
          WHERE extract(isodow FROM d) < 6
            AND NOT EXISTS (SELECT FROM students_closure c WHERE c.school_id = s.school_id AND c.date = d::date)
            AND EXISTS (SELECT FROM students_term t WHERE t.school_id = s.school_id
              AND d::date BETWEEN t.starts_on AND t.ends_on
              AND (d::date BETWEEN t.break_starts_on AND t.break_ends_on) IS NOT TRUE)
          ORDER BY d OFFSET 4 LIMIT 1), w.appealed_on + 7)), '', w.issued_by_id, 0
  FROM followup_warning w JOIN followup_warningstage s ON s.id = w.stage_id
 WHERE w.appeal = 'asked' AND w.issued_by_id <> %(me)s
   AND ((SELECT guard.sees_all('{Permission.DECIDE_APPEAL}'))
        OR w.student_id IN (SELECT guard.students_seen('{Permission.DECIDE_APPEAL}')))
"""  # noqa: S608 (our own text; values are parameters)


def appeals_due(user: User, today: dt.date) -> list[Lines]:
    """What waits for a decision this person may take ("appeal"): a student is owed one soon.

    Due on the fifth school day after it came in, or on the warning's last day where that is earlier: decided later, an
    appeal would be about nothing. Overdue it stays until somebody decides.
    """
    return [(DUE, {"me": user.pk})]
