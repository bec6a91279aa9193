"""What a student thinks before a 1:1: the school's questions, keeping what was written, finding what is still new."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from accounts.models import School, User
from accounts.permissions import Permission
from audit.services import record
from core.ids import UUID
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions.models import Reflection, ReflectionSheet, TutorSession

_SHOWN = ("asked", "said", "wish", "feeling", "written_at")


def sheet_of(school: School) -> ReflectionSheet:
    """What the school asks; the usual questions, unsaved, where it has settled none."""
    return ReflectionSheet.objects.filter(school=school).first() or ReflectionSheet(school=school)


def students_who_reflect(user: User) -> QuerySet[Student]:
    """To whom this person may hand the device: those whose 1:1s of the tutor team they read."""
    return students_visible_to(user, Permission.VIEW_TEAM_SESSION).select_related("school")


def reflections_of(student: Student) -> QuerySet[Reflection]:
    """All that whoever acts may read, the latest first; the database says which (migration 0021)."""
    return Reflection.objects.filter(student=student).select_related("taken_by").order_by("-written_at")


def _new() -> QuerySet[Reflection]:
    """Not talked about yet: no 1:1 that counts was logged after it, as far as whoever acts reads them."""
    later = TutorSession.objects.filter(
        student=OuterRef("student"), school_kind__counts=True, created_at__gt=OuterRef("written_at")
    )
    return Reflection.objects.filter(~Exists(later)).order_by("-written_at")


def students_with_reflection(students: QuerySet[Student]) -> QuerySet[Student]:
    """The same students with what they wrote for the coming 1:1 beside each: `new_reflection` reads it."""
    values = JSONObject(id="pk", by_id="taken_by_id", **{name: F(name) for name in _SHOWN})
    new = _new().filter(student=OuterRef("pk"))
    return students.annotate(reflected=Subquery(new.values(json=values)[:1]))


def new_reflection(student: Student) -> Reflection | None:
    """What this student wrote for the coming 1:1; asks nothing where it stands beside the student already."""
    if "reflected" not in vars(student):
        return _new().filter(student=student).first()
    found: dict[str, Any] | None = vars(student)["reflected"]
    if found is None:
        return None
    said = {name: found[name] for name in _SHOWN} | {"written_at": parse_datetime(found["written_at"])}
    return Reflection(pk=uuid.UUID(found["id"]), student=student, taken_by_id=uuid.UUID(found["by_id"]), **said)


def reflection_named(student: Student, key: str) -> Reflection | None:
    """The one with this key, if it is this student's and may be read."""
    try:
        return Reflection.objects.filter(student=student, pk=uuid.UUID(key)).first()
    except ValueError:
        return None


@transaction.atomic
def keep_reflection(*, by: User, student: Student, submission: UUID, **said: Any) -> Reflection:
    """What the student wrote on this person's device: another row each time; of a form sent twice there is one."""
    before = Reflection.objects.filter(submission=submission, student=student).first()
    if before:
        return before
    kept = Reflection.objects.create(taken_by=by, student=student, submission=submission, **said)
    record("reflection.kept", by=by, obj=kept, student=str(student.pk))
    return kept


def record_reflections(student: Student, *, by: User) -> None:
    """Somebody opened the list of all that a student wrote."""
    record("reflection.opened", by=by, obj=student)


@transaction.atomic
def save_sheet(*, by: User, sheet: ReflectionSheet) -> ReflectionSheet:
    """Keep the school's questions."""
    sheet.save()
    record("reflection_sheet.saved", by=by, obj=sheet)
    return sheet
