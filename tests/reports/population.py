"""A small school made from a seed, with everything that dashboards and lists count."""

import datetime as dt
import random

from accounts.enums import Role
from accounts.models import School
from students.enums import SenNeed, SenStatus
from students.models import Student, Term
from students.selectors import school_days
from tests.factories import (
    AssessmentFactory,
    BehaviourEventFactory,
    DataDropFactory,
    HouseFactory,
    NextStepFactory,
    SchoolFactory,
    SubjectFactory,
    TermCommentFactory,
    TermFactory,
    TutorGroupFactory,
    TutorSessionFactory,
    person,
    student_in,
)
from tutoring.attendance.models import Mark
from tutoring.progress.enums import BehaviourKind
from tutoring.sessions.enums import Confidentiality, Kind

TODAY = dt.date(2026, 11, 20)
HOUSES, YEARS = ("Becket", "Fry"), (10, 11)


def populate(seed: int, size: int = 6) -> School:
    """Two houses, two years, a group of `size` students in each pair; everything else by chance."""
    chance = random.Random(seed)
    school = SchoolFactory.create()
    term = TermFactory.create(school=school)
    days = school_days(school, dt.date(2026, 10, 5), TODAY)
    for house_name in HOUSES:
        house = HouseFactory.create(school=school, name=house_name)
        for year in YEARS:
            group = TutorGroupFactory.create(
                school=school, name=f"{year}{house_name[:3].upper()}", year_group=year, house=house
            )
            tutor = person(Role.TUTOR, group=group, last_name=f"Tutor{group.name}")
            for _ in range(size):
                _live(chance, student_in(group, **_needs(chance)), tutor, term, days)
    return school


def _needs(chance: random.Random) -> dict[str, object]:
    status = chance.choice(list(SenStatus))
    need = chance.choice(list(SenNeed)) if status != SenStatus.NONE or chance.random() < 0.3 else ""
    return {
        "sen_status": status, "sen_need": need, "pupil_premium": chance.random() < 0.4,
        "eal": chance.random() < 0.3, "looked_after": chance.random() < 0.1,
    }  # fmt: skip


def _live(chance: random.Random, student: Student, tutor: object, term: Term, days: list[dt.date]) -> None:
    here = chance.choice([1.0, 0.97, 0.9, 0.75])
    Mark.objects.bulk_create(
        Mark(student=student, date=day, session=session, code="/" if chance.random() < here else chance.choice("OI"))
        for day in days
        for session in ("AM", "PM")
    )
    for _ in range(chance.choice([0, 0, 1, 2])):
        day = chance.choice([*days, dt.date(2026, 6, 10)])
        session = TutorSessionFactory.create(
            student=student, author=tutor, held_on=day, kind=chance.choice(list(Kind)),
            confidentiality=chance.choice(list(Confidentiality)), happened="Private words.",
        )  # fmt: skip
        for due in (day + dt.timedelta(days=7), None)[: chance.choice([0, 1, 2])]:
            done = due if due and chance.random() < 0.3 else None
            NextStepFactory.create(session=session, text="Breakfast club", due_on=due, done_on=done)
    for _ in range(chance.choice([0, 0, 2, 3])):
        BehaviourEventFactory.create(
            student=student,
            date=chance.choice(days),
            kind=chance.choice(list(BehaviourKind)),
            number=chance.randrange(10_000),
        )
    if chance.random() < 0.5:
        TermCommentFactory.create(student=student, term=term, author=tutor)
    for name in ("Mathematics", "History"):
        AssessmentFactory.create(
            student=student, subject=SubjectFactory.create(school=student.school, name=name),
            data_drop=DataDropFactory.create(school=student.school), target="6", working_at=chance.choice("4567"),
        )  # fmt: skip
