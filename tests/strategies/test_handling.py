"""Handling plans (duty 47): never edited, short for teachers, whole for the pastoral team, agreed by name."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from audit.models import Event
from core.acting import Actor, acting_as
from students.due import lines_due
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tests.visits.test_held import tried
from tutoring.strategies.models import HandlingPlan, TeamPart
from tutoring.strategies.selectors import strategies_due

pytestmark = pytest.mark.django_db
SAID = {
    "early_signs": "Hood up, one-word answers", "calms": "Space, and the corridor door open", "never": "Block the door",
    "call": "Ms Bright, 204", "triggers": "Talk of his brother", "holds": "Guided walk, two staff",
    "trained": "Ms Bright until July", "medical": "Asthma: no pressure on the chest", "after": "Ring home that day",
}  # fmt: skip


@pytest.fixture
def world() -> Scene:
    return scene()


def url(world: Scene, page: str = "handling") -> str:
    return reverse(f"strategies:{page}", args=[world.student.pk])


def opened(client: Client, world: Scene) -> dict[str, str]:
    answer = client.get(url(world, "handling-write"))
    form = answer.context["form"]
    day = (timezone.localdate() + dt.timedelta(days=40)).isoformat()
    return hidden_fields(answer) | {name: form[name].value() or "" for name in SAID} | {"review_on": day}


def keep(client: Client, world: Scene, form: dict[str, str] | None = None, **typed: Any) -> Any:
    return client.post(url(world, "handling-write"), (form or opened(client, world)) | typed)


def agree(client: Client, world: Scene, party: str, name: str, day: dt.date | None = None) -> Any:
    given = {"party": party, "name": name, "day": (day or timezone.localdate()).isoformat()}
    return client.post(url(world, "handling-agree"), given)


def test_the_team_reads_it_whole_and_a_teacher_what_they_must_know(world: Scene) -> None:
    """Duty 47: triggers, de-escalation, agreed holds by trained staff, review; the rest of the staff what not to do."""
    client = client_of(world.tutor)
    assert keep(client, world, **SAID).status_code == 302
    whole = client.get(url(world)).content.decode()
    assert all(text in whole for text in SAID.values())
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
    assert teacher.get(url(world)).status_code == 403
    for address in (url(world, "sheet"), reverse("desk:student-strategies", args=[world.student.pk])):
        short = teacher.get(address).content.decode()
        assert all(SAID[name] in short for name in ("early_signs", "calms", "never", "call"))
        assert not any(SAID[name] in short for name in ("triggers", "holds", "trained", "medical", "after"))
    kinds = set(Event.objects.filter(student_id=world.student.pk).values_list("action", flat=True))
    assert {"handling.written", "handling.opened"} <= kinds


def test_it_is_called_what_the_school_calls_it(world: Scene) -> None:
    """Duty 47: PHP is a local word."""
    school = world.student.school
    school.handling_label = "Safety plan"
    school.save()
    assert "Safety plan" in client_of(world.tutor).get(url(world, "handling-write")).content.decode()


def test_staff_home_and_student_agree_by_name_and_day_to_one_version(world: Scene) -> None:
    """Duty 47: signatures; the next version asks again, and the earlier keeps its own."""
    client, today = client_of(world.tutor), timezone.localdate()
    keep(client, world, **SAID)
    for party, name in (("staff", "Ada Bright"), ("home", "Mrs Okafor"), ("student", "Jamal")):
        agree(client, world, party, name)
    agree(client, world, "home", "Somebody else")
    assert agree(client, world, "staff", "Later", today + dt.timedelta(days=1)).status_code == 200
    part = TeamPart.objects.get()
    assert (part.staff_name, part.home_name, part.student_name) == ("Ada Bright", "Mrs Okafor", "Jamal")
    assert part.home_on == today
    keep(client, world, calms="Space, and water")
    second = TeamPart.objects.get(plan__version=2)
    assert (second.home_name, second.triggers) == ("", SAID["triggers"])
    page = client.get(url(world)).content.decode()
    assert "Version 1" in page
    assert SAID["calms"] in page
    assert "Mrs Okafor" in page


def test_two_who_write_at_once_see_both_texts(world: Scene) -> None:
    """Duty 47: never edited in silence."""
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    mine, theirs = client_of(world.tutor), client_of(head)
    form, other = opened(mine, world), opened(theirs, world)
    keep(theirs, world, other, calms="Water", triggers="Noise")
    answer = keep(mine, world, form, calms="Music")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "“Water”" in page
    assert "“Noise”" in page
    assert "Music" in page
    assert HandlingPlan.objects.count() == 1
    assert keep(mine, world, form | hidden_fields(answer), calms="Water, then music").status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"calms": ""}, {"calms": "Water", "holds": "Two staff"}, {"calms": "Water", "review_on": "2020-01-06"}]
)
def test_a_plan_without_calm_or_trained_people_is_none(world: Scene, wrong: dict[str, str]) -> None:
    """Duty 47: holds are for trained staff only, and come last."""
    assert keep(client_of(world.tutor), world, **wrong).status_code == 200
    assert not HandlingPlan.objects.exists()


def test_its_review_comes_to_whoever_wrote_the_version_in_force_until_it_ends(world: Scene) -> None:
    """Duty 47: review date."""
    today = timezone.localdate()
    client = client_of(world.tutor)
    part = make.TeamPartFactory.create(student=world.student, plan__made_by=world.tutor, plan__review_on=today)
    due = [(one.line.kind, one.url) for one in client.get(reverse("desk:today")).context["due"]]
    assert due == [("handling", url(world))]
    keep(client, world, calms="Water", ended_why="He walks out by himself and comes back.")
    assert client.get(reverse("desk:today")).context["due"] == []
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
    sheet = teacher.get(url(world, "sheet")).content.decode()
    assert part.plan.calms not in sheet
    assert "When it gets hard" not in sheet, "nothing of the plan that ended either"
    assert "There is no plan any more" in client.get(url(world)).content.decode()


def test_postgresql_keeps_every_version_and_who_agreed(world: Scene) -> None:
    """Duty 47: past every view, no words change, nobody's agreement is replaced, and a teacher sees no team's part."""
    today = timezone.localdate()
    part = make.TeamPartFactory.create(student=world.student, plan__made_by=world.tutor)
    assert tried(world.tutor, "UPDATE strategies_handlingplan SET calms = 'Shout'") == "refused"
    assert tried(world.tutor, "UPDATE strategies_teampart SET holds = 'Any', trained = 'All'") == "refused"
    say = "UPDATE strategies_teampart SET home_name = %s, home_on = %s WHERE id = %s"
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    assert tried(teacher, say, "Me", today, part.pk) == "nothing"
    assert tried(teacher, "SELECT 1 FROM strategies_teampart") == "nothing"
    assert tried(world.tutor, say, "Mrs Okafor", None, part.pk) == "refused", "without a day"
    assert tried(world.tutor, say, "Mrs Okafor", today, part.pk) == "done"
    assert tried(world.tutor, say, "Mr Okafor", today, part.pk) == "refused", "said once"
    make.TeamPartFactory.create(student=world.student, plan__made_by=world.tutor)
    late = "UPDATE strategies_teampart SET staff_name = 'Me', staff_on = %s WHERE id = %s"
    assert tried(world.tutor, late, today, part.pk) == "refused", "there is a later version"
    left_out = """INSERT INTO strategies_handlingplan (id, student_id, version, submission, made_by_id, created_at,
                    early_signs, calms, never, call, review_on, ended_why)
                  VALUES (gen_random_uuid(), %s, 4, gen_random_uuid(), %s, now(), '', 'Water', '', '', %s, '')"""
    assert tried(world.tutor, left_out, world.student.pk, world.tutor.pk, today) == "refused", "the third is left out"
    other = make.HandlingPlanFactory.create(student=world.classmate, made_by=world.tutor)
    hung = """INSERT INTO strategies_teampart (id, plan_id, student_id, triggers, holds, trained, medical, after,
                staff_name, home_name, student_name)
              VALUES (gen_random_uuid(), %s, %s, '', '', '', '', '', %s, '', '')"""
    assert tried(world.tutor, hung, other.pk, world.student.pk, "") == "refused", "of another student"
    assert tried(world.tutor, hung, other.pk, world.classmate.pk, "Me") == "refused", "agreed from the start"
    assert tried(world.tutor, hung, other.pk, world.classmate.pk, "") == "done"


def test_a_form_sent_twice_is_one_version(world: Scene) -> None:
    """Duty 47."""
    client = client_of(world.tutor)
    form = opened(client, world) | SAID
    assert [keep(client, world, form).status_code for _ in range(2)] == [302, 302]
    assert HandlingPlan.objects.count() == TeamPart.objects.count() == 1


@pytest.mark.parametrize("values", [{"ended_why": "Over"}, {}], ids=["ended", "to come"])
def test_a_plan_that_ended_or_whose_day_is_to_come_is_not_due(world: Scene, values: dict[str, Any]) -> None:
    """Duty 47."""
    today, me = timezone.localdate(), world.tutor
    day = today if values else today + dt.timedelta(days=1)
    make.HandlingPlanFactory.create(student=world.student, made_by=me, review_on=day, **values)
    with acting_as(Actor(user_id=me.pk)):
        assert list(lines_due(strategies_due(me, today))) == []


def test_the_review_is_due_to_whoever_wrote_the_plan(world: Scene) -> None:
    """Duty 47."""
    today = timezone.localdate()
    make.HandlingPlanFactory.create(student=world.student, made_by=make.person(Role.DSL), review_on=today)
    with acting_as(Actor(user_id=world.tutor.pk)):
        assert list(lines_due(strategies_due(world.tutor, today))) == []
