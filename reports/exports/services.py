"""Handing out data: every file is in the record before anybody has it."""

import hashlib
from enum import StrEnum
from typing import Any

from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core import pdf
from core.exports import Sheet, csv_bytes, xlsx_bytes
from core.patience import take_your_time
from reports.exports.tables import shown


class Format(StrEnum):
    """The kinds of file."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


@transaction.atomic
def export_sheets(
    sheets: list[Sheet], *, by: User, kind: Format, name: str, title: str, about: models.Model | None = None, **why: Any
) -> bytes:
    """The file's bytes. `name` says in the record which list it was, `why` the filters; `about` one student's record.

    Raises core.pdf.PdfUnavailableError where this machine cannot make PDFs.
    """
    take_your_time()
    made = _file(sheets, kind, title, by)
    digest = hashlib.sha256(made).hexdigest()
    rows = len(sheets[0].rows)
    record("export.made", by=by, obj=about, list=name, format=kind.value, rows=rows, sha256=digest, **why)
    return made


def _file(sheets: list[Sheet], kind: Format, title: str, by: User) -> bytes:
    if kind is Format.CSV:
        return csv_bytes(sheets)
    if kind is Format.XLSX:
        return xlsx_bytes(sheets)
    tables = [(s.title, s.headings, [[shown(value) for value in row] for row in s.rows]) for s in sheets]
    context = {"title": title, "tables": tables, "by": by, "school": by.school, "now": timezone.localtime()}
    return pdf.render(render_to_string("reports/export_pdf.html", context), title=title, sheet="pdf/table.css")
