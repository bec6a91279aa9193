"""Today: greeting, date line, and that each number opens exactly the rows it counts."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from students.models import Student
from tests import factories as make
from tutoring.attendance.models import Mark
from tutoring.desk.calendar import Calendar, calendar_of
from tutoring.desk.scopes import Scope
from tutoring.desk.today import date_line, greeting
from tutoring.groups.models import TutorGroup

pytestmark = pytest.mark.django_db


def calendar(today: dt.date) -> Calendar:
    term = make.TermFactory.create()
    make.ClosureFactory.create(school=term.school)
    return calendar_of(term.school, today)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (dt.date(2026, 11, 24), "Tuesday 24 November · 4 weeks left of the autumn term"),
        (
            dt.date(2026, 11, 22),
            "Sunday 22 November · no school today, back tomorrow · 4 weeks left of the autumn term",
        ),
        (
            dt.date(2026, 11, 27),
            "Friday 27 November · no school today (INSET day), back on Monday 30 November"
            " · 3 weeks left of the autumn term",
        ),
        (dt.date(2026, 12, 25), "Friday 25 December · no school today"),
    ],
)
def test_the_date_line(today: dt.date, words: str) -> None:
    assert date_line(calendar(today), Scope("mine", "My students", Student.objects.none), []) == words


def test_half_terms_and_school_weeks() -> None:
    known = calendar(dt.date(2026, 11, 24))
    assert known.half_term_start == dt.date(2026, 10, 31)
    assert known.school_weeks_back(5) == dt.date(2026, 10, 19)
    assert known.last_school_day == dt.date(2026, 11, 24)
    assert calendar_of(known.terms[0].school, dt.date(2026, 9, 20)).half_term_start == dt.date(2026, 9, 3)


@pytest.mark.parametrize(("hour", "words"), [(8, "Good morning"), (12, "Good afternoon"), (19, "Good evening")])
def test_the_greeting(hour: int, words: str) -> None:
    assert greeting(dt.datetime(2026, 11, 24, hour, tzinfo=dt.UTC)) == words


@pytest.fixture
def group() -> TutorGroup:
    make.TermFactory.create(starts_on=timezone.localdate() - dt.timedelta(days=80), ends_on=timezone.localdate())
    return make.TutorGroupFactory.create()


def marks(student: Student, absent: int, possible: int) -> None:
    """So many of the latest possible sessions missed."""
    days = [timezone.localdate() - dt.timedelta(days=n) for n in range(possible // 2)]
    rows = [(day, session) for day in days for session in ("AM", "PM")]
    Mark.objects.bulk_create(
        Mark(student=student, date=d, session=s, code="O" if n < absent else "/") for n, (d, s) in enumerate(rows)
    )


def test_every_number_opens_the_rows_it_counts(client: Client, group: TutorGroup) -> None:
    seen, unseen, absent = (make.student_in(group) for _ in range(3))
    tutor = make.person(Role.TUTOR, group=group)
    today = timezone.localdate()
    session = make.TutorSessionFactory.create(student=seen, author=tutor, held_on=today)
    make.NextStepFactory.create(session=session, due_on=today - dt.timedelta(days=3))
    for student, number in ((seen, 0), (unseen, 5), (absent, 6)):
        marks(student, number, 60)
    client.force_login(tutor)
    numbers = {n.label: n for n in client.get(reverse("desk:today")).context["numbers"]}
    assert (numbers["Seen 1:1 this term"].big, numbers["Seen 1:1 this term"].small) == ("1", "of 3")
    standing = client.get(numbers.pop("Seen 1:1 this term").url).context["rows"]
    assert {student: word for student, _, word, _ in standing} == {seen: "seen", unseen: "not_yet", absent: "not_yet"}
    rows = {label: [row.student for row in client.get(number.url).context["rows"]] for label, number in numbers.items()}
    assert numbers["Persistently absent"].big == "1"
    assert rows["Persistently absent"] == [absent]
    assert numbers["Steps due this week"].sub == "1 overdue"
    assert rows["Steps due this week"] == [seen]
    assert rows["Attendance this half term"] == [absent, unseen, seen]


def test_a_step_is_done_with_one_tap_and_leaves_the_list(client: Client, group: TutorGroup) -> None:
    student, tutor = make.student_in(group), make.person(Role.TUTOR, group=group)
    session = make.TutorSessionFactory.create(student=student, author=tutor)
    step = make.NextStepFactory.create(session=session, due_on=timezone.localdate(), text="Ring home")
    client.force_login(tutor)
    assert "Ring home" in client.get(reverse("desk:today")).content.decode()
    client.post(reverse("tutor_sessions:step-done", args=[step.pk]), {"next": "/"})
    assert client.get(reverse("desk:today")).context["due"] == []


def test_a_whole_school_sees_no_order_of_students_and_only_its_own_steps(client: Client, group: TutorGroup) -> None:
    student, tutor = make.student_in(group), make.person(Role.TUTOR, group=group)
    session = make.TutorSessionFactory.create(student=student, author=tutor)
    make.NextStepFactory.create(session=session, due_on=timezone.localdate())
    client.force_login(make.person(Role.HEADTEACHER))
    page = client.get(reverse("desk:today"))
    assert page.context["scope"].label == "The whole school"
    assert "needs" not in page.context
    assert page.context["due"] == []


@pytest.mark.parametrize(
    ("role", "doors"),
    [
        (Role.DATA_MANAGER, {"exchange:run-list", "reports:run-list"}),
        (Role.SENCO, {"reports:house-dashboard", "reports:needs-list", "reports:run-list"}),
        (Role.ATTENDANCE_OFFICER, set()),
    ],
)
def test_each_role_finds_the_doors_to_its_own_work(client: Client, role: Role, doors: set[str]) -> None:
    make.TermFactory.create()
    client.force_login(make.person(role))
    page = client.get("/").content.decode().partition("Where else to begin")[2]
    rooms = ("exchange:run-list", "reports:run-list", "reports:house-dashboard", "reports:needs-list")
    assert {name for name in rooms if f'href="{reverse(name)}"' in page} == doors


@pytest.mark.parametrize("role", Role)
def test_whoever_has_no_students_yet_has_a_today_too(client: Client, role: Role) -> None:
    """A tutor's first morning: in no group so far."""
    client.force_login(make.person(role))
    assert client.get("/").status_code == 200


def test_whatever_is_due_can_be_opened_on_the_page_itself() -> None:
    """Also what no list of students knows of, as a referral: the eight most pressing stand open, the rest folds out."""
    group = make.TutorGroupFactory.create()
    tutor = make.person(Role.TUTOR, group=group)
    student = make.student_in(group)
    for _ in range(7):
        make.NextStepFactory.create(session__student=student, session__author=tutor, due_on=timezone.localdate())
    for _ in range(3):
        make.ReferralFactory.create(student=student, referred_by=tutor, expected_by=timezone.localdate())
    client = Client()
    client.force_login(tutor)
    page = client.get(reverse("desk:today"))
    assert (len(page.context["due"]), len(page.context["more_due"])) == (8, 2)
    assert "2 more</summary>" in page.content.decode()
    assert page.content.decode().count("A reply is expected") == 3
