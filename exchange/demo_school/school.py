"""Makes the invented school: settles who is who, then tells pupil after pupil and sends the rows in batches."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import House, LineManager, Membership, School, User
from exchange.demo_school import (
    conduct,
    diary,
    events,
    interventions,
    managers,
    plans,
    pupil_records,
    records,
    referrals,
    taken,
    tutorials,
)
from exchange.demo_school.curriculum import Timetable
from exchange.demo_school.identifiers import Keys
from exchange.demo_school.people import Pupil
from exchange.demo_school.pupils import Admissions
from exchange.demo_school.school_year import Calendar, calendar_around
from exchange.demo_school.staffing import Hiring, Staff, appoint, form_groups, found_houses
from exchange.demo_school.tables import Tables
from safeguarding.case.models import Due, Standing, StandingWords
from safeguarding.investigations.models import (
    Investigation,
    InvestigationEntry,
    InvestigationKey,
    Party,
    Statement,
    StatementKey,
    StatementWords,
)
from safeguarding.models import Attachment, Concern, ConcernChild, ConcernKey, Entry, Receipt, StudentKey
from safeguarding.restraint.models import Incident, IncidentEntry, IncidentStaff
from safeguarding.retention.models import Hold
from safeguarding.sharing.models import StaffLine, StaffLineReader, StaffLineWords
from safeguarding.transfer.models import Package, Transfer
from students.models import Closure, Contact, Ethnicity, Student, Term
from tutoring.attendance.models import Mark, Register, RegisterEntry
from tutoring.conduct.models import ConductEntry, ConductType, PlannerCheck, PlannerException
from tutoring.diary.models import Appointment, Slot
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.events.models import Audience, SchoolEvent
from tutoring.followup.models import Alert, Warning
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment, TutorGroup
from tutoring.handover.models import Handover
from tutoring.interventions.models import Dose, Intervention, Member, Sitting
from tutoring.plans.models import ActionPlan, HabitCheck, ModelPlan, PlanBarrier, PlanReview, PlanStep, PlanTarget
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
from tutoring.sessions.models import (
    Agreement,
    AgreementOutcome,
    HomeContact,
    HomeMessage,
    NextStep,
    Reflection,
    SessionTag,
    TutorSession,
)
from tutoring.strategies.models import HandlingPlan, OwnWords, StrategyCard, TeamPart
from tutoring.tutorials.models import Meeting, Presence, Series, Topic
from tutoring.visits.models import HomeVisit
from tutoring.watch.models import CheckIn, Watch

BATCH = 500
CASELOAD, MENTORED = 12, 4
# Parents before children; rows are sent in this order.
ORDER: tuple[type[models.Model], ...] = (
    School, House, User, Membership, LineManager, Term, Closure, Subject, DataDrop, Student, Contact, Ethnicity,
    TutorGroup, GroupMembership, TutorAssignment, CaseloadEntry, Mark, Assessment, BehaviourEvent, TermComment,
    TutorSession, TutorSession.named_staff.through, NextStep, Agreement, AgreementOutcome, Reflection,
    HomeContact, HomeMessage,
    ModelPlan, ActionPlan, PlanBarrier, PlanTarget, HabitCheck, PlanStep, PlanReview, Slot, Appointment, Warning, Alert,
    Agency, AgencyContact, Referral, ReferralNote, PersonAround, KeyPerson, Mentoring, MeetingRecord,
    PlannerCheck, PlannerException, ConductType, ConductEntry, Register, RegisterEntry, Handover, HomeVisit, Ask,
    DigestChoice, FamilyDigest,
    Watch, CheckIn, StrategyCard, OwnWords, HandlingPlan, TeamPart,
    StudentKey, Concern, ConcernChild, ConcernKey, Receipt, Entry, Attachment, Due, Standing, StandingWords,
    Incident, IncidentStaff, IncidentEntry,
    Investigation, Party, InvestigationKey, Statement, StatementKey, StatementWords, InvestigationEntry,
    StaffLine, StaffLineWords, StaffLineReader,
    Transfer, Package, Hold,
    SchoolEvent, Audience, Topic, Series, Meeting, Presence, SessionTag, Intervention, Sitting, Member, Dose,
)  # fmt: skip


class SchoolExists(Exception):
    """A school of that name is there already; nothing was changed."""


def make_school(
    *, name: str, students: int, seed: int, today: dt.date, say: Callable[[str], None] = lambda line: None
) -> Counter[str]:
    """Invent a school and write it in one transaction: the same for the same name, size, seed and date.

    Returns how many rows of each model (by label) were written. Raises SchoolExists where the name is taken.
    """
    if School.objects.filter(name=name).exists():
        raise SchoolExists(name)
    calendar = calendar_around(today)
    now = timezone.make_aware(dt.datetime.combine(calendar.last_day, dt.time(16, 30)))
    tables = Tables(ORDER, now)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Otherwise a check for each of millions of rows would wait in memory for the commit.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            # A transfer and the package that went name each other.
            cursor.execute("SET CONSTRAINTS transfer_transfer_package_id_9afcd4d3_fk_transfer_package_id DEFERRED")
        _fill(tables, name, students, f"{name} {seed} {today} {students}", calendar, say)
    return Counter({model._meta.label: count for model, count in tables.counts.items()})


def _fill(tables: Tables, name: str, students: int, seed: str, calendar: Calendar, say: Callable[[str], None]) -> None:
    keys, chance = Keys(seed, calendar.today), random.Random(seed)
    houses = found_houses(students, keys)
    hiring = Hiring(name, keys, chance, calendar)
    groups = form_groups(students, houses, hiring, keys, chance)
    staff = appoint(students, houses, groups, hiring)
    pupils = Admissions(seed, keys, calendar).admit_all(groups)
    share_out(pupils, staff)
    frame = records.Frame(tables, keys, calendar, staff, Timetable(staff, chance))
    records.add_school(frame, name, houses, groups)
    managers.add_lines(frame, groups)
    plans.add_models(frame)
    referrals.add_directory(frame)
    tutorials.add_programme(frame)
    interventions.add_tags(frame)
    events.add_events(frame, houses)
    conduct.add_house_types(frame, houses)
    for group in groups:
        diary.add_slots(frame, group)
        conduct.add_checks(frame, group)
        tutorials.add_tutorials(frame, group)
        taken.add_registers(frame, group)
    tables.flush()
    say(
        f"{len(staff.people)} staff · {len(groups)} tutor groups · "
        f"{calendar.before.starts_on:%d %b %Y} to {calendar.last_day:%d %b %Y}"
    )
    while batch := pupils[:BATCH]:
        del pupils[:BATCH]
        for pupil in batch:
            pupil_records.add_pupil(frame, pupil)
        tables.flush()
        say(progress_line(tables))


def share_out(pupils: list[Pupil], staff: Staff) -> None:
    """Single students to those who have no group: a dozen to each 1:1 tutor, four to each mentor."""
    for role, size, wanted, attribute in (
        (Role.ONE_TO_ONE_TUTOR, CASELOAD, "caseload", "one_to_one"),
        (Role.CONTRIBUTOR, MENTORED, "mentor", "mentor"),
    ):
        people = staff.by_role[role]
        fitting = [p for p in pupils if getattr(p.story, wanted) and p.left_on is None]
        random.Random(len(pupils)).shuffle(fitting)
        for n, pupil in enumerate(fitting[: size * len(people)]):
            setattr(pupil, attribute, people[n // size])


def progress_line(tables: Tables) -> str:
    """What has been written so far, in one line."""
    counts = tables.counts
    words = ((Student, "students"), (Mark, "marks"), (Assessment, "grades"), (BehaviourEvent, "behaviour"),
             (TutorSession, "conversations"), (NextStep, "next steps"), (ActionPlan, "plans"))  # fmt: skip
    return " · ".join(f"{word} {counts[model]:,}" for model, word in words)
