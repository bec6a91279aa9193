"""What each kind of line that is due is called on Today, what its button says, the page behind it (decision 0010)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from students.due import DueLine
from tutoring.desk.scopes import LED
from tutoring.sessions.enums import Owner


@dataclass(frozen=True)
class Deed:
    """What a kind of line is called, what its button says, and the page behind it.

    `ticks`: one tap ends it; `listed`: the page is a list; `dated`: its address names the day too;
    `about`: it names the student and not the line; `led`: the page of the groups one leads, with this one open;
    `seen`: there is a page only for those to whom the line names the student.
    """

    before: str
    button: str
    url_name: str
    ticks: bool = False
    listed: bool = False
    dated: bool = False
    about: bool = False
    led: bool = False
    seen: bool = False

    def url(self, line: DueLine) -> str:
        """The page behind the line; "" where the reader has none."""
        if self.seen and not line.student_id:
            return ""
        if self.listed:
            return reverse(self.url_name)
        if self.led:
            return f"{reverse(self.url_name)}?{urlencode({'scope': LED, 'group': line.pk})}"
        if self.about:
            return reverse(self.url_name, args=[line.student_id])
        return reverse(self.url_name, args=[line.pk, line.due_on.isoformat()] if self.dated else [line.pk])


DEEDS = {
    "parents_told": Deed("Parents to be told in writing today: ", "Tell them", "restraint:detail"),
    "after_force": Deed("After a use of force: ", "Open", "restraint:detail"),
    "statement": Deed("You are asked to write down what you know", "Write", "investigations:asked"),
    "stopped": Deed("Has it stopped? Investigation ", "Ask", "investigations:detail"),
    "visit": Deed("Not back from a visit: ring them. Expected ", "Open", "visits:visit-detail"),
    "my_visit": Deed("You are out on a visit, ", "I am back", "visits:visit-detail"),
    "coverage": Deed("1:1s, ", "Open", "desk:term-clock", led=True),
    "team": Deed("1:1s of your team, ", "Open", "desk:team", listed=True),
    "alert": Deed("Alert: ", "Answer", "followup:alert-detail"),
    "answer": Deed("Answered: ", "Read", "followup:alert-detail"),
    "alert_left": Deed(
        "Nobody answers your alert, alert somebody else. It was to ", "Alert", "followup:alert-create", about=True
    ),
    "alert_late": Deed("No answer yet to an alert: ", "Open", "followup:alert-detail", seen=True),
    "appeal": Deed("Appeal against a warning to decide: ", "Decide", "followup:warning-decide"),
    "not_sent": Deed("Not sent home, ring or write again: ", "Open", "desk:student-family", about=True),
    "register_am": Deed("Morning register: ", "Take", "attendance:register-morning"),
    "register_pm": Deed("Afternoon register: ", "Take", "attendance:register-afternoon"),
    "tutorial": Deed("Group tutorial to write up: ", "Write up", "tutorials:meeting-write", dated=True),
    "cover": Deed("You stand in for ", "Open", "groups:cover-list", listed=True),
    "covered": Deed("Stands in for you: ", "Open", "groups:cover-list", listed=True),
    "step": Deed("", "Done", "tutor_sessions:step-done", ticks=True),
    "plan_step": Deed("", "Done", "plans:step-done", ticks=True),
    "step_asked": Deed("You are asked to do this: ", "I do this", "plans:step-agree", ticks=True),
    "step_ahead": Deed("You are asked to do this: ", "I do this", "plans:step-agree", ticks=True),
    "review": Deed("Review: ", "Review", "plans:plan-review"),
    "referral": Deed("A reply is expected: ", "Chase", "referrals:referral-detail"),
    "feedback": Deed("Feedback: ", "Read", "referrals:referral-detail"),
    "meeting": Deed("Next meeting: ", "Open", "referrals:meeting-next"),
    "follow_up": Deed("Follow up: ", "Follow up", "conduct:entry-detail"),
    "ask": Deed("You are asked about a student: ", "Answer", "roundrobin:answer"),
    "intervention": Deed("Intervention to evaluate: ", "Evaluate", "interventions:evaluate"),
    "strategies": Deed("Still true? What helps: ", "Look", "strategies:cards"),
    "handling": Deed("Handling plan to review, ", "Review", "strategies:handling"),
    "watch": Deed("Look after: ", "Look", "watch:student", about=True),
    "newcomers": Deed("New to us, nobody has looked this week: ", "Look", "watch:list", listed=True),
    "planners": Deed("Planner check: ", "Check", "conduct:planner-check"),
    "handover": Deed("What works for me", "Read", "handover:handover-detail"),
    "handover_unread": Deed("Handover not yet acknowledged", "Open", "handover:handover-detail"),
    "handover_late": Deed("Handover not yet acknowledged: ", "Open", "handover:handover-detail", seen=True),
    "handover_unwritten": Deed(
        "Tutor changed, no “what works for me” written, students of ", "Open", "handover:group-tutor"
    ),
    "handover_lines": Deed(
        "Does the next one need to know something? Handovers: ", "Answer", "safeguarding:handover-lines", listed=True
    ),
    "handovers": Deed("Handovers to write: ", "Write", "handover:handover-list", listed=True),
}
# Somebody waits for these (or to be seen at all), however long something else is overdue.
FIRST = {"alert", "answer", "parents_told", "coverage", "team"}
# Somebody may be in danger: before everything else.
NOW = {"visit", "my_visit"}
# Waiting to be read: never late, and no day stands beside them.
TO_READ = {"answer", "feedback", "handover", "cover", "covered", "coverage", "team"}
STAFF_DOES = {"", Owner.STAFF}
# What a tutor of today takes on from whoever has left (tutoring.groups.falling).
FALLING = {"not_sent", "watch", "meeting", "follow_up", "intervention", "strategies", "handling"}
# Done by whoever is named; of the others the one named is somebody else.
DONE_BY_NAMED = FALLING | {
    "step", "plan_step", "review", "referral", "register_am", "register_pm", "tutorial", "planners",
}  # fmt: skip
