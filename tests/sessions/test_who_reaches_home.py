"""Calls, visits and words on the report: only from those who may see the family, or open the reports."""

import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from tests import factories as make
from tests.sessions.pages import Scene, client_of, new_url, opened_form, scene
from tutoring.sessions.models import TutorSession
from tutoring.sessions.services import Words, log_session, update_session

pytestmark = pytest.mark.django_db
KINDS = ["1:1", "Review", "Quick note", "Call home", "Home visit", "Meeting with staff", "Agency meeting"]
NOT_HOME = ["1:1", "Review", "Quick note", "Meeting with staff", "Agency meeting"]
OFFERED = re.compile(r'name="kind".*?<label[^>]*>\s*(.*?)\s*</label>', re.DOTALL)


def _offered(user: User, world: Scene) -> tuple[list[str], bool]:
    """The kinds of the form this person opens, and whether it has the tick for the report."""
    page = client_of(user).get(new_url(world.student)).content.decode()
    return OFFERED.findall(page), 'name="for_report"' in page


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.SUBJECT_TEACHER])
def test_who_may_not_see_the_family_is_offered_no_way_to_it(role: Role) -> None:
    world = scene()
    user = make.person(role, group=world.group)
    assert _offered(user, world) == (NOT_HOME, False)
    story = client_of(user).get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    assert OFFERED.findall(story) == NOT_HOME


def test_a_tutor_is_offered_everything_and_the_attendance_office_no_word_on_the_report() -> None:
    world = scene()
    assert _offered(world.tutor, world) == (KINDS, True)
    assert _offered(make.person(Role.ATTENDANCE_OFFICER), world) == (KINDS, False)


def test_a_forged_form_reaches_nobody() -> None:
    world = scene()
    client, url = client_of(make.person(Role.CONTRIBUTOR, group=world.group)), new_url(world.student)
    assert client.post(url, opened_form(client, url, kind="call_home")).status_code == 200
    assert not TutorSession.objects.exists()
    assert client.post(url, opened_form(client, url, kind="meeting", for_report="on")).status_code == 302
    assert not TutorSession.objects.get().for_report


@pytest.mark.parametrize("fields", [{"kind": "call_home"}, {"kind": "home_visit"}, {"for_report": True}])
def test_the_service_holds_it_too(fields: dict[str, object]) -> None:
    world = scene()
    words = Words(fields={"happened": "We talked."} | fields)
    user = make.person(Role.CONTRIBUTOR, group=world.group)
    with pytest.raises(PermissionDenied):
        log_session(by=user, student=world.student, submission=uuid.uuid4(), words=words)
    own = make.TutorSessionFactory.create(student=world.student, author=user)
    with pytest.raises(PermissionDenied):
        update_session(by=user, session=own, version=own.version, words=words)
    log_session(by=world.tutor, student=world.student, submission=uuid.uuid4(), words=words)


def test_what_was_saved_before_may_stay_when_its_author_mends_a_word() -> None:
    world = scene()
    user = make.person(Role.CONTRIBUTOR, group=world.group)
    session = make.TutorSessionFactory.create(
        student=world.student, author=user, kind="call_home", for_report=True, held_on=world.term.starts_on
    )
    client, url = client_of(user), reverse("tutor_sessions:session-update", args=[session.pk])
    form = opened_form(client, url, kind="call_home", for_report="on", happened="Mended.")
    assert client.post(url, form).status_code == 302
    session.refresh_from_db()
    assert (session.kind, session.for_report, session.happened) == ("call_home", True, "Mended.")
