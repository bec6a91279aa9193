"""Duty 1, one student page and one timeline: referrals, interventions, meetings and the student's own words stand in
the story too, each for whom it is for, and paged by time like the rest.
"""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import House, User
from audit.models import Event
from students.models import Student
from tests import factories as make
from tutoring.sessions.enums import Confidentiality, Kind
from tutoring.sessions.models import Reflection

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make.HouseFactory.create()


@pytest.fixture
def student(house: House) -> Student:
    return make.student_in(make.TutorGroupFactory.create(house=house))


@pytest.fixture
def tutor(student: Student) -> User:
    return make.person(Role.TUTOR, group=student.group_memberships.get().group)


def page(client: Client, user: User, student: Student, query: str = "") -> str:
    """The story alone: what the student wrote last stands in the form beside it too."""
    client.force_login(user)
    answer = client.get(reverse("desk:student-story", args=[student.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode().partition('id="story-title"')[2].partition('class="log-beside"')[0]


def days_ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def a_year_of_help(student: Student, by: User) -> None:
    """One of each; what is private of it is a word that nothing else on the page has."""
    make.ReferralFactory.create(
        student=student, referred_by=by, closed_by=by, closed_on=days_ago(2), status="finished", sent_on=days_ago(40),
        reason="Money-worries", outcome="Debts-settled", feedback="Told the tutor.",
    )  # fmt: skip
    whole = make.InterventionFactory.create(
        lead=by, name="Morning readers", starts_on=days_ago(30), measure="reading age, years"
    )
    member = make.MemberFactory.create(
        intervention=whole, student=student, starts_on=days_ago(28), ends_on=days_ago(1), left_why="Timetable-clash",
        entry=Decimal("9.50"), exit=Decimal("10"), outcome=1, outcome_words="Reads-aloud-now",
    )  # fmt: skip
    for back in (20, 13):
        sitting = make.SittingFactory.create(intervention=whole, held_on=days_ago(back))
        make.DoseFactory.create(meeting=sitting, member=member)
    session = make.TutorSessionFactory.create(
        student=student, author=by, kind=Kind.AGENCY, held_on=days_ago(5), happened="Round-table"
    )
    make.MeetingRecordFactory.create(session=session, decided="Two-mornings", next_on=days_ago(-20))
    written = make.ReflectionFactory.create(student=student, taken_by=by, said=["Double-maths"], wish="Be-on-time")
    Reflection.objects.filter(pk=written.pk).update(written_at=timezone.now() - dt.timedelta(days=3))


def test_everything_that_helps_stands_on_one_timeline(client: Client, tutor: User, student: Student) -> None:
    """Duty 1."""
    a_year_of_help(student, tutor)
    told = page(client, tutor, student)
    order = (
        "Intervention ended: Morning readers", "Reads-aloud-now", "Referral to Early Help closed", "Debts-settled",
        "wrote before a 1:1", "Double-maths", "Be-on-time", "Agency meeting by you", "Round-table", "Two-mornings",
        "1 came: Dele Example, youth worker", "Intervention began: Morning readers", "2 a week of 20 min for 6 weeks",
        "Referred to Early Help", "Money-worries",
    )  # fmt: skip
    assert all(words in told for words in order), [words for words in order if words not in told]
    titles = [told.index(words) for words in (order[0], order[2], order[4], order[7], order[11], order[13])]
    assert titles == sorted(titles)
    assert "came to 2 of 12 planned, 40 of 240 min · reading age, years: 9.5 at entry, 10 at exit" in told
    assert "Left early: Timetable-clash" in told
    for action in ("reflection.opened", "referral.told"):
        assert Event.objects.filter(action=action, object_id=str(student.pk)).count() == 1
    page(client, tutor, student, "?kind=talks")
    assert Event.objects.filter(action="referral.told").count() == 1, "none was told there"


@pytest.mark.parametrize(
    ("kind", "shown", "not_shown"),
    [
        ("own-words", "Double-maths", "Two-mornings"),
        ("meetings", "Two-mornings", "Double-maths"),
        ("interventions", "Reads-aloud-now", "Money-worries"),
        ("referrals", "Money-worries", "Reads-aloud-now"),
    ],
)
def test_each_has_a_filter(
    client: Client, tutor: User, student: Student, kind: str, shown: str, not_shown: str
) -> None:
    a_year_of_help(student, tutor)
    told = page(client, tutor, student, f"?kind={kind}")
    assert shown in told
    assert not_shown not in told
    assert "Two-mornings" not in page(client, tutor, student, "?kind=talks")


def test_those_who_only_teach_or_help_out_are_told_none_of_it(client: Client, tutor: User, student: Student) -> None:
    a_year_of_help(student, tutor)
    group = student.group_memberships.get().group
    people = [make.person(role, group=group) for role in (Role.SUBJECT_TEACHER, Role.CONTRIBUTOR)]
    people += [make.person(role) for role in (Role.NURSE, Role.ATTENDANCE_OFFICER, Role.DATA_MANAGER)]
    for somebody in people:
        told = page(client, somebody, student)
        for words in (
            "Money-worries", "Debts-settled", "Early Help", "Morning readers", "Reads-aloud-now", "Timetable-clash",
            "Round-table", "Two-mornings", "Double-maths", "Be-on-time", "Referrals</a>", "Own words",
        ):  # fmt: skip
            assert words not in told, (somebody.roles, words)


def test_a_meeting_for_named_people_keeps_its_record_too(client: Client, tutor: User, student: Student) -> None:
    session = make.TutorSessionFactory.create(
        student=student, kind=Kind.AGENCY, confidentiality=Confidentiality.NAMED, happened="Round-table"
    )
    make.MeetingRecordFactory.create(session=session, decided="Two-mornings")
    told = page(client, tutor, student)
    assert "Two-mornings" not in told
    assert "Dele Example" not in told


def test_who_runs_an_intervention_without_reading_plans_is_told_of_it(client: Client, student: Student) -> None:
    teacher = make.person(Role.SUBJECT_TEACHER, student=student)
    make.MemberFactory.create(student=student, intervention=make.InterventionFactory.create(lead=teacher))
    assert "Intervention began: Morning readers" in page(client, teacher, student)


def test_an_open_referral_says_how_late_the_reply_is(client: Client, tutor: User, student: Student) -> None:
    make.ReferralFactory.create(student=student, referred_by=tutor, expected_by=days_ago(4))
    assert "Sent, reply 4 days late" in page(client, tutor, student)


def test_they_are_paged_by_time_like_the_rest(client: Client, tutor: User, student: Student) -> None:
    """Nothing twice, nothing left out, whatever the kinds of entries a page ends between."""
    for back in range(0, 80, 2):
        make.TutorSessionFactory.create(student=student, author=tutor, held_on=days_ago(back))
        make.ReferralFactory.create(student=student, referred_by=tutor, sent_on=days_ago(back))
        written = make.ReflectionFactory.create(student=student, taken_by=tutor)
        Reflection.objects.filter(pk=written.pk).update(written_at=timezone.now() - dt.timedelta(days=back))
    client.force_login(tutor)
    seen: list[tuple[str, object]] = []
    query, pages = "", 0
    while True:
        story = client.get(reverse("desk:student-story", args=[student.pk]) + query).context["story"]
        seen += [("opens", e.opens) if e.opens else ("said", (e.session or e.reflection).pk) for e in story.entries]
        pages += 1
        if story.earlier is None:
            break
        query = f"?before={story.earlier:%Y-%m-%d}"
    assert len(seen) == len(set(seen)) == 120
    assert pages >= 4
