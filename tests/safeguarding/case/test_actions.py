"""Facts 4.1 (action: owner, due, done, outcome): what is to be done on a concern, and what came of it."""

import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from safeguarding import conflicts
from safeguarding.case import services
from safeguarding.case.enums import Ended
from safeguarding.case.models import Due
from safeguarding.mails import send_alerts
from safeguarding.models import Concern, LeadAlert
from safeguarding.services import CannotReadError
from tests import factories as make
from tests.safeguarding.case.pages import NOW, TODAY, action, as_reader, dues, write
from tests.safeguarding.pages import HIDDEN, World, client_of, label, raised, read, world

pytestmark = pytest.mark.django_db(transaction=True)
DESK, LIST = "safeguarding:desk", "case:due-list"


@pytest.fixture
def here() -> Iterator[World]:
    with time_machine.travel(NOW, tick=True):
        yield world()


def test_an_action_stands_on_the_concern_and_on_the_desk_of_its_owner(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead, deputy = client_of(here.dsl, elevated=True), client_of(here.deputy, elevated=True)
    assert action(lead, here, concern).status_code == 302
    [due] = dues(here.deputy)
    assert (due.label, due.owner, due.made_by, str(due.due_on), due.done_on) == (
        "Action", here.deputy, here.dsl, "2026-11-20", None,
    )  # fmt: skip
    page = read(lead, concern).content.decode()
    assert "Ring grandmother" in page.split("What is to be done</h2>")[1].split("</section>")[0]
    desk = deputy.get(reverse(DESK)).content.decode()
    card = desk.split("Due, yours and nobody’s</h2>")[1].split("</section>")[0]
    assert "Amara Okafor" in card
    assert "By Fri 20 Nov" in card
    assert "Ring grandmother" not in desk, "words open one by one"
    assert "Amara" not in lead.get(reverse(DESK)).content.decode().split("at-hand-title")[2].split("</section>")[0]
    assert Event.objects.filter(action="file.written", object_id=str(concern.pk)).count() == 1
    with time_machine.travel("2026-11-23T10:00Z"):
        desk = client_of(here.deputy, elevated=True).get(reverse(DESK)).content.decode()
        assert "Overdue since Fri 20 Nov" in desk


def test_what_came_of_it_stays(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    action(lead, here, concern)
    [due] = dues(here.dsl)
    assert "Ring grandmother" in lead.get(reverse("case:due-end", args=[due.pk]), follow=True).content.decode()
    assert (
        "Write what came of it"
        in write(lead, "due-end", due.pk, ended="done", happened_on="2026-11-18").content.decode()
    )
    sent = {"ended": "done", "happened_on": "2026-11-18", "text": "She takes her in on Fridays."}
    assert write(lead, "due-end", due.pk, **sent).status_code == 302
    [due] = dues(here.dsl)
    assert (str(due.done_on), due.ended) == ("2026-11-18", "done")
    page = read(lead, concern).content.decode()
    assert "She takes her in on Fridays." in page
    assert "Nothing is waited for" in page
    again = lead.post(reverse("case:due-end", args=[due.pk]), sent)
    assert again.status_code == 302
    assert "Amara" not in client_of(here.deputy, elevated=True).get(reverse(LIST)).content.decode()
    for change in ({"ended": "dropped"}, {"done_on": None, "ended": ""}, {"owner": here.dsl}, {"due_on": "2026-12-01"}):
        with as_reader(here.dsl), pytest.raises(DatabaseError, match="settled"), transaction.atomic():
            Due.objects.filter(pk=due.pk).update(**change)


def test_another_day_keeps_the_ones_before(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    action(lead, here, concern)
    [due] = dues(here.dsl)
    same = {"due_on": "2026-11-20", "owner": str(here.deputy.pk), "why": "No reason"}
    assert "already" in write(lead, "due-move", due.pk, **same).content.decode()
    assert "Say why" in write(lead, "due-move", due.pk, due_on="2026-11-27", owner=same["owner"]).content.decode()
    moved = {"due_on": "2026-11-27", "owner": str(here.dsl.pk), "why": "She is away"}
    assert write(lead, "due-move", due.pk, **moved).status_code == 302
    [due] = dues(here.dsl)
    assert (str(due.due_on), due.owner) == ("2026-11-27", here.dsl)
    page = read(lead, concern).content.decode()
    assert "Friday 27 November 2026, before Friday 20 November 2026" in page
    assert f"{here.dsl}, before {here.deputy}" in page
    with as_reader(here.dsl):
        before = apps.get_model("case", "DueChange").objects.filter(pgh_label="update")
        assert [str(row.due_on) for row in before] == ["2026-11-20"]


def test_only_somebody_who_reads_it_has_it_in_hand(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    for nobody in (here.tutor, here.head):
        page = action(lead, here, concern, owner=str(nobody.pk)).content.decode()
        assert "Choose somebody who reads it" in page
    assert "From today on" in action(lead, here, concern, due_on="2026-11-17").content.decode()
    assert dues(here.dsl) == []


def test_the_service_refuses_it_past_the_form_as_well(here: World) -> None:
    concern = raised(here.tutor, here.student)
    action(client_of(here.dsl, elevated=True), here, concern)
    [due] = dues(here.dsl)
    written = services.Written("Ring nan", [], uuid.uuid4())
    with as_reader(here.dsl):
        with pytest.raises(CannotReadError):
            services.set_action(
                by=here.dsl, concern=concern, owner=here.tutor, due_on=TODAY, today=TODAY, written=written
            )
        with pytest.raises(CannotReadError):
            services.move_due(by=here.dsl, due=due, due_on=TODAY, owner=here.tutor, written=written)
        ends = {"by": here.dsl, "due": due, "ended": Ended.DONE, "on": TODAY, "written": written}
        assert [services.end_due(**ends), services.end_due(**ends)] == [True, False]
        assert not services.move_due(by=here.dsl, due=due, due_on=TODAY, owner=here.dsl, written=written)


def test_sent_twice_it_stands_there_once(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    url = reverse("case:action-create", args=[concern.pk])
    answer = action(lead, here, concern)
    sent = answer.wsgi_request.POST  # type: ignore[attr-defined]
    assert lead.post(url, sent).status_code == 302
    assert len(dues(here.dsl)) == 1
    assert Event.objects.filter(action="file.written", object_id=str(concern.pk)).count() == 1


def test_nobody_else_learns_of_it_and_nobody_writes_in_another_name(here: World) -> None:
    concern = raised(here.tutor, here.student)
    action(client_of(here.dsl, elevated=True), here, concern)
    [due] = dues(here.dsl)
    for role in set(Role) - {Role.DSL, Role.DEPUTY_DSL}:
        person = make.person(role, last_name="Somebody")
        assert dues(person) == [], role
        client = client_of(person, elevated=True)
        for name in ("due-end", "due-move", "challenge-create"):
            assert client.get(reverse(f"case:{name}", args=[due.pk])).status_code in (403, 404), role
            assert client.post(reverse(f"case:{name}", args=[due.pk])).status_code in (403, 404), role
        assert str(concern.pk) not in client.get(reverse(LIST)).content.decode()
    with as_reader(here.dsl, elevated=False):
        assert not Due.objects.exists()
    values = {"concern": concern, "kind": "action", "begun_on": NOW.date(), "due_on": NOW.date()}
    for by, person in ((here.tutor, here.tutor), (here.dsl, here.deputy)):
        with as_reader(by), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Due(made_by=person, **values).save(force_insert=True)
    with as_reader(here.dsl), pytest.raises(DatabaseError), transaction.atomic():
        Due.objects.filter(pk=due.pk).delete()


def test_whoever_is_kept_from_it_has_nothing_of_it_in_hand(here: World) -> None:
    concern, other = raised(here.tutor, here.student), raised(here.tutor, here.classmate)
    lead = client_of(here.dsl, elevated=True)
    for one in (concern, other):
        action(lead, here, one)
    with as_reader(here.dsl):
        conflicts.keep_from(by=here.dsl, concern=concern, person=here.deputy, student=here.student, why="An uncle")
    assert [due.concern_id for due in dues(here.deputy)] == [other.pk]
    owners = {due.concern_id: due.owner for due in dues(here.dsl)}
    assert owners == {concern.pk: None, other.pk: here.deputy}
    desk = lead.get(reverse(DESK)).content.decode()
    assert "in nobody’s hands" in desk.split("at-hand-title")[2].split("</section>")[0]


def test_the_list_by_whose(here: World) -> None:
    concern, other = raised(here.tutor, here.student), raised(here.tutor, here.classmate)
    lead = client_of(here.dsl, elevated=True)
    action(lead, here, concern)
    action(lead, here, other, owner=str(here.dsl.pk), due_on="2027-03-01")
    for whose, seen in (("", (True, True)), ("mine", (False, True)), ("nobodys", (False, False))):
        page = lead.get(reverse(LIST), {"whose": whose}).content.decode()
        assert ("Amara Okafor" in page, "Ben Achterberg" in page) == seen
    assert Event.objects.filter(action="file.listed", actor_id=here.dsl.pk).count() >= 3


def test_it_stands_in_the_chronology_with_other_names_taken_out(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    lead.post(
        reverse("safeguarding:concern-link", args=[concern.pk]), {"child": label(here.classmate), "part": "witness"}
    )
    action(lead, here, concern, text="Ask Ben Achterberg what he saw")
    page = lead.get(reverse("safeguarding:child-file", args=[here.student.pk]), follow=True).content.decode()
    assert "Ask Pupil B what he saw" in page
    assert "Ben Achterberg" not in page.split("chronology-title")[1]


def close(client: Client, concern: Concern, **typed: str) -> HttpResponse:
    url = reverse("safeguarding:entry-create", args=[concern.pk])
    page = client.get(f"{url}?kind=closed").content.decode()
    hidden = dict(HIDDEN.findall(page[page.index("data-autosave") :]))
    usual = {"kind": "closed", "text": "All is well.", "happened_on": "2026-11-18"}
    return client.post(url, hidden | usual | typed)  # type: ignore[return-value]


def test_closing_names_what_is_still_due_and_loses_nothing(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    action(lead, here, concern)
    [due] = dues(here.dsl)
    label = f"Action, by Friday 20 November 2026, {here.deputy}"
    url = reverse("safeguarding:entry-create", args=[concern.pk])
    assert label in lead.get(f"{url}?kind=closed").content.decode()
    answer = close(lead, concern).content.decode()
    assert "Something is still due" in answer
    assert "All is well." in answer, "what was typed is there"
    assert reverse("case:due-end", args=[due.pk]) in answer
    concern.refresh_from_db()
    assert concern.status != "closed"
    assert close(lead, concern, all_the_same="on").status_code == 302
    concern.refresh_from_db()
    assert concern.status == "closed"
    page = read(lead, concern).content.decode()
    assert "Still due when it was closed" in page.split("What stands on the file</h2>")[1]
    assert label in page
    assert [one.done_on for one in dues(here.dsl)] == [None]
    card = client_of(here.deputy, elevated=True).get(reverse(DESK)).content.decode()
    assert "Amara Okafor" in card.split("at-hand-title")[2].split("</section>")[0], "it stays on the desk"


def test_with_nothing_due_it_is_closed_at_once(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    assert "Still due" not in lead.get(reverse("safeguarding:entry-create", args=[concern.pk])).content.decode()
    assert close(lead, concern).status_code == 302
    assert "Still due" not in read(lead, concern).content.decode()


def told() -> list[User]:
    """Who is to be mailed since the last time it was asked."""
    found = [alert.person for alert in LeadAlert.objects.all()]
    LeadAlert.objects.all().delete()
    return found


def test_who_gets_it_in_hand_from_somebody_else_is_mailed_that_there_is_something_to_read(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    told()
    action(lead, here, concern)
    assert told() == [here.deputy]
    action(lead, here, concern, owner=str(here.dsl.pk))
    assert told() == [], "not of what one takes oneself"
    mine = next(due for due in dues(here.dsl) if due.owner == here.dsl)
    moved = {"due_on": "2026-11-25", "owner": str(here.dsl.pk), "why": "Away"}
    write(lead, "due-move", mine.pk, **moved)
    assert told() == [], "another day is not another person"
    write(lead, "due-move", mine.pk, **moved | {"owner": str(here.deputy.pk)})
    assert told() == [here.deputy]
    LeadAlert.objects.create(person=here.deputy, made_at=timezone.now())
    mail.outbox.clear()
    assert send_alerts() == 1
    assert "Ring" not in mail.outbox[0].body
    assert "Amara" not in mail.outbox[0].body
