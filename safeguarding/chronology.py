"""One child's file as one chronology: every entry of all their concerns that whoever acts may read, day by day.

What is said of adults who work here is of another store and never on a child's file (KCSIE, part four).
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.encryption import EncryptionError
from core.ids import UUID
from safeguarding.attachments import ShownFile, files_by_entry
from safeguarding.body_map import ShownMark, marks_shown
from safeguarding.enums import Kind, Part, Step, Store
from safeguarding.keys import Cipher, ciphers_of
from safeguarding.models import Attachment, Concern, ConcernChild, Entry
from safeguarding.pseudonyms import Named, Pseudonyms, named
from safeguarding.selectors import NOT_READABLE, Said, concerns_kept
from students.models import Student

# A decision that takes it out of the school's own hands stands out by itself.
OUTSIDE = {Step.EARLY_HELP, Step.SECTION_17, Step.SECTION_47, Step.POLICE, Step.CHANNEL, Step.OTHER_AGENCY}
# Of an entry's words, what is no text.
CODES = {"step", "by", "place", "kind", "due"}


@dataclass(frozen=True)
class Shown:
    """What of the chronology is asked for; nothing left out unless said."""

    kind: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    significant: bool = False

    def __bool__(self) -> bool:
        return self != Shown()

    def takes(self, line: "Line") -> bool:
        return (
            (not self.kind or line.said.entry.kind == self.kind)
            and (self.since is None or line.day >= self.since)
            and (self.until is None or line.day <= self.until)
            and (line.stands_out or not self.significant)
        )


@dataclass(frozen=True)
class Line:
    """An entry, with the names of other children taken out. `part`: what this child has to do with it, where it is not
    simply about them; `others`: who else stands in the concern.
    """

    said: Said
    part: str
    others: list[str]

    @property
    def day(self) -> dt.date:
        """When it happened, or, where that is not said, when it was written."""
        entry = self.said.entry
        return entry.happened_on or timezone.localdate(entry.written_at)

    @property
    def reference(self) -> str:
        return self.said.entry.concern.receipt.reference

    @property
    def marks(self) -> list[ShownMark]:
        """Marks seen on a child, in words."""
        return marks_shown(self.said.words.get("marks", [])).marks

    @property
    def stands_out(self) -> bool:
        """Somebody said so; or somebody was in danger; or it went to others."""
        entry = self.said.entry
        danger = entry.kind == Kind.RAISED and entry.concern.immediate
        return entry.significant or danger or self.said.words.get("step") in OUTSIDE


@dataclass(frozen=True)
class Chronology:
    """Of one child. `total`: how many entries there are, shown or not."""

    student: Student
    lines: list[Line]
    total: int
    others: int
    shown: Shown

    @property
    def concerns(self) -> int:
        """Of how many concerns something is shown."""
        return len({line.said.entry.concern_id for line in self.lines})


def concerns_of_child(student: UUID, *, by_glass: bool = False) -> QuerySet[Concern]:
    """Those on this child's file that whoever acts keeps; `by_glass`: also what they read only for this hour."""
    linked = ConcernChild.objects.filter(concern=OuterRef("pk"), student=student)
    rows = Concern.objects.all() if by_glass else concerns_kept()
    return rows.filter(Exists(linked), store=Store.CHILDREN)


def chronology_of(student: Student, shown: Shown, *, by_glass: bool = False) -> Chronology:
    """The oldest first. An entry that cannot be read says so and hides no other."""
    concerns = concerns_of_child(student.pk, by_glass=by_glass)
    names = pseudonyms_in(student)
    ciphers, beside = ciphers_of(concerns), _children_of(concerns)
    files = files_by_entry(Attachment.objects.filter(concern__in=concerns), ciphers)
    entries = Entry.objects.filter(concern__in=concerns).select_related("author", "concern__receipt")
    lines = []
    for entry in entries.order_by("written_at", "pk"):
        links = beside.get(entry.concern_id, [])
        lines.append(
            Line(
                _said(entry, ciphers.get(entry.concern_id), names, files.get(entry.pk, [])),
                next((p.label for who, p in links if who == student.pk and p != Part.SUBJECT), ""),
                _called(names, links),
            )
        )
    lines.sort(key=lambda line: line.day)
    return Chronology(student, [line for line in lines if shown.takes(line)], len(lines), len(names.others), shown)


def pseudonyms_in(student: Student) -> Pseudonyms:
    """Of every child who was ever linked to one of these concerns; also of those whom whoever acts would not find."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, who, forename, surname FROM guard.file_names(%s)", [student.pk])
        others = [child for child in named(cursor.fetchall()) if child.key != student.pk]
    own = {
        (student.preferred_forename, student.preferred_surname),
        (student.legal_forename, student.legal_surname),
    }
    return Pseudonyms(Named(student.pk, frozenset(own)), others)


def _children_of(concerns: QuerySet[Concern]) -> dict[UUID, list[tuple[UUID, Part]]]:
    """concern → (child, part) of everybody in it."""
    found: dict[UUID, list[tuple[UUID, Part]]] = {}
    for link in ConcernChild.objects.filter(concern__in=concerns):
        found.setdefault(link.concern_id, []).append((link.student_id, Part(link.part)))
    return found


def _called(names: Pseudonyms, links: list[tuple[UUID, Part]]) -> list[str]:
    """Everybody else in it, in the order of the letters, with what they have to do with it."""
    others = [(names.of(who), part) for who, part in links if names.of(who)]
    others.sort(key=lambda other: (len(other[0]), other[0]))
    return [label if part == Part.SUBJECT else f"{label} ({part.label.lower()})" for label, part in others]


def _said(entry: Entry, cipher: Cipher | None, names: Pseudonyms, files: list[ShownFile]) -> Said:
    if cipher is None:
        return Said(entry, unreadable=NOT_READABLE)
    try:
        words: dict[str, Any] = cipher.open(entry, "words")
    except (EncryptionError, ValueError):
        return Said(entry, unreadable=NOT_READABLE)
    shown = {name: value if name in CODES else names.hide_in(value) for name, value in words.items()}
    # "Ben Achterberg, 9BEC": the group would tell as much as the name.
    called = [_without_group(names, name) for name in words.get("names", [])]
    marks = [
        {name: value if name in CODES else names.hide(value) for name, value in mark.items()}
        for mark in words.get("marks", [])
    ]
    # A file's own name may be another child's: the concern says it.
    unnamed = [replace(file, name=f"{file.kind} file") for file in files]
    return Said(entry, shown | {"names": list(dict.fromkeys(called)), "marks": marks, "arose_in": ""}, files=unnamed)


def _without_group(names: Pseudonyms, typed: str) -> str:
    name, _, _group = typed.partition(",")
    hidden = names.hide(name)
    return hidden if hidden != name else names.hide(typed)
