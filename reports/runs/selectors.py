"""Reading runs: what waits, how far a run is, who may see it, and which reports exist of a student."""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from reports.enums import BatchState, ItemState
from reports.models import ReportBatch, ReportItem
from students.models import Student, Term
from students.selectors import students_on_roll
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_visible_to, students_visible_to, students_with_group
from tutoring.progress.models import TermComment

# Those who answer for every report of the school see every run.
RUN_OVERSEERS = frozenset({Role.HEADTEACHER, Role.SENIOR_LEADER, Role.DATA_MANAGER})


def claimable_items(batch_id: UUID) -> QuerySet[ReportItem]:
    """Those that wait, and those whose worker has let its lease run out."""
    abandoned = Q(state=ItemState.RUNNING, lease_until__lt=Now())
    return ReportItem.objects.filter(Q(state=ItemState.WAITING) | abandoned, batch=batch_id)


def leased_items(batch_id: UUID) -> QuerySet[ReportItem]:
    """Those some worker is at."""
    return ReportItem.objects.filter(batch=batch_id, state=ItemState.RUNNING, lease_until__gte=Now())


def unfinished_items(batch_id: UUID) -> QuerySet[ReportItem]:
    """Those neither made nor given up."""
    return ReportItem.objects.filter(batch=batch_id, state__in=[ItemState.WAITING, ItemState.RUNNING])


def open_batch_ids() -> list[UUID]:
    """Runs that are not finished, oldest first."""
    open_ones = ReportBatch.objects.filter(state=BatchState.OPEN).order_by("created_at")
    return list(open_ones.values_list("pk", flat=True))


def counts_by_state(batch_id: UUID) -> Counter[str]:
    """How many items stand in each state."""
    items = ReportItem.objects.filter(batch=batch_id).order_by()
    return Counter(dict(items.values_list("state").annotate(Count("pk"))))


def file_names(batch_id: UUID) -> set[str]:
    """The files that count."""
    return set(ReportItem.objects.filter(batch=batch_id).exclude(file="").values_list("file", flat=True))


def runs_visible_to(user: User) -> QuerySet[ReportBatch]:
    """Runs this person asked for; for whole-school leaders and the data manager, every run of the school."""
    runs = ReportBatch.objects.filter(school=user.school_id)
    overseer = any(
        m.role in RUN_OVERSEERS and m.house_id is None and m.year_group is None for m in user.current_memberships
    )
    return runs if overseer else runs.filter(requested_by=user)


def runs_with_counts(user: User) -> QuerySet[ReportBatch]:
    """The same with `total`, `made` and `failed`, newest first."""
    made, failed = (Count("items", filter=Q(items__state=state)) for state in (ItemState.DONE, ItemState.FAILED))
    runs = runs_visible_to(user).select_related("term", "requested_by").prefetch_related("groups")
    return runs.annotate(total=Count("items"), made=made, failed=failed).order_by("-created_at")


def items_visible_to(user: User, batch: ReportBatch) -> QuerySet[ReportItem]:
    """The run's items, without students whose reports this person may no longer see."""
    students = students_visible_to(user, Permission.VIEW_REPORT)
    return ReportItem.objects.filter(batch=batch, student__in=students).select_related("student")


def finished_reports(user: User, batch: ReportBatch, group_name: str = "") -> list[ReportItem]:
    """The run's finished reports this person may take away, by group and name; of one group where it is named."""
    items = items_visible_to(user, batch).filter(state=ItemState.DONE)
    return list(items.filter(group_name=group_name) if group_name else items)


def failed_reports(user: User, batch: ReportBatch) -> QuerySet[ReportItem]:
    """Those that could not be made, with the reason on each."""
    return items_visible_to(user, batch).filter(state=ItemState.FAILED)


def group_names_of(items: QuerySet[ReportItem]) -> list[str]:
    """The groups in a run, by year and name."""
    names = items.exclude(group_name="").order_by("group_name").values_list("group_name", flat=True).distinct()
    return sorted(names, key=group_order)


def group_order(name: str) -> tuple[int, str]:
    """Where a group stands among others: 7BEC before 10BEC, names without a number last."""
    number = re.match(r"\d+", name)
    return (int(number[0]) if number else 1000, name)


def reports_visible_to(user: User) -> QuerySet[ReportItem]:
    """Every finished report of the students whose reports this person may see, whoever asked for it."""
    students = students_visible_to(user, Permission.VIEW_REPORT)
    return ReportItem.objects.filter(student__in=students, state=ItemState.DONE).select_related("student")


def reports_of_student(user: User, student: Student) -> QuerySet[ReportItem]:
    """One student's finished reports, newest first."""
    found = reports_visible_to(user).filter(student=student).select_related("batch__term", "batch__requested_by")
    return found.order_by("-made_at")


@dataclass(frozen=True)
class Progress:
    """How far a run is. `seconds_left` is None until the pace is known."""

    total: int
    made: int
    failed: int
    running: int
    waits_for_worker: bool
    seconds_left: int | None

    @property
    def settled(self) -> int:
        return self.made + self.failed

    @property
    def left(self) -> str:
        """In words: about 2 minutes left."""
        if self.seconds_left is None:
            return ""
        if self.seconds_left < 90:
            return f"about {max(5, 5 * round(self.seconds_left / 5))} seconds left"
        return f"about {round(self.seconds_left / 60)} minutes left"


def progress_of(batch: ReportBatch) -> Progress:
    """Counts and the time left, by the pace of those made in this run so far."""
    counts = counts_by_state(batch.pk)
    total, made, failed = counts.total(), counts[ItemState.DONE], counts[ItemState.FAILED]
    done = ReportItem.objects.filter(batch=batch, state=ItemState.DONE)
    times = done.aggregate(first=Min("made_at"), last=Max("made_at"))
    moved = max(filter(None, (batch.created_at, times["last"])))
    still = not counts[ItemState.RUNNING] and timezone.now() - moved > dt.timedelta(seconds=12)
    left = total - made - failed
    seconds = None
    if made >= 4 and left:
        seconds = round((times["last"] - times["first"]).total_seconds() / (made - 1) * left)
    return Progress(
        total=total,
        made=made,
        failed=failed,
        running=counts[ItemState.RUNNING],
        waits_for_worker=bool(batch.state == BatchState.OPEN and left and still),
        seconds_left=seconds,
    )


@dataclass(frozen=True)
class GroupChoice:
    """A group that can be chosen, its students, and those whose tutor's comment is still missing."""

    group: TutorGroup
    students: list[Student]
    missing: list[Student]


def group_choices(user: User, term: Term) -> list[GroupChoice]:
    """The groups of which this person may run reports, in two queries and one for the comments."""
    visible = students_on_roll(students_visible_to(user, Permission.RUN_REPORTS))
    by_group: dict[UUID | None, list[Student]] = {}
    for student in students_with_group(visible):
        by_group.setdefault(getattr(student, "group_id", None), []).append(student)
    written = set(TermComment.objects.filter(term=term).exclude(text="").values_list("student_id", flat=True))
    return [
        GroupChoice(group, students, [s for s in students if s.pk not in written])
        for group in groups_visible_to(user, Permission.RUN_REPORTS)
        if (students := by_group.get(group.pk))
    ]


def students_without_group(user: User) -> list[Student]:
    """Those a run by groups cannot reach; their report is made from their own page."""
    visible = students_on_roll(students_visible_to(user, Permission.RUN_REPORTS))
    return [student for student in students_with_group(visible) if getattr(student, "group_id", None) is None]


def terms_begun(user: User) -> QuerySet[Term]:
    """The terms one can report on, latest first."""
    return Term.objects.filter(school=user.school_id, starts_on__lte=timezone.localdate()).order_by("-starts_on")


def report_underway(student: Student) -> ReportItem | None:
    """The student's newest report that is not made yet or could not be made, if nothing newer is finished."""
    latest = ReportItem.objects.filter(student=student).select_related("batch").order_by("-batch__created_at").first()
    return latest if latest and latest.state != ItemState.DONE else None
