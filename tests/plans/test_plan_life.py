"""Following a plan: steps, reviews, agreement, changes and the end. Duties 22, 28 and 30."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from audit.models import Event
from tests import factories as make
from tests.plans.pages import DAY, in_days, opened, plan_fields, plan_of
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.plans.models import ActionPlan, PlanStep

pytestmark = pytest.mark.django_db


def _change(plan: ActionPlan, **typed: str) -> dict[str, str]:
    target, step = plan.targets.get(), plan.steps.first()
    known = {"targets-0-pk": str(target.pk), "steps-0-pk": str(step.pk if step else "")}
    return plan_fields(**known) | typed


def test_a_change_is_versioned_and_told_in_words() -> None:
    """Duty 28: a plan is changed as it goes, and what it said before is kept."""
    world = scene()
    plan, client = plan_of(world), client_of(world.tutor)
    url = reverse("plans:plan-update", args=[plan.pk])
    form = opened(client, "plan-update", plan.pk) | _change(plan, **{"steps-0-due_on": in_days(10)})
    assert client.post(url, form).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.version, plan.targets.count(), plan.steps.count()) == ("In class on time", 2, 1, 1)
    assert plan.steps.get().times_moved == 1
    page = client.get(reverse("plans:plan-detail", args=[plan.pk])).content.decode()
    assert "What this plan is for: “In class on time, every morning” → “In class on time”" in page
    assert f"by: {(localdate() + 3 * DAY).day} " in page
    assert str(world.tutor) in page.partition("Earlier versions")[2]


def test_two_who_change_one_plan_never_overwrite_each_other() -> None:
    world = scene()
    plan, other = plan_of(world), make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    mine, theirs = client_of(world.tutor), client_of(other)
    url = reverse("plans:plan-update", args=[plan.pk])
    first = opened(mine, "plan-update", plan.pk) | _change(plan, title="From the tutor")
    second = opened(theirs, "plan-update", plan.pk) | _change(plan, title="From the head of house")
    assert mine.post(url, first).status_code == 302
    clash = theirs.post(url, second)
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "From the tutor" in page
    assert "From the head of house" in page
    assert theirs.post(url, second | hidden_fields(clash) | {"title": "From both"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.version) == ("From both", 3)


def test_what_was_agreed_is_not_taken_out() -> None:
    world = scene()
    plan, client = plan_of(world), client_of(world.tutor)
    form = opened(client, "plan-update", plan.pk) | _change(plan, **{"steps-0-text": "", "steps-0-due_on": ""})
    assert "no longer needed" in client.post(reverse("plans:plan-update", args=[plan.pk]), form).content.decode()
    assert plan.steps.count() == 1


def test_one_tap_ticks_a_step_off_and_another_takes_it_back() -> None:
    world = scene()
    step, client = plan_of(world).steps.get(), client_of(world.tutor)
    url = reverse("plans:step-done", args=[step.pk])
    piece = client.post(url, headers={"HX-Request": "true"}).content.decode()
    assert "Undo" in piece
    step.refresh_from_db()
    assert (step.outcome, step.ended_on) == ("done", localdate())
    client.post(url, {"undo": "1"})
    step.refresh_from_db()
    assert (step.outcome, step.ended_on) == ("", None)
    events = Event.objects.filter(action__startswith="plan_step").order_by("at")
    assert list(events.values_list("action", flat=True)) == ["plan_step.done", "plan_step.reopened"]


def test_three_times_moved_shows() -> None:
    world = scene()
    plan, client = plan_of(world), client_of(world.tutor)
    url = reverse("plans:step-update", args=[plan.steps.get().pk])
    for number in (4, 5, 6):
        assert client.post(url, {"due_on": in_days(number)}).status_code == 302
    assert plan.steps.get().times_moved == 3
    assert client.post(url, {"due_on": in_days(6), "words": "Going well"}).status_code == 302
    assert plan.steps.get().times_moved == 3
    assert "Day moved 3 times" in client.get(reverse("plans:plan-detail", args=[plan.pk])).content.decode()
    PlanStep.objects.update(due_on=localdate())
    assert "Day moved 3 times" in client.get(reverse("desk:today")).content.decode()


def test_no_longer_needed_says_why() -> None:
    world = scene()
    plan, client = plan_of(world), client_of(world.tutor)
    url = reverse("plans:step-update", args=[plan.steps.get().pk])
    form = {"due_on": in_days(3), "not_needed": "on"}
    assert "Say in a few words why" in client.post(url, form).content.decode()
    assert client.post(url, form | {"words": "Has a new bag with two parts"}).status_code == 302
    assert (plan.steps.get().outcome, plan.steps.get().ended_on) == ("not_needed", localdate())


def test_a_review_says_how_it_goes_and_when_to_look_again() -> None:
    """Duty 30: −2 to +2 with words, for the whole and for single targets."""
    world = scene()
    plan, client = plan_of(world), client_of(world.tutor)
    url = reverse("plans:plan-review", args=[plan.pk])
    form = opened(client, "plan-review", plan.pk) | {
        "rating": "1", "words": "Three mornings of five.", "held_on": localdate().isoformat(), "next_on": in_days(21),
        f"target-{plan.targets.get().pk}": "2",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    plan.refresh_from_db()
    assert (plan.review_on, plan.targets.get().result) == (localdate() + 21 * DAY, 2)
    assert [(r.rating, r.words, r.by) for r in plan.reviews.all()] == [(1, "Three mornings of five.", world.tutor)]
    wrong = client.post(
        url, opened(client, "plan-review", plan.pk) | form | {"next_on": in_days(-1), "draft_token": ""}
    )
    assert "lies after this one" in wrong.content.decode()


def test_who_agreed_and_that_the_plan_changed_since() -> None:
    """Duty 25: the student and home sign off."""
    world = scene()
    plan, client = plan_of(world), client_of(world.tutor)
    url = reverse("plans:plan-agree", args=[plan.pk])
    yesterday = (localdate() - DAY).isoformat()
    said = {"student_agreed_on": yesterday, "home_agreed_on": yesterday, "home_agreed_how": "Mrs Okafor, on the phone"}
    assert "still to come" in client.post(url, {"student_agreed_on": in_days(1)}).content.decode()
    assert "On which day?" in client.post(url, {"home_agreed_how": "Letter"}).content.decode()
    assert client.post(url, said).status_code == 302
    detail = reverse("plans:plan-detail", args=[plan.pk])
    page = client.get(detail).content.decode()
    assert "Mrs Okafor, on the phone" in page
    assert "changed since" not in page
    client.post(reverse("plans:plan-update", args=[plan.pk]), opened(client, "plan-update", plan.pk) | _change(plan))
    assert "changed since" in client.get(detail).content.decode()


def _ending(plan: ActionPlan, **typed: str) -> dict[str, str]:
    step, target = plan.steps.get(), plan.targets.get()
    parts = {f"step-{step.pk}": "not_done", f"step-{step.pk}-words": "", f"target-{target.pk}": "1"}
    return {"outcome": "1", "words": "On time most days."} | parts | typed


def _close(world: Scene, plan: ActionPlan, **changed: str) -> tuple[int, str]:
    client = client_of(world.tutor)
    form = opened(client, "plan-close", plan.pk) | _ending(plan) | changed
    answer = client.post(reverse("plans:plan-close", args=[plan.pk]), {k: v for k, v in form.items() if v != "-"})
    return answer.status_code, answer.content.decode()


def test_closing_demands_an_outcome_for_every_part() -> None:
    """Duty 22, outcome: nothing open is forgotten."""
    world = scene()
    plan = plan_of(world)
    step, target = plan.steps.get(), plan.targets.get()
    for missing in (f"step-{step.pk}", f"target-{target.pk}", "outcome", "words"):
        status, page = _close(world, plan, **{missing: "-"})
        assert status == 200
        assert "This field is required" in page
    assert "why it is no longer needed" in _close(world, plan, **{f"step-{step.pk}": "not_needed"})[1]
    assert ActionPlan.objects.get().is_open
    assert _close(world, plan)[0] == 302
    plan.refresh_from_db()
    step.refresh_from_db()
    assert (plan.closed_on, plan.outcome, step.outcome, step.ended_on) == (localdate(), 1, "not_done", localdate())


def test_a_step_added_meanwhile_keeps_the_plan_open() -> None:
    world = scene()
    plan, client = plan_of(world), client_of(world.tutor)
    form = opened(client, "plan-close", plan.pk) | _ending(plan)
    make.PlanStepFactory.create(plan=plan, text="Added meanwhile")
    answer = client.post(reverse("plans:plan-close", args=[plan.pk]), form)
    assert "Added meanwhile" in answer.content.decode()
    ActionPlan.objects.update(version=5)
    assert client.post(reverse("plans:plan-close", args=[plan.pk]), form).status_code in (200, 409)
    assert ActionPlan.objects.get().is_open


def test_a_closed_plan_stays_as_it_ended() -> None:
    world = scene()
    plan = plan_of(world)
    PlanStep.objects.update(outcome="done", ended_on=localdate())
    plan.targets.update(result=1)
    ActionPlan.objects.update(closed_on=localdate(), outcome=1)
    client = client_of(world.tutor)
    detail = reverse("plans:plan-detail", args=[plan.pk])
    for name in ("plan-update", "plan-review", "plan-close", "plan-agree"):
        assert client.get(reverse(f"plans:{name}", args=[plan.pk])).url == detail
    client.post(reverse("plans:step-done", args=[plan.steps.get().pk]), {"undo": "1"})
    assert plan.steps.get().outcome == "done"


def test_the_database_itself_closes_no_plan_with_open_parts() -> None:
    plan = plan_of(scene())
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionPlan.objects.filter(pk=plan.pk).update(closed_on=localdate(), outcome=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.steps.update(outcome="not_needed", ended_on=localdate())
