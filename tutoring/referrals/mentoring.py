"""Mentors of a student and students of a mentor: reading, beginning, changing, ending.

A mentor is somebody who reaches the student already; being one gives nobody more to see (decision 0006).
"""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.ids import UUID
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.selectors import staff_who_see, students_visible_to
from tutoring.referrals.models import Mentoring
from tutoring.sessions.selectors import last_seen

YEAR = dt.timedelta(days=365)


def mentors_to_choose(student: Student) -> QuerySet[User]:
    """All who teach or look after this student, and so may read what a mentoring says."""
    return staff_who_see(student, Permission.VIEW_STRATEGY).order_by("last_name", "first_name", "pk")


def mentorings_of(student: Student) -> list[Mentoring]:
    """Those that go on, then those before, in one query; whoever acts may read them or the database gives none."""
    rows = list(Mentoring.objects.filter(student=student).select_related("mentor", "ended_by"))
    return sorted(rows, key=lambda one: one.until is not None)


def mentorings_mine(user: User) -> list[Mentoring]:
    """Of this mentor, those that go on with a student on roll whom they see, each with `seen_on`; in two queries."""
    students = students_on_roll(students_visible_to(user, Permission.VIEW_STRATEGY))
    rows = Mentoring.objects.filter(mentor=user, until=None, student__in=students).select_related("student")
    mine = list(rows.order_by("student__sort_name", "pk"))
    seen = last_seen([one.student for one in mine], since=timezone.localdate() - YEAR)
    for one in mine:
        vars(one)["seen_on"] = seen.get(one.student_id)
    return mine


def mentorings_changeable(user: User) -> QuerySet[Mentoring]:
    """Those that go on, of students whose strategies this person writes, and their own."""
    written = Q(student__in=students_visible_to(user, Permission.WRITE_STRATEGY))
    own = Q(mentor=user, student__in=students_visible_to(user, Permission.VIEW_STRATEGY))
    return Mentoring.objects.filter(written | own, until=None).select_related("student__school", "mentor")


@transaction.atomic
def begin_mentoring(*, by: User, student: Student, mentor: User, submission: UUID, **words: Any) -> Mentoring:
    """From a day on; of a form sent twice one. PermissionDenied for a mentor who does not reach the student."""
    before = Mentoring.objects.filter(submission=submission, student=student).first()
    if before:
        return before
    if not mentors_to_choose(student).filter(pk=mentor.pk).exists():
        raise PermissionDenied("This colleague does not see the student.")
    begun = Mentoring.objects.create(student=student, mentor=mentor, submission=submission, set_by=by, **words)
    record("mentoring.begun", by=by, obj=begun, student=str(student.pk), mentor=str(mentor.pk))
    return begun


@transaction.atomic
def change_mentoring(*, by: User, mentoring: Mentoring) -> Mentoring:
    """What it is for, and the strengths, in other words; the form has asked whether they are still the same."""
    mentoring.save(update_fields=["aspiration", "strengths"])
    record("mentoring.changed", by=by, obj=mentoring, student=str(mentoring.student_id))
    return mentoring


@transaction.atomic
def end_mentoring(*, by: User, mentoring: Mentoring, words: str) -> bool:
    """From today on it is over. False where somebody ended it meanwhile."""
    going_on = Mentoring.objects.filter(pk=mentoring.pk, until=None)
    if not going_on.update(until=timezone.localdate(), ended_by=by, ended_words=words):
        return False
    record("mentoring.ended", by=by, obj=mentoring, student=str(mentoring.student_id))
    return True
