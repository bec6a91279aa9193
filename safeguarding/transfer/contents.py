"""What goes with a child besides entries: what concerns wait for, standings, use of force, lines to staff, files.

The names of other children are taken out as in the chronology; who else was there when force was used is left out.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from core.encryption import EncryptionError
from core.ids import UUID
from safeguarding.body_map import ShownMark, marks_shown
from safeguarding.case.models import Due
from safeguarding.case.standings import Shown as Standing
from safeguarding.case.standings import history_of
from safeguarding.chronology import CODES, Chronology, Shown, chronology_of, concerns_of_child, pseudonyms_in
from safeguarding.keys import ciphers_of
from safeguarding.manifest import digest
from safeguarding.models import Attachment
from safeguarding.pseudonyms import Pseudonyms
from safeguarding.restraint.models import Incident
from safeguarding.restraint.selectors import Said, entries_of, incidents_readable, with_staff
from safeguarding.sharing.lines import Line, lines_kept, with_words
from students.models import Student

# Of a record of force, what names other children only.
ONLY_OTHERS = {"others"}


@dataclass(frozen=True)
class Written:
    """One entry of a record of force, its names taken out."""

    said: Said

    @property
    def marks(self) -> list[ShownMark]:
        return marks_shown(self.said.words.get("marks") or []).marks


@dataclass(frozen=True)
class Force:
    """A record of force, seclusion or restraint. `left_out`: other children who were there are not named in it."""

    incident: Incident
    written: list[Written]
    left_out: bool


@dataclass(frozen=True, repr=False)
class File:
    """A file that came with an entry; `name` is what it is called in the package, as its own may name a child."""

    row: Attachment
    name: str
    kind: str
    content: bytes = b""

    @property
    def goes(self) -> bool:
        return bool(self.content)

    @property
    def sha256(self) -> str:
        return digest(self.content)


@dataclass(frozen=True, repr=False)
class Whole:
    """Everything that goes."""

    chronology: Chronology
    dues: dict[UUID, list[Due]] = field(default_factory=dict)
    forces: list[Force] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    @property
    def student(self) -> Student:
        return self.chronology.student

    @property
    def going(self) -> list[File]:
        return [file for file in self.files if file.goes]

    @property
    def staying(self) -> int:
        """Files that a lead left out, or that cannot be read: listed, and not in it."""
        return len(self.files) - len(self.going)

    @property
    def force_entries(self) -> int:
        return sum(len(force.written) for force in self.forces)

    def files_of(self, entry: UUID) -> list[File]:
        return [file for file in self.files if file.row.entry_id == entry]


def incidents_of(student: UUID) -> list[Incident]:
    """Records of force about the child, the oldest first."""
    return list(with_staff(incidents_readable()).filter(student=student).order_by("started_at", "pk"))


def whole_of(student: Student, files: Collection[str] = ()) -> Whole:
    """`files`: keys of those that go along. Their bytes are read only for these."""
    names = pseudonyms_in(student)
    kept = lines_kept().filter(student=student).order_by("published_at")
    return Whole(
        chronology_of(student, Shown()),
        _dues(student),
        [_force(incident, names) for incident in incidents_of(student.pk)],
        [replace(line, words=names.hide_in(line.words)) for line in with_words(kept)],
        [replace(one, words=names.hide_in(one.words)) for one in reversed(_standings(student))],
        _files(student, files),
    )


def _standings(student: Student) -> list[Standing]:
    return history_of([student.pk]).get(student.pk, [])


def _dues(student: Student) -> dict[UUID, list[Due]]:
    found: dict[UUID, list[Due]] = {}
    rows = Due.objects.filter(concern__in=concerns_of_child(student.pk)).select_related("owner")
    for due in rows.order_by("due_on", "pk"):
        found.setdefault(due.concern_id, []).append(due)
    return found


def _force(incident: Incident, names: Pseudonyms) -> Force:
    entries = entries_of(incident)
    return Force(
        incident,
        [Written(replace(said, words=_hidden(said.words, names))) for said in entries],
        any(said.words.get(name) for said in entries for name in ONLY_OTHERS),
    )


def _hidden(words: dict[str, Any], names: Pseudonyms) -> dict[str, Any]:
    marks = [
        {name: value if name in CODES else names.hide_in(value) for name, value in mark.items()}
        for mark in words.get("marks") or []
    ]
    told = {name: names.hide_in(value) for name, value in words.items() if name not in ONLY_OTHERS | {"marks"}}
    return told | {"marks": marks}


def _files(student: Student, going: Collection[str]) -> list[File]:
    """In the order in which they came; numbered, whether they go or not."""
    concerns = concerns_of_child(student.pk)
    ciphers = ciphers_of(concerns)
    rows = Attachment.objects.filter(concern__in=concerns).order_by("entry__written_at", "pk")
    found = []
    for number, row in enumerate(rows.defer("content"), start=1):
        cipher, name = ciphers.get(row.concern_id), f"file-{number:03}"
        try:
            if cipher is None:
                raise EncryptionError("No key of this concern can be opened.")
            kind = str(cipher.open(row, "about")["kind"])
            content = cipher.open_bytes(row, "content") if str(row.pk) in going else b""
        except EncryptionError:
            found.append(File(row, name, ""))
            continue
        found.append(File(row, f"{name}.{kind}", kind, content))
    return found
