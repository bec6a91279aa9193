"""Single students (duty 8): given by a page, seen from the day until the day, and by nobody to themselves."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.groups.models import CaseloadEntry
from tutoring.groups.selectors import students_visible_to

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def world() -> Scene:
    return scene()


def coach(role: Role = Role.ONE_TO_ONE_TUTOR, **fields: Any) -> User:
    return make.person(role, **{"first_name": "Noor", "last_name": "Coach"} | fields)


def head_of(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=world.group.house)


def page_of(user: User) -> str:
    return reverse("groups:single-students", args=[user.memberships.order_by("pk")[0].pk])


def give(by: User, to: User, *students: Student, first: int = 0, last: int | None = None, then: str = "give") -> Any:
    """`by` fills the form in; days are counted from today."""
    form = {
        "students": [str(student.pk) for student in students], "first_day": (localdate() + first * DAY).isoformat(),
        "last_day": "" if last is None else (localdate() + last * DAY).isoformat(), "then": then,
    }  # fmt: skip
    return client_of(by).post(page_of(to), form)


def end(by: User, entry: CaseloadEntry, last: int, then: str = "end") -> HttpResponse:
    form = {"last_day": (localdate() + last * DAY).isoformat(), "then": then}
    return client_of(by).post(reverse("groups:single-end", args=[entry.pk]), form)


def words(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def seen_by(user: User) -> set[Student]:
    return set(students_visible_to(User.objects.get(pk=user.pk)))


def story(user: User, student: Student) -> int:
    return client_of(user).get(reverse("desk:student-story", args=[student.pk])).status_code


def test_a_one_to_one_tutor_sees_exactly_whom_they_were_given_from_the_day_until_the_day(world: Scene) -> None:
    """Duty 8: student by student, through the page; the classmate stays out of sight."""
    tutor, head = coach(), head_of(world)
    assert story(tutor, world.student) == 404
    assert give(head, tutor, world.student, first=1, last=3).status_code == 302
    assert not seen_by(tutor)  # not before the day
    CaseloadEntry.objects.update(starts_on=localdate())
    assert seen_by(tutor) == {world.student}
    assert (story(tutor, world.student), story(tutor, world.classmate)) == (200, 404)
    listed = client_of(tutor).get(reverse("desk:student-list")).content.decode()
    assert "Okafor" in listed
    assert "Wren" not in listed
    CaseloadEntry.objects.update(starts_on=localdate() - 3 * DAY, ends_on=localdate() - DAY)
    assert not seen_by(tutor)  # not after it
    assert story(tutor, world.student) == 404
    event = Event.objects.get(action="caseload.given")
    assert (event.student_id, event.detail["person"]) == (world.student.pk, str(tutor.pk))


@pytest.mark.parametrize("role", [Role.SUBJECT_TEACHER, Role.CONTRIBUTOR, Role.TUTOR])
def test_teachers_contributors_and_tutors_are_given_students_too(world: Scene, role: Role) -> None:
    """Duties 7, 9: who teaches or contributes sees somebody at all."""
    colleague = coach(role)
    assert give(head_of(world), colleague, world.student, world.classmate).status_code == 302
    assert seen_by(colleague) == {world.student, world.classmate}


def test_the_preview_says_whom_and_what_they_see_and_changes_nothing(world: Scene) -> None:
    """Duty 9: a contributor is not told what a 1:1 tutor is, and the page says so before it is done."""
    said = words(give(head_of(world), coach(Role.CONTRIBUTOR), world.student, last=9, then="preview"))
    assert "Jamal Okafor" in said
    shut = said.index("Not by this role")
    assert said.index("open a student’s page") < shut < said.index("see who is at home")
    said = words(give(head_of(world), coach(), world.student, then="preview"))
    assert said.index("see who is at home")
    assert not CaseloadEntry.objects.exists()


def test_a_name_is_looked_for_and_whoever_is_ticked_stays(world: Scene) -> None:
    answer = client_of(head_of(world)).post(
        page_of(coach()), {"q": "wren", "students": [str(world.student.pk)], "then": "find"}
    )
    assert answer.context["offered"] == [(world.student, True), (world.classmate, False)]


def test_sent_twice_it_is_done_once_and_days_do_not_overlap(world: Scene) -> None:
    head, tutor = head_of(world), coach()
    for _ in range(2):
        assert give(head, tutor, world.student).status_code == 302
    assert Event.objects.filter(action="caseload.given").count() == CaseloadEntry.objects.count() == 1
    again = give(head, tutor, world.student, world.classmate, first=2, last=4)
    assert again.status_code == 409
    assert "has on these days already: Jamal Okafor" in words(again)
    assert CaseloadEntry.objects.count() == 1


def test_nothing_is_dated_back(world: Scene) -> None:
    head, tutor = head_of(world), coach()
    assert "Today or later" in words(give(head, tutor, world.student, first=-1))
    with acting_as(Actor(user_id=head.pk)), pytest.raises(DatabaseError), transaction.atomic():
        CaseloadEntry.objects.create(
            membership=tutor.memberships.get(), student=world.student, starts_on=localdate() - DAY
        )


def test_a_student_is_ended_on_a_day_and_a_mistake_goes_at_once(world: Scene) -> None:
    """Duty 8: until the day; the history keeps both."""
    head, tutor = head_of(world), coach()
    give(head, tutor, world.student, world.classmate)
    kept, mistake = (CaseloadEntry.objects.get(student=one) for one in (world.student, world.classmate))
    end(head, kept, -1)
    kept.refresh_from_db()
    assert kept.ends_on is None
    for _ in range(2):
        assert end(head, kept, 2).status_code == 302
    kept.refresh_from_db()
    assert kept.ends_on == localdate() + 2 * DAY
    assert Event.objects.filter(action="caseload.ended").count() == 1
    end(head, mistake, 0, then="remove")
    assert seen_by(tutor) == {world.student}
    assert Event.objects.get(action="caseload.removed").student_id == world.classmate.pk
    CaseloadEntry.objects.update(starts_on=localdate() - DAY)
    end(head, kept, 0, then="remove")
    assert CaseloadEntry.objects.filter(pk=kept.pk).exists()
    assert end(head, mistake, 0).status_code == 404


def test_nobody_gives_themselves_students_by_the_page_or_past_it(world: Scene) -> None:
    """Also not to whom they stand in for; not even whoever manages the staff, or leads the student."""
    head, manager, away = head_of(world), make.person(Role.DATA_MANAGER), coach()
    for user in (head, manager):
        own = make.MembershipFactory.create(user=user, role=Role.ONE_TO_ONE_TUTOR)
        theirs = away.memberships.get()
        days = {"stands_in_for": theirs, "ends_on": localdate() + DAY}
        lent = make.MembershipFactory.create(user=user, role=Role.ONE_TO_ONE_TUTOR, **days)
        for held in (own, theirs):
            url = reverse("groups:single-students", args=[held.pk])
            assert "Nobody gives students to themselves" in words(client_of(user).get(url))
            form = {"students": [str(world.student.pk)], "first_day": localdate().isoformat(), "then": "give"}
            assert client_of(user).post(url, form).status_code == 409
            assert refused(user, held, world.student)
        lent.delete()
    assert not CaseloadEntry.objects.exists()


def refused(who: User, to: Membership, student: Student) -> bool:
    """Whether PostgreSQL keeps this person from giving the student."""
    try:
        with acting_as(Actor(user_id=who.pk)), transaction.atomic():
            CaseloadEntry.objects.create(membership=to, student=student)
    except DatabaseError:
        return True
    return False


def test_an_end_of_ones_own_is_not_put_off(world: Scene) -> None:
    """Whoever brings in the school's data may end caseloads with a new year, and still not have anybody longer."""
    manager = make.person(Role.DATA_MANAGER)
    own = make.MembershipFactory.create(user=manager, role=Role.ONE_TO_ONE_TUTOR)
    entry = make.CaseloadEntryFactory.create(membership=own, student=world.student, ends_on=localdate() + DAY)
    rows = CaseloadEntry.objects.filter(pk=entry.pk)
    with acting_as(Actor(user_id=manager.pk)):
        for later in (None, localdate() + 9 * DAY):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(ends_on=later)
        assert rows.update(ends_on=localdate()) == 1


def test_a_head_gives_only_whom_they_lead_and_tutors_nobody(world: Scene) -> None:
    """Whoever manages the staff gives anybody of the school; nobody gives to a colleague of another."""
    elsewhere = make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Curie"))
    held = coach().memberships.get()
    assert "not one of the available choices" in words(give(elsewhere, held.user, world.student))
    assert refused(elsewhere, held, world.student)
    assert client_of(world.tutor).get(page_of(held.user)).status_code == 403
    assert refused(world.tutor, held, world.student)
    stranger = make.person(Role.ONE_TO_ONE_TUTOR, school=make.SchoolFactory.create(name="Elsewhere"))
    assert client_of(head_of(world)).get(page_of(stranger)).status_code == 404
    assert refused(head_of(world), stranger.memberships.get(), world.student)
    leader = make.person(Role.HEADTEACHER)
    assert refused(head_of(world), leader.memberships.get(), world.student)
    assert give(make.person(Role.DATA_MANAGER), held.user, world.student).status_code == 302


def test_whoever_only_sees_the_student_ends_nothing(world: Scene) -> None:
    """A head who also teaches the child of another house sees the entry, and cannot end it."""
    tutor = coach(student=world.student)
    elsewhere = make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Curie"))
    teaches = make.MembershipFactory.create(user=elsewhere, role=Role.SUBJECT_TEACHER)
    make.CaseloadEntryFactory.create(membership=teaches, student=world.student)
    assert "End<" not in client_of(elsewhere).get(page_of(tutor)).content.decode()
    end(elsewhere, tutor.memberships.get().caseload.get(), 0)
    assert tutor.memberships.get().caseload.get().ends_on is None
