"""A calendar as RFC 5545 text: lines of at most 75 octets ended by CRLF, texts escaped, times in UTC.

It says when, how long and in which room. Whom one meets is never in it: calendars are copied to phones and shared.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from tutoring.diary.models import Appointment

LONGEST = 75  # octets of a line, its CRLF not counted (RFC 5545, 3.1)


def calendar_text(appointments: Iterable[Appointment], *, urls: dict[str, str], now: dt.datetime) -> str:
    """The whole calendar; `urls` has the diary's week for each day of an appointment (ISO date → address)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waymark//Diary//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", "X-WR-CALNAME:Waymark diary", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for appointment in appointments:
        lines += _event(appointment, urls[appointment.day.isoformat()], now)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def _event(appointment: Appointment, url: str, now: dt.datetime) -> list[str]:
    title = ", ".join(part for part in (appointment.kind_name, appointment.room) if part)
    return [
        "BEGIN:VEVENT",
        f"UID:{appointment.pk}@waymark",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(appointment.begins)}",
        f"DTEND:{_utc(appointment.begins + dt.timedelta(minutes=appointment.minutes))}",
        f"SUMMARY:{escaped(title)}",
        *([f"LOCATION:{escaped(appointment.room)}"] if appointment.room else []),
        f"URL:{url}",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11); what else would break a line becomes a space."""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    text = text.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(sign if sign.isprintable() else " " for sign in text)


def folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, later ones begun with a space; no character is cut in two."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part
