"""Who sees whom: the one selector that every list, page, export and report goes through."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Count, F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.enums import HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import Membership, School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from tutoring.groups.models import CaseloadEntry, Dated, GroupMembership, TutorAssignment, TutorGroup
from tutoring.groups.sight import Sees, StaffWhoSee, roles_query, staff_query

_Link = TypeVar("_Link", bound=Dated)

# `groups_tutored_by` for statements that stand by themselves, with the names of `values_of`.
GROUPS_TUTORED = """SELECT tied.group_id FROM groups_tutorassignment tied WHERE tied.membership_id = ANY (%(held)s)
   AND tied.starts_on <= %(today)s AND (tied.ends_on IS NULL OR tied.ends_on >= %(today)s)"""
# Of a group `g`: the colleague for whom whoever asks tutors it today; nobody where they tutor it themselves.
TUTORED_FOR = """(SELECT CASE WHEN held.id = ANY (%(lent)s) THEN held.user_id END
  FROM groups_tutorassignment tied JOIN accounts_membership held ON held.id = tied.membership_id
 WHERE tied.group_id = g.id AND tied.membership_id = ANY (%(held)s)
   AND tied.starts_on <= %(today)s AND (tied.ends_on IS NULL OR tied.ends_on >= %(today)s)
 ORDER BY held.id = ANY (%(lent)s) LIMIT 1)"""
# The students whom whoever asks tutors today, by group or singly, or whose tutor they stand in for (`values_of`).
STUDENTS_KEPT = """SELECT place.student_id FROM groups_tutorassignment tied
   JOIN groups_groupmembership place ON place.group_id = tied.group_id AND place.starts_on <= %(today)s
    AND (place.ends_on IS NULL OR place.ends_on >= %(today)s)
 WHERE tied.membership_id = ANY (%(kept)s)
   AND tied.starts_on <= %(today)s AND (tied.ends_on IS NULL OR tied.ends_on >= %(today)s)
 UNION ALL
SELECT singly.student_id FROM groups_caseloadentry singly WHERE singly.membership_id = ANY (%(kept)s)
   AND singly.starts_on <= %(today)s AND (singly.ends_on IS NULL OR singly.ends_on >= %(today)s)"""
# Tied to students, but not as their tutor.
TEACHING_ROLES = frozenset({Role.SUBJECT_TEACHER, Role.CONTRIBUTOR})


def students_visible_to(user: User, permission: Permission = Permission.VIEW_STUDENT) -> QuerySet[Student]:
    """The students for whom this person holds the permission: through a role that carries it, within its scope.

    One membership must give both: a subject teacher of one who tutors another reads tutor notes of the second only.
    """
    return Student.objects.filter(Sees(user, permission), school_id=user.school_id)  # type: ignore[misc]


def _linked(membership: Membership) -> UUID:
    """Groups and students hang on the membership itself, or on the one this person stands in for."""
    return membership.stands_in_for_id or membership.pk


def _assigned_students(membership: Membership) -> Q:
    groups = _in_force(TutorAssignment.objects.filter(membership=_linked(membership))).values("group")
    members = _in_force(GroupMembership.objects.filter(group__in=groups)).values("student")
    caseload = _in_force(CaseloadEntry.objects.filter(membership=_linked(membership))).values("student")
    return Q(pk__in=members) | Q(pk__in=caseload)


def _in_force(links: QuerySet[_Link], on: dt.date | None = None) -> QuerySet[_Link]:
    day = on or timezone.localdate()
    return links.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


def memberships_acted_by(user: User) -> list[UUID]:
    """Those by which this person acts today: their own, or the one they stand in for."""
    return [_linked(membership) for membership in user.current_memberships]


def groups_tutored_by(user: User) -> QuerySet[TutorGroup]:
    """The groups this person tutors today, or stands in for."""
    tied = TutorAssignment.objects.filter(membership__in=memberships_acted_by(user))
    return TutorGroup.objects.filter(pk__in=_in_force(tied).values("group"))


def values_of(user: User, today: dt.date) -> dict[str, Any]:
    """What `GROUPS_TUTORED`, `TUTORED_FOR`, `STUDENTS_KEPT` and the lines of what is due name."""
    return {
        "me": user.pk,
        "mine": [user.pk, *user.stands_in_for],
        "kept": [_linked(m) for m in user.current_memberships if m.role not in TEACHING_ROLES],
        "held": memberships_acted_by(user),
        "lent": user.memberships_lent,
        "absent": list(user.stands_in_for),
        "today": today,
    }


def groups_visible_to(user: User, permission: Permission = Permission.VIEW_STUDENT) -> QuerySet[TutorGroup]:
    """The groups that hold at least one student this person sees with the permission."""
    students = students_visible_to(user, permission)
    seen = _in_force(GroupMembership.objects.filter(student__in=students)).values("group")
    return TutorGroup.objects.filter(pk__in=seen)


def students_of_group(group: TutorGroup, on: dt.date | None = None) -> QuerySet[Student]:
    """Who is in the group on that day (today unless told)."""
    return Student.objects.filter(pk__in=_in_force(GroupMembership.objects.filter(group=group), on).values("student"))


def students_of_groups(groups: Iterable[TutorGroup]) -> QuerySet[Student]:
    """Who is in any of the groups today."""
    members = _in_force(GroupMembership.objects.filter(group__in=list(groups)))
    return Student.objects.filter(pk__in=members.values("student"))


def students_of_caseload(user: User) -> QuerySet[Student]:
    """My students: those this person tutors, by group or singly; not those they only teach."""
    return _students_held(user, frozenset(Role) - TEACHING_ROLES)


def students_taught_by(user: User) -> QuerySet[Student]:
    """Those this person teaches or contributes for, without being their tutor."""
    return _students_held(user, TEACHING_ROLES)


def _students_held(user: User, roles: frozenset[Role]) -> QuerySet[Student]:
    reach = Q(pk__in=[])
    for membership in user.current_memberships:
        if membership.role in roles:
            reach |= _assigned_students(membership)
    return Student.objects.filter(reach, school=user.school)


def students_with_group(students: QuerySet[Student]) -> QuerySet[Student]:
    """The same students with `group_id`, `group_name` and `group_year` of today's tutor group beside each.

    One row a student: the constraint `one_group_a_day` holds it.
    """
    today = timezone.localdate()
    in_force = Q(group_memberships__starts_on__lte=today) & (
        Q(group_memberships__ends_on__isnull=True) | Q(group_memberships__ends_on__gte=today)
    )
    return students.select_related("house").annotate(
        place=FilteredRelation("group_memberships", condition=in_force),
        group_id=F("place__group"),
        group_name=F("place__group__name"),
        group_year=F("place__group__year_group"),
    )


def tutors_by_group(groups: Iterable[UUID]) -> dict[UUID, list[User]]:
    """group id → its tutors of today, in one query; who is tutor no more is named no more."""
    links = _by_their_role(_in_force(TutorAssignment.objects.filter(group__in=groups)))
    found: dict[UUID, list[User]] = {}
    for link in links.select_related("membership__user").order_by("membership__user__last_name", "pk"):
        found.setdefault(link.group_id, []).append(link.membership.user)
    return found


def tutors_of_student(student: Student) -> QuerySet[User]:
    """The tutors of the student's group, and 1:1 tutors who hold the student."""
    group = _in_force(GroupMembership.objects.filter(student=student)).values("group")
    by_group = _by_their_role(_in_force(TutorAssignment.objects.filter(group__in=group)))
    singly = _by_their_role(
        _in_force(CaseloadEntry.objects.filter(student=student, membership__role=Role.ONE_TO_ONE_TUTOR))
    )
    return User.objects.filter(
        Q(pk__in=by_group.values("membership__user")) | Q(pk__in=singly.values("membership__user"))
    )


def _by_their_role(links: QuerySet[_Link]) -> QuerySet[_Link]:
    """Of colleagues who work here today, in the role that the link hangs on."""
    return links.filter(membership__in=Membership.objects.current(), membership__user__is_active=True)


def staff_with_groups(school: School) -> QuerySet[User]:
    """Staff with `held`, their memberships of today; each has `assigned` groups and a number of `singly` held ones."""
    return _with_roles(school, Membership.objects.current())


def staff_with_roles(school: School) -> QuerySet[User]:
    """The same with what begins later: for the page of one of them."""
    today = timezone.localdate()
    return _with_roles(school, Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)))


def _with_roles(school: School, held: QuerySet[Membership]) -> QuerySet[User]:
    groups = Prefetch(
        "tutor_assignments", _in_force(TutorAssignment.objects.select_related("group")), to_attr="assigned"
    )
    singly = _in_force(CaseloadEntry.objects.filter(membership=OuterRef("pk"))).values("membership")
    memberships = (
        held.filter(school=school)
        .select_related("house", "school", "stands_in_for__user")
        .annotate(singly=Subquery(singly.annotate(number=Count("pk")).values("number")))
        .order_by("role", "starts_on", "house__name", "year_group", "pk")
        .prefetch_related(groups)
    )
    return User.objects.filter(school=school).prefetch_related(Prefetch("memberships", memberships, to_attr="held"))


def staff_who_see(student: Student, permission: Permission = Permission.VIEW_STUDENT) -> QuerySet[User]:
    """The other way round: who holds the permission for this student today; exactly those whose selector finds them."""
    return User.objects.filter(pk__in=StaffWhoSee(student, permission), school_id=student.school_id, is_active=True)


def staff_who_see_each(students: Sequence[Student], permission: Permission) -> dict[UUID, set[UUID]]:
    """student id → the keys of those who hold the permission for them today; one statement for all of them."""
    found: dict[UUID, set[UUID]] = {student.pk: set() for student in students}
    with connection.cursor() as cursor:
        cursor.execute(*staff_query(list(found), permission))
        for student, person in cursor.fetchall():
            found[student].add(person)
    return found


def roles_over(user: User, student: Student) -> set[Role]:
    """The roles through which this person reaches this one student, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(*roles_query(user, student.pk))
        return {Role(role) for (role,) in cursor.fetchall()}


def students_led_by(user: User) -> QuerySet[Student]:
    """The house or year this person leads; nobody for everybody else."""
    reach = Q(pk__in=[])
    for membership in user.current_memberships:
        leads = membership.role in HOUSE_ROLES and membership.house_id
        if leads or (membership.role in YEAR_ROLES and membership.year_group):
            reach |= _house_and_year(membership)
    return Student.objects.filter(reach, school=user.school)


def _house_and_year(membership: Membership) -> Q:
    """A membership that names both reaches where they meet."""
    reach = Q(house_id=membership.house_id) if membership.house_id else Q()
    return reach & Q(year_group=membership.year_group) if membership.year_group else reach
