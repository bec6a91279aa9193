"""An entry for several says as much as one for one: how and with whom, what each does next, who reads it (duty 12)."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.sessions.enums import Confidentiality, Kind, Owner
from tutoring.sessions.models import Agreement, NextStep, SessionKind, TutorSession

pytestmark = pytest.mark.django_db
PAGE = "/sessions/together/"


@pytest.fixture
def here() -> Scene:
    return scene()


def address(students: list[Student]) -> str:
    return f"{PAGE}?{'&'.join(f'student={student.pk}' for student in students)}"


def typed(client: Client, students: list[Student], **more: Any) -> dict[str, Any]:
    return {
        **hidden_fields(client.get(address(students))),
        "kind": str(SessionKind.objects.get(kind=Kind.SMALL_GROUP).pk),
        "happened": "Planned the week of the fair.",
        "held_on": timezone.localdate().isoformat(),
        "confidentiality": "team",
        **{f"there-{student.pk}": "on" for student in students},
        **more,
    }


def readable(user: User) -> set[Student]:
    with acting_as(Actor(user.pk)):
        return {entry.student for entry in TutorSession.objects.select_related("student")}


def test_duty_12_how_and_with_whom_stand_with_each_of_them(here: Scene) -> None:
    head = make.person(Role.HEAD_OF_HOUSE, house=here.group.house, title="Mr", last_name="Day")
    client, both = client_of(here.tutor), [here.student, here.classmate]
    page = client.get(address(both)).content.decode()
    assert f'name="met" value="{head}"' in page
    sent = typed(client, both, way="online", met=[str(head)], with_whom="Dr Osei, CAMHS", minutes="30")
    assert client.post(address(both), sent).status_code == 302
    said = set(TutorSession.objects.values_list("way", "with_whom", "minutes"))
    assert said == {("online", f"{head}, Dr Osei, CAMHS", 30)}
    long = typed(client, both, met=[str(head)], with_whom="x" * 497)
    assert "Name fewer: 500 letters at most" in client.post(address(both), long).content.decode()


def test_duty_12_a_step_for_all_is_one_for_each_and_each_is_done_alone(here: Scene) -> None:
    client, both = client_of(here.tutor), [here.student, here.classmate]
    day = timezone.localdate() + dt.timedelta(days=5)
    steps = {
        "steps-0-text": "Bring the list", "steps-0-who": Owner.STUDENT, "steps-0-due_on": day.isoformat(),
        "steps-1-text": "Book the hall", "steps-1-who": f"staff:{here.tutor.pk}",
    }  # fmt: skip
    sent = typed(client, both, **steps, **{"agreed-0": "We meet on Monday."})
    assert "Each of them" in client.get(address(both)).content.decode()
    assert client.post(address(both), sent).status_code == 302
    found = NextStep.objects.order_by("text")
    assert [(s.text, s.student_id == s.session.student_id, s.owner, s.owner_staff) for s in found] == [
        *[("Book the hall", True, Owner.STAFF, here.tutor)] * 2, *[("Bring the list", True, Owner.STUDENT, None)] * 2,
    ]  # fmt: skip
    assert {step.due_on for step in found if step.text == "Bring the list"} == {day}
    assert {s.student for s in found} == set(both)
    assert set(Agreement.objects.values_list("student", "text")) == {(s.pk, "We meet on Monday.") for s in both}
    assert client.post(address(both), sent).status_code == 302, "the same form twice is one meeting"
    assert (TutorSession.objects.count(), NextStep.objects.count(), Agreement.objects.count()) == (2, 4, 2)
    other = client.post(address(both), sent | {"steps-0-text": "Bring the money"})
    assert "was sent before" in other.content.decode()
    assert 'value="Bring the money"' in other.content.decode()
    assert NextStep.objects.count() == 4
    for name, said in {"due_on": (day + dt.timedelta(days=1)).isoformat(), "who": Owner.HOME}.items():
        assert "was sent before" in client.post(address(both), sent | {f"steps-0-{name}": said}).content.decode()


def test_duty_12_what_does_not_reach_home_asks_nothing_of_home(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of its own, asked for each student: only where there is something to keep."""
    asked: list[TutorSession] = []
    monkeypatch.setattr("tutoring.sessions.together_services.keep_home_contact", lambda e, kind, words: asked.append(e))
    client, both = client_of(here.tutor), [here.student, here.classmate]
    assert client.post(address(both), typed(client, both)).status_code == 302
    assert not asked
    call = {"kind": str(SessionKind.objects.get(kind=Kind.CALL_HOME).pk)}
    assert client.post(address(both), typed(client, both, **call)).status_code == 302
    assert len(asked) == 2


def test_duty_12_a_mistake_in_a_step_is_said_there_and_nothing_is_saved(here: Scene) -> None:
    client, both = client_of(here.tutor), [here.student, here.classmate]
    sent = typed(client, both, **{"steps-0-due_on": timezone.localdate().isoformat()})
    page = client.post(address(both), sent).content.decode()
    assert "Write what was agreed, or take the date away." in page
    assert '<details class="more part part-steps" open>' in page
    assert not TutorSession.objects.exists()
    assert '<details class="more part part-steps">' in client.get(address(both)).content.decode()


def test_duty_12_for_named_people_only(here: Scene) -> None:
    """Read of each of them by whoever is named, and by nobody else; without a name by the author alone."""
    head = make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    senco = make.person(Role.SENCO)
    client, both = client_of(here.tutor), [here.student, here.classmate]
    sent = typed(client, both, confidentiality="named", named_staff=[str(head.pk)])
    assert client.post(address(both), sent).status_code == 302
    assert set(TutorSession.objects.values_list("confidentiality", flat=True)) == {Confidentiality.NAMED}
    assert (readable(head), readable(senco), readable(here.tutor)) == (set(both), set(), set(both))
    assert "was sent before" in client.post(address(both), sent | {"named_staff": []}).content.decode()
    TutorSession.objects.all().delete()
    assert client.post(address(both), typed(client, both, confidentiality="named")).status_code == 302
    assert (readable(head), readable(here.tutor)) == (set(), set(both))
    TutorSession.objects.all().delete()
    assert client.post(address(both), typed(client, both, named_staff=[str(senco.pk)])).status_code == 302
    assert all(not entry.named_staff.exists() for entry in TutorSession.objects.all()), "a name without the level"


def two_houses() -> tuple[User, User, list[Student]]:
    """Two students of two houses, who sees both, and a head who sees the first only."""
    world = scene()
    away = make.TutorGroupFactory.create(name="10FRY", house=make.HouseFactory.create(name="Fry"))
    other = make.student_in(away, legal_forename="Zuri", legal_surname="Zed")
    return make.person(Role.SENCO), make.person(Role.HEAD_OF_HOUSE, house=world.group.house), [world.student, other]


def test_duty_12_nobody_is_named_or_given_a_step_who_does_not_see_each_of_them() -> None:
    """As in the form for one, where such a colleague is not offered."""
    senco, head, students = two_houses()
    client = client_of(senco)
    sent = typed(client, students, confidentiality="named", named_staff=[str(head.pk)])
    page = client.post(address(students), sent).content.decode()
    assert f"This is not for {head} to read of Zuri. Choose somebody else." in page
    step = {"steps-0-text": "Ring home", "steps-0-who": f"staff:{head.pk}"}
    page = client.post(address(students), typed(client, students, **step)).content.decode()
    assert f"This is not for {head} to read of Zuri. Choose somebody else." in page
    assert 'value="Ring home"' in page
    assert not TutorSession.objects.exists()
    alone = typed(client, students, **step)
    del alone[f"there-{students[1].pk}"]
    assert client.post(address(students), alone).status_code == 302
    assert NextStep.objects.get().owner_staff == head


def asked_who_sees(client: Client, students: list[Student], **more: Any) -> int:
    """How often PostgreSQL is asked who sees whom, when the form is sent."""
    sent = typed(client, students, **more)
    with CaptureQueriesContext(connection) as made:
        assert client.post(address(students), sent).status_code == 302
    return len([query for query in made if "staff_who_see" in query["sql"]])


def test_duty_12_who_sees_each_is_asked_as_often_for_many_as_for_one(here: Scene) -> None:
    """Twice whom to offer, once whoever is named, once whoever has a step; not for each student and step."""
    heads = [make.person(Role.HEAD_OF_HOUSE, house=here.group.house) for _ in range(3)]
    client, many = client_of(here.tutor), [here.student, here.classmate, make.student_in(here.group)]
    named = {"confidentiality": "named", "named_staff": [str(head.pk) for head in heads]}
    steps = {f"steps-{n}-{name}": said for n, head in enumerate(heads)
             for name, said in (("text", f"Step {n}"), ("who", f"staff:{head.pk}"))}  # fmt: skip
    one = {name: said for name, said in steps.items() if name.startswith("steps-0")}
    assert asked_who_sees(client, [here.student], **named, **one) == asked_who_sees(client, many, **named, **steps) == 4


def test_duty_12_whoever_sees_one_of_them_is_offered_whoever_comes_first() -> None:
    """The order of names decides nothing; that they see each of those ticked is asked when it is saved."""
    senco, head, students = two_houses()
    away = make.person(Role.HEAD_OF_HOUSE, house=students[1].house)
    page = client_of(senco).get(address(students)).content.decode()
    for colleague in (head, away):
        assert f'name="named_staff" value="{colleague.pk}"' in page
        assert f'value="staff:{colleague.pk}"' in page


def test_duty_12_what_is_agreed_with_several_is_looked_at_too(here: Scene) -> None:
    """As for one, without a name."""
    client, both = client_of(here.tutor), [here.student, here.classmate]
    hard = "Notwithstanding considerable organisational responsibilities, extracurricular participation necessitates"
    sent = typed(client, both, **{"agreed-0": f"{hard} documentation beforehand."})
    page = client.post(address(both), sent, follow=True).content.decode()
    assert "What you agreed reads" in page
    assert "until the student of that entry has answered" in page


def test_duty_12_what_concerns_one_alone_is_read_by_no_more_people_than_the_rest(here: Scene) -> None:
    head = make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    client, both = client_of(here.tutor), [here.student, here.classmate]
    named = {"confidentiality": "named", "named_staff": [str(head.pk)], f"note-{here.student.pk}": "Cried."}
    wider = client.post(address(both), typed(client, both, **named, notes_level="team"))
    assert "More people would read the notes than the rest." in wider.content.decode()
    assert client.post(address(both), typed(client, both, **named, notes_level="named")).status_code == 302
    with acting_as(Actor(head.pk)):
        assert not [entry for entry in TutorSession.objects.all() if "Cried." in entry.told]
    with acting_as(Actor(here.tutor.pk)):
        [note] = [entry for entry in TutorSession.objects.all() if "Cried." in entry.told]
    assert (note.kind, note.student) == (Kind.NOTE, here.student)


def test_duty_12_what_was_typed_comes_back_from_the_draft(here: Scene) -> None:
    met = sorted([str(make.person(Role.HEAD_OF_HOUSE, house=here.group.house)), str(make.person(Role.SENCO))])
    client, both = client_of(here.tutor), [here.student, here.classmate]
    sent = typed(client, both, met=met, **{"steps-0-text": "Bring the list", "agreed-0": "We meet on Monday."})
    assert client.post(client.get(address(both)).context["page"].save_url, sent).status_code == 200
    again = client.get(address(both)).content.decode()
    assert 'value="Bring the list"' in again
    assert 'value="We meet on Monday."' in again
    ticked = re.findall(r'name="met" value="([^"]+)" class="form-check-input" id="id_met_\d" checked', again)
    assert sorted(ticked) == met
