"""The certificate of a destruction on paper, as the chronology looks: whose file, how much, by whom. No narrative."""

import hashlib

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core import pdf
from core.patience import take_your_time
from safeguarding.retention.models import Certificate


@transaction.atomic
def take_certificate(*, by: User, certificate: Certificate) -> bytes:
    """The PDF's bytes; that it was taken is on the record. Raises core.pdf.PdfUnavailableError."""
    take_your_time()
    context = {"made": certificate, "by": by, "now": timezone.localtime()}
    html = render_to_string("safeguarding/retention/certificate_pdf.html", context)
    content = pdf.render(html, title=f"Certificate of destruction {certificate}", sheet="pdf/chronology.css")
    record("file.certificate_taken", by=by, obj=certificate, sha256=hashlib.sha256(content).hexdigest())
    return content
