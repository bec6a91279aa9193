"""What an import needs to know beforehand, and the runs a data manager may see."""

import datetime as dt
from pathlib import Path
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import House, LineManager, Membership, School, User
from exchange.enums import RunState
from exchange.models import ImportRun
from students.models import Closure, Ethnicity, Student, Term
from tutoring.attendance.models import Code
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment, TutorGroup
from tutoring.groups.singly import work_with_students
from tutoring.progress.models import DataDrop, Subject

# Whose role, which, of which house, of which year.
RoleKey = tuple[UUID, str, UUID | None, int | None]


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


def roles_ended(school: School, since: dt.date) -> dict[RoleKey, dt.date]:
    """Last days of people's own roles that ended this school year. Only by hand does one end; cover is another matter.

    The day before counts too: what is ended on 1 September ended with the day before.
    """
    today = timezone.localdate()
    rows = Membership.objects.filter(school=school, stands_in_for=None, ends_on__lt=today)
    rows = rows.filter(ends_on__gte=since - dt.timedelta(days=1)).order_by("ends_on")
    return {(m.user_id, m.role, m.house_id, m.year_group): m.ends_on for m in rows if m.ends_on}


def lines_not_over(school: School, today: dt.date) -> list[LineManager]:
    """Who manages whom, today or to come."""
    return list(LineManager.objects.not_over(today).filter(school=school))


def lines_ended(school: School, since: dt.date) -> dict[tuple[UUID, UUID], dt.date]:
    """(person, manager) → the last day of a line that ended this school year; only by hand does one end."""
    rows = LineManager.objects.filter(school=school, ends_on__lt=timezone.localdate(), ends_on__gte=since)
    return {(line.person_id, line.manager_id): line.ends_on for line in rows.order_by("ends_on") if line.ends_on}


def open_assignments_of(school: School) -> list[TutorAssignment]:
    return list(TutorAssignment.objects.filter(group__school=school, ends_on__isnull=True))


def caseload_of(school: School) -> list[CaseloadEntry]:
    """Single students of everybody, also what is over: no file brings that back."""
    rows = CaseloadEntry.objects.filter(membership__school=school)
    return list(rows.select_related("membership").order_by("starts_on"))


def work_given_students(school: School, today: dt.date) -> list[Membership]:
    """The roles, of today or to come, that single students hang on; cover is another matter."""
    return list(work_with_students(school, today))


def lent_to(user: User, today: dt.date) -> set[UUID]:
    """The memberships of others that this person stands in for, today or to come."""
    rows = Membership.objects.filter(user=user, stands_in_for__isnull=False)
    not_over = rows.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    return set(not_over.values_list("stands_in_for_id", flat=True))


def placements_of(school: School, today: dt.date) -> list[GroupMembership]:
    """Those of today and those to come, the last first."""
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return list(GroupMembership.objects.filter(not_over, group__school=school).order_by("-starts_on"))


def students_of(school: School) -> list[Student]:
    return list(Student.objects.filter(school=school))


def ethnicities_of(school: School) -> list[Ethnicity]:
    return list(Ethnicity.objects.filter(school=school))


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


def runs_of(school: School) -> QuerySet[ImportRun]:
    """The imports of the school, newest first, without the bulk of their reports."""
    return ImportRun.objects.filter(school=school).select_related("requested_by").defer("report")


def claimable_runs() -> QuerySet[ImportRun]:
    """Runs with work to do that no living worker holds."""
    unheld = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    working = ImportRun.objects.filter(unheld, state__in=[RunState.CHECKING, RunState.APPLYING])
    return working.select_related("school", "requested_by").order_by("created_at")


def is_applying(school: School, *, besides: ImportRun) -> bool:
    """Whether another import of the school is being written right now."""
    others = ImportRun.objects.filter(school=school, state=RunState.APPLYING, lease_until__gte=Now())
    return others.exclude(pk=besides.pk).exists()


def forgotten_runs(age: dt.timedelta) -> QuerySet[ImportRun]:
    """Checked long ago and never imported."""
    return ImportRun.objects.filter(state=RunState.READY, created_at__lt=timezone.now() - age)


def run_ids_with_files() -> set[str]:
    """Runs whose files are still needed."""
    over = [RunState.DONE, RunState.FAILED]
    return {str(pk) for pk in ImportRun.objects.exclude(state__in=over).values_list("pk", flat=True)}


def is_older_than(path: Path, age: dt.timedelta) -> bool:
    """By its time on the disk; a path that has just gone is not."""
    try:
        return timezone.now().timestamp() - path.stat().st_mtime > age.total_seconds()
    except OSError:
        return False


def findings_of(run: ImportRun, severity: str = "") -> list[dict[str, str]]:
    """The findings that the run lists, of one severity or all."""
    listed: list[dict[str, str]] = (run.report or {}).get("findings", [])
    return [f for f in listed if not severity or f["severity"] == severity]
