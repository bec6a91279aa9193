"""Habits of a plan: which day or week a tap is for, and how it has gone, said plainly."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import School, User
from core.ids import UUID
from students.selectors import school_days
from tutoring.plans.enums import Rhythm
from tutoring.plans.models import ActionPlan, HabitCheck, PlanTarget
from tutoring.plans.selectors import plans_changeable

SHOWN = 8
HOLIDAYS = dt.timedelta(days=60)


@dataclass(frozen=True)
class Habit:
    """How a habit goes: `checks`, the latest first; `day`, the school day or Monday that a tap is for now."""

    target: PlanTarget
    checks: list[HabitCheck]
    day: dt.date | None

    @property
    def now(self) -> HabitCheck | None:
        """What was said of the day or week that a tap is for."""
        return next((check for check in self.checks if check.day == self.day), None)

    @property
    def run(self) -> int:
        """How often it was kept in a row, up to now."""
        for number, check in enumerate(self.checks):
            if not check.kept:
                return number
        return len(self.checks)

    @property
    def words(self) -> str:
        """Of those that somebody noted: "Kept in 6 of the last 8 weeks noted", "Not noted yet"."""
        last = self.checks[:SHOWN]
        if not last:
            return "Not noted yet"
        unit = ("week" if self.target.rhythm == Rhythm.WEEK else "day") + ("" if len(last) == 1 else "s")
        return f"Kept {sum(check.kept for check in last)} of the last {len(last)} {unit} noted"

    @property
    def shown(self) -> list[HabitCheck]:
        """The last ones, the earliest first."""
        return self.checks[:SHOWN][::-1]

    @property
    def asks(self) -> str:
        """What a tap answers."""
        if self.day is None:
            return ""
        return "This week" if self.target.rhythm == Rhythm.WEEK else f"{self.day:%A} {self.day.day} {self.day:%B}"


def day_for(target: PlanTarget, school: School, today: dt.date) -> dt.date | None:
    """The Monday of this week, or the last school day; None in a school without a calendar, or long after its end."""
    if target.rhythm == Rhythm.WEEK:
        return today - dt.timedelta(days=today.weekday())
    return next(iter(reversed(school_days(school, today - HOLIDAYS, today))), None)


def add_habits(plans: Iterable[ActionPlan], school: School) -> list[Habit]:
    """Gives each target that is a habit its `habit`; one query for all of them, the calendar's only for daily ones."""
    habits = [target for plan in plans for target in plan.targets.all() if target.rhythm]
    if not habits:
        return []
    found: dict[UUID, list[HabitCheck]] = defaultdict(list)
    for check in HabitCheck.objects.filter(target__in=habits).order_by("-day"):
        found[check.target_id].append(check)
    today = timezone.localdate()
    days = {rhythm: day_for(PlanTarget(rhythm=rhythm), school, today) for rhythm in {t.rhythm for t in habits}}
    for target in habits:
        target.habit = Habit(target, found[target.pk], days[target.rhythm])  # type: ignore[attr-defined]
    return [target.habit for target in habits]  # type: ignore[attr-defined]


def habits_changeable(user: User) -> QuerySet[PlanTarget]:
    """Habits of open plans of students for whom this person makes plans."""
    plans = plans_changeable(user).filter(closed_on=None).order_by().values("pk")
    return (
        PlanTarget.objects.exclude(rhythm=Rhythm.ONCE).filter(plan__in=plans).select_related("student__school", "plan")
    )
