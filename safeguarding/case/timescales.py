"""By when something has to happen; facts 4.10. Pure functions."""

import calendar
import datetime as dt

from safeguarding.case.enums import LOOKED_AFTER, Gathering, Ladder, Rung
from students.working_days import working_days_after

# The authority says within one working day what it will do (Working together, chapter 3).
ANSWER_WITHIN = 1
# Working days that each step of a disagreement has, where the local partnership has set no others.
RUNG_WITHIN = {Rung.WORKER: 1, Rung.MANAGER: 2, Rung.SENIOR: 3, Rung.PARTNERSHIP: 5}
CONFERENCE_WITHIN, CORE_GROUP_WITHIN = 15, 10
FIRST_REVIEW_MONTHS, REVIEW_MONTHS = 3, 6
# Working days until a looked-after child is reviewed first.
FIRST_CARE_REVIEW_WITHIN = 20


def answer_due(sent_on: dt.date) -> dt.date:
    """When the agency's answer to a referral is due."""
    return working_days_after(sent_on, ANSWER_WITHIN)


def challenge_due(rung: Rung, raised_on: dt.date) -> dt.date:
    """When the answer of one step of a disagreement is due."""
    return working_days_after(raised_on, RUNG_WITHIN[rung])


def what_follows(kind: Gathering, held_on: dt.date) -> list[tuple[Gathering, dt.date]]:
    """The meetings that must come after one that went on to the next stage, each with its last day."""
    if kind == Gathering.STRATEGY:
        return [(Gathering.CONFERENCE, working_days_after(held_on, CONFERENCE_WITHIN))]
    if kind == Gathering.CONFERENCE:
        first = months_after(held_on, FIRST_REVIEW_MONTHS)
        return [(Gathering.CORE_GROUP, working_days_after(held_on, CORE_GROUP_WITHIN)), (Gathering.REVIEW, first)]
    if kind == Gathering.REVIEW:
        return [(Gathering.REVIEW, months_after(held_on, REVIEW_MONTHS))]
    return []


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def review_due(level: Ladder, since: dt.date, reviews: int, last_on: dt.date | None) -> dt.date | None:
    """The last day of a child's next review by law, after so many reviews, the last of them on that day; None where the
    law sets none. Of a looked-after child: Care Planning, Placement and Case Review Regulations 2010, regulation 33.
    """
    if level == Ladder.ENQUIRY:
        return None if last_on else working_days_after(since, CONFERENCE_WITHIN)
    if level == Ladder.PLAN:
        return months_after(last_on, REVIEW_MONTHS) if last_on else months_after(since, FIRST_REVIEW_MONTHS)
    if level not in LOOKED_AFTER:
        return None
    if last_on is None:
        return working_days_after(since, FIRST_CARE_REVIEW_WITHIN)
    return months_after(last_on, FIRST_REVIEW_MONTHS if reviews == 1 else REVIEW_MONTHS)


def core_group_due(level: Ladder, since: dt.date) -> dt.date | None:
    """The last day of the first core group."""
    return working_days_after(since, CORE_GROUP_WITHIN) if level == Ladder.PLAN else None
