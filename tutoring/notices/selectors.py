"""What waits for a colleague, as they themselves would see it: counted, and never with a student or a word of it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.enums import Mails
from accounts.models import User
from core.ids import UUID
from students.due import ANNOUNCED, lines_due
from tutoring.desk.facts import ROOMS
from tutoring.plans.due import steps_due_for
from tutoring.roundrobin.links import link_to
from tutoring.roundrobin.selectors import answers_to, asks_open

# What the timetable brings each day, who is new, what the forecast says of groups one leads and of people one manages,
# and whether what was looked into has stopped, stand on Today only; of who is out on a visit, and of a statement one is
# asked for, a mail of its own tells at once.
NOT_MAILED = frozenset(
    {"register_am", "register_pm", "tutorial", "planners", "visit", "my_visit"}
    | {"newcomers", "step_asked", "coverage", "team", "statement", "stopped", "handover_lines"}
)
# kind → one of it, more of it
WORDS = {
    "alert": ("alert to answer", "alerts to answer"),
    "alert_late": (
        "alert that somebody you manage has not answered in time",
        "alerts that people you manage have not answered in time",
    ),
    "answer": ("answer to an alert of yours", "answers to alerts of yours"),
    "alert_left": ("alert of yours that nobody answers any more", "alerts of yours that nobody answers any more"),
    "appeal": ("appeal against a warning to decide", "appeals against warnings to decide"),
    "asked": ("answer to what you asked colleagues", "answers to what you asked colleagues"),
    "ask": ("request of a colleague to answer", "requests of colleagues to answer"),
    "referral": ("referral with a reply due", "referrals with a reply due"),
    "feedback": ("feedback on a referral", "feedbacks on referrals"),
    "cover": ("time you stand in for somebody", "times you stand in for somebody"),
    "covered": ("time somebody stands in for you", "times somebody stands in for you"),
    "handover": ("handover to read", "handovers to read"),
    "handovers": ("handover to write", "handovers to write"),
    "handover_unread": ("handover not yet acknowledged", "handovers not yet acknowledged"),
    "handover_late": (
        "handover that somebody you manage has not acknowledged in time",
        "handovers that people you manage have not acknowledged in time",
    ),
    "handover_unwritten": ("group with handovers nobody wrote", "groups with handovers nobody wrote"),
    "review": ("plan to review", "plans to review"),
    "not_sent": ("message home that was not sent", "messages home that were not sent"),
    "intervention": ("intervention to evaluate", "interventions to evaluate"),
    "strategies": ("“what helps” to look at again", "“what helps” to look at again"),
    "watch": ("student watched over to look after", "students watched over to look after"),
    "handling": ("handling plan to review", "handling plans to review"),
    "parents_told": ("letter home to send", "letters home to send"),
    "after_force": ("talk to have or note", "talks to have or note"),
    "meeting": ("meeting of a referral", "meetings of referrals"),
    "follow_up": ("entry to follow up", "entries to follow up"),
    "step": ("step due", "steps due"),
    "step_ahead": ("step of a plan you are asked to do", "steps of plans you are asked to do"),
    "plan_step": ("step of a plan due", "steps of plans due"),
}
# Somebody waits for these before their day has come.
BEFORE_THE_DAY = {
    "alert", "alert_left", "answer", "appeal", "ask", "feedback", "handover", "handover_unread", "step_ahead",
}  # fmt: skip
LATELY = dt.timedelta(days=7)


@dataclass(frozen=True, order=True)
class Thing:
    """One thing to read or do; `link` answers it without signing in, where there is such a one."""

    kind: str
    pk: UUID
    link: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.pk}"


def things_for(user: User, now: dt.datetime, today: dt.date) -> list[Thing]:
    """Everything that waits for this person, asked as whoever acts: three statements."""
    parts = steps_due_for(user, today)
    for permission, rooms in (*ROOMS.items(), *ANNOUNCED.items()):
        if user.has_perm(permission):
            parts += [line for due in rooms for line in due(user, today)]
    lines = [line for line in lines_due(parts) if line.kind in WORDS and line.kind != "ask"]
    due = [Thing(line.kind, line.pk) for line in lines if line.kind in BEFORE_THE_DAY or line.due_on <= today]
    found = list(dict.fromkeys(due))  # of a handover that two tutors of a group have not read there are two lines
    found += [Thing("asked", key) for key in answers_to(user, now - LATELY)]
    if user.mails == Mails.DAILY:
        # Else each had a mail of its own, when it was asked.
        found += [Thing("ask", ask.pk, link_to(ask)) for ask in asks_open(user)]
    return found


def counted(things: Iterable[Thing]) -> list[str]:
    """In words, in the order of WORDS: "2 alerts to answer"."""
    numbers = Counter(thing.kind for thing in things)
    return [f"{n} {WORDS[kind][n > 1]}" for kind in WORDS if (n := numbers[kind])]
