"""A mentor and a student (duty 16): strengths and hopes, named by those who look after them; nobody sees more by it."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from tests import factories as make
from tests.referrals.test_held_by_the_database import execute, refused
from tests.sessions.pages import Scene, client_of, scene
from tutoring.groups.selectors import students_visible_to
from tutoring.referrals.models import Mentoring

pytestmark = pytest.mark.django_db
MINE = reverse("referrals:mentored")


@pytest.fixture
def world() -> Scene:
    return scene()


def teacher_of(world: Scene) -> User:
    return make.person(Role.SUBJECT_TEACHER, student=world.student, first_name="Noor", last_name="Aziz")


@pytest.fixture
def teacher(world: Scene) -> User:
    return teacher_of(world)


def begin_url(world: Scene) -> str:
    return reverse("referrals:mentoring-begin", args=[world.student.pk])


def helps_url(world: Scene) -> str:
    return reverse("desk:student-strategies", args=[world.student.pk])


def typed(mentor: User, **other: Any) -> dict[str, Any]:
    return {
        "submission": str(uuid.uuid4()), "mentor": mentor.pk, "since": timezone.localdate().isoformat(),
        "aspiration": "I want to run my own kitchen.", "strengths": "Calm when it is loud.",
    } | other  # fmt: skip


def test_a_tutor_names_a_mentor_and_both_see_what_it_is_for(world: Scene, teacher: User) -> None:
    """Duty 16: a mentor, what the student wants and what they bring, on the student's page and in the mentor's list."""
    client = client_of(world.tutor)
    assert client.post(begin_url(world), typed(teacher)).headers["Location"] == helps_url(world)
    for page in (client.get(helps_url(world)), client_of(teacher).get(helps_url(world)), client_of(teacher).get(MINE)):
        assert "I want to run my own kitchen." in page.content.decode()
        assert "Calm when it is loud." in page.content.decode()
    assert "Okafor" in client_of(teacher).get(MINE).content.decode()
    family = client.get(reverse("desk:student-family", args=[world.student.pk])).content.decode()
    assert "Mentor:" in family
    assert str(teacher) in family
    event = Event.objects.get(action="mentoring.begun")
    assert "kitchen" not in str(event.detail)


def test_being_named_shows_nobody_more(world: Scene) -> None:
    """Duty 16: somebody who does not reach the student cannot be named, by the form or past it, and sees nobody."""
    stranger = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="7ELM"))
    page = client_of(world.tutor).get(begin_url(world)).content.decode()
    assert str(stranger.pk) not in page
    answer = client_of(world.tutor).post(begin_url(world), typed(stranger))
    assert answer.status_code == 200
    assert not Mentoring.objects.exists()
    make.MentoringFactory.create(student=world.student, mentor=stranger)
    assert not students_visible_to(stranger).filter(pk=world.student.pk).exists()
    assert "Okafor" not in client_of(stranger).get(MINE).content.decode()
    assert client_of(stranger).get(helps_url(world)).status_code == 404


def test_a_contributor_given_the_student_may_be_the_mentor(world: Scene) -> None:
    """Duty 16: whoever was given the student in a caseload reaches them, and can be named."""
    helper = make.person(Role.CONTRIBUTOR, student=world.student)
    client_of(world.tutor).post(begin_url(world), typed(helper))
    assert Mentoring.objects.get().mentor == helper
    assert "my own kitchen" in client_of(helper).get(MINE).content.decode()


def test_one_at_a_time_with_the_same_mentor_and_one_of_a_form_sent_twice(world: Scene, teacher: User) -> None:
    """Duty 16."""
    client, form = client_of(world.tutor), typed(teacher)
    client.post(begin_url(world), form)
    client.post(begin_url(world), form)
    assert "already" in client.post(begin_url(world), typed(teacher)).content.decode()
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    assert "From today" in client.post(begin_url(world), typed(world.tutor, since=tomorrow)).content.decode()
    assert Mentoring.objects.count() == 1


def test_the_mentor_says_it_differently_and_a_change_meanwhile_is_not_lost(world: Scene, teacher: User) -> None:
    """Duty 16: strengths found on the way are added by the mentor."""
    one = make.MentoringFactory.create(student=world.student, mentor=teacher)
    client, url = client_of(teacher), reverse("referrals:mentoring-edit", args=[one.pk])
    opened = client.get(url).context["form"].initial["opened_with"]
    new = {"aspiration": one.aspiration, "strengths": "Teaches others.", "opened_with": opened}
    assert client.post(url, new).status_code == 302
    one.refresh_from_db()
    assert one.strengths == "Teaches others."
    assert client.post(url, new | {"strengths": "Something else."}).status_code == 409
    other = make.person(Role.SUBJECT_TEACHER, student=world.student)
    assert client_of(other).get(url).status_code == 404


def test_ended_it_stays_with_what_came_of_it_and_leaves_the_mentors_list(world: Scene, teacher: User) -> None:
    """Duty 16: until; what came of it in words."""
    one = make.MentoringFactory.create(student=world.student, mentor=teacher)
    end = reverse("referrals:mentoring-end", args=[one.pk])
    assert client_of(world.tutor).post(end, {"words": "They got there"}).status_code == 302
    one.refresh_from_db()
    assert (one.until, one.ended_by) == (timezone.localdate(), world.tutor)
    assert "They got there" in client_of(world.tutor).get(helps_url(world)).content.decode()
    assert "You mentor nobody yet" in client_of(teacher).get(MINE).content.decode()
    assert client_of(world.tutor).post(end, {"words": ""}).status_code == 404


def test_a_mentor_who_no_longer_reaches_the_student_sees_nothing_of_them(world: Scene, teacher: User) -> None:
    """Duty 16: sight ends with the role, whatever the row says."""
    make.MentoringFactory.create(student=world.student, mentor=teacher)
    teacher.memberships.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    again = User.objects.get(pk=teacher.pk)
    assert "Okafor" not in client_of(again).get(MINE).content.decode()


def test_postgresql_names_only_who_sees_the_student(world: Scene) -> None:
    """Duty 16: past every view, a mentor who does not see the student is refused."""
    teacher = teacher_of(world)
    stranger = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="7ELM"))
    named = (
        "INSERT INTO referrals_mentoring (id, student_id, mentor_id, submission, since, aspiration, strengths,"
        " set_by_id, created_at, ended_words) VALUES (gen_random_uuid(), %s, %s, gen_random_uuid(), current_date,"
        " 'To cook.', '', %s, now(), '')"
    )
    assert refused(world.tutor, named, world.student.pk, stranger.pk, world.tutor.pk)
    assert refused(teacher, named, world.student.pk, teacher.pk, teacher.pk), "a teacher names nobody"
    assert refused(world.tutor, named, world.student.pk, teacher.pk, teacher.pk), "in another's name"
    assert execute(world.tutor, named, world.student.pk, teacher.pk, world.tutor.pk) == 1


def test_postgresql_begins_no_ended_one_again(world: Scene) -> None:
    """Duty 16: ended, it stays as it was; and nobody ends it in another's name."""
    teacher = teacher_of(world)
    one = make.MentoringFactory.create(student=world.student, mentor=teacher)
    end = "UPDATE referrals_mentoring SET until = current_date, ended_by_id = %s WHERE id = %s"
    assert refused(world.tutor, end, teacher.pk, one.pk)
    assert execute(world.tutor, end, world.tutor.pk, one.pk) == 1
    again = "UPDATE referrals_mentoring SET until = NULL, ended_by_id = NULL WHERE id = %s"
    assert refused(world.tutor, again, one.pk)


def test_the_list_asks_as_often_for_one_as_for_many(world: Scene, teacher: User) -> None:
    """Duty 16."""
    client = client_of(world.tutor)
    make.MentoringFactory.create(student=world.student, mentor=world.tutor)
    asked = []
    for student in (world.classmate, make.student_in(world.group)):
        with CaptureQueriesContext(connection) as found:
            client.get(MINE)
        asked.append(len(found))
        make.MentoringFactory.create(student=student, mentor=world.tutor)
    assert asked[0] == asked[1]
