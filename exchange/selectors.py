"""What an import needs to know beforehand, and the runs a data manager may see."""

from accounts.models import House, Membership, School, User
from students.models import Closure, Student, Term
from tutoring.attendance.models import Code
from tutoring.groups.models import GroupMembership, TutorAssignment, TutorGroup
from tutoring.progress.models import DataDrop, Subject


def houses_of(school: School) -> list[House]:
    return list(House.objects.filter(school=school))


def groups_of(school: School) -> list[TutorGroup]:
    return list(TutorGroup.objects.filter(school=school))


def staff_of(school: School) -> list[User]:
    return list(User.objects.filter(school=school))


def emails_elsewhere(school: School, emails: set[str]) -> set[str]:
    """Those of the addresses that sign in at another school already."""
    return set(User.objects.filter(email__in=emails).exclude(school=school).values_list("email", flat=True))


def open_memberships_of(school: School) -> list[Membership]:
    return list(Membership.objects.filter(school=school, ends_on__isnull=True))


def open_assignments_of(school: School) -> list[TutorAssignment]:
    return list(TutorAssignment.objects.filter(group__school=school, ends_on__isnull=True))


def open_placements_of(school: School) -> list[GroupMembership]:
    return list(GroupMembership.objects.filter(group__school=school, ends_on__isnull=True))


def students_of(school: School) -> list[Student]:
    return list(Student.objects.filter(school=school))


def subjects_of(school: School) -> list[Subject]:
    return list(Subject.objects.filter(school=school))


def data_drops_of(school: School) -> list[DataDrop]:
    return list(DataDrop.objects.filter(school=school))


def years_with_terms(school: School) -> set[int]:
    return set(Term.objects.filter(school=school).values_list("year", flat=True))


def closures_of(school: School) -> list[Closure]:
    return list(Closure.objects.filter(school=school))


def attendance_codes() -> list[Code]:
    return list(Code.objects.all())
