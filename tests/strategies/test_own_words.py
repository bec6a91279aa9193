"""A student about themselves (duty 16): strengths and aspirations, not only problems; in versions that stay."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from audit.models import Event
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tests.visits.test_held import tried
from tutoring.strategies.models import OwnWords

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Scene:
    return scene()


def own_url(world: Scene) -> str:
    return reverse("strategies:own-words", args=[world.student.pk])


def opened(client: Client, world: Scene) -> dict[str, str]:
    answer = client.get(own_url(world))
    return hidden_fields(answer) | {name: answer.context["form"][name].value() or "" for name in OwnWords.WORDS}


def keep(client: Client, world: Scene, form: dict[str, str] | None = None, **typed: Any) -> Any:
    return client.post(own_url(world), (form or opened(client, world)) | typed)


def test_strengths_and_aspirations_stand_first_on_the_students_page_and_on_the_sheet_before_the_one_to_one(
    world: Scene,
) -> None:
    """Duty 16: critical friend and mentor. Duty 15: what the student says of themselves opens the 1:1."""
    client = client_of(world.tutor)
    answer = keep(client, world, strengths="Mending bikes", aspirations="A workshop of my own")
    assert answer.status_code == 302
    for name in ("desk:student-story", "desk:student-preparation"):
        assert "Mending bikes" in client.get(reverse(name, args=[world.student.pk])).content.decode()
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
    page = teacher.get(reverse("desk:student-strategies", args=[world.student.pk])).content.decode()
    assert "A workshop of my own" in page
    assert teacher.get(own_url(world)).status_code == 403
    officer = client_of(make.person(Role.ATTENDANCE_OFFICER, school=world.student.school))
    assert "Mending bikes" not in officer.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    assert Event.objects.get(action="own_words.written").student_id == world.student.pk


def test_every_version_stays_and_a_form_sent_twice_is_one(world: Scene) -> None:
    """Duty 16: what they said a year ago is theirs as well."""
    client = client_of(world.tutor)
    form = opened(client, world) | {"strengths": "Goalkeeping"}
    assert [keep(client, world, form).status_code for _ in range(2)] == [302, 302]
    keep(client, world, strengths="", aspirations="A levels")
    assert list(OwnWords.objects.values_list("version", "strengths")) == [(2, ""), (1, "Goalkeeping")]
    page = client.get(own_url(world)).content.decode()
    assert "Earlier" in page
    assert "Goalkeeping" in page


def test_two_who_write_at_once_see_both_texts_and_nothing_is_lost(world: Scene) -> None:
    """Duty 16: nothing is written over in silence."""
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    mine, theirs = client_of(world.tutor), client_of(head)
    form, other = opened(mine, world), opened(theirs, world)
    keep(theirs, world, other, strengths="Drawing")
    answer = keep(mine, world, form, strengths="Singing")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "“Drawing”" in page
    assert "Singing" in page
    again = hidden_fields(answer) | {"strengths": "Drawing and singing"}
    assert mine.post(own_url(world), again).status_code == 302
    assert OwnWords.objects.first().strengths == "Drawing and singing"  # type: ignore[union-attr]
    assert OwnWords.objects.count() == 2


def test_nothing_said_is_nothing_kept(world: Scene) -> None:
    assert keep(client_of(world.tutor), world).status_code == 200
    assert not OwnWords.objects.exists()


def test_postgresql_changes_no_version_and_leaves_none_out(world: Scene) -> None:
    """Duty 16."""
    said = make.OwnWordsFactory.create(student=world.student, made_by=world.tutor)
    assert tried(world.tutor, "UPDATE strategies_ownwords SET strengths = 'None' WHERE id = %s", said.pk) == "refused"
    assert tried(world.tutor, "DELETE FROM strategies_ownwords WHERE id = %s", said.pk) == "refused"
    add = """INSERT INTO strategies_ownwords (id, student_id, version, submission, made_by_id, created_at, strengths,
               interests, aspirations, adults)
             VALUES (gen_random_uuid(), %s, %s, gen_random_uuid(), %s, now(), 'Chess', '', '', '')"""
    student, me = world.student.pk, world.tutor.pk
    assert tried(world.tutor, add, student, 3, me) == "refused", "the second is left out"
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    assert tried(world.tutor, add, student, 2, head.pk) == "refused", "in another's name"
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    assert tried(teacher, add, student, 2, teacher.pk) == "refused"
    assert tried(world.tutor, add, student, 2, me) == "done"
