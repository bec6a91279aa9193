"""Holds what the database allows one actor against the reference; every set that is compared counts as one check."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any, TypeVar

import psycopg
from django.db import connection, models, transaction

from accounts.enums import Role
from accounts.models import Draft, LineManager, Membership, School, User
from accounts.permissions import Permission as P
from core.acting import NOBODY, Actor, acting_as
from exchange.models import ImportRun
from reports.models import ReportBatch, ReportItem
from reports.runs.selectors import items_visible_to, reports_visible_to
from safeguarding.case.models import Due, Standing
from safeguarding.investigations.models import Investigation, InvestigationEntry, Party, Statement, StatementWords
from safeguarding.models import Attachment, Concern, Entry, KeptFrom, Receipt
from safeguarding.restraint.models import Incident, IncidentEntry, IncidentStaff
from safeguarding.retention.models import Hold, HoldEnd, Review, Withdrawal
from safeguarding.sharing.models import CoverWord, GlassBreak, GlassSeen, HandoverAnswer, StaffLine
from safeguarding.transfer.models import Chaser, Package, Transfer
from students.models import Contact, Ethnicity, Student
from tests.lock.attempts import DONE, REFUSED, Attempts, key, keys, seen_rows
from tests.lock.reference import Eyes, Facts, Named
from tests.lock.rules import RULES, WITHOUT_ACTOR, Rules
from tests.lock.world import fresh
from tutoring.attendance.models import Register, RegisterEntry
from tutoring.conduct.enums import ENTERED_HERE
from tutoring.conduct.models import ConductEntry, ConductType, PlannerCheck
from tutoring.diary.models import Appointment, CalendarLink, Slot
from tutoring.digests.models import DigestChoice
from tutoring.followup.models import Alert, Warning
from tutoring.groups.models import CaseloadEntry, TutorAssignment, TutorGroup
from tutoring.groups.selectors import (
    roles_over,
    staff_who_see,
    students_of_caseload,
    students_taught_by,
    students_visible_to,
)
from tutoring.handover.models import Handover, Rollover
from tutoring.interventions.models import Intervention, Sitting
from tutoring.plans.models import ActionPlan, HabitCheck, ModelPlan, PlanReview, PlanStep
from tutoring.progress.models import BehaviourEvent
from tutoring.referrals.models import KeyPerson, MeetingRecord, Mentoring, PersonAround, Referral, ReferralNote
from tutoring.roundrobin.models import Ask
from tutoring.sessions.models import AgreementOutcome, HomeContact, HomeMessage, NextStep, Reflection, TutorSession
from tutoring.sessions.selectors import open_steps_readable, sessions_readable, steps_readable
from tutoring.strategies.models import HandlingPlan, OwnWords, StrategyCard
from tutoring.tutorials.models import Meeting, Series
from tutoring.visits.models import HomeVisit
from tutoring.watch.models import CheckIn, Watch

Model = type[models.Model]
Thing = TypeVar("Thing")


# Whose a new row says it is.
UNDER_A_NAME: dict[Model, tuple[str, ...]] = {
    TutorSession: ("author_id",),
    ReportBatch: ("requested_by_id",),
    ImportRun: ("requested_by_id",),
    Draft: ("user_id",),
    Appointment: ("staff_id", "made_by_id"),
    Slot: ("staff_id",),
    CalendarLink: ("user_id",),
    ModelPlan: ("author_id",),
    ActionPlan: ("made_by_id",),
    PlanReview: ("by_id",),
    HabitCheck: ("by_id",),
    Warning: ("issued_by_id",),
    Alert: ("raised_by_id",),
    HomeVisit: ("visitor_id",),
    Ask: ("asked_by_id",),
    DigestChoice: ("recorded_by_id",),
    Watch: ("made_by_id",),
    CheckIn: ("by_id",),
    StrategyCard: ("author_id",),
    OwnWords: ("made_by_id",),
    Reflection: ("taken_by_id",),
    AgreementOutcome: ("said_by_id",),
    HandlingPlan: ("made_by_id",),
    Intervention: ("made_by_id",),
    Sitting: ("by_id",),
    Referral: ("referred_by_id",),
    ReferralNote: ("by_id",),
    PersonAround: ("added_by_id",),
    KeyPerson: ("set_by_id",),
    Mentoring: ("set_by_id",),
    Register: ("by_id",),
    RegisterEntry: ("by_id",),
    PlannerCheck: ("by_id",),
    ConductEntry: ("author_id",),
    Series: ("made_by_id",),
    Meeting: ("written_by_id",),
    Handover: ("from_tutor_id",),
    Rollover: ("made_by_id",),
    Concern: ("reporter_id",),
    Entry: ("author_id",),
    Attachment: ("added_by_id",),
    Receipt: ("reporter_id",),
    Investigation: ("lead_id",),
    InvestigationEntry: ("author_id",),
    Statement: ("asked_by_id",),
    StatementWords: ("author_id",),
    Incident: ("recorded_by_id",),
    IncidentEntry: ("author_id",),
    KeptFrom: ("set_by_id",),
    StaffLine: ("published_by_id",),
    CoverWord: ("confirmed_by_id",),
    GlassBreak: ("person_id",),
    GlassSeen: ("person_id",),
    HandoverAnswer: ("person_id",),
    Due: ("made_by_id",),
    Standing: ("written_by_id",),
    Transfer: ("begun_by_id",),
    Package: ("made_by_id",),
    Chaser: ("by_id",),
    Hold: ("placed_by_id",),
    HoldEnd: ("lifted_by_id",),
    Review: ("by_id",),
    Withdrawal: ("by_id",),
}


@dataclass
class Comparison:
    """One actor against the reference. `checks` counts compared sets, `decisions` the rows decided in them."""

    facts: Facts
    # Of the single rows to try, every `stride`-th from the `turn`-th on; whole tables are always compared.
    turn: int = 0
    stride: int = 1
    checks: int = 0
    decisions: int = 0
    wrong: list[str] = field(default_factory=list)

    def person(self, user: User, *, elevated: bool = False) -> None:
        """Everything a person can try."""
        eyes = Eyes(self.facts, user, elevated=elevated)
        with acting_as(Actor(user_id=user.pk, elevated=elevated)):
            self._reads(eyes)
            self._permissions(eyes)
            self._selectors(eyes)
            self._writes(eyes)
        self._selectors_alone(eyes)

    def job(self, name: str) -> None:
        """One of our own jobs."""
        eyes = Eyes(self.facts, job=name)
        with acting_as(Actor(system=name)):
            self._reads(eyes)
            self._writes(eyes)

    def nobody(self) -> None:
        """PostgreSQL itself, past the backend: an error where a row is judged, but where nobody need have signed in."""
        for model in RULES:
            sql = f'SELECT count(*) FROM "{model._meta.db_table}"'
            try:
                with acting_as(NOBODY), transaction.atomic():
                    psycopg.Cursor(connection.connection).execute(sql)
                    answer = "an answer"
            except psycopg.Error as error:
                answer = str(error).partition("\n")[0]
            expected = "an answer" if model in WITHOUT_ACTOR else "no actor is bound to this transaction"
            self.equal(f"nobody reads {model.__name__}", answer, expected)

    def equal(self, what: str, found: Any, expected: Any) -> None:
        self.checks += 1
        self.decisions += max(1, len(expected) if isinstance(expected, (set, frozenset, list)) else 1)
        if found != expected:
            self.wrong.append(f"{what}: {_difference(found, expected)}")

    def _reads(self, eyes: Eyes) -> None:
        seen = seen_rows(RULES)
        for model, rules in RULES.items():
            expected = {key(row) for row in self.facts.rows[model] if rules.read(eyes, row)}
            self.equal(f"{_who(eyes)} reads {model.__name__}", seen[model], expected)
            self.decisions += len(self.facts.rows[model]) - len(expected)

    def _permissions(self, eyes: Eyes) -> None:
        with connection.cursor() as cursor:
            seen = "SELECT p, guard.holds(p), ARRAY(SELECT guard.students_seen(p)) FROM unnest(%s::text[]) AS p"
            cursor.execute(seen, [[permission.value for permission in P]])
            for name, held, students in cursor.fetchall():
                self.equal(f"{_who(eyes)} holds {name}", held, eyes.holds(P(name)))
                everybody = students is not None and set(students)
                self.equal(f"{_who(eyes)} has {name} over", everybody, eyes.students(P(name)))

    def _selectors(self, eyes: Eyes) -> None:
        """As the person: policies neither add to what a selector says nor take from it."""
        user = User.objects.get(pk=eyes.user.pk)  # type: ignore[union-attr]
        for what, found, expected in _selected(eyes, user):
            self.equal(f"{_who(eyes)} selects {what}", found, expected)
        seen = eyes.students(P.VIEW_STUDENT)
        for narrower in (students_of_caseload, students_taught_by):
            self.equal(f"{narrower.__name__} of {_who(eyes)} beyond", _keys(narrower(user)) - seen, set())
        for student in self._some(self.facts.rows[Student]):
            found = {User(pk=pk).pk for pk in staff_who_see(student, P.VIEW_TEAM_SESSION).values_list("pk", flat=True)}
            expected = _staff_over(self.facts, student) if eyes.sees(student.pk) else set()
            self.equal(f"{_who(eyes)} asks who sees {student.pk}", found, expected)
            self.equal(
                f"{_who(eyes)} has roles over {student.pk}",
                roles_over(user, student),
                {Role(role) for role in eyes.roles_over.get(student.pk, ())},
            )

    def _selectors_alone(self, eyes: Eyes) -> None:
        """As the owner, with no policy behind them: the selector that asks about anybody is right by itself."""
        user = User.objects.get(pk=eyes.user.pk)  # type: ignore[union-attr]
        for what, found, expected in _students_selected(eyes, user):
            self.equal(f"without policies {_who(eyes)} selects {what}", found, expected)

    def _writes(self, eyes: Eyes) -> None:
        attempts, expected = Attempts(), []
        for what, answer in self._planned(eyes, attempts):
            expected.append((what, answer))
        for (what, answer), found in zip(expected, attempts.outcomes(), strict=True):
            got = keys(found) if isinstance(answer, set) and found != REFUSED else found
            if got == "done" and answer == "1":
                got = "1"  # allowed, and then stopped by a constraint
            self.equal(f"{_who(eyes)} {what}", got, answer)

    def _planned(self, eyes: Eyes, attempts: Attempts) -> Iterator[tuple[str, Any]]:
        for model, rules in RULES.items():
            rows = self.facts.rows[model]
            attempts.remove_all(model)
            removes = rules.delete is not Rules.delete
            yield f"deletes {model.__name__}", _may(eyes, rows, rules.delete, rules.read) if removes else REFUSED
            attempts.touch_all(model)
            changes = rules.update is not Rules.update
            yield f"changes {model.__name__}", _may(eyes, rows, rules.update, rules.read) if changes else REFUSED
        for row in self._some(new_rows(self.facts, eyes)):
            attempts.add(row)
            allowed = RULES[type(row)].insert(eyes, row)
            yield f"adds {type(row).__name__} {_said(row)}", DONE if allowed else REFUSED
        for row, values in self._some(moves(self.facts, eyes)):
            attempts.move(row, **values)
            yield f"moves {type(row).__name__} {values}", _moved(eyes, row, values)

    def _some(self, things: Iterable[Thing]) -> Iterator[Thing]:
        return islice(things, self.turn % self.stride, None, self.stride)


def _moved(eyes: Eyes, row: Any, values: dict[str, Any]) -> str:
    rules = RULES[type(row)]
    if not (rules.update(eyes, row) and rules.read(eyes, row)):
        return "0"
    return "1" if rules.may_change(eyes, row, _changed(row, values)) else REFUSED


def _changed(row: Any, values: dict[str, Any]) -> Any:
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.generated}
    return type(row)(**fields | values)


def _may(eyes: Eyes, rows: list[Any], rule: Any, read: Any) -> set[str]:
    """Whoever names a row in a statement must be able to read it too."""
    return {key(row) for row in rows if rule(eyes, row) and read(eyes, row)}


def new_rows(facts: Facts, eyes: Eyes) -> Iterator[Any]:
    """One new row of every kind for every student and school, some under a false name."""
    me = eyes.user.pk if eyes.user else facts.rows[User][0].pk
    for model in RULES:
        rows = facts.rows[model]
        if RULES[model].insert is Rules.insert or not rows:
            continue
        for row in {(getattr(r, "student_id", None), getattr(r, "school_id", None)): r for r in rows}.values():
            yield fresh(row)
        if model in UNDER_A_NAME:
            yield from (fresh(row, **dict.fromkeys(UNDER_A_NAME[model], me)) for row in rows[:8])
    for appointment in facts.rows[Appointment]:
        yield fresh(appointment, made_by_id=me, session_id=None, state="booked", unbooked=False)
    for session in facts.rows[TutorSession]:
        for student in {session.student_id, facts.rows[Student][0].pk}:
            yield fresh(facts.rows[NextStep][0], session_id=session.pk, student_id=student)
            yield fresh(facts.rows[MeetingRecord][0], session_id=session.pk, student_id=student)
        yield fresh(facts.rows[Named][0], tutorsession_id=session.pk, user_id=me)
    for home in facts.rows[HomeContact]:
        yield fresh(home, contact_id=facts.rows[Contact][0].pk)
    for message in facts.rows[HomeMessage]:
        yield fresh(message, by_id=me)
        yield fresh(message, by_id=me, address="me@elsewhere.example")
        yield fresh(message, by_id=me, contact_id=facts.rows[Contact][0].pk)
    for plan in facts.rows[ActionPlan]:
        for student in {plan.student_id, facts.rows[Student][0].pk}:
            yield fresh(facts.rows[PlanStep][0], plan_id=plan.pk, student_id=student)
    yield from _shifted(facts, me)


def _shifted(facts: Facts, me: Any) -> Iterator[Any]:
    """Rows that name others than those there: tutors of any group, notes of any student, entries not yet settled."""
    held = {(m.role, m.school_id): m for m in facts.rows[Membership]}.values()
    for group, membership in product(facts.rows[TutorGroup], held):
        yield fresh(facts.rows[TutorAssignment][0], group_id=group.pk, membership_id=membership.pk)
    some = [student.pk for student in facts.rows[Student]][::3]
    for student, membership, late in product(some, facts.rows[Membership], (0, 1)):
        first = facts.day - late * dt.timedelta(days=1)
        dates = {"starts_on": first, "ends_on": first + dt.timedelta(days=1)}
        yield fresh(facts.rows[CaseloadEntry][0], student_id=student, membership_id=membership.pk, **dates)
    for line, late in product(facts.rows[LineManager], (0, 1)):
        yield fresh(line, starts_on=facts.day - late * dt.timedelta(days=1), ends_on=facts.day)
    for incident in facts.rows[Incident]:
        yield fresh(facts.rows[IncidentStaff][0], incident_id=incident.pk, person_id=me)
        for kind in ("recorded", "added", "pupil", "reviewed", "excused"):
            about = {"happened_at": incident.started_at, "kind": kind, "how": ""}
            yield fresh(facts.rows[IncidentEntry][0], incident_id=incident.pk, author_id=me, **about)
    for statement in facts.rows[Statement]:
        for how in ("own", "taken"):
            yield fresh(facts.rows[StatementWords][0], statement_id=statement.pk, author_id=me, how=how)
    for one in facts.rows[Investigation]:
        yield fresh(facts.rows[Party][0], investigation_id=one.pk, student_id=None)
        yield fresh(facts.rows[Party][0], investigation_id=one.pk, student_id=facts.rows[Student][0].pk)
        for entry in ("opened", "added"):
            yield fresh(facts.rows[InvestigationEntry][0], investigation_id=one.pk, author_id=me, kind=entry)
    for referral in facts.rows[Referral]:
        for student in {referral.student_id, facts.rows[Student][0].pk}:
            yield fresh(facts.rows[ReferralNote][0], referral_id=referral.pk, student_id=student, by_id=me)
    for entry in {e.student_id: e for e in facts.rows[ConductEntry]}.values():
        for author in {entry.author_id, me}:
            yield fresh(entry, author_id=author, followed_up_on=None, follow_up_words="")
    kinds = facts.rows[ConductType]
    for house, source in product({kind.house_id for kind in kinds}, [None, *kinds[::3]]):
        for kind in {kind.school_id: kind for kind in kinds}.values():
            yield fresh(kind, house_id=house, copied_from_id=source and source.pk, name=f"Of {house}")
    for row, school in product(facts.rows[Ethnicity][:4], facts.rows[School]):
        yield fresh(row, school_id=school.pk)
    for event in {e.student_id: e for e in facts.rows[BehaviourEvent]}.values():
        yield fresh(event, staff_code=ENTERED_HERE)


def moves(facts: Facts, eyes: Eyes) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Changes of whose a row is, to somebody else's."""
    me = eyes.user.pk if eyes.user else facts.rows[User][0].pk
    seen = eyes.students(P.VIEW_STUDENT)
    out_of_sight = [student.pk for student in facts.rows[Student] if student.pk not in seen]
    for model, rules in RULES.items():
        if rules.update is Rules.update or not facts.rows[model]:
            continue
        names = {f.attname for f in model._meta.concrete_fields}
        may = [row for row in facts.rows[model] if rules.update(eyes, row) and rules.read(eyes, row)]
        for row in [*may[:2], facts.rows[model][-1]]:
            if "student_id" in names:
                others = [*sorted(seen - {row.student_id})[:1], *out_of_sight[:1]]
                yield from ((row, {"student_id": other}) for other in others if other != row.student_id)
            for person in names & {"author_id", "requested_by_id", "user_id", "staff_id", "made_by_id"}:
                yield row, {person: me}
            if "school_id" in names:
                yield row, {"school_id": facts.rows[Student][-1].school_id}
            if model is ConductType:
                yield from ((row, {"house_id": house}) for house in {kind.house_id for kind in facts.rows[ConductType]})
            if "is_active" in names:
                yield row, {"is_active": not row.is_active}
            if "file" in names:
                yield row, {"file": "reports/another.pdf"}
    for step in facts.rows[NextStep][:3]:
        yield step, {"session_id": facts.rows[TutorSession][-1].pk}


def _students_selected(eyes: Eyes, user: User) -> Iterator[tuple[str, set[Any], set[Any]]]:
    for permission in P:
        yield f"students with {permission}", _keys(students_visible_to(user, permission)), eyes.students(permission)


def _selected(eyes: Eyes, user: User) -> Iterator[tuple[str, set[Any], set[Any]]]:
    facts = eyes.facts
    yield from _students_selected(eyes, user)
    sessions = {s.pk for s in facts.rows[TutorSession] if eyes.reads_session(s)}
    yield "sessions", _keys(sessions_readable()), sessions
    steps = {
        s.pk
        for s in facts.rows[NextStep]
        if s.session_id in sessions or (s.owner_staff_id == user.pk and eyes.sees(s.student_id))
    }
    yield "steps", _keys(steps_readable(user)), steps
    yield "open steps", _keys(open_steps_readable(user)), steps
    reports = {r.pk for r in facts.rows[ReportItem] if eyes.sees(r.student_id, P.VIEW_REPORT)}
    yield (
        "finished reports",
        _keys(reports_visible_to(user)),
        {r.pk for r in facts.rows[ReportItem] if r.pk in reports and r.state == "done"},
    )
    for run in facts.rows[ReportBatch][:1]:
        mine = {r.pk for r in facts.rows[ReportItem] if r.pk in reports and r.batch_id == run.pk}
        yield "items of a run", _keys(items_visible_to(user, run)), mine


def _staff_over(facts: Facts, student: Student) -> set[Any]:
    staff = (user for user in facts.rows[User] if user.school_id == student.school_id)
    return {user.pk for user in staff if Eyes(facts, user).sees(student.pk, P.VIEW_TEAM_SESSION)}


def _keys(rows: Any) -> set[Any]:
    return set(rows.values_list("pk", flat=True))


def _who(eyes: Eyes) -> str:
    roles = ", ".join(sorted(m.role for m in eyes.memberships)) or "nobody"
    return eyes.job or f"{eyes.user.pk} ({roles})"  # type: ignore[union-attr]


def _said(row: Any) -> str:
    return str({f.attname: str(getattr(row, f.attname)) for f in row._meta.concrete_fields if f.is_relation})


def _difference(found: Any, expected: Any) -> str:
    if isinstance(found, set) and isinstance(expected, set):
        return f"too much {sorted(map(str, found - expected))}, too little {sorted(map(str, expected - found))}"
    return f"{found!r} instead of {expected!r}"
