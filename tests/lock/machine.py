"""A school year at random: people, roles, dates, houses and words change; after each change it is all asked again."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts.enums import Role
from accounts.models import Membership, User
from reports.enums import ItemState
from reports.models import ReportBatch, ReportItem
from students.models import Student
from tests.lock.comparing import Comparison
from tests.lock.reference import Facts
from tests.lock.rules import RULES
from tests.lock.world import World, days
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.models import NextStep, TutorSession

PLACE = st.integers(0, 11)
YEAR = st.sampled_from([None, 10, 11])
CHANGE = st.sampled_from(["role", "house", "year", "school", "dates", "deputy", "gone"])
LEVEL = st.sampled_from(Confidentiality)
PERIOD = st.sampled_from([(-400, None), (-400, -1), (-400, 0), (0, None), (1, None), (-400, 30), (0, 0)])
JOBS = [
    "reports", "drafts", "exchange", "home messages", "new year", "home visits", "round robin", "round robin door",
    "family digests", "staff mails", "weekly mail door", "safeguarding",
    "stranger",
]  # fmt: skip
SUITE = settings(
    max_examples=2,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
FUZZ = settings(SUITE, max_examples=6, stateful_step_count=25, derandomize=False)


Period = tuple[int, int | None]


class Tally:
    """What the whole run compared."""

    checks = 0
    decisions = 0


class SchoolYear(RuleBasedStateMachine):
    """Each example begins with the same world and is taken back at its end."""

    world: World
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.turn = 0
        self.concerned: User = self.world.users[0]

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize(role=st.sampled_from(Role), who=PLACE, period=PERIOD)
    def somebody_new(self, role: Role, who: int, period: Period) -> None:
        self.give_role(who, role, None, None, period)

    @rule(
        who=PLACE,
        role=st.sampled_from(Role),
        house=st.none() | PLACE,
        year=YEAR,
        period=PERIOD,
    )
    def give_role(self, who: int, role: Role, house: int | None, year: int | None, period: Period) -> None:
        user = self._user(who)
        starts, ends = period
        self._try(
            lambda: Membership.objects.create(
                user=user,
                school=user.school,
                role=role,
                house=None if house is None else _at(self.world.houses, house),
                year_group=year,
                starts_on=days(starts),
                ends_on=days(ends),
            )
        )

    @rule(
        place=PLACE,
        change=CHANGE,
        to=PLACE,
        period=PERIOD,
    )
    def change_membership(self, place: int, change: str, to: int, period: Period) -> None:
        memberships = list(Membership.objects.order_by("pk"))
        held = _at(memberships, place)
        self.concerned = held.user
        if change == "gone":
            held.delete()
            return
        values: dict[str, dict[str, Any]] = {
            "role": {"role": list(Role)[to % len(Role)]},
            "house": {"house": _at([None, *self.world.houses], to)},
            "year": {"year_group": _at([None, 10, 11], to)},
            "school": {"school": _at(self.world.schools, to)},
            "dates": {"starts_on": days(period[0]), "ends_on": days(period[1])},
            "deputy": {"stands_in_for": _at([None, *memberships], to)},
        }
        self._try(lambda: Membership.objects.filter(pk=held.pk).update(**values[change]))

    @rule(place=PLACE, group=PLACE, period=PERIOD)
    def tie_group(self, place: int, group: int, period: Period) -> None:
        held = self._membership(place)
        self._tie(TutorAssignment, period, membership=held, group=_at(self.world.groups, group))

    @rule(place=PLACE, student=PLACE, period=PERIOD)
    def tie_student(self, place: int, student: int, period: Period) -> None:
        held = self._membership(place)
        self._tie(CaseloadEntry, period, membership=held, student=_at(self.world.students, student))

    @rule(student=PLACE, group=PLACE, period=PERIOD)
    def place_student(self, student: int, group: int, period: Period) -> None:
        whom = _at(self.world.students, student)
        # Nobody is in two groups on one day: the new place takes the place of the old.
        GroupMembership.objects.filter(student=whom).delete()
        self._tie(GroupMembership, period, student=whom, group=_at(self.world.groups, group))

    @rule(model=st.sampled_from([TutorAssignment, CaseloadEntry, GroupMembership]), place=PLACE, period=PERIOD)
    def redate(self, model: type[models.Model], place: int, period: Period) -> None:
        row: Any = _at(list(model._default_manager.order_by("pk")), place)
        if row is not None:
            self._try(
                lambda: model._default_manager.filter(pk=row.pk).update(
                    starts_on=days(period[0]), ends_on=days(period[1])
                )
            )

    @rule(student=PLACE, change=st.sampled_from(["house", "year", "school"]), to=PLACE)
    def move_student(self, student: int, change: str, to: int) -> None:
        values: dict[str, dict[str, Any]] = {
            "house": {"house": _at([None, *self.world.houses], to)},
            "year": {"year_group": _at([None, 10, 11], to)},
            "school": {"school": _at(self.world.schools, to)},
        }
        Student.objects.filter(pk=_at(self.world.students, student).pk).update(**values[change])

    @rule(who=PLACE, active=st.booleans())
    def switch(self, who: int, active: bool) -> None:
        User.objects.filter(pk=self._user(who).pk).update(is_active=active)

    @rule(who=PLACE, school=PLACE)
    def change_school(self, who: int, school: int) -> None:
        User.objects.filter(pk=self._user(who).pk).update(school=_at(self.world.schools, school))

    @rule(place=st.integers(0, 40), level=LEVEL, home=st.booleans(), author=PLACE, named=PLACE)
    def rewrite_session(self, place: int, level: str, home: bool, author: int, named: int) -> None:
        session = _at(list(TutorSession.objects.order_by("pk")), place)
        TutorSession.objects.filter(pk=session.pk).update(
            confidentiality=level, for_report=home, author=_at(self.world.users, author)
        )
        session.named_staff.set([self._user(named)])

    @rule(place=st.integers(0, 40), owner=PLACE)
    def give_step(self, place: int, owner: int) -> None:
        step = _at(list(NextStep.objects.order_by("pk")), place)
        NextStep.objects.filter(pk=step.pk).update(owner_staff=self._user(owner))

    @rule(place=PLACE, who=PLACE, school=PLACE)
    def hand_over_run(self, place: int, who: int, school: int) -> None:
        run = _at(self.world.runs, place)
        where = _at(self.world.schools, school)
        ReportBatch.objects.filter(pk=run.pk).update(requested_by=self._user(who), school=where)

    @rule(place=st.integers(0, 40), state=st.sampled_from(ItemState))
    def finish_report(self, place: int, state: str) -> None:
        item = _at(list(ReportItem.objects.order_by("pk")), place)
        ReportItem.objects.filter(pk=item.pk).update(state=state)

    @invariant()
    def the_database_agrees(self) -> None:
        """The person concerned and one more in turn; now and then one of our own jobs."""
        self.turn += 1
        comparison = Comparison(Facts.load(RULES), self.turn, stride=4)
        people = {user.pk: user for user in comparison.facts.rows[User]}
        another = self.world.users[self.turn % len(self.world.users)]
        for pk in {self.concerned.pk: None, another.pk: None}:
            comparison.person(people[pk], elevated=self.turn % 2 == 0)
        if self.turn % 6 == 1:
            comparison.job(JOBS[self.turn // 6 % len(JOBS)])
        self.tally.checks += comparison.checks
        self.tally.decisions += comparison.decisions
        assert not comparison.wrong, "\n".join(comparison.wrong[:10])

    def _user(self, place: int) -> User:
        self.concerned = _at(self.world.users, place)
        return self.concerned

    def _membership(self, place: int) -> Membership:
        held: Membership = _at(list(Membership.objects.order_by("pk")), place)
        self.concerned = held.user
        return held

    def _tie(self, model: type[models.Model], period: Period, **values: Any) -> None:
        starts, ends = period
        self._try(lambda: model._default_manager.create(starts_on=days(starts), ends_on=days(ends), **values))

    def _try(self, change: Callable[[], Any]) -> None:
        """What the tables themselves refuse (two open ends, dates the wrong way round) does not happen."""
        try:
            with transaction.atomic():
                change()
        except IntegrityError:
            pass


def _at(things: list[Any], place: int) -> Any:
    return things[place % len(things)] if things else None


def settle() -> None:
    """Foreign keys are checked now, not at the end: a table with checks to come cannot be given other policies."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
