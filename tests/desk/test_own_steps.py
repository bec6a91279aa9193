"""A step of one’s own stands on Today whichever circle is open: people have two roles, and teach others too."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.desk.scopes import scopes_of
from tutoring.groups.models import TutorGroup
from tutoring.notices.selectors import things_for
from tutoring.plans.models import PlanStep

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def of_two_roles(role: Role, world: Scene) -> User:
    """Somebody of that role whose usual circle does not hold the scene's student, whom they teach or lead to boot."""
    person = make.person(role, school=world.group.school, **_other_circle(role))
    if role in (Role.TUTOR, Role.HEAD_OF_HOUSE):
        held = make.MembershipFactory.create(user=person, role=Role.SUBJECT_TEACHER)
        make.TutorAssignmentFactory.create(membership=held, group=world.group)
    else:
        held = make.MembershipFactory.create(user=person, role=Role.TUTOR)
        make.TutorAssignmentFactory.create(membership=held, group=make.TutorGroupFactory.create(name="Own"))
    return person


def _other_circle(role: Role) -> dict[str, object]:
    if role == Role.HEAD_OF_HOUSE:
        return {"house": make.HouseFactory.create(name="Curie")}
    return {"group": make.TutorGroupFactory.create(name="Own")} if role == Role.TUTOR else {}


def due_on_today(person: User, **asked: str) -> list[tuple[str, str]]:
    page = client_of(person).get(reverse("desk:today"), asked)
    return [(due.line.kind, due.line.text) for due in (*page.context["due"], *page.context["more_due"])]


def plan_step_for(person: User, world: Scene, **fields: object) -> PlanStep:
    plan = make.ActionPlanFactory.create(student=world.student, made_by=world.tutor, review_on=localdate() + 40 * DAY)
    step: PlanStep = make.PlanStepFactory.create(
        **{"plan": plan, "owner": "staff", "owner_staff": person, "due_on": localdate(), "text": "Move seats"} | fields
    )
    return step


@pytest.mark.parametrize("role", [Role.TUTOR, Role.HEAD_OF_HOUSE, Role.SENCO, Role.DSL])
def test_ones_own_step_stands_on_today_in_every_circle(role: Role) -> None:
    """Issue 4: steps due and overdue come to Today, and to no fewer people than the mail of the day counts them for."""
    world = scene()
    person = of_two_roles(role, world)
    plan_step_for(person, world)
    make.NextStepFactory.create(
        session__student=world.student, session__author=world.tutor, owner="staff", owner_staff=person,
        due_on=localdate() - DAY, text="Ring about the bus",
    )  # fmt: skip
    keys = [scope.key for scope in scopes_of(User.objects.get(pk=person.pk))]
    assert len(keys) == 2
    for asked in ({}, *({"scope": key} for key in keys)):
        found = due_on_today(person, **asked)
        assert ("plan_step", "Move seats") in found, asked
        assert ("step", "Ring about the bus") in found, asked
        assert len(found) == len(set(found)), "each once"


def test_a_colleague_is_asked_whichever_circle_is_open() -> None:
    """“I do this” is asked for in the very week in which it is due."""
    world = scene()
    sunday = localdate() + (6 - localdate().weekday()) * DAY
    person = of_two_roles(Role.TUTOR, world)
    step = plan_step_for(person, world, due_on=max(sunday, localdate() + DAY))
    for key in ("mine", "taught"):
        [found] = due_on_today(person, scope=key)
        assert (found[0] in ("step_asked", "step_ahead"), found[1]) == (True, step.text)


def test_today_shows_every_step_that_the_mail_counts() -> None:
    """What one agreed with a student whom one teaches waits for oneself as well, whoever does it."""
    world = scene()
    person = of_two_roles(Role.TUTOR, world)
    make.NextStepFactory.create(
        session__student=world.student, session__author=person, owner="student", due_on=localdate(), text="Bring kit"
    )
    with acting_as(Actor(user_id=person.pk)):
        counted = [thing.kind for thing in things_for(person, timezone.now(), localdate())]
    assert counted == [kind for kind, _ in due_on_today(person)] == ["step"]


def test_the_number_counts_the_students_of_the_circle_and_the_steps_of_others_stay_theirs() -> None:
    world = scene()
    person = of_two_roles(Role.TUTOR, world)
    make.student_in(TutorGroup.objects.get(name="Own"))
    plan_step_for(person, world)
    plan_step_for(world.tutor, world, text="Not mine")
    page = client_of(person).get(reverse("desk:today"))
    assert [due.line.text for due in page.context["due"]] == ["Move seats"]
    assert {n.label: n.big for n in page.context["numbers"]}["Steps due this week"] == "0"
