"""How long the server takes to answer Today: a tutor of 28 students in three groups, with two years of history.

The whole answer, template and all, as a share of counting ROWS bare rows (bench.parts.policies): where the bar was set
(60 ms), that took 1.05 ms.
"""

import datetime as dt
import statistics
from typing import Any
from unittest import mock

from bench import Figure
from bench.parts.policies import THERE, add_sessions, bare, person_with, timed

STUDENTS, GROUPS = 28, 3
MOST = 60  # milliseconds
PREPARED_AFTER = 5  # times a connection of the pool was asked
# The demo's seven months three times more, on the same weekdays. Conversations come from as far back by themselves.
EARLIER = """
INSERT INTO attendance_mark (student_id, date, session, code, comment)
SELECT student_id, date - 231 * n, session, code, '' FROM attendance_mark, generate_series(1, 3) n
 WHERE student_id = ANY (%(students)s);
INSERT INTO progress_behaviourevent
       (id, student_id, date, kind, category, points, staff_id, staff_code, comment, number)
SELECT gen_random_uuid(), student_id, date - 231 * n, kind, category, points, staff_id, staff_code, comment, number
  FROM progress_behaviourevent, generate_series(1, 3) n WHERE student_id = ANY (%(students)s);
ANALYZE
"""


def measure(quick: bool) -> list[Figure]:
    """Median of the answers to a tutor who stays signed in, after the first ten."""
    from accounts.enums import Role

    tutor = person_with(Role.TUTOR)
    students = _give_groups(tutor)
    add_sessions()
    _lengthen_history(students)
    pairs = 40 if quick else 100
    measure = bare(pairs)
    took = _answers(tutor, pairs)
    return [
        Figure(f"counting rows, the measure of the rest ({len(students)} students, {GROUPS} groups)", measure, "ms"),
        Figure("Today on the server", took / measure, most=round(MOST / THERE, 1)),
        Figure("Today on the server, on this machine", took, "ms"),
    ]


def _give_groups(tutor: Any) -> list[Any]:
    """Two groups more, of which everybody beyond STUDENTS left yesterday; the keys of those who stay."""
    from django.db.models import Q
    from django.utils import timezone

    from core.maintenance import as_owner
    from tutoring.groups.models import GroupMembership, TutorAssignment, TutorGroup

    today = timezone.localdate()
    with as_owner():
        tied = TutorAssignment.objects.filter(membership__user=tutor, ends_on=None)[0]
        others = TutorGroup.objects.exclude(pk=tied.group_id).filter(memberships__ends_on=None).distinct()
        for group in others.order_by("pk")[: GROUPS - 1]:
            TutorAssignment.objects.create(membership=tied.membership, group=group, starts_on=today)
        mine = TutorGroup.objects.filter(tutor_assignments__membership=tied.membership, tutor_assignments__ends_on=None)
        places = GroupMembership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), group__in=mine)
        in_turns = sorted(places, key=lambda place: str(place.student_id))
        GroupMembership.objects.filter(pk__in=[place.pk for place in in_turns[STUDENTS:]]).update(
            ends_on=today - dt.timedelta(days=1)
        )
    return [place.student_id for place in in_turns[:STUDENTS]]


def _lengthen_history(students: list[Any]) -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(EARLIER, {"students": students})


def _answers(tutor: Any, times: int) -> float:
    """Median milliseconds; the connection stays and its statements are prepared, as in the pool (config.settings)."""
    from django.db import connection
    from django.test import Client

    from core.maintenance import as_owner

    client = Client(headers={"host": "localhost"})
    with as_owner():
        client.force_login(tutor)
    connection.ensure_connection()
    connection.connection.prepare_threshold = PREPARED_AFTER
    with (
        mock.patch("accounts.second_factor.is_missing", return_value=False),
        mock.patch("django.templatetags.static.StaticNode.handle_simple", return_value=""),  # files are not collected
    ):
        taken = [timed(lambda: client.get("/")) for _ in range(times + 10)]
        if (status := client.get("/").status_code) != 200:
            raise RuntimeError(f"Today answered {status}")
    return statistics.median(taken[10:])
