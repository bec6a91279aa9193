"""What the pages of the file read. PostgreSQL shows each person their own; nothing here widens it."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, F, Func, OuterRef, Prefetch, QuerySet, UUIDField, Value, When
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, School, User
from accounts.permissions import Permission, roles_with
from accounts.selectors import people_of
from core.encryption import EncryptionError, open_json
from core.ids import UUID
from safeguarding.attachments import ShownFile, files_by_entry
from safeguarding.body_map import ShownMarks, marks_shown
from safeguarding.enums import Status, Step, Store
from safeguarding.keys import cipher_of
from safeguarding.models import Concern, ConcernChild, Entry, Receipt
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.selectors import students_visible_to, students_with_group

NOT_READABLE = "These words cannot be read: the key they were sealed with is not there, or they were changed."
WHO_READS = {
    Store.CHILDREN: Permission.KEEP_FILE,
    Store.STAFF: Permission.KEEP_STAFF_FILE,
    Store.HEAD: Permission.KEEP_HEAD_FILE,
}


def safeguarding_leads(user: User) -> QuerySet[Membership]:
    """Today's designated lead and deputies of this person's school, the lead first, each with the person."""
    return _holders(user).filter(role__in=[Role.DSL, Role.DEPUTY_DSL]).order_by("-role", "user__last_name", "pk")


def readers_of(store: Store, user: User) -> QuerySet[Membership]:
    """Who reads a concern of that store at this person's school, as far as their role says; each with the person."""
    return _holders(user).filter(role__in=roles_with(WHO_READS[store])).order_by("-role", "user__last_name", "pk")


def holders_of(concern: Concern, user: User) -> list[User]:
    """Who really reads this concern, the lead first: not a deputy of another house, nobody who is kept from it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.concern_holders(%s)", [concern.pk])
        keys = {row[0] for row in cursor.fetchall()}
    by_role = [person for person in people_who_read(Store(concern.store), user) if person.pk in keys]
    # Whoever reads it because nobody else did.
    others = keys - {person.pk for person in by_role}
    return by_role + list(User.objects.filter(pk__in=others).order_by("last_name", "first_name", "pk"))


def people_who_read(store: Store, user: User) -> list[User]:
    """As `readers_of`, each once."""
    return list({held.user_id: held.user for held in readers_of(store, user)}.values())


def people_to_come(store: Store, user: User) -> list[User]:
    """Who will read such a concern from a later day on, as whoever stands in for a lead."""
    later = Membership.objects.filter(school__staff=user, user__is_active=True, starts_on__gt=timezone.localdate())
    later = later.filter(role__in=roles_with(WHO_READS[store])).select_related("user").order_by("user__last_name", "pk")
    return [held.user for held in later]


def _holders(user: User) -> QuerySet[Membership]:
    held = Membership.objects.current().filter(school__staff=user, user__is_active=True)
    # "dsl" sorts after "deputy_dsl".
    return held.select_related("user", "school")


def students_by_label(user: User) -> dict[str, Student]:
    """label → student, of all on roll whom this person finds: name and group.

    Where two share both, neither stands there so: each has a birthday behind it, and a number where that is not enough.
    """
    rows = students_with_group(students_on_roll(students_visible_to(user, Permission.FIND_STUDENT)))
    students = list(rows.order_by("sort_name", "pk"))
    labels = [label_of(student) for student in students]
    shared = {label for label, times in Counter(labels).items() if times > 1}
    found: dict[str, Student] = {}
    for student, name in zip(students, labels, strict=True):
        born = f", born {student.date_of_birth:%-d %B %Y}" if student.date_of_birth else ""
        label = name + born if name in shared else name
        ways = [label, *(f"{label} ({n})" for n in range(2, len(students) + 2))]
        found[next(way for way in ways if way not in found)] = student
    return found


def label_of(student: Any) -> str:
    """How a student with `group_name` stands in the list that one types into."""
    place = student.group_name or (f"Year {student.year_group}" if student.year_group else "")
    return f"{student.name}, {place}" if place else str(student.name)


def colleagues(user: User, school: School) -> list[User]:
    """Everybody with a role there, a chair of governors too, but oneself."""
    return [person for person in people_of(school) if person.pk != user.pk]


def receipts_of(user: User) -> QuerySet[Receipt]:
    """What this person raised, the newest first."""
    return Receipt.objects.filter(reporter=user)


def finds_reader(receipt: Receipt) -> bool:
    """Whether anybody who may read what this person raised has an account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.concern_finds_reader(%s)", [receipt.concern_id])
        return bool(cursor.fetchone()[0])


def told_of(receipt: Receipt) -> str:
    """The sentence a lead chose to share; "" while there is none."""
    if receipt.told is None:
        return ""
    try:
        return str(open_json(receipt, "told"))
    except EncryptionError:
        return NOT_READABLE


def read_by_glass() -> Func:
    """What whoever acts reads only because they broke the glass of a child's file (safeguarding.sharing): for an hour,
    on a page of its own, and nothing is done with it.
    """
    return Func(template="(SELECT guard.glass_concerns())", output_field=UUIDField())


def concerns_kept() -> QuerySet[Concern]:
    """Those that are whoever acts' to keep."""
    return Concern.objects.exclude(pk__in=read_by_glass())


def concerns_on_desk(*, closed: bool = False) -> QuerySet[Concern]:
    """Those that whoever acts may read: in nobody's hands and danger now, in nobody's hands, how soon, since when."""
    children = ConcernChild.objects.select_related("student").order_by("student__sort_name", "pk")
    rows = concerns_kept().select_related("owner", "reporter", "about_staff", "receipt")
    rows = rows.prefetch_related(Prefetch("children", children))
    if closed:
        return rows.filter(status=Status.CLOSED).order_by("-raised_at")
    taken = Case(When(owner=None, then=0), default=1)
    soon = Case(When(level="", then=Value("9")), default=F("level"))
    return rows.exclude(status=Status.CLOSED).order_by(taken, "-immediate", soon, "raised_at")


@dataclass(frozen=True)
class Said:
    """An entry with its words opened; `words` is empty where they cannot be read."""

    entry: Entry
    words: dict[str, Any] = field(default_factory=dict)
    unreadable: str = ""
    files: list[ShownFile] = field(default_factory=list)

    @property
    def text(self) -> str:
        return str(self.words.get("text", ""))

    @property
    def marks(self) -> ShownMarks:
        """Marks on a child, for the drawing and the list beside it."""
        return marks_shown(self.words.get("marks") or [])

    @property
    def step_label(self) -> str:
        """What a decision decided, in words."""
        step = self.words.get("step", "")
        return Step(step).label if step in Step else str(step)


def entries_of(concern: Concern) -> list[Said]:
    """What stands on the file about it, the oldest first. One that cannot be read does not hide the others."""
    rows = list(concern.entries.select_related("author").order_by("written_at", "pk"))
    try:
        cipher = cipher_of(concern)
    except EncryptionError:
        return [Said(row, unreadable=NOT_READABLE) for row in rows]
    files = files_by_entry(concern.attachments.all(), {concern.pk: cipher})
    found = []
    for row in rows:
        try:
            found.append(Said(row, cipher.open(row, "words"), files=files.get(row.pk, [])))
        except EncryptionError:
            found.append(Said(row, unreadable=NOT_READABLE))
    return found


def earlier_concerns(concern: Concern) -> list[Concern]:
    """Others of the same children that whoever acts may read, the newest first."""
    same = ConcernChild.objects.filter(concern=OuterRef("pk"), student__in=concern.children.values("student"))
    return list(concerns_kept().filter(Exists(same)).exclude(pk=concern.pk).order_by("-raised_at")[:20])


def readers_so_far(concern: UUID) -> list[tuple[dt.datetime, str]]:
    """(when, who) of each time somebody opened it, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, who FROM guard.concern_readers(%s)", [concern])
        return list(cursor.fetchall())
