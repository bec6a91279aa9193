"""Jamal's autumn term, whole: what the report tests print."""

import datetime as dt
from io import BytesIO

import pikepdf
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from reports.enums import BatchState, ItemState
from reports.models import ReportItem
from reports.runs.files import write_report
from students.models import Student
from tests.factories import (
    AssessmentFactory,
    BehaviourEventFactory,
    DataDropFactory,
    HouseFactory,
    MarkFactory,
    NextStepFactory,
    ReportBatchFactory,
    ReportItemFactory,
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
from tutoring.sessions.enums import Owner

MADE_ON = dt.date(2026, 12, 4)
COMMENT = (
    "Jamal has had a mixed term. His mornings have been hard and it shows in his attendance, but since the half-term "
    "plan began he has been on time eight days out of ten. In physics he has moved up a grade."
)
WORDS = "I want to get a 6 in maths. The breakfast club helps because I can leave my sister and still be here."
SUBJECTS = [
    ("English", "6", "6", "6", "Good", "Plan longer answers before writing them."),
    ("History", "6", "5", "5", "Fair", "Bring in two missed essays by 11 December."),
    ("Mathematics", "6", "6", "5", "Good", "Attend Tuesday catch-up; revise ratio and proportion."),
    ("Physics", "6", "5", "6", "Excellent", "Keep using the retrieval cards."),
]
# The codes of each week's ten sessions, from 7 September; half term is the eighth.
WEEKS = [
    "/" * 10,
    "/" * 10,
    "/L/////O//",
    "/L//L/OO//",
    "IIIIOO////",
    "IIIIIO////",
    "L/L//OI///",
    "",
    "/" * 10,
    "/L////////",
    "L////////I",
]


def jamal(**fields: object) -> Student:
    """A student of 11BEC with marks, grades of two drops, behaviour, a comment, two things agreed and his own words."""
    term = TermFactory.create()
    group = TutorGroupFactory.create(house=HouseFactory.create())
    tutor = person(Role.TUTOR, group=group)
    student = student_in(group, **{"legal_surname": "Okafor", **fields})
    mark_weeks(student, WEEKS)
    _grades(student)
    for number in range(1, 13):
        BehaviourEventFactory.create(student=student, date=dt.date(2026, 10, 1), number=number)
    BehaviourEventFactory.create(student=student, date=dt.date(2026, 10, 2), kind=BehaviourKind.NEGATIVE)
    TermCommentFactory.create(student=student, term=term, author=tutor, text=COMMENT)
    talk = TutorSessionFactory.create(student=student, author=tutor, student_words=WORDS, for_report=True)
    NextStepFactory.create(
        session=talk,
        text="On time to registration every day",
        due_on=dt.date(2026, 12, 18),
        outcome="8 of the last 10 days",
    )
    NextStepFactory.create(
        session=talk, text="Mrs Okafor rings by 8.30 on a bad morning", owner=Owner.HOME, due_on=None
    )
    return student


def made_report(student: Student, by: User) -> ReportItem:
    """A finished run of one, asked for by this person, with a file on the disk."""
    batch = ReportBatchFactory.create(
        school=student.school, term=TermFactory.create(school=student.school), requested_by=by, state=BatchState.DONE
    )
    item = ReportItemFactory.create(batch=batch, student=student, state=ItemState.DONE, made_at=timezone.now())
    content = BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(content)
    item.file = write_report(item, content.getvalue()).name
    item.save()
    return item


def mark_weeks(student: Student, weeks: list[str], monday: dt.date = dt.date(2026, 9, 7)) -> None:
    """Marks from strings of ten codes a week, morning and afternoon in turn; an empty string is a holiday."""
    marks = []
    for n, codes in enumerate(weeks):
        for place, code in enumerate(codes):
            day = monday + dt.timedelta(weeks=n, days=place // 2)
            session = ("AM", "PM")[place % 2]
            marks.append(MarkFactory.build(student=student, date=day, session=session, code=code.replace("p", "\\")))
    Mark.objects.bulk_create(marks)


def _grades(student: Student) -> None:
    summer = DataDropFactory.create(name="2026 Summer", position=20262)
    autumn = DataDropFactory.create()
    for name, target, before, now, effort, advice in SUBJECTS:
        subject = SubjectFactory.create(name=name)
        same = {"student": student, "subject": subject, "target": target}
        AssessmentFactory.create(**same, data_drop=summer, working_at=before)
        AssessmentFactory.create(**same, data_drop=autumn, working_at=now, effort=effort, comment=advice)
