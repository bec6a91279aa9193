"""Alerts to a colleague who leads: whom one can alert, raising one, its answer, the answer seen."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.lines import leads
from accounts.models import Membership, User
from accounts.permissions import Permission
from audit.services import record
from core.ids import UUID
from students.due import Lines
from students.models import Student
from students.selectors import school_days
from tutoring.followup.models import Alert
from tutoring.groups.selectors import staff_who_see, values_of

USUAL_DAYS = 3
# To whom one stands in for, too: `_for` says the same. Of those the owner is the colleague who is away.
DUE = """
SELECT CASE WHEN a.answered_on IS NULL THEN 'alert' ELSE 'answer' END, a.id, a.what, a.student_id,
       coalesce(a.answered_on, a.answer_by),
       CASE WHEN a.to_id = ANY (%(absent)s) AND a.answered_on IS NULL THEN (
         SELECT u.first_name || ' ' || u.last_name FROM accounts_user u WHERE u.id = a.to_id) ELSE '' END,
       CASE WHEN a.answered_on IS NULL THEN a.raised_by_id ELSE a.to_id END, 0
  FROM followup_alert a
 WHERE a.answered_on IS NULL
       AND (a.to_id = %(me)s OR a.to_id IN (SELECT m.user_id FROM accounts_membership m WHERE m.id = ANY (%(held)s)))
    OR a.answered_on IS NOT NULL AND a.seen_on IS NULL AND a.raised_by_id = %(me)s
"""
# One's own without an answer whose reader no longer reaches the student: nobody will answer it, so somebody else is to
# be asked. Once another colleague is alerted about the student, it is gone.
LEFT = """
SELECT 'alert_left', a.id, u.first_name || ' ' || u.last_name, a.student_id, a.answer_by, '', NULL::uuid, 0
  FROM followup_alert a JOIN accounts_user u ON u.id = a.to_id
 WHERE a.raised_by_id = %(me)s AND a.answered_on IS NULL
   AND guard.has_left(a.to_id, a.student_id, 'followup.view_alert')
   AND NOT EXISTS (SELECT FROM followup_alert b
                    WHERE b.student_id = a.student_id AND b.raised_by_id = a.raised_by_id AND b.to_id <> a.to_id
                      AND b.raised_on >= a.raised_on AND b.id <> a.id)
"""

# What people one manages have not answered by its day (decision 0016): whose and since when; and the student where the
# reader may read the alert by a role of their own, or raised it. Whoever stands in for them has the alert itself.
LATE = """
SELECT 'alert_late', late.alert,
       u.first_name || ' ' || u.last_name || ', due by ' || to_char(late.due_on, 'FMDD FMMonth'),
       seen.id, late.due_on, '', NULL::uuid, 0
  FROM guard.alerts_late() late
  JOIN accounts_user u ON u.id = late.person
  LEFT JOIN followup_alert a ON a.id = late.alert
  LEFT JOIN students_student seen ON seen.id = a.student_id
 WHERE late.person <> ALL (%(absent)s)
"""


class AnsweredBeforeError(Exception):
    """The alert was answered meanwhile; nothing was saved."""


def people_to_alert(student: Student, by: User) -> list[User]:
    """Heads, leaders and the SENCO who see this student, but for oneself; who manages one first (`leads_me`)."""
    seeing = staff_who_see(student, Permission.VIEW_ALERT).exclude(pk=by.pk).annotate(leads_me=leads(by))
    return list(seeing.order_by("-leads_me", "last_name", "first_name", "pk"))


def usual_day(student: Student, today: dt.date) -> dt.date:
    """The third school day from today; in a long holiday the third day."""
    days = school_days(student.school, today + dt.timedelta(days=1), today + dt.timedelta(days=21))
    return days[USUAL_DAYS - 1] if len(days) >= USUAL_DAYS else today + dt.timedelta(days=USUAL_DAYS)


def alerts_readable() -> QuerySet[Alert]:
    """What whoever acts may read; the database says which (migration 0004)."""
    return Alert.objects.select_related("student", "raised_by", "to", "answered_by")


def _for(user: User) -> Q:
    """To this person, or to somebody whose deputy they are today."""
    lent = user.memberships_lent
    return Q(to=user) | Q(to__in=Membership.objects.filter(pk__in=lent).values("user")) if lent else Q(to=user)


def may_answer(alert: Alert, user: User) -> bool:
    """Whether it is for this person to answer; the database asks the same (migration 0006)."""
    return alerts_readable().filter(_for(user), pk=alert.pk).exists()


def alerts_to(user: User) -> QuerySet[Alert]:
    """To this person or whom they stand in for: open ones first, by the day an answer is due."""
    return alerts_readable().filter(_for(user)).order_by(F("answered_on").desc(nulls_first=True), "answer_by")


def alerts_from(user: User) -> QuerySet[Alert]:
    """By this person, the latest first."""
    return alerts_readable().filter(raised_by=user).order_by("-raised_on", "-pk")


def alerts_due(user: User, today: dt.date) -> list[Lines]:
    """To this person without an answer ("alert"), answers they have not seen yet ("answer"), and what they asked of
    somebody who has left ("alert_left").
    """
    values = values_of(user, today)
    return [(DUE, values), (LEFT, values)]


def alerts_late(user: User, today: dt.date) -> list[Lines]:
    """What those whom this person manages have not answered by its day ("alert_late")."""
    return [(LATE, {"absent": list(user.stands_in_for)})]


@transaction.atomic
def raise_alert(
    *, by: User, student: Student, to: User, submission: UUID, what: str, recommendation: str, answer_by: dt.date
) -> Alert:
    """Once per `submission`; PermissionDenied where that colleague does not lead over the student."""
    if to not in people_to_alert(student, by):
        raise PermissionDenied("This colleague cannot be alerted about this student.")
    try:
        with transaction.atomic():
            alert = Alert.objects.create(
                student=student, raised_by=by, to=to, submission=submission, what=what,
                recommendation=recommendation, answer_by=answer_by,
            )  # fmt: skip
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        return Alert.objects.get(submission=submission, raised_by=by)
    discard_draft(by=by, token=submission)
    record("alert.raised", by=by, obj=alert, to=str(to.pk))
    return alert


@transaction.atomic
def answer_alert(*, by: User, alert: Alert, answer: str, draft: UUID | None = None) -> None:
    """By the one it is to or their deputy, once."""
    if not may_answer(alert, by):
        raise PermissionDenied("This alert is for somebody else to answer.")
    if not Alert.objects.filter(pk=alert.pk, answered_on=None).update(
        answer=answer, answered_on=timezone.localdate(), answered_by=by
    ):
        raise AnsweredBeforeError
    discard_draft(by=by, token=draft)
    record("alert.answered", by=by, obj=alert)


@transaction.atomic
def record_opening(alert: Alert, *, by: User) -> None:
    """On the record; who raised it has then seen the answer."""
    record("alert.opened", by=by, obj=alert)
    if alert.raised_by_id == by.pk and alert.answered_on and not alert.seen_on:
        Alert.objects.filter(pk=alert.pk, seen_on=None).update(seen_on=timezone.localdate())
