"""The weeks in which the year's attendance came to stand otherwise to a level, with the sums up to each: one statement,
so that nobody carries years of weeks out of the database to tell a few of them.
"""

import datetime as dt
from dataclasses import fields

from django.db import connection

from students.models import Student
from tutoring.attendance.crossings import CLEAR, ENOUGH, LEVELS, NOTICE_WEEKS, SoFar
from tutoring.attendance.statistics import Figure

_NAMES = [field.name for field in fields(Figure)]
_COUNTS = ", ".join(_NAMES)
_SUMS = ", ".join(f"(sum({name}) OVER so_far)::int AS {name}" for name in _NAMES)
_LAST = NOTICE_WEEKS - 1
# Per level whether it is reached, and whether it would be a full point above: all that `crossings` looks at.
_BAND = ", ".join(
    f"100 * (authorised + unauthorised) >= {100 - level - clear} * possible" for level in LEVELS for clear in (0, CLEAR)
)
# `band[2]`, the highest level reached, once there are enough sessions: a year with at least one crossing.
_TURNS = f"""
WITH held AS (
  SELECT week, extract(year FROM week + 4 - interval '8 months')::int AS year, {_COUNTS}
    FROM attendance_weekcount WHERE student_id = %(student)s AND possible > 0 AND week <= %(today)s
), summed AS (
  SELECT week, year, {_SUMS}, (sum(notice) OVER (so_far ROWS {_LAST} PRECEDING))::int AS lately
    FROM held WINDOW so_far AS (PARTITION BY year ORDER BY week)
), banded AS (
  SELECT *, ARRAY[possible >= {ENOUGH}, {_BAND}] AS band FROM summed WHERE year <= %(year)s
), turned AS (
  SELECT *, lag(band) OVER weeks IS DISTINCT FROM band AS turns, lead(week) OVER weeks IS NULL AS last
    FROM banded WINDOW weeks AS (PARTITION BY year ORDER BY week)
), told AS (
  SELECT DISTINCT year FROM banded WHERE band[1] AND band[2] ORDER BY year DESC LIMIT %(most)s
)
SELECT week, lately, {_COUNTS} FROM turned WHERE (turns OR last) AND year IN (SELECT year FROM told) ORDER BY week
"""  # noqa: S608 (our own names)


def academic_year(week: dt.date) -> int:
    """The calendar year in which the academic year of the week from that Monday began; it belongs to its Friday."""
    friday = week + dt.timedelta(days=4)
    return friday.year if friday.month >= 9 else friday.year - 1


def weeks_that_turn(student: Student, *, year: int, today: dt.date, years: int) -> list[SoFar]:
    """Of the latest academic years with a crossing, so many and none after `year`, the weeks a crossing can lie in, and
    the last week of each; earliest first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURNS, {"student": student.pk, "today": today, "year": year, "most": years})
        return [SoFar(week, Figure(*counts), lately) for week, lately, *counts in cursor.fetchall()]
