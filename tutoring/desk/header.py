"""The words at the top of a student's page: who it is, and needs in a word for those who may know them."""

import datetime as dt

from accounts.enums import Role
from students.enums import SenStatus
from students.models import Student


def about_line(student: Student, tutors: list[str], today: dt.date) -> str:
    """Year 11 · 11BEC · Becket · born 14 Mar 2011 (15) · tutor Priya Shah."""
    born = student.date_of_birth
    label = student.school.called[Role.TUTOR].mid
    parts = [
        f"Year {student.year_group}" if student.year_group else "",
        getattr(student, "group_name", None) or "",
        str(student.house) if student.house_id else "",
        f"born {born.day} {born:%b %Y} ({age_on(born, today)})" if born else "",
        f"{label} {' and '.join(tutors)}" if tutors else f"no {label} yet",
        f"left {student.left_on.day} {student.left_on:%b %Y}" if student.left_on and student.left_on < today else "",
    ]
    return " · ".join(part for part in parts if part)


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def support_chips(student: Student) -> list[str]:
    """Needs in a word, only for those who may know them."""
    chips = ["Pupil premium"] if student.pupil_premium else []
    if student.sen_status != SenStatus.NONE:
        status = "EHCP" if student.sen_status == SenStatus.EHCP else "SEN support"
        chips.append(f"{status} · {student.sen_need}" if student.sen_need else status)
    return [*chips, "EAL"] if student.eal else chips
