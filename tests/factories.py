"""One factory per model: the smallest believable row, in one school unless told otherwise."""

import datetime as dt
import hashlib
import uuid
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import Draft, House, Invitation, LineManager, Membership, School, User
from audit.models import Anchor, Event, Seal, Sealed
from core.mail_links import hash_of
from exchange.models import ImportRun
from reports.models import ReportBatch, ReportItem
from safeguarding.case.models import Due, Standing, StandingWords
from safeguarding.enums import Kind as EntryKind
from safeguarding.enums import Store
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
from students.calendar import academic_year_of
from students.enums import TermName
from students.models import Closure, Contact, Ethnicity, Student, Term
from tutoring.attendance.models import Code, Mark, Register, RegisterEntry, WeekCount
from tutoring.conduct.models import ConductEntry, ConductType, PlannerCheck, PlannerException, PlannerRhythm
from tutoring.diary.enums import Weekday
from tutoring.diary.models import Appointment, CalendarLink, Slot
from tutoring.digests.links import token_of as weekly_token
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.events.models import Audience, SchoolEvent
from tutoring.followup.models import Alert, Warning, WarningStage
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment, TutorGroup
from tutoring.handover.models import Handover, Rollover
from tutoring.handover.selectors import year_for
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
from tutoring.progress.enums import BehaviourKind
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
from tutoring.roundrobin.bank import BANK
from tutoring.roundrobin.links import token_of
from tutoring.roundrobin.models import Ask
from tutoring.sessions.enums import Kind
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

LONG_AGO = dt.date(2020, 9, 1)


class SchoolFactory(DjangoModelFactory[School]):
    class Meta:
        model = School
        django_get_or_create = ("name",)

    name = "Northgate School"


class HouseFactory(DjangoModelFactory[House]):
    class Meta:
        model = House
        django_get_or_create = ("school", "name")

    school = factory.SubFactory(SchoolFactory)
    name = "Becket"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@northgate.example")
    title = "Ms"
    first_name = "Priya"
    last_name = "Shah"
    school = factory.SubFactory(SchoolFactory)
    staff_code = factory.Sequence(lambda n: f"SHA{n:02d}")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    school = factory.SelfAttribute("user.school")
    role = Role.TUTOR
    starts_on = LONG_AGO


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    user = factory.SubFactory(UserFactory)
    token_hash = factory.Sequence(lambda n: f"{n:064x}")


class DraftFactory(DjangoModelFactory[Draft]):
    class Meta:
        model = Draft

    user = factory.SubFactory(UserFactory)
    form = "session:1"
    token = factory.LazyFunction(uuid.uuid4)


class EventFactory(DjangoModelFactory[Event]):
    class Meta:
        model = Event

    action = "session.logged"


class SealFactory(DjangoModelFactory[Seal]):
    """Only for models that must all have a factory, as the two below: real ones come from the sealer."""

    class Meta:
        model = Seal

    n = 1
    at = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    count = 1
    root = prev = mac = bytes(32)


class SealedFactory(DjangoModelFactory[Sealed]):
    class Meta:
        model = Sealed

    event_id = factory.LazyFunction(uuid.uuid4)
    seal = factory.SubFactory(SealFactory)
    hash = bytes(32)


class AnchorFactory(DjangoModelFactory[Anchor]):
    class Meta:
        model = Anchor

    seal = factory.SubFactory(SealFactory)
    sent_to = "dsl@northgate.example"


class TermFactory(DjangoModelFactory[Term]):
    class Meta:
        model = Term
        django_get_or_create = ("school", "year", "name")

    school = factory.SubFactory(SchoolFactory)
    year = 2026
    name = TermName.AUTUMN
    starts_on = dt.date(2026, 9, 3)
    ends_on = dt.date(2026, 12, 18)
    break_starts_on = dt.date(2026, 10, 26)
    break_ends_on = dt.date(2026, 10, 30)


class ClosureFactory(DjangoModelFactory[Closure]):
    class Meta:
        model = Closure

    school = factory.SubFactory(SchoolFactory)
    date = dt.date(2026, 11, 27)
    reason = "INSET day"


class StudentFactory(DjangoModelFactory[Student]):
    class Meta:
        model = Student

    school = factory.SubFactory(SchoolFactory)
    admission_number = factory.Sequence(lambda n: f"{n:06d}")
    legal_forename = "Jamal"
    legal_surname = factory.Sequence(lambda n: f"Okafor{n}")
    preferred_forename = factory.SelfAttribute("legal_forename")
    preferred_surname = factory.SelfAttribute("legal_surname")
    date_of_birth = dt.date(2011, 3, 14)
    year_group = 11


class EthnicityFactory(DjangoModelFactory[Ethnicity]):
    class Meta:
        model = Ethnicity

    student = factory.SubFactory(StudentFactory)
    school = factory.SelfAttribute("student.school")
    code = "MWBC"
    source = "P"


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    student = factory.SubFactory(StudentFactory)
    title = "Mrs"
    forename = "Ngozi"
    surname = "Okafor"
    relationship = "Mother"
    parental_responsibility = True
    phone = "07700 900123"


class TutorGroupFactory(DjangoModelFactory[TutorGroup]):
    class Meta:
        model = TutorGroup
        django_get_or_create = ("school", "name")

    school = factory.SubFactory(SchoolFactory)
    name = "11BEC"
    year_group = 11


class GroupMembershipFactory(DjangoModelFactory[GroupMembership]):
    class Meta:
        model = GroupMembership

    student = factory.SubFactory(StudentFactory)
    group = factory.SubFactory(TutorGroupFactory)
    starts_on = LONG_AGO


class LineManagerFactory(DjangoModelFactory[LineManager]):
    class Meta:
        model = LineManager

    person = factory.SubFactory(UserFactory)
    manager = factory.SubFactory(UserFactory)
    school = factory.SelfAttribute("person.school")
    starts_on = LONG_AGO


class TutorAssignmentFactory(DjangoModelFactory[TutorAssignment]):
    class Meta:
        model = TutorAssignment

    membership = factory.SubFactory(MembershipFactory)
    group = factory.SubFactory(TutorGroupFactory)
    starts_on = LONG_AGO


class CaseloadEntryFactory(DjangoModelFactory[CaseloadEntry]):
    class Meta:
        model = CaseloadEntry

    membership = factory.SubFactory(MembershipFactory, role=Role.ONE_TO_ONE_TUTOR)
    student = factory.SubFactory(StudentFactory)
    starts_on = LONG_AGO


class CodeFactory(DjangoModelFactory[Code]):
    class Meta:
        model = Code

    code = "?"
    label = "A code for tests"
    stat_class = "PRESENT"
    valid_from = LONG_AGO


class MarkFactory(DjangoModelFactory[Mark]):
    class Meta:
        model = Mark

    student = factory.SubFactory(StudentFactory)
    date = dt.date(2026, 9, 7)
    session = "AM"
    code = "/"


class WeekCountFactory(DjangoModelFactory[WeekCount]):
    """Only for models that must all have a factory: real counts come from marks."""

    class Meta:
        model = WeekCount

    student = factory.SubFactory(StudentFactory)
    week = dt.date(2026, 9, 7)


class SubjectFactory(DjangoModelFactory[Subject]):
    class Meta:
        model = Subject
        django_get_or_create = ("school", "name")

    school = factory.SubFactory(SchoolFactory)
    name = "Mathematics"


class DataDropFactory(DjangoModelFactory[DataDrop]):
    class Meta:
        model = DataDrop
        django_get_or_create = ("school", "name")

    school = factory.SubFactory(SchoolFactory)
    name = "2026 Autumn"
    position = 20263


class AssessmentFactory(DjangoModelFactory[Assessment]):
    class Meta:
        model = Assessment

    student = factory.SubFactory(StudentFactory)
    subject = factory.SubFactory(SubjectFactory)
    data_drop = factory.SubFactory(DataDropFactory)
    target = "6"
    working_at = "5"
    effort = "Good"


class BehaviourEventFactory(DjangoModelFactory[BehaviourEvent]):
    class Meta:
        model = BehaviourEvent

    student = factory.SubFactory(StudentFactory)
    date = dt.date(2026, 9, 7)
    kind = BehaviourKind.POSITIVE
    category = "Kindness"
    points = 1


class TermCommentFactory(DjangoModelFactory[TermComment]):
    class Meta:
        model = TermComment

    student = factory.SubFactory(StudentFactory)
    term = factory.SubFactory(TermFactory)
    author = factory.SubFactory(UserFactory)
    text = "A steady term."


class SessionKindFactory(DjangoModelFactory[SessionKind]):
    """One more; the usual ones come with the school."""

    class Meta:
        model = SessionKind

    school = factory.SubFactory(SchoolFactory)
    kind = Kind.ONE_TO_ONE
    name = "Mentoring"


class EntitlementFactory(DjangoModelFactory[Entitlement]):
    class Meta:
        model = Entitlement
        django_get_or_create = ("school",)

    school = factory.SubFactory(SchoolFactory)


class ReflectionSheetFactory(DjangoModelFactory[ReflectionSheet]):
    class Meta:
        model = ReflectionSheet
        django_get_or_create = ("school",)

    school = factory.SubFactory(SchoolFactory)


class ReflectionFactory(DjangoModelFactory[Reflection]):
    class Meta:
        model = Reflection

    student = factory.SubFactory(StudentFactory)
    taken_by = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    asked = ["What was hard?"]
    said = ["Double maths, and the bus."]
    wish = "Come on time on Tuesdays."
    feeling = 3


class ExemptionFactory(DjangoModelFactory[Exemption]):
    class Meta:
        model = Exemption

    student = factory.SubFactory(StudentFactory)
    reason = "Sees the counsellor each week instead."
    made_by = factory.SubFactory(UserFactory)


class SessionTagFactory(DjangoModelFactory[SessionTag]):
    class Meta:
        model = SessionTag
        django_get_or_create = ("school", "name")

    school = factory.SubFactory(SchoolFactory)
    name = "Exam stress"


class TutorSessionFactory(DjangoModelFactory[TutorSession]):
    class Meta:
        model = TutorSession

    student = factory.SubFactory(StudentFactory)
    author = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    held_on = dt.date(2026, 10, 9)
    happened = "Talked about mornings."


class NextStepFactory(DjangoModelFactory[NextStep]):
    class Meta:
        model = NextStep

    session = factory.SubFactory(TutorSessionFactory)
    student = factory.SelfAttribute("session.student")
    text = "Breakfast club from Monday"
    due_on = dt.date(2026, 12, 4)


class BarrierFactory(DjangoModelFactory[Barrier]):
    class Meta:
        model = Barrier

    name = factory.Sequence(lambda n: f"Mornings {n}")
    area = "attendance"


class ModelPlanFactory(DjangoModelFactory[ModelPlan]):
    class Meta:
        model = ModelPlan

    author = factory.SubFactory(UserFactory)
    school = factory.SelfAttribute("author.school")
    title = "In on time, five days a week"
    purpose = "For those who miss the first ten minutes."
    barriers = ["Getting up and in"]
    targets = [{"text": "I am in my seat at 8.40", "sign": "The register"}]
    steps = [{"text": "Pack the bag in the evening", "owner": "student", "days": 3}]
    sharing = "school"


class ActionPlanFactory(DjangoModelFactory[ActionPlan]):
    class Meta:
        model = ActionPlan

    student = factory.SubFactory(StudentFactory)
    made_by = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    title = "In class on time, every morning"
    started_on = dt.date(2026, 10, 9)
    review_on = dt.date(2026, 12, 11)


class PlanBarrierFactory(DjangoModelFactory[PlanBarrier]):
    class Meta:
        model = PlanBarrier

    plan = factory.SubFactory(ActionPlanFactory)
    student = factory.SelfAttribute("plan.student")
    barrier = factory.SubFactory(BarrierFactory)


class PlanTargetFactory(DjangoModelFactory[PlanTarget]):
    class Meta:
        model = PlanTarget

    plan = factory.SubFactory(ActionPlanFactory)
    student = factory.SelfAttribute("plan.student")
    text = "I am in my seat at 8.40, four days out of five"


class HabitCheckFactory(DjangoModelFactory[HabitCheck]):
    """Kept, in the week of a Monday gone by."""

    class Meta:
        model = HabitCheck

    target = factory.SubFactory(PlanTargetFactory, rhythm="week")
    student = factory.SelfAttribute("target.student")
    by = factory.SelfAttribute("target.plan.made_by")
    day = dt.date(2026, 11, 2)
    kept = True


class PlanStepFactory(DjangoModelFactory[PlanStep]):
    class Meta:
        model = PlanStep

    plan = factory.SubFactory(ActionPlanFactory)
    student = factory.SelfAttribute("plan.student")
    text = "Pack the bag in the evening"
    due_on = dt.date(2026, 12, 4)


class PlanReviewFactory(DjangoModelFactory[PlanReview]):
    class Meta:
        model = PlanReview

    plan = factory.SubFactory(ActionPlanFactory)
    student = factory.SelfAttribute("plan.student")
    by = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    held_on = dt.date(2026, 11, 6)
    rating = 1
    words = "Three mornings out of five now."
    next_on = dt.date(2026, 12, 11)


class WarningStageFactory(DjangoModelFactory[WarningStage]):
    """One more; the usual ones come with the school."""

    class Meta:
        model = WarningStage
        django_get_or_create = ("school", "name")

    school = factory.SubFactory(SchoolFactory)
    name = "Behaviour warning"
    weeks = 6
    roles = ["tutor", "headteacher"]


class WarningFactory(DjangoModelFactory[Warning]):
    class Meta:
        model = Warning

    student = factory.SubFactory(StudentFactory)
    stage = factory.SubFactory(WarningStageFactory, school=factory.SelfAttribute("..student.school"))
    issued_by = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    issued_on = factory.LazyFunction(timezone.localdate)
    expires_on = factory.LazyAttribute(lambda w: w.issued_on + dt.timedelta(weeks=6))
    reason = "Left the lesson twice without asking."


class HandoverFactory(DjangoModelFactory[Handover]):
    """Handed over, and waiting for whoever tutors the student next."""

    class Meta:
        model = Handover

    student = factory.SubFactory(StudentFactory)
    from_tutor = factory.SubFactory(UserFactory)
    year = factory.LazyFunction(lambda: year_for(timezone.localdate()))
    helps = "A quiet word at the door."
    handed_on = factory.LazyFunction(timezone.localdate)


class RolloverFactory(DjangoModelFactory[Rollover]):
    class Meta:
        model = Rollover

    school = factory.SubFactory(SchoolFactory)
    year = factory.LazyFunction(lambda: academic_year_of(timezone.localdate()) + 1)
    made_by = factory.SubFactory(UserFactory)


class AlertFactory(DjangoModelFactory[Alert]):
    class Meta:
        model = Alert

    student = factory.SubFactory(StudentFactory)
    raised_by = factory.SubFactory(UserFactory)
    to = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    what = "Eats alone and has stopped answering."
    recommendation = "A quiet word with home, from you."
    answer_by = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=3))


class AskFactory(DjangoModelFactory[Ask]):
    """Asked just now and not answered."""

    class Meta:
        model = Ask

    student = factory.SubFactory(StudentFactory)
    asked_by = factory.SubFactory(UserFactory)
    teacher = factory.SubFactory(UserFactory)
    round = factory.LazyFunction(uuid.uuid4)
    subjects = "Maths"
    title = BANK[0].title
    questions = factory.LazyFunction(lambda: BANK[0].as_data)
    answer_by = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=7))
    remind_on = factory.LazyAttribute(lambda ask: ask.answer_by - dt.timedelta(days=1))
    good_until = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=14))
    token_hash = factory.LazyAttribute(lambda ask: hash_of(token_of(ask.id)))
    id = factory.LazyFunction(uuid.uuid4)
    site = "https://waymark.example/"


class DigestChoiceFactory(DjangoModelFactory[DigestChoice]):
    """A mother who may be written to, every week."""

    class Meta:
        model = DigestChoice

    contact = factory.SubFactory(
        "tests.factories.ContactFactory", email="ngozi@home.example", parental_responsibility=True
    )
    student = factory.SelfAttribute("contact.student")
    rhythm = "weekly"
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = factory.LazyFunction(timezone.now)
    id = factory.LazyFunction(uuid.uuid4)
    site = "https://waymark.example/"
    token_hash = factory.LazyAttribute(lambda choice: hash_of(weekly_token(choice.id)))


class StaffNoticeFactory(DjangoModelFactory[StaffNotice]):
    class Meta:
        model = StaffNotice

    person = factory.SubFactory(UserFactory)


class FamilyDigestFactory(DjangoModelFactory[FamilyDigest]):
    class Meta:
        model = FamilyDigest

    contact = factory.SubFactory("tests.factories.ContactFactory")
    student = factory.SelfAttribute("contact.student")
    week = dt.date(2026, 11, 16)


class StrategyCardFactory(DjangoModelFactory[StrategyCard]):
    """Written today, to be looked at again after a term."""

    class Meta:
        model = StrategyCard

    student = factory.SubFactory(StudentFactory)
    author = factory.SubFactory(UserFactory)
    text = "A quiet word at the door, before the lesson begins."
    review_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=84))


class OwnWordsFactory(DjangoModelFactory[OwnWords]):
    class Meta:
        model = OwnWords

    student = factory.SubFactory(StudentFactory)
    made_by = factory.SubFactory(UserFactory)
    version = factory.LazyAttribute(lambda said: said.student.own_words.count() + 1)
    submission = factory.LazyFunction(uuid.uuid4)
    strengths = "Mending bikes, and staying calm in goal."


class HandlingPlanFactory(DjangoModelFactory[HandlingPlan]):
    class Meta:
        model = HandlingPlan

    student = factory.SubFactory(StudentFactory)
    made_by = factory.SubFactory(UserFactory)
    version = factory.LazyAttribute(lambda plan: plan.student.handling_plans.count() + 1)
    submission = factory.LazyFunction(uuid.uuid4)
    calms = "Space, and nobody between them and the door."
    review_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=84))


class TeamPartFactory(DjangoModelFactory[TeamPart]):
    """With the version it belongs to; nobody has agreed yet."""

    class Meta:
        model = TeamPart

    student = factory.SubFactory(StudentFactory)
    plan = factory.SubFactory(HandlingPlanFactory, student=factory.SelfAttribute("..student"))
    triggers = "Being talked about in front of others."


class WatchFactory(DjangoModelFactory[Watch]):
    """Begun today, to be looked at after a fortnight."""

    class Meta:
        model = Watch

    student = factory.SubFactory(StudentFactory)
    kind = "leaving"
    reason = "Wants to work full time."
    who = factory.SubFactory(UserFactory)
    made_by = factory.SelfAttribute("who")


class CheckInFactory(DjangoModelFactory[CheckIn]):
    class Meta:
        model = CheckIn

    watch = factory.SubFactory(WatchFactory)
    student = factory.SelfAttribute("watch.student")
    by = factory.SelfAttribute("watch.who")
    words = "Stayed for lunch."


class HomeVisitFactory(DjangoModelFactory[HomeVisit]):
    """Planned: leaves in an hour, back in two."""

    class Meta:
        model = HomeVisit

    student = factory.SubFactory(StudentFactory)
    visitor = factory.SubFactory(UserFactory)
    told = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    leaves_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(hours=1))
    back_by = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(hours=2))
    known_risk = False
    somebody_knows = True
    phone_charged = True


class InterventionFactory(DjangoModelFactory[Intervention]):
    """Running for two weeks, with four to go."""

    class Meta:
        model = Intervention

    school = factory.LazyAttribute(lambda made: made.lead.school)
    made_by = factory.LazyAttribute(lambda made: made.lead)
    lead = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    name = "Morning readers"
    about = "Twenty minutes of reading together before school."
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=14))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=28))
    weekly = 2
    minutes = 20
    weeks = 6


class HelperFactory(DjangoModelFactory[Helper]):
    class Meta:
        model = Helper

    intervention = factory.SubFactory(InterventionFactory)
    user = factory.SubFactory(UserFactory)


class MemberFactory(DjangoModelFactory[Member]):
    class Meta:
        model = Member

    intervention = factory.SubFactory(InterventionFactory)
    student = factory.SubFactory(StudentFactory)
    starts_on = factory.LazyAttribute(lambda made: made.intervention.starts_on)


class SittingFactory(DjangoModelFactory[Sitting]):
    class Meta:
        model = Sitting

    intervention = factory.SubFactory(InterventionFactory)
    by = factory.LazyAttribute(lambda made: made.intervention.lead)
    submission = factory.LazyFunction(uuid.uuid4)
    held_on = factory.LazyFunction(timezone.localdate)
    minutes = 20


class DoseFactory(DjangoModelFactory[Dose]):
    class Meta:
        model = Dose

    meeting = factory.SubFactory(SittingFactory)
    member = factory.LazyAttribute(lambda made: MemberFactory.create(intervention=made.meeting.intervention))
    student = factory.LazyAttribute(lambda made: made.member.student)
    minutes = factory.LazyAttribute(lambda made: 20 if getattr(made, "came", True) else 0)


class AgencyFactory(DjangoModelFactory[Agency]):
    class Meta:
        model = Agency
        django_get_or_create = ("school", "name")

    school = factory.SubFactory(SchoolFactory)
    name = "Early Help"
    helps_with = "Families who need more than one service."


class AgencyContactFactory(DjangoModelFactory[AgencyContact]):
    class Meta:
        model = AgencyContact

    agency = factory.SubFactory(AgencyFactory)
    name = "Ines Example"
    role = "duty worker"
    phone = "01632 960123"
    email = "ines@earlyhelp.example"


class ReferralFactory(DjangoModelFactory[Referral]):
    class Meta:
        model = Referral

    student = factory.SubFactory(StudentFactory)
    agency = factory.SubFactory(AgencyFactory, school=factory.SelfAttribute("..student.school"))
    referred_by = factory.SubFactory(UserFactory)
    key_person = factory.SelfAttribute("referred_by")
    submission = factory.LazyFunction(uuid.uuid4)
    sent_on = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=20))
    reason = "Worried about money and moving again."
    consent = "both"
    expected_by = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=3))


class ReferralNoteFactory(DjangoModelFactory[ReferralNote]):
    class Meta:
        model = ReferralNote

    referral = factory.SubFactory(ReferralFactory)
    student = factory.SelfAttribute("referral.student")
    by = factory.SelfAttribute("referral.referred_by")
    submission = factory.LazyFunction(uuid.uuid4)
    kind = "shared"
    words = "The attendance summary, on paper."


class PersonAroundFactory(DjangoModelFactory[PersonAround]):
    class Meta:
        model = PersonAround

    student = factory.SubFactory(StudentFactory)
    name = "Dele Example"
    role = "youth worker"
    phone = "01632 960188"
    since = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=90))
    may_know = "Attendance, and what was agreed."
    consent = "both"
    added_by = factory.SubFactory(UserFactory)


class MentoringFactory(DjangoModelFactory[Mentoring]):
    class Meta:
        model = Mentoring
        django_get_or_create = ("student", "mentor")

    student = factory.SubFactory(StudentFactory)
    mentor = factory.SubFactory(UserFactory)
    set_by = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    aspiration = "I want to work with animals."
    strengths = "Patient, and early for everything."


class KeyPersonFactory(DjangoModelFactory[KeyPerson]):
    class Meta:
        model = KeyPerson

    student = factory.SubFactory(StudentFactory)
    staff = factory.SubFactory(UserFactory)
    since = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=30))
    set_by = factory.SelfAttribute("staff")


class MeetingRecordFactory(DjangoModelFactory[MeetingRecord]):
    class Meta:
        model = MeetingRecord

    session = factory.SubFactory(TutorSessionFactory, kind=Kind.AGENCY)
    student = factory.SelfAttribute("session.student")
    came = factory.LazyFunction(lambda: ["Dele Example, youth worker"])
    apologies = factory.LazyFunction(lambda: ["Sam Example (mother)"])
    decided = "He begins with two mornings a week."


class SchoolEventFactory(DjangoModelFactory[SchoolEvent]):
    """For the whole school; yesterday, and nobody has said yet what came of it."""

    class Meta:
        model = SchoolEvent

    school = factory.SubFactory(SchoolFactory)
    title = "Sleep talk"
    kind = "health"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=1))
    ends_on = factory.SelfAttribute("starts_on")
    purpose = "What helps one sleep before exams."
    lead = factory.SubFactory(UserFactory, school=factory.SelfAttribute("..school"))
    made_by = factory.SelfAttribute("lead")


class AudienceFactory(DjangoModelFactory[Audience]):
    class Meta:
        model = Audience

    event = factory.SubFactory(SchoolEventFactory)
    year_group = 9


class TopicFactory(DjangoModelFactory[Topic]):
    class Meta:
        model = Topic
        django_get_or_create = ("term", "week", "year_group")

    term = factory.SubFactory(TermFactory)
    week = 1
    year_group = None
    title = "Keeping safe online"
    cover = "Passwords\nWho to tell"
    tags = ["PSHE"]


class TutorialFactory(DjangoModelFactory[Series]):
    """A group's weekly tutorial, on the weekday of its first day."""

    class Meta:
        model = Series

    group = factory.SubFactory(TutorGroupFactory)
    starts_on = factory.LazyFunction(timezone.localdate)
    weekday = factory.LazyAttribute(lambda series: min(series.starts_on.weekday(), 4))
    period = "Registration"
    ends_on = factory.LazyAttribute(lambda series: series.starts_on + dt.timedelta(days=200))
    made_by = factory.SubFactory(UserFactory)


class MeetingFactory(DjangoModelFactory[Meeting]):
    class Meta:
        model = Meeting
        django_get_or_create = ("series", "day")

    series = factory.SubFactory(TutorialFactory)
    day = factory.SelfAttribute("series.starts_on")
    id = factory.LazyAttribute(lambda meeting: meeting.series.key_of(meeting.day))
    own_topic = "Election of the form captain"
    written_by = factory.SelfAttribute("series.made_by")


class PresenceFactory(DjangoModelFactory[Presence]):
    class Meta:
        model = Presence

    meeting = factory.SubFactory(MeetingFactory)
    student = factory.SubFactory(StudentFactory)


class RegisterFactory(DjangoModelFactory[Register]):
    class Meta:
        model = Register
        django_get_or_create = ("group", "day", "session")

    group = factory.SubFactory(TutorGroupFactory)
    day = factory.LazyFunction(timezone.localdate)
    session = "AM"
    by = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)


class RegisterEntryFactory(DjangoModelFactory[RegisterEntry]):
    class Meta:
        model = RegisterEntry

    register = factory.SubFactory(RegisterFactory)
    student = factory.SubFactory(StudentFactory)
    by = factory.SelfAttribute("register.by")
    code = "/"


class PlannerRhythmFactory(DjangoModelFactory[PlannerRhythm]):
    class Meta:
        model = PlannerRhythm
        django_get_or_create = ("school",)

    school = factory.SubFactory(SchoolFactory)


class PlannerCheckFactory(DjangoModelFactory[PlannerCheck]):
    class Meta:
        model = PlannerCheck
        django_get_or_create = ("group", "day")

    group = factory.SubFactory(TutorGroupFactory)
    day = factory.LazyFunction(timezone.localdate)
    by = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)


class PlannerExceptionFactory(DjangoModelFactory[PlannerException]):
    class Meta:
        model = PlannerException

    check_of = factory.SubFactory(PlannerCheckFactory)
    student = factory.SubFactory(StudentFactory)
    issue = "not_signed"


class ConductTypeFactory(DjangoModelFactory[ConductType]):
    """One more; the usual ones come with the school."""

    class Meta:
        model = ConductType
        django_get_or_create = ("school", "name", "house")

    school = factory.SubFactory(SchoolFactory)
    house = None
    kind = BehaviourKind.POSITIVE
    name = "Star of the week"
    points = 3


class ConductEntryFactory(DjangoModelFactory[ConductEntry]):
    class Meta:
        model = ConductEntry

    student = factory.SubFactory(StudentFactory)
    type = factory.SubFactory(ConductTypeFactory, school=factory.SelfAttribute("..student.school"))
    author = factory.SubFactory(UserFactory)
    submission = factory.LazyFunction(uuid.uuid4)
    comment = "Carried the chairs without being asked."


class AgreementFactory(DjangoModelFactory[Agreement]):
    class Meta:
        model = Agreement

    session = factory.SubFactory(TutorSessionFactory)
    student = factory.SelfAttribute("session.student")
    position = 1
    text = "I will come to breakfast club on Tuesdays."


class AgreementOutcomeFactory(DjangoModelFactory[AgreementOutcome]):
    class Meta:
        model = AgreementOutcome

    agreement = factory.SubFactory(AgreementFactory)
    session = factory.SelfAttribute("agreement.session")
    student = factory.SelfAttribute("agreement.student")
    happened = "yes"
    said_by = factory.SelfAttribute("session.author")


class HomeContactFactory(DjangoModelFactory[HomeContact]):
    class Meta:
        model = HomeContact

    session = factory.SubFactory(TutorSessionFactory, kind=Kind.CALL_HOME)
    student = factory.SelfAttribute("session.student")
    contact = factory.SubFactory(ContactFactory, student=factory.SelfAttribute("..student"))
    with_whom = "Mrs Okafor, mother"


class HomeMessageFactory(DjangoModelFactory[HomeMessage]):
    class Meta:
        model = HomeMessage

    home_contact = factory.SubFactory(HomeContactFactory)
    student = factory.SelfAttribute("home_contact.student")
    contact = factory.SelfAttribute("home_contact.contact")
    by = factory.SelfAttribute("home_contact.session.author")
    address = "ngozi@home.example"
    subject = "Good news about Jamal"
    body = "Jamal was on time all week."
    send_after = dt.datetime(2026, 11, 23, 7, 30, tzinfo=dt.UTC)


class SessionDayFactory(DjangoModelFactory[SessionDay]):
    """Only for models that must all have a factory: real ones come from sessions, by a trigger."""

    class Meta:
        model = SessionDay


class WordsForHomeFactory(DjangoModelFactory[WordsForHome]):
    """The same."""

    class Meta:
        model = WordsForHome


class AppointmentFactory(DjangoModelFactory[Appointment]):
    class Meta:
        model = Appointment

    student = factory.SubFactory(StudentFactory)
    staff = factory.SubFactory(UserFactory)
    made_by = factory.SelfAttribute("staff")
    day = dt.date(2026, 11, 24)
    # A minute apart, so that nobody is booked twice at once.
    starts_at = factory.Sequence(lambda n: dt.time(8 + n // 60 % 10, n % 60))


class SlotFactory(DjangoModelFactory[Slot]):
    class Meta:
        model = Slot

    staff = factory.SubFactory(UserFactory)
    weekday = Weekday.TUESDAY
    starts_at = dt.time(8, 40)
    room = "Room 4"
    starts_on = LONG_AGO


class CalendarLinkFactory(DjangoModelFactory[CalendarLink]):
    class Meta:
        model = CalendarLink

    user = factory.SubFactory(UserFactory)
    token_hash = factory.Sequence(lambda n: f"{n:064x}")


class ImportRunFactory(DjangoModelFactory[ImportRun]):
    class Meta:
        model = ImportRun

    school = factory.SubFactory(SchoolFactory)


class ReportBatchFactory(DjangoModelFactory[ReportBatch]):
    class Meta:
        model = ReportBatch

    school = factory.SubFactory(SchoolFactory)
    term = factory.SubFactory(TermFactory)


class ReportItemFactory(DjangoModelFactory[ReportItem]):
    class Meta:
        model = ReportItem

    batch = factory.SubFactory(ReportBatchFactory)
    student = factory.SubFactory(StudentFactory)


class StudentKeyFactory(DjangoModelFactory[StudentKey]):
    class Meta:
        model = StudentKey
        django_get_or_create = ("student",)

    student = factory.SubFactory(StudentFactory)
    wrapped = b"not a key"


class ConcernFactory(DjangoModelFactory[Concern]):
    class Meta:
        model = Concern

    school = factory.SubFactory(SchoolFactory)
    store = Store.CHILDREN
    reporter = factory.SubFactory(UserFactory)
    raised_at = factory.LazyFunction(timezone.now)


class ConcernChildFactory(DjangoModelFactory[ConcernChild]):
    class Meta:
        model = ConcernChild

    student = factory.SubFactory(StudentFactory)
    concern = factory.SubFactory(ConcernFactory, school=factory.SelfAttribute("..student.school"))


class ConcernKeyFactory(DjangoModelFactory[ConcernKey]):
    class Meta:
        model = ConcernKey

    concern = factory.SubFactory(ConcernFactory)
    under_ring = b"not a key"


class EntryFactory(DjangoModelFactory[Entry]):
    class Meta:
        model = Entry

    concern = factory.SubFactory(ConcernFactory)
    kind = EntryKind.RAISED
    author = factory.SelfAttribute("concern.reporter")
    written_at = factory.LazyFunction(timezone.now)
    words = b"not readable"


class AttachmentFactory(DjangoModelFactory[Attachment]):
    class Meta:
        model = Attachment

    entry = factory.SubFactory(EntryFactory)
    concern = factory.SelfAttribute("entry.concern")
    added_by = factory.SelfAttribute("entry.author")
    about = b"not readable"
    content = b"not readable"


class DueFactory(DjangoModelFactory[Due]):
    class Meta:
        model = Due

    concern = factory.SubFactory(ConcernFactory)
    kind = "answer"
    what = "mash"
    made_by = factory.SelfAttribute("concern.reporter")
    begun_on = factory.LazyFunction(timezone.localdate)
    due_on = factory.LazyFunction(timezone.localdate)


class StandingFactory(DjangoModelFactory[Standing]):
    class Meta:
        model = Standing

    student = factory.SubFactory(StudentFactory)
    level = "30_cin_s17"
    since = factory.LazyFunction(timezone.localdate)
    written_by = factory.SubFactory(UserFactory, school=factory.SelfAttribute("..student.school"))
    written_at = factory.LazyFunction(timezone.now)


class StandingWordsFactory(DjangoModelFactory[StandingWords]):
    class Meta:
        model = StandingWords

    standing = factory.SubFactory(StandingFactory)
    words = b"not readable"


class ReceiptFactory(DjangoModelFactory[Receipt]):
    class Meta:
        model = Receipt

    reporter = factory.SubFactory(UserFactory)
    concern = factory.SubFactory(ConcernFactory, reporter=factory.SelfAttribute("..reporter"))
    raised_at = factory.LazyFunction(timezone.now)


class KeptFromFactory(DjangoModelFactory[KeptFrom]):
    class Meta:
        model = KeptFrom

    person = factory.SubFactory(UserFactory)
    concern = factory.SubFactory(ConcernFactory)
    set_by = factory.SubFactory(UserFactory)
    why = b"not readable"

    @classmethod
    def _create(cls, model_class: type[KeptFrom], *args: Any, **fields: Any) -> KeptFrom:
        """Somebody is left who reads it."""
        about = fields["concern"] or fields["student"]
        person(Role.DSL, school=about.school)
        return super()._create(model_class, *args, **fields)


class LastReaderFactory(DjangoModelFactory[LastReader]):
    class Meta:
        model = LastReader

    concern = factory.SubFactory(ConcernFactory)
    person = factory.SubFactory(UserFactory)
    since = factory.LazyFunction(timezone.now)


class ConfirmationFactory(DjangoModelFactory[Confirmation]):
    class Meta:
        model = Confirmation

    kept = factory.SubFactory(KeptFromFactory)
    asked_at = factory.LazyFunction(timezone.now)


class StaffLineFactory(DjangoModelFactory[StaffLine]):
    class Meta:
        model = StaffLine

    student = factory.SubFactory(StudentFactory)
    published_by = factory.SubFactory(UserFactory)
    published_at = factory.LazyFunction(timezone.now)
    until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=28))


class StaffLineWordsFactory(DjangoModelFactory[StaffLineWords]):
    class Meta:
        model = StaffLineWords

    line = factory.SubFactory(StaffLineFactory)
    kind = "text"
    words = b"not readable"


class StaffLineReaderFactory(DjangoModelFactory[StaffLineReader]):
    class Meta:
        model = StaffLineReader

    line = factory.SubFactory(StaffLineFactory)
    person = factory.SubFactory(UserFactory)


class ReaderNewsFactory(DjangoModelFactory[ReaderNews]):
    class Meta:
        model = ReaderNews

    school = factory.SubFactory(SchoolFactory)
    person = factory.SubFactory(UserFactory, school=factory.SelfAttribute("..school"))
    what = "role"
    role = Role.DSL.value
    at = factory.LazyFunction(timezone.now)


class HandoverAnswerFactory(DjangoModelFactory[HandoverAnswer]):
    class Meta:
        model = HandoverAnswer

    handover = factory.SubFactory("tests.factories.HandoverFactory")
    person = factory.SubFactory(UserFactory)
    answered_at = factory.LazyFunction(timezone.now)


class CoverWordFactory(DjangoModelFactory[CoverWord]):
    class Meta:
        model = CoverWord

    person = factory.SubFactory(UserFactory)
    away = factory.SubFactory(UserFactory)
    starts_on = factory.LazyFunction(timezone.localdate)
    ends_on = factory.LazyFunction(timezone.localdate)
    confirmed_by = factory.SubFactory(UserFactory)
    words = b"not readable, and as long as a word is, which is more than that"


class GlassBreakFactory(DjangoModelFactory[GlassBreak]):
    class Meta:
        model = GlassBreak

    student = factory.SubFactory(StudentFactory)
    person = factory.SubFactory(UserFactory)
    opened_at = factory.LazyFunction(timezone.now)
    why = b"not readable, and as long as a reason is, which is more than that"


class GlassSeenFactory(DjangoModelFactory[GlassSeen]):
    class Meta:
        model = GlassSeen

    glass = factory.SubFactory(GlassBreakFactory)
    person = factory.SubFactory(UserFactory)
    seen_at = factory.LazyFunction(timezone.now)


class IncidentFactory(DjangoModelFactory[Incident]):
    class Meta:
        model = Incident

    student = factory.SubFactory(StudentFactory)
    school = factory.SelfAttribute("student.school")
    recorded_by = factory.SubFactory(UserFactory, school=factory.SelfAttribute("..school"))
    submission = factory.LazyFunction(uuid.uuid4)
    recorded_at = factory.LazyFunction(timezone.now)
    started_at = factory.LazyFunction(timezone.now)
    ended_at = factory.SelfAttribute("started_at")
    kinds = ["force"]
    reasons = ["injury"]
    sen_status = "N"


class IncidentStaffFactory(DjangoModelFactory[IncidentStaff]):
    class Meta:
        model = IncidentStaff

    incident = factory.SubFactory(IncidentFactory)
    person = factory.SubFactory(UserFactory)
    part = "involved"


class IncidentEntryFactory(DjangoModelFactory[IncidentEntry]):
    class Meta:
        model = IncidentEntry

    incident = factory.SubFactory(IncidentFactory)
    kind = "recorded"
    author = factory.SelfAttribute("incident.recorded_by")
    written_at = factory.LazyFunction(timezone.now)
    happened_at = factory.SelfAttribute("incident.started_at")
    words = b"not readable"


class InvestigationFactory(DjangoModelFactory[Investigation]):
    class Meta:
        model = Investigation

    school = factory.SubFactory(SchoolFactory)
    lead = factory.SubFactory(UserFactory, school=factory.SelfAttribute("..school"))
    submission = factory.LazyFunction(uuid.uuid4)
    kind = "bullying"
    opened_at = factory.LazyFunction(timezone.now)


class PartyFactory(DjangoModelFactory[Party]):
    class Meta:
        model = Party

    investigation = factory.SubFactory(InvestigationFactory)
    part = "target"


class InvestigationKeyFactory(DjangoModelFactory[InvestigationKey]):
    class Meta:
        model = InvestigationKey

    investigation = factory.SubFactory(InvestigationFactory)
    student = factory.SubFactory(StudentFactory)
    wrapped = b"not readable"


class InvestigationEntryFactory(DjangoModelFactory[InvestigationEntry]):
    class Meta:
        model = InvestigationEntry

    investigation = factory.SubFactory(InvestigationFactory)
    kind = "opened"
    author = factory.SelfAttribute("investigation.lead")
    written_at = factory.LazyFunction(timezone.now)
    words = b"not readable"


class StatementFactory(DjangoModelFactory[Statement]):
    """Of whom and in what it is asked says its party, by a trigger."""

    class Meta:
        model = Statement

    party = factory.SubFactory(PartyFactory)
    investigation = factory.SelfAttribute("party.investigation")
    asked_by = factory.SelfAttribute("party.investigation.lead")
    asked_at = factory.LazyFunction(timezone.now)
    wrapped = b"not readable"
    question = b"not readable"


class StatementKeyFactory(DjangoModelFactory[StatementKey]):
    class Meta:
        model = StatementKey

    statement = factory.SubFactory(StatementFactory)
    under_ring = b"not readable"


class StatementWordsFactory(DjangoModelFactory[StatementWords]):
    class Meta:
        model = StatementWords

    statement = factory.SubFactory(StatementFactory)
    author = factory.SelfAttribute("statement.asked_by")
    written_at = factory.LazyFunction(timezone.now)
    how = "taken"
    words = b"not readable"


class FollowUpFactory(DjangoModelFactory[FollowUp]):
    class Meta:
        model = FollowUp

    investigation = factory.SubFactory(InvestigationFactory)
    weeks = 2
    due_on = factory.LazyFunction(timezone.localdate)


class TransferFactory(DjangoModelFactory[Transfer]):
    class Meta:
        model = Transfer

    student = factory.SubFactory(StudentFactory)
    left_on = factory.LazyFunction(timezone.localdate)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=5))
    basis = "in_year"
    begun_by = factory.SubFactory(UserFactory)


class PackageFactory(DjangoModelFactory[Package]):
    class Meta:
        model = Package

    transfer = factory.SubFactory(TransferFactory)
    made_by = factory.SubFactory(UserFactory)
    sha256 = manifest_sha256 = "0" * 64
    pages, concerns, entries, size = 3, 1, 1, 9000


class ChaserFactory(DjangoModelFactory[Chaser]):
    class Meta:
        model = Chaser

    transfer = factory.SubFactory(TransferFactory)
    by = factory.SubFactory(UserFactory)
    words = b"not readable"


class RetentionClassFactory(DjangoModelFactory[RetentionClass]):
    """The one that came with the school."""

    class Meta:
        model = RetentionClass
        django_get_or_create = ("school", "covers")

    school = factory.SubFactory(SchoolFactory)
    covers = "file"


class HoldFactory(DjangoModelFactory[Hold]):
    class Meta:
        model = Hold

    student = factory.SubFactory(StudentFactory)
    placed_by = factory.SubFactory(UserFactory)
    why = b"not readable"


class HoldEndFactory(DjangoModelFactory[HoldEnd]):
    class Meta:
        model = HoldEnd

    hold = factory.SubFactory(HoldFactory)
    lifted_by = factory.SubFactory(UserFactory)
    why = b"not readable"


class ReviewFactory(DjangoModelFactory[Review]):
    class Meta:
        model = Review

    student = factory.SubFactory(StudentFactory)
    by = factory.SubFactory(UserFactory)
    decision = "destroy"
    covers = "file"
    why = b"not readable"


class WithdrawalFactory(DjangoModelFactory[Withdrawal]):
    class Meta:
        model = Withdrawal

    review = factory.SubFactory(ReviewFactory)
    by = factory.SubFactory(UserFactory)
    why = b"not readable"


class CertificateFactory(DjangoModelFactory[Certificate]):
    """Of something destroyed long ago, so that what stands on the file now is still there."""

    class Meta:
        model = Certificate

    review = factory.SubFactory(ReviewFactory)
    student = factory.SelfAttribute("review.student")
    proposed_by = factory.SelfAttribute("review.by")
    proposed_at = factory.SelfAttribute("review.at")
    approved_by = factory.SubFactory(UserFactory)
    done_at = dt.datetime(2019, 7, 1, tzinfo=dt.UTC)
    covers = "file"
    early = False
    concerns = entries = 1
    shared = files = force = standings = lines = 0


class LeadAlertFactory(DjangoModelFactory[LeadAlert]):
    class Meta:
        model = LeadAlert

    person = factory.SubFactory(UserFactory)
    made_at = factory.LazyFunction(timezone.now)


def person(role: Role, **fields: Any) -> User:
    """Somebody who holds the role today; `house` and `year_group` narrow it, `group` and `student` are tied to it."""
    scope = {name: fields.pop(name) for name in ("house", "year_group") if name in fields}
    group, student = fields.pop("group", None), fields.pop("student", None)
    user = UserFactory.create(**fields)
    membership = MembershipFactory.create(user=user, role=role, **scope)
    if group:
        TutorAssignmentFactory.create(membership=membership, group=group)
    if student:
        CaseloadEntryFactory.create(membership=membership, student=student)
    return user


def calendar_token(user: User) -> str:
    """A token that opens the person's calendar feed."""
    token = uuid.uuid4().hex
    CalendarLinkFactory.create(user=user, token_hash=hashlib.sha256(token.encode()).hexdigest())
    return token


def cover_of(user: User) -> Membership:
    """A colleague's standing in for somebody, from yesterday on for two weeks."""
    held = user.memberships.order_by("pk").first()
    held = held or MembershipFactory.create(user=user, school=user.school, role=Role.TUTOR)
    today = timezone.localdate()
    return MembershipFactory.create(
        user=person(Role.SUBJECT_TEACHER, school=held.school), school=held.school, role=held.role, house=held.house,
        year_group=held.year_group, stands_in_for=held, starts_on=today - dt.timedelta(days=1),
        ends_on=today + dt.timedelta(days=13),
    )  # fmt: skip


def student_in(group: TutorGroup, **fields: Any) -> Student:
    """A student of the group, in its school, house and year."""
    student = StudentFactory.create(
        **{"school": group.school, "house": group.house, "year_group": group.year_group} | fields
    )
    GroupMembershipFactory.create(student=student, group=group)
    return student
