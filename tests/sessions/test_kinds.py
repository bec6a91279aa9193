"""The kinds of sessions are the school's: their names, what counts as seen, what to ask (duties 10, 13, 14)."""

import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from accounts.enums import Role
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import client_of, hidden_fields, new_url, opened_form, scene
from tutoring.sessions import selectors
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionDay, SessionKind, TutorSession

pytestmark = pytest.mark.django_db
KINDS = "/sessions/kinds/"


def test_a_new_school_has_one_of_each_kind_and_a_session_gets_its_schools() -> None:
    school = make.SchoolFactory.create(name="Southgate College")
    assert set(selectors.kinds_of(school).values_list("kind", flat=True)) == set(Kind)
    session = make.TutorSessionFactory.create(student__school=school, kind=Kind.CALL_HOME)
    session.refresh_from_db()
    day = SessionDay.objects.get(session=session)
    assert session.school_kind == day.school_kind == selectors.kinds_of(school).get(kind=Kind.CALL_HOME)
    assert session.kind_name == "Call home"


def test_what_a_session_is_follows_its_kind_and_never_another_schools() -> None:
    session = make.TutorSessionFactory.create()
    mentoring = make.SessionKindFactory.create(kind=Kind.REVIEW)
    TutorSession.objects.filter(pk=session.pk).update(school_kind=mentoring)
    session.refresh_from_db()
    assert (session.kind, session.kind_name) == (Kind.REVIEW, "Mentoring")
    theirs = make.SessionKindFactory.create(school=make.SchoolFactory.create(name="Elsewhere"))
    with pytest.raises(IntegrityError), transaction.atomic():
        TutorSession.objects.filter(pk=session.pk).update(school_kind=theirs)


def test_whoever_may_not_log_a_session_learns_nothing_of_its_kinds_school() -> None:
    """The same refusal whether or not the student's school has the kind: policies answer before the column does."""
    student, stranger = make.StudentFactory.create(), make.person(Role.SUBJECT_TEACHER)
    theirs = make.SessionKindFactory.create(school=make.SchoolFactory.create(name="Elsewhere"))
    for kind in (None, theirs):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            acting_as(Actor(stranger.pk)),
            transaction.atomic(),
        ):
            TutorSession.objects.create(student=student, author=stranger, school_kind=kind, submission=uuid.uuid4())


def test_which_kinds_count_as_seen_is_the_schools_to_say_and_holds_for_what_was_logged_before() -> None:
    world = scene()
    today = timezone.localdate()
    make.TutorSessionFactory.create(student=world.student, kind=Kind.NOTE, held_on=today)
    students = [world.student]
    assert selectors.last_seen(students, since=today) == {}
    SessionKind.objects.filter(kind=Kind.NOTE).update(counts=True)
    assert selectors.last_seen(students, since=today) == {world.student.pk: today}


def test_a_school_adds_its_own_kind_which_staff_then_log_and_find() -> None:
    world = scene()
    manager = client_of(make.person(Role.DATA_MANAGER))
    fields = {"name": "Progress meeting", "kind": "one_to_one", "counts": "on", "position": "5", "is_active": "on"}
    assert (
        manager.post(f"{KINDS}new/", fields | {"prompt_1": "What is next?", "prompt_3": " How are you?"}).status_code
        == 302
    )
    kind = SessionKind.objects.get(name="Progress meeting")
    assert kind.questions == ["What is next?", "How are you?"]
    tutor, url = client_of(world.tutor), new_url(world.student)
    page = tutor.get(url).content.decode()
    assert page.index("Progress meeting") < page.index("Quick note")
    assert "What is next?" in page
    assert tutor.post(url, opened_form(tutor, url, kind=str(kind.pk))).status_code == 302
    assert TutorSession.objects.get().kind_name == "Progress meeting"
    assert "Progress meeting with you" in tutor.get(f"/students/{world.student.pk}/").content.decode()


def test_a_kind_out_of_use_is_no_longer_offered_and_stays_where_it_was() -> None:
    world = scene()
    session = make.TutorSessionFactory.create(student=world.student, author=world.tutor, kind=Kind.REVIEW)
    kind = SessionKind.objects.get(kind=Kind.REVIEW)
    manager = client_of(make.person(Role.DATA_MANAGER))
    url = f"{KINDS}{kind.pk}/"
    form = hidden_fields(manager.get(url)) | {"name": "Target review", "position": "20", "counts": "on"}
    assert manager.post(url, form | {"kind": "note"}).status_code == 302
    kind.refresh_from_db()
    assert (kind.name, kind.is_active, kind.kind) == ("Target review", False, Kind.REVIEW)
    tutor = client_of(world.tutor)
    assert str(kind.pk) not in tutor.get(new_url(world.student)).content.decode()
    assert "Target review" in tutor.get(f"/sessions/{session.pk}/").content.decode()
    change = f"/sessions/{session.pk}/change/"
    assert f'value="{kind.pk}"' in tutor.get(change).content.decode()
    forged = opened_form(tutor, new_url(world.student), kind=str(kind.pk))
    assert "Choose what kind" in tutor.post(new_url(world.student), forged).content.decode()


def test_two_kinds_of_one_name_are_refused_in_words() -> None:
    make.SchoolFactory.create()
    manager = client_of(make.person(Role.DATA_MANAGER))
    answer = manager.post(f"{KINDS}new/", {"name": "call HOME", "kind": "note", "position": "5"})
    assert "There is a kind of that name already." in answer.content.decode()
    assert SessionKind.objects.filter(name__iexact="call home").count() == 1


def test_the_list_shows_each_with_what_it_counts_for() -> None:
    manager = client_of(make.person(Role.DATA_MANAGER))
    page = manager.get(KINDS).content.decode()
    assert [page.count(name) > 0 for name in ("Quick note", "Group tutorial", "Home visit")] == [True] * 3
    assert client_of(make.person(Role.TUTOR)).get(KINDS).status_code == 403
