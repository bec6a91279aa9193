"""Duties 5, 8: who manages whom, several at a time, dated, in no circle; named by whoever manages the staff."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.lines import people_managed_by
from accounts.models import LineManager, User
from audit.models import Event
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import client_of
from tutoring.groups.selectors import students_visible_to

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def office() -> User:
    return make.person(Role.DATA_MANAGER, last_name="Office")


def coach(name: str = "Coach", role: Role = Role.ONE_TO_ONE_TUTOR, **fields: Any) -> User:
    return make.person(role, first_name="Noor", last_name=name, **fields)


def name(by: User, person: User, manager: User, first: int = 0, last: int | None = None) -> Any:
    form = {
        "manager": str(manager.pk), "starts_on": (localdate() + first * DAY).isoformat(),
        "ends_on": "" if last is None else (localdate() + last * DAY).isoformat(),
    }  # fmt: skip
    return client_of(by).post(reverse("groups:line-name", args=[person.pk]), form)


def end(by: User, line: LineManager, last: int, then: str = "end") -> HttpResponse:
    form = {"last_day": (localdate() + last * DAY).isoformat(), "then": then}
    return client_of(by).post(reverse("groups:line-end", args=[line.person_id, line.pk]), form)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def page(by: User, person: User) -> str:
    return words(client_of(by).get(reverse("groups:staff-member", args=[person.pk])))


def managed(manager: User) -> list[User]:
    return list(people_managed_by(User.objects.get(pk=manager.pk)))


def test_several_are_named_and_both_pages_say_so(office: User) -> None:
    tutor, senco, head = coach(), coach("Senco", Role.SENCO), coach("Head", Role.HEADTEACHER)
    assert name(office, tutor, senco).status_code == 302
    assert name(head, tutor, head, last=30).status_code == 302
    assert (managed(senco), managed(head)) == ([tutor], [tutor])
    said = page(office, tutor)
    assert said.index("Line managers") < said.index("Noor Head") < said.index("Noor Senco")
    said = page(office, senco)
    assert said.index("Manages") < said.index("Noor Coach")
    event = Event.objects.filter(action="line.named").earliest("at")
    assert (event.detail["person"], event.detail["manager"]) == (str(tutor.pk), str(senco.pk))


def test_it_opens_no_student_to_the_manager(office: User) -> None:
    """Decision 0016: who may read comes from roles alone."""
    student = make.StudentFactory.create()
    tutor, colleague = coach(student=student), coach("Other", Role.SUBJECT_TEACHER)
    name(office, tutor, colleague)
    assert managed(colleague) == [tutor]
    assert not students_visible_to(User.objects.get(pk=colleague.pk)).exists()


def test_from_the_first_day_to_the_last(office: User) -> None:
    tutor, senco = coach(), coach("Senco", Role.SENCO)
    name(office, tutor, senco, first=1, last=3)
    assert managed(senco) == []
    LineManager.objects.update(starts_on=localdate())
    assert managed(senco) == [tutor]
    LineManager.objects.update(starts_on=localdate() - 3 * DAY, ends_on=localdate() - DAY)
    assert managed(senco) == []


def test_a_deputy_has_the_line_of_whom_they_stand_in_for(office: User) -> None:
    tutor, senco = coach(), coach("Senco", Role.SENCO)
    make.LineManagerFactory.create(person=tutor, manager=senco)
    deputy = make.cover_of(senco).user
    assert managed(deputy) == [tutor]


def test_sent_twice_it_is_done_once_and_days_do_not_overlap(office: User) -> None:
    tutor, senco = coach(), coach("Senco", Role.SENCO)
    for _ in range(2):
        assert name(office, tutor, senco).status_code == 302
    assert LineManager.objects.count() == Event.objects.filter(action="line.named").count() == 1
    assert "on these days already" in words(name(office, tutor, senco, first=2, last=9))


def test_nobody_is_their_own_and_nothing_is_dated_back(office: User) -> None:
    tutor, senco = coach(), coach("Senco", Role.SENCO)
    assert "not one of the available choices" in words(name(office, tutor, tutor))
    assert "Today or later" in words(name(office, tutor, senco, first=-1))
    school = tutor.school
    with acting_as(Actor(user_id=office.pk)):
        for manager, day in ((tutor, localdate()), (senco, localdate() - DAY)):
            with pytest.raises(DatabaseError), transaction.atomic():
                LineManager.objects.create(school=school, person=tutor, manager=manager, starts_on=day)
    assert not LineManager.objects.exists()


def test_a_circle_is_refused_in_words(office: User) -> None:
    """Also through others, and only where the days meet."""
    one, two, three = (coach(last) for last in ("One", "Two", "Three"))
    name(office, one, two)
    name(office, two, three, last=5)
    answer = name(office, three, one)
    assert "Noor Three manages Noor One, perhaps through others" in words(answer)
    assert name(office, three, one, first=6).status_code == 302


def test_no_circle_past_the_page() -> None:
    one, two = coach("One"), coach("Two")
    make.LineManagerFactory.create(person=one, manager=two)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.LineManagerFactory.create(person=two, manager=one)
    stranger = make.UserFactory.create(school=make.SchoolFactory.create(name="Elsewhere"))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.LineManagerFactory.create(person=one, manager=stranger)


def test_a_line_is_not_put_off_into_a_circle() -> None:
    one, two = coach("One"), coach("Two")
    line = make.LineManagerFactory.create(person=one, manager=two, ends_on=localdate())
    make.LineManagerFactory.create(person=two, manager=one, starts_on=localdate() + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        LineManager.objects.filter(pk=line.pk).update(ends_on=None)


def test_it_is_ended_on_a_day_and_a_mistake_goes_at_once(office: User) -> None:
    tutor, senco, head = coach(), coach("Senco", Role.SENCO), coach("Head", Role.HEADTEACHER)
    name(office, tutor, senco)
    name(office, tutor, head)
    kept, mistake = (LineManager.objects.get(manager=one) for one in (senco, head))
    for _ in range(2):
        assert end(office, kept, 2).status_code == 302
    kept.refresh_from_db()
    assert kept.ends_on == localdate() + 2 * DAY
    assert Event.objects.filter(action="line.ended").count() == 1
    end(office, mistake, 0, then="remove")
    assert not LineManager.objects.filter(pk=mistake.pk).exists()
    LineManager.objects.update(starts_on=localdate() - DAY)
    end(office, kept, 0, then="remove")
    assert LineManager.objects.filter(pk=kept.pk).exists()


def test_only_whoever_manages_the_staff_says_it(office: User) -> None:
    tutor, senco = coach(), coach("Senco", Role.SENCO)
    line = make.LineManagerFactory.create(person=tutor, manager=senco)
    assert name(senco, tutor, coach("Two")).status_code == 403
    assert end(senco, line, 0).status_code == 403
    with acting_as(Actor(user_id=senco.pk)):
        assert LineManager.objects.filter(pk=line.pk).update(ends_on=localdate()) == 0
    stranger = make.person(Role.DATA_MANAGER, school=make.SchoolFactory.create(name="Elsewhere"))
    assert end(stranger, line, 0).status_code == 404
