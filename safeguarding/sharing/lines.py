"""Lines to staff: what whoever looks may see of them. PostgreSQL shows each person their own."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core.encryption import EncryptionError
from core.ids import UUID
from safeguarding.keys import Cipher, opened_keys
from safeguarding.selectors import NOT_READABLE
from safeguarding.sharing.enums import Sealed
from safeguarding.sharing.models import StaffLine, StaffLineReader, StaffLineWords
from students.due import Lines
from students.models import Student
from students.selectors import term_on
from tutoring.groups.selectors import staff_who_see
from tutoring.handover.models import Handover
from tutoring.roundrobin.selectors import teachers_of

# Where no term is known.
A_MONTH = dt.timedelta(days=28)
A_YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Line:
    """A line with what of it may be read."""

    row: StaffLine
    words: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.words.get(Sealed.TEXT, NOT_READABLE)

    @property
    def why(self) -> str:
        return self.words.get(Sealed.WHY, NOT_READABLE)

    @property
    def in_force(self) -> bool:
        return self.row.withdrawn_at is None and self.row.until >= timezone.localdate()

    @property
    def unread(self) -> list[User]:
        """Who has not said yet that they understood it."""
        return [one.person for one in self.row.readers.all() if one.understood_at is None]


def lines_for(user: User, student: UUID | None = None) -> QuerySet[StaffLineReader]:
    """What this person is to know, of one student or of all, what they have not yet said they understood first."""
    today = timezone.localdate()
    mine = StaffLineReader.objects.filter(person=user, line__withdrawn_at=None, line__until__gte=today)
    mine = mine.filter(line__student=student) if student else mine
    return mine.select_related("line__student").order_by("understood_at", "line__published_at").distinct()


def noticed(user: User, today: dt.date) -> list[Lines]:
    """One for each line for whoever acts: Today learns of them with what is due, and nearly always there is none."""
    rows = "SELECT 'notice', l, '', NULL::uuid, %(today)s::date, '', NULL::uuid, 0 FROM guard.lines_for_me() AS l"
    return [(rows, {"today": today})]


def any_for_me() -> bool:
    """Whether there is one for whoever acts: every page of a student asks, and nearly always there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT guard.lines_for_me())")
        return bool(cursor.fetchone()[0])


# What every handover of the last weeks asks the leads, in one line however many they are: that it asks says nothing.
TO_ANSWER = """
SELECT 'handover_lines', (array_agg(h.id ORDER BY h.id))[1], count(*)::text, NULL::uuid, min(h.handed_on) + 7, '',
       NULL::uuid, 0
  FROM handover_handover h WHERE h.id IN (SELECT guard.handovers_to_answer()) HAVING count(*) > 0
"""


def handovers_asking(user: User, today: dt.date) -> list[Lines]:
    """Whether the next tutor needs to know something ("handover_lines"), for whoever keeps the file."""
    return [(TO_ANSWER, {})]


def handovers_to_answer() -> QuerySet[Handover]:
    """Handed over lately, of students whoever acts reaches as a lead, and not answered by them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.handovers_to_answer()")
        keys = [row[0] for row in cursor.fetchall()]
    rows = Handover.objects.filter(pk__in=keys).select_related("student", "from_tutor", "to")
    return rows.order_by("handed_on", "to__last_name", "student__sort_name", "pk")


def lines_kept() -> QuerySet[StaffLine]:
    """Of the children whose file whoever acts keeps, the newest first."""
    readers = StaffLineReader.objects.select_related("person").order_by("person__last_name", "person__first_name", "pk")
    rows = StaffLine.objects.filter(pk__in=_kept()).select_related("student", "published_by", "withdrawn_by")
    return rows.prefetch_related(Prefetch("readers", readers)).order_by("-published_at")


def _kept() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.lines_kept()")
        return [row[0] for row in cursor.fetchall()]


def open_ones(rows: QuerySet[StaffLine]) -> QuerySet[StaffLine]:
    return rows.filter(withdrawn_at=None, until__gte=timezone.localdate())


def past_ones(rows: QuerySet[StaffLine]) -> QuerySet[StaffLine]:
    return rows.filter(Q(withdrawn_at__isnull=False) | Q(until__lt=timezone.localdate()))


def with_words(rows: Iterable[StaffLine]) -> list[Line]:
    """Opened, as far as whoever acts noted before that they open it."""
    found = list(rows)
    keys = opened_keys({row.student_id for row in found}) if found else {}
    words: dict[UUID, dict[str, str]] = {}
    for sealed in StaffLineWords.objects.filter(line__in=found).select_related("line"):
        key = keys.get(sealed.line.student_id)
        words.setdefault(sealed.line_id, {})[sealed.kind] = _opened(sealed, key)
    return [Line(row, words.get(row.pk, {})) for row in found]


def _opened(sealed: StaffLineWords, key: bytes | None) -> str:
    try:
        return str(Cipher(key).open(sealed, "words")) if key else NOT_READABLE
    except (EncryptionError, ValueError):
        return NOT_READABLE


def readings_of(line: StaffLine) -> list[tuple[dt.datetime, str]]:
    """Who opened it, and when; the newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, who FROM guard.line_readings(%s)", [line.pk])
        return list(cursor.fetchall())


def people_for(student: Student, by: User) -> list[User]:
    """Whom a line may name: who opens this student's page anyway, but oneself."""
    seen = staff_who_see(student, Permission.VIEW_STUDENT).exclude(pk=by.pk)
    return list(seen.order_by("last_name", "first_name", "pk"))


def who_teach(student: Student) -> set[UUID]:
    """As the school's grades say it."""
    return {teacher.pk for teacher in teachers_of(student).subjects}


def last_day(student: Student) -> dt.date:
    """The end of this term, or four weeks where no term is known."""
    today = timezone.localdate()
    term = term_on(student.school, today)
    return term.ends_on if term and term.ends_on >= today else today + A_MONTH
