"""Home visits that whoever acts may read: the database says which (migration 0002)."""

import datetime as dt

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, Left, TruncDate, TruncTime
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from students.due import NOBODY, Lines, as_lines
from students.models import Contact, Student
from tutoring.groups.selectors import staff_who_see
from tutoring.visits.models import HomeVisit

OUT = Q(out_at__isnull=False, back_at=None)
_TIME = Left(Cast(TruncTime("back_by"), CharField()), 5)


def visits_readable() -> QuerySet[HomeVisit]:
    """With names; the student's only for those who see the student, for others it is empty (so no join)."""
    return HomeVisit.objects.select_related("visitor", "companion", "told").prefetch_related("student")


def _goes(user: User) -> Q:
    return Q(visitor=user) | Q(companion=user)


def visits_going_on() -> QuerySet[HomeVisit]:
    """Planned and out: those past their time first, then who is out, then what is planned."""
    rank = Case(When(OUT, then=Value(0)), default=Value(1))
    return visits_readable().filter(cancelled=False, back_at=None).order_by(rank, "back_by")


def visits_done(user: User) -> QuerySet[HomeVisit]:
    """This person's own that are over, the latest first."""
    over = Q(cancelled=True) | Q(back_at__isnull=False)
    return visits_readable().filter(_goes(user) | Q(told=user), over).order_by("-back_by")


def visits_due(user: User, today: dt.date) -> list[Lines]:
    """Somebody's visit past its time, for whom it is told to ("visit"); being out, for whoever is ("my_visit").

    Without the student: the page says who, to those who may know.
    """
    text = Concat(Value("back by "), _TIME, output_field=CharField())
    out = HomeVisit.objects.filter(OUT)
    late = out.filter(told=user, back_by__lt=timezone.now())
    return [
        as_lines(rows, kind, text=text, day=TruncDate("back_by"), student=NOBODY, staff="visitor_id")
        for rows, kind in ((late, "visit"), (out.filter(_goes(user)), "my_visit"))
    ]


def people_to_tell(student: Student, by: User) -> QuerySet[User]:
    """Who sees the family: they find the address when it matters."""
    people = staff_who_see(student, Permission.VIEW_FAMILY).exclude(pk=by.pk)
    return people.order_by("last_name", "first_name")


def colleagues_of(by: User) -> QuerySet[User]:
    """Everybody else who works at the school."""
    staff = User.objects.filter(school=by.school, is_active=True, memberships__isnull=False).exclude(pk=by.pk)
    return staff.distinct().order_by("last_name", "first_name")


def addresses_of(student_id: UUID) -> QuerySet[Contact]:
    """Where the family lives and how to ring them; nothing for whoever does not see the family."""
    return Contact.objects.filter(student=student_id).order_by(F("priority").asc(), "surname")
