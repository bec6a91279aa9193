"""Who is around a student and who keeps it together: reading it, adding somebody, naming the key person.

Shown on the student's Family page by the desk.
"""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.referrals.models import AgencyContact, KeyPerson, PersonAround
from tutoring.referrals.selectors import people_to_hold


@dataclass(frozen=True)
class Circle:
    """The people around one student: those concerned today, those who were, and the key person, if one is named."""

    now: list[PersonAround]
    before: list[PersonAround]
    key_person: KeyPerson | None


def people_around(student: Student) -> QuerySet[PersonAround]:
    """All whom whoever acts may read; the database says which (migration 0004)."""
    return PersonAround.objects.filter(student=student).select_related("contact__agency", "added_by")


def people_editable(user: User) -> QuerySet[PersonAround]:
    """Whom this person may change, with whose they are."""
    theirs = students_visible_to(user, Permission.MAKE_REFERRAL)
    return PersonAround.objects.filter(student__in=theirs).select_related("student__school", "contact__agency")


def circle_around(student: Student, today: dt.date) -> Circle:
    """In two queries."""
    people = list(people_around(student).order_by(F("until").desc(nulls_first=True), "name"))
    now = [person for person in people if person.until is None or person.until >= today]
    return Circle(now, [person for person in people if person not in now], key_person_of(student))


def key_person_of(student: Student) -> KeyPerson | None:
    """Who is named, as long as they work here; None: the tutor is."""
    named = KeyPerson.objects.filter(student=student, until=None, staff__is_active=True).select_related("staff")
    return named.first()


def contacts_to_name(student: Student) -> QuerySet[AgencyContact]:
    """Whom the school's directory names, and who is still there."""
    ours = AgencyContact.objects.filter(agency__school=student.school_id, is_active=True, agency__is_active=True)
    return ours.select_related("agency").order_by("agency__name", "name")


@transaction.atomic
def save_person(*, by: User, person: PersonAround) -> PersonAround:
    """Somebody new around a student, or changed; the form has checked it."""
    if person._state.adding:
        person.added_by = by
    person.save()
    record("person_around.saved", by=by, obj=person, student=str(person.student_id))
    return person


@transaction.atomic
def name_key_person(*, by: User, student: Student, to: User | None) -> bool:
    """Who keeps it together from today on, None for the tutor; False where it is so already.

    PermissionDenied for somebody who may not read what there is to keep together.
    """
    now = KeyPerson.objects.select_for_update(no_key=True).filter(student=student, until=None).first()
    if (now.staff_id if now else None) == (to.pk if to else None):
        return False
    if to and not people_to_hold(student).filter(pk=to.pk).exists():
        raise PermissionDenied("This colleague may not read what there is to keep together.")
    KeyPerson.objects.filter(student=student, until=None).update(until=timezone.localdate())
    if to:
        KeyPerson.objects.create(student=student, staff=to, set_by=by)
    record("key_person.named", by=by, obj=student, to=str(to.pk) if to else "")
    return True
