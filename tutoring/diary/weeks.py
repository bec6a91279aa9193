"""A week of somebody's diary: the days with what is booked and what is still free; which week an address means."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import School, User
from students.selectors import closures_of, school_days
from tutoring.diary.models import Appointment, log_url_of, week_name
from tutoring.diary.others import Other, others_of
from tutoring.diary.selectors import FreeSlot, appointments_with, free_slots, with_only_read

WEEK = re.compile(r"^(20\d{2})-W(\d{2})$")


@dataclass(frozen=True)
class Together:
    """Several appointments of one person at one time, for which they were booked together: one entry of a day."""

    members: list[Appointment]

    @property
    def first(self) -> Appointment:
        """Whoever is still booked first: what is done to all of them is done through this one."""
        return next(iter(self.booked), self.members[0])

    @property
    def starts_at(self) -> dt.time:
        return self.first.starts_at

    @property
    def booked(self) -> list[Appointment]:
        """Of whom nothing else was said yet."""
        return [one for one in self.members if one.is_booked]

    @property
    def log_url(self) -> str:
        """One entry for those still booked."""
        return log_url_of(self.booked)


def by_time(appointments: Iterable[Appointment]) -> list[Appointment | Together]:
    """Those booked together at one time as one; who was moved away from the others, or they from them, alone.

    So is whoever the reader reads and does not keep (`with_only_read`): nothing is done to them with the others.
    """
    found: dict[object, list[Appointment]] = {}
    for one in appointments:
        of = one.pk if vars(one).get("only_read") else one.together or one.pk
        found.setdefault((of, one.day, one.starts_at), []).append(one)
    return [Together(members) if len(members) > 1 else members[0] for members in found.values()]


@dataclass
class Day:
    """One day: appointments, what else there is, free times of days to come, and why there is no school."""

    date: dt.date
    appointments: list[Appointment] = field(default_factory=list)
    free: list[FreeSlot] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    closed: str = ""

    @property
    def entries(self) -> list[Appointment | Together | FreeSlot | Other]:
        """By their times; what is of the day as a whole goes first."""
        all_of_them = [*self.others, *by_time(self.appointments), *self.free]
        return sorted(all_of_them, key=lambda entry: entry.starts_at or dt.time.min)


@dataclass(frozen=True)
class Week:
    """Monday to Friday, and the weekend where something is booked on it."""

    monday: dt.date
    days: list[Day]

    @property
    def before(self) -> str:
        return week_name(self.monday - dt.timedelta(weeks=1))

    @property
    def after(self) -> str:
        return week_name(self.monday + dt.timedelta(weeks=1))

    @property
    def friday(self) -> dt.date:
        return self.monday + dt.timedelta(days=4)

    @property
    def is_empty(self) -> bool:
        return not any(day.entries for day in self.days)

    @property
    def has_times(self) -> bool:
        """Whether anything is booked or free in it."""
        return any(day.appointments or day.free for day in self.days)


def monday_from(name: str, today: dt.date) -> dt.date:
    """The Monday an address means; this week's where it means none."""
    said = WEEK.match(name)
    try:
        return dt.date.fromisocalendar(int(said[1]), int(said[2]), 1) if said else _monday(today)
    except ValueError:
        return _monday(today)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def week_of(staff: User, school: School, monday: dt.date, today: dt.date, *, reader: User) -> Week:
    """However full, as many queries: what the reader, who acts, may read of this week, and the free times."""
    sunday = monday + dt.timedelta(days=6)
    open_days = set(school_days(school, monday, sunday))
    reasons = dict(closures_of(school).filter(date__range=(monday, sunday)).values_list("date", "reason"))
    days = {date: Day(date) for date in (monday + dt.timedelta(days=n) for n in range(7))}
    for appointment in with_only_read(appointments_with(staff, monday, sunday), reader):
        days[appointment.day].appointments.append(appointment)
    for other in others_of(staff, monday, sunday):
        days[other.day].others.append(other)
    for slot in free_slots(staff, max(monday, today), sunday):
        days[slot.day].free.append(slot)
    for day in days.values():
        day.closed = "" if day.date in open_days else reasons.get(day.date, "No school")
    return Week(monday, [day for day in days.values() if day.date.weekday() < 5 or day.entries])
