"""The page "This term" and the three names on Today (duty 10, delight 1; heads see groups, duty 118)."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from tests import factories as make
from tutoring.attendance.models import Mark
from tutoring.diary.enums import State
from tutoring.groups.models import TutorGroup
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import Exemption

pytestmark = pytest.mark.django_db
PAGE = "/this-term/"


@pytest.fixture
def group() -> TutorGroup:
    today = timezone.localdate()
    make.TermFactory.create(
        starts_on=today - dt.timedelta(days=30),
        ends_on=today + dt.timedelta(days=30),
        break_starts_on=None,
        break_ends_on=None,
    )
    return make.TutorGroupFactory.create(house=make.HouseFactory.create())


@pytest.fixture
def tutor(group: TutorGroup) -> User:
    return make.person(Role.TUTOR, group=group, last_name="Quill")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def standings(client: Client, address: str = PAGE) -> dict[str, str]:
    return {s.preferred_forename: standing.words for s, _, standing, _to_book in client.get(address).context["rows"]}


def test_each_student_of_my_group_stands_where_they_stand(group: TutorGroup, tutor: User) -> None:
    today = timezone.localdate()
    names = ("Ada", "Ben", "Cy", "Dot", "Eve", "Fay")
    ada, ben, cy, dot, eve, _ = (make.student_in(group, legal_forename=name) for name in names)
    make.TutorSessionFactory.create(student=ada, held_on=today, confidentiality="named")  # its day counts
    make.TutorSessionFactory.create(student=ben, held_on=today, kind=Kind.CALL_HOME)  # a call is not being seen
    make.AppointmentFactory.create(student=ben, staff=tutor, day=today + dt.timedelta(days=3))
    make.AppointmentFactory.create(student=cy, staff=tutor, day=today, state=State.MISSED, reason="Forgot")
    make.AppointmentFactory.create(student=dot, staff=tutor, day=today, state=State.REFUSED, reason="Busy")
    make.ExemptionFactory.create(student=eve)
    client = signed_in(tutor)
    assert standings(client) == {
        "Ada": "Seen", "Ben": "Booked", "Cy": "Missed it", "Dot": "Refused", "Eve": "Exempt", "Fay": "Not yet",
    }  # fmt: skip
    assert "1 of 5 seen" in " ".join(client.get(PAGE).content.decode().split())


def test_the_next_three_stand_on_today_with_their_reasons_and_nobody_marked_away(
    group: TutorGroup, tutor: User
) -> None:
    today = timezone.localdate()
    away, here = (make.student_in(group, legal_forename=name) for name in ("Away", "Here"))
    Mark.objects.create(student=away, date=today, session="AM", code="I")
    Mark.objects.create(student=here, date=today, session="AM", code="/")
    shown = {s.preferred_forename: why.sentence for s, why in signed_in(tutor).get("/").context["next_to_see"]}
    assert shown == {"Here": "No 1:1 in the last year, quiet: nothing noted by anybody for weeks, in today"}


def test_a_head_sees_groups_by_name_and_opens_one(group: TutorGroup, tutor: User) -> None:
    other = make.TutorGroupFactory.create(name="10BEC", year_group=10, house=group.house)
    make.TutorSessionFactory.create(student=make.student_in(group), held_on=timezone.localdate())
    make.student_in(group)
    make.student_in(other, legal_forename="Zed")
    head = signed_in(make.person(Role.HEAD_OF_HOUSE, house=group.house))
    groups = head.get(PAGE).context["groups"]
    assert [(g.name, g.clock.seen, g.clock.entitled) for g in groups] == [("10BEC", 0, 1), ("11BEC", 1, 2)]
    assert standings(head, f"{PAGE}?group={other.pk}") == {"Zed": "Not yet"}
    assert tutor.last_name not in head.get(PAGE).content.decode()


def test_the_page_asks_the_same_for_two_students_and_for_ten(group: TutorGroup, tutor: User) -> None:
    client = signed_in(tutor)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as said:
            assert client.get(PAGE).status_code == 200
        return len(said)

    for _ in range(2):
        make.student_in(group)
    few = queries()
    for _ in range(8):
        student = make.student_in(group)
        make.AppointmentFactory.create(
            student=student, staff=tutor, day=timezone.localdate(), starts_at=None or dt.time(9, _)
        )
        make.TutorSessionFactory.create(student=student, held_on=timezone.localdate())
        make.ExemptionFactory.create(student=make.student_in(group))
    assert queries() == few


def test_the_rule_is_the_schools(group: TutorGroup, tutor: User) -> None:
    student = make.student_in(group, legal_forename="Ada", year_group=11)
    make.student_in(group, legal_forename="Ben", year_group=12)
    make.TutorSessionFactory.create(student=student, held_on=timezone.localdate())
    manager = signed_in(make.person(Role.DATA_MANAGER))
    url = reverse("tutor_sessions:entitlement-edit")
    assert manager.post(url, {"per_term": "2", "exempt_years": ["12"]}).status_code == 302
    assert standings(signed_in(tutor)) == {"Ada": "Not yet", "Ben": "Exempt"}
    assert (
        "at least" in manager.post(url, {"per_term": "0"}).content.decode()
        or "greater" in manager.post(url, {"per_term": "0"}).content.decode()
    )


def test_a_head_leaves_somebody_out_says_why_and_takes_them_back(group: TutorGroup, tutor: User) -> None:
    student = make.student_in(group, legal_forename="Ada")
    head = signed_in(make.person(Role.HEAD_OF_HOUSE, house=group.house))
    url = reverse("tutor_sessions:exemption-edit", args=[student.pk])
    assert "This field is required" in head.post(url, {"reason": ""}).content.decode()
    answer = head.post(url, {"reason": "Sees the counsellor.", "next": PAGE})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert Exemption.objects.get().reason == "Sees the counsellor."
    assert standings(signed_in(tutor)) == {"Ada": "Exempt"}
    assert signed_in(tutor).get(url).status_code == 403
    assert head.post(url, {"remove": "1"}).status_code == 302
    assert standings(signed_in(tutor)) == {"Ada": "Not yet"}
    lines = Event.objects.filter(student_id=student.pk).order_by("at")
    assert list(lines.values_list("action", flat=True)) == ["student.exempted", "student.entitled"]
