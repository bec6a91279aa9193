"""The facts of a student that go into a pack, as far as whoever asks may see them on the student's page."""

from collections.abc import Collection

from accounts.permissions import Permission
from students.enums import SenStatus
from students.models import Student


def facts_told(student: Student, permitted: Collection[Permission]) -> list[tuple[str, str]]:
    """(key, line) of each; support only for who sees it, care for who sees the family too."""
    born = f"{student.date_of_birth.day} {student.date_of_birth:%B %Y}" if student.date_of_birth else ""
    house = student.house.name if student.house else ""
    place = [f"Year {student.year_group}" if student.year_group else "", vars(student).get("group_name") or "", house]
    told = {
        "place": ", ".join(part for part in place if part),
        "born": f"Born on {born}" if born else "",
        **(_support(student) if Permission.VIEW_SUPPORT in permitted else {}),
    }
    if student.looked_after and {Permission.VIEW_SUPPORT, Permission.VIEW_FAMILY} <= set(permitted):
        told["care"] = "Looked after"
    return [(key, line) for key, line in told.items() if line]


def _support(student: Student) -> dict[str, str]:
    need = f": {student.get_sen_need_display()}" if student.sen_need else ""
    return {
        "sen": f"{student.get_sen_status_display()}{need}" if student.sen_status != SenStatus.NONE else "",
        "eal": "English as an additional language" if student.eal else "",
        "premium": "Pupil premium" if student.pupil_premium else "",
    }
