"""With whom nobody has spoken since a concern was raised: a sign for safeguarding leads alone (delight 3).

It stands on their desk and nowhere else: the list of heads knows nothing of it (reports.dashboards). What is
read are the rows of the file that PostgreSQL shows whoever acts, and of conversations their days.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from safeguarding.enums import Part, Status, Store
from safeguarding.models import ConcernChild
from safeguarding.rooms import Card
from safeguarding.selectors import concerns_kept
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions.enums import WITH_STUDENT
from tutoring.sessions.models import SessionDay, TutorSession

MOST = 20
# Who only saw it, or is connected with it, is not whom one has to speak with first.
ABOUT = (Part.SUBJECT, Part.HARMED, Part.ALLEGED)


@dataclass(frozen=True)
class Unspoken:
    """A child, and since when: the latest of the concerns about them that are open."""

    student: Student
    since: dt.datetime

    @property
    def days(self) -> int:
        return (timezone.localdate() - timezone.localdate(self.since)).days


def unspoken_with(user: User) -> list[Unspoken]:
    """Whoever waits longest first; in three queries, or one where no concern is open."""
    mine = students_on_roll(students_visible_to(user, Permission.KEEP_FILE))
    links = ConcernChild.objects.filter(concern__in=concerns_kept().filter(store=Store.CHILDREN), part__in=ABOUT)
    links = links.exclude(concern__status=Status.CLOSED).filter(student__in=mine.values("pk")).order_by()
    raised = dict(links.values_list("student").annotate(since=Max("concern__raised_at")))
    waiting = raised.keys() - _spoken_with(raised)
    students = Student.objects.filter(pk__in=waiting) if waiting else []
    found = [Unspoken(student, raised[student.pk]) for student in students]
    return sorted(found, key=lambda one: (one.since, one.student.sort_name))


def _spoken_with(raised: dict[UUID, dt.datetime]) -> set[UUID]:
    """Those with whom somebody spoke alone on a later day; or on the same, and wrote it down after it was raised.

    Of the same day that takes a conversation which one may read: to leave somebody on the list is the smaller mistake.
    """
    if not raised:
        return set()
    written = TutorSession.objects.filter(pk=OuterRef("session_id")).values("created_at")[:1]
    rows = SessionDay.objects.filter(kind__in=WITH_STUDENT, student__in=raised)
    rows = rows.filter(held_on__range=(timezone.localdate(min(raised.values())), timezone.localdate()))
    days = rows.order_by().values_list("student", "held_on", Subquery(written))
    return {student for student, day, at in days if _is_later(raised[student], day, at)}


def _is_later(raised_at: dt.datetime, day: dt.date, written_at: dt.datetime | None) -> bool:
    that_day = timezone.localdate(raised_at)
    return day > that_day or (day == that_day and written_at is not None and written_at > raised_at)


def desk_card(user: User) -> Card | None:
    """For those who keep children's files; nothing where somebody has spoken with everybody."""
    if not user.has_perm(Permission.KEEP_FILE):
        return None
    waiting = unspoken_with(user)
    shown = {"children": waiting[:MOST], "more": max(0, len(waiting) - MOST)}
    return Card("safeguarding/_unspoken.html", shown) if waiting else None
