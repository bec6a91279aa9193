"""A colleague's own word on a step of a plan, beside the student's and home's. Duty 25."""

import datetime as dt
import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from reports.packs.items import day_words
from tests import factories as make
from tests.plans.pages import DAY, opened, plan_fields, plan_of
from tests.sessions.pages import Scene, client_of, scene
from tests.visits.test_held import tried
from tutoring.plans.models import ActionPlan, PlanStep

pytestmark = pytest.mark.django_db


def given(world: Scene, role: Role = Role.SUBJECT_TEACHER, **fields: object) -> tuple[PlanStep, User]:
    """A step of the tutor's plan that a colleague is to do in three days."""
    scope = {"house": world.group.house} if role == Role.HEAD_OF_HOUSE else {"group": world.group}
    colleague = make.person(role, school=world.student.school, first_name="Ann", last_name="Hill", **scope)
    step = plan_of(world).steps.get()
    PlanStep.objects.filter(pk=step.pk).update(**{"owner": "staff", "owner_staff": colleague} | fields)
    step.refresh_from_db()
    return step, colleague


def say(person: User, step: PlanStep) -> int:
    status: int = client_of(person).post(reverse("plans:step-agree", args=[step.pk])).status_code
    step.refresh_from_db()
    return status


def asked_on_today(person: User) -> list[tuple[str, str]]:
    page = client_of(person).get("/")
    return [(due.line.kind, due.line.text) for due in page.context["due"] if due.line.kind.startswith(("step", "plan"))]


@pytest.mark.parametrize("days", [1, 40])
def test_a_colleague_says_i_do_this_once_and_is_asked_until_then(days: int) -> None:
    """Duty 25: plan parties: staff, parent, student each with actions and sign-off."""
    world = scene()
    step, teacher = given(world, due_on=localdate() + days * DAY)
    [(kind, text)] = asked_on_today(teacher)
    assert kind in ("step_asked", "step_ahead")
    assert text == step.text
    assert b"I do this" in client_of(teacher).get("/").content
    assert say(teacher, step) == 302
    assert step.owner_agreed_on == localdate()
    assert not [kind for kind, _ in asked_on_today(teacher) if kind != "plan_step"]
    assert b"I do this" not in client_of(teacher).get("/").content
    event = Event.objects.get(action="plan_step.agreed")
    assert (event.actor_id, event.student_id) == (teacher.pk, world.student.pk)
    say(teacher, step)
    assert Event.objects.filter(action="plan_step.agreed").count() == 1, "said once"


def test_when_its_day_has_come_it_is_to_be_done_not_promised() -> None:
    world = scene()
    _, teacher = given(world, due_on=localdate())
    assert [kind for kind, _ in asked_on_today(teacher)] == ["plan_step"]


def test_it_stands_on_the_plan_beside_student_and_home_and_in_its_earlier_versions() -> None:
    """Duty 25."""
    world = scene()
    step, head = given(world, Role.HEAD_OF_HOUSE)
    url = reverse("plans:plan-detail", args=[step.plan_id])
    agree = reverse("plans:step-agree", args=[step.pk])
    assert "has not said yes yet" in client_of(world.tutor).get(url).content.decode()
    assert agree not in client_of(world.tutor).get(url).content.decode(), "the tutor is not asked for a colleague"
    assert agree in client_of(head).get(url).content.decode()
    assert say(head, step) == 302
    page = client_of(world.tutor).get(url).content.decode()
    agreed = page.partition('id="agreed-title"')[2].partition("</section>")[0]
    assert "Ann Hill" in agreed
    assert f"{localdate().day} {localdate():%b %Y}, said themselves: {step.text}" in " ".join(agreed.split())
    assert "the colleague who does it agreed on: nothing" in page.partition("Earlier versions")[2]


def test_nobody_signs_for_somebody_else() -> None:
    """Duty 25: a forged request and SQL past every view are refused alike."""
    world = scene()
    step, teacher = given(world)
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    assert say(world.tutor, step) == 403
    assert say(head, step) == 403
    assert say(make.person(Role.SUBJECT_TEACHER, group=world.group), step) == 404
    assert step.owner_agreed_on is None
    PlanStep.objects.filter(pk=step.pk).update(owner_staff=world.tutor)
    assert say(world.tutor, step) == 302
    assert step.owner_agreed_on is None, "whoever wrote the plan said so by writing it"
    assert asked_on_today(world.tutor) in ([], [("plan_step", step.text)])
    PlanStep.objects.filter(pk=step.pk).update(owner="home", owner_staff=teacher)
    say(teacher, step)
    assert step.owner_agreed_on is None, "home does that"


def test_postgresql_takes_nobody_elses_word() -> None:
    """Duty 25, past every view."""
    world = scene()
    step, teacher = given(world)
    agree = "UPDATE plans_planstep SET owner_agreed_on = %s WHERE id = %s"
    today = localdate()
    assert tried(world.tutor, agree, today, step.pk) == "refused", "for a colleague"
    assert tried(teacher, agree, today - DAY, step.pk) == "refused", "of another day"
    mine = "UPDATE plans_planstep SET owner_agreed_on = %s, owner_staff_id = %s WHERE id = %s"
    assert tried(world.tutor, mine, today, world.tutor.pk, step.pk) == "done", "given to oneself it is not yet agreed"
    step.refresh_from_db()
    assert step.owner_agreed_on is None
    assert tried(world.tutor, agree, today, step.pk) == "refused", "the plan's author"
    PlanStep.objects.filter(pk=step.pk).update(owner_staff=teacher)
    add = """INSERT INTO plans_planstep (id, plan_id, student_id, text, owner, owner_staff_id, due_on, times_moved,
                                         outcome, words, owner_agreed_on)
             VALUES (gen_random_uuid(), %s, %s, 'Ring', 'staff', %s, %s, 0, '', '', %s)"""
    values = (step.plan_id, world.student.pk, teacher.pk, today + DAY, today)
    assert tried(world.tutor, add, *values) == "refused", "a step that comes agreed to"
    assert tried(teacher, agree, today, step.pk) == "done"
    assert tried(world.tutor, agree, None, step.pk) == "refused", "taken back for them"
    step.refresh_from_db()
    assert step.owner_agreed_on == today
    PlanStep.objects.filter(pk=step.pk).update(text="Something else", outcome="done", ended_on=today)
    assert tried(teacher, agree, today, step.pk) == "refused", "over"


OTHER_WORDS, SOMEBODY_ELSE, ANOTHER_DAY = "steps-0-text", "steps-0-who", "steps-0-due_on"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [({OTHER_WORDS: "Ring on Mondays"}, False), ({SOMEBODY_ELSE: "home"}, False), ({ANOTHER_DAY: ""}, True)],
)
def test_changing_what_it_says_or_who_does_it_takes_the_word_away(typed: dict[str, str], kept: bool) -> None:
    """Duty 25: a word holds for what it was given to; another day is no other step."""
    world = scene()
    step, head = given(world, Role.HEAD_OF_HOUSE)
    say(head, step)
    client, plan = client_of(world.tutor), step.plan
    typed = {name: value or (localdate() + dt.timedelta(days=9)).isoformat() for name, value in typed.items()}
    as_it_was = {
        "targets-0-pk": str(plan.targets.get().pk), "steps-0-pk": str(step.pk), "steps-0-text": step.text,
        "steps-0-who": f"staff:{head.pk}", "steps-0-due_on": step.due_on.isoformat(),
    }  # fmt: skip
    form = opened(client, "plan-update", plan.pk) | plan_fields(**as_it_was) | typed
    assert client.post(reverse("plans:plan-update", args=[plan.pk]), form).status_code == 302
    step.refresh_from_db()
    assert (step.owner_agreed_on is not None) is kept
    page = client.get(reverse("plans:plan-detail", args=[plan.pk])).content.decode()
    assert kept or "→ nothing" in page.partition("Earlier versions")[2], "told in earlier versions"


def test_today_asks_no_further_statement_for_it() -> None:
    world = scene()
    step, teacher = given(world)
    client, counts = client_of(teacher), []
    for asked in (True, False):
        PlanStep.objects.filter(pk=step.pk).update(owner_agreed_on=None if asked else localdate())
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_it_stands_in_the_pack_of_a_meeting_beside_student_and_home() -> None:
    """Duty 25, in the PDF: each party with the day of their word."""
    world = scene()
    step, head = given(world, Role.HEAD_OF_HOUSE)
    more = make.PlanStepFactory.create(plan=step.plan, owner="staff", owner_staff=head, text="Look in on Friday")
    ActionPlan.objects.filter(pk=step.plan_id).update(student_agreed_on=localdate(), student_agreed_how="read it")
    say(head, step)
    url = reverse("reports:student-pack", args=[world.student.pk])
    days = {"since": f"{localdate() - 30 * DAY}", "until": f"{localdate()}"}
    page = html.unescape(client_of(world.tutor).get(url, {"parts": ["plans"]} | days).content.decode())
    assert f"the student on {day_words(localdate())}, read it" in page
    assert f"{head.formal_name} on {day_words(localdate())} ({step.text})" in page
    assert f"{head.formal_name} not yet ({more.text})" in page
