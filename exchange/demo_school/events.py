"""Events of the invented school: with an outcome, still without, called off, and to come."""

import datetime as dt
from typing import Any

from accounts.enums import Role
from exchange.demo_school import bank
from exchange.demo_school.people import House
from exchange.demo_school.records import Frame
from exchange.demo_school.school_year import working_day
from tutoring.events.models import Audience, SchoolEvent

DAY = dt.timedelta(days=1)


def add_events(frame: Frame, houses: list[House]) -> None:
    """A dozen around the last school day; one of a tutor's waits for its outcome."""
    last, calendar = frame.calendar.last_day, frame.calendar
    for told in bank.read("events")["event"]:
        day = last + told["days"] * DAY
        day = working_day(day) if day > last else max(calendar.school_day_until(day), calendar.current.starts_on)
        colleagues = frame.staff.by_role[Role(told["who"])]
        lead = next((one for one in colleagues if one.named), colleagues[0])
        key, ends_on = frame.keys.new(), min(day + (told.get("lasts", 1) - 1) * DAY, max(day, last))
        outcome: dict[str, Any] = {"outcome": ""}
        if "outcome" in told:
            outcome = {"outcome": told["outcome"], "told_by_id": lead.id, "told_on": ends_on}
        frame.tables.add(
            SchoolEvent, id=key, school_id=frame.school, title=told["title"], kind=told["kind"], starts_on=day,
            ends_on=ends_on, place=told.get("place", ""), lead_id=lead.id, purpose=told.get("purpose", ""),
            called_off=told.get("called_off", ""), came=told.get("came"), next_time=told.get("next_time", ""),
            made_by_id=frame.staff.first(Role.SENIOR_LEADER).id, **outcome,
        )  # fmt: skip
        for whom in told.get("for", ()):
            what, _, number = whom.partition(" ")
            named = {"year_group": int(number)} if what == "year" else {"house_id": houses[int(number) - 1].id}
            frame.tables.add(Audience, id=frame.keys.new(), event_id=key, **named)
