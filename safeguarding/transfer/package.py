"""A sealed package: the child's whole file as a PDF under AES-256, with the same as data and a manifest attached to it.

Why a PDF: any school opens it with what it has, without Waymark and without a program for archives; any reader asks for
the passphrase. What is in it, field by field: docs/transfer-package.md. Nothing of it is written to a disk.
"""

import datetime as dt
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from django.utils import timezone
from pikepdf import Encryption, Pdf

from accounts.models import User
from core import pdf
from core.ids import UUID
from safeguarding.attachments import ShownFile
from safeguarding.body_map import ShownMark
from safeguarding.case.models import Due
from safeguarding.case.standings import Shown as Standing
from safeguarding.chronology import Line
from safeguarding.manifest import MANIFEST, as_json, attach, digest, pages_part
from safeguarding.models import Concern
from safeguarding.sharing.lines import Line as StaffLine
from safeguarding.transfer.contents import File, Force, Whole, Written
from students.models import Student

FORMAT, VERSION = "waymark-child-file", 1
DATA = "file.json"
# Of an entry's words, what stands elsewhere in it or is a key of ours.
NO_WORDS = {"marks", "arose_in", "step", "due"}


@dataclass(frozen=True)
class Section:
    """A concern with its entries, in the order of days."""

    concern: Concern
    lines: list[Line]
    dues: list[Due]

    @property
    def first(self) -> Line:
        return self.lines[0]


@dataclass(frozen=True, repr=False)
class Sealed:
    """A package and what is said of it. It never shows itself."""

    content: bytes
    sha256: str
    manifest_sha256: str
    pages: int
    concerns: int
    entries: int
    force: int
    lines: int
    files: int

    @property
    def said(self) -> dict[str, Any]:
        """What is kept of it."""
        return {
            "sha256": self.sha256, "manifest_sha256": self.manifest_sha256, "pages": self.pages,
            "concerns": self.concerns, "entries": self.entries, "size": len(self.content),
            "force": self.force, "lines": self.lines, "files": self.files,
        }  # fmt: skip


def seal_file(whole: Whole, *, by: User, phrase: str) -> Sealed:
    """Raises core.pdf.PdfUnavailableError where this machine cannot make PDFs."""
    sections = sections_of(whole)
    data = as_json(data_of(whole, sections, by))
    drawn = _drawn(whole, sections, by)
    with pikepdf.open(BytesIO(drawn)) as opened:
        manifest = as_json(manifest_of(opened, data, whole.going))
        for name, content in ((DATA, data), (MANIFEST, manifest)):
            attach(opened, name, content)
        for file in whole.going:
            attach(opened, file.name, file.content, "application/octet-stream")
        out = BytesIO()
        opened.save(out, encryption=Encryption(owner=phrase, user=phrase, R=6, aes=True, metadata=True))
        content, pages = out.getvalue(), len(opened.pages)
    return Sealed(
        content, digest(content), digest(manifest), pages, len(sections), len(whole.chronology.lines),
        whole.force_entries, len(whole.lines), len(whole.going),
    )  # fmt: skip


def sections_of(whole: Whole) -> list[Section]:
    """One for each concern, in the order in which they were raised."""
    found: dict[Concern, list[Line]] = {}
    for line in sorted(whole.chronology.lines, key=lambda line: line.said.entry.concern.raised_at):
        entry = line.said.entry
        files = [ShownFile(file.row, _called(file)) for file in whole.files_of(entry.pk)]
        found.setdefault(entry.concern, []).append(replace(line, said=replace(line.said, files=files)))
    return [Section(concern, lines, whole.dues.get(concern.pk, [])) for concern, lines in found.items()]


def _called(file: File) -> str:
    return file.name if file.goes else f"{file.name}: not in this document"


def _drawn(whole: Whole, sections: list[Section], by: User) -> bytes:
    child = whole.student
    context = {
        "chronology": whole.chronology, "sections": sections, "student": child, "school": child.school, "by": by,
        "now": timezone.localtime(), "whole": whole,
    }  # fmt: skip
    html = render_to_string("safeguarding/transfer/package_pdf.html", context)
    return pdf.render(html, title=f"Confidential: child protection file of {child}", sheet="pdf/child_file.css")


def data_of(whole: Whole, sections: list[Section], by: User) -> dict[str, Any]:
    """The same as the pages, for a program; other children stand in it as on the pages, without any key of ours."""
    child, school = whole.student, whole.student.school
    files = {file.row.pk: file for file in whole.files}
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "made_by": str(by),
        "school": {"name": school.name, "dfe_number": school.dfe_number},
        "child": _child(child),
        "concerns": [_concern(section, files) for section in sections],
        "standings": [_standing(one) for one in whole.standings],
        "use_of_force": [_force(force) for force in whole.forces],
        "lines_to_staff": [_line(line) for line in whole.lines],
    }


def _child(child: Student) -> dict[str, str]:
    return {
        "forename": child.preferred_forename,
        "surname": child.preferred_surname,
        "legal_forename": child.legal_forename,
        "legal_surname": child.legal_surname,
        "date_of_birth": child.date_of_birth.isoformat() if child.date_of_birth else "",
        "upn": child.upn,
    }


def _concern(section: Section, files: dict[UUID, File]) -> dict[str, Any]:
    concern = section.concern
    return {
        "reference": section.first.reference,
        "raised_at": concern.raised_at.isoformat(timespec="seconds"),
        "category": concern.category_label,
        "status": concern.get_status_display(),
        "danger_now": concern.immediate,
        "part": section.first.part,
        "others": section.first.others,
        "entries": [_entry(line, files) for line in section.lines],
        "waits_for": [_due(due) for due in section.dues],
    }


def _entry(line: Line, files: dict[UUID, File]) -> dict[str, Any]:
    said, entry = line.said, line.said.entry
    words = {name: value for name, value in said.words.items() if name not in NO_WORDS and value}
    return {
        "kind": entry.get_kind_display(),
        "written_at": entry.written_at.isoformat(timespec="seconds"),
        "happened_on": _day(entry.happened_on),
        "author": str(entry.author),
        "stands_out": line.stands_out,
        "step": said.step_label,
        "words": words,
        "marks": _marks(line.marks),
        "readable": not said.unreadable,
        "files": [_file(files[file.row.pk]) for file in said.files],
    }


def _file(file: File) -> dict[str, Any]:
    return {"name": file.name, "kind": file.kind, "in_package": file.goes, "sha256": file.sha256 if file.goes else ""}


def _marks(marks: list[ShownMark]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "place": one.place, "facts": [list(fact) for fact in one.facts]} for one in marks]


def _due(due: Due) -> dict[str, Any]:
    return {
        "what": due.label,
        "since": due.begun_on.isoformat(),
        "due_on": due.due_on.isoformat(),
        "ended_on": _day(due.done_on),
        "ended": due.get_ended_display(),
    }


def _force(force: Force) -> dict[str, Any]:
    incident = force.incident
    return {
        "what": incident.what,
        "to_prevent": incident.why,
        "started_at": timezone.localtime(incident.started_at).isoformat(timespec="minutes"),
        "ended_at": timezone.localtime(incident.ended_at).isoformat(timespec="minutes"),
        "pupil_hurt": incident.pupil_hurt,
        "staff_hurt": incident.staff_hurt,
        "others_left_out": force.left_out,
        "entries": [_written(one) for one in force.written],
    }


def _written(one: Written) -> dict[str, Any]:
    entry = one.said.entry
    return {
        "kind": entry.get_kind_display(),
        "written_at": entry.written_at.isoformat(timespec="seconds"),
        "happened_at": entry.happened_at.isoformat(timespec="seconds"),
        "author": str(entry.author),
        "words": {name: value for name, value in one.said.words.items() if name != "marks" and value},
        "marks": _marks(one.marks),
        "readable": not one.said.unreadable,
    }


def _line(line: StaffLine) -> dict[str, Any]:
    row = line.row
    return {
        "text": line.text,
        "why": line.why,
        "published_at": row.published_at.isoformat(timespec="seconds"),
        "published_by": str(row.published_by),
        "last_day": row.until.isoformat(),
        "withdrawn_at": row.withdrawn_at.isoformat(timespec="seconds") if row.withdrawn_at else "",
        "for": [str(reader.person) for reader in row.readers.all()],
    }


def _standing(one: Standing) -> dict[str, Any]:
    row = one.row
    return {
        "level": row.label,
        "since": row.since.isoformat(),
        "until": _day(one.ended_on),
        "review_on": _day(row.review_on),
        "core_group_on": _day(row.core_on),
        "written_at": row.written_at.isoformat(timespec="seconds"),
        "written_by": str(row.written_by),
        "words": one.words,
        "readable": one.readable,
    }


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def manifest_of(opened: Pdf, data: bytes, files: list[File]) -> dict[str, Any]:
    """What the package is made of, with a digest of each part."""
    embedded = [{"name": file.name, "bytes": len(file.content), "sha256": file.sha256} for file in files]
    return {
        "format": FORMAT,
        "version": VERSION,
        "parts": [pages_part(opened), {"name": DATA, "bytes": len(data), "sha256": digest(data)}, *embedded],
    }
