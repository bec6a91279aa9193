"""An alert to a colleague who leads: with a recommendation, an answer by a day, and the answer seen (duty 69)."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from students.selectors import school_days
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.followup.models import Alert

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LIST = 7


def head_of(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=world.group.house, first_name="Ada", last_name="Bright")


def raised(world: Scene, client: Client, to: User, **typed: Any) -> Any:
    url = reverse("followup:alert-create", args=[world.student.pk])
    opened = client.get(url)
    form = hidden_fields(opened) | {
        "to": str(to.pk),
        "what": "Eats alone.",
        "recommendation": "A word with home, from you.",
        "answer_by": opened.context["form"].initial["answer_by"].isoformat(),
    }
    return client.post(url, form | typed)


def waiting(client: Client) -> list[tuple[str, Any, str]]:
    """What stands on Today."""
    return [(due.line.kind, due.line.pk, due.url) for due in client.get(reverse("desk:today")).context["due"]]


def test_from_the_alert_to_the_answer_seen() -> None:
    world = scene()
    head, client = head_of(world), client_of(world.tutor)
    answer = raised(world, client, head)
    alert = Alert.objects.get()
    assert answer.url == reverse("followup:alert-detail", args=[alert.pk])
    assert alert.answer_by == school_days(world.student.school, localdate() + DAY, localdate() + 20 * DAY)[2]
    at_head, page = client_of(head), answer.url
    assert waiting(at_head) == [("alert", alert.pk, page)]
    assert "A word with home, from you." in at_head.get(page).content.decode()
    form = hidden_fields(at_head.get(page)) | {"answer": "I ring them today."}
    assert at_head.post(page, form).status_code == 302
    assert waiting(at_head) == []
    assert waiting(client) == [("answer", alert.pk, page)]
    assert "I ring them today." in client.get(page).content.decode()
    assert waiting(client) == []
    alert.refresh_from_db()
    assert (alert.answered_on, alert.seen_on) == (localdate(), localdate())
    kinds = set(Event.objects.filter(student_id=world.student.pk).values_list("action", flat=True))
    assert {"alert.raised", "alert.opened", "alert.answered"} <= kinds


def test_only_whom_it_is_to_answers_and_once() -> None:
    world = scene()
    head = head_of(world)
    alert = make.AlertFactory.create(student=world.student, raised_by=world.tutor, to=head)
    page, leader = reverse("followup:alert-detail", args=[alert.pk]), make.person(Role.SENIOR_LEADER)
    other = client_of(leader)
    opened = other.get(page)
    assert not opened.context["may_answer"]
    form = {"draft_token": str(opened.context["draft"].token), "writer": opened.context["draft"].writer}
    assert other.post(page, form | {"answer": "Me!"}).status_code == 403
    at_head = client_of(head)
    form = hidden_fields(at_head.get(page)) | {"answer": "First."}
    assert at_head.post(page, form).status_code == 302
    late = at_head.post(page, form | {"answer": "Second."})
    assert late.status_code == 409
    assert "Second." in late.content.decode()
    alert.refresh_from_db()
    assert alert.answer == "First."


def test_it_goes_only_to_those_who_lead_and_see_the_student() -> None:
    world = scene()
    make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Curie"), last_name="Elsewhere")
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    head, client = head_of(world), client_of(world.tutor)
    page = client.get(reverse("followup:alert-create", args=[world.student.pk]))
    assert [key for key, _ in page.context["form"].fields["to"].choices] == [head.pk]
    assert raised(world, client, teacher).status_code == 200
    assert raised(world, client, head, answer_by=(localdate() - DAY).isoformat()).status_code == 200
    assert not Alert.objects.exists()


def test_a_colleague_who_does_not_lead_reads_no_alert_of_others() -> None:
    world = scene()
    alert = make.AlertFactory.create(student=world.student, raised_by=world.tutor, to=head_of(world))
    page = reverse("followup:alert-detail", args=[alert.pk])
    assert client_of(make.person(Role.SUBJECT_TEACHER, group=world.group)).get(page).status_code == 404
    assert client_of(make.person(Role.SENCO)).get(page).status_code == 200


def test_overdue_says_so_and_the_list_costs_the_same_for_many() -> None:
    world = scene()
    head = head_of(world)
    client, url = client_of(head), reverse("followup:alert-list")
    for number in (1, 5):
        for _ in range(number):
            make.AlertFactory.create(student=world.student, to=head, answer_by=localdate() - 2 * DAY)
            make.AlertFactory.create(student=world.student, to=head, answer="Done.", answered_on=localdate())
        with CaptureQueriesContext(connection) as found:
            page = client.get(url)
        assert len(found) == LIST
    states = [bool(alert.answered_on) for alert in page.context["to_me"]]
    assert states == sorted(states)
    assert "2 days overdue" in page.content.decode()


def test_an_alert_stands_before_what_is_longer_overdue() -> None:
    world = scene()
    head = head_of(world)
    make.NextStepFactory.create(session__student=world.student, due_on=localdate() - 30 * DAY)
    make.AlertFactory.create(student=world.student, to=head)
    assert [due.line.kind for due in client_of(head).get(reverse("desk:today")).context["due"]] == ["alert", "step"]


def test_whom_to_alert_begins_with_ones_own_line_managers() -> None:
    """Duty 69: a manager, and who stands in for one, stand first; whoever does not see the student stands nowhere."""
    world = scene()
    head, senco = (make.person(role, first_name="Ann", last_name=last) for role, last in (
        (Role.HEADTEACHER, "Able"), (Role.SENCO, "Zeal"),
    ))  # fmt: skip
    blind = make.person(Role.SUBJECT_TEACHER)
    for manager in (senco, blind):
        make.LineManagerFactory.create(person=world.tutor, manager=manager)
    form = client_of(world.tutor).get(reverse("followup:alert-create", args=[world.student.pk])).context["form"]
    assert form.fields["to"].choices == [(senco.pk, "Ann Zeal, your line manager"), (head.pk, "Ann Able")]
    deputy = make.cover_of(senco).user
    form = client_of(world.tutor).get(reverse("followup:alert-create", args=[world.student.pk])).context["form"]
    assert {key for key, _ in form.fields["to"].choices[:2]} == {senco.pk, deputy.pk}


def test_an_alert_to_somebody_who_has_left_comes_back_to_whoever_raised_it() -> None:
    """Issue 4: nothing waits for nobody. It goes once another colleague is alerted."""
    world = scene()
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house, last_name="Gone")
    other = make.person(Role.HEADTEACHER)
    alert = make.AlertFactory.create(student=world.student, raised_by=world.tutor, to=head)

    def lines() -> list[tuple[str, str]]:
        page = client_of(User.objects.get(pk=world.tutor.pk)).get(reverse("desk:today")).context
        due = [due for due in (*page["due"], *page["more_due"]) if due.line.kind == "alert_left"]
        return [(due.line.text, due.url) for due in due]

    assert lines() == []
    head.memberships.update(ends_on=localdate() - dt.timedelta(days=1))
    assert lines() == [(str(head), reverse("followup:alert-create", args=[world.student.pk]))]
    make.AlertFactory.create(student=world.student, raised_by=world.tutor, to=other)
    assert lines() == []
    Alert.objects.exclude(pk=alert.pk).delete()
    Alert.objects.filter(pk=alert.pk).update(answer="Seen", answered_on=localdate(), answered_by=head)
    assert lines() == []
