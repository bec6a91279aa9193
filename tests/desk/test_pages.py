"""Every desk page answers for every role that may open it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from tests import factories as make
from tutoring.desk.priorities import RULES

PAGES = ["story", "attendance", "progress", "behaviour", "family", "support"]


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_today_and_the_list_answer_everybody(client: Client, role: Role) -> None:
    house = make.HouseFactory.create()
    group = make.TutorGroupFactory.create(house=house)
    student = make.student_in(group)
    make.MarkFactory.create(student=student)
    client.force_login(make.person(role, group=group, house=house, year_group=11))
    for name in ("today", "student-list", "find", "priority-order"):
        # The chair of governors knows no student.
        refused = role is Role.CHAIR and name in ("student-list", "find")
        assert client.get(reverse(f"desk:{name}")).status_code == (403 if refused else 200), name
    opened = {
        name for name in PAGES if client.get(reverse(f"desk:student-{name}", args=[student.pk])).status_code == 200
    }
    assert ("story" in opened) == (role is not Role.CHAIR)
    if role == Role.CONTRIBUTOR:
        assert opened == {"story"}


@pytest.mark.django_db
def test_every_code_of_the_register_is_explained_beneath_it(client: Client) -> None:
    group = make.TutorGroupFactory.create()
    student = make.student_in(group)
    make.TermFactory.create()
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday() + 7)
    for days, session, code in [(0, "AM", "U"), (0, "PM", "\\"), (1, "AM", "L")]:
        make.MarkFactory.create(student=student, date=monday + dt.timedelta(days=days), session=session, code=code)
    client.force_login(make.person(Role.TUTOR, group=group))
    page = client.get(reverse("desk:student-attendance", args=[student.pk])).content.decode()
    key = page.partition('class="marks-key"')[2].partition("</p>")[0]
    assert "Arrived after the register closed (unauthorised absence)" in key
    assert "Present (afternoon)" in key
    assert "Late, before the register closed" in key
    assert "Present (morning)" not in key


@pytest.mark.django_db
def test_the_list_is_called_what_it_holds(client: Client) -> None:
    """My students are those one tutors; the head sees the whole school, and no two entries of the menu say the same."""
    group = make.TutorGroupFactory.create()
    for role, title in [(Role.TUTOR, "My students"), (Role.HEADTEACHER, "The whole school")]:
        client.force_login(make.person(role, group=group if role == Role.TUTOR else None))
        assert f"<title>{title}" in client.get(reverse("desk:student-list")).content.decode()


def test_each_reason_for_the_order_stands_by_itself() -> None:
    for rule in RULES.values():
        assert not {"same", "them", "these"} & set(rule.words.lower().replace(":", "").split()), rule.words
