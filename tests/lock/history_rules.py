"""Who may read what rows were before, and the record of actions: sentences like those of tests/lock/rules.py.

Nobody adds, changes or removes a line of either: triggers do, and `record`.
"""

from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import House, LineManager, Membership, School, User
from accounts.permissions import Permission as P
from audit.models import Event
from safeguarding.case.models import Due
from safeguarding.models import Concern, ConcernChild, KeptFrom
from safeguarding.transfer.models import Transfer
from students.models import Contact, Ethnicity, Student
from tests.lock import file_rules as file
from tests.lock import intervention_rules as interventions
from tests.lock import transfer_rules as transfers
from tests.lock.reference import Eyes, Row
from tutoring.attendance.models import Mark
from tutoring.conduct.models import ConductEntry, PlannerCheck, PlannerException
from tutoring.diary.models import Appointment
from tutoring.digests.models import DigestChoice
from tutoring.events.models import SchoolEvent
from tutoring.followup.models import Alert, Warning
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment, TutorGroup
from tutoring.handover.models import Handover
from tutoring.interventions.models import Dose, Intervention, Member, Sitting
from tutoring.plans.models import ActionPlan, HabitCheck, ModelPlan, PlanBarrier, PlanReview, PlanStep, PlanTarget
from tutoring.progress.models import Assessment, BehaviourEvent, TermComment
from tutoring.referrals.models import KeyPerson, MeetingRecord, Mentoring, PersonAround, Referral
from tutoring.roundrobin.models import Ask
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.models import Agreement, Exemption, HomeContact, NamedStaffChange, NextStep, TutorSession
from tutoring.strategies.models import HandlingPlan, OwnWords, StrategyCard, TeamPart
from tutoring.tutorials.models import Meeting, Presence, Series
from tutoring.visits.models import HomeVisit
from tutoring.watch.models import CheckIn, Watch

# The permission over the student that the rows themselves are read with.
OF_A_STUDENT = {
    Contact: P.VIEW_FAMILY,
    GroupMembership: P.VIEW_STUDENT,
    CaseloadEntry: P.VIEW_STUDENT,
    Mark: P.VIEW_ATTENDANCE,
    Assessment: P.VIEW_PROGRESS,
    BehaviourEvent: P.VIEW_PROGRESS,
    TermComment: P.VIEW_PROGRESS,
    ActionPlan: P.VIEW_PLAN,
    Handover: P.VIEW_HANDOVER,
    PlanBarrier: P.VIEW_PLAN,
    PlanTarget: P.VIEW_PLAN,
    HabitCheck: P.VIEW_PLAN,
    PlanReview: P.VIEW_PLAN,
    Warning: P.VIEW_WARNING,
    PlannerException: P.CHECK_PLANNERS,
    Presence: P.VIEW_TUTORIAL,
    ConductEntry: P.VIEW_PROGRESS,
    Exemption: P.VIEW_TEAM_SESSION,
    DigestChoice: P.VIEW_FAMILY,
    Watch: P.KEEP_WATCH,
    CheckIn: P.KEEP_WATCH,
    StrategyCard: P.VIEW_STRATEGY,
    OwnWords: P.VIEW_STRATEGY,
    Mentoring: P.VIEW_STRATEGY,
    HandlingPlan: P.VIEW_STRATEGY,
    TeamPart: P.KEEP_HANDLING,
}


def change_of(model: type[models.Model]) -> type[models.Model]:
    """The history of a model."""
    found: type[models.Model] = apps.get_model(model._meta.app_label, f"{model.__name__}Change")
    return found


def _over(permission: P) -> Any:
    return lambda eyes, row: eyes.sees(row.student_id, permission)


def _reads_session(eyes: Eyes, key: Any) -> bool:
    session = eyes.facts.sessions.get(key)
    return session is not None and eyes.reads_session(session)


def words_before(eyes: Eyes, row: Row) -> bool:
    """Whoever could read them then and can read the conversation now; for the few named, whoever is named now."""
    if not _reads_session(eyes, row.id):
        return False
    if row.author_id == eyes.uid:
        return True
    if row.confidentiality == Confidentiality.TEACHING:
        return eyes.sees(row.student_id, P.VIEW_SESSION)
    if row.confidentiality == Confidentiality.TEAM:
        return eyes.sees(row.student_id, P.VIEW_TEAM_SESSION)
    return eyes.uid in eyes.facts.named_in[row.id]


def step_before(eyes: Eyes, row: Row) -> bool:
    to_do = eyes.uid is not None and row.owner_staff_id == eyes.uid and eyes.sees(row.student_id)
    return to_do or _reads_session(eyes, row.session_id)


def home_contact_read(eyes: Eyes, row: Row) -> bool:
    """By whoever sees the family; of a conversation kept for named people, by those who read that."""
    session = eyes.facts.sessions.get(row.session_id)
    if session is None or not eyes.sees(row.student_id, P.VIEW_FAMILY):
        return False
    return session.confidentiality != Confidentiality.NAMED or eyes.reads_session(session)


def plan_step_before(eyes: Eyes, row: Row) -> bool:
    to_do = eyes.uid is not None and row.owner_staff_id == eyes.uid and eyes.sees(row.student_id)
    return to_do or eyes.sees(row.student_id, P.VIEW_PLAN)


def model_read(eyes: Eyes, row: Row) -> bool:
    """At one's own school: the author's; what is shared, for whoever reads plans (of that house, of its students)."""
    if eyes.school is None or row.school_id != eyes.school:
        return False
    if row.author_id == eyes.uid:
        return True
    seen = (eyes.facts.students[key].house_id for key in eyes.students(P.VIEW_PLAN))
    of_house = row.sharing == "house" and row.house_id in set(seen)
    return eyes.holds(P.VIEW_PLAN) and (row.sharing == "school" or of_house)


def _tie_before(eyes: Eyes, row: Row) -> bool:
    """At the school of whoever was tied, as long as they have that role."""
    held = {membership.pk: membership for membership in eyes.facts.rows[Membership]}.get(row.membership_id)
    return held is not None and eyes.school is not None and held.school_id == eyes.school


def appointment_read(eyes: Eyes, row: Row) -> bool:
    mine = eyes.uid is not None and row.staff_id == eyes.uid and eyes.sees(row.student_id)
    return mine or eyes.sees(row.student_id, P.VIEW_TEAM_SESSION)


def check_read(eyes: Eyes, row: Row) -> bool:
    """Of a group in which this person checks somebody's planner."""
    seen = eyes.students(P.CHECK_PLANNERS)
    return any(row.group_id in eyes.facts.groups_of[student] for student in seen)


def series_read(eyes: Eyes, row: Row) -> bool:
    """Of a group in which this person sees somebody's tutorials."""
    return any(row.group_id in eyes.facts.groups_of[student] for student in eyes.students(P.VIEW_TUTORIAL))


def meeting_read(eyes: Eyes, row: Row) -> bool:
    """Of a weekly tutorial that this person reads."""
    return any(series.pk == row.series_id and series_read(eyes, series) for series in eyes.facts.rows[Series])


def alert_mine(eyes: Eyes, row: Row) -> bool:
    """Raised by me or to me, about somebody I see."""
    return eyes.uid is not None and eyes.uid in (row.raised_by_id, row.to_id) and eyes.sees(row.student_id)


def alert_read(eyes: Eyes, row: Row) -> bool:
    return alert_mine(eyes, row) or eyes.sees(row.student_id, P.VIEW_ALERT)


def visit_read(eyes: Eyes, row: Row) -> bool:
    """Whoever goes and who is told, whether or not they see the student; the team over the student."""
    mine = eyes.uid is not None and eyes.uid in (row.visitor_id, row.companion_id, row.told_id)
    return mine or eyes.sees(row.student_id, P.VIEW_TEAM_SESSION)


def ask_read(eyes: Eyes, row: Row) -> bool:
    """Whoever is asked, always; whoever asks, while they see the student; the team over the student."""
    if eyes.uid is not None and row.teacher_id == eyes.uid:
        return True
    asks = eyes.uid is not None and row.asked_by_id == eyes.uid and eyes.sees(row.student_id)
    return asks or eyes.sees(row.student_id, P.VIEW_TEAM_SESSION)


def referral_mine(eyes: Eyes, row: Row) -> bool:
    """Made or held by me, about somebody I see, while I may read referrals at all."""
    mine = eyes.uid is not None and eyes.uid in (row.referred_by_id, row.key_person_id)
    return mine and eyes.sees(row.student_id) and eyes.holds(P.VIEW_REFERRAL)


def referral_read(eyes: Eyes, row: Row) -> bool:
    return referral_mine(eyes, row) or eyes.sees(row.student_id, P.VIEW_REFERRAL)


def _searches(eyes: Eyes, school: Any) -> bool:
    return eyes.works_at(school, P.SEARCH_RECORD)


def line(eyes: Eyes, row: Row) -> bool:
    """One's own; whoever searches the record, their school's of no student or one they see, and not the file's."""
    of_file = row.action.startswith("file.")
    if eyes.uid is not None and row.actor_id == eyes.uid:
        return not of_file or row.action == "file.raised" or eyes.elevated
    if eyes.school is None or row.school_id != eyes.school or row.action.startswith("file."):
        return False
    return eyes.holds(P.SEARCH_RECORD) if row.student_id is None else eyes.sees(row.student_id, P.SEARCH_RECORD)


READ_BY: dict[type[models.Model], Any] = {
    change_of(Concern): file.itself,
    change_of(ConcernChild): file.of_file,
    change_of(KeptFrom): file.kept_read,
    change_of(Due): file.of_file,
    change_of(Transfer): transfers.known,
    # Of what it was before nothing is counted.
    change_of(Ethnicity): lambda eyes, row: any(
        eyes.sees(row.student_id, may) for may in (P.IMPORT_DATA, P.EXPORT_STUDENTS)
    ),
    change_of(Student): lambda eyes, row: eyes.sees(row.id),
    **{change_of(model): _over(permission) for model, permission in OF_A_STUDENT.items()},
    change_of(TutorSession): words_before,
    change_of(NextStep): step_before,
    change_of(Agreement): lambda eyes, row: _reads_session(eyes, row.session_id),
    change_of(HomeContact): home_contact_read,
    change_of(Appointment): appointment_read,
    change_of(ModelPlan): model_read,
    change_of(PlanStep): plan_step_before,
    change_of(Alert): alert_read,
    change_of(Referral): referral_read,
    change_of(PersonAround): _over(P.VIEW_REFERRAL),
    change_of(KeyPerson): _over(P.VIEW_STUDENT),
    change_of(MeetingRecord): lambda eyes, row: _reads_session(eyes, row.session_id),
    change_of(HomeVisit): visit_read,
    change_of(Ask): ask_read,
    change_of(Intervention): interventions.before_read,
    change_of(Member): interventions.member_read,
    change_of(Sitting): interventions.of_read,
    change_of(Dose): interventions.presence_read,
    change_of(PlannerCheck): check_read,
    change_of(Series): series_read,
    change_of(SchoolEvent): lambda eyes, row: eyes.school is not None and row.school_id == eyes.school,
    change_of(Meeting): meeting_read,
    NamedStaffChange: lambda eyes, row: _reads_session(eyes, row.tutorsession_id),
    change_of(TutorAssignment): _tie_before,
    change_of(TutorGroup): lambda eyes, row: eyes.school is not None and row.school_id == eyes.school,
    change_of(School): lambda eyes, row: _searches(eyes, row.id),
    change_of(House): lambda eyes, row: _searches(eyes, row.school_id),
    change_of(User): lambda eyes, row: (eyes.uid is not None and row.id == eyes.uid) or _searches(eyes, row.school_id),
    change_of(Membership): lambda eyes, row: (
        (eyes.uid is not None and row.user_id == eyes.uid) or _searches(eyes, row.school_id)
    ),
    change_of(LineManager): lambda eyes, row: (
        (eyes.uid is not None and eyes.uid in (row.person_id, row.manager_id)) or _searches(eyes, row.school_id)
    ),
    Event: line,
}
