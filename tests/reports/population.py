"""A small school made from a seed, with everything that dashboards and lists count."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import time_machine
from django.db import transaction

from accounts.enums import Role
from accounts.models import School
from students.enums import SenNeed, SenStatus
from students.models import Student, Term
from students.selectors import school_days
from tests.factories import (
    AssessmentFactory,
    BehaviourEventFactory,
    DataDropFactory,
    GroupMembershipFactory,
    HouseFactory,
    NextStepFactory,
    SchoolFactory,
    StudentFactory,
    SubjectFactory,
    TermCommentFactory,
    TermFactory,
    TutorGroupFactory,
    TutorSessionFactory,
    person,
)
from tutoring.attendance.models import Mark
from tutoring.groups.models import GroupMembership
from tutoring.progress.enums import BehaviourKind
from tutoring.progress.models import Assessment, BehaviourEvent, TermComment
from tutoring.sessions.enums import Confidentiality, Kind
from tutoring.sessions.models import NextStep, TutorSession

TODAY = dt.date(2026, 11, 20)
KINDS = (Kind.ONE_TO_ONE, Kind.CALL_HOME, Kind.HOME_VISIT, Kind.MEETING)
HOUSES, YEARS = ("Becket", "Fry"), (10, 11)


@contextmanager
def populated(blocker: Any, seed: int) -> Iterator[School]:
    """The school in a transaction around all tests of a module, each of which is rolled back to it as it was made."""
    with blocker.unblock(), transaction.atomic():
        with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
            school = populate(seed)
        yield school
        transaction.set_rollback(True)


def populate(seed: int, size: int = 6) -> School:
    """Two houses, two years, a group of `size` students in each pair; everything else by chance."""
    chance = random.Random(seed)
    school = SchoolFactory.create()
    term = TermFactory.create(school=school)
    days = school_days(school, dt.date(2026, 10, 5), TODAY)
    courses = _courses(school)
    rows = Rows()
    for house_name in HOUSES:
        house = HouseFactory.create(school=school, name=house_name)
        for year in YEARS:
            group = TutorGroupFactory.create(
                school=school, name=f"{year}{house_name[:3].upper()}", year_group=year, house=house
            )
            tutor = person(Role.TUTOR, group=group, last_name=f"Tutor{group.name}")
            for _ in range(size):
                student = StudentFactory.build(school=school, house=house, year_group=year, **_needs(chance))
                rows.students.append(student)
                rows.memberships.append(GroupMembershipFactory.build(student=student, group=group))
                _live(chance, rows, student, tutor, term, days, courses)
    rows.write()
    return school


def _courses(school: School) -> list[dict[str, object]]:
    """What two assessments of each student share."""
    drop = DataDropFactory.create(school=school)
    return [
        {"subject": SubjectFactory.create(school=school, name=name), "data_drop": drop, "target": "6"}
        for name in ("Mathematics", "History")
    ]


@dataclass
class Rows:
    """Everybody and what they have, in the order it is written, together: one by one it takes many times as long."""

    students: list[Student] = field(default_factory=list)
    memberships: list[GroupMembership] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    sessions: list[TutorSession] = field(default_factory=list)
    steps: list[NextStep] = field(default_factory=list)
    events: list[BehaviourEvent] = field(default_factory=list)
    comments: list[TermComment] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)

    def write(self) -> None:
        for rows in vars(self).values():
            if rows:
                type(rows[0]).objects.bulk_create(rows)


def _needs(chance: random.Random) -> dict[str, object]:
    status = chance.choice(list(SenStatus))
    need = chance.choice(list(SenNeed)) if status != SenStatus.NONE or chance.random() < 0.3 else ""
    return {
        "sen_status": status, "sen_need": need, "pupil_premium": chance.random() < 0.4,
        "eal": chance.random() < 0.3, "looked_after": chance.random() < 0.1,
    }  # fmt: skip


def _live(
    chance: random.Random,
    rows: Rows,
    student: Student,
    tutor: object,
    term: Term,
    days: list[dt.date],
    courses: list[dict[str, object]],
) -> None:
    here = chance.choice([1.0, 0.97, 0.9, 0.75])
    rows.marks += [
        Mark(student=student, date=day, session=session, code="/" if chance.random() < here else chance.choice("OI"))
        for day in days
        for session in ("AM", "PM")
    ]
    for _ in range(chance.choice([0, 0, 1, 2])):
        day = chance.choice([*days, dt.date(2026, 6, 10)])
        session = TutorSessionFactory.build(
            student=student, author=tutor, held_on=day, kind=chance.choice(KINDS),
            confidentiality=chance.choice(list(Confidentiality)), happened="Private words.",
        )  # fmt: skip
        rows.sessions.append(session)
        for due in (day + dt.timedelta(days=7), None)[: chance.choice([0, 1, 2])]:
            done = due if due and chance.random() < 0.3 else None
            rows.steps.append(NextStepFactory.build(session=session, text="Breakfast club", due_on=due, done_on=done))
    rows.events += [
        BehaviourEventFactory.build(
            student=student,
            date=chance.choice(days),
            kind=chance.choice(list(BehaviourKind)),
            number=chance.randrange(10_000),
        )
        for _ in range(chance.choice([0, 0, 2, 3]))
    ]
    if chance.random() < 0.5:
        rows.comments.append(TermCommentFactory.build(student=student, term=term, author=tutor))
    rows.assessments += [
        AssessmentFactory.build(student=student, working_at=chance.choice("4567"), **course) for course in courses
    ]
