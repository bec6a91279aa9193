"""The letter home: what it begins with, which names may not stand in it, and its PDF."""

import re
from collections.abc import Iterable
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as date_text

from accounts.models import School, User
from audit.services import record
from core import pdf
from safeguarding.restraint.enums import What
from safeguarding.restraint.models import Incident
from students.models import Student
from students.names import plain

SAID_AS = {
    What.FORCE: "used reasonable force",
    What.PHYSICAL: "held {name}",
    What.OTHER: "restricted how {name} could move",
    What.SECLUSION: "kept {name} apart, alone in a room",
}
USUAL = """On {day} at about {hour} staff {what}. It lasted about {minutes}.

What happened before:

Why it was necessary:

Whether anybody was hurt, and who looked at them:

What has been done since, and what we will do:

You are welcome to talk with us about this, and to see the school’s policy. Please ring the school and ask for {who}."""
# Shorter parts of names are words as well.
SHORTEST = 3
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s\b")


def usual_letter(incident: Incident, student: Student, by: User) -> str:
    """What a letter begins with: what the record says without its words, and what parents ask."""
    local, name = timezone.localtime(incident.started_at), student.preferred_forename
    used = [SAID_AS[What(kind)].format(name=name) for kind in What.values if kind in incident.kinds]
    if used == [SAID_AS[What.FORCE]]:
        used = [f"{used[0]} with {name}"]
    minutes = f"{incident.minutes} minute{'' if incident.minutes == 1 else 's'}"
    return USUAL.format(
        day=date_text(local, "l j F Y"), hour=date_text(local, "H.i"), what=", and ".join(used), minutes=minutes,
        who=by.formal_name,
    )  # fmt: skip


def unanswered(text: str) -> list[str]:
    """The questions that the letter began with and behind which nothing stands yet."""
    ask = {part for part in USUAL.split("\n\n") if part.endswith(":")}
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n") if part.strip()]
    closing = USUAL.rpartition("\n\n")[2][:20]
    return [
        part.rstrip(":")
        for part, after in zip(parts, [*parts[1:], ""], strict=True)
        if part in ask and (not after or after in ask or after.startswith(closing))
    ]


def names_beside(students: Iterable[Student], student: Student) -> list[tuple[str, str]]:
    """(forename, surname) of everybody but this pupil."""
    return [(one.preferred_forename, one.preferred_surname) for one in students if one.pk != student.pk]


def names_typed(text: str, own: str) -> list[tuple[str, str]]:
    """The other pupils whom the record names, with commas between; the first and the last word of each."""
    whole = (name.split() for name in text.split(","))
    return [(words[0], words[-1] if len(words) > 1 else "") for words in whole if words and " ".join(words) != own]


def to_carry(names: list[tuple[str, str]], incident: Incident) -> str:
    """Names for a hidden field of the page, signed: what comes back is what was there."""
    return signing.dumps(names, salt=f"force-letter:{incident.pk}")


def carried(text: str, incident: Incident) -> list[tuple[str, str]]:
    """What `to_carry` was given. Raises PermissionDenied for anything else."""
    try:
        names = signing.loads(text, salt=f"force-letter:{incident.pk}")
    except signing.BadSignature as error:
        raise PermissionDenied("The page was changed on its way. Open it again.") from error
    return [(first, last) for first, last in names]


def strange_names(text: str, others: Iterable[tuple[str, str]]) -> list[str]:
    """Whole names of others in a text, once each; of those without a surname, the name alone."""
    said = f" {' '.join(plain(word) for word in _WORD.findall(_POSSESSIVE.sub('', text)))} "
    found = []
    for first, last in others:
        whole = f"{first} {last}".strip()
        ways = {whole, f"{last} {first}".strip()}
        if len(whole) >= SHORTEST and any(f" {' '.join(map(plain, way.split()))} " in said for way in ways):
            found.append(whole)
    return list(dict.fromkeys(found))


@transaction.atomic
def make_letter(*, by: User, incident: Incident, student: Student, school: School, words: dict[str, Any]) -> bytes:
    """A page for each to whom it goes, with their name alone on it; who made it is on the record before anybody has it.

    Raises core.pdf.PdfUnavailableError where this machine cannot make PDFs.
    """
    context = {
        "to": words.get("to") or [],
        "paragraphs": [part for part in str(words.get("text", "")).split("\n\n") if part.strip()],
        "student": student,
        "school": school,
        "incident": incident,
        "by": words.get("by", ""),
        "today": timezone.localdate(),
    }
    html = render_to_string("safeguarding/restraint/letter_pdf.html", context)
    made = pdf.render(html, title=f"Letter about {date_text(incident.day, 'j F Y')}", sheet="pdf/letter.css")
    record("file.force_taken", by=by, obj=incident)
    return made
