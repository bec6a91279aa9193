"""One student’s record as tables: facts, attendance, grades, 1:1s, agreements, steps, as far as this person may know.

Of the 1:1s, those the person may read by right of a role: open to all who teach the student, or to the tutor team.
What was said to named people only is not taken out of the house, not even by them.
"""

import datetime as dt

from accounts.models import School
from core.exports import Sheet, Value
from reports.dashboards.facts import StudentFacts
from students.models import Ethnicity, Student, Term
from students.selectors import terms_of
from tutoring.attendance.selectors import figures_in_windows
from tutoring.attendance.statistics import Figure
from tutoring.progress.selectors import assessments_of_student
from tutoring.sessions.enums import Confidentiality, Topic
from tutoring.sessions.home import home_contact_of
from tutoring.sessions.models import TutorSession
from tutoring.sessions.selectors import sessions_readable, sessions_whole

MAY_LEAVE = (Confidentiality.TEACHING, Confidentiality.TEAM)


def record_of(facts: StudentFacts, school: School, *, own_data: bool = False) -> list[Sheet]:
    """The six tables, in a fixed number of queries; `own_data` adds what only the student or family is given."""
    sessions = list(sessions_whole(sessions_readable()).filter(student=facts.student, confidentiality__in=MAY_LEAVE))
    return [
        _facts(facts, school),
        _attendance(facts, school),
        _grades(facts.student),
        Sheet("1:1s, calls, visits and meetings", _SESSION_HEADINGS, [_session(s) for s in sessions]),
        Sheet("Agreed in words", _AGREED_HEADINGS, [row for s in sessions for row in _agreed(s)]),
        Sheet("Next steps", _STEP_HEADINGS, [row for s in sessions for row in _steps(s)]),
        *([_ethnicity(facts.student)] if own_data else []),
    ]


def _facts(facts: StudentFacts, school: School) -> Sheet:
    student, year = facts.student, facts.year
    percent = None if year.attendance is None else round(year.attendance, 1)
    rows: list[list[Value]] = [
        ["Name", student.name],
        ["Legal name", f"{student.legal_forename} {student.legal_surname}"],
        ["Admission number", student.admission_number],
        ["Date of birth", student.date_of_birth],
        ["Year", student.year_group],
        [school.tutor_group_label, facts.group_name],
        [school.house_label, str(student.house or "")],
        ["SEN status", student.get_sen_status_display()],
        ["Primary need", student.get_sen_need_display()],
        ["Pupil premium", "yes" if student.pupil_premium else "no"],
        ["English as an additional language", "yes" if student.eal else "no"],
        ["Looked after", "yes" if student.looked_after else "no"],
        ["Attendance this school year, %", percent],
        ["Possible sessions this school year", year.possible],
    ]
    return Sheet("Facts", ["Fact", "Value"], rows)


def _ethnicity(student: Student) -> Sheet:
    """Special category data: in the copy for whoever it is about (UK GDPR, article 15), and nowhere else."""
    found = Ethnicity.objects.filter(student=student).exclude(code="")
    rows: list[list[Value]] = [[row.get_code_display(), row.code, row.get_source_display()] for row in found]
    return Sheet("Ethnicity", ["As the school holds it", "DfE code", "Who said so"], rows)


def _attendance(facts: StudentFacts, school: School) -> Sheet:
    halves = {label: span for term in terms_of(school) for label, span in half_terms(term)}
    begun = {label: span for label, span in halves.items() if span[0] <= facts.moment.today}
    windows: dict[str, tuple[dt.date, dt.date | None]] = {str(n): span for n, span in enumerate(begun.values())}
    students = Student.objects.filter(pk=facts.student.pk)
    figures = figures_in_windows(students, windows).get(facts.student.pk, {}) if windows else {}
    rows = [_half(label, figures.get(str(n), Figure())) for n, label in enumerate(begun)]
    return Sheet("Attendance by half term", _HALF_HEADINGS, [row for row in rows if row[2]])


def half_terms(term: Term) -> list[tuple[str, tuple[dt.date, dt.date]]]:
    """(label, first and last day) of the two halves of a term, or of the whole where it has no break."""
    if not (term.break_starts_on and term.break_ends_on):
        return [(str(term), (term.starts_on, term.ends_on))]
    day = dt.timedelta(days=1)
    return [
        (f"{term}, first half", (term.starts_on, term.break_starts_on - day)),
        (f"{term}, second half", (term.break_ends_on + day, term.ends_on)),
    ]


def _half(label: str, figure: Figure) -> list[Value]:
    percent = None if figure.attendance is None else round(figure.attendance, 1)
    return [label, percent, figure.possible, figure.attended, figure.authorised, figure.unauthorised, figure.late]


def _grades(student: Student) -> Sheet:
    headings = ["Data drop", "Subject", "Target", "Working at", "Effort", "What will help most"]
    rows: list[list[Value]] = [
        [str(a.data_drop), str(a.subject), a.target, a.working_at, a.effort, a.comment]
        for a in assessments_of_student(student)
    ]
    return Sheet("Grades", headings, rows)


_HALF_HEADINGS = [
    "Half term", "Attendance %", "Possible sessions", "Attended", "Authorised absence", "Unauthorised absence", "Late",
]  # fmt: skip
_SESSION_HEADINGS = [
    "Day", "Kind", "With", "Topics", "What happened", "In the student’s own words", "At home",
    "There", "How", "Minutes",
]  # fmt: skip
_AGREED_HEADINGS = ["Agreed on", "As written down", "Answer", "The student’s own version or objection", "Answered on"]
_STEP_HEADINGS = ["Agreed on", "Step", "Who", "By", "Done on", "How it is going"]


def _session(session: TutorSession) -> list[Value]:
    topics = ", ".join(Topic(topic).label for topic in session.topics)
    kind, author = session.kind_name, str(session.author)
    home = home_contact_of(session)
    told = [*home.words, home.news] if home else []
    at_home = ", ".join(part for part in told if part)
    there = [session.with_whom, session.get_way_display(), session.minutes]
    return [session.held_on, kind, author, topics, session.told, session.student_words, at_home, *there]


def _agreed(session: TutorSession) -> list[list[Value]]:
    return [
        [session.held_on, a.text, a.get_answer_display(), a.student_text, a.answered_on]
        for a in session.agreements.all()
    ]


def _steps(session: TutorSession) -> list[list[Value]]:
    return [
        [session.held_on, s.text, s.get_owner_display(), s.due_on, s.done_on, s.outcome] for s in session.steps.all()
    ]
