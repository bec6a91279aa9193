"""Home visits (duty 92): planned with a risk check, out and back in one tap each, the child seen, the talk logged."""

import datetime as dt
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.visits.enums import State
from tutoring.visits.models import HomeVisit

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time(12)))
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
LIST = 9
SAID = {
    "leaves_at": "13:00", "back_by": "14:00", "known_risk": "yes", "known_risk_note": "A dog.",
    "somebody_knows": "yes", "phone_charged": "yes",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def head_of(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=world.group.house, first_name="Ada", last_name="Bright")


def planned(client: Client, student: Student, colleague: User, **typed: Any) -> Any:
    url = reverse("visits:visit-plan", args=[student.pk])
    opened = client.get(url)
    form = hidden_fields(opened) | {"day": timezone.localdate().isoformat(), "told": str(colleague.pk)} | SAID
    return client.post(url, form | typed)


def page_of(visit: HomeVisit) -> str:
    return reverse("visits:visit-detail", args=[visit.pk])


def press(client: Client, visit: HomeVisit, move: str) -> Any:
    return client.post(reverse("visits:visit-move", args=[visit.pk]), {"move": move})


def waiting(client: Client) -> list[tuple[str, str]]:
    return [(due.line.kind, due.url) for due in client.get(reverse("desk:today")).context["now"]]


def state_of(visit: HomeVisit) -> State:
    return HomeVisit.objects.get(pk=visit.pk).state


def test_from_the_plan_to_the_conversation_logged() -> None:
    world = scene()
    make.ContactFactory.create(student=world.student, address="4 Canal Side")
    head, client = head_of(world), client_of(world.tutor)
    story = client.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    assert reverse("visits:visit-plan", args=[world.student.pk]) in story
    answer = planned(client, world.student, head)
    visit = HomeVisit.objects.get()
    assert (answer.url, visit.state, visit.site) == (page_of(visit), State.PLANNED, "http://testserver/")
    assert (visit.leaves_at, visit.back_by) == (NOON + HOUR, NOON + 2 * HOUR)
    page = client.get(page_of(visit)).content.decode()
    assert "I am leaving now" in page
    assert "4 Canal Side" in page
    assert waiting(client) == []
    press(client, visit, "out")
    assert state_of(visit) == State.OUT
    assert waiting(client) == [("my_visit", page_of(visit))]
    assert "I am back safe" in client.get(page_of(visit)).content.decode()
    press(client, visit, "back")
    assert state_of(visit) == State.BACK
    assert waiting(client) == []
    found = {"child_seen": "yes", "who_was_there": "Mother and an uncle"}
    answer = client.post(reverse("visits:visit-note", args=[visit.pk]), found)
    assert answer.url.startswith(reverse("tutor_sessions:session-create", args=[world.student.pk]))
    form = client.get(answer.url).context["log"].form
    chosen = dict(form.fields["kind"].choices)[form["kind"].value()]
    assert str(chosen) == "Home visit"
    kept = HomeVisit.objects.get()
    assert (kept.child_seen, kept.who_was_there) == ("yes", "Mother and an uncle")
    kinds = set(Event.objects.filter(student_id=world.student.pk).values_list("action", flat=True))
    assert {"visit.planned", "visit.opened", "visit.out", "visit.back", "visit.noted"} <= kinds


def test_past_its_time_it_stands_first_for_the_one_who_is_told() -> None:
    world = scene()
    head = head_of(world)
    visit = make.HomeVisitFactory.create(
        student=world.student, visitor=world.tutor, told=head, leaves_at=NOON - HOUR, back_by=NOON - MINUTE,
        out_at=NOON - HOUR,
    )  # fmt: skip
    make.AlertFactory.create(student=world.student, to=head, answer_by=NOON.date() - dt.timedelta(days=9))
    assert waiting(client_of(head)) == [("visit", page_of(visit))]
    today = client_of(head).get(reverse("desk:today")).content.decode()
    assert today.index("Expected back by 11:59") < today.index("Due and overdue")
    assert f"{world.tutor} is out" in today
    assert "Not back yet" in client_of(head).get(page_of(visit)).content.decode()
    assert waiting(client_of(make.person(Role.SENIOR_LEADER))) == []


def test_a_button_pressed_twice_counts_once_and_only_for_whoever_goes() -> None:
    world = scene()
    head, companion = head_of(world), make.person(Role.SUBJECT_TEACHER)
    visit = make.HomeVisitFactory.create(student=world.student, visitor=world.tutor, told=head, companion=companion)
    assert press(client_of(head), visit, "out").status_code == 403
    client = client_of(world.tutor)
    assert press(client, visit, "back").status_code == 302
    assert state_of(visit) == State.PLANNED
    press(client, visit, "out")
    left = HomeVisit.objects.get().out_at
    with mock.patch("django.utils.timezone.now", return_value=NOON + MINUTE):
        press(client, visit, "out")
        press(client, visit, "cancel")
        press(client_of(companion), visit, "back")  # who sees no page of the student
    kept = HomeVisit.objects.get()
    assert (kept.out_at, kept.back_at, kept.cancelled) == (left, NOON + MINUTE, False)
    assert Event.objects.filter(action="visit.out").count() == 1


def test_nobody_leaves_on_a_plan_whose_time_has_gone_by_or_that_is_cancelled() -> None:
    world = scene()
    gone = make.HomeVisitFactory.create(
        student=world.student, visitor=world.tutor, leaves_at=NOON - HOUR, back_by=NOON - MINUTE
    )
    dropped = make.HomeVisitFactory.create(student=world.student, visitor=world.tutor)
    client = client_of(world.tutor)
    assert "Plan it again" in client.get(page_of(gone)).content.decode()
    press(client, gone, "out")
    press(client, dropped, "cancel")
    press(client, dropped, "out")
    assert [state_of(gone), state_of(dropped)] == [State.PLANNED, State.CANCELLED]


def test_the_one_who_is_told_reads_the_visit_and_the_students_name_only_where_they_see_the_student() -> None:
    world = scene()
    make.ContactFactory.create(student=world.student, address="4 Canal Side")
    outsider = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="9Z"))
    visit = make.HomeVisitFactory.create(student=world.student, visitor=world.tutor, told=outsider, companion=None)
    client = client_of(outsider)
    for url in (page_of(visit), reverse("visits:visit-list")):
        page = client.get(url).content.decode()
        assert str(world.tutor) in page
        assert world.student.name not in page
        assert "Canal Side" not in page
    stranger = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="9Y"))
    assert client_of(stranger).get(page_of(visit)).status_code == 404
    leader = client_of(make.person(Role.SENIOR_LEADER))
    assert leader.get(page_of(visit)).status_code == 200
    assert "I am leaving now" not in leader.get(page_of(visit)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"told": ""}, {"back_by": "12:59"}, {"leaves_at": "10:00", "back_by": "11:00"}, {"known_risk_note": ""},
        {"phone_charged": ""}, {"day": "2020-01-06"},
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said(wrong: dict[str, str]) -> None:
    world = scene()
    assert planned(client_of(world.tutor), world.student, head_of(world), **wrong).status_code == 200
    assert not HomeVisit.objects.exists()


def test_it_is_for_those_who_see_the_family_and_a_form_sent_twice_is_one_visit() -> None:
    world = scene()
    head, teacher = head_of(world), make.person(Role.SUBJECT_TEACHER, group=world.group)
    url = reverse("visits:visit-plan", args=[world.student.pk])
    assert client_of(teacher).get(url).status_code == 403
    client = client_of(world.tutor)
    opened = client.get(url)
    assert list(opened.context["form"].fields["told"].queryset) == [head], "teachers do not see the family"
    form = hidden_fields(opened) | {"day": timezone.localdate().isoformat(), "told": str(head.pk)} | SAID
    assert [client.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert HomeVisit.objects.count() == 1
    both = planned(client, world.student, head, companion=str(head.pk))
    assert "Whoever goes with you" in both.content.decode()


def test_the_list_costs_the_same_for_many() -> None:
    world = scene()
    head = head_of(world)
    client, url = client_of(head), reverse("visits:visit-list")
    for number in (1, 4):
        for _ in range(number):
            make.HomeVisitFactory.create(student=world.student, told=head)
            make.HomeVisitFactory.create(student=world.classmate)
            make.HomeVisitFactory.create(student=world.student, told=head, cancelled=True)
        with CaptureQueriesContext(connection) as found:
            page = client.get(url)
        assert len(found) == LIST, [query["sql"][:90] for query in found]
    assert [len(page.context[name]) for name in ("mine", "others", "done")] == [5, 5, 5]
