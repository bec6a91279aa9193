"""Home visits as the diary shows them: whoever goes has them in their week."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from students.models import Student
from tutoring.diary.others import Other
from tutoring.visits.models import HomeVisit


def visits_in_diary(staff: User, since: dt.date, until: dt.date) -> list[Other]:
    """Planned, out and back, not cancelled; the student's name for those who see the student. Two queries at most."""
    start, end = (
        timezone.make_aware(dt.datetime.combine(day, dt.time.min)) for day in (since, until + dt.timedelta(days=1))
    )
    goes = HomeVisit.objects.filter(Q(visitor=staff) | Q(companion=staff), cancelled=False)
    visits = list(goes.filter(leaves_at__gte=start, leaves_at__lt=end))
    students = Student.objects.in_bulk([visit.student_id for visit in visits]) if visits else {}
    return [_shown(visit, students.get(visit.student_id)) for visit in visits]


def _shown(visit: HomeVisit, student: Student | None) -> Other:
    return Other(
        key=visit.pk,
        day=visit.day,
        what="Home visit",
        url=reverse("visits:visit-detail", args=[visit.pk]),
        whom=str(student) if student else "",
        starts_at=timezone.localtime(visit.leaves_at).time(),
        minutes=round((visit.back_by - visit.leaves_at).total_seconds() / 60),
        done=visit.back_at is not None,
    )
