"""What moving a school into its next year would do: worked out from the groups of this year, changing nothing."""

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.models import School
from core.ids import UUID
from students.calendar import academic_year_of
from students.models import Student, Term
from students.selectors import students_on_roll, terms_of
from tutoring.groups.models import GroupMembership, TutorAssignment, TutorGroup
from tutoring.handover.enums import Rolling
from tutoring.handover.models import Rollover

DAY = dt.timedelta(days=1)
STAY, NOBODY = "stay", "nobody"
NAMED = 8


def rollover_of(school: School, today: dt.date) -> Rollover | None:
    """The move into the year after this one, begun or done; else the last one that was done."""
    found = Rollover.objects.filter(school=school).exclude(status=Rolling.UNDONE)
    return found.filter(year=academic_year_of(today) + 1).first() or found.filter(status=Rolling.DONE).first()


def next_name(name: str, year: int | None) -> str:
    """7A → 8A; a name that does not begin with the year stays."""
    found = re.match(r"(\D*)(\d+)(.*)", name)
    if year is None or found is None or int(found[2]) != year:
        return name
    return f"{found[1]}{year + 1}{found[3]}"


@dataclass
class Line:
    """One group of this year: what it is called next, who tutors it then, how many move and leave."""

    group: TutorGroup
    name: str
    tutor: str
    moving: list[GroupMembership] = field(default_factory=list)
    leaving: list[GroupMembership] = field(default_factory=list)
    tutors: list[TutorAssignment] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        """The same group, under its name, in the next year: its places stay open."""
        return bool(self.moving) and self.name.lower() == self.group.name.lower()

    @property
    def ends(self) -> bool:
        return not self.moving


@dataclass
class Plan:
    """All of a move. `stops` say what must be mended first, `odd` what a person should know."""

    rollover: Rollover
    first_day: dt.date
    left_on: dt.date
    lines: list[Line]
    leavers: list[Student]
    staying: list[Student]
    targets: dict[str, TutorGroup]
    stops: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    terms_missing: bool = False

    @property
    def last_day(self) -> dt.date:
        """Before the first day of the new year: places and tutors of this year end on it."""
        return self.first_day - DAY

    @property
    def moving(self) -> int:
        return sum(len(line.moving) for line in self.lines)

    @property
    def new_names(self) -> list[str]:
        """Groups that do not exist yet."""
        return sorted({line.name for line in self.lines if line.moving and line.name.lower() not in self.targets})


def in_force(day: dt.date) -> Q:
    """A link with dates that holds on that day."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def years_of(school: School, day: dt.date) -> list[int]:
    """The year groups that have students that day, the lowest first."""
    here = students_on_roll(Student.objects.filter(school=school, year_group__isnull=False), day)
    return sorted(set(here.order_by().values_list("year_group", flat=True)))  # type: ignore[arg-type]


def plan_of(rollover: Rollover, today: dt.date) -> Plan:
    """The move as the rows stand now: six queries, whatever the size of the school.

    Where the terms of the new year are missing it is shown as from 1 September, and cannot be done.
    """
    school = rollover.school
    terms = list(terms_of(school).filter(year__in=(rollover.year - 1, rollover.year)))
    known = next((term.starts_on for term in terms if term.year == rollover.year), None)
    first_day = known or dt.date(rollover.year, 9, 1)
    day = first_day - DAY
    students = list(students_on_roll(Student.objects.filter(school=school), day))
    places = list(_places(school, day))
    leavers = [s for s in students if s.year_group in rollover.leaving]
    plan = Plan(
        rollover=rollover,
        first_day=first_day,
        left_on=_last_school_day(terms, rollover.year - 1) or day,
        lines=_lines(rollover, places, {s.pk for s in students}, {s.pk for s in leavers}, day),
        leavers=leavers,
        staying=[s for s in students if s.year_group not in rollover.leaving],
        targets={
            group.name.lower(): group for group in TutorGroup.objects.filter(school=school).select_related("house")
        },
    )
    plan.terms_missing = known is None
    _say_what_stops(plan, today)
    _say_what_is_odd(plan, {place.student_id for place in places})
    return plan


def _last_school_day(terms: list[Term], year: int) -> dt.date | None:
    return max((term.ends_on for term in terms if term.year == year), default=None)


def _places(school: School, day: dt.date) -> QuerySet[GroupMembership]:
    places = GroupMembership.objects.filter(in_force(day), group__school=school).select_related(
        "group__house", "student"
    )
    return places.order_by("group__year_group", "group__name", "pk")


def _lines(
    rollover: Rollover, places: list[GroupMembership], here: set[UUID], leavers: set[UUID], day: dt.date
) -> list[Line]:
    lines: dict[UUID, Line] = {}
    for place in places:
        if place.student_id not in here:
            continue
        line = lines.get(place.group_id)
        if line is None:
            said = rollover.plan.get(str(place.group_id), {})
            name = said.get("name", next_name(place.group.name, place.group.year_group))
            line = lines[place.group_id] = Line(place.group, name, said.get("tutor", STAY))
        (line.leaving if place.student_id in leavers else line.moving).append(place)
    for assignment in TutorAssignment.objects.filter(in_force(day), group__in=lines).select_related("membership__user"):
        lines[assignment.group_id].tutors.append(assignment)
    return list(lines.values())


def _say_what_stops(plan: Plan, today: dt.date) -> None:
    if plan.terms_missing:
        plan.stops.append(f"The terms of {plan.rollover.academic_year} are not entered yet.")
    elif plan.first_day <= today:
        plan.stops.append(
            f"{plan.rollover.academic_year} began on {plan.first_day:%-d %B}: this can be done before it only."
        )
    if not plan.lines:
        plan.stops.append("No group has a student. Bring in students and groups first.")
    moving = [line for line in plan.lines if line.moving]
    for line in moving:
        if not line.name:
            plan.stops.append(f"{line.group} has students who stay, so it needs a name for the next year.")
    names = Counter(line.name.lower() for line in moving if line.name)
    for name, number in names.items():
        if number > 1:
            both = " and ".join(str(line.group) for line in moving if line.name.lower() == name)
            plan.stops.append(f"{both} would have the same name. Give one of them another.")


def _say_what_is_odd(plan: Plan, placed: set[UUID]) -> None:
    homeless = [str(s) for s in plan.staying if s.pk not in placed]
    _add(plan, homeless, "without a group; they move up, and need a group")
    _add(plan, [str(s) for s in plan.staying if s.year_group is None], "without a year group; their year stays empty")
    _add(
        plan,
        [str(line.group) for line in plan.lines if line.moving and not _has_tutor(line)],
        "that nobody has next year",
        "group",
    )
    for line in plan.lines:
        target = plan.targets.get(line.name.lower())
        if line.moving and not line.goes_on and target and target.house_id != line.group.house_id:
            plan.odd.append(
                f"{line.group} belongs to {line.group.house or 'no house'} and {target} to {target.house or 'none'}:"
                " the students keep their house."
            )


def _has_tutor(line: Line) -> bool:
    return bool(line.tutors) if line.tutor == STAY else line.tutor != NOBODY


def _add(plan: Plan, names: list[str], what: str, thing: str = "student") -> None:
    if names:
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        plural = "" if len(names) == 1 else "s"
        plan.odd.append(f"{len(names)} {thing}{plural} {what}: {', '.join(names[:NAMED])}{more}.")


def made_by_group(rows: dict[str, int]) -> dict[int, list[str]]:
    """key → number, the other way round."""
    found: dict[int, list[str]] = defaultdict(list)
    for key, number in rows.items():
        found[number].append(key)
    return found
