"""Home visits that whoever acts may read: the database says which (migration 0002)."""

import datetime as dt

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from students.due import Lines
from students.models import Contact, Student
from tutoring.groups.selectors import staff_who_see
from tutoring.visits.models import HomeVisit

OUT = Q(out_at__isnull=False, back_at=None)
DUE = """
SELECT CASE WHEN %(me)s IN (v.visitor_id, v.companion_id) THEN 'my_visit' ELSE 'visit' END, v.id,
       'back by ' || to_char(v.back_by AT TIME ZONE %(zone)s, 'HH24:MI'), NULL::uuid,
       (v.back_by AT TIME ZONE %(zone)s)::date, '', v.visitor_id, 0
  FROM visits_homevisit v
 WHERE v.out_at IS NOT NULL AND v.back_at IS NULL
   AND (%(me)s IN (v.visitor_id, v.companion_id) OR v.told_id = %(me)s AND v.back_by < %(now)s)
"""
# For My time (tutoring/sessions/own_time.py), which joins it to what other rooms say: migration 0004 says which count.
OWN_TIME = "SELECT held_on, kind, name, minutes FROM guard.own_visits(%(since)s, %(until)s, %(zone)s)"


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
    return [(DUE, {"me": user.pk, "now": timezone.now(), "zone": timezone.get_current_timezone_name()})]


def people_to_tell(student: Student, by: User) -> QuerySet[User]:
    """Who sees the family: they find the address when it matters."""
    people = staff_who_see(student, Permission.VIEW_FAMILY).exclude(pk=by.pk)
    return people.order_by("last_name", "first_name", "pk")


def addresses_of(student_id: UUID) -> QuerySet[Contact]:
    """Where the family lives and how to ring them; nothing for whoever does not see the family."""
    return Contact.objects.filter(student=student_id).order_by(F("priority").asc(), "surname", "pk")
