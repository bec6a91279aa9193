"""The next day of a meeting, in the diary of whoever wrote the last one up."""

import datetime as dt

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from tutoring.diary.others import Other
from tutoring.referrals.meetings import meetings_readable
from tutoring.referrals.models import MeetingRecord


def meetings_in_diary(staff: User, since: dt.date, until: dt.date) -> list[Other]:
    """Of meetings that whoever acts may read, until the next of its kind is written up; one query."""
    later = MeetingRecord.objects.filter(
        student=OuterRef("student"),
        session__kind=OuterRef("session__kind"),
        session__held_on__gt=OuterRef("session__held_on"),
    )
    again = meetings_readable().filter(session__author=staff, next_on__range=(since, until))
    return [
        Other(
            key=meeting.pk,
            day=meeting.next_on,
            what=meeting.session.kind_name,
            url=reverse("tutor_sessions:session-detail", args=[meeting.session_id]),
            whom=str(meeting.session.student),
        )
        for meeting in again.filter(~Exists(later))
        if meeting.next_on
    ]
