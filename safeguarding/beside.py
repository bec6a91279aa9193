"""What stands beside a concern: the child as the rest of Waymark knows them, as far as whoever acts may read it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from students.models import Contact, Student
from students.selectors import year_start
from tutoring.attendance.selectors import figure_of
from tutoring.groups.selectors import students_with_group
from tutoring.plans.selectors import plans_readable
from tutoring.sessions.selectors import last_seen

YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Beside:
    """Attendance of this year in per cent (None without marks), the last 1:1, open plans, and who lives with whom."""

    student: Student
    group: str
    attendance: float | None
    seen_on: dt.date | None
    plans: int
    siblings: list[Student]


def about(student: Student, user: User) -> Beside:
    """In some few queries; a concern has few children."""
    today = timezone.localdate()
    only = Student.objects.filter(pk=student.pk)
    placed = students_with_group(only).first()
    return Beside(
        student,
        (getattr(placed, "group_name", "") or "") if placed else "",
        figure_of(only, year_start(student.school, today)).attendance,
        last_seen([student], since=today - YEAR).get(student.pk),
        plans_readable().filter(student=student, closed_on=None).count(),
        siblings_of(student),
    )


def siblings_of(student: Student) -> list[Student]:
    """Students who share somebody at home: the same mail address, or telephone number at the same postcode."""
    same = Q()
    for contact in Contact.objects.filter(student=student):
        same |= Q(contacts__email__iexact=contact.email) if contact.email else Q()
        if contact.phone and contact.postcode:
            same |= Q(contacts__phone=contact.phone, contacts__postcode=contact.postcode)
    if not same:
        return []
    return list(Student.objects.filter(same, school=student.school_id).exclude(pk=student.pk).distinct()[:8])
