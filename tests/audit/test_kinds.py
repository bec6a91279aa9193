"""Signing in, refusals, exports and the reading of what is secret each leave one event, with who and where."""

import hashlib
import logging

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.logs import OneLineFormatter
from students.models import Student
from tests import factories as make
from tutoring.sessions.enums import Confidentiality

pytestmark = pytest.mark.django_db
PASSWORD = "three-plain-words-here"


@pytest.fixture
def tutor() -> User:
    user = make.person(Role.TUTOR, group=make.TutorGroupFactory.create())
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def student(tutor: User) -> Student:
    return make.student_in(make.TutorGroupFactory.create())


def _events(action: str) -> list[Event]:
    return list(Event.objects.filter(action=action))


def test_signing_in_and_out(client: Client, tutor: User) -> None:
    client.post(reverse("account_login"), {"login": tutor.email, "password": PASSWORD}, headers={"User-Agent": "Fox"})
    (came,) = _events("sign_in.succeeded")
    assert (came.actor_id, came.school_id, came.address, came.agent) == (tutor.pk, tutor.school_id, "127.0.0.1", "Fox")
    client.post(reverse("account_logout"))
    (left,) = _events("sign_in.ended")
    assert left.actor_id == tutor.pk


@pytest.mark.parametrize("known", [True, False])
def test_failing_to_sign_in(client: Client, tutor: User, known: bool) -> None:
    address = tutor.email if known else "nobody@northgate.example"
    client.post(reverse("account_login"), {"login": address, "password": "wrong"})
    (failed,) = _events("sign_in.failed")
    assert (failed.actor_id, failed.detail) == (None, {"tried": address})
    assert failed.object_id == str(tutor.pk if known else tutor.school_id)
    assert failed.school_id == tutor.school_id, "somebody at the school should see it"
    assert failed.address == "127.0.0.1"


def test_a_password_typed_into_the_wrong_box_is_not_kept(rf: RequestFactory) -> None:
    from django.contrib.auth import authenticate

    authenticate(rf.post("/"), email="my secret words", password="x")
    (failed,) = _events("sign_in.failed")
    assert "secret" not in str(failed.detail)


def test_a_refused_page_is_on_the_record(client: Client, tutor: User) -> None:
    client.force_login(tutor)
    assert client.get(reverse("exchange:run-list")).status_code == 403
    (refused,) = _events("access.refused")
    assert (refused.actor_id, refused.detail) == (tutor.pk, {"page": "exchange:run-list", "method": "GET", "of": {}})


def test_a_student_out_of_reach_is_on_the_record_although_the_page_says_absent(client: Client, tutor: User) -> None:
    stranger = make.StudentFactory.create()
    client.force_login(tutor)
    assert client.get(reverse("desk:student-family", args=[stranger.pk])).status_code == 404
    (hidden,) = _events("access.not_found")
    assert (hidden.actor_id, hidden.detail["page"]) == (tutor.pk, "desk:student-family")
    assert hidden.detail["of"] == {"pk": str(stranger.pk)}
    assert not _events("student.opened")


def test_strangers_and_wrong_addresses_leave_nothing(client: Client, tutor: User) -> None:
    client.get("/nowhere/")
    client.get(reverse("exchange:run-list"))
    client.force_login(tutor)
    client.get("/nowhere/")
    assert not Event.objects.filter(action__startswith="access.").exists()


@pytest.mark.parametrize("page", ["student-story", "student-family", "student-support", "student-attendance"])
def test_opening_a_students_page(client: Client, tutor: User, student: Student, page: str) -> None:
    client.force_login(tutor)
    assert client.get(reverse(f"desk:{page}", args=[student.pk])).status_code == 200
    (opened,) = _events("student.opened")
    assert (opened.actor_id, opened.student_id, opened.detail) == (tutor.pk, student.pk, {"page": page})


def test_opening_a_session_and_reading_a_secret_one_in_the_story(client: Client, tutor: User, student: Student) -> None:
    usual = make.TutorSessionFactory.create(student=student, author=make.person(Role.TUTOR))
    secret = make.TutorSessionFactory.create(
        student=student, author=make.person(Role.DSL), confidentiality=Confidentiality.NAMED
    )
    secret.named_staff.add(tutor)
    own = make.TutorSessionFactory.create(student=student, author=tutor, confidentiality=Confidentiality.NAMED)
    client.force_login(tutor)
    client.get(reverse("desk:student-story", args=[student.pk]))
    (read,) = _events("session.read")
    assert (read.actor_id, read.student_id, read.object_id) == (tutor.pk, student.pk, str(secret.pk))
    for session in (usual, secret, own):
        client.get(reverse("tutor_sessions:session-detail", args=[session.pk]))
    opened = {event.object_id: event.detail["limited"] for event in _events("session.opened")}
    assert opened == {str(usual.pk): False, str(secret.pk): True, str(own.pk): True}


def test_an_export_says_how_much_and_which_file(client: Client, student: Student) -> None:
    client.force_login(make.person(Role.SENCO))
    client.get(reverse("reports:student-record", args=[student.pk]))
    (looked,) = _events("record.opened")
    assert looked.student_id == student.pk
    taken = client.get(reverse("reports:student-record-export", args=[student.pk, "csv"]))
    (made,) = _events("export.made")
    assert made.student_id == student.pk
    assert made.detail["sha256"] == hashlib.sha256(taken.content).hexdigest()


def test_nothing_typed_breaks_a_line_of_the_log() -> None:
    message = "name\r\n2026-11-22 ERROR forged\x1b[31m\u2028x"
    entry = logging.LogRecord("x", logging.INFO, "", 0, "got %s", (message,), None)
    line = OneLineFormatter("%(levelname)s %(message)s").format(entry)
    assert line == r"INFO got name\r\n2026-11-22 ERROR forged\x1b[31m\u2028x"
    failed = logging.LogRecord("x", logging.ERROR, "", 0, "oh", None, (ValueError, ValueError("a"), None))
    assert OneLineFormatter().format(failed).splitlines() == ["oh", "ValueError: a"]
