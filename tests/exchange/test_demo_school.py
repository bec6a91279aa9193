"""The invented school: the same for the same seed, true to the rules of a real one, its stories in step with it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import F
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from accounts.enums import Role
from accounts.models import Membership, School, User
from accounts.permissions import Permission
from core.acting import Actor, acting_as
from exchange.demo_school.school import SchoolExists, make_school
from exchange.demo_school.school_year import calendar_around, easter
from exchange.upn import check_letter, is_well_formed
from safeguarding.enums import Status
from safeguarding.investigations.models import Investigation
from safeguarding.investigations.sealing import cipher_of as cipher_of_investigation
from safeguarding.investigations.statements import statements_of
from safeguarding.keys import cipher_of
from safeguarding.models import Concern, LeadAlert
from safeguarding.restraint.models import Incident
from safeguarding.restraint.sealing import cipher_of_pupil
from safeguarding.retention.models import Hold
from safeguarding.transfer.models import Transfer
from safeguarding.transfer.selectors import destination_of
from students.models import Contact, Student
from students.selectors import school_days, students_on_roll, year_start
from tutoring.attendance.models import Code, Mark
from tutoring.attendance.selectors import figure_of
from tutoring.diary.models import Appointment, Slot
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.followup.models import Alert, Warning
from tutoring.groups.models import GroupMembership, TutorAssignment
from tutoring.groups.selectors import students_of_group, students_visible_to
from tutoring.handover.enums import State
from tutoring.handover.models import Handover
from tutoring.interventions.models import Intervention
from tutoring.plans.models import ActionPlan, HabitCheck, PlanStep
from tutoring.progress.models import Assessment, BehaviourEvent, TermComment
from tutoring.referrals.models import AgencyContact, Mentoring, Referral, ReferralNote
from tutoring.roundrobin.models import Ask
from tutoring.sessions.enums import HOME_KINDS, Kind, Owner, Tone, Topic
from tutoring.sessions.models import HomeContact, HomeMessage, NextStep, Reflection, TutorSession
from tutoring.strategies.models import OwnWords, StrategyCard, TeamPart
from tutoring.tutorials.models import Meeting, Presence, Series
from tutoring.visits.models import HomeVisit
from tutoring.watch.models import Watch

TODAY = dt.date(2026, 11, 22)
LAST_DAY = dt.date(2026, 11, 20)
STUDENTS = 130
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(dt.datetime(2026, 11, 22, 9, 0))]


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[School]:
    """One school for all the tests that only look at it; gone when they have looked."""
    with django_db_blocker.unblock(), time_machine.travel(dt.datetime(2026, 11, 22, 9, 0)), transaction.atomic():
        make_school(name="Northgate School", students=STUDENTS, seed=1, today=TODAY)
        yield School.objects.get(name="Northgate School")
        transaction.set_rollback(True)


@pytest.fixture
def school(made: School, db: None) -> School:
    return made


def _everything(name: str) -> list[list[tuple[Any, ...]]]:
    """All rows of the school that do not depend on how passwords are stored."""
    of_school, of_student = {"school__name": name}, {"student__school__name": name}
    return [
        sorted(map(repr, Student.objects.filter(**of_school).values_list())),
        sorted(map(repr, Mark.objects.filter(**of_student).values_list())),
        sorted(map(repr, Assessment.objects.filter(**of_student).values_list())),
        sorted(map(repr, BehaviourEvent.objects.filter(**of_student).values_list())),
        sorted(map(repr, TutorSession.objects.filter(**of_student).values_list())),
        sorted(map(repr, NextStep.objects.filter(**of_student).values_list())),
        sorted(map(repr, PlanStep.objects.filter(**of_student).values_list())),
        sorted(map(repr, TermComment.objects.filter(**of_student).values_list())),
    ]  # type: ignore[list-item]


def _make(seed: int) -> list[list[tuple[Any, ...]]]:
    with transaction.atomic():
        make_school(name="Elsewhere School", students=25, seed=seed, today=TODAY)
        rows = _everything("Elsewhere School")
        transaction.set_rollback(True)
    return rows


def test_the_same_seed_makes_the_same_school_to_the_last_key() -> None:
    assert _make(7) == _make(7)


def test_another_seed_makes_other_people() -> None:
    assert _make(7)[0] != _make(8)[0]


def test_it_refuses_where_the_school_is_there_already(school: School) -> None:
    before = Student.objects.count()
    with pytest.raises(SchoolExists):
        make_school(name=school.name, students=40, seed=2, today=TODAY)
    with pytest.raises(CommandError, match="already a school called Northgate School"):
        call_command("make_demo_school", students=40)
    assert Student.objects.count() == before


@pytest.mark.parametrize(
    "today",
    [dt.date(2026, 1, 5), dt.date(2026, 3, 18), dt.date(2026, 6, 10), dt.date(2026, 8, 12), dt.date(2026, 9, 3)],
)
def test_any_date_of_the_year_makes_a_school(today: dt.date) -> None:
    make_school(name="Elsewhere School", students=30, seed=3, today=today)
    marks = Mark.objects.filter(student__school__name="Elsewhere School")
    calendar = calendar_around(today)  # of today itself nobody is marked yet: registers are taken in Waymark
    assert marks.latest("date", "session").date == calendar.days[-2 if calendar.last_day == today else -1] <= today
    assert NextStep.objects.filter(done_on=None, due_on__lt=today).exists()


def test_the_calendar_of_2026_is_that_of_an_english_school() -> None:
    assert [easter(year) for year in (2024, 2025, 2026, 2027)] == [
        dt.date(2024, 3, 31), dt.date(2025, 4, 20), dt.date(2026, 4, 5), dt.date(2027, 3, 28),
    ]  # fmt: skip
    calendar = calendar_around(TODAY)
    assert (calendar.before.name, calendar.current.name) == ("SUM", "AUT")
    assert calendar.last_day == LAST_DAY
    assert dt.date(2026, 5, 4) not in calendar.index  # early May bank holiday
    assert dt.date(2026, 5, 25) not in calendar.index  # half term, with the late May bank holiday
    assert dt.date(2026, 10, 28) not in calendar.index


@pytest.mark.parametrize("year", range(2020, 2035))
def test_a_school_year_has_about_190_days(year: int) -> None:
    calendar = calendar_around(dt.date(year + 1, 3, 1))
    days = {
        term.starts_on + dt.timedelta(n)
        for term in calendar.terms
        if term.year == year
        for n in range((term.ends_on - term.starts_on).days + 1)
        if term.has(term.starts_on + dt.timedelta(n))
    }
    taught = [d for d in days if d.weekday() < 5 and d not in {date for date, _ in calendar.closures}]
    assert 183 <= len(taught) <= 195


def test_every_upn_is_well_formed_true_to_its_letter_and_used_once(school: School) -> None:
    upns = list(Student.objects.filter(school=school).values_list("upn", flat=True))
    assert all(is_well_formed(upn) and check_letter(upn) == upn[0] for upn in upns)
    assert len(upns) == len(set(upns)) == STUDENTS


def test_every_pupil_is_the_age_of_their_year(school: School) -> None:
    for student in Student.objects.filter(school=school):
        assert student.date_of_birth
        assert student.year_group
        birthday_before = dt.date(2026, 8, 31)
        born = student.date_of_birth
        age = birthday_before.year - born.year - ((born.month, born.day) > (8, 31))
        assert age == student.year_group + 4


def test_every_mark_is_on_a_school_day_while_on_roll_with_a_known_code(school: School) -> None:
    marks = Mark.objects.filter(student__school=school)
    days = set(marks.values_list("date", flat=True))
    assert days == set(school_days(school, min(days), TODAY))
    assert set(marks.values_list("code", flat=True)) <= set(Code.objects.values_list("code", flat=True))
    for student in Student.objects.filter(school=school):
        own = marks.filter(student=student)
        assert student.joined_on is not None
        assert not own.filter(date__lt=student.joined_on).exists()
        assert student.left_on is None or not own.filter(date__gt=student.left_on).exists()
        assert own.filter(code__in=["L", "U"], minutes_late=None).count() == 0


def test_reasons_are_settled_within_five_school_days(school: School) -> None:
    asked = Mark.objects.filter(student__school=school, code="N").values_list("date", flat=True)
    assert set(asked) <= set(school_days(school, TODAY - dt.timedelta(days=6), TODAY))


def test_attendance_is_that_of_a_school(school: School) -> None:
    figure = figure_of(students_on_roll(Student.objects.filter(school=school)), year_start(school), TODAY)
    assert figure.attendance is not None
    assert 90 < figure.attendance < 97
    assert figure.unknown == 0


def test_whoever_wrote_may_see_the_student(school: School) -> None:
    here = set(students_on_roll(Student.objects.filter(school=school)).values_list("pk", flat=True))
    for author in User.objects.filter(tutor_sessions__isnull=False).distinct():
        seen = set(students_visible_to(author, Permission.VIEW_STUDENT).values_list("pk", flat=True))
        may_log = set(students_visible_to(author, Permission.LOG_SESSION).values_list("pk", flat=True))
        written = set(author.tutor_sessions.values_list("student_id", flat=True)) & here
        assert written <= seen & may_log, author


def test_conversations_happen_when_the_student_is_in(school: School) -> None:
    away = {
        (m.student_id, m.date)
        for m in Mark.objects.filter(student__school=school, session="AM", code__in=["I", "O", "N", "E", "C", "G", "M"])
    }
    for session in TutorSession.objects.filter(student__school=school).select_related("student"):
        student = session.student
        assert student.joined_on is not None
        assert student.joined_on <= session.held_on <= (student.left_on or LAST_DAY)
        if session.kind == Kind.ONE_TO_ONE:
            assert (session.student_id, session.held_on) not in away


def test_words_are_the_applications_words_and_no_gap_is_left_open(school: School) -> None:
    for session in TutorSession.objects.filter(student__school=school):
        assert session.kind in Kind.values
        assert set(session.topics) <= set(Topic.values)
        assert "{" not in session.happened + session.student_words
    for step in NextStep.objects.filter(student__school=school):
        assert step.owner in Owner.values
        assert (step.owner_staff_id is not None) == (step.owner == Owner.STAFF)
        assert "{" not in step.text + step.outcome
        assert len(step.text) <= 300
    texts = TermComment.objects.filter(student__school=school).values_list("text", flat=True)
    assert all("{" not in text and text[0].isupper() for text in texts)
    assert not Assessment.objects.filter(student__school=school, comment__regex=r"[{^]").exists()


def test_steps_are_open_done_or_overdue_and_never_done_before_agreed(school: School) -> None:
    steps = NextStep.objects.filter(student__school=school).select_related("session")
    assert steps.filter(done_on=None, due_on__lt=TODAY).exists()
    assert steps.filter(done_on=None, due_on__gte=TODAY).exists()
    assert steps.exclude(done_on=None).exclude(outcome="").exists()
    for step in steps:
        assert step.due_on is not None
        assert step.session.held_on <= step.due_on
        assert step.done_on is None or step.session.held_on <= step.done_on <= LAST_DAY


def test_plans_go_on_or_are_closed_and_every_group_has_one(school: School) -> None:
    plans = ActionPlan.objects.filter(student__school=school).select_related("from_session")
    assert {p.student_id for p in plans if p.from_session.student_id != p.student_id} == set()
    assert not PlanStep.objects.filter(plan__in=plans, plan__closed_on__isnull=False, outcome="").exists()
    assert PlanStep.objects.filter(plan__in=plans, outcome="", due_on__lt=TODAY).exists()
    assert 0 < plans.filter(closed_on__isnull=False).count() < plans.filter(closed_on=None).count()
    assert plans.filter(reviews__isnull=False).exists()
    given = PlanStep.objects.filter(plan__in=plans, owner_staff__isnull=False).exclude(owner_staff=F("plan__made_by"))
    assert {step.owner_agreed_on is None for step in given} == {True, False}, "some said yes, one is asked"
    texts = [text for row in plans.values_list("title", "strengths", "student_words") for text in row]
    texts += PlanStep.objects.filter(plan__in=plans).values_list("text", flat=True)
    assert not [text for text in texts if "{" in text]


def test_families_are_consistent(school: School) -> None:
    women, men = {"Mother", "Grandmother"}, {"Father", "Grandfather", "Step-father"}
    for contact in Contact.objects.filter(student__school=school):
        assert contact.relationship not in women or contact.title in {"Mrs", "Ms", "Miss"}
        assert contact.relationship not in men or contact.title == "Mr"
        assert contact.phone.startswith("07700 900")
    assert not Student.objects.filter(school=school, contacts__isnull=True).exists()


def test_a_pupil_kept_from_a_parent_by_a_court_is_never_rung_there(school: School) -> None:
    for contact in Contact.objects.filter(student__school=school, court_order=True):
        sessions = TutorSession.objects.filter(student=contact.student, kind=Kind.CALL_HOME)
        other = Contact.objects.filter(student=contact.student, court_order=False).first()
        assert other is not None
        if other.name != contact.name:
            assert not any(contact.name in session.happened for session in sessions)


def test_calls_home_say_to_whom_and_some_families_had_good_news(school: School) -> None:
    calls = TutorSession.objects.filter(student__school=school, kind__in=HOME_KINDS)
    kept = HomeContact.objects.filter(session__in=calls).select_related("contact", "session", "message")
    assert kept.count() == calls.count() > 0
    for home in kept:
        assert home.contact.student_id == home.student_id == home.session.student_id
        assert home.held_on == home.session.held_on
        assert home.with_whom.startswith(home.contact.name)
    assert set(kept.values_list("tone", flat=True)) == set(Tone.values)
    sent = HomeMessage.objects.filter(home_contact__in=kept)
    assert sent.exists()
    assert not sent.exclude(state="sent", body="").exists()
    assert not sent.filter(contact__court_order=True).exists()


def test_jamal_is_the_jamal_of_the_pictures(school: School) -> None:
    jamal = Student.objects.get(school=school, preferred_surname="Okafor", preferred_forename="Jamal")
    assert jamal.date_of_birth == dt.date(2011, 3, 14)
    membership = GroupMembership.objects.get(student=jamal, ends_on=None)
    assert membership.group.name == "11BEC"
    figure = figure_of(Student.objects.filter(pk=jamal.pk), year_start(school), TODAY)
    assert (figure.possible, figure.absent, figure.unauthorised, figure.late) == (104, 13, 8, 9)
    assert figure.persistent
    held = dict(jamal.tutor_sessions.filter(held_on__month=10).values_list("held_on", "kind"))
    assert held[dt.date(2026, 10, 9)] == Kind.ONE_TO_ONE
    assert held[dt.date(2026, 10, 2)] == Kind.CALL_HOME
    overdue = jamal.next_steps.get(done_on=None, due_on__lt=TODAY)
    assert (overdue.text, overdue.due_on) == ("Ring home about Tuesday mornings", dt.date(2026, 11, 12))
    assert overdue.owner_staff is not None
    assert overdue.owner_staff.email == "tutor@northgate.example"


def test_the_group_of_the_pictures_is_all_there(school: School) -> None:
    group = TutorAssignment.objects.get(membership__user__email="tutor@northgate.example", ends_on=None).group
    names = {student.name for student in students_of_group(group)}
    assert {"Jamal Okafor", "Ellie Marsh", "Tomasz Nowak", "Aisha Siddiqui", "Oliver Reed"} <= names
    ellie = Student.objects.get(school=school, preferred_surname="Marsh", preferred_forename="Ellie")
    assert not ellie.tutor_sessions.filter(held_on__gte=year_start(school), school_kind__counts=True).exists()
    removals = ellie.behaviour_events.filter(category__startswith="C3", comment__startswith="Period 5")
    assert removals.count() == 2
    tomasz = Student.objects.get(school=school, preferred_surname="Nowak", preferred_forename="Tomasz")
    latest = tomasz.assessments.filter(data_drop__name="2026 Autumn")
    assert sum(int(a.working_at) < int(a.target) for a in latest) == 4


def test_the_last_two_drops_have_grades_on_one_scale(school: School) -> None:
    grades = Assessment.objects.filter(student__school=school)
    assert set(grades.values_list("data_drop__name", flat=True)) == {"2026 Summer", "2026 Autumn"}
    sixth = grades.filter(student__year_group__gte=12, data_drop__name="2026 Autumn")
    assert set(sixth.values_list("working_at", flat=True)) <= {"U", "E", "D", "C", "B", "A", "A*"}
    younger = grades.filter(student__year_group__lt=12)
    assert set(younger.values_list("working_at", flat=True)) <= set("123456789")


def test_there_is_one_demo_account_for_every_role(school: School) -> None:
    assert {account.role for account in DEMO_ACCOUNTS} == set(Role)
    for account in DEMO_ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert account.role in user.roles
        assert user.get_full_name() == account.name
        # The chair of governors knows no student.
        assert students_visible_to(user).exists() == (account.role != Role.CHAIR), account.role


def test_a_few_stand_on_the_safeguarding_file_and_can_be_read(school: School) -> None:
    concerns = Concern.objects.filter(school=school).order_by("raised_at")
    assert {concern.status for concern in concerns} == set(Status)
    for concern in concerns:
        said = cipher_of(concern).open(concern.entries.get(kind="raised"), "words")
        assert said["seen"]
        assert concern.receipt.status == concern.status
        assert concern.children.get().student.name == said["names"][0]
    leavers = Student.objects.filter(school=school, left_on__isnull=False)
    transfers = Transfer.objects.filter(student__school=school)
    assert min(leavers.count(), 1) <= len(transfers) <= min(leavers.count(), 2)
    assert all(one.copy_kept is False and one.receipt_on for one in transfers if one.sent_at)
    assert Hold.objects.filter(student__school=school).count() == 1
    assert all(one.student.left_on == one.left_on and destination_of(one)["name"] for one in transfers)
    assert not LeadAlert.objects.exists(), "nobody is told of what an invented school brings along"


def test_something_is_looked_into_in_each_house(school: School) -> None:
    investigations = list(Investigation.objects.filter(school=school))
    assert len(investigations) >= 2
    assert {one.status for one in investigations} == {"open", "found"}
    assert all(one.follow_ups.count() == 2 for one in investigations if one.status == "found")
    for one in investigations:
        entry = one.entries.get(kind="opened")
        names = cipher_of_investigation(one).open(entry, "words")["names"]
        students = one.parties.exclude(student=None)
        assert set(names.values()) >= {party.student.name for party in students}
        assert {party.part for party in students} == {"target", "alleged"}
        with acting_as(Actor(one.lead_id, elevated=True)):
            assert {asked.unreadable for asked in statements_of(one, {})} == {""}


def test_a_few_records_of_force_stand_at_different_stages(school: School) -> None:
    incidents = Incident.objects.filter(school=school)
    assert {incident.still_owed for incident in incidents} == {True, False}
    assert {kind for incident in incidents for kind in incident.kinds} >= {"force", "physical", "seclusion"}
    for incident in incidents:
        entry = incident.entries.get(kind="recorded")
        assert cipher_of_pupil(incident.student_id).open(entry, "words")["name"] == incident.student.name
        assert incident.sen_status == incident.student.sen_status
        assert incident.recorded_by_id in {row.person_id for row in incident.staff.all()}
        assert not incident.told_late


def test_outside_the_demo_nobody_has_a_password(school: School) -> None:
    assert not any(user.has_usable_password() for user in User.objects.filter(school=school))


class TestPasswordOfTheDemo:
    """The one password everybody knows works in the demo and nowhere else."""

    @pytest.fixture
    def tutor(self, school: School, settings: Settings) -> User:
        settings.DEMO = True
        tutor = User.objects.get(email="tutor@northgate.example")
        tutor.set_password(DEMO_PASSWORD)
        tutor.save()
        return tutor

    def _sign_in(self, client: Client, user: User) -> int:
        return client.post("/account/login/", {"login": user.email, "password": DEMO_PASSWORD}).status_code

    def test_it_opens_the_demo(self, client: Client, tutor: User) -> None:
        assert self._sign_in(client, tutor) == 302

    def test_it_opens_nothing_once_demo_is_off(self, client: Client, tutor: User, settings: Settings) -> None:
        settings.DEMO = False
        assert self._sign_in(client, tutor) == 200
        assert "_auth_user_id" not in client.session

    def test_the_sign_in_page_lists_the_accounts_in_the_demo_only(
        self, client: Client, tutor: User, settings: Settings
    ) -> None:
        assert "tutor@northgate.example" in client.get("/account/login/").content.decode()
        settings.DEMO = False
        page = client.get("/account/login/")
        assert "tutor@northgate.example" not in page.content.decode()
        assert "demo_password" not in (page.context or {})


def test_a_school_made_in_the_demo_has_the_password_on_named_accounts_only(settings: Settings) -> None:
    settings.DEMO = True
    make_school(name="Elsewhere School", students=20, seed=1, today=TODAY)
    staff = User.objects.filter(school__name="Elsewhere School")
    usable = {user.email for user in staff if user.has_usable_password()}
    assert usable == {f"{account.local_part}@elsewhere-school.example" for account in DEMO_ACCOUNTS}


def test_demo_accounts_prints_a_line_for_each(
    school: School, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demo_accounts")
    assert DEMO_PASSWORD not in capsys.readouterr().out
    settings.DEMO = True
    call_command("demo_accounts")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(DEMO_ACCOUNTS)
    assert all(account.email in "\n".join(lines) for account in DEMO_ACCOUNTS)


def test_tutors_have_a_diary(school: School) -> None:
    """Every tutor gives a time a day and is in one place at a time; what was held has its session."""
    appointments = Appointment.objects.filter(student__school=school)
    tutors = set(TutorAssignment.objects.filter(ends_on=None).values_list("membership__user", flat=True))
    assert dict.fromkeys(tutors, 5) == dict(Counter(Slot.objects.values_list("staff", flat=True)))
    found = Counter(appointments.values_list("state", flat=True))
    assert min(found[state] for state in ("held", "missed", "refused", "booked")) > 0
    held = appointments.filter(state="held").select_related("session")
    assert all((a.session.held_on, a.session.author_id) == (a.day, a.staff_id) for a in held)
    alone = appointments.filter(together=None).values_list("staff", "day", "starts_at")
    assert max(Counter(alone).values()) == 1
    ahead = set(appointments.filter(state="booked").values_list("day", flat=True))
    assert ahead <= set(school_days(school, TODAY, TODAY + dt.timedelta(weeks=3)))


def test_two_small_groups_are_ahead(school: School) -> None:
    """One of a tutor's own students, one of the SENCO's from several tutor groups; each at one time."""
    booked = Appointment.objects.filter(student__school=school, together__isnull=False)
    assert set(booked.values_list("kind", "state")) == {("small_group", "booked")}
    assert set(Counter(booked.values_list("together", "staff", "day", "starts_at")).values()) == {3}
    senco = booked.filter(staff__memberships__role=Role.SENCO)
    places = GroupMembership.objects.filter(student__in=senco.values("student"), ends_on=None)
    assert len(set(places.values_list("group", flat=True))) == 3


def test_warnings_climb_the_ladder_and_most_end_by_themselves(school: School) -> None:
    warnings = Warning.objects.filter(student__school=school).select_related("stage")
    assert (
        warnings.filter(stage__name="Verbal warning").count() > warnings.filter(stage__name="Written warning").count()
    )
    assert warnings.filter(expires_on__lt=TODAY).exists()
    assert warnings.filter(expires_on__gte=TODAY).exists()
    assert not warnings.filter(decided_by=models.F("issued_by")).exists()
    assert "{" not in " ".join(text for row in warnings.values_list("reason", "appeal_words") for text in row)


def test_alerts_wait_or_are_answered(school: School) -> None:
    alerts = Alert.objects.filter(student__school=school)
    assert alerts.exists()
    assert not alerts.filter(raised_by=models.F("to")).exists()
    assert "{" not in " ".join(text for row in alerts.values_list("what", "recommendation", "answer") for text in row)


def test_each_group_has_a_weekly_tutorial_with_three_weeks_written_up(school: School) -> None:
    for group in school.tutor_groups.filter(tutor_assignments__ends_on=None, memberships__ends_on=None).distinct():
        series = Series.objects.get(group=group)
        days = list(Meeting.objects.filter(series=series).values_list("day", flat=True))
        assert len(days) == 3
        assert {day.weekday() for day in days} == {series.weekday}
        assert max(days) < TODAY, "this week's is due"
    assert set(Presence.objects.values_list("mark", flat=True)) == {"present", "late", "absent", "excused"}


def test_families_get_the_weekly_mail_and_had_last_weeks(school: School) -> None:
    """Duty 96; only who may be written to."""
    chosen = DigestChoice.objects.filter(student__school=school)
    assert chosen.filter(language="pl").exists()
    assert not chosen.exclude(contact__parental_responsibility=True, contact__court_order=False).exists()
    assert FamilyDigest.objects.filter(student__school=school, state="sent", week=dt.date(2026, 11, 16)).exists()


def test_home_visits_are_planned_or_back_and_nobody_is_out(school: School) -> None:
    """Duty 92; the timer of a demonstration never rings."""
    visits = HomeVisit.objects.filter(student__school=school)
    assert visits.filter(out_at=None, leaves_at__date__gt=TODAY).exists()
    assert visits.filter(child_seen="yes", back_at__isnull=False).exists()
    assert not visits.filter(out_at__isnull=False, back_at=None).exists()


def test_of_some_it_stands_what_helps_and_one_a_house_has_a_handling_plan(school: School) -> None:
    """Duties 16, 47 and 48."""
    cards = StrategyCard.objects.filter(student__school=school)
    assert set(cards.values_list("kind", flat=True)) == {"helps", "avoid", "when"}
    assert cards.filter(review_on__lte=TODAY).exists()
    assert OwnWords.objects.filter(student__school=school).exclude(aspirations="").exists()
    parts = TeamPart.objects.filter(student__school=school)
    assert parts.exclude(staff_name="").filter(home_name="").exists()


def test_some_wrote_before_a_1_to_1_and_some_have_a_mentor(school: School) -> None:
    """Duties 15 and 16: by mentors who reach them; one mentoring is over, with what came of it."""
    written = Reflection.objects.filter(student__school=school)
    assert written.exclude(wish="").filter(said__len__gt=0, feeling__isnull=False).exists()
    mentorings = Mentoring.objects.filter(student__school=school).select_related("mentor", "student")
    assert mentorings.filter(until=None).exists()
    assert mentorings.exclude(until=None).exclude(ended_words="").exists()
    for one in mentorings.filter(until=None):
        assert students_visible_to(one.mentor, Permission.VIEW_STRATEGY).filter(pk=one.student_id).exists()


def test_habits_of_plans_were_noted_week_by_week(school: School) -> None:
    """Duty 32."""
    checks = HabitCheck.objects.filter(student__school=school)
    assert checks.filter(kept=True).exists()
    assert checks.filter(kept=False).exists()
    assert {check.day.weekday() for check in checks} == {0}


def test_some_may_leave_some_stayed_and_some_are_new(school: School) -> None:
    """Duties 19 and 20."""
    watches = Watch.objects.filter(student__school=school)
    assert watches.filter(kind="leaving", ended_on=None).exists()
    assert watches.filter(kind="leaving", outcome="staying").exists()
    assert watches.filter(kind="new", outcome="settled").exclude(came_from="").exists()


def test_teachers_were_asked_and_half_have_answered(school: School) -> None:
    """Duties 80 and 81; a demonstration mails nobody."""
    asks = Ask.objects.filter(student__school=school)
    assert asks.exclude(answered_at=None).exclude(words="").exists()
    assert asks.filter(answered_at=None).exists()
    assert not asks.filter(answered_at=None, reminded_at=None).exists()


def test_interventions_run_or_are_evaluated_with_an_outcome_for_each(school: School) -> None:
    """Duties 26 and 30; and a dozen tags, some of them on conversations."""
    running, over = (Intervention.objects.filter(closed_on__isnull=open_) for open_ in (True, False))
    assert running.filter(members__presences__came=False).exists()
    assert over.exists()
    assert not over.filter(members__outcome=None).exists()
    assert school.session_tags.count() == 12
    assert 0 < TutorSession.objects.exclude(tags=[]).count() < TutorSession.objects.count() / 3


def test_referrals_wait_or_end_with_words(school: School) -> None:
    """Some overdue, some closed; nobody of the directory could be reached."""
    referrals = Referral.objects.filter(student__school=school)
    assert referrals.filter(closed_on=None, expected_by__lt=TODAY).exists()
    assert referrals.filter(closed_on__isnull=False).exists()
    assert set(referrals) == {note.referral for note in ReferralNote.objects.filter(kind="shared")}
    said = referrals.values_list("reason", "consent_words", "outcome", "feedback")
    assert "{" not in " ".join(text for row in said for text in row)
    people = AgencyContact.objects.filter(agency__school=school)
    assert all(p.phone.startswith("01632 960") and (not p.email or p.email.endswith(".example")) for p in people)
    assert people.exists()


def test_handovers_are_acknowledged_wait_or_are_being_written(school: School) -> None:
    handovers = Handover.objects.filter(student__school=school)
    assert {handover.state for handover in handovers} == set(State)
    assert "{" not in " ".join(text for row in handovers.values_list("helps", "proud", "note") for text in row)


def test_everybody_but_the_chair_has_a_line_manager(school: School) -> None:
    """Duties 5, 8: the reporting line 1:1 tutor, SENCO, head, and no circle in it."""
    without = User.objects.filter(school=school, line_managers=None)
    assert {role for user in without for role in user.roles} == {Role.CHAIR}
    above = {Role(m.role) for m in Membership.objects.filter(
        user__manages__person__memberships__role=Role.ONE_TO_ONE_TUTOR, school=school
    )}  # fmt: skip
    assert above == {Role.SENCO, Role.SENIOR_LEADER}
