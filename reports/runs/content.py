"""What one student's report says, as a frozen value a template can print; an empty section is left out.

Never in a report: UPN, pupil premium, anybody's needs, other students, notes for staff (UK GDPR, need to know).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.safestring import SafeString

from accounts.enums import Role
from core import charts
from core.ids import UUID
from reports.runs.records import Frame, Records, records_of
from students.models import Student
from tutoring.attendance.selectors import monday_of
from tutoring.attendance.statistics import Figure
from tutoring.progress.grades import Change, change_of_grade
from tutoring.progress.models import Assessment
from tutoring.sessions.enums import Owner
from tutoring.sessions.models import NextStep

# Above compulsory school age the report's attendance record is not required.
FIRST_SIXTH_FORM_YEAR = 12
TO_FRIDAY = dt.timedelta(days=4)


@dataclass(frozen=True)
class Number:
    """One of the number boxes: the figure and the two lines under it."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class SubjectLine:
    """One subject: grades as the school writes them; `change` since the last data drop where there was one."""

    subject: str
    target: str
    now: str
    change: Change | None
    effort: str
    advice: str


@dataclass(frozen=True)
class AgreedLine:
    """One thing agreed in a 1:1, who helps, by when, and how it is going."""

    text: str
    who: str
    by: str
    going: str


@dataclass(frozen=True)
class StudentReport:
    """One report, ready to print. Every text is plain; `chart` alone is markup, made by core.charts."""

    name: str
    first_name: str
    facts: list[str]
    title: str
    place: str
    footer: str
    comment: str
    numbers: list[Number]
    chart: SafeString
    attendance_record: str
    subjects: list[SubjectLine]
    grades_of: str
    agreed: list[AgreedLine]
    words: str
    contact: str

    @property
    def document_title(self) -> str:
        """The title a PDF reader shows."""
        return f"{self.title}: {self.name}"

    @property
    def columns(self) -> list[str]:
        """The columns of the subject table that hold anything."""
        return [c for c in ("target", "now", "change", "effort", "advice") if any(getattr(s, c) for s in self.subjects)]


def reports_of(students: Sequence[Student], frame: Frame) -> dict[UUID, StudentReport]:
    """student id → report, for students that carry `group_id` and `group_name` (students_with_group)."""
    records = records_of(students, frame)
    return {student.pk: _report(student, frame, records) for student in students}


def _report(student: Student, frame: Frame, records: Records) -> StudentReport:
    weeks = records.weeks.get(student.pk, [])
    total = sum((figure for _, figure in weeks), Figure())
    group = getattr(student, "group_name", None) or ""
    tutors = [str(user) for user in records.tutors.get(getattr(student, "group_id", None) or student.pk, [])]
    subjects, grades_of = _subjects(records.assessments.get(student.pk, []), frame)
    return StudentReport(
        name=student.name,
        first_name=student.preferred_forename,
        facts=_facts(student, frame, group, tutors),
        title=f"{frame.term.get_name_display()} term progress report",
        place=f"{frame.school.name} · {date_format(frame.made_on, 'j F Y')}",
        footer=f"{student.name} · {group}" if group else student.name,
        comment=records.comments.get(student.pk, "").strip(),
        numbers=_numbers(student, frame, records, total),
        chart=_chart(weeks, frame),
        attendance_record=_attendance_record(student, total),
        subjects=subjects,
        grades_of=grades_of,
        agreed=[_agreed(step, student, frame) for step in records.steps.get(student.pk, [])],
        words=records.words.get(student.pk, "").strip(),
        contact=" or ".join(tutors) or f"{student.preferred_forename}'s {frame.school.called[Role.TUTOR].mid}",
    )


def _facts(student: Student, frame: Frame, group: str, tutors: list[str]) -> list[str]:
    """Year, group, house and tutor, in the school's own words."""
    school = frame.school
    facts = [f"Year {student.year_group}"] if student.year_group else []
    if group:
        facts.append(f"{school.tutor_group_label} {group}")
    if student.house:
        house, label = student.house.name, school.house_label
        facts.append(house if label.lower() in house.lower() else f"{house} {label}")
    if tutors:
        tutor = school.called[Role.TUTOR]
        facts.append(f"{tutor.many if len(tutors) > 1 else tutor}: {', '.join(tutors)}")
    return facts


def _numbers(student: Student, frame: Frame, records: Records, total: Figure) -> list[Number]:
    numbers = []
    if total.attendance is not None:
        everyone = frame.school_figure.attendance
        beside = f"school {everyone:.1f}%" if everyone is not None else ""
        numbers.append(Number(f"{total.attendance:.1f}%", "Attendance this year", beside))
        numbers.append(Number(str(total.late), "Late marks this year", _late_since(student, frame, records)))
    rewards, sanctions = records.rewards.get(student.pk, 0), records.sanctions.get(student.pk, 0)
    if rewards or sanctions:
        numbers.append(Number(f"{rewards} / {sanctions}", "Rewards / sanctions", "this term"))
    numbers.append(Number(str(records.meetings.get(student.pk, 0)), "1:1 meetings", "this term"))
    return numbers


def _late_since(student: Student, frame: Frame, records: Records) -> str:
    if frame.after_break is None:
        return ""
    monday = monday_of(frame.after_break)
    late = sum(figure.late for week, figure in records.weeks.get(student.pk, []) if week >= monday)
    return f"{late} since half term"


def _chart(weeks: Sequence[tuple[dt.date, Figure]], frame: Frame) -> SafeString:
    """The title carries all figures: in a tagged PDF it is what stands for the picture.

    Whole weeks only: of a week not over yet one absence would be a bar of 0%.
    """
    over = [(week, f.attended, f.possible) for week, f in weeks if week + TO_FRIDAY <= frame.made_on]
    drawn = charts.weeks_between(over)
    average = frame.school_figure.attendance
    return charts.attendance_weeks(drawn, average=average, title=charts.attendance_words(drawn, average))


def _attendance_record(student: Student, total: Figure) -> str:
    """The record the annual report must hold: possible sessions and unauthorised absence as a share of them."""
    if (student.year_group or 0) >= FIRST_SIXTH_FORM_YEAR or not total.possible:
        return ""
    share = f"{100 * total.unauthorised / total.possible:.1f}%"
    return (
        f"Attendance record: {total.possible} possible sessions this school year; "
        f"absent without authorisation from {total.unauthorised} of them ({share})."
    )


def _subjects(rows: list[Assessment], frame: Frame) -> tuple[list[SubjectLine], str]:
    """The latest data drop's lines, each beside the grade before; and that drop's name where it is not this term's."""
    if not rows:
        return [], ""
    latest = rows[0].data_drop
    before = {row.subject_id: row.working_at for row in rows if row.data_drop_id != latest.pk}
    lines = [
        SubjectLine(
            subject=row.subject.name,
            target=row.target,
            now=row.working_at,
            change=change_of_grade(before.get(row.subject_id, ""), row.working_at),
            effort=row.effort,
            advice=row.comment,
        )
        for row in rows
        if row.data_drop_id == latest.pk
    ]
    return lines, latest.name


def _agreed(step: NextStep, student: Student, frame: Frame) -> AgreedLine:
    who = {
        Owner.STUDENT: student.preferred_forename,
        Owner.STAFF: str(step.owner_staff or frame.school.called[Role.TUTOR]),
        Owner.HOME: "Home",
        Owner.OUTSIDE: step.doer_outside,
    }[Owner(step.owner)]
    return AgreedLine(
        text=step.text,
        who=who,
        by=date_format(step.due_on, "j M") if step.due_on else "",
        going=_going(step),
    )


def _going(step: NextStep) -> str:
    """Only what is recorded: the outcome, the day it was done, or else the day it was agreed."""
    if step.done_on:
        done = f"Done {date_format(step.done_on, 'j M')}"
        return f"{done}: {step.outcome}" if step.outcome else done
    agreed_on: dt.date = getattr(step, "agreed_on")  # noqa: B009 (beside each step of reports.runs.records)
    return step.outcome or f"Agreed {date_format(agreed_on, 'j M')}"
