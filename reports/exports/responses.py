"""A made file on its way to the browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.pdf import PdfUnavailableError
from reports.exports.services import Format

MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.PDF: "application/pdf",
}


def as_download(made: bytes, kind: Format, stem: str) -> HttpResponse:
    """An attachment; its name carries the list and the day, never a student."""
    disposition = f'attachment; filename="{stem}.{kind.value}"'
    return HttpResponse(made, content_type=MEDIA_TYPES[kind], headers={"Content-Disposition": disposition})


def no_pdf_here(request: HttpRequest, missing: PdfUnavailableError) -> HttpResponse:
    """This machine lacks what draws PDFs: say so, and offer the two other kinds."""
    return render(request, "reports/export_no_pdf.html", {"missing": missing}, status=503)
