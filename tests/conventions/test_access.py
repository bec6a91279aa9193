"""Every address × every role × GET and POST has the answer that the permission table promises."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import User
from accounts.permissions import Permission, roles_with
from students.models import Student
from tests import factories as make
from tests.conventions.access import ALLAUTH, TABLE, Access, Open
from tests.conventions.addresses import Address, all_addresses
from tests.reports.scenes import made_report
from tutoring.conduct.models import ConductType
from tutoring.digests.links import token_of as weekly_token
from tutoring.digests.models import DigestChoice
from tutoring.followup.models import WarningStage
from tutoring.interventions.models import Member
from tutoring.roundrobin.links import token_of
from tutoring.sessions.models import SessionKind
from tutoring.tutorials.models import Meeting

pytestmark = pytest.mark.sweep

ADDRESSES = {address.name: address for address in all_addresses()}
REFUSED, ABSENT, NOT_HERE = 403, 404, 405


def test_every_address_stands_in_the_table() -> None:
    ours = set(ADDRESSES) - ALLAUTH
    assert ours - set(TABLE) == set(), "Add these addresses to tests/conventions/access.py with what they ask."
    assert set(TABLE) - ours == set(), "These addresses are gone; take them out of tests/conventions/access.py."
    assert set(ADDRESSES) >= ALLAUTH


@dataclass
class World:
    """One student whom a person of every role can reach, a stranger whom scoped roles cannot, and their belongings."""

    student: Any
    stranger: Any

    def person(self, role: Role) -> User:
        """Somebody in the role, reaching the student and not the stranger, who wrote the student's session."""
        scope: dict[str, Any] = {}
        if role in ASSIGNED_ROLES:
            scope = {"student": self.student}
        elif role in HOUSE_ROLES:
            scope = {"house": self.student.house}
        elif role in YEAR_ROLES:
            scope = {"year_group": self.student.year_group}
        return make.person(role, school=self.student.school, **scope)

    def kwargs(self, address: Address, access: Access, user: User | None, *, strange: bool = False) -> dict[str, Any]:
        if not address.arguments:
            return {}
        student = self.stranger if strange else self.student
        value = SUBJECTS[access.subject](student, user or make.UserFactory.create(school=student.school))
        return value if isinstance(value, dict) else dict.fromkeys(address.arguments, value)


def line_of(person: User) -> dict[str, UUID]:
    line = make.LineManagerFactory.create(person=person, manager=make.person(Role.SENCO, school=person.school))
    return {"pk": person.pk, "line": line.pk}


def tutorial_of(student: Student) -> Meeting:
    """A meeting of the student's group on a school day; the same each time."""
    group, term = student.group_memberships.get(ends_on=None).group, make.TermFactory.create(school=student.school)
    monday = term.starts_on + dt.timedelta(days=-term.starts_on.weekday() % 7)
    return make.MeetingFactory.create(
        series=group.tutorials.first() or make.TutorialFactory.create(group=group, starts_on=monday)
    )


def _attachment(student: Student) -> dict[str, Any]:
    receipt = make.ReceiptFactory.create(concern__school=student.school)
    row = make.AttachmentFactory.create(entry=make.EntryFactory.create(concern=receipt.concern))
    return {"pk": receipt.concern_id, "attachment": row.pk}


def _reader(student: Student, surname: str) -> DigestChoice:
    """Of somebody at home who gets the weekly mail; the same each time."""
    chosen = student.digest_choices.filter(contact__surname=surname).first()
    return chosen or make.DigestChoiceFactory.create(contact__student=student, contact__surname=surname)


def _member(student: Any, user: Any) -> Member:
    """In an intervention that this person leads."""
    it = make.InterventionFactory.create(lead=user, school=student.school)
    return make.MemberFactory.create(intervention=it, student=student)


def _letter(student: Student, user: User) -> dict[str, Any]:
    entry = make.IncidentEntryFactory.create(incident__student=student, incident__recorded_by=user, kind="letter")
    return {"pk": entry.incident_id, "entry": entry.pk}


def _investigation(student: Student, user: User) -> Any:
    """About this student, opened by this person."""
    party = make.PartyFactory.create(student=student, investigation__lead=user, investigation__school=student.school)
    return party.investigation_id


def _statement(student: Student, user: User) -> dict[str, Any]:
    """Of this student, not taken down yet."""
    statement = make.StatementFactory.create(
        party__student=student, party__investigation__lead=user, party__investigation__school=student.school
    )
    return {"pk": statement.investigation_id, "statement": statement.pk}


def _follow_up(student: Student, user: User) -> dict[str, Any]:
    """Of an investigation about this student, to be answered."""
    due = make.FollowUpFactory.create(investigation_id=_investigation(student, user))
    return {"pk": due.investigation_id, "follow_up": due.pk}


def _on_file(student: Student) -> Student:
    """Another of the same school, of whom there is a file; each time another, as one child leaves once a day."""
    school = student.school
    return make.ConcernChildFactory.create(concern__school=school, student__school=school).student


SUBJECTS = {
    "student": lambda student, user: student.pk,
    "session": lambda student, user: make.TutorSessionFactory.create(student=student, author=user).pk,
    "step": lambda student, user: make.NextStepFactory.create(session__student=student, session__author=user).pk,
    "agreement": lambda student, user: (
        make.AgreementFactory.create(
            session__student=student, session__author=user, session__held_on=localdate() - dt.timedelta(days=1)
        ).pk
    ),
    "barrier": lambda student, user: make.BarrierFactory.create(school=student.school).pk,
    "model": lambda student, user: make.ModelPlanFactory.create(author=user).pk,
    "model use": lambda student, user: {
        "student": student.pk,
        "model": make.ModelPlanFactory.create(author=user).pk,
    },
    "plan": lambda student, user: make.ActionPlanFactory.create(student=student, made_by=user).pk,
    "plan step": lambda student, user: make.PlanStepFactory.create(plan__student=student, owner_staff=user).pk,
    "warning": lambda student, user: make.WarningFactory.create(student=student, issued_by=user).pk,
    "handover": lambda student, user: make.HandoverFactory.create(student=student, from_tutor=user, year=2020).pk,
    "work held": lambda student, user: make.person(Role.ONE_TO_ONE_TUTOR, school=student.school).memberships.get().pk,
    "single student": lambda student, user: (
        make.person(Role.ONE_TO_ONE_TUTOR, school=student.school, student=student).memberships.get().caseload.get().pk
    ),
    "cover": lambda student, user: make.cover_of(user).pk,
    "group": lambda student, user: student.group_memberships.get().group_id,
    "alert": lambda student, user: make.AlertFactory.create(student=student, to=user).pk,
    "ask": lambda student, user: make.AskFactory.create(student=student, teacher=user).pk,
    "habit": lambda student, user: make.HabitCheckFactory.create(target__plan__student=student).target_id,
    "watch": lambda student, user: make.WatchFactory.create(student=student, who=user, kind="own").pk,
    "strategy card": lambda student, user: make.StrategyCardFactory.create(student=student, author=user).pk,
    "handling student": lambda student, user: make.TeamPartFactory.create(student=student).student_id,
    "round": lambda student, user: make.AskFactory.create(student=student, asked_by=user).round,
    "stop link": lambda student, user: weekly_token(_reader(student, "Stops").pk),
    "ask link": lambda student, user: token_of(make.AskFactory.create(student=student).pk),
    "home contact": lambda student, user: _reader(student, "Reads").contact_id,
    "visit": lambda student, user: make.HomeVisitFactory.create(student=student, visitor=user).pk,
    "intervention": lambda student, user: _member(student, user).intervention_id,
    "intervention member": lambda student, user: _member(student, user).pk,
    "intervention meeting": lambda student, user: (
        make.SittingFactory.create(intervention=_member(student, user).intervention).pk
    ),
    "referral": lambda student, user: make.ReferralFactory.create(student=student, key_person=user).pk,
    "mentoring": lambda student, user: make.MentoringFactory.create(student=student, mentor=user).pk,
    "person around": lambda student, user: make.PersonAroundFactory.create(student=student).pk,
    "meeting": lambda student, user: (
        make.MeetingRecordFactory.create(session__student=student, session__author=user).session_id
    ),
    "agency": lambda student, user: make.AgencyFactory.create(school=student.school).pk,
    "agency contact": lambda student, user: make.AgencyContactFactory.create(agency__school=student.school).pk,
    "conduct entry": lambda student, user: make.ConductEntryFactory.create(student=student, author=user).pk,
    "register group": lambda student, user: student.group_memberships.get(ends_on=None).group_id,
    "planner group": lambda student, user: student.group_memberships.get(ends_on=None).group_id,
    "planner check": lambda student, user: (
        make.PlannerCheckFactory.create(group=student.group_memberships.get(ends_on=None).group, by=user).pk
    ),
    "tutorial": lambda student, user: tutorial_of(student).series_id,
    "tutorial day": lambda student, user: {
        "pk": tutorial_of(student).series_id,
        "day": tutorial_of(student).day.isoformat(),
    },
    "tutorial meeting": lambda student, user: tutorial_of(student).pk,
    "topic": lambda student, user: make.TopicFactory.create(term=make.TermFactory.create(school=student.school)).pk,
    "event": lambda student, user: make.SchoolEventFactory.create(school=student.school, lead=user).pk,
    "conduct type": lambda student, user: ConductType.objects.filter(school=student.school)[0].pk,
    "house type": lambda student, user: make.ConductTypeFactory.create(school=student.school, house=student.house).pk,
    "shared type": lambda student, user: (
        make.ConductTypeFactory.create(
            school=student.school, house=make.HouseFactory.create(school=student.school, name="Sharing"), shared=True
        ).pk
    ),
    "stage": lambda student, user: WarningStage.objects.filter(school=student.school)[0].pk,
    "appointment": lambda student, user: make.AppointmentFactory.create(student=student, staff=user).pk,
    "slot": lambda student, user: make.SlotFactory.create(staff=user).pk,
    "calendar": lambda student, user: make.calendar_token(make.person(Role.TUTOR, school=student.school)),
    "run": lambda student, user: made_report(student, user).batch_id,
    "report": lambda student, user: made_report(student, user).pk,
    "form": lambda student, user: f"session:{student.pk}",
    "term": lambda student, user: make.TermFactory.create(school=student.school).pk,
    "import": lambda student, user: make.ImportRunFactory.create(school=student.school).pk,
    "session_tag": lambda student, user: make.SessionTagFactory.create(school=student.school).pk,
    "session_kind": lambda student, user: SessionKind.objects.filter(school=student.school)[0].pk,
    "closure": lambda student, user: make.ClosureFactory.create(school=student.school).pk,
    "kind": lambda student, user: "csv",
    "incident": lambda student, user: make.IncidentFactory.create(student=student, recorded_by=user).pk,
    "incident entry": lambda student, user: {
        "pk": make.IncidentFactory.create(student=student, recorded_by=user).pk,
        "kind": "added",
    },
    "investigation": lambda student, user: _investigation(student, user),
    "investigation entry": lambda student, user: {"pk": _investigation(student, user), "kind": "added"},
    "investigation statement": lambda student, user: _statement(student, user),
    "follow-up": lambda student, user: _follow_up(student, user),
    "statement of mine": lambda student, user: (
        make.StatementFactory.create(
            party__investigation__school=student.school, party__staff=user, party__part="witness"
        ).pk
    ),
    "incident letter": lambda student, user: _letter(student, user),
    "receipt": lambda student, user: make.ReceiptFactory.create(reporter=user, concern__school=student.school).pk,
    "line": lambda student, user: make.StaffLineFactory.create(student=student).pk,
    "line for me": lambda student, user: make.StaffLineReaderFactory.create(line__student=student, person=user).line_id,
    "glass": lambda student, user: make.GlassBreakFactory.create(student=student).pk,
    "confirmation": lambda student, user: make.ConfirmationFactory.create(kept__person__school=student.school).pk,
    "concern": lambda student, user: make.ReceiptFactory.create(concern__school=student.school).concern_id,
    "attachment": lambda student, user: _attachment(student),
    "standing": lambda student, user: make.StandingFactory.create(student=student).pk,
    "due": lambda student, user: make.DueFactory.create(concern__school=student.school).pk,
    "child on file": lambda student, user: (
        make.ConcernChildFactory.create(student=student, concern__school=student.school).student_id
    ),
    "proposal": lambda student, user: make.ReviewFactory.create(student=_on_file(student)).pk,
    "certificate": lambda student, user: make.CertificateFactory.create(review__student=_on_file(student)).pk,
    "hold": lambda student, user: make.HoldFactory.create(student=_on_file(student)).pk,
    "retention class": lambda student, user: make.RetentionClassFactory.create(school=student.school).pk,
    "transfer": lambda student, user: make.TransferFactory.create(student=_on_file(student)).pk,
    "colleague": lambda student, user: make.person(Role.TUTOR, school=student.school).pk,
    "line held": lambda student, user: line_of(make.person(Role.TUTOR, school=student.school)),
    "record": lambda student, user: {"pk": student.pk, "kind": "csv"},
}
OF_A_STUDENT = {
    "student",
    "session",
    "step",
    "agreement",
    "plan",
    "plan step",
    "model use",
    "warning",
    "handover",
    "alert",
    "intervention",
    "intervention member",
    "intervention meeting",
    "referral",
    "person around",
    "mentoring",
    "meeting",
    "conduct entry",
    "register group",
    "planner group",
    "planner check",
    "tutorial",
    "tutorial day",
    "tutorial meeting",
    "appointment",
    "run",
    "report",
    "record",
}


@pytest.fixture(autouse=True)
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep asks who is let in; what the pages look like is for their own tests and the browser's."""
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_, **__: "")


@pytest.fixture
def world() -> World:
    school = make.SchoolFactory.create()
    make.TermFactory.create(school=school)
    becket, curie = (make.HouseFactory.create(school=school, name=name) for name in ("Becket", "Curie"))
    mine = make.TutorGroupFactory.create(school=school, name="11BEC", house=becket)
    theirs = make.TutorGroupFactory.create(school=school, name="10CUR", house=curie, year_group=10)
    return World(make.student_in(mine), make.student_in(theirs))


def _answers(client: Client, address: Address, kwargs: dict[str, Any]) -> tuple[int, int]:
    url = reverse(address.name, kwargs=kwargs)
    return client.get(url).status_code, client.post(url).status_code


def _hidden(access: Access) -> tuple[int, int]:
    """The answers for what is not there, or not for this person."""
    return (ABSENT if access.get else NOT_HERE, ABSENT if access.post else NOT_HERE)


def _fits(access: Access, got: int, posted: int) -> bool:
    """Whether these are the answers for somebody who may use the address; an empty form is refused with 4xx."""
    opened = got in ((200, 302) if access.get else (NOT_HERE,))
    answers = (access.empty,) if access.empty else (200, 204, 302, 400, 422)
    return opened and posted in (answers if access.post else (NOT_HERE,))


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in(world: World, client: Client) -> None:
    wrong = {}
    for name, access in TABLE.items():
        got, posted = _answers(client, ADDRESSES[name], world.kwargs(ADDRESSES[name], access, None))
        right = (
            got == (200 if access.get else NOT_HERE) if access.needs is Open.ANYBODY else (got, posted) == (302, 401)
        )
        wrong |= {} if right else {name: (got, posted)}
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_each_role_gets_what_the_table_promises(role: Role, world: World, client: Client) -> None:
    user, wrong = world.person(role), {}
    client.force_login(user)
    for name, access in TABLE.items():
        got, posted = _answers(client, ADDRESSES[name], world.kwargs(ADDRESSES[name], access, user))
        refused = not isinstance(access.needs, Open) and role not in roles_with(access.needs)
        right = (got, posted) == (REFUSED, REFUSED) if refused else _fits(access, got, posted)
        if access.subject in OF_A_STUDENT and role not in roles_with(Permission.VIEW_STUDENT):
            right |= (got, posted) == _hidden(access)
        wrong |= {} if right else {name: (got, posted)}
    assert wrong == {}, f"(GET, POST) of {role.label}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ASSIGNED_ROLES | HOUSE_ROLES | YEAR_ROLES))
def test_a_student_out_of_reach_looks_absent(role: Role, world: World, client: Client) -> None:
    user, wrong = world.person(role), {}
    client.force_login(user)
    for name, access in TABLE.items():
        if access.subject not in OF_A_STUDENT or isinstance(access.needs, Open) or role not in roles_with(access.needs):
            continue  # not about a student, or refused outright: held by the sweep above
        somebody_else = make.UserFactory.create(school=user.school)
        got, posted = _answers(
            client, ADDRESSES[name], world.kwargs(ADDRESSES[name], access, somebody_else, strange=True)
        )
        wrong |= {} if (got, posted) == _hidden(access) else {name: (got, posted)}
    assert wrong == {}, f"(GET, POST) of {role.label}"
