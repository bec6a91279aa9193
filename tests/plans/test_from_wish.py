"""What a student wrote before a 1:1 that they want to do becomes a target, in their words, with nothing retyped."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.permissions import Permission, roles_with
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.plans.models import ActionPlan, PlanTarget
from tutoring.sessions.models import Reflection

pytestmark = pytest.mark.django_db
WISH = "Sit nearer to the front in maths."


@pytest.fixture
def world() -> Scene:
    return scene()


def wrote(world: Scene, **said: str) -> Reflection:
    return make.ReflectionFactory.create(student=world.student, taken_by=world.tutor, **{"wish": WISH} | said)


def url_of(wish: Reflection) -> str:
    return reverse("plans:plan-from-wish", args=[wish.pk])


def sent(client: Client, url: str) -> dict[str, str]:
    """The page as it opens, as a browser would send it, with a title where it has none."""
    opened = client.get(url).context["opened"]
    fields = hidden_fields(client.get(url))
    for part in (opened.form, *opened.targets.forms, *opened.steps.forms):
        fields |= {part.add_prefix(name): part[name].value() or "" for name in part.fields}
    for rows in (opened.targets, opened.steps):
        fields |= {f"{rows.prefix}-TOTAL_FORMS": str(len(rows.forms)), f"{rows.prefix}-INITIAL_FORMS": "0"}
    fields |= {"title": fields.get("title") or "Maths"}
    return {name: value for name, value in fields.items() if (name, value) != ("barriers", "")}


def test_one_button_makes_a_plan_with_the_students_words_as_its_target(world: Scene) -> None:
    """Duty 13: where the tutor reads it (the sheet before, the list of all), one press opens the form with it."""
    wish, client = wrote(world), client_of(world.tutor)
    for name in ("desk:student-preparation", "tutor_sessions:reflection-list"):
        assert url_of(wish) in client.get(reverse(name, args=[world.student.pk])).content.decode()
    assert client.post(url_of(wish), sent(client, url_of(wish))).status_code == 302
    [target] = PlanTarget.objects.all()
    assert (target.text, target.plan.student, target.plan.made_by) == (WISH, world.student, world.tutor)


def test_it_is_added_to_a_plan_that_is_open_and_once_only(world: Scene) -> None:
    """Duty 13: the page offers the open plans; taken twice, it stands there once."""
    plan = make.ActionPlanFactory.create(student=world.student, made_by=world.tutor)
    make.PlanTargetFactory.create(plan=plan, text="Bring a calculator.", position=1)
    closed = make.ActionPlanFactory.create(student=world.student, made_by=world.tutor)
    ActionPlan.objects.filter(pk=closed.pk).update(closed_on=closed.started_on, outcome=1)
    wish, client = wrote(world), client_of(world.tutor)
    page = client.get(url_of(wish)).content.decode()
    add = f"{reverse('plans:plan-update', args=[plan.pk])}?wish={wish.pk}"
    assert add in page
    assert str(closed.pk) not in page
    for _ in range(2):
        assert client.post(add, sent(client, add)).status_code == 302
        assert list(plan.targets.order_by("position").values_list("text", flat=True)) == ["Bring a calculator.", WISH]


def test_who_may_not_read_what_was_written_gets_no_word_of_it(world: Scene) -> None:
    """Neither by the page, nor by naming it at another student's plan; a reflection without a wish is none."""
    wish = wrote(world)
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
    assert teacher.get(url_of(wish)).status_code == 403
    elsewhere = make.TutorGroupFactory.create(name="9CUR")
    other = make.student_in(elsewhere)
    stranger = make.person(Role.TUTOR, group=elsewhere)
    assert client_of(stranger).get(url_of(wish)).status_code == 404
    plan = make.ActionPlanFactory.create(student=other, made_by=stranger)
    change = reverse("plans:plan-update", args=[plan.pk])
    assert WISH not in client_of(stranger).get(change, {"wish": wish.pk}).content.decode()
    head = client_of(make.person(Role.HEADTEACHER))
    assert WISH not in head.get(change, {"wish": wish.pk}).content.decode(), "of another student"
    assert client_of(world.tutor).get(url_of(wrote(world, wish=""))).status_code == 404


def test_whoever_reads_plans_reads_what_students_write_before_a_one_to_one() -> None:
    """The premise: a plan shows the words to nobody who could not read them where they were written."""
    assert roles_with(Permission.VIEW_PLAN) <= roles_with(Permission.VIEW_TEAM_SESSION)
    assert roles_with(Permission.MAKE_PLAN) <= roles_with(Permission.VIEW_TEAM_SESSION)
