"""A made file on its way to the browser."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from core.downloads import as_attachment
from core.pdf import PdfUnavailableError
from reports.exports.services import Format

MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.PDF: "application/pdf",
}


def as_download(made: bytes, kind: Format, stem: str) -> HttpResponseBase:
    """An attachment; its name carries the list and the day, never a student."""
    return as_attachment(made, f"{stem}.{kind.value}", MEDIA_TYPES[kind])


def no_pdf_here(request: HttpRequest, missing: PdfUnavailableError) -> HttpResponse:
    """This machine lacks what draws PDFs: say so, and offer the two other kinds."""
    return render(request, "reports/export_no_pdf.html", {"missing": missing}, status=503)
