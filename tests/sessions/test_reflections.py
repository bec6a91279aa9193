"""Before a 1:1 (duty 15): the student writes on the handed-over device, and a wish of theirs becomes an agreement."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, new_url, opened_form, scene
from tutoring.sessions.models import Reflection, ReflectionSheet, TutorSession

pytestmark = pytest.mark.django_db
BACK = reverse("tutor_sessions:hand-back")
SHEET = reverse("tutor_sessions:reflection-sheet")
SAID = {"said-0": "I was early four times.", "said-1": "The bus.", "wish": "Leave at ten past  eight.", "feeling": "4"}


GIVE = {"hand-over": "yes"}


def write_url(student: Student) -> str:
    return reverse("tutor_sessions:reflect", args=[student.pk])


def list_url(student: Student) -> str:
    return reverse("tutor_sessions:reflection-list", args=[student.pk])


def sheet_url(student: Student) -> str:
    return reverse("desk:student-preparation", args=[student.pk])


def tutor_of(world: Scene) -> Client:
    """Signed in, with a way to take the device back."""
    world.tutor.set_password("a long enough sentence")
    world.tutor.save()
    return client_of(world.tutor)


def given(client: Client, student: Student) -> Client:
    """The device is in the student's hands."""
    assert client.post(write_url(student), GIVE).headers["Location"] == write_url(student)
    return client


def said(**words: str) -> dict[str, str]:
    return {"submission": str(uuid.uuid4())} | (words or SAID)


def raw(user: User, sql: str, *values: Any) -> int:
    """Straight to the database as this person: how many rows it touched."""
    with acting_as(Actor(user_id=user.pk)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def test_the_student_writes_and_the_page_tells_nothing_else_of_theirs() -> None:
    """Duty 15: reflect on their progress. A first name and the questions, and then the device asks to be given back."""
    world = scene()
    make.TutorSessionFactory.create(student=world.student, author=world.tutor, happened="Fell asleep in English.")
    client = given(tutor_of(world), world.student)
    page = client.get(write_url(world.student)).content.decode()
    assert "Jamal, how is it going?" in page
    assert "What has gone well since last time?" in page
    assert "One thing I want to do by next time" in page
    for hidden in ("Okafor", "Fell asleep", "11BEC", "Today", 'href="/"', "Shah"):
        assert hidden not in page, hidden
    assert client.post(write_url(world.student), said()).headers["Location"] == BACK
    kept = Reflection.objects.get()
    assert list(kept.answers) == [
        ("What has gone well since last time?", "I was early four times."),
        ("What was hard?", "The bus."),
    ]
    assert (kept.wish, kept.feeling, kept.taken_by) == ("Leave at ten past eight.", 4, world.tutor)
    event = Event.objects.get(action="reflection.kept")
    assert "bus" not in str(event.detail)


def test_nothing_else_opens_until_the_tutor_proves_to_be_the_tutor_and_then_the_sheet_does() -> None:
    """Duty 15: a student alone with the device reaches their page only, and nobody else's."""
    world = scene()
    client = given(tutor_of(world), world.student)
    for address in ("/", list_url(world.student), sheet_url(world.student), new_url(world.student)):
        assert client.get(address).headers["Location"] == BACK, address
    assert client.post(write_url(world.classmate), said()).headers["Location"] == BACK
    assert not Reflection.objects.exists()
    assert "Write something more" in client.get(BACK).content.decode()
    proof = f"{reverse('sign_in:step-up')}?next={BACK}"
    assert client.post(proof, {"password": "a long enough sentence"}).headers["Location"] == BACK
    assert client.get(BACK).headers["Location"] == sheet_url(world.student)
    assert client.get(sheet_url(world.student)).status_code == 200


def test_a_device_that_answers_agreements_opens_no_page_to_write_and_the_other_way_round() -> None:
    """Duty 15: one hand-over, one page."""
    world = scene()
    client = tutor_of(world)
    session = make.TutorSessionFactory.create(student=world.student, author=world.tutor)
    make.AgreementFactory.create(session=session)
    given(client, world.student)
    hand_over = reverse("tutor_sessions:hand-over", args=[session.pk])
    assert client.post(hand_over).headers["Location"] == BACK
    assert client.get(hand_over).status_code == 302


def test_nothing_at_all_is_no_reflection_and_what_was_typed_stays() -> None:
    """Duty 15: everything may stay empty, not all of it."""
    world = scene()
    client = given(tutor_of(world), world.student)
    empty = client.post(write_url(world.student), said(wish=""))
    assert "Nothing is written yet" in empty.content.decode()
    long = client.post(write_url(world.student), said(**{"said-0": "kept", "wish": "x" * 301}))
    assert "kept" in long.content.decode()
    assert not Reflection.objects.exists()


def test_a_form_sent_twice_is_kept_once_and_writing_again_is_another_one() -> None:
    """Duty 15: nothing that a student wrote is written over."""
    world = scene()
    client = given(tutor_of(world), world.student)
    form = said()
    client.post(write_url(world.student), form)
    client.post(write_url(world.student), form)
    client.post(write_url(world.student), said(wish="Something smaller."))
    assert [r.wish for r in Reflection.objects.order_by("written_at")] == [
        "Leave at ten past eight.",
        "Something smaller.",
    ]


def test_what_was_typed_when_the_tutor_was_signed_out_stands_in_the_form_again() -> None:
    """Duty 15: a form sent before the device was handed over is shown to the student with its words, not lost."""
    world = scene()
    client = tutor_of(world)
    page = client.post(write_url(world.student), said()).content.decode()
    assert "I was early four times." in page
    assert not Reflection.objects.exists()
    assert client.get("/").headers["Location"] == BACK


def test_without_a_proof_of_their_own_a_tutor_hands_nothing_over() -> None:
    """Duty 15: the device could not be locked."""
    world = scene()
    world.tutor.set_unusable_password()
    world.tutor.save()
    client = client_of(world.tutor)
    assert client.post(write_url(world.student), GIVE).headers["Location"] == reverse("mfa_index")


def test_it_stands_on_the_sheet_and_at_the_head_of_the_form_until_a_1_to_1_was_logged() -> None:
    """Duty 15: the reflection is there when it is needed, and the list keeps it after."""
    world = scene()
    client = client_of(world.tutor)
    assert "has written nothing for this 1:1 yet" in client.get(sheet_url(world.student)).content.decode()
    make.ReflectionFactory.create(student=world.student, said=["Long division."])
    story = reverse("desk:student-story", args=[world.student.pk])
    for address in (sheet_url(world.student), new_url(world.student), story):
        assert "Long division." in client.get(address).content.decode(), address
    assert "before-talk" in client.get(story).content.decode()
    make.TutorSessionFactory.create(student=world.student, author=world.tutor)
    for address in (sheet_url(world.student), new_url(world.student), story):
        assert "before-talk" not in client.get(address).content.decode(), address
    for address in (sheet_url(world.student), new_url(world.student)):
        assert "Long division." not in client.get(address).content.decode(), address
    for address in (story, list_url(world.student)):
        assert "Long division." in client.get(address).content.decode(), address
    assert Event.objects.filter(action="reflection.opened").count() == 5  # the story four times, the list once


def test_one_tick_takes_what_the_student_wants_as_agreed() -> None:
    """Duty 15: identify personal targets: the student's own words become the first agreement of the 1:1."""
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    wish = make.ReflectionFactory.create(student=world.student, wish="Ask once in each lesson.")
    page = client.get(url).content.decode()
    assert "Take it as agreed" in page
    form = opened_form(client, url, **{"agreed-wish": str(wish.pk), "agreed-0": "I come on Fridays."})
    make.ReflectionFactory.create(student=world.student, wish="Written while the form was open.")
    client.post(url, form)
    assert list(TutorSession.objects.get().agreements.values_list("position", "text")) == [
        (1, "Ask once in each lesson."),
        (2, "I come on Fridays."),
    ]


def test_untaken_it_is_no_agreement_and_a_fourth_is_one_too_many() -> None:
    """Duty 15: a wish is the student's until both take it; the form says so where there is no room."""
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    wish = make.ReflectionFactory.create(student=world.student)
    three = {f"agreed-{n}": f"Line {n}." for n in range(3)}
    refused = client.post(url, opened_form(client, url, **three, **{"agreed-wish": str(wish.pk)}))
    assert "Three are enough" in refused.content.decode()
    client.post(url, opened_form(client, url))
    assert TutorSession.objects.get().agreements.count() == 0


def test_somebody_elses_wish_is_not_taken() -> None:
    """Duty 15: the key of another student's reflection, sent by hand, is refused."""
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    other = make.ReflectionFactory.create(student=world.classmate, wish="A secret of Zofia’s.")
    make.ReflectionFactory.create(student=world.student)
    answer = client.post(url, opened_form(client, url, **{"agreed-wish": str(other.pk)}))
    assert answer.status_code == 200
    assert "A secret of Zofia" not in answer.content.decode()
    assert not TutorSession.objects.exists()


def test_who_does_not_read_the_teams_1_to_1s_reads_none_of_it() -> None:
    """Duty 15: a teacher of the student logs a 1:1, and sees nothing of what the student wrote to the tutor."""
    world = scene()
    make.ReflectionFactory.create(student=world.student, said=["Only for my tutor."])
    teacher = make.person(Role.SUBJECT_TEACHER, student=world.student)
    client = client_of(teacher)
    for address in (sheet_url(world.student), new_url(world.student)):
        page = client.get(address)
        assert page.status_code == 200
        assert "Only for my tutor." not in page.content.decode(), address
    assert client.get(list_url(world.student)).status_code == 403
    stranger = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="7ELM"))
    assert client_of(stranger).get(list_url(world.student)).status_code == 404
    assert client_of(stranger).post(write_url(world.student)).status_code == 404


def test_postgresql_changes_and_removes_none_and_lets_nobody_write_under_another_name() -> None:
    """Duty 15: past every view."""
    world = scene()
    kept = make.ReflectionFactory.create(student=world.student, taken_by=world.tutor)
    for sql in ("UPDATE tutor_sessions_reflection SET wish = 'x'", "DELETE FROM tutor_sessions_reflection"):
        with pytest.raises(DatabaseError):
            raw(world.tutor, sql)
    colleague = make.person(Role.TUTOR, group=world.group)
    forged = (
        "INSERT INTO tutor_sessions_reflection (id, student_id, taken_by_id, submission, written_at, asked, said, wish)"
        " VALUES (gen_random_uuid(), %s, %s, gen_random_uuid(), now(), '{}', '{}', 'Forged.')"
    )
    with pytest.raises(DatabaseError):
        raw(world.tutor, forged, world.student.pk, colleague.pk)
    assert raw(world.tutor, forged, world.student.pk, world.tutor.pk) == 1
    assert Reflection.objects.get(pk=kept.pk).wish == kept.wish


def test_the_school_asks_its_own_questions_and_old_answers_keep_theirs() -> None:
    """Duty 15: a small list that the school edits."""
    world = scene()
    make.ReflectionFactory.create(student=world.student, asked=["What was hard?"])
    client = client_of(make.person(Role.DATA_MANAGER, school=world.student.school))
    assert "What was hard?" in client.get(SHEET).content.decode()
    own = {"question_1": "Who helped you?", "question_2": "", "wish": "My next step", "opened_with": ""}
    assert client.post(SHEET, own).status_code == 302
    assert ReflectionSheet.objects.get().questions == ["Who helped you?"]
    assert client_of(world.tutor).get(SHEET).status_code == 403
    tutor = given(tutor_of(world), world.student)
    page = tutor.get(write_url(world.student)).content.decode()
    assert "Who helped you?" in page
    assert "How are things?" not in page
    tutor.post(write_url(world.student), said(**{"said-0": "My aunt."}))
    assert Reflection.objects.latest("written_at").asked == ["Who helped you?"]
    assert Reflection.objects.earliest("written_at").asked == ["What was hard?"]


def test_the_list_asks_as_often_however_much_was_written() -> None:
    """Duty 15."""
    world = scene()
    client = client_of(world.tutor)
    make.ReflectionFactory.create(student=world.student, taken_by=world.tutor)
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            client.get(list_url(world.student))
        asked.append(len(found))
        make.ReflectionFactory.create_batch(5, student=world.student, taken_by=world.tutor)
    assert asked[0] == asked[1]
