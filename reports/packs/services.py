"""Making a pack: drawn as one PDF, and on the record with what is in it before anybody has it."""

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core import pdf
from core.patience import take_your_time
from reports.packs.items import Item, Part
from students.models import Student


@dataclass(frozen=True)
class Filled:
    """A part with the items there are."""

    part: Part
    items: list[Item]


@dataclass(frozen=True)
class Pack:
    """What was put together: the parts with what was ticked, and the titles of what was left out on purpose."""

    student: Student
    since: dt.date
    until: dt.date
    for_whom: str
    meeting: str
    parts: list[Filled]
    left_out: list[str]


def kept(filled: list[Filled], ticked: Collection[str]) -> list[Filled]:
    """The parts with their ticked items, without the empty ones."""
    chosen = [Filled(one.part, [item for item in one.items if item.key in ticked]) for one in filled]
    return [one for one in chosen if one.items]


def left_out(offered: list[Part], filled: list[Filled], ticked: Collection[str]) -> list[str]:
    """Of what could have gone in, the kinds of which something was left out on purpose: the kind, never what or how
    much.
    """
    chosen = {one.part.key: one.items for one in filled}
    return [
        part.title for part in offered
        if part.key not in chosen or any(item.key not in ticked for item in chosen[part.key])
    ]  # fmt: skip


@transaction.atomic
def make_pack(pack: Pack, *, by: User) -> bytes:
    """The PDF's bytes. Raises core.pdf.PdfUnavailableError where this machine cannot make PDFs."""
    take_your_time()
    context = {"pack": pack, "by": by, "school": pack.student.school, "now": timezone.localtime()}
    html = render_to_string("reports/pdf/pack.html", context)
    made = pdf.render(html, title=f"Confidential: {pack.student}", sheet="pdf/pack.css")
    items = [item.key for one in pack.parts for item in one.items]
    record(
        "export.made", by=by, obj=pack.student, list="pack", format="pdf", rows=len(items), items=items,
        parts={one.part.key: len(one.items) for one in pack.parts}, left_out=pack.left_out, meeting=pack.meeting,
        since=pack.since.isoformat(), until=pack.until.isoformat(), sha256=hashlib.sha256(made).hexdigest(),
    )  # fmt: skip
    return made
