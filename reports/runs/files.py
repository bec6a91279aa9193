"""Finished reports on disk: written whole or not at all, found again only through their rows."""

import hashlib
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from core.ids import UUID
from core.pdf_join import Part, join_pdfs
from reports.models import ReportItem
from students.models import Student

# What a file name may not hold on any system a school uses, and what could break a header.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


@dataclass(frozen=True)
class Written:
    """A finished file: its name under DATA_DIR, its digest (hex) and its size in bytes."""

    name: str
    sha256: str
    size: int


def write_report(item: ReportItem, content: bytes) -> Written:
    """Put one attempt's PDF in place: a reader finds all of it or nothing, also after a power cut."""
    name = f"reports/{item.batch_id}/{item.pk}-{item.attempts}.pdf"
    path = settings.DATA_DIR / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return Written(name, hashlib.sha256(content).hexdigest(), len(content))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(item: ReportItem) -> Path:
    """Where the item's finished report lies; the name comes from our own row, never from a request."""
    path: Path = settings.DATA_DIR / item.file
    return path


def remove(name: str) -> None:
    """Take away the file of an attempt that no longer counts."""
    (settings.DATA_DIR / name).unlink(missing_ok=True)


def remove_leftovers(batch_id: UUID, kept: set[str]) -> int:
    """Clear the batch's folder of half-written files and of attempts that did not count; returns how many."""
    folder = settings.DATA_DIR / "reports" / str(batch_id)
    stray = [path for path in folder.glob("*") if f"reports/{batch_id}/{path.name}" not in kept]
    for path in stray:
        path.unlink(missing_ok=True)
    return len(stray)


def report_name(student: Student, group_name: str) -> str:
    """As it lands in somebody's downloads: 11BEC Okafor Jamal.pdf."""
    words = f"{group_name} {student.preferred_surname} {student.preferred_forename}"
    return f"{' '.join(_UNSAFE.sub(' ', words).split()) or 'Report'}.pdf"


def write_zip(items: Iterable[ReportItem], target: IO[bytes]) -> None:
    """All finished reports as one zip, stored as they are: a PDF is compressed already."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for item, name in with_unique_names(items):
            archive.write(path_of(item), name)


def write_print_file(items: Iterable[ReportItem], target: IO[bytes], *, title: str) -> None:
    """All finished reports as one PDF for the printer, each beginning on a right-hand page."""
    parts = (Part(f"{item.student} {item.group_name}".strip(), path_of(item)) for item in items)
    join_pdfs(parts, target, title=title)


def with_unique_names(items: Iterable[ReportItem]) -> Iterator[tuple[ReportItem, str]]:
    """Two students of one name in one group get a number."""
    seen: dict[str, int] = {}
    for item in items:
        name = report_name(item.student, item.group_name)
        seen[name.lower()] = seen.get(name.lower(), 0) + 1
        number = seen[name.lower()]
        yield item, name if number == 1 else f"{name.removesuffix('.pdf')} ({number}).pdf"


def without_file(items: Iterable[ReportItem]) -> list[ReportItem]:
    """Finished reports whose file is gone from the disk, for example after a restore without it."""
    return [item for item in items if not path_of(item).is_file()]


def run_name(term: str, group_name: str, ending: str) -> str:
    """As a whole run lands in somebody's downloads: Autumn term 2026 27 reports 11BEC.zip."""
    return f"{' '.join(_UNSAFE.sub(' ', f'{term} reports {group_name}').split())}.{ending}"
