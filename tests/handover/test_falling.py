"""To whom work falls whose owner is away or has left: every kind of line on Today has an answer here (duty 5)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.desk.deeds import DEEDS
from tutoring.groups.models import TutorAssignment
from tutoring.notices.selectors import things_for
from tutoring.referrals.enums import Status
from tutoring.referrals.models import Referral

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
AGO = localdate() - 3 * DAY


def step(world: Scene, who: User) -> None:
    make.NextStepFactory.create(
        session__student=world.student, session__author=who, owner_staff=who, owner="staff", due_on=AGO
    )


def plan_step(world: Scene, who: User) -> None:
    plan = make.ActionPlanFactory.create(student=world.student, made_by=who, review_on=localdate() + 40 * DAY)
    make.PlanStepFactory.create(plan=plan, due_on=AGO, owner="staff", owner_staff=who)


def feedback(world: Scene, who: User) -> None:
    referral = make.ReferralFactory.create(student=world.student, referred_by=who)
    closed = {"closed_on": AGO, "closed_by": world.tutor, "status": Status.FINISHED, "expected_by": None}
    Referral.objects.filter(pk=referral.pk).update(outcome="Seen.", feedback="He comes on Mondays.", **closed)


def meeting(world: Scene, who: User) -> None:
    talk = make.TutorSessionFactory.create(student=world.student, author=who, kind="agency", held_on=AGO - 30 * DAY)
    make.MeetingRecordFactory.create(session=talk, next_on=localdate())


def not_sent(world: Scene, who: User) -> None:
    talk = make.TutorSessionFactory.create(student=world.student, author=who, kind="call_home", held_on=AGO)
    contact = make.HomeContactFactory.create(session=talk, mode="message", outcome="message", tone="good")
    make.HomeMessageFactory.create(home_contact=contact, state="failed", body="", error="Refused")


Maker = Callable[[Scene, User], Any]
# Kinds that belong to a colleague and are about a student: kind → one of that colleague's, overdue.
OWNED: dict[str, Maker] = {
    "step": step,
    "plan_step": plan_step,
    "review": lambda w, who: make.ActionPlanFactory.create(student=w.student, made_by=who, review_on=AGO),
    "referral": lambda w, who: make.ReferralFactory.create(student=w.student, referred_by=who, expected_by=AGO),
    "feedback": feedback,
    "meeting": meeting,
    "watch": lambda w, who: make.WatchFactory.create(student=w.student, who=who, started_on=localdate() - 30 * DAY),
    "not_sent": not_sent,
    "follow_up": lambda w, who: make.ConductEntryFactory.create(student=w.student, author=who, follow_up_on=AGO),
    "strategies": lambda w, who: make.StrategyCardFactory.create(student=w.student, author=who, review_on=AGO),
    "handling": lambda w, who: make.HandlingPlanFactory.create(student=w.student, made_by=who, review_on=AGO),
}
# Of these, who does not have it, and why.
NOT_THE_DEPUTYS = {"feedback": "news for whoever asked for it: it waits for their return"}
NOT_THE_NEXT_TUTORS = {"follow_up": "PostgreSQL lets nobody but whoever entered it write that it was followed up"}
# Every other kind, and where its answer is.
ELSEWHERE = {
    "alert": "answered by the deputy, tests/followup/test_who_may.py; a deputy’s word stands in test_cover.py",
    "answer": "read by whoever raised the alert; PostgreSQL takes it from nobody else",
    "alert_left": "of whoever raised the alert, tests/followup/test_alerts.py",
    "alert_late": "of the line manager",
    "handover_late": "of the line manager",
    "intervention": "below: about several students",
    "ask": "what one teacher thinks: nobody answers in their place",
    "step_asked": "one’s own word on a plan: PostgreSQL takes nobody else’s",
    "step_ahead": "one’s own word on a plan: PostgreSQL takes nobody else’s",
    "visit": "whoever the visitor told, by name, for a day",
    "my_visit": "whoever is out themselves",
    "cover": "says who stands in",
    "covered": "says who stands in",
    "statement": "what one person knows",
} | dict.fromkeys(
    ("register_am", "register_pm", "tutorial", "planners", "newcomers", "handovers"),
    "of a group: of whoever has it today, or stands in",
) | dict.fromkeys(
    ("coverage", "team", "handover", "handover_unread", "handover_unwritten", "handover_lines", "stopped",
     "parents_told", "after_force", "appeal"),
    "of a role: of everybody who holds it today, or stands in",
)  # fmt: skip


def lines_of(person: User) -> dict[str, str]:
    """kind → who does it, of Today."""
    page = client_of(User.objects.get(pk=person.pk)).get(reverse("desk:today")).context
    return {due.line.kind: due.doer for due in (*page["due"], *page["more_due"])}


def mailed(person: User) -> set[str]:
    with acting_as(Actor(user_id=person.pk)):
        return {thing.kind for thing in things_for(User.objects.get(pk=person.pk), timezone.now(), localdate())}


def leaves(world: Scene) -> User:
    """The tutor has another group since yesterday; somebody else has this one."""
    TutorAssignment.objects.filter(group=world.group).update(starts_on=AGO, ends_on=localdate() - DAY)
    other = make.TutorGroupFactory.create(name="Elsewhere")
    make.TutorAssignmentFactory.create(membership=world.tutor.memberships.get(), group=other)
    return make.person(Role.TUTOR, group=world.group, first_name="Next", last_name="Tutor")


def test_every_kind_of_line_has_an_answer() -> None:
    """Issue 4: a new kind is not forgotten: say who has it while its owner is away, and once they have left."""
    assert set(OWNED) | set(ELSEWHERE) == set(DEEDS)
    assert not set(OWNED) & set(ELSEWHERE)


@pytest.mark.parametrize("kind", OWNED)
def test_whoever_stands_in_has_it_too_marked_for_whom(kind: str) -> None:
    """docs/how-to/cover.md; on Today and in the mail of the day alike."""
    world = scene()
    OWNED[kind](world, world.tutor)
    deputy, stranger = make.cover_of(world.tutor).user, make.person(Role.SENCO)
    found = lines_of(deputy)
    if kind in NOT_THE_DEPUTYS:
        assert kind not in found
    else:
        assert found[kind] == f"for {world.tutor}"
        assert kind in mailed(deputy)
    assert kind in lines_of(world.tutor)
    assert kind not in lines_of(stranger)


@pytest.mark.parametrize("kind", OWNED)
def test_what_was_left_behind_falls_to_the_tutor_of_today(kind: str) -> None:
    """A referral of last year's tutor, its reply overdue, stood on nobody's Today. Whoever stands in has it as well."""
    world = scene()
    OWNED[kind](world, world.tutor)
    following = leaves(world)
    deputy, stranger = make.cover_of(following).user, make.person(Role.SENCO)
    for person in (following, deputy):
        found = lines_of(person)
        if kind in NOT_THE_NEXT_TUTORS:
            assert kind not in found
        else:
            assert str(world.tutor) in found[kind]
            assert kind in mailed(person)
    assert kind not in lines_of(world.tutor)
    assert kind not in lines_of(stranger)


@pytest.mark.parametrize("kind", OWNED)
def test_of_colleagues_who_are_here_nobody_else_has_anything(kind: str) -> None:
    """A head's work about a tutor's student stays the head's; of their students tutors see the steps on Today."""
    world = scene()
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    OWNED[kind](world, head)
    assert kind in mailed(head)
    for person in (world.tutor, make.cover_of(world.tutor).user):
        assert kind not in mailed(person)
        assert (kind in lines_of(person)) is (kind in ("step", "plan_step", "review"))


def test_a_colleague_whose_account_is_off_has_left() -> None:
    world, head = scene(), make.person(Role.SENCO)
    OWNED["watch"](world, head)
    assert "watch" not in lines_of(world.tutor)
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert lines_of(world.tutor)["watch"] == f"taken on from {head}"


def test_what_one_may_not_read_stays_hidden() -> None:
    """A conversation for named people alone: the step agreed in it is not the next tutor's."""
    world = scene()
    talk = make.TutorSessionFactory.create(student=world.student, author=world.tutor, confidentiality="named")
    make.NextStepFactory.create(session=talk, due_on=AGO)
    following = leaves(world)
    assert "step" not in lines_of(following)
    assert "step" not in mailed(following)


def test_feedback_that_fell_to_the_tutor_is_read_by_them() -> None:
    world = scene()
    OWNED["feedback"](world, world.tutor)
    referral = Referral.objects.get()
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    following = leaves(world)
    for reader, left in ((head, True), (following, False)):
        assert client_of(reader).get(reverse("referrals:referral-detail", args=[referral.pk])).status_code == 200
        assert ("feedback" in lines_of(following)) is left


def test_an_intervention_falls_to_whoever_may_write_what_came_of_it() -> None:
    world, leader, tutor = scene(), make.person(Role.SENIOR_LEADER), make.person(Role.TUTOR)
    made = make.InterventionFactory.create(lead=make.person(Role.SENCO), starts_on=AGO - 40 * DAY, ends_on=AGO)
    make.MemberFactory.create(intervention=made, student=world.student)
    deputy = make.cover_of(made.lead).user
    assert "intervention" in lines_of(made.lead)
    assert lines_of(deputy)["intervention"] == f"for {made.lead}"
    assert "intervention" not in lines_of(leader)
    User.objects.filter(pk=made.lead.pk).update(is_active=False)
    assert lines_of(leader)["intervention"] == f"taken on from {made.lead}"
    assert "intervention" not in {*lines_of(world.tutor), *lines_of(tutor)}


def test_whoever_asks_about_a_student_they_do_not_see_is_told_nothing() -> None:
    """By SQL: the question is answered of students one sees, and else as if nobody had left."""
    world, elsewhere = scene(), make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="Far"))
    sql = "SELECT guard.has_left(%s, %s, 'students.view_student')"
    asked = {world.tutor: (False, True), elsewhere: (False, False)}
    for who, answers in asked.items():
        with acting_as(Actor(user_id=who.pk)), connection.cursor() as cursor:
            for whom, answer in zip((world.tutor, elsewhere), answers, strict=True):
                cursor.execute(sql, [whom.pk, world.student.pk])
                assert cursor.fetchone() == (answer,)


def test_a_colleague_who_is_here_keeps_the_meeting_whatever_their_role() -> None:
    """An attendance officer writes meetings up, and reads no notes of the team: nobody takes it on."""
    world = scene()
    officer = make.person(Role.ATTENDANCE_OFFICER)
    meeting(world, officer)
    assert "meeting" not in lines_of(world.tutor)
