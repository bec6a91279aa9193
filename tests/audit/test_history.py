"""However a row is written, its history has it, with the person of the signed token; read like the rows themselves."""

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import House, LineManager, Membership, School, User
from audit.history import Change
from core.acting import Actor, acting_as
from safeguarding.case.models import Due
from safeguarding.models import Concern, ConcernChild, KeptFrom
from safeguarding.transfer.models import Transfer
from students.models import Contact, Ethnicity, Student
from tests import factories as make
from tutoring.attendance.models import Mark, MarkChange
from tutoring.conduct.models import ConductEntry, PlannerCheck, PlannerException
from tutoring.diary.models import Appointment
from tutoring.digests.models import DigestChoice
from tutoring.events.models import SchoolEvent
from tutoring.followup.models import Alert, Warning
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment, TutorGroup
from tutoring.handover.models import Handover
from tutoring.interventions.models import Dose, Intervention, Member, Sitting
from tutoring.plans.models import (
    ActionPlan,
    HabitCheck,
    ModelPlan,
    PlanBarrier,
    PlanBarrierChange,
    PlanReview,
    PlanStep,
    PlanTarget,
)
from tutoring.progress.models import Assessment, BehaviourEvent, TermComment
from tutoring.referrals.models import KeyPerson, MeetingRecord, Mentoring, PersonAround, Referral
from tutoring.roundrobin.models import Ask
from tutoring.sessions.enums import Answer, AnsweredHow, Confidentiality
from tutoring.sessions.models import (
    Agreement,
    AgreementChange,
    Exemption,
    HomeContact,
    NamedStaffChange,
    NextStep,
    NextStepChange,
    TutorSession,
    TutorSessionChange,
)
from tutoring.strategies.models import HandlingPlan, OwnWords, StrategyCard, TeamPart
from tutoring.tutorials.models import Meeting, Presence, Series
from tutoring.visits.models import HomeVisit
from tutoring.watch.models import CheckIn, Watch

pytestmark = pytest.mark.django_db

# Each model, a field, and what it is set to. Where an import tells what it made, creation leaves no line.
KEPT: dict[type[models.Model], tuple[str, Any]] = {
    School: ("name", "School {}"),
    House: ("name", "House {}"),
    User: ("first_name", "Name {}"),
    Membership: ("ends_on", "2030-01-0{}"),
    Student: ("preferred_forename", "Name {}"),
    Ethnicity: ("source", "{}"),
    Contact: ("phone", "07700 90012{}"),
    TutorGroup: ("name", "Group {}"),
    GroupMembership: ("ends_on", "2030-01-0{}"),
    TutorAssignment: ("ends_on", "2030-01-0{}"),
    LineManager: ("ends_on", "2030-01-0{}"),
    CaseloadEntry: ("ends_on", "2030-01-0{}"),
    Assessment: ("comment", "Comment {}"),
    BehaviourEvent: ("comment", "Comment {}"),
    TermComment: ("text", "Comment {}"),
    TutorSession: ("place", "Room {}"),
    NextStep: ("outcome", "Outcome {}"),
    Exemption: ("reason", "Reason {}"),
    HomeContact: ("with_whom", "Mrs Okafor {}"),
    Appointment: ("room", "Room {}"),
    ModelPlan: ("title", "Title {}"),
    ActionPlan: ("title", "Title {}"),
    PlanTarget: ("text", "Target {}"),
    HabitCheck: ("day", "2026-11-0{}"),
    PlanStep: ("text", "Step {}"),
    PlanReview: ("words", "Words {}"),
    Alert: ("recommendation", "Words {}"),
    Referral: ("outcome", "Words {}"),
    PersonAround: ("may_know", "Words {}"),
    KeyPerson: ("until", "2030-01-0{}"),
    Mentoring: ("strengths", "Strengths {}"),
    MeetingRecord: ("decided", "Words {}"),
    HomeVisit: ("note", "Words {}"),
    Ask: ("title", "Words {}"),
    DigestChoice: ("rhythm", "{}"),
    Watch: ("reason", "Words {}"),
    CheckIn: ("words", "Words {}"),
    StrategyCard: ("text", "Words {}"),
    OwnWords: ("strengths", "Words {}"),
    HandlingPlan: ("calms", "Words {}"),
    TeamPart: ("triggers", "Words {}"),
    Intervention: ("name", "Words {}"),
    Member: ("outcome_words", "Words {}"),
    Sitting: ("note", "Words {}"),
    Dose: ("minutes", "1{}"),
    Handover: ("note", "Words {}"),
    Warning: ("student_response", "Words {}"),
    SchoolEvent: ("place", "Room {}"),
    Series: ("room", "Room {}"),
    Meeting: ("note", "Words {}"),
    Presence: ("mark", "mark {}"),
    PlannerCheck: ("day", "2026-10-0{}"),
    PlannerException: ("words", "Words {}"),
    ConductEntry: ("comment", "Words {}"),
    Mark: ("comment", "Comment {}"),
    Concern: ("category", "Category {}"),
    ConcernChild: ("part", "part {}"),
    Due: ("due_on", "2030-01-0{}"),
    KeptFrom: ("ended_at", "2030-01-0{} 00:00+00"),
    Transfer: ("due_on", "2030-01-0{}"),
}
MADE_BY_IMPORTS = {Assessment, BehaviourEvent, Mark}
FACTORIES = {f._meta.model: f for f in vars(make).values() if hasattr(f, "_meta") and hasattr(f._meta, "model")}


def _history(model: type[models.Model]) -> Any:
    return apps.get_model(model._meta.app_label, f"{model.__name__}Change")


def _columns(obj: models.Model) -> dict[str, Any]:
    fields = [f for f in obj._meta.concrete_fields if f.column and not isinstance(f, models.GeneratedField)]
    return {f.column: f.get_db_prep_save(getattr(obj, f.attname), connection) for f in fields}


def _raw(sql: str, *parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


class Paths:
    """The nine ways in which a row can be written, each on the same row."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model, (self.field, self.words) = model, KEPT[model]
        self.obj = FACTORIES[model].create()
        self.kept = dict(vars(self.obj))
        self.number = 0
        where = self.obj.pk if isinstance(self.obj.pk, tuple) else (self.obj.pk,)
        names = [f.column for f in getattr(model._meta.pk, "fields", None) or [model._meta.pk]]
        self.table = model._meta.db_table
        self.where, self.key = " AND ".join(f"{name} = %s" for name in names), where

    def value(self) -> str:
        self.number += 1
        return str(self.words.format(self.number))

    def save(self) -> None:
        setattr(self.obj, self.field, self.value())
        self.obj.save()

    def update(self) -> None:
        assert self.model._default_manager.filter(pk=self.obj.pk).update(**{self.field: self.value()}) == 1

    def bulk_update(self) -> None:
        setattr(self.obj, self.field, self.value())
        if self.model is Mark:
            return self.update()  # Django has no bulk_update for composite keys
        self.model._default_manager.bulk_update([self.obj], [self.field])
        return None

    def raw_update(self) -> None:
        assert _raw(f"UPDATE {self.table} SET {self.field} = %s WHERE {self.where}", self.value(), *self.key) == 1

    def delete(self) -> None:
        self.obj.delete()
        vars(self.obj).update(self.kept)

    def bulk_create(self) -> None:
        self.model._default_manager.bulk_create([self.obj])

    def raw_delete(self) -> None:
        assert _raw(f"DELETE FROM {self.table} WHERE {self.where}", *self.key) == 1

    def raw_insert(self) -> None:
        columns = _columns(self.obj)
        names, holes = ", ".join(f'"{c}"' for c in columns), ", ".join(["%s"] * len(columns))
        assert _raw(f"INSERT INTO {self.table} ({names}) VALUES ({holes})", *columns.values()) == 1


@pytest.mark.parametrize("model", KEPT, ids=lambda m: m._meta.label)
def test_none_of_nine_ways_is_missed(model: type[models.Model]) -> None:
    paths = Paths(model)
    ways = [
        ("insert", lambda: None),  # create: by the factory
        ("update", paths.save),
        ("update", paths.update),
        ("update", paths.bulk_update),
        ("update", paths.raw_update),
        ("delete", paths.delete),
        ("insert", paths.bulk_create),
        ("delete", paths.raw_delete),
        ("insert", paths.raw_insert),
    ]
    expected = []
    for label, way in ways:
        way()
        expected += [] if label == "insert" and model in MADE_BY_IMPORTS else [label]
        assert list(_of(paths).values_list("pgh_label", flat=True)) == expected, way


def _of(paths: Paths) -> Any:
    """The history of this row alone, in order."""
    history = _history(paths.model)
    if paths.model is Mark:
        return history.objects.filter(student_id=paths.key[0]).order_by("pgh_id")
    return history.objects.filter(id=paths.key[0]).order_by("pgh_id")


def test_every_history_is_tested_above() -> None:
    histories = {m for m in apps.get_models() if issubclass(m, Change)}
    assert {_history(model) for model in KEPT} == histories - {NamedStaffChange, PlanBarrierChange, AgreementChange}


def test_what_was_there_before_is_kept_and_what_did_not_change_is_not() -> None:
    step = make.NextStepFactory.create(text="Breakfast club")
    NextStep.objects.filter(pk=step.pk).update(text="Breakfast club")
    NextStep.objects.filter(pk=step.pk).update(text="Library at lunch")
    NextStep.objects.filter(pk=step.pk).update(text="Homework club")
    kept = NextStepChange.objects.filter(id=step.pk, pgh_label="update").order_by("pgh_id")
    assert list(kept.values_list("text", flat=True)) == ["Breakfast club", "Library at lunch"]


def test_readers_named_and_unnamed_are_kept() -> None:
    session, reader = make.TutorSessionFactory.create(), make.UserFactory.create()
    session.named_staff.add(reader)
    session.named_staff.remove(reader)
    kept = NamedStaffChange.objects.filter(tutorsession_id=session.pk, user_id=reader.pk).order_by("pgh_id")
    assert list(kept.values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_barriers_ticked_and_unticked_are_kept() -> None:
    ticked = make.PlanBarrierFactory.create()
    PlanBarrier.objects.filter(pk=ticked.pk).delete()
    kept = PlanBarrierChange.objects.filter(id=ticked.pk).order_by("pgh_id")
    assert list(kept.values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_an_agreement_is_kept_as_it_was_before_the_student_answered() -> None:
    """Its words never change, so the ways above that change a word are refused."""
    agreed = make.AgreementFactory.create()
    answered = {"answer": Answer.CONFIRMED, "answered_on": timezone.localdate(), "answered_how": AnsweredHow.DEVICE}
    Agreement.objects.filter(pk=agreed.pk).update(**answered)
    kept = AgreementChange.objects.filter(id=agreed.pk).order_by("pgh_id")
    assert list(kept.values_list("pgh_label", "answer")) == [("insert", Answer.OPEN), ("update", Answer.OPEN)]


def test_a_password_and_the_last_sign_in_are_not_kept() -> None:
    user = make.UserFactory.create()
    history = _history(User)
    User.objects.filter(pk=user.pk).update(password="x", last_login="2026-11-22T08:00Z")
    assert list(history.objects.filter(id=user.pk).values_list("pgh_label", flat=True)) == ["insert"]
    assert not {"password", "last_login"} & {f.name for f in history._meta.fields}


@pytest.fixture
def tutor() -> User:
    return make.person(Role.TUTOR, group=make.TutorGroupFactory.create())


@pytest.fixture
def session(tutor: User) -> TutorSession:
    student = make.student_in(make.TutorGroupFactory.create())
    return make.TutorSessionFactory.create(student=student, author=tutor, happened="The first words.")


def _change(session: TutorSession, by: User, **values: Any) -> Actor:
    actor = Actor(user_id=by.pk)
    with acting_as(actor):
        assert TutorSession.objects.filter(pk=session.pk).update(**values) == 1
    return actor


def test_who_and_in_which_request_comes_from_the_signed_token(tutor: User, session: TutorSession) -> None:
    actor = _change(session, tutor, happened="Other words.")
    change = TutorSessionChange.objects.get(id=session.pk, pgh_label="update")
    assert (change.pgh_actor_id, change.pgh_request_id) == (tutor.pk, actor.request_id)
    assert change.happened == "The first words."


def test_the_librarys_switch_turns_nothing_off(tutor: User, session: TutorSession) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(tgname::text) FROM pg_trigger WHERE tgrelid = 'tutor_sessions_tutorsession'::regclass"
        )
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(cursor.fetchone()[0]) + "}"])
    _change(session, tutor, happened="Other words.")
    assert TutorSessionChange.objects.filter(id=session.pk, pgh_label="update").count() == 1


@pytest.mark.parametrize(
    "forbidden",
    [
        "INSERT INTO tutor_sessions_namedstaffchange (pgh_created_at, pgh_label, tutorsession_id, user_id)"
        " VALUES (now(), 'delete', gen_random_uuid(), gen_random_uuid())",
        "UPDATE tutor_sessions_nextstepchange SET text = 'x'",
        "DELETE FROM tutor_sessions_nextstepchange",
        "DELETE FROM attendance_markchange",
        "TRUNCATE students_studentchange",
    ],
)
def test_history_is_written_by_triggers_alone(tutor: User, forbidden: str) -> None:
    with (
        acting_as(Actor(user_id=tutor.pk)),
        pytest.raises(DatabaseError, match=r"permission denied|row-level security"),
        transaction.atomic(),
    ):
        _raw(forbidden)


def _texts(session: TutorSession, reader: User) -> set[str]:
    with acting_as(Actor(user_id=reader.pk)):
        return set(TutorSessionChange.objects.filter(id=session.pk).values_list("happened", flat=True))


def test_an_earlier_text_is_read_by_those_who_could_then_and_can_now(tutor: User, session: TutorSession) -> None:
    colleague = make.person(Role.TUTOR, group=make.TutorGroupFactory.create())
    stranger = make.person(Role.TUTOR)
    _change(session, tutor, happened="Second words.")
    assert _texts(session, tutor) == _texts(session, colleague) == {"The first words."}
    assert _texts(session, stranger) == set()
    _change(session, tutor, confidentiality=Confidentiality.NAMED, happened="Said to few.")
    assert _texts(session, colleague) == set(), "narrowed now: nobody else reads what was open then"
    _change(session, tutor, confidentiality=Confidentiality.TEAM, happened="Open again.")
    assert _texts(session, colleague) == {"The first words.", "Second words."}, "opened now: not what was said to few"
    assert _texts(session, tutor) == {"The first words.", "Second words.", "Said to few."}


def test_a_mark_taken_back_is_kept_with_who_did_it() -> None:
    manager, mark = make.person(Role.DATA_MANAGER), make.MarkFactory.create(code="O")
    with acting_as(Actor(user_id=manager.pk)):
        Mark.objects.filter(student=mark.student).update(code="/")
    change = MarkChange.objects.get()
    assert (change.code, change.pgh_label, change.pgh_actor_id) == ("O", "update", manager.pk)


def test_without_anybody_signed_in_the_line_says_so() -> None:
    user = make.UserFactory.create()
    assert _history(User).objects.get(id=user.pk).pgh_actor_id is None
    assert isinstance(user.pk, uuid.UUID)
