"""Picking several students in one go, across tutor groups: by name, group, who misses school or is below target."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet

from accounts import drafts
from accounts.mixins import StaffPageMixin
from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from students.selectors import students_matching, students_on_roll, year_start
from tutoring.attendance.selectors import figures_by_student
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_visible_to, students_of_group, students_visible_to, students_with_group
from tutoring.progress.selectors import Course, courses_by_student

SHOWN = 60
ABSENT_FROM = 10  # per cent of sessions missed: DfE, persistent absence


class Picking(StaffPageMixin):
    """Boxes to tick; what is ticked stays ticked while one goes on looking. Only students held with `pick_for`."""

    pick_for: ClassVar[Permission]

    def context(self, asked: Any, without: set[UUID]) -> dict[str, Any]:
        groups = list(groups_visible_to(self.me, self.pick_for).order_by("name"))
        group = next((group for group in groups if str(group.pk) == asked.get("group")), None)
        picked = students_named(self.me, self.pick_for, asked.getlist("student"))
        text, absent = asked.get("q", "").replace("\0", " ").strip()[:100], asked.get("absent") == "1"
        courses = _below_target(self.me, asked=asked.get("below") == "1")
        may = students_to_pick(self.me, self.pick_for).exclude(pk__in=without | {student.pk for student in picked})
        may = may if courses is None else may.filter(pk__in=courses)
        rows = list(_found(self.me, may, text=text, group=group, absent=absent)[: SHOWN + 1])
        for student in rows:
            student.below = ", ".join(courses[student.pk].below) if courses else ""  # type: ignore[attr-defined]
        return {
            "groups": groups, "group": group, "q": text, "absent": absent, "below": courses is not None,
            "picked": picked, "rows": rows[:SHOWN], "more": len(rows) > SHOWN,
        }  # fmt: skip


def _below_target(user: User, *, asked: bool) -> dict[UUID, Course] | None:
    """student id → their course, of whoever is below target and whose grades this person sees; None: not asked."""
    if not asked or not user.school:
        return None
    seen = students_visible_to(user, Permission.VIEW_PROGRESS)
    return {key: course for key, course in courses_by_student(seen, user.school).items() if course.below}


def students_to_pick(user: User, permission: Permission) -> QuerySet[Student]:
    """On roll, and held with the permission."""
    return students_on_roll(students_visible_to(user, permission))


def students_named(user: User, permission: Permission, keys: Iterable[str]) -> list[Student]:
    """Of those, the ones an address or a form names, by name; a key that makes no sense names nobody."""
    known = [key for text in keys if (key := drafts.token_from(text))]
    return list(students_to_pick(user, permission).filter(pk__in=known)) if known else []


def _found(
    user: User, students: QuerySet[Student], *, text: str, group: TutorGroup | None, absent: bool
) -> QuerySet[Student]:
    """Of these, by name, group, and who missed a tenth of this year's sessions; with the group's name."""
    if group:
        students = students.filter(pk__in=students_of_group(group).values("pk"))
    if text:
        students = students_matching(students, text)
    if absent and user.school:
        figures = figures_by_student(
            students.filter(pk__in=students_visible_to(user, Permission.VIEW_ATTENDANCE)), year_start(user.school)
        )
        missed = [key for key, f in figures.items() if f.possible and f.absent * 100 >= f.possible * ABSENT_FROM]
        students = students.filter(pk__in=missed)
    return students_with_group(students).order_by("preferred_surname", "preferred_forename", "pk")
