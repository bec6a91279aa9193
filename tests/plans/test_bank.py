"""The bank of model plans: duties 23 and 28, delight 7; what is known of a model: duties 29 and 30."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from tests import factories as make
from tests.plans.pages import opened, plan_of
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.plans.models import ActionPlan, Barrier, ModelPlan

pytestmark = pytest.mark.django_db
LIST = reverse("plans:model-list")
DAY = dt.timedelta(days=1)


def page(user: User, name: str, *keys: object) -> str:
    return client_of(user).get(reverse(f"plans:{name}", args=keys)).content.decode()


def use(world: Scene, model: ModelPlan, times: int, **fields: object) -> list[ActionPlan]:
    """As many students of the group, each with a plan that grew out of it."""
    students = [make.student_in(world.group) for _ in range(times)]
    return [
        make.ActionPlanFactory.create(
            student=student, made_by=world.tutor, from_model=model, from_model_version=1, **fields
        )
        for student in students
    ]


def filled(**typed: str) -> dict[str, str]:
    return {
        "title": "In on time", "purpose": "For late mornings", "barriers": "Getting up and in", "sharing": "school",
        "strengths": "", "why": "Worked for nine of ten", "targets-TOTAL_FORMS": "1", "targets-INITIAL_FORMS": "0",
        "targets-0-text": "I am in my seat at 8.40", "targets-0-sign": "The register", "steps-TOTAL_FORMS": "2",
        "steps-INITIAL_FORMS": "0", "steps-0-text": "Ring home", "steps-0-owner": "staff", "steps-0-days": "14",
        "steps-1-text": "Pack the bag", "steps-1-owner": "student", "steps-1-days": "1",
    } | typed  # fmt: skip


def test_markup_in_what_a_model_asks_stays_words() -> None:
    """It stands beside the box as its help, which crispy's own template would not escape."""
    world = scene()
    model = make.ModelPlanFactory.create(author=world.tutor, strengths="<b onclick=x>Who</b> wakes them?")
    page = client_of(world.tutor).get(reverse("plans:plan-from-model", args=[world.student.pk, model.pk]))
    assert "<b onclick" not in page.content.decode()
    assert "&lt;b onclick=x&gt;Who&lt;/b&gt; wakes them?" in page.content.decode()


def test_from_the_tab_two_clicks_open_the_plan_already_filled() -> None:
    """Duty 23, journey 4.1: tab → "From the bank" → "Use"; days are school days; the plan knows what it grew out of."""
    world = scene()
    saturday = localdate() + (5 - localdate().weekday()) % 7 * DAY
    steps = [
        {"text": "Pack the bag", "owner": "student", "days": (saturday - localdate()).days},
        {"text": "Ring home on Fridays", "owner": "staff", "days": 0},
    ]
    model = make.ModelPlanFactory.create(author=world.tutor, strengths="Who wakes them?", steps=steps, version=3)
    client = client_of(world.tutor)
    tab = client.get(reverse("desk:student-plans", args=[world.student.pk])).content.decode()
    first = reverse("plans:model-choose", args=[world.student.pk])
    second = reverse("plans:plan-from-model", args=[world.student.pk, model.pk])
    assert f'href="{first}"' in tab
    assert f'href="{second}"' in client.get(first).content.decode()
    answer = client.get(second)
    form, shown = answer.context["opened"], answer.content.decode()
    assert form.form.initial["title"] == model.title
    assert "strengths" not in form.form.initial  # a question to look for an answer to, never saved as if it were one
    assert form.form.initial["review_on"].weekday() < 5
    assert form.form.initial["barriers"] == [Barrier.objects.get(name="Getting up and in").pk]
    assert form.targets.rows == [target | {"rhythm": ""} for target in model.targets]
    assert [(row["text"], row["who"], row["due_on"].weekday() < 5) for row in form.steps.rows] == [
        ("Pack the bag", "student", True),
        ("Ring home on Fridays", f"staff:{world.tutor.pk}", True),
    ]
    assert form.steps.rows[0]["due_on"] == saturday + 2 * DAY
    for text in (model.title, "Who wakes them?", "I am in my seat at 8.40", "Pack the bag"):
        assert text in shown
    rows = {
        "targets-TOTAL_FORMS": "1", "targets-INITIAL_FORMS": "0", "targets-0-text": "I am in my seat",
        "steps-TOTAL_FORMS": "0", "steps-INITIAL_FORMS": "0", "title": "Jamal on time",
        "started_on": localdate().isoformat(), "review_on": (localdate() + 28 * DAY).isoformat(),
    }  # fmt: skip
    assert client.post(second, hidden_fields(answer) | rows).status_code == 302
    plan = ActionPlan.objects.get()
    assert (plan.from_model, plan.from_model_version, plan.title) == (model, 3, "Jamal on time")
    assert "version 3" in page(world.tutor, "plan-detail", plan.pk)


def test_a_model_is_made_changed_and_put_away() -> None:
    world = scene()
    client, create = client_of(world.tutor), reverse("plans:model-create")
    form = hidden_fields(client.get(create)) | filled()
    assert client.post(create, form).status_code == 302
    model = ModelPlan.objects.get()
    assert (model.author, model.school, model.version) == (world.tutor, world.student.school, 1)
    assert model.barriers == ["Getting up and in"]
    assert model.targets == [{"text": "I am in my seat at 8.40", "sign": "The register", "rhythm": ""}]
    assert [(step["text"], step["owner"], step["days"]) for step in model.steps] == [
        ("Pack the bag", "student", 1),
        ("Ring home", "staff", 14),
    ]
    assert "In on time" in page(world.tutor, "model-list")
    change = reverse("plans:model-update", args=[model.pk])
    form = opened(client, "model-update", model.pk) | filled(title="In by 8.40")
    assert client.post(change, form).status_code == 302
    model.refresh_from_db()
    assert (model.title, model.version, model.is_active) == ("In by 8.40", 2, False)  # "Offered" was not ticked
    assert "In by 8.40" not in page(world.tutor, "model-list")
    stale = client.post(change, form | {"title": "Mine"})
    assert stale.status_code == 409
    assert "In by 8.40" in stale.content.decode()
    assert Event.objects.filter(action="model_plan.saved").count() == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "This field is required."),
        ({"steps-0-days": ""}, "How many days after the plan begins?"),
        ({"steps-0-text": ""}, "Write the step, or take the days away."),
        ({"sharing": "house"}, "Which house?"),
    ],
)
def test_what_is_missing_is_said(typed: dict[str, str], said: str) -> None:
    world = scene()
    client = client_of(world.tutor)
    form = hidden_fields(client.get(reverse("plans:model-create"))) | filled(**typed)
    answer = client.post(reverse("plans:model-create"), form).content.decode()
    assert said in answer
    assert "Worked for nine of ten" in answer
    assert not ModelPlan.objects.exists()


def test_a_draft_of_a_model_comes_back_with_its_rows() -> None:
    world = scene()
    client = client_of(world.tutor)
    form = hidden_fields(client.get(reverse("plans:model-create"))) | filled()
    client.post(reverse("accounts:draft-save", args=[form["draft_form"]]), form)
    shown = client.get(reverse("plans:model-create")).content.decode()
    for text in ("Worked for nine of ten", "I am in my seat at 8.40", "Ring home", 'value="14"'):
        assert text in shown


def test_a_plan_becomes_a_model_without_the_student() -> None:
    """Duty 28: what they said themselves and their name stay behind."""
    world = scene()
    plan = plan_of(world, title="Jamal in on time", strengths="Ask Jamal Okafor's coach", student_words="I hate it.")
    world.student.preferred_forename, world.student.preferred_surname = "Jamal", "Okafor"
    world.student.save()
    shown = page(world.tutor, "model-from-plan", plan.pk)
    assert "the student in on time" in shown
    assert "Ask the student&#x27;s coach" in shown
    assert "Jamal" not in shown
    assert "I hate it." not in shown
    assert f'value="{(plan.steps.get().due_on - plan.started_on).days}"' in shown


def test_a_name_in_a_model_is_warned_of_and_saved() -> None:
    world = scene()
    client, create = client_of(world.tutor), reverse("plans:model-create")
    form = hidden_fields(client.get(create)) | filled(why="It worked for Zofia.")
    said = client.post(create, form, follow=True).content.decode()
    assert "It may name somebody: Zofia" in said
    assert ModelPlan.objects.count() == 1


def test_who_reads_and_changes_a_model() -> None:
    """Mine, my house's, the school's; heads and the like change what is shared."""
    world = scene()
    other_group = make.TutorGroupFactory.create(house=make.HouseFactory.create(name="Curie"), name="10CUR")
    make.student_in(other_group)
    make.student_in(world.group, house=world.group.house)
    elsewhere, colleague = make.person(Role.TUTOR, group=other_group), make.person(Role.TUTOR, group=world.group)
    head = make.person(Role.HEADTEACHER)
    mine, house, school = (
        make.ModelPlanFactory.create(author=world.tutor, sharing=sharing, house=place)
        for sharing, place in (("mine", None), ("house", world.group.house), ("school", None))
    )

    def answers(user: User, name: str) -> list[int]:
        client = client_of(user)
        return [client.get(reverse(f"plans:{name}", args=[m.pk])).status_code for m in (mine, house, school)]

    assert answers(world.tutor, "model-detail") == [200, 200, 200]
    assert answers(colleague, "model-detail") == [404, 200, 200]
    assert answers(elsewhere, "model-detail") == [404, 404, 200]
    assert answers(head, "model-detail") == [404, 200, 200]
    assert answers(colleague, "model-update") == [404, 403, 403]
    assert answers(head, "model-update") == [404, 200, 200]
    assert answers(make.person(Role.SUBJECT_TEACHER), "model-detail") == [403, 403, 403]


def test_a_model_used_by_four_students_says_too_few_and_by_five_how_often() -> None:
    """Duty 30: nothing under five; by hand, five closed, three of them +1 or +2, 49 days in the middle."""
    world = scene()
    model = make.ModelPlanFactory.create(author=world.tutor)
    start = localdate() - 100 * DAY
    plans = use(world, model, 4, started_on=start)
    make.ActionPlanFactory.create(student=plans[0].student, made_by=world.tutor, from_model=model, from_model_version=1)
    for name, key in (("model-list", ()), ("model-detail", (model.pk,))):
        assert "too few to say" in page(world.tutor, name, *key)
    ActionPlan.objects.filter(pk__in=[plan.pk for plan in plans]).update(from_model=None)
    plans = use(world, model, 5, started_on=start)
    assert "too few finished" in page(world.tutor, "model-list")
    for plan, days, outcome in zip(plans, (7, 42, 49, 63, 70), (2, 1, 0, 1, -1), strict=True):
        plan.closed_on, plan.outcome = start + days * DAY, outcome
        plan.save()
    assert "Used 6 times, finished 5, achieved 3 (+1 or +2), median 7 weeks." in page(world.tutor, "model-list")


def test_the_bank_is_filtered_by_area() -> None:
    world = scene()
    make.ModelPlanFactory.create(author=world.tutor, title="Mornings")
    make.ModelPlanFactory.create(author=world.tutor, title="Worries", barriers=["Worry"])
    client = client_of(world.tutor)
    for area, seen in (("attendance", [True, False]), ("emotional", [False, True]), ("", [True, True])):
        shown = client.get(LIST, {"area": area}).content.decode()
        assert [title in shown for title in ("Mornings", "Worries")] == seen
    assert "None in this area yet" in client.get(LIST, {"area": "social"}).content.decode()


def test_the_bank_asks_as_much_for_one_model_as_for_ten() -> None:
    world = scene()
    client, counts = client_of(world.tutor), []
    for number in (1, 9):
        make.ModelPlanFactory.create_batch(number, author=world.tutor)
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
