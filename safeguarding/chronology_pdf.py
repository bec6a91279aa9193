"""A child's chronology on paper, for a conference: what is on the screen, with other children's names taken out."""

import hashlib

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core import pdf
from core.patience import take_your_time
from safeguarding.chronology import Chronology


@transaction.atomic
def take_chronology(*, by: User, chronology: Chronology) -> bytes:
    """The PDF's bytes; that it was taken is on the record, with its digest and how much is in it, and no name.

    Raises core.pdf.PdfUnavailableError where this machine cannot make PDFs.
    """
    take_your_time()
    child = chronology.student
    context = {"chronology": chronology, "student": child, "school": child.school, "by": by}
    html = render_to_string("safeguarding/chronology_pdf.html", context | {"now": timezone.localtime()})
    made = pdf.render(html, title=f"Confidential: chronology of {child}", sheet="pdf/chronology.css")
    digest = hashlib.sha256(made).hexdigest()
    record(
        "file.taken", by=by, obj=child, format="pdf", entries=len(chronology.lines), of=chronology.total, sha256=digest
    )
    return made
