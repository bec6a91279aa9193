"""Rewards and sanctions: types a school or house settles, one entry for many, follow-up, withdrawal (duties 42, 43)."""

import datetime as dt
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.conduct.enums import ENTERED_HERE
from tutoring.conduct.models import ConductEntry, ConductType
from tutoring.progress.models import BehaviourEvent

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NEW = reverse("conduct:entry-create")
LIST, FORM = 8, 9


def type_of(world: Scene, name: str) -> ConductType:
    return ConductType.objects.get(school=world.group.school, name=name)


def form_of(client: Client, world: Scene, name: str = "Praise point", **typed: Any) -> dict[str, Any]:
    page = client.get(NEW)
    return {
        "submission": str(page.context["form"]["submission"].value()),
        "kind": str(type_of(world, name).pk),
        "day": localdate().isoformat(),
        "comment": "Carried the chairs.",
    } | typed


def both(world: Scene) -> list[str]:
    return [str(world.student.pk), str(world.classmate.pk)]


def test_every_school_has_the_usual_ones() -> None:
    school = make.SchoolFactory.create(name="Newly Founded School")
    kinds = ConductType.objects.filter(school=school)
    assert [kind.name for kind in kinds if kind.is_reward][:2] == ["Praise point", "Kindness to others"]
    assert {kind.follow_up_days for kind in kinds if not kind.is_reward} == {None, 3, 7}


def test_one_entry_for_many_counts_for_each_and_once() -> None:
    """Duty 43: entered once, it is a behaviour event of each student; sent twice, nothing is entered twice."""
    world = scene()
    client = client_of(world.tutor)
    form = form_of(client, world, students=both(world))
    assert [client.post(NEW, form).status_code for _ in range(2)] == [302, 302]
    assert ConductEntry.objects.count() == 2
    events = BehaviourEvent.objects.order_by("student")
    assert {event.student for event in events} == {world.student, world.classmate}
    assert {(e.kind, e.category, e.points, e.staff, e.staff_code, e.comment) for e in events} == {
        ("positive", "Praise point", 1, world.tutor, ENTERED_HERE, "Carried the chairs.")
    }
    assert set(Event.objects.filter(action="conduct.entered").values_list("student_id", flat=True)) == {
        world.student.pk,
        world.classmate.pk,
    }
    page = client.get(reverse("desk:student-behaviour", args=[world.student.pk])).content.decode()
    assert "Praise point" in page


def test_everybody_in_the_list_is_one_tick_and_a_second_entry_of_the_day_counts_too() -> None:
    world = scene()
    client = client_of(world.tutor)
    for _ in range(2):
        client.post(NEW, form_of(client, world, "After-school detention", everybody="on"))
    assert sorted(BehaviourEvent.objects.values_list("number", "points")) == [(1, -4), (1, -4), (2, -4), (2, -4)]


def test_somebody_is_found_by_name_whatever_the_group() -> None:
    world = scene()
    page = client_of(world.tutor).get(NEW, {"q": "okaf"})
    assert page.context["listed"] == [world.student]


def test_a_teacher_enters_for_those_taught_and_nobody_for_a_stranger() -> None:
    world = scene()
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, student=world.student))
    assert teacher.get(NEW).context["listed"] == [world.student]
    stranger = make.student_in(make.TutorGroupFactory.create(name="10CUR"))
    answer = teacher.post(NEW, form_of(teacher, world, students=[str(stranger.pk)]))
    assert answer.status_code == 200
    assert not ConductEntry.objects.exists()
    assert teacher.post(NEW, form_of(teacher, world, students=[str(world.student.pk)])).status_code == 302


def test_a_houses_own_is_for_its_students_until_it_is_shared() -> None:
    """Duty 42: types per house, shareable with the whole school."""
    world = scene()
    curie = make.HouseFactory.create(name="Curie")
    star = make.ConductTypeFactory.create(school=world.group.school, house=curie, name="Curie star")
    client = client_of(world.tutor)
    assert "Curie star" not in client.get(NEW).content.decode()
    form = form_of(client, world, students=both(world), kind=str(star.pk))
    assert client.post(NEW, form).status_code == 200
    settings = client_of(make.person(Role.HEADTEACHER))
    url = reverse("conduct:type-edit", args=[star.pk])
    typed = dict(settings.get(url).context["form"].initial)
    typed = {name: value for name, value in typed.items() if value not in (None, False)} | {"shared": "on"}
    assert settings.post(url, typed).status_code == 302
    assert "Curie star" in client.get(NEW).content.decode()
    assert client.post(NEW, form).status_code == 302
    assert ConductEntry.objects.count() == 2


def test_a_follow_up_waits_for_its_author_until_a_sentence_says_what_came_of_it() -> None:
    world = scene()
    client = client_of(world.tutor)
    client.post(NEW, form_of(client, world, "Break-time detention", students=both(world)[:1]))
    entry = ConductEntry.objects.get()
    assert entry.follow_up_on == localdate() + 3 * DAY
    page, url = reverse("conduct:entry-list"), reverse("conduct:entry-detail", args=[entry.pk])
    assert list(client.get(page).context["waiting"]) == [entry]
    assert client.post(url, {"do": "follow-up", "words": " "}).status_code == 200
    assert client.post(url, {"do": "follow-up", "words": "Apologised to Mr Reed."}).status_code == 302
    entry.refresh_from_db()
    assert (entry.followed_up_on, entry.follow_up_words) == (localdate(), "Apologised to Mr Reed.")
    assert client.post(url, {"do": "follow-up", "words": "Again."}).status_code == 409
    assert list(client.get(page).context["waiting"]) == []


def test_an_author_withdraws_on_the_day_and_the_entry_stays_with_its_reason() -> None:
    world = scene()
    client = client_of(world.tutor)
    client.post(NEW, form_of(client, world, students=both(world)[:1]))
    entry = ConductEntry.objects.get()
    url = reverse("conduct:entry-detail", args=[entry.pk])
    colleague = client_of(make.person(Role.TUTOR, group=world.group))
    assert colleague.post(url, {"do": "withdraw", "words": "No."}).status_code == 404
    assert client.post(url, {"do": "withdraw", "words": ""}).status_code == 200
    assert client.post(url, {"do": "withdraw", "words": "Wrong Jamal."}).status_code == 302
    entry.refresh_from_db()
    assert (entry.withdrawn_at is not None, entry.withdrawn_reason) == (True, "Wrong Jamal.")
    assert not BehaviourEvent.objects.exists()
    assert "Wrong Jamal." in client.get(reverse("conduct:entry-list")).content.decode()
    assert Event.objects.filter(action="conduct.withdrawn").count() == 1
    yesterday = make.ConductEntryFactory.build(
        student=world.student, author=world.tutor, type=entry.type, created_at=timezone.now()
    )
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() - 2 * DAY):
        yesterday.save()
    late = client.post(reverse("conduct:entry-detail", args=[yesterday.pk]), {"do": "withdraw", "words": "Too late."})
    assert late.status_code == 409
    assert BehaviourEvent.objects.filter(pk=yesterday.pk).exists()


def test_what_is_due_comes_to_today() -> None:
    world = scene()
    entry = make.ConductEntryFactory.create(
        student=world.student, author=world.tutor, day=localdate() - 9 * DAY, follow_up_on=localdate() - 2 * DAY
    )
    make.ConductEntryFactory.create(student=world.student, author=world.tutor, follow_up_on=localdate() + DAY)
    make.ConductEntryFactory.create(student=world.student, follow_up_on=localdate())

    def due(user: User) -> list[tuple[str, Any, str]]:
        page = client_of(user).get(reverse("desk:today"))
        return [(one.line.kind, one.line.pk, one.url) for one in page.context["due"]]

    check = ("planners", world.group.pk, reverse("conduct:planner-check", args=[world.group.pk]))
    follow_up = ("follow_up", entry.pk, reverse("conduct:entry-detail", args=[entry.pk]))
    assert due(world.tutor) == [follow_up], "a group whose planners nobody ever checked"
    make.PlannerCheckFactory.create(group=world.group, by=world.tutor, day=localdate() - 20 * DAY)
    assert due(world.tutor) == [follow_up, check]
    make.PlannerCheckFactory.create(group=world.group, by=world.tutor)
    assert due(world.tutor) == [follow_up]
    assert due(make.person(Role.SENCO)) == []


def test_pages_cost_the_same_however_many_there_are() -> None:
    world = scene()
    client, found = client_of(world.tutor), []
    for number in (1, 5):
        for _ in range(number):
            make.ConductEntryFactory.create(
                student=make.student_in(world.group), author=world.tutor, follow_up_on=localdate()
            )
        with CaptureQueriesContext(connection) as listed:
            client.get(reverse("conduct:entry-list"))
        with CaptureQueriesContext(connection) as form:
            client.get(NEW, {"group": str(world.group.pk)})
        found.append((len(listed), len(form)))
    assert found == [(LIST, FORM)] * 2
