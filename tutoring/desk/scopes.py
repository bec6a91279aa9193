"""Which students a page is about: the house or year one leads, those one tutors, or everyone one may see."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, WHOLE_SCHOOL_ROLES, YEAR_ROLES, Role
from accounts.models import User
from accounts.permissions import Permission
from accounts.reach_words import places_in_words
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.selectors import (
    TEACHING_ROLES,
    students_led_by,
    students_of_caseload,
    students_taught_by,
    students_visible_to,
)

# Why somebody was away may tell of health, faith or worse: for those who may ring home, pastoral and office staff.
SEES_REASONS = Permission.VIEW_FAMILY

WHOLE_SCHOOL, MINE, LED, TAUGHT = "all", "mine", "led", "taught"
KEYS = (WHOLE_SCHOOL, MINE, LED, TAUGHT)  # as addresses say them


@dataclass(frozen=True)
class Scope:
    """A circle of students with the word for it. `find` is asked of the one a page is about, not of those it offers."""

    key: str
    label: str
    find: Callable[[], QuerySet[Student]]
    group: str = ""  # the key of the one tutor group the page is narrowed to

    @property
    def students(self) -> QuerySet[Student]:
        return self.find()


def scopes_of(user: User) -> list[Scope]:
    """The circles this person can choose from, the most natural first; never empty. No query."""
    scopes: list[Scope] = []
    roles = user.roles
    if roles & (HOUSE_ROLES | YEAR_ROLES):
        scopes.append(Scope(LED, _led_label(user), lambda: students_on_roll(students_led_by(user))))
    if roles & ASSIGNED_ROLES - TEACHING_ROLES:
        scopes.append(Scope(MINE, "My students", lambda: students_on_roll(students_of_caseload(user))))
    if roles & TEACHING_ROLES:
        label = "Students I teach" if Role.SUBJECT_TEACHER in roles else "Students I help"
        scopes.append(Scope(TAUGHT, label, lambda: students_on_roll(students_taught_by(user))))
    if not scopes or roles - ASSIGNED_ROLES - HOUSE_ROLES - YEAR_ROLES:
        label = "The whole school" if _whole_school(user) else "Everyone I may see"
        scopes.append(Scope(WHOLE_SCHOOL, label, lambda: students_on_roll(students_visible_to(user))))
    return scopes


def scope_chosen(scopes: list[Scope], key: str | None) -> Scope:
    """The circle with that key, or the first."""
    return next((s for s in scopes if s.key == key), scopes[0])


def _led_label(user: User) -> str:
    led = [m for m in user.current_memberships if m.role in HOUSE_ROLES | YEAR_ROLES]
    return places_in_words(led)


def _whole_school(user: User) -> bool:
    held = user.current_memberships
    return any(m.role in WHOLE_SCHOOL_ROLES and not m.house_id and not m.year_group for m in held)
