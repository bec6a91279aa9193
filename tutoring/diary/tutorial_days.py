"""The weekly tutorials of somebody's groups, on the days on which they meet."""

import datetime as dt
import re

from django.urls import reverse

from accounts.models import User
from students.selectors import school_days
from tutoring.diary.others import Other
from tutoring.groups.selectors import groups_tutored_by
from tutoring.tutorials.models import Meeting, Series
from tutoring.tutorials.selectors import meetings_readable, series_readable

# A period is words; where they begin with a time of the clock, it stands at that time.
CLOCK = re.compile(r"^([01]?\d|2[0-3])[:.]([0-5]\d)\b")


def tutorial_days(staff: User, since: dt.date, until: dt.date) -> list[Other]:
    """One query where none of their groups has one, four where one has; what was said not to be held is left out."""
    in_force = series_readable().filter(starts_on__lte=until, ends_on__gte=since)
    series = list(in_force.filter(group__in=groups_tutored_by(staff)))
    if not series or staff.school is None:
        return []
    of_days = meetings_readable().filter(series__in=series, day__range=(since, until))
    by_day = {(meeting.series_id, meeting.day): meeting for meeting in of_days}
    return [
        _on(one, day, by_day.get((one.pk, day)))
        for day in school_days(staff.school, since, until)
        for one in series
        if _meets(one, day) and not _not_held(by_day.get((one.pk, day)))
    ]


def _meets(series: Series, day: dt.date) -> bool:
    return day.weekday() == series.weekday and series.starts_on <= day <= series.ends_on


def _not_held(meeting: Meeting | None) -> bool:
    return bool(meeting and meeting.not_held)


def _on(series: Series, day: dt.date, meeting: Meeting | None) -> Other:
    clock = CLOCK.match(series.period)
    page = (
        reverse("tutorials:meeting-detail", args=[meeting.pk])
        if meeting
        else reverse("tutorials:meeting-write", args=[series.pk, day.isoformat()])
    )
    return Other(
        key=series.key_of(day),
        day=day,
        what="Group tutorial" if clock else f"Group tutorial, {series.period}",
        url=page,
        whom=series.group.name,
        starts_at=dt.time(int(clock[1]), int(clock[2])) if clock else None,
        room=series.room,
        done=meeting is not None,
    )
