"""What the safeguarding file's policies cost at ROWS concerns: a usual list, counting all of them, one concern.

Each question is asked as the web role with the actor proved afresh, and as the owner with the same filter written out
(the children's store of one school, not about oneself); in turns, each timed after itself. Given as a share of counting
the rows bare, as in bench.parts.policies.
"""

import statistics
from typing import Any

from bench import Figure
from bench.parts.policies import OWNER, ROWS, THERE, WEB, in_one_transaction, raw_connection, timed

MANY = """
INSERT INTO safeguarding_concern
       (id, school_id, store, reporter_id, raised_at, category, immediate, status, level, step)
SELECT gen_random_uuid(), u.school_id, CASE WHEN n %% 200 = 0 THEN 'staff' ELSE 'children' END, u.id,
       now() - n * interval '20 minutes', 'other', false, CASE WHEN n < 30 THEN 'sent' ELSE 'closed' END, '', ''
  FROM (SELECT id, school_id FROM accounts_user WHERE id = %s) u, generate_series(1, %s) AS n;
INSERT INTO safeguarding_concernchild (id, concern_id, student_id, part)
SELECT gen_random_uuid(), c.id, s.ids[1 + c.at %% cardinality(s.ids)], 'subject'
  FROM (SELECT id, row_number() OVER () AS at FROM safeguarding_concern) c,
       (SELECT array_agg(id) AS ids FROM students_student) s;
"""
OURS = "store = 'children' AND about_staff_id IS DISTINCT FROM '{me}' AND school_id = '{school}'"
QUESTIONS = (
    ("newest 25 of the desk", 0.5, "SELECT * FROM safeguarding_concern {where} ORDER BY raised_at DESC, id LIMIT 25"),
    (f"counting {ROWS:,} concerns", 2.0, "SELECT count(*) FROM safeguarding_concern {where}"),
)


def measure(quick: bool) -> list[Figure]:
    """What the policies add for the lead, against filters written out."""
    from accounts.enums import Role
    from accounts.models import User

    lead = User.objects.filter(memberships__role=Role.DSL, memberships__stands_in_for=None).order_by("pk")[0]
    _add_concerns(lead)
    pairs = 40 if quick else 150
    figures = []
    with raw_connection() as connection:
        token = _proved(lead)
        ours = "WHERE " + OURS.format(me=lead.pk, school=lead.school_id)
        bare = _median(connection, "", [(OWNER, "SELECT count(*) FROM safeguarding_concern")], pairs)[0]
        figures.append(Figure(f"counting {ROWS:,} bare concerns, the measure of the rest", bare, "ms"))
        for name, most, question in QUESTIONS:
            ways = [(WEB, question.format(where="")), (OWNER, question.format(where=ours))]
            if len({str(_ask(connection, token, *way)) for way in ways}) > 1:
                raise RuntimeError(f"{name}: policies and the filter written out find different rows")
            with_policies, itself = _median(connection, token, ways, pairs)
            figures.append(Figure(f"{name}: added", (with_policies - itself) / bare, most=round(most / THERE, 2)))
            figures.append(Figure(f"{name}: with policies", with_policies, "ms"))
    return figures


def _median(connection: Any, token: str, ways: list[tuple[str, str]], pairs: int) -> list[float]:
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(pairs):
        for place, way in enumerate(ways):
            _ask(connection, token, *way)
            times[place].append(timed(lambda way=way: _ask(connection, token, *way)))  # type: ignore[misc]
    return [statistics.median(taken) for taken in times]


def _ask(connection: Any, token: str, role: str, question: str) -> list[Any]:
    return in_one_transaction(connection, token, role, "public", [question])


def _proved(person: Any) -> str:
    """Signed for somebody who has just proved who they are."""
    from core.acting import Actor, acting_as, signed_token

    with acting_as(Actor(user_id=person.pk, elevated=True)):
        return signed_token()


def _add_concerns(lead: Any) -> None:
    from django.db import connections

    from accounts.models import User

    reporter = User.objects.filter(school=lead.school).exclude(pk=lead.pk).order_by("pk")[0]
    with connections["owner"].cursor() as cursor:
        cursor.execute(MANY, [reporter.pk, ROWS])
        cursor.execute("ANALYZE safeguarding_concern, safeguarding_concernchild")
