"""Interventions whoever acts may read, who got how much, and what is due: policies say which (migration 0002)."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import BooleanField, Count, DateField, F, Func, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from core.whole_days import whole_days
from students.due import Lines
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.falling import or_their_deputy
from tutoring.groups.selectors import students_visible_to, values_of
from tutoring.interventions.models import Dose, Intervention, Member, Sitting
from tutoring.plans.models import Barrier
from tutoring.plans.selectors import barriers_offered

RUN, KEPT = "guard.interventions_run()", "guard.interventions_kept()"
# About several students, so no tutor's: while its lead is away, and once nobody works here under that name, it falls to
# those of their deputies, and of whoever keeps interventions, who may write what came of it.
DUE = f"""
SELECT 'intervention', i.id, i.name, NULL::uuid, i.ends_on, '', i.lead_id, 0
  FROM interventions_intervention i
 WHERE i.closed_on IS NULL AND i.ends_on < %(today)s AND (i.lead_id = %(me)s OR i.id IN (SELECT {KEPT}) AND (
         {or_their_deputy("i.lead_id")} OR i.lead_id NOT IN (
           SELECT m.user_id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active
            WHERE m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s))))
"""  # noqa: S608 (our own text; values are parameters)
# For My time (tutoring/sessions/own_time.py), which joins it to what other rooms say: the meetings one logged oneself.
OWN_TIME = "SELECT held_on, kind, name, minutes FROM guard.own_sittings(%(since)s, %(until)s)"


def _is_among(function: str, key: str = "pk") -> Func:
    return Func(F(key), template=f"%(expressions)s IN (SELECT {function})", output_field=BooleanField())


def interventions_readable() -> QuerySet[Intervention]:
    """With lead and need, and `run`, `kept`: whether whoever acts logs meetings of it, and changes it."""
    rows = Intervention.objects.select_related("lead", "barrier")
    return rows.annotate(run=_is_among(RUN), kept=_is_among(KEPT))


def interventions_listed() -> QuerySet[Intervention]:
    """Open ones by their last day, then the latest; each with `seen` (students one sees), `met` and `last_met`."""
    members = Member.objects.filter(intervention=OuterRef("pk")).order_by().values("intervention")
    meetings = Sitting.objects.filter(intervention=OuterRef("pk")).order_by().values("intervention")
    listed = interventions_readable().annotate(
        seen=Subquery(members.annotate(n=Count("pk")).values("n")),
        met=Subquery(meetings.annotate(n=Count("pk")).values("n")),
        last_met=Subquery(meetings.annotate(n=models.Max("held_on")).values("n"), output_field=DateField()),
    )
    return listed.order_by(F("closed_on").desc(nulls_first=True), "ends_on", "name")


def interventions_of_student(student: Student) -> QuerySet[Member]:
    """What this student was in or is in, the latest first, with the dose; one query."""
    return with_dose(Member.objects.filter(student=student).select_related("intervention__lead")).order_by("-starts_on")


def interventions_told(student: Student, before: dt.date, least: int) -> QuerySet[Member]:
    """Of these the ones begun or ended latest before that day, each by whole days; one query."""
    rows = Member.objects.filter(student=student).order_by()
    began = whole_days(rows.filter(starts_on__lt=before), "starts_on", least)
    over = rows.annotate(over_on=Coalesce("ends_on", "intervention__closed_on"))
    ended = whole_days(over.filter(over_on__lt=before), "over_on", least)
    told = Q(pk__in=began.values("pk")) | Q(pk__in=ended.values("pk"))
    return interventions_of_student(student).filter(told)


def with_dose(members: QuerySet[Member]) -> QuerySet[Member]:
    """Beside each: `came` and `missed` (meetings), and `had` (minutes)."""
    came = Q(presences__came=True)
    return members.annotate(
        came=Count("presences", filter=came),
        missed=Count("presences", filter=~came),
        had=Sum("presences__minutes", default=0),
    )


def members_of(intervention: Intervention) -> QuerySet[Member]:
    """Those one sees, by name, with the dose."""
    members = with_dose(Member.objects.filter(intervention=intervention).select_related("student"))
    return members.order_by("student__preferred_surname", "student__preferred_forename", "pk")


def meetings_listed(intervention: Intervention) -> QuerySet[Sitting]:
    """The latest first; each with `away`, those one sees who did not come, and `there`, how many of them came."""
    away = Dose.objects.filter(came=False).select_related("student")
    rows = Sitting.objects.filter(intervention=intervention).select_related("by")
    there = Count("presences", filter=Q(presences__came=True))
    counted = rows.annotate(there=there).order_by("-held_on", "-created_at")
    return counted.prefetch_related(Prefetch("presences", away, to_attr="away"))


def presence_of(meeting: Sitting) -> dict[UUID, bool]:
    """member → whether they came."""
    return dict(Dose.objects.filter(meeting=meeting).values_list("member_id", "came"))


def interventions_due(user: User, today: dt.date) -> list[Lines]:
    """Whose last day is past without an evaluation, for whoever leads them; about no student by themselves."""
    return [(DUE, values_of(user, today))]


def needs_offered(school: School, intervention: Intervention | None) -> QuerySet[Barrier]:
    """The list that plans use; and what this one names already."""
    named = [intervention.barrier_id] if intervention and intervention.barrier_id else []
    return Barrier.objects.filter(pk__in=[b.pk for b in barriers_offered(school)] + named)


def students_to_take(user: User) -> QuerySet[Student]:
    """On roll, and this person may take them into an intervention."""
    return students_on_roll(students_visible_to(user, Permission.RUN_INTERVENTION))


def helpers_of(intervention: Intervention) -> list[Any]:
    """The people who help, by name."""
    return list(intervention.helpers.order_by("last_name", "first_name", "pk"))


def members_kept() -> QuerySet[Member]:
    """Those one sees, of interventions one changes that still run."""
    rows = Member.objects.select_related("student", "intervention").annotate(kept=_is_among(KEPT, "intervention_id"))
    return rows.filter(kept=True, intervention__closed_on=None)


def meetings_by(user: User) -> QuerySet[Sitting]:
    """Those this person logged."""
    return Sitting.objects.filter(by=user).select_related("intervention")
