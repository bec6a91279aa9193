"""Before and since a plan: duties 29 and 30, with figures counted by hand."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse

from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.attendance.statistics import Figure
from tutoring.plans.bank import changes_with
from tutoring.plans.evidence import evidence_of, split_weeks
from tutoring.plans.models import ActionPlan, ModelPlan

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)
MONDAY = dt.date(2026, 9, 21)
FULL = Figure(possible=10, attended=10)


def weeks(first: dt.date, number: int) -> list[tuple[dt.date, Figure]]:
    return [(first + n * WEEK, FULL) for n in range(number)]


def mondays(found: list[tuple[dt.date, Figure]]) -> list[dt.date]:
    return [monday for monday, _ in found]


def test_as_many_weeks_since_as_before() -> None:
    known = weeks(MONDAY - 5 * WEEK, 12)
    before, since = split_weeks(known, MONDAY, MONDAY + 2 * WEEK + dt.timedelta(days=4))
    assert mondays(before) == [MONDAY - 3 * WEEK, MONDAY - 2 * WEEK, MONDAY - WEEK]
    assert mondays(since) == [MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]


def test_the_week_a_plan_begins_in_and_one_not_over_stand_on_neither_side() -> None:
    known = weeks(MONDAY - 3 * WEEK, 6)
    wednesday = MONDAY + dt.timedelta(days=2)
    before, since = split_weeks(known, wednesday, MONDAY + 2 * WEEK + dt.timedelta(days=3))
    assert (mondays(before), mondays(since)) == ([MONDAY - WEEK], [MONDAY + WEEK])


def test_holidays_are_no_school_weeks() -> None:
    known = [*weeks(MONDAY - 4 * WEEK, 2), (MONDAY - 2 * WEEK, Figure()), *weeks(MONDAY - WEEK, 4)]
    before, _ = split_weeks(known, MONDAY, MONDAY + 20 * WEEK)
    assert mondays(before) == [MONDAY - 4 * WEEK, MONDAY - 3 * WEEK, MONDAY - WEEK]


def mark_week(student: Student, monday: dt.date, codes: str) -> None:
    """Ten sessions in the order of the week."""
    for place, code in enumerate(codes):
        day, session = monday + dt.timedelta(days=place // 2), ("AM", "PM")[place % 2]
        make.MarkFactory.create(student=student, date=day, session=session, code=code)


def told(world: Scene, student: Student, *, absent: int, model: ModelPlan | None = None) -> ActionPlan:
    """Two weeks before with six sessions missed and three late; two since with `absent` missed and one late."""
    mark_week(student, MONDAY - 2 * WEEK, "OOOO/\\LLLL"[:9] + "\\")
    mark_week(student, MONDAY - WEEK, "OO" + "/\\" * 4)
    mark_week(student, MONDAY, ("O" * absent + "L" + "/\\" * 5)[:10])
    mark_week(student, MONDAY + WEEK, "/\\" * 5)
    for day, kind in ((-3, "negative"), (-4, "negative"), (-40, "negative"), (3, "negative"), (4, "positive")):
        make.BehaviourEventFactory.create(student=student, date=MONDAY + dt.timedelta(days=day), kind=kind)
    return make.ActionPlanFactory.create(
        student=student, made_by=world.tutor, started_on=MONDAY, closed_on=MONDAY + 2 * WEEK, outcome=1,
        from_model=model, from_model_version=model and 1,
    )  # fmt: skip


def test_a_plans_page_counts_both_sides() -> None:
    """By hand: before 6 of 20 missed, 3 late, 2 sanctions, no reward; since 1 of 20, 1 late, 1 sanction, 1 reward."""
    world = scene()
    plan = told(world, world.student, absent=1)
    with acting_as(Actor(user_id=world.tutor.pk)):
        found = evidence_of(plan)
    assert found.before
    assert found.since
    sides = [
        (s.figure.absent, s.figure.possible, s.figure.late, s.behaviour.sanctions, s.behaviour.rewards)
        for s in (found.before, found.since)
    ]
    assert (found.weeks, sides) == (2, [(6, 20, 3, 2, 0), (1, 20, 1, 1, 1)])
    shown = client_of(world.tutor).get(reverse("plans:plan-detail", args=[plan.pk])).content.decode()
    assert "6 of 20" in shown
    assert "1 of 20" in shown
    assert "come back towards the middle by themselves" in shown


def test_one_week_on_a_side_is_too_few_sessions_to_say() -> None:
    world = scene()
    plan = told(world, world.student, absent=1)
    ActionPlan.objects.update(closed_on=MONDAY + WEEK)
    shown = client_of(world.tutor).get(reverse("plans:plan-detail", args=[plan.pk])).content.decode()
    assert "Too few sessions to say yet" in shown
    assert " of 10" not in shown
    assert "towards the middle" not in shown


def test_grades_from_the_drop_before_to_the_latest() -> None:
    """A drop of the term in which the plan began counts as before."""
    world = scene()
    school = world.student.school
    world.term.delete()
    for year, name, start, end in (
        (2025, "SUM", dt.date(2026, 4, 20), dt.date(2026, 7, 21)),
        (2026, "AUT", dt.date(2026, 9, 1), dt.date(2026, 12, 18)),
    ):
        make.TermFactory.create(
            school=school, year=year, name=name, starts_on=start, ends_on=end, break_starts_on=None, break_ends_on=None
        )
    drops = [make.DataDropFactory.create(school=school, name=f"Drop {p}", position=p) for p in (20261, 20262, 20263)]
    for name, grades in (("Art", "345"), ("Music", "555"), ("German", "653")):
        subject = make.SubjectFactory.create(school=school, name=name)
        for drop, grade in zip(drops, grades, strict=True):
            make.AssessmentFactory.create(student=world.student, subject=subject, data_drop=drop, working_at=grade)
    plan = make.ActionPlanFactory.create(
        student=world.student, made_by=world.tutor, started_on=dt.date(2026, 5, 4), review_on=dt.date(2026, 6, 1)
    )
    with acting_as(Actor(user_id=world.tutor.pk)):
        moved = evidence_of(plan).grades
    assert moved
    assert (moved.before, moved.since, moved.up, moved.same, moved.down) == (
        "Drop 20262",
        "Drop 20263",
        1,
        1,
        1,
    )


def test_a_model_tells_the_median_change_over_five_and_nothing_over_four() -> None:
    """By hand: since less before is −6, −6, −4, −3 and −1 missed, so −4; the database counts as the page does."""
    world = scene()
    model = make.ModelPlanFactory.create(author=world.tutor)
    plans = [told(world, make.student_in(world.group), absent=absent, model=model) for absent in (0, 0, 2, 3)]
    with acting_as(Actor(user_id=world.tutor.pk)):
        assert changes_with(model) is None
    plans.append(told(world, make.student_in(world.group), absent=5, model=model))
    with acting_as(Actor(user_id=world.tutor.pk)):
        found = changes_with(model)
        pages = [evidence_of(plan) for plan in plans]
    assert found
    assert (found.compared, found.absent, found.late, found.sanctions, found.rewards) == (5, -4, -2, -1, 1)
    differences = sorted(e.since.figure.absent - e.before.figure.absent for e in pages if e.since and e.before)
    assert differences == [-6, -6, -4, -3, -1]
    shown = client_of(world.tutor).get(reverse("plans:model-detail", args=[model.pk])).content.decode()
    assert "4 fewer" in shown
    assert "in the middle of 5 plans" in shown


def test_another_school_is_told_nothing() -> None:
    world = scene()
    model = make.ModelPlanFactory.create(author=world.tutor)
    for _ in range(5):
        told(world, make.student_in(world.group), absent=1, model=model)
    stranger = make.person("headteacher", school=make.SchoolFactory.create(name="Elsewhere"))
    with acting_as(Actor(user_id=stranger.pk)), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM guard.model_uses(%s)", [[model.pk]])
        assert cursor.fetchall() == []
        assert changes_with(model) is None
