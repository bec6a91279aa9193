"""Making a plan with a student: duty 22, from a 1:1 in one click: duty 24, with staff and home in it: duty 25."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Draft
from audit.models import Event
from tests import factories as make
from tests.plans.pages import in_days, opened, plan_fields, plan_of
from tests.sessions.pages import client_of, scene
from tutoring.plans.forms import usual_review
from tutoring.plans.models import ActionPlan, Barrier
from tutoring.sessions.enums import Confidentiality

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_a_plan_is_made_with_its_parts_and_its_draft_goes() -> None:
    """Duties 22 and 25: barriers, targets, steps for the student, for staff and for home."""
    world = scene()
    colleague = make.person(Role.TUTOR, group=world.group, first_name="Ola", last_name="Bright")
    client, barrier = client_of(world.tutor), Barrier.objects.get(name="Getting up and in")
    form = opened(client, "plan-create", world.student.pk) | plan_fields(
        **{
            "barriers": str(barrier.pk),
            "steps-1-text": "Ring home on Fridays", "steps-1-due_on": in_days(7),
            "steps-1-who": f"staff:{colleague.pk}",
            "steps-2-text": "Phone stays downstairs", "steps-2-who": "home", "steps-2-due_on": in_days(7),
        }
    )  # fmt: skip
    client.post(reverse("accounts:draft-save", args=[form["draft_form"]]), form)
    assert Draft.objects.count() == 1
    answer = client.post(reverse("plans:plan-create", args=[world.student.pk]), form)
    plan = ActionPlan.objects.get()
    assert answer.url == reverse("plans:plan-detail", args=[plan.pk])
    assert (plan.student, plan.made_by, plan.title) == (world.student, world.tutor, "In class on time")
    assert list(plan.barriers.all()) == [barrier]
    assert [(s.text, s.owner, s.owner_staff) for s in plan.steps.order_by("text")] == [
        ("Pack the bag in the evening", "student", None),
        ("Phone stays downstairs", "home", None),
        ("Ring home on Fridays", "staff", colleague),
    ]
    assert [(t.text, t.sign) for t in plan.targets.all()] == [(form["targets-0-text"], "The register")]
    assert Draft.objects.count() == 0
    event = Event.objects.get(action="plan.made")
    assert (event.student_id, event.detail) == (world.student.pk, {"steps": 3})


def test_a_form_sent_twice_makes_one_plan() -> None:
    world = scene()
    client, url = client_of(world.tutor), reverse("plans:plan-create", args=[world.student.pk])
    form = opened(client, "plan-create", world.student.pk) | plan_fields()
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    clash = client.post(url, form | {"title": "Something else"})
    assert clash.status_code == 409
    assert "Something else" in clash.content.decode()
    assert ActionPlan.objects.count() == 1


def test_a_draft_comes_back_with_its_rows() -> None:
    world = scene()
    client = client_of(world.tutor)
    form = opened(client, "plan-create", world.student.pk) | plan_fields()
    client.post(reverse("accounts:draft-save", args=[form["draft_form"]]), form)
    page = client.get(reverse("plans:plan-create", args=[world.student.pk])).content.decode()
    for typed in ("In class on time", "Good with younger ones.", "four days out of five", "Pack the bag", in_days(28)):
        assert typed in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Say in a line what this plan is for."),
        ({"steps-0-due_on": ""}, "By which day?"),
        ({"review_on": localdate().isoformat()}, "A review lies after the plan’s first day"),
        ({"targets-1-sign": "The planner"}, "Write the target, or take this away."),
        ({"steps-0-text": ""}, "Write what was agreed, or take the date away."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(typed: dict[str, str], said: str) -> None:
    world = scene()
    client = client_of(world.tutor)
    form = opened(client, "plan-create", world.student.pk) | plan_fields() | typed
    page = client.post(reverse("plans:plan-create", args=[world.student.pk]), form).content.decode()
    assert said in page
    assert "I want to stop being shouted at." in page
    assert not ActionPlan.objects.exists()


def test_from_a_session_in_one_click() -> None:
    """Duty 24: the open steps and the student's words stand in the form; a step that goes on in the plan is linked."""
    world = scene()
    session = make.TutorSessionFactory.create(
        student=world.student, author=world.tutor, student_words="I hate Mondays."
    )
    step = make.NextStepFactory.create(session=session, text="Breakfast club")
    make.NextStepFactory.create(session=session, text="Long done", done_on=localdate())
    client, url = client_of(world.tutor), reverse("plans:plan-from-session", args=[session.pk])
    for place in (
        reverse("tutor_sessions:session-detail", args=[session.pk]),
        reverse("desk:student-story", args=[world.student.pk]),
    ):
        assert url in client.get(place).content.decode()
    page = client.get(url).content.decode()
    assert "I hate Mondays." in page
    assert "Breakfast club" in page
    assert "Long done" not in page
    form = opened(client, "plan-from-session", session.pk) | plan_fields(**{"steps-0-from_step": str(step.pk)})
    assert client.post(url, form).status_code == 302
    plan = ActionPlan.objects.get()
    assert (plan.from_session, plan.steps.get().from_step) == (session, step)

    client.post(reverse("plans:step-done", args=[plan.steps.get().pk]))
    step.refresh_from_db()
    assert step.done_on == localdate()


def test_of_a_session_for_named_people_nothing_is_carried_over() -> None:
    world = scene()
    session = make.TutorSessionFactory.create(
        student=world.student, author=world.tutor, student_words="Tell nobody.", confidentiality=Confidentiality.NAMED
    )
    make.NextStepFactory.create(session=session, text="See the nurse")
    page = client_of(world.tutor).get(reverse("plans:plan-from-session", args=[session.pk])).content.decode()
    assert "kept for named people" in page
    assert "Tell nobody." not in page
    assert "See the nurse" not in page


def test_a_school_with_a_list_of_its_own_is_offered_that_and_what_the_plan_names() -> None:
    world = scene()
    plan = plan_of(world)
    old = Barrier.objects.get(name="Worry")
    make.PlanBarrierFactory.create(plan=plan, barrier=old)
    own = make.BarrierFactory.create(school=world.student.school, name="The 47 bus")
    make.BarrierFactory.create(school=world.student.school, name="Put away", is_active=False)
    client = client_of(world.tutor)
    fresh = client.get(reverse("plans:plan-create", args=[world.student.pk])).content.decode()
    change = client.get(reverse("plans:plan-update", args=[plan.pk])).content.decode()
    assert [name in fresh for name in (own.name, "Worry", "Put away")] == [True, False, False]
    assert [name in change for name in (own.name, "Worry", "Put away")] == [True, True, False]


def test_the_usual_review_is_on_a_school_day() -> None:
    """Four weeks on may be the holidays: then the first day back, as steps of a model are."""
    school, day = make.SchoolFactory.create(), localdate()
    assert usual_review(school) == day + 28 * DAY, "where no calendar is kept, the day itself"
    back = day + (35 + (7 - day.weekday()) % 7) * DAY
    make.TermFactory.create(
        school=school, starts_on=back, ends_on=back + 60 * DAY, break_starts_on=None, break_ends_on=None
    )
    assert usual_review(school) == back
