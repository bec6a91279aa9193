"""The record of a meeting: who came, what was decided, who does what, when it meets again (duties 66 and 74)."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from students.due import lines_due
from tests import factories as make
from tests.referrals.test_held_by_the_database import execute, refused
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.referrals.meetings import meetings_due, meetings_of_student
from tutoring.referrals.models import MeetingRecord
from tutoring.sessions.models import NextStep, SessionKind, TutorSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Scene:
    return scene()


def days(number: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=number)


def new_url(world: Scene) -> str:
    return reverse("referrals:meeting-create", args=[world.student.pk])


def filled(client: Client, url: str, **other: Any) -> dict[str, Any]:
    """The form of that page with what a meeting of an afternoon was."""
    kind = SessionKind.objects.get(kind=other.pop("kind", "agency"))
    return hidden_fields(client.get(url)) | {
        "kind": str(kind.pk), "held_on": days(0).isoformat(), "happened": "Mornings were talked through.",
        "decided": "Two mornings a week from Monday.", "there-student": "came", "confidentiality": "team",
        "steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "0", "next_on": days(30).isoformat(),
    } | other  # fmt: skip


def written(world: Scene, **other: Any) -> MeetingRecord:
    client = client_of(world.tutor)
    answer = client.post(new_url(world), filled(client, new_url(world), **other), follow=True)
    assert answer.status_code == 200, answer
    return MeetingRecord.objects.get()


def due(user: User) -> list[Any]:
    with acting_as(Actor(user_id=user.pk)):
        return lines_due(meetings_due(user, timezone.localdate()))


@pytest.mark.parametrize("kind", ["agency", "review", "meeting"])
def test_a_meeting_keeps_who_came_what_was_decided_and_who_does_what(world: Scene, kind: str) -> None:
    """Duty 66, and 74 for a review: staff, people outside, family, the student; apologies; decisions; actions with an
    owner, an outside person too, and a day; who gets the minutes; when it meets again.
    """
    person = make.PersonAroundFactory.create(student=world.student)
    mother = make.ContactFactory.create(student=world.student, relationship="mother")
    senco, outside = make.person(Role.SENCO), str(person)
    meeting = written(
        world, kind=kind,
        **{
            f"there-around-{person.pk}": "came", f"copy-around-{person.pk}": "on",
            f"there-staff-{senco.pk}": "apologies",
            f"there-home-{mother.pk}": "came", "other-0": "Bo Example, interpreter", "there-other-0": "came",
            "copy-other-0": "on", "minutes_words": "On paper, as Ms Okafor agreed.",
            "steps-0-text": "Send the timetable", "steps-0-who": f"staff:{world.tutor.pk}",
            "steps-0-due_on": days(3).isoformat(),
            "steps-1-text": "Ring about transport", "steps-1-who": f"outside:{outside}",
            "steps-1-due_on": days(4).isoformat(),
        },
    )  # fmt: skip
    assert meeting.came == [
        f"{world.student.name} (student)",
        outside,
        f"{mother.name} (mother)",
        "Bo Example, interpreter",
    ]
    assert meeting.apologies == [str(senco)]
    assert meeting.minutes_to == [outside, "Bo Example, interpreter"]
    assert (meeting.session.kind, meeting.next_on) == (kind, days(30))
    steps = NextStep.objects.order_by("due_on").values_list("text", "owner", "owner_name", "owner_staff")
    assert list(steps) == [
        ("Send the timetable", "staff", "", world.tutor.pk),
        ("Ring about transport", "outside", outside, None),
    ]
    page = client_of(senco).get(reverse("tutor_sessions:session-detail", args=[meeting.session_id])).content.decode()
    for words in (
        "Two mornings a week",
        f"{mother.name} (mother)",
        "Apologies",
        "On paper, as Ms Okafor agreed.",
        outside,
    ):
        assert words in page
    listed = client_of(senco).get(reverse("desk:student-referrals", args=[world.student.pk])).content.decode()
    assert "Two mornings a week" in listed


def test_its_actions_come_to_today_on_their_day(world: Scene) -> None:
    """Duty 66: like next steps; one for somebody outside names them, so that somebody here asks."""
    written(
        world,
        **{"steps-0-text": "Ring about transport", "steps-0-who": "outside", "steps-0-due_on": days(0).isoformat()},
    )
    NextStep.objects.update(owner_name="Dele Example, youth worker")
    page = client_of(world.tutor).get(reverse("desk:today")).content.decode()
    assert "Dele Example, youth worker: Ring about transport" in page
    assert "ask how it goes" in page


def test_the_next_one_comes_to_today_a_week_before_until_it_is_written_up(world: Scene) -> None:
    """Duty 66: the day of the next meeting is not forgotten; Open leads to the form with what was decided beside it."""
    meeting = written(world, next_on=days(8).isoformat())
    assert due(world.tutor) == []
    MeetingRecord.objects.update(next_on=days(7))
    [line] = due(world.tutor)
    assert (line.kind, line.pk, line.due_on) == ("meeting", meeting.session_id, days(7))
    assert due(make.person(Role.SENCO)) == []
    client = client_of(world.tutor)
    assert "Next meeting: " in client.get(reverse("desk:today")).content.decode()
    opened = client.get(reverse("referrals:meeting-next", args=[meeting.session_id]), follow=True)
    assert opened.redirect_chain[-1][0] == new_url(world)
    assert "Two mornings a week" in opened.content.decode()
    TutorSession.objects.update(held_on=days(-20))
    client.post(new_url(world), filled(client, new_url(world), next_on=""))
    assert due(world.tutor) == []


def test_another_day_or_none_in_one_tap(world: Scene) -> None:
    """Duty 66: whoever wrote it up moves the next one; nobody else does."""
    meeting = written(world)
    url = reverse("referrals:meeting-next", args=[meeting.session_id])
    assert client_of(make.person(Role.SENCO)).post(url, {"next_on": days(9).isoformat()}).status_code == 403
    client = client_of(world.tutor)
    client.post(url, {"next_on": days(9).isoformat()})
    assert MeetingRecord.objects.get().next_on == days(9)
    client.post(url, {"next_on": days(0).isoformat()})
    assert MeetingRecord.objects.get().next_on == days(9), "not before the meeting itself"
    client.post(url, {"next_on": ""})
    assert MeetingRecord.objects.get().next_on is None


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"decided": ""}, "what it decided"),
        ({"there-student": "", "there-staff": ""}, "Say who came"),
        ({"happened": ""}, "Write a line"),
        ({"next_on": "2020-01-01"}, "After this meeting"),
    ],
)
def test_what_a_meeting_cannot_do_without(world: Scene, other: dict[str, str], said: str) -> None:
    """Duty 66: nothing typed is lost where something is missing."""
    client = client_of(world.tutor)
    answer = client.post(new_url(world), filled(client, new_url(world), minutes_words="By hand.", **other))
    page = answer.content.decode()
    assert said in page
    assert "By hand." in page
    assert not MeetingRecord.objects.exists()


def test_a_form_sent_twice_is_one_meeting_and_other_words_are_not_lost(world: Scene) -> None:
    """Duty 66."""
    client = client_of(world.tutor)
    form = filled(client, new_url(world))
    assert client.post(new_url(world), form).status_code == 302
    assert client.post(new_url(world), form).status_code == 302
    other = client.post(new_url(world), form | {"happened": "Something else."})
    assert other.status_code == 409
    assert "Something else." in other.content.decode()
    assert MeetingRecord.objects.count() == 1


def test_its_author_changes_it_and_nothing_changed_elsewhere_is_overwritten(world: Scene) -> None:
    """Duty 66: who was there and who is to do what stay in the form, also people written by hand."""
    meeting = written(world, **{"other-0": "Bo Example, interpreter", "steps-0-text": "Ring", "steps-0-who": "outside"})
    client, url = client_of(world.tutor), reverse("referrals:meeting-update", args=[meeting.session_id])
    page = client.get(url)
    assert page.context["form"]["there-kept-1"].value() == "came"
    step = NextStep.objects.get()
    row = {"steps-0-pk": str(step.pk), "steps-0-text": "Ring", "steps-0-who": "outside", "there-kept-1": "came"}
    sent = filled(client, url, decided="Three mornings.", **row)
    assert client.post(url, sent).status_code == 302
    changed = MeetingRecord.objects.get()
    assert (changed.decided, changed.came[-1]) == ("Three mornings.", "Bo Example, interpreter")
    assert NextStep.objects.get().owner == "outside"
    stale = client.post(url, sent | {"decided": "One morning."})
    assert stale.status_code == 409
    assert "Three mornings." in stale.content.decode()
    assert "One morning." in stale.content.decode()
    assert client_of(make.person(Role.SENCO)).get(url).status_code == 403


def test_it_is_as_private_as_its_conversation(world: Scene) -> None:
    """Duty 66: minutes of named people are theirs; the list, the page and the database say the same."""
    meeting = written(world, confidentiality="named")
    senco = make.person(Role.SENCO)
    with acting_as(Actor(user_id=senco.pk)):
        assert meetings_of_student(world.student) == []
    with acting_as(Actor(user_id=world.tutor.pk)):
        assert meetings_of_student(world.student) == [meeting]
    write = "UPDATE referrals_meetingrecord SET decided = 'x' WHERE id = %s"
    assert execute(senco, write, meeting.pk) == 0
    assert execute(world.tutor, write, meeting.pk) == 1
    move = "UPDATE referrals_meetingrecord SET student_id = %s WHERE id = %s"
    assert refused(world.tutor, move, world.classmate.pk, meeting.pk)


def test_a_court_order_stands_beside_the_name(world: Scene) -> None:
    """Duty 66: nobody is invited or sent minutes over a court order unseen."""
    make.ContactFactory.create(student=world.student, surname="Barred", court_order=True)
    assert "Court order" in client_of(world.tutor).get(new_url(world)).content.decode()


def test_the_list_takes_one_question_however_many_there_are(world: Scene) -> None:
    for number in range(7):
        session = make.TutorSessionFactory.create(student=world.student, author=world.tutor, held_on=days(-number))
        make.MeetingRecordFactory.create(session=session)
    with acting_as(Actor(user_id=world.tutor.pk)), CaptureQueriesContext(connection) as asked:
        found = meetings_of_student(world.student)
        assert [m.session.kind_name for m in found] == ["1:1"] * 7
    assert len([q for q in asked if "referrals_meetingrecord" in q["sql"]]) == 1
