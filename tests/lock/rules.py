"""Table by table, who may read, add, change and remove a row: sentences about `Eyes`, held against every policy."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES
from accounts.models import Draft, House, LineManager, Membership, School, User
from accounts.permissions import Permission as P
from accounts.permissions import roles_with
from exchange.models import ImportRun
from reports.models import ReportBatch, ReportItem
from safeguarding.case.models import Due, Standing, StandingWords
from safeguarding.investigations.models import (
    FollowUp,
    Investigation,
    InvestigationEntry,
    InvestigationKey,
    Party,
    Statement,
    StatementKey,
    StatementWords,
)
from safeguarding.models import (
    Attachment,
    Concern,
    ConcernChild,
    ConcernKey,
    Entry,
    KeptFrom,
    LeadAlert,
    Receipt,
    StudentKey,
)
from safeguarding.restraint.models import Incident, IncidentEntry, IncidentStaff
from safeguarding.retention.models import Certificate, Hold, HoldEnd, RetentionClass, Review, Withdrawal
from safeguarding.sharing.models import (
    Confirmation,
    CoverWord,
    GlassBreak,
    GlassSeen,
    HandoverAnswer,
    LastReader,
    ReaderNews,
    StaffLine,
    StaffLineReader,
    StaffLineWords,
)
from safeguarding.transfer.models import Chaser, Package, Transfer
from students.models import Closure, Contact, Ethnicity, Student, Term
from tests.lock import case_rules as case
from tests.lock import file_rules as file
from tests.lock import force_rules as force
from tests.lock import intervention_rules as interventions
from tests.lock import investigation_rules as investigations
from tests.lock import retention_rules as retention
from tests.lock import transfer_rules as transfers
from tests.lock.history_rules import (
    READ_BY,
    alert_read,
    appointment_read,
    ask_read,
    check_read,
    home_contact_read,
    meeting_read,
    model_read,
    referral_mine,
    referral_read,
    series_read,
    visit_read,
)
from tests.lock.reference import Eyes, Named, Row
from tutoring.attendance.models import Mark, Register, RegisterEntry, WeekCount
from tutoring.conduct.enums import ENTERED_HERE
from tutoring.conduct.models import ConductEntry, ConductType, PlannerCheck, PlannerException, PlannerRhythm
from tutoring.diary.models import Appointment, CalendarLink, Slot
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.events.models import Audience, SchoolEvent
from tutoring.followup.models import Alert, Warning, WarningStage
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment, TutorGroup
from tutoring.groups.selectors import TEACHING_ROLES
from tutoring.handover.models import Handover, Rollover
from tutoring.interventions.models import Dose, Helper, Intervention, Member, Sitting
from tutoring.notices.models import StaffNotice
from tutoring.plans.models import (
    ActionPlan,
    Barrier,
    HabitCheck,
    ModelPlan,
    PlanBarrier,
    PlanReview,
    PlanStep,
    PlanTarget,
)
from tutoring.progress.models import Assessment, BehaviourEvent, DataDrop, Subject, TermComment
from tutoring.referrals.models import (
    Agency,
    AgencyContact,
    KeyPerson,
    MeetingRecord,
    Mentoring,
    PersonAround,
    Referral,
    ReferralNote,
)
from tutoring.roundrobin.models import Ask
from tutoring.sessions.enums import Answer, Sending
from tutoring.sessions.models import (
    Agreement,
    AgreementOutcome,
    Entitlement,
    Exemption,
    HomeContact,
    HomeMessage,
    NextStep,
    Reflection,
    ReflectionSheet,
    SessionDay,
    SessionKind,
    SessionTag,
    TutorSession,
    WordsForHome,
)
from tutoring.strategies.models import HandlingPlan, OwnWords, StrategyCard, TeamPart
from tutoring.tutorials.models import Meeting, Presence, Series, Topic
from tutoring.visits.models import HomeVisit
from tutoring.watch.models import CheckIn, Watch

RunGroup = ReportBatch.groups.through
Rule = Callable[[Eyes, Row], bool]


def _never(eyes: Eyes, row: Row) -> bool:
    return False


@dataclass(frozen=True)
class Rules:
    """Who may read, add, change and remove a row; `settled` columns stay as made, `by_job` ones are a job's."""

    read: Rule
    insert: Rule = _never
    update: Rule = _never
    delete: Rule = _never
    settled: frozenset[str] = frozenset()
    by_job: tuple[str, frozenset[str]] = ("", frozenset())

    def may_change(self, eyes: Eyes, before: Row, after: Row) -> bool:
        """Whether a row that lets itself be changed may become this one, which must be readable too."""
        changed = {f.attname for f in before._meta.concrete_fields if _value(before, f) != _value(after, f)}
        job, its_own = self.by_job
        if changed & self.settled or (changed & its_own and eyes.job != job):
            return False
        return self.update(eyes, after) and self.read(eyes, after)


def _value(row: Row, field: Any) -> Any:
    return None if field.generated else getattr(row, field.attname)


def _over(permission: P) -> Rule:
    return lambda eyes, row: eyes.sees(row.student_id, permission)


def _at_school(permission: P) -> Rule:
    return lambda eyes, row: eyes.works_at(row.school_id, permission)


def _job(name: str, rule: Rule) -> Rule:
    return lambda eyes, row: eyes.job == name or rule(eyes, row)


def _mine(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.user_id == eyes.uid


def _reads_session_of(eyes: Eyes, row: Row) -> bool:
    session = eyes.facts.sessions.get(row.session_id)
    return session is not None and eyes.reads_session(session)


def _step_at_hand(eyes: Eyes, row: Row) -> bool:
    to_do = eyes.uid is not None and row.owner_staff_id == eyes.uid and eyes.sees(row.student_id)
    return to_do or _reads_session_of(eyes, row)


def _step_read(eyes: Eyes, row: Row) -> bool:
    goes_home = row.session_id in eyes.facts.words_of and eyes.sees(row.student_id, P.RUN_REPORTS)
    return _step_at_hand(eyes, row) or goes_home


def _step_of_mine(eyes: Eyes, row: Row) -> bool:
    return eyes.wrote(row.session_id) and eyes.facts.sessions[row.session_id].student_id == row.student_id


def _agreement_open(eyes: Eyes, row: Row) -> bool:
    """The author of the conversation writes it and takes it out until the student has answered."""
    return _step_of_mine(eyes, row) and row.answer == Answer.OPEN


def _on_file(eyes: Eyes, row: Row) -> Any:
    """The contact a row names, if it is one of the same student."""
    return next(
        (c for c in eyes.facts.rows[Contact] if c.pk == row.contact_id and c.student_id == row.student_id), None
    )


def _home_mine(eyes: Eyes, row: Row) -> bool:
    return _step_of_mine(eyes, row) and eyes.sees(row.student_id, P.VIEW_FAMILY)


def _home_mine_on_file(eyes: Eyes, row: Row) -> bool:
    return _home_mine(eyes, row) and (row.contact_id is None or _on_file(eyes, row) is not None)


def _home_contact_of(eyes: Eyes, row: Row) -> Any:
    return next((h for h in eyes.facts.rows[HomeContact] if h.pk == row.home_contact_id), None)


SENDERS = ("home messages", "family digests")


def _message_read(eyes: Eyes, row: Row) -> bool:
    """As the contact it belongs to; the jobs that send read words only while they wait."""
    if eyes.job in SENDERS and (row.state in (Sending.WAITING, Sending.SENDING) or row.body == ""):
        return True
    home = _home_contact_of(eyes, row)
    return home is not None and home_contact_read(eyes, home)


def _message_written(eyes: Eyes, row: Row) -> bool:
    """About a contact of one's own, to an address on file for that very student, past no court order."""
    home, to = _home_contact_of(eyes, row), _on_file(eyes, row)
    mine = home is not None and home.student_id == row.student_id and eyes.wrote(home.session_id)
    may = eyes.sees(row.student_id, P.PRAISE_HOME) and row.by_id == eyes.uid and row.state == Sending.WAITING
    if row.urgent and not eyes.sees(row.student_id, P.SEND_URGENT):
        return False
    return bool(mine and may and to and to.email == row.address and not to.court_order)


def _logs(eyes: Eyes, row: Row) -> bool:
    return _author(eyes, row) and eyes.sees(row.student_id, P.LOG_SESSION)


def _exempts(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.made_by_id == eyes.uid and eyes.sees(row.student_id, P.EXEMPT_STUDENT)


def _author(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.author_id == eyes.uid


def _named_read(eyes: Eyes, row: Row) -> bool:
    return _mine(eyes, row) or eyes.reads_session(eyes.facts.sessions[row.tutorsession_id])


def _named_by_me(eyes: Eyes, row: Row) -> bool:
    return eyes.wrote(row.tutorsession_id)


def _appointment_kept(eyes: Eyes, row: Row) -> bool:
    """One's own, or a colleague's for a student whose notes one reads; held only with a conversation one reads."""
    for_colleague = eyes.sees(row.student_id, P.VIEW_TEAM_SESSION) and _colleague(eyes, row.staff_id)
    session = eyes.facts.sessions.get(row.session_id)
    fits = row.session_id is None or (
        session is not None and session.student_id == row.student_id and eyes.reads_session(session)
    )
    return eyes.sees(row.student_id, P.LOG_SESSION) and (row.staff_id == eyes.uid or for_colleague) and fits


def _appointment_made(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.made_by_id == eyes.uid and _appointment_kept(eyes, row)


def _appointment_taken_back(eyes: Eyes, row: Row) -> bool:
    """What was noted without a booking, by whoever noted it."""
    return row.unbooked and row.made_by_id == eyes.uid and eyes.sees(row.student_id, P.LOG_SESSION)


def _colleague(eyes: Eyes, key: Any) -> bool:
    people = {user.pk: user for user in eyes.facts.rows[User]}
    return eyes.school is not None and people[key].school_id == eyes.school


def _slot_read(eyes: Eyes, row: Row) -> bool:
    mine = eyes.uid is not None and row.staff_id == eyes.uid
    return mine or (_colleague(eyes, row.staff_id) and eyes.holds(P.LOG_SESSION))


def _slot_mine(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.staff_id == eyes.uid and eyes.holds(P.LOG_SESSION)


def _makes_plan(eyes: Eyes, row: Row) -> bool:
    """From nothing, or from a model one reads."""
    models = {model.pk: model for model in eyes.facts.rows[ModelPlan]}
    fits = row.from_model_id is None or model_read(eyes, models[row.from_model_id])
    return eyes.uid is not None and row.made_by_id == eyes.uid and eyes.sees(row.student_id, P.MAKE_PLAN) and fits


def _model_made(eyes: Eyes, row: Row) -> bool:
    return eyes.works_at(row.school_id, P.MAKE_PLAN) and row.author_id == eyes.uid


def _model_kept(eyes: Eyes, row: Row) -> bool:
    """The author's; what is shared, also of whoever answers for the bank."""
    return _model_made(eyes, row) or (eyes.works_at(row.school_id, P.SHARE_PLANS) and row.sharing != "mine")


def _part_of_plan(eyes: Eyes, row: Row) -> bool:
    """For those who make plans, and hung on a plan of the very same student."""
    plan = next((plan for plan in eyes.facts.rows[ActionPlan] if plan.pk == row.plan_id), None)
    about_them = plan is not None and plan.student_id == row.student_id and eyes.sees(row.student_id, P.VIEW_PLAN)
    return about_them and eyes.sees(row.student_id, P.MAKE_PLAN)


def _notes_habit(eyes: Eyes, row: Row) -> bool:
    """In one's own name, of a habit of the very same student."""
    habits = {t.pk: t for t in eyes.facts.rows[PlanTarget] if t.rhythm and t.student_id == row.student_id}
    mine = eyes.uid is not None and row.by_id == eyes.uid and row.target_id in habits
    return mine and eyes.sees(row.student_id, P.MAKE_PLAN)


def _reviews(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.by_id == eyes.uid and _part_of_plan(eyes, row)


def _issues(eyes: Eyes, row: Row) -> bool:
    """In one's own name, to a student one issues warnings to, and a stage of one's own school."""
    stage = next((stage for stage in eyes.facts.rows[WarningStage] if stage.pk == row.stage_id), None)
    ours = stage is not None and eyes.school is not None and stage.school_id == eyes.school
    mine = eyes.uid is not None and row.issued_by_id == eyes.uid
    return ours and mine and eyes.sees(row.student_id, P.ISSUE_WARNING)


def _event_brought_in(eyes: Eyes, row: Row) -> bool:
    """Imports never touch what was entered here; that a trigger may is tried in tests/conduct."""
    return eyes.sees(row.student_id, P.IMPORT_DATA) and row.staff_code != ENTERED_HERE


def _marks(eyes: Eyes, row: Row) -> bool:
    """What must have been said before, and by whom, is tried in tests/attendance."""
    return eyes.sees(row.student_id, P.IMPORT_DATA) or eyes.sees(row.student_id, P.TAKE_REGISTER)


def _register_read(eyes: Eyes, row: Row) -> bool:
    """Of a group in which this person takes somebody's register."""
    return any(row.group_id in eyes.facts.groups_of[student] for student in eyes.students(P.TAKE_REGISTER))


def _takes(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.by_id == eyes.uid and _register_read(eyes, row)


def _says(eyes: Eyes, row: Row) -> bool:
    """In one's own name, of a student of one's own, in a register one reads."""
    register = next((r for r in eyes.facts.rows[Register] if r.pk == row.register_id), None)
    mine = eyes.uid is not None and row.by_id == eyes.uid and eyes.sees(row.student_id, P.TAKE_REGISTER)
    return mine and register is not None and _register_read(eyes, register)


def _checks(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.by_id == eyes.uid and check_read(eyes, row)


def _of_my_check(eyes: Eyes, row: Row) -> bool:
    check = next((check for check in eyes.facts.rows[PlannerCheck] if check.pk == row.check_of_id), None)
    return check is not None and _checks(eyes, check) and eyes.sees(row.student_id, P.CHECK_PLANNERS)


def _topic_of_ours(eyes: Eyes, row: Row) -> bool:
    term = next((term for term in eyes.facts.rows[Term] if term.pk == row.term_id), None)
    return term is not None and eyes.school is not None and term.school_id == eyes.school


def _keeps_programme(eyes: Eyes, row: Row) -> bool:
    return _topic_of_ours(eyes, row) and eyes.holds(P.KEEP_PROGRAMME)


def _event_kept(eyes: Eyes, row: Row) -> bool:
    """By those who keep the school's events, and by whoever runs this one."""
    runs = eyes.uid is not None and row.lead_id == eyes.uid
    return _of_my_school(eyes, row) and (runs or eyes.holds(P.KEEP_EVENTS))


def _event_made(eyes: Eyes, row: Row) -> bool:
    mine = eyes.uid is not None and row.made_by_id == eyes.uid
    return mine and row.told_by_id is None and eyes.works_at(row.school_id, P.KEEP_EVENTS)


def _of_event(rule: Rule) -> Rule:
    """As the event it belongs to."""
    return lambda eyes, row: any(e.pk == row.event_id and rule(eyes, e) for e in eyes.facts.rows[SchoolEvent])


def _for_whom(eyes: Eyes, row: Row) -> bool:
    """Of an event one keeps; houses and groups of one's own school."""
    houses = {house.pk for house in eyes.facts.rows[House] if house.school_id == eyes.school}
    groups = {group.pk for group in eyes.facts.rows[TutorGroup] if group.school_id == eyes.school}
    ours = row.house_id in {None, *houses} and row.group_id in {None, *groups}
    return ours and _of_event(_event_kept)(eyes, row)


def _runs(eyes: Eyes, row: Row) -> bool:
    """A weekly tutorial of a group in which this person runs somebody's."""
    return any(row.group_id in eyes.facts.groups_of[student] for student in eyes.students(P.RUN_TUTORIAL))


def _sets_up(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.made_by_id == eyes.uid and _runs(eyes, row)


def _meeting_of_mine(eyes: Eyes, row: Row) -> bool:
    return any(series.pk == row.series_id and _runs(eyes, series) for series in eyes.facts.rows[Series])


def _writes_up(eyes: Eyes, row: Row) -> bool:
    """In one's own name; which days and who was in the group is tried in tests/tutorials."""
    return eyes.uid is not None and row.written_by_id == eyes.uid and _meeting_of_mine(eyes, row)


def _marks_there(eyes: Eyes, row: Row) -> bool:
    meeting = next((meeting for meeting in eyes.facts.rows[Meeting] if meeting.pk == row.meeting_id), None)
    return meeting is not None and _meeting_of_mine(eyes, meeting) and eyes.sees(row.student_id, P.RUN_TUTORIAL)


def _enters(eyes: Eyes, row: Row) -> bool:
    """In one's own name and fresh, what this student may be given: the school's, what is shared, their house's."""
    student = eyes.facts.students[row.student_id]
    kind = next((kind for kind in eyes.facts.rows[ConductType] if kind.pk == row.type_id), None)
    fits = kind is not None and kind.school_id == student.school_id
    fits = fits and (kind.house_id is None or kind.shared or kind.house_id == student.house_id)
    fresh = row.followed_up_on is None and row.withdrawn_at is None
    return fits and fresh and _author(eyes, row) and eyes.sees(row.student_id, P.ENTER_CONDUCT)


def _raises(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.raised_by_id == eyes.uid and eyes.sees(row.student_id, P.LOG_SESSION)


def _visits(eyes: Eyes, row: Row) -> bool:
    """In one's own name."""
    return eyes.uid is not None and row.visitor_id == eyes.uid and eyes.sees(row.student_id, P.PLAN_VISIT)


def _records_choice(eyes: Eyes, row: Row) -> bool:
    """What a family said, in the name of whoever heard it."""
    return eyes.uid is not None and row.recorded_by_id == eyes.uid and eyes.sees(row.student_id, P.PRAISE_HOME)


def _timer(eyes: Eyes, row: Row) -> bool:
    return eyes.job == "home visits" and row.out_at is not None


def _writes_card(eyes: Eyes, row: Row) -> bool:
    """In one's own name, standing and not yet looked at."""
    fresh = row.ended_on is None and row.still_true_on is None
    mine = eyes.uid is not None and row.author_id == eyes.uid
    return mine and fresh and eyes.sees(row.student_id, P.WRITE_STRATEGY)


def _writes_version(permission: P) -> Rule:
    return lambda eyes, row: (
        eyes.uid is not None and row.made_by_id == eyes.uid and eyes.sees(row.student_id, permission)
    )


def _says_outcome(eyes: Eyes, row: Row) -> bool:
    """In one's own name, of a conversation one reads, with whose student one logs sessions."""
    mine = eyes.uid is not None and row.said_by_id == eyes.uid
    return mine and _reads_session_of(eyes, row) and eyes.sees(row.student_id, P.LOG_SESSION)


def _takes_reflection(eyes: Eyes, row: Row) -> bool:
    """On one's own device, of a student whose 1:1s one reads."""
    return eyes.uid is not None and row.taken_by_id == eyes.uid and eyes.sees(row.student_id, P.VIEW_TEAM_SESSION)


def _looks(eyes: Eyes, row: Row) -> bool:
    """In one's own name, for a watch over the very same student that goes on."""
    watch = next((watch for watch in eyes.facts.rows[Watch] if watch.pk == row.watch_id), None)
    fits = watch is not None and watch.student_id == row.student_id and watch.ended_on is None
    return fits and eyes.uid is not None and row.by_id == eyes.uid and eyes.sees(row.student_id, P.KEEP_WATCH)


def _team_part(eyes: Eyes, row: Row) -> bool:
    """Of a plan that this very person wrote about this very student, agreed by nobody yet."""
    plan = next((plan for plan in eyes.facts.rows[HandlingPlan] if plan.pk == row.plan_id), None)
    mine = plan is not None and plan.student_id == row.student_id and plan.made_by_id == eyes.uid
    nobody = not (row.staff_name or row.home_name or row.student_name)
    return mine and nobody and eyes.uid is not None and eyes.sees(row.student_id, P.KEEP_HANDLING)


def _asks(eyes: Eyes, row: Row) -> bool:
    """In one's own name."""
    return eyes.uid is not None and row.asked_by_id == eyes.uid and eyes.sees(row.student_id, P.ASK_TEACHERS)


def _mails(eyes: Eyes, row: Row) -> bool:
    return eyes.job == "round robin" and row.answered_at is None


def _directory(eyes: Eyes, row: Row) -> bool:
    """An agency of one's own school, for whoever may refer, or keeps the list."""
    ours = eyes.school is not None and row.school_id == eyes.school
    return ours and (eyes.holds(P.VIEW_REFERRAL) or eyes.holds(P.CHANGE_SCHOOL))


def _keeps_directory(eyes: Eyes, row: Row) -> bool:
    return eyes.works_at(row.school_id, P.CHANGE_SCHOOL)


def _of_agency(rule: Rule) -> Rule:
    return lambda eyes, row: rule(eyes, next(a for a in eyes.facts.rows[Agency] if a.pk == row.agency_id))


def _refers(eyes: Eyes, row: Row) -> bool:
    """In one's own name, to somebody of the directory, and open."""
    mine = eyes.uid is not None and row.referred_by_id == eyes.uid and row.closed_on is None
    return mine and eyes.sees(row.student_id, P.MAKE_REFERRAL) and _of_agency(_directory)(eyes, row)


def _referral_of(eyes: Eyes, row: Row) -> Any:
    return next(referral for referral in eyes.facts.rows[Referral] if referral.pk == row.referral_id)


def _reads_note(eyes: Eyes, row: Row) -> bool:
    return eyes.sees(row.student_id, P.VIEW_REFERRAL) or referral_mine(eyes, _referral_of(eyes, row))


def _notes(eyes: Eyes, row: Row) -> bool:
    """In one's own name, on an open referral of the very same student that one reads."""
    referral = _referral_of(eyes, row)
    fits = referral.student_id == row.student_id and referral.closed_on is None and referral_read(eyes, referral)
    may = eyes.sees(row.student_id, P.MAKE_REFERRAL) or referral_mine(eyes, referral)
    return eyes.uid is not None and row.by_id == eyes.uid and fits and may


def _in_my_name(eyes: Eyes, name: Any) -> bool:
    return eyes.uid is not None and name == eyes.uid


def _may_keep_around(eyes: Eyes, row: Row) -> bool:
    """Whoever refers the student; a contact is one of the directory they read."""
    contacts = {contact.pk: contact for contact in eyes.facts.rows[AgencyContact]}
    listed = row.contact_id is None or _of_agency(_directory)(eyes, contacts[row.contact_id])
    return eyes.sees(row.student_id, P.MAKE_REFERRAL) and listed


def _names_key_person(eyes: Eyes, row: Row) -> bool:
    """In one's own name, from now on."""
    return _in_my_name(eyes, row.set_by_id) and row.until is None and eyes.sees(row.student_id, P.MAKE_REFERRAL)


def _names_mentor(eyes: Eyes, row: Row) -> bool:
    """In one's own name, and not over before it begins."""
    return _in_my_name(eyes, row.set_by_id) and row.until is None and eyes.sees(row.student_id, P.WRITE_STRATEGY)


def _mentors(eyes: Eyes, row: Row) -> bool:
    """Whoever names mentors of this student, and the mentor; in nobody else's name over."""
    mine = _in_my_name(eyes, row.mentor_id) and eyes.sees(row.student_id, P.VIEW_STRATEGY)
    ends = row.ended_by_id is None or _in_my_name(eyes, row.ended_by_id)
    return ends and (mine or eyes.sees(row.student_id, P.WRITE_STRATEGY))


def _writes_handover(eyes: Eyes, row: Row) -> bool:
    """In one's own name, and not acknowledged before it is there."""
    mine = eyes.uid is not None and row.from_tutor_id == eyes.uid and row.acknowledged_on is None
    return mine and eyes.sees(row.student_id, P.WRITE_HANDOVER)


def _begins_rollover(eyes: Eyes, row: Row) -> bool:
    mine = eyes.uid is not None and row.made_by_id == eyes.uid and row.status == "previewed"
    return mine and eyes.works_at(row.school_id, P.IMPORT_DATA)


def _plan_step(permission: P) -> Rule:
    """Whoever has the permission, and whoever has this step to do."""
    return lambda eyes, row: (
        eyes.sees(row.student_id, permission)
        or (eyes.uid is not None and row.owner_staff_id == eyes.uid and eyes.sees(row.student_id))
    )


def _report_read(eyes: Eyes, row: Row) -> bool:
    return eyes.sees(row.student_id, P.VIEW_REPORT) or eyes.sees(row.student_id, P.RUN_REPORTS)


def _into_my_run(eyes: Eyes, row: Row) -> bool:
    runs = {run.pk: run for run in eyes.facts.rows[ReportBatch]}
    allowed = eyes.sees(row.student_id, P.RUN_REPORTS) and RULES[ReportBatch].read(eyes, runs[row.batch_id])
    return allowed and row.file == ""


def _group_of_my_run(eyes: Eyes, row: Row) -> bool:
    runs = {run.pk: run for run in eyes.facts.rows[ReportBatch]}
    run = runs[row.reportbatch_id]
    return eyes.uid is not None and run.requested_by_id == eyes.uid and RULES[ReportBatch].read(eyes, run)


def _run_of_group(eyes: Eyes, row: Row) -> bool:
    runs = {run.pk: run for run in eyes.facts.rows[ReportBatch]}
    return RULES[ReportBatch].read(eyes, runs[row.reportbatch_id])


def _ties(eyes: Eyes, row: Row) -> bool:
    groups = {group.pk: group for group in eyes.facts.rows[TutorGroup]}
    memberships = {held.pk: held for held in eyes.facts.rows[Membership]}
    schools = {groups[row.group_id].school_id, memberships[row.membership_id].school_id}
    if schools != {eyes.school}:
        return False
    return eyes.holds(P.IMPORT_DATA) or _leads_group(eyes, row, memberships[row.membership_id].role)


def _lends(eyes: Eyes, row: Row) -> bool:
    """Says who stands in: for oneself, for everybody as whoever manages staff, for tutors whose students one leads."""
    facts = eyes.facts
    of = {held.pk: held for held in facts.rows[Membership]}.get(row.stands_in_for_id)
    if of is None or of.stands_in_for_id or of.school_id != eyes.school or not eyes.holds(P.ARRANGE_COVER):
        return False
    if of.role not in TEACHING_ROLES and (of.user_id == eyes.uid or eyes.holds(P.MANAGE_STAFF)):
        return True

    def tied(model: Any, key: str, value: str, among: Any) -> set[Any]:
        rows = (r for r in facts.rows[model] if getattr(r, key) in among)
        return {getattr(r, value) for r in rows if r.ends_on is None or r.ends_on >= facts.day}

    groups = tied(TutorAssignment, "membership_id", "group_id", {of.pk})
    students = tied(GroupMembership, "group_id", "student_id", groups)
    students |= tied(CaseloadEntry, "membership_id", "student_id", {of.pk})
    led = all(eyes.sees(one, P.CHANGE_TUTOR) and eyes.sees(one, P.VIEW_TEAM_SESSION) for one in students)
    return of.role in ("tutor", "one_to_one_tutor") and of.user_id != eyes.uid and bool(students) and led


def _gives(eyes: Eyes, row: Row) -> bool:
    """Gives a colleague a single student whom one leads and reads of; not oneself, nor whom one stands in for."""
    memberships = eyes.facts.rows[Membership]
    to = next(held for held in memberships if held.pk == row.membership_id)
    lent = [
        d for d in memberships if d.stands_in_for_id == to.pk and (d.ends_on is None or d.ends_on >= eyes.facts.day)
    ]
    if to.school_id != eyes.school or to.stands_in_for_id or to.role not in ASSIGNED_ROLES:
        return False
    if eyes.uid is None or eyes.uid in {to.user_id, *(d.user_id for d in lent)}:
        return False
    led = eyes.sees(row.student_id, P.CHANGE_TUTOR) and eyes.sees(row.student_id, P.VIEW_TEAM_SESSION)
    return led or eyes.sees(row.student_id, P.MANAGE_STAFF)


def _gives_from_now(eyes: Eyes, row: Row) -> bool:
    return row.starts_on >= eyes.facts.day and _gives(eyes, row)


def _ends_single(eyes: Eyes, row: Row) -> bool:
    going_on = row.ends_on is None or row.ends_on >= eyes.facts.day
    return eyes.sees(row.student_id, P.IMPORT_DATA) or (going_on and _gives(eyes, row))


def _takes_single_off(eyes: Eyes, row: Row) -> bool:
    return eyes.sees(row.student_id, P.IMPORT_DATA) or _gives_from_now(eyes, row)


def _names_line(eyes: Eyes, row: Row) -> bool:
    """Whoever manages the staff says who manages whom, from today on."""
    return row.starts_on >= eyes.facts.day and eyes.works_at(row.school_id, P.MANAGE_STAFF)


def _ends_line(eyes: Eyes, row: Row) -> bool:
    going_on = row.ends_on is None or row.ends_on >= eyes.facts.day
    return going_on and eyes.works_at(row.school_id, P.MANAGE_STAFF)


def _ties_from_file(eyes: Eyes, row: Row) -> bool:
    return eyes.holds(P.IMPORT_DATA) and _ties(eyes, row)


def _leads_group(eyes: Eyes, row: Row, role: str) -> bool:
    """Ties a tutor to a group whose students, today's and those to come, one leads altogether."""
    facts = eyes.facts
    members = {
        m.student_id
        for m in facts.rows[GroupMembership]
        if m.group_id == row.group_id and (m.ends_on is None or m.ends_on >= facts.day)
    }
    whole = any(
        m.role in roles_with(P.CHANGE_TUTOR)
        and m.role not in ASSIGNED_ROLES | HOUSE_ROLES | YEAR_ROLES
        and m.house_id is None
        and m.year_group is None
        for m in eyes.memberships
    )
    led = bool(members) and all(eyes.sees(student, P.CHANGE_TUTOR) for student in members)
    return role == "tutor" and (whole or led)


def _sends_files(eyes: Eyes, row: Row) -> bool:
    return eyes.uid is not None and row.requested_by_id == eyes.uid and eyes.works_at(row.school_id, P.IMPORT_DATA)


def _begins_run(eyes: Eyes, row: Row) -> bool:
    mine = eyes.uid is not None and row.requested_by_id == eyes.uid
    return mine and eyes.works_at(row.school_id, P.RUN_REPORTS)


def _of_my_school(eyes: Eyes, row: Row) -> bool:
    return eyes.school is not None and row.school_id == eyes.school


def _open(eyes: Eyes, row: Row) -> bool:
    return True


def _brought_in(read: P) -> Rules:
    bring = _over(P.IMPORT_DATA)
    return Rules(read=_over(read), insert=bring, update=bring, delete=bring)


def _staffs(eyes: Eyes, row: Row) -> bool:
    return eyes.works_at(row.school_id, P.IMPORT_DATA) or eyes.works_at(row.school_id, P.MANAGE_STAFF)


def _myself_or_staff(eyes: Eyes, row: Row) -> bool:
    return (row.pk == eyes.uid and row.is_active) or _staffs(eyes, row)


def _settles(eyes: Eyes, row: Row) -> bool:
    school = row.pk if isinstance(row, School) else row.school_id
    return eyes.works_at(school, P.IMPORT_DATA) or eyes.works_at(school, P.CHANGE_SCHOOL)


def _leads_house(eyes: Eyes, house: Any) -> bool:
    """As a whole, in a role that keeps its rewards and sanctions."""
    roles = roles_with(P.KEEP_HOUSE_TYPES)
    led = {m.house_id for m in eyes.memberships if m.role in roles and m.year_group is None}
    return house is not None and house in led


def _type_kept(eyes: Eyes, row: Row) -> bool:
    """A house's by whoever leads it, all of a school's by whoever may change the school."""
    ours = eyes.school is not None and eyes.school == row.school_id
    return ours and (eyes.holds(P.CHANGE_SCHOOL) or _leads_house(eyes, row.house_id))


def _type_made(eyes: Eyes, row: Row) -> bool:
    """Made from nothing, or from what a house of the same school shares and gives."""
    shared = {
        kind.pk
        for kind in eyes.facts.rows[ConductType]
        if kind.school_id == eyes.school and kind.house_id and kind.shared and kind.is_active
    }
    return _type_kept(eyes, row) and (row.copied_from_id is None or row.copied_from_id in shared)


_BELONGS_TO_SCHOOL = Rules(read=_open, insert=_settles, update=_settles, delete=_settles)
OF_THE_SCHOOL = (
    House,
    TutorGroup,
    Term,
    Closure,
    Subject,
    DataDrop,
    SessionKind,
    SessionTag,
    Entitlement,
    ReflectionSheet,
    Barrier,
    WarningStage,
    PlannerRhythm,
    ConductType,
)
_SCHOOL_IMPORT = _at_school(P.IMPORT_DATA)
RULES: dict[type[models.Model], Rules] = {
    User: Rules(read=_open, insert=_staffs, update=_myself_or_staff, settled=frozenset({"school_id", "is_staff"})),
    School: Rules(read=_open, update=_settles),
    **dict.fromkeys(
        (
            House,
            TutorGroup,
            Term,
            Closure,
            Subject,
            DataDrop,
            SessionKind,
            Entitlement,
            ReflectionSheet,
            WarningStage,
            PlannerRhythm,
        ),
        _BELONGS_TO_SCHOOL,
    ),
    SessionTag: replace(_BELONGS_TO_SCHOOL, settled=frozenset({"school_id", "name"})),
    ConductType: Rules(read=_open, insert=_type_made, update=_type_kept, settled=frozenset({"kind", "copied_from_id"})),
    Student: Rules(
        read=lambda eyes, row: eyes.sees(row.pk), insert=_SCHOOL_IMPORT, update=_SCHOOL_IMPORT, delete=_SCHOOL_IMPORT
    ),
    Contact: _brought_in(P.VIEW_FAMILY),
    Ethnicity: Rules(
        read=lambda eyes, row: any(
            eyes.sees(row.student_id, may) for may in (P.IMPORT_DATA, P.EXPORT_STUDENTS, P.VIEW_GAPS)
        ),
        insert=lambda eyes, row: _SCHOOL_IMPORT(eyes, row) and eyes.sees(row.student_id, P.IMPORT_DATA),
        update=lambda eyes, row: _SCHOOL_IMPORT(eyes, row) and eyes.sees(row.student_id, P.IMPORT_DATA),
        settled=frozenset({"school_id", "student_id"}),
    ),
    GroupMembership: _brought_in(P.VIEW_STUDENT),
    CaseloadEntry: Rules(
        read=_over(P.VIEW_STUDENT),
        insert=_gives_from_now,
        update=_ends_single,
        delete=_takes_single_off,
        settled=frozenset({"membership_id", "student_id", "starts_on"}),
    ),
    LineManager: Rules(
        read=_of_my_school,
        insert=_names_line,
        update=_ends_line,
        delete=_names_line,
        settled=frozenset({"school_id", "person_id", "manager_id", "starts_on"}),
    ),
    TutorAssignment: Rules(read=_open, insert=_ties, update=_ties, delete=_ties_from_file),
    Membership: Rules(
        read=_open,
        insert=lambda eyes, row: _SCHOOL_IMPORT(eyes, row) or _lends(eyes, row),
        update=lambda eyes, row: _SCHOOL_IMPORT(eyes, row) or _lends(eyes, row),
        delete=lambda eyes, row: _SCHOOL_IMPORT(eyes, row) or (_lends(eyes, row) and row.starts_on >= eyes.facts.day),
    ),
    Mark: Rules(
        read=_over(P.VIEW_ATTENDANCE),
        insert=_marks,
        update=_marks,
        delete=_over(P.IMPORT_DATA),
        settled=frozenset({"student_id", "date", "session"}),
    ),
    Register: Rules(read=_register_read, insert=_takes),
    RegisterEntry: Rules(read=_over(P.TAKE_REGISTER), insert=_says),
    WeekCount: _brought_in(P.VIEW_ATTENDANCE),
    Assessment: _brought_in(P.VIEW_PROGRESS),
    BehaviourEvent: Rules(
        read=_over(P.VIEW_PROGRESS),
        insert=_event_brought_in,
        update=_event_brought_in,
        delete=_event_brought_in,
    ),
    PlannerCheck: Rules(read=check_read, insert=_checks),
    PlannerException: Rules(
        read=_over(P.CHECK_PLANNERS),
        insert=_of_my_check,
        update=_of_my_check,
        delete=_of_my_check,
        settled=frozenset({"check_of_id", "student_id"}),
    ),
    SchoolEvent: Rules(
        read=_of_my_school,
        insert=_event_made,
        update=_event_kept,
        settled=frozenset({"school_id", "made_by_id", "created_at"}),
    ),
    Audience: Rules(read=_of_event(_of_my_school), insert=_for_whom, delete=_of_event(_event_kept)),
    Topic: Rules(read=_topic_of_ours, insert=_keeps_programme, update=_keeps_programme, delete=_keeps_programme),
    Series: Rules(
        read=series_read,
        insert=_sets_up,
        update=_runs,
        delete=_runs,
        settled=frozenset({"group_id", "weekday", "starts_on", "made_by_id", "created_at"}),
    ),
    Meeting: Rules(
        read=meeting_read,
        insert=_writes_up,
        update=_meeting_of_mine,
        settled=frozenset({"series_id", "day", "written_by_id", "created_at"}),
    ),
    Presence: Rules(
        read=_over(P.VIEW_TUTORIAL),
        insert=_marks_there,
        update=_marks_there,
        delete=_marks_there,
        settled=frozenset({"meeting_id", "student_id"}),
    ),
    ConductEntry: Rules(
        read=_over(P.VIEW_PROGRESS),
        insert=_enters,
        update=lambda eyes, row: _author(eyes, row) and eyes.sees(row.student_id, P.ENTER_CONDUCT),
        settled=frozenset(
            {"student_id", "type_id", "author_id", "submission", "day", "comment", "follow_up_on", "created_at"}
        ),
    ),
    TermComment: Rules(
        read=_over(P.VIEW_PROGRESS),
        insert=_over(P.WRITE_COMMENT),
        update=_over(P.WRITE_COMMENT),
        delete=_over(P.WRITE_COMMENT),
    ),
    TutorSession: Rules(
        read=lambda eyes, row: eyes.reads_session(row),
        insert=_logs,
        update=_author,
        settled=frozenset({"student_id", "author_id"}),
    ),
    NextStep: Rules(
        read=_step_read,
        insert=_step_of_mine,
        update=_step_at_hand,
        delete=_step_of_mine,
        settled=frozenset({"session_id", "student_id"}),
    ),
    MeetingRecord: Rules(
        read=_reads_session_of,
        insert=_step_of_mine,
        update=_step_of_mine,
        settled=frozenset({"session_id", "student_id"}),
    ),
    Agreement: Rules(
        read=_reads_session_of,
        insert=_agreement_open,
        update=_step_of_mine,
        delete=_agreement_open,
        settled=frozenset({"session_id", "student_id", "position", "text"}),
    ),
    AgreementOutcome: Rules(read=_reads_session_of, insert=_says_outcome),
    Reflection: Rules(read=_over(P.VIEW_TEAM_SESSION), insert=_takes_reflection),
    HomeContact: Rules(
        read=home_contact_read,
        insert=_home_mine_on_file,
        update=_home_mine_on_file,
        delete=_home_mine,
        settled=frozenset({"session_id", "student_id"}),
    ),
    HomeMessage: Rules(
        read=_message_read,
        insert=_message_written,
        update=lambda eyes, row: eyes.job in SENDERS,
        settled=frozenset(
            {"home_contact_id", "student_id", "contact_id", "by_id", "address", "subject", "urgent", "language"}
        ),
    ),
    Named: Rules(read=_named_read, insert=_named_by_me, delete=_named_by_me),
    Appointment: Rules(
        read=appointment_read,
        insert=_appointment_made,
        update=_appointment_kept,
        delete=_appointment_taken_back,
        settled=frozenset({"student_id", "staff_id", "made_by_id", "unbooked"}),
    ),
    Slot: Rules(read=_slot_read, insert=_slot_mine, update=_slot_mine, delete=_slot_mine),
    CalendarLink: Rules(read=_mine, insert=_mine, update=_mine, delete=_mine),
    ModelPlan: Rules(
        read=model_read, insert=_model_made, update=_model_kept, settled=frozenset({"school_id", "author_id"})
    ),
    ActionPlan: Rules(
        read=_over(P.VIEW_PLAN),
        insert=_makes_plan,
        update=_over(P.MAKE_PLAN),
        settled=frozenset({"student_id", "made_by_id", "from_session_id", "from_model_id", "from_model_version"}),
    ),
    PlanBarrier: Rules(read=_over(P.VIEW_PLAN), insert=_part_of_plan, delete=_over(P.MAKE_PLAN)),
    PlanTarget: Rules(
        read=_over(P.VIEW_PLAN),
        insert=_part_of_plan,
        update=_over(P.MAKE_PLAN),
        settled=frozenset({"plan_id", "student_id"}),
    ),
    HabitCheck: Rules(
        read=_over(P.VIEW_PLAN),
        insert=_notes_habit,
        update=_over(P.MAKE_PLAN),
        settled=frozenset({"target_id", "student_id", "day"}),
    ),
    PlanStep: Rules(
        read=_plan_step(P.VIEW_PLAN),
        insert=_part_of_plan,
        update=_plan_step(P.MAKE_PLAN),
        settled=frozenset({"plan_id", "student_id", "from_step_id"}),
    ),
    PlanReview: Rules(read=_over(P.VIEW_PLAN), insert=_reviews),
    Warning: Rules(
        read=_over(P.VIEW_WARNING),
        insert=_issues,
        update=_over(P.ISSUE_WARNING),
        settled=frozenset({"student_id", "stage_id", "issued_by_id", "issued_on", "expires_on", "reason"}),
    ),
    Alert: Rules(
        read=alert_read,
        insert=_raises,
        update=alert_read,
        settled=frozenset({"student_id", "raised_by_id", "to_id", "raised_on", "what", "recommendation", "answer_by"}),
    ),
    Ask: Rules(
        read=lambda eyes, row: ask_read(eyes, row) or _mails(eyes, row),
        insert=_asks,
        update=lambda eyes, row: _mails(eyes, row) or (eyes.uid is not None and row.teacher_id == eyes.uid),
        settled=frozenset(
            {
                "student_id",
                "round",
                "asked_by_id",
                "teacher_id",
                "subjects",
                "title",
                "questions",
                "asked_at",
                "answer_by",
                "remind_on",
                "token_hash",
                "good_until",
                "site",
            }
        ),
    ),
    DigestChoice: Rules(
        read=_job("family digests", _over(P.VIEW_FAMILY)),
        insert=_records_choice,
        update=_over(P.PRAISE_HOME),
        settled=frozenset({"contact_id", "student_id"}),
    ),
    StaffNotice: Rules(
        read=_job("staff mails", _never),
        insert=_job("staff mails", _never),
        update=_job("staff mails", _never),
        settled=frozenset({"person_id"}),
    ),
    FamilyDigest: Rules(
        read=_job("family digests", _over(P.VIEW_FAMILY)),
        insert=_job("family digests", _over(P.PRAISE_HOME)),
        update=_job("family digests", _over(P.PRAISE_HOME)),
        settled=frozenset({"student_id", "week"}),
    ),
    Watch: Rules(
        read=_over(P.KEEP_WATCH),
        insert=_writes_version(P.KEEP_WATCH),
        update=_over(P.KEEP_WATCH),
        settled=frozenset({"student_id", "kind", "made_by_id", "started_on"}),
    ),
    CheckIn: Rules(read=_over(P.KEEP_WATCH), insert=_looks),
    StrategyCard: Rules(
        read=_over(P.VIEW_STRATEGY),
        insert=_writes_card,
        update=_over(P.WRITE_STRATEGY),
        settled=frozenset({"student_id", "author_id", "kind", "moment", "text", "created_at"}),
    ),
    OwnWords: Rules(read=_over(P.VIEW_STRATEGY), insert=_writes_version(P.WRITE_STRATEGY)),
    HandlingPlan: Rules(read=_over(P.VIEW_STRATEGY), insert=_writes_version(P.KEEP_HANDLING)),
    TeamPart: Rules(
        read=_over(P.KEEP_HANDLING),
        insert=_team_part,
        update=_over(P.KEEP_HANDLING),
        settled=frozenset({"plan_id", "student_id", "triggers", "holds", "trained", "medical", "after"}),
    ),
    HomeVisit: Rules(
        read=lambda eyes, row: visit_read(eyes, row) or _timer(eyes, row),
        insert=_visits,
        update=lambda eyes, row: (
            _timer(eyes, row) or (eyes.uid is not None and eyes.uid in (row.visitor_id, row.companion_id))
        ),
        settled=frozenset(
            {
                "student_id",
                "visitor_id",
                "companion_id",
                "told_id",
                "submission",
                "leaves_at",
                "back_by",
                "known_risk",
                "known_risk_note",
                "somebody_knows",
                "somebody_knows_note",
                "phone_charged",
                "phone_charged_note",
                "note",
                "site",
            }
        ),
    ),
    Intervention: Rules(
        read=interventions.intervention_read,
        insert=interventions.intervention_made,
        update=interventions.intervention_changed,
        settled=frozenset({"school_id", "made_by_id", "submission", "created_at"}),
    ),
    Helper: Rules(read=interventions.of_read, insert=interventions.helper_named, delete=interventions.of_kept),
    Member: Rules(
        read=interventions.member_read,
        insert=interventions.member_taken,
        update=interventions.member_changed,
        settled=frozenset({"intervention_id", "student_id"}),
    ),
    Sitting: Rules(
        read=interventions.of_read,
        insert=interventions.meeting_logged,
        update=interventions.meeting_logged,
        settled=frozenset({"intervention_id", "by_id", "submission"}),
    ),
    Dose: Rules(
        read=interventions.presence_read,
        insert=interventions.presence_said,
        update=interventions.presence_said,
        settled=frozenset({"meeting_id", "member_id", "student_id"}),
    ),
    Agency: Rules(read=_directory, insert=_keeps_directory, update=_keeps_directory),
    AgencyContact: Rules(
        read=_of_agency(_directory), insert=_of_agency(_keeps_directory), update=_of_agency(_keeps_directory)
    ),
    Referral: Rules(
        read=referral_read,
        insert=_refers,
        update=lambda eyes, row: eyes.sees(row.student_id, P.MAKE_REFERRAL) or referral_mine(eyes, row),
        settled=frozenset(
            {
                "student_id",
                "agency_id",
                "referred_by_id",
                "submission",
                "sent_on",
                "reason",
                "consent",
                "consent_words",
            }
        ),
    ),
    ReferralNote: Rules(read=_reads_note, insert=_notes),
    PersonAround: Rules(
        read=_over(P.VIEW_REFERRAL),
        insert=lambda eyes, row: _in_my_name(eyes, row.added_by_id) and _may_keep_around(eyes, row),
        update=_may_keep_around,
        settled=frozenset({"student_id", "added_by_id", "created_at"}),
    ),
    KeyPerson: Rules(
        read=_over(P.VIEW_STUDENT),
        insert=_names_key_person,
        update=_over(P.MAKE_REFERRAL),
        settled=frozenset({"student_id", "staff_id", "since", "set_by_id"}),
    ),
    Mentoring: Rules(
        read=_over(P.VIEW_STRATEGY),
        insert=_names_mentor,
        update=_mentors,
        settled=frozenset({"student_id", "mentor_id", "submission", "since", "set_by_id", "created_at"}),
    ),
    Handover: Rules(
        read=_over(P.VIEW_HANDOVER),
        insert=_writes_handover,
        update=_over(P.WRITE_HANDOVER),
        settled=frozenset({"student_id", "from_tutor_id"}),
    ),
    Rollover: Rules(
        read=lambda eyes, row: eyes.job == "new year" or eyes.works_at(row.school_id, P.IMPORT_DATA),
        insert=_begins_rollover,
        update=_SCHOOL_IMPORT,
        settled=frozenset({"school_id", "year", "made_by_id"}),
    ),
    Exemption: Rules(
        read=_over(P.VIEW_TEAM_SESSION),
        insert=_exempts,
        update=_over(P.EXEMPT_STUDENT),
        delete=_over(P.EXEMPT_STUDENT),
        settled=frozenset({"student_id"}),
    ),
    SessionDay: Rules(read=_over(P.VIEW_STUDENT)),
    WordsForHome: Rules(read=_report_read),
    ReportBatch: Rules(
        read=_job("reports", _of_my_school),
        insert=_begins_run,
        update=_job("reports", _at_school(P.RUN_REPORTS)),
        settled=frozenset({"school_id", "term_id", "requested_by_id"}),
    ),
    RunGroup: Rules(read=_run_of_group, insert=_group_of_my_run, delete=_group_of_my_run),
    ReportItem: Rules(
        read=_job("reports", _report_read),
        insert=_into_my_run,
        update=_job("reports", _over(P.RUN_REPORTS)),
        settled=frozenset({"batch_id", "student_id"}),
        by_job=("reports", frozenset({"file", "sha256", "size"})),
    ),
    ImportRun: Rules(
        read=_job("exchange", _SCHOOL_IMPORT),
        insert=_sends_files,
        update=_job("exchange", _SCHOOL_IMPORT),
        settled=frozenset({"school_id", "requested_by_id"}),
    ),
    StudentKey: Rules(read=investigations.opens_key, insert=_job("safeguarding", _over(P.FIND_STUDENT))),
    Concern: Rules(
        read=file.concern_read,
        insert=file.raises,
        update=file.itself,
        settled=frozenset(
            {"school_id", "store", "reporter_id", "raised_at", "about_staff_id", "follows_id", "immediate"}
        ),
    ),
    ConcernChild: Rules(
        read=file.part_read,
        insert=file.links,
        update=file.of_file,
        delete=file.of_file,
        settled=frozenset({"concern_id", "student_id"}),
    ),
    ConcernKey: Rules(read=file.part_read, insert=file.wraps, delete=file.unwraps),
    Entry: Rules(read=_never, insert=file.writes),
    Attachment: Rules(read=_never, insert=file.attaches),
    Receipt: Rules(
        read=file.receipt_read,
        insert=file.receipt_made,
        update=file.of_file,
        settled=frozenset({"concern_id", "reporter_id", "raised_at"}),
    ),
    KeptFrom: Rules(
        read=file.kept_read,
        insert=file.kept_set,
        update=file.kept_read,
        settled=frozenset({"person_id", "student_id", "concern_id", "set_by_id", "set_at", "why"}),
    ),
    Incident: Rules(read=force.itself, insert=force.records),
    IncidentStaff: Rules(read=force.of_it, insert=force.names),
    IncidentEntry: Rules(read=_never, insert=force.adds),
    Investigation: Rules(read=investigations.itself, insert=investigations.opens),
    Party: Rules(read=investigations.of_it, insert=investigations.names),
    InvestigationKey: Rules(read=investigations.of_it, insert=investigations.wraps),
    InvestigationEntry: Rules(read=_never, insert=investigations.writes),
    Statement: Rules(read=investigations.statement_read, insert=investigations.asks),
    StatementKey: Rules(read=investigations.key_mine, insert=investigations.key_sent),
    # Words are never read here, as nothing is opened: tests/safeguarding/investigations/test_statements.py.
    StatementWords: Rules(read=_never, insert=investigations.states),
    FollowUp: Rules(read=investigations.of_it),
    LastReader: Rules(read=file.of_file),
    Confirmation: Rules(
        read=file.confirmation_read,
        update=file.confirmation_decided,
        settled=frozenset({"kept_id", "asked_at"}),
    ),
    Due: Rules(
        read=file.of_file,
        insert=case.due_set,
        update=file.of_file,
        settled=frozenset({"concern_id", "kind", "what", "follows_id", "made_by_id", "begun_on"}),
    ),
    Standing: Rules(read=case.standing_read, insert=case.standing_written),
    StandingWords: Rules(read=_never, insert=case.standing_words_sealed),
    StaffLine: Rules(
        read=file.line_read,
        insert=file.line_published,
        update=file.line_withdrawn,
        settled=frozenset({"student_id", "published_by_id", "published_at", "until"}),
    ),
    # Words are never read here: see tests/safeguarding/sharing/test_lines.py.
    StaffLineWords: Rules(read=_never, insert=file.line_words_sealed),
    StaffLineReader: Rules(
        read=file.line_reader_read,
        insert=file.line_reader_named,
        update=file.line_understood,
        settled=frozenset({"line_id", "person_id"}),
    ),
    ReaderNews: Rules(read=file.reader_news_read),
    CoverWord: Rules(read=file.word_read, insert=file.word_given),
    GlassBreak: Rules(read=file.glass_read, insert=file.glass_broken),
    HandoverAnswer: Rules(read=file.handover_answer_read, insert=file.handover_answered),
    GlassSeen: Rules(read=file.glass_seen_read, insert=file.glass_seen),
    Transfer: Rules(
        read=transfers.known,
        insert=transfers.begun,
        update=transfers.known,
        settled=frozenset({"student_id", "left_on", "begun_by_id", "begun_at"}),
    ),
    Package: Rules(read=transfers.of_known, insert=transfers.packed),
    Chaser: Rules(read=transfers.of_known, insert=transfers.asked),
    RetentionClass: Rules(
        read=retention.classes_read, update=retention.classes_changed, settled=frozenset({"school_id", "covers"})
    ),
    Hold: Rules(read=retention.known, insert=retention.placed),
    HoldEnd: Rules(read=retention.of_known, insert=retention.lifted),
    Review: Rules(read=retention.review_read, insert=retention.reviewed),
    Withdrawal: Rules(read=retention.of_review, insert=retention.withdrawn),
    Certificate: Rules(read=retention.certified),
    LeadAlert: Rules(read=_job("safeguarding", _never), update=_job("safeguarding", _never)),
    Draft: Rules(read=_job("drafts", _mine), insert=_mine, update=_mine, delete=_job("drafts", _mine)),
}
RULES |= {model: Rules(read=read) for model, read in READ_BY.items()}

# Read before anybody has signed in.
WITHOUT_ACTOR = {Membership, User, School, CalendarLink, *OF_THE_SCHOOL}
