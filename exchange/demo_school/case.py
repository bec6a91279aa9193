"""What follows one concern of the invented school: a referral and its answer, a challenge, a meeting, an action."""

import datetime as dt
import uuid
from typing import Any

from exchange.demo_school.file_rows import add_entry, moment, random_key
from exchange.demo_school.people import Colleague
from exchange.demo_school.records import Frame
from safeguarding.case.enums import Agency, Basis, Consent, DueKind, Ended, Gathering, Method, NotTold, Rung, Told
from safeguarding.case.models import Due
from safeguarding.case.timescales import answer_due, challenge_due, what_follows
from safeguarding.enums import Kind
from safeguarding.keys import Cipher
from students.working_days import working_days_after

SHARED = "Heard shouting and things breaking on two nights; tired, and hungry by ten. Nothing is known of injuries."
ANSWERED = "No further action: they will write to the family. Asked to see the decision in writing."
DISAGREED = "The child goes home to it tonight. We ask for a visit this week, and for the reason in writing."
HELP = "Asked for a family support worker: mornings, food, and somebody for the mother to talk to."
AGREED = "School and health both worried; police have been called to the address before. A joint visit will be made."
TO_DO = "See the child each morning this week, first thing, and write down what they say in their own words."
PARENTS = "To be told with the social worker, not before: it could make tonight worse."


class Case:
    """One concern and what is put beside it."""

    def __init__(self, frame: Frame, concern: uuid.UUID, cipher: Cipher, lead: Colleague) -> None:
        self.frame, self.concern, self.cipher, self.lead = frame, concern, cipher, lead

    def due(self, kind: DueKind, what: str, since: dt.date, by: dt.date, **more: Any) -> uuid.UUID:
        pk = random_key(self.frame)
        self.frame.tables.add(
            Due, id=pk, concern_id=self.concern, kind=kind, what=what, made_by_id=self.lead.id, owner_id=self.lead.id,
            begun_on=since, due_on=by, **more,
        )  # fmt: skip
        return pk

    def write(self, kind: Kind, day: dt.date, hour: int, words: dict[str, Any], due: uuid.UUID | None = None) -> None:
        words |= {"due": str(due)} if due else {}
        words["facts"] = [{"of": of, "words": said} for of, said in words.get("facts", [])]
        add_entry(self.frame, self.concern, self.cipher, kind, self.lead, moment(day, hour), words, day)


def add_case(frame: Frame, concern: uuid.UUID, cipher: Cipher, lead: Colleague, day: dt.date) -> None:
    """From the day on which it was raised."""
    case = Case(frame, concern, cipher, lead)
    case.write(Kind.PARENTS, day, 1, {
        "title": Told.NOT_YET.label, "text": PARENTS, "facts": [("Why not", NotTold.RISK.label)],
    })  # fmt: skip
    _referral(case, day)
    held = working_days_after(day, 1)
    last = what_follows(Gathering.STRATEGY, held)[0][1]
    case.due(DueKind.MEETING, Gathering.STRATEGY, held, held, done_on=held, ended=Ended.DONE)
    case.due(DueKind.MEETING, Gathering.CONFERENCE, held, last)
    case.write(Kind.MEETING, held, 3, {
        "title": Gathering.STRATEGY.label, "text": AGREED,
        "facts": [("Who was there", "A social worker, police, the school nurse, the school"),
                  ("Must follow by", f"{Gathering.CONFERENCE.label}: {last:%d %B %Y}")],
    })  # fmt: skip
    action = case.due(DueKind.ACTION, "", day, working_days_after(day, 5))
    case.write(Kind.ACTION, day, 2, {"title": "", "text": TO_DO}, action)


def _referral(case: Case, day: dt.date) -> None:
    """Answered, disagreed with, and not answered again yet."""
    answered, by = working_days_after(day, 1), answer_due(day)
    ended = case.due(DueKind.ANSWER, Agency.MASH, day, by, done_on=answered, ended=Ended.DONE)
    case.write(Kind.REFERRAL, day, 1, {
        "title": Agency.MASH.label, "text": SHARED,
        "facts": [("How", Method.PHONE.label), ("Their reference", "MASH 26-11804"),
                  ("Agreed to by the family", Consent.NOT_SOUGHT.label), ("Why not", NotTold.RISK.label),
                  ("Ground for sharing", Basis.SAFEGUARDING.label)],
    }, ended)  # fmt: skip
    case.write(Kind.ANSWER, answered, 1, {"title": Agency.MASH.label, "text": ANSWERED}, ended)
    by = challenge_due(Rung.WORKER, answered)
    climbed = case.due(DueKind.CHALLENGE, Rung.WORKER, answered, by, follows_id=ended)
    case.write(Kind.CHALLENGE, answered, 2, {"title": Rung.WORKER.label, "text": DISAGREED}, climbed)
    asked = case.due(DueKind.ANSWER, Agency.EARLY_HELP, answered, answer_due(answered))
    words = {"title": Agency.EARLY_HELP.label, "text": HELP, "facts": [("How", Method.MAIL.label)]}
    case.write(Kind.REFERRAL, answered, 2, words, asked)
