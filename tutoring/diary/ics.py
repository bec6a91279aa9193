"""A calendar as RFC 5545 text: lines of at most 75 octets ended by CRLF, texts escaped, times in UTC.

It says when, how long and in which room. Whom one meets is never in it: calendars are copied to phones and shared.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from core.ids import UUID
from tutoring.diary.models import Appointment
from tutoring.diary.others import Other

LONGEST = 75  # octets of a line, its CRLF not counted (RFC 5545, 3.1)


def calendar_text(
    appointments: Iterable[Appointment], others: Iterable[Other], *, urls: dict[str, str], now: dt.datetime
) -> str:
    """The whole calendar; `urls` has the diary's week for each day something stands on (ISO date → address)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waymark//Diary//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", "X-WR-CALNAME:Waymark diary", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for appointment in appointments:
        ends = appointment.begins + dt.timedelta(minutes=appointment.minutes)
        times = [f"DTSTART:{_utc(appointment.begins)}", f"DTEND:{_utc(ends)}"]
        title, url = (appointment.kind_name, appointment.room), urls[appointment.day.isoformat()]
        lines += _event(appointment.pk, times, title, url, now)
    for other in others:
        lines += _event(other.key, _times(other), (other.what, other.room), urls[other.day.isoformat()], now)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def _times(other: Other) -> list[str]:
    """A day as a whole is a date (RFC 5545, 3.6.1); what has no end here has none there."""
    begins = other.begins
    if begins is None:
        return [f"DTSTART;VALUE=DATE:{other.day:%Y%m%d}"]
    ends = [f"DTEND:{_utc(begins + dt.timedelta(minutes=other.minutes))}"] if other.minutes else []
    return [f"DTSTART:{_utc(begins)}", *ends]


def _event(key: UUID, times: list[str], title: tuple[str, str], url: str, now: dt.datetime) -> list[str]:
    """`title`: what it is, and the room; "" where it is not said."""
    what, room = title
    return [
        "BEGIN:VEVENT",
        f"UID:{key}@waymark",
        f"DTSTAMP:{_utc(now)}",
        *times,
        f"SUMMARY:{escaped(', '.join(part for part in (what, room) if part))}",
        *([f"LOCATION:{escaped(room)}"] if room else []),
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
