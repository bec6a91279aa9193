"""Which files are due for review, why, and what holds them: for those who read the whole file of the child."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core.encryption import EncryptionError, open_json
from core.ids import UUID
from safeguarding.models import Concern
from safeguarding.retention.enums import Covers, Decision, Trigger
from safeguarding.retention.models import Certificate, Hold, HoldEnd, RetentionClass, Review, Withdrawal
from safeguarding.rooms import Card
from safeguarding.selectors import NOT_READABLE, Said
from students.models import Student

# What comes due soon is worth knowing before: a year ahead.
AHEAD = dt.timedelta(days=366)
# So many days a year has, and by so many a number of years may differ from it.
YEAR, FEW_DAYS = 365.2425, 2


@dataclass(frozen=True)
class Day:
    """One class that applies to a child's file. No `due_on`: the day it is counted from is not known."""

    covers: Covers
    trigger: Trigger
    years: int
    from_on: dt.date | None
    due_on: dt.date | None

    @property
    def was_decided(self) -> bool:
        """Of a copy: its day is what was said of it when the file went, and not the class's."""
        if self.covers != Covers.COPY or self.due_on is None:
            return False
        return self.from_on is None or abs((self.due_on - self.from_on).days - self.years * YEAR) > FEW_DAYS


@dataclass(frozen=True)
class Kept:
    """One child's file and how long it is kept; `days`: the class that keeps longest first."""

    student: Student
    days: list[Day]
    due_on: dt.date | None
    held: bool
    today: dt.date = field(default_factory=timezone.localdate)

    @property
    def why(self) -> Day | None:
        """The class that says when."""
        return self.days[0] if self.days else None

    @property
    def is_due(self) -> bool:
        return self.due_on is not None and self.due_on <= self.today

    @property
    def comes_soon(self) -> bool:
        return self.due_on is not None and self.today < self.due_on <= self.today + AHEAD


def files_kept(*, student: UUID | None = None) -> list[Kept]:
    """Every file that whoever acts reads as a whole, or this one; the earliest day first, unknown days last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT student_id, covers, trigger, years, from_on, class_due_on, due_on, held FROM guard.files_due(%s)",
            [student],
        )
        found = cursor.fetchall()
    days: dict[UUID, list[Day]] = {}
    whole: dict[UUID, tuple[dt.date | None, bool]] = {}
    for who, covers, trigger, years, from_on, class_due_on, due_on, held in found:
        days.setdefault(who, []).append(Day(Covers(covers), Trigger(trigger), years, from_on, class_due_on))
        whole[who] = due_on, held
    children = Student.objects.filter(pk__in=whole)
    rows = [Kept(child, sorted(days[child.pk], key=_longest), *whole[child.pk]) for child in children]
    return sorted(rows, key=lambda row: (row.due_on or dt.date.max, row.student.sort_name))


def _longest(day: Day) -> tuple[bool, int]:
    """A class whose day is not known keeps longest: nobody can say that it is over."""
    return (day.due_on is not None, -(day.due_on or dt.date.max).toordinal())


def file_kept(student: UUID) -> Kept | None:
    """None where there is no file of this child, or whoever acts does not read every part of it. Of a file that was
    destroyed, one without classes.
    """
    found = next(iter(files_kept(student=student)), None)
    gone = None if found else certificates_of(student).first()
    return Kept(gone.student, [], None, held=False) if gone else found


@dataclass(frozen=True)
class ShownHold:
    """A hold with its reasons in words."""

    hold: Hold
    why: str
    end: HoldEnd | None
    lifted_why: str


def holds_of(student: UUID) -> list[ShownHold]:
    """The newest first."""
    rows = Hold.objects.filter(student=student).select_related("placed_by", "end__lifted_by").order_by("-placed_at")
    return [_shown(hold) for hold in rows]


def _shown(hold: Hold) -> ShownHold:
    end = getattr(hold, "end", None)
    return ShownHold(hold, sealed(hold, "why"), end, sealed(end, "why") if end else "")


def sealed(row: Hold | HoldEnd | Review | Withdrawal, column: str) -> str:
    """What stands sealed in this column, or a sentence where it cannot be read; "" where nothing stands there."""
    if getattr(row, column) is None:
        return ""
    try:
        return str(open_json(row, column))
    except EncryptionError:
        return NOT_READABLE


def classes_of(user: User) -> list[RetentionClass]:
    """The school's own, in the order of `Covers`."""
    order = Covers.values
    return sorted(RetentionClass.objects.filter(school=user.school_id), key=lambda row: order.index(row.covers))


@dataclass(frozen=True)
class ShownReview:
    """A review with its reasons in words."""

    review: Review
    why: str
    early_why: str
    withdrawal: Withdrawal | None
    withdrawn_why: str
    certificate: Certificate | None

    @property
    def is_open(self) -> bool:
        """Proposed, and nobody carried it out or refused it."""
        return self.review.decision == Decision.DESTROY and self.withdrawal is None and self.certificate is None


def reviews() -> QuerySet[Review]:
    """As far as whoever acts knows of them, the newest first."""
    people = ("student", "by", "withdrawal__by", "certificate__approved_by")
    return Review.objects.select_related(*people).order_by("-at")


def shown(review: Review) -> ShownReview:
    over, done = getattr(review, "withdrawal", None), getattr(review, "certificate", None)
    said = sealed(over, "why") if over else ""
    return ShownReview(review, sealed(review, "why"), sealed(review, "early_why"), over, said, done)


def reviews_of(student: UUID) -> list[ShownReview]:
    return [shown(review) for review in reviews().filter(student=student)]


def waiting() -> QuerySet[Review]:
    """Proposals that wait for a second person."""
    return reviews().filter(decision=Decision.DESTROY, withdrawal=None, certificate=None)


@dataclass(frozen=True)
class Counts:
    """How much a proposal would destroy. `later`: something was added since it was made."""

    concerns: int
    shared: int
    entries: int
    files: int
    force: int
    standings: int
    lines: int
    later: bool


def counts_of(review: Review) -> Counts | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM guard.review_counts(%s)", [review.pk])
        row = cursor.fetchone()
    return Counts(*row) if row else None


@dataclass(frozen=True)
class Around:
    """What the second person weighs: the class of a proposal; a hold that was lifted or a class that was changed in
    the last ninety days.
    """

    what: str
    at: dt.datetime | None
    who: str
    covers: str
    trigger: str
    years: str
    source: str

    @property
    def covers_label(self) -> str:
        return str(Covers(self.covers).label)

    @property
    def trigger_label(self) -> str:
        return str(Trigger(self.trigger).label)


def around(review: Review) -> list[Around]:
    """The newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM guard.review_around(%s)", [review.pk])
        return [Around(*row) for row in cursor.fetchall()]


def certificates_of(student: UUID) -> QuerySet[Certificate]:
    """The newest first."""
    return certificates().filter(student=student)


def certificates() -> QuerySet[Certificate]:
    people = ("student__school", "proposed_by", "approved_by")
    return Certificate.objects.select_related(*people).order_by("-done_at")


def desk_card(user: User) -> Card | None:
    """How many files are due for review, and how many proposals wait for this person; None for everybody else."""
    keeps, approves = user.has_perm(Permission.KEEP_FILE), user.has_perm(Permission.APPROVE_DESTRUCTION)
    if not (keeps or approves):
        return None
    due = sum(row.is_due for row in files_kept()) if keeps else 0
    shown = {"due": due, "keeps": keeps, "waiting": list(waiting().exclude(by=user)) if approves else []}
    return Card("safeguarding/retention/_on_desk.html", shown)


def child_card(student: Student, user: User) -> Card | None:
    """How long this file is kept, on its page; None for whoever reads it only in parts."""
    row = file_kept(student.pk) if user.has_perm(Permission.KEEP_FILE) else None
    gone = list(certificates_of(student.pk)) if row else []
    return Card("safeguarding/retention/_on_child.html", {"row": row, "gone": gone}, on_top=bool(gone)) if row else None


def concern_card(concern: Concern, entries: list[Said], user: User) -> Card | None:
    """That the words of a concern were destroyed with the file; None for every other concern."""
    if not user.has_perm(Permission.KEEP_FILE) or any(said.entry.words for said in entries):
        return None
    children = concern.children.values("student")
    gone = list(certificates().filter(student__in=children, done_at__gte=concern.raised_at))
    return Card("safeguarding/retention/_destroyed.html", {"gone": gone}) if gone else None
