"""Sends the newest seal off this machine: whoever could rewrite the whole record here cannot reach it there."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from audit.models import Anchor, Seal

EVERY = dt.timedelta(days=1)
_MAIL = """This line holds Waymark's record of who did what as it stood on {day}. Please keep this e-mail:
with it, any later change to the record up to then can be found, also one made by those who run the server.

    {line}

To check it: manage.py verify_audit --anchor <this e-mail saved as a text file>
"""


def is_anchored() -> bool:
    """Whether the school has said where anchors go."""
    return bool(settings.AUDIT_ANCHOR_EMAILS or settings.AUDIT_ANCHOR_FILE)


def anchor_due() -> bool:
    """Whether a day has passed since the last anchor and something was sealed since then."""
    last, newest = Anchor.objects.order_by("-at").first(), Seal.objects.order_by("-n").first()
    if newest is None or not is_anchored():
        return False
    return last is None or (last.seal_id < newest.n and timezone.now() - last.at >= EVERY)


def send_anchor() -> Anchor | None:
    """E-mail the newest seal and append it to the file, as the settings say; None where nothing is sealed yet."""
    seal = Seal.objects.order_by("-n").first()
    if seal is None:
        return None
    line, sent_to = f"anchor {seal.n} {bytes(seal.mac).hex()}", []
    if settings.AUDIT_ANCHOR_FILE:
        with Path(settings.AUDIT_ANCHOR_FILE).open("a") as file:
            file.write(f"{timezone.now():%Y-%m-%dT%H:%M:%SZ} {line}\n")
        sent_to.append(settings.AUDIT_ANCHOR_FILE)
    if settings.AUDIT_ANCHOR_EMAILS:
        day = f"{timezone.localtime():%-d %B %Y}"
        send_mail(
            f"Waymark: anchor of the record, {day}",
            _MAIL.format(day=day, line=line),
            None,
            settings.AUDIT_ANCHOR_EMAILS,
        )
        sent_to += settings.AUDIT_ANCHOR_EMAILS
    return Anchor.objects.create(seal=seal, sent_to=", ".join(sent_to)[:500])
