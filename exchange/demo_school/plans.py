"""Action plans of the invented school: each grows out of a 1:1, some go well, some stand still, some are over."""

import datetime as dt
from typing import Any

from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.enums import Role
from core.ids import UUID
from exchange.demo_school import bank
from exchange.demo_school.conversations import Conversation
from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.records import Frame
from tutoring.plans.enums import Rhythm
from tutoring.plans.models import ActionPlan, HabitCheck, ModelPlan, PlanBarrier, PlanReview, PlanStep, PlanTarget
from tutoring.sessions.enums import Confidentiality, Kind

# Beside one in every group: one pupil in so many.
ONE_IN = 14
REVIEW_AFTER, CLOSED_AFTER = dt.timedelta(days=24), dt.timedelta(days=49)


def add_models(frame: Frame) -> None:
    """The bank: heads of house and the SENCO have written down what worked."""
    authors = [*frame.staff.by_role[Role.HEAD_OF_HOUSE], frame.staff.first(Role.SENCO)]
    texts: list[dict[str, Any]] = bank.read("models")["model"]
    for place, text in enumerate(texts):
        key = frame.keys.new()
        if topic := text.get("topic"):
            frame.models[topic] = key
        frame.tables.add(
            ModelPlan, id=key, school_id=frame.school, author_id=authors[place % len(authors)].id, title=text["title"],
            purpose=text["purpose"], barriers=text["barriers"], strengths=text.get("strengths", ""),
            targets=Jsonb([{"text": target, "sign": sign} for target, sign in text["targets"]]),
            steps=Jsonb([{"text": step, "owner": owner, "days": days} for step, owner, days in text["steps"]]),
            why=text.get("why", ""), sharing="school",
        )  # fmt: skip


def add_plan(frame: Frame, pupil: Pupil, talks: list[Conversation]) -> None:
    """A plan for the first pupil of each group with a 1:1 to grow out of, for Jamal, and for some others."""
    is_jamal = (pupil.forename, pupil.surname) == ("Jamal", "Okafor")
    goes_on = is_jamal or pupil.group.id not in frame.planned
    wanted = goes_on or pupil.chance.randrange(ONE_IN) == 0
    talk = _talk_of(pupil, talks, since=frame.calendar.current.starts_on if goes_on else dt.date.min)
    if wanted and talk and pupil.left_on is None:
        frame.planned.add(pupil.group.id)
        _Telling(frame, pupil, talk, goes_on=goes_on).tell()


def _talk_of(pupil: Pupil, talks: list[Conversation], since: dt.date) -> Conversation | None:
    """The earliest 1:1 since that day that the tutor held and the team may read."""
    fitting = (
        talk
        for talk in talks
        if talk.scene.kind == Kind.ONE_TO_ONE
        and talk.author is pupil.group.tutor
        and talk.scene.confidentiality != Confidentiality.NAMED
        and talk.day >= since
    )
    return next(fitting, None)


class _Telling:
    """One plan, told from the day of the 1:1 to the last school day."""

    def __init__(self, frame: Frame, pupil: Pupil, talk: Conversation, *, goes_on: bool) -> None:
        self.frame, self.pupil, self.talk = frame, pupil, talk
        self.chance, self.calendar = pupil.chance, frame.calendar
        self.age = self.calendar.last_day - talk.day
        self.reviewed = self.age >= REVIEW_AFTER and self.chance.random() < 0.75
        self.goes_on = goes_on
        self.closed = not goes_on and self.age >= CLOSED_AFTER
        self.end = self._until(talk.day + CLOSED_AFTER) if self.closed else self.calendar.last_day
        self.went_well = self.chance.random() < 0.65
        self.plan = frame.keys.new()
        now = self.calendar.term_of(talk.day) is self.calendar.current
        self.words = pupil.words if now else pupil.earlier_words
        self.text = self._text()

    def _text(self) -> dict[str, Any]:
        plans: list[dict[str, Any]] = bank.read("plans")["plan"]
        fitting = [plan for plan in plans if {*plan["topics"]} & {*self.talk.scene.topics}]
        found: dict[str, Any] = self.chance.choice(fitting or plans)
        return found

    def _say(self, text: str) -> str:
        return text.format_map(self.words)

    def _due(self, days: int) -> dt.date:
        return self.calendar.school_day_from(self.talk.day + dt.timedelta(days=days))

    def _part(self, model: Any, **values: Any) -> UUID:
        key = self.frame.keys.new()
        self.frame.tables.add(model, id=key, plan_id=self.plan, student_id=self.pupil.id, **values)
        return key

    def _add_checks(self, target: UUID) -> None:
        """Each week of school so far, all but every fourth kept; this week is still to be noted."""
        weeks = sorted({day - dt.timedelta(days=day.weekday()) for day in self.calendar.days if day >= self.talk.day})
        for number, monday in enumerate(weeks[:-1], start=1):
            self.frame.tables.add(
                HabitCheck, id=self.frame.keys.new(), target_id=target, student_id=self.pupil.id, day=monday,
                kept=number % 4 != 2, by_id=self.talk.author.id,
            )  # fmt: skip

    def tell(self) -> None:
        """The rows, the plan before its parts."""
        text = self.text
        made = timezone.make_aware(dt.datetime.combine(self.talk.day, dt.time(15, 55)))
        ends = {
            "closed_on": self.end,
            "outcome": self._rating(),
            "outcome_words": self._last_words(),
        }
        home = self.chance.random() < 0.6
        model = self.frame.models.get(text["topics"][0])
        self.frame.tables.add(
            ActionPlan, id=self.plan, student_id=self.pupil.id, made_by_id=self.talk.author.id,
            submission=self.frame.keys.new(), from_session_id=self.talk.id,
            from_model_id=model, from_model_version=model and 1,
            title=self._say(self.chance.choice(text["titles"])), strengths=self._say(text["strengths"]),
            student_words=self.talk.words or self._say(self.chance.choice(text["words"])), started_on=self.talk.day,
            review_on=self._due(56 if self.reviewed else 28), created_at=made,
            student_agreed_on=self.talk.day, student_agreed_how="read it together",
            home_agreed_on=self._until(self.talk.day + dt.timedelta(days=2)) if home else None,
            home_agreed_how=self._say("{home}, on the phone") if home else "", **(ends if self.closed else {}),
        )  # fmt: skip
        for name in text["barriers"][: self.chance.choice((1, 2))]:
            self._part(PlanBarrier, barrier_id=self.frame.barriers[name])
        for place, (target, sign) in enumerate(text["targets"]):
            result = self._rating() if self.closed else None
            habit = {} if place or self.closed else {"rhythm": Rhythm.WEEK.value}
            key = self._part(
                PlanTarget, text=self._say(target), sign=self._say(sign), position=place, result=result, **habit
            )
            if habit:
                self._add_checks(key)
        for step, owner, days in text["steps"]:
            self._tell_step(self._say(step), owner, days)
        self._give_step(self.pupil.house.leaders[0])
        if self.reviewed:
            held = self._until(self.talk.day + dt.timedelta(days=28))
            words = self._say(text["review"][0 if self.went_well else 1])
            self._part(
                PlanReview, by_id=self.talk.author.id, submission=self.frame.keys.new(), held_on=held,
                rating=1 if self.went_well else 0, words=words, next_on=self._due(56),
            )  # fmt: skip

    def _give_step(self, leader: Colleague) -> None:
        """One for the head of house, of plans that go on: they said yes to it, but Jamal's still waits for that."""
        if self.goes_on and leader is not self.talk.author:
            agreed = None if self.pupil.forename == "Jamal" else self._until(self.talk.day + dt.timedelta(days=1))
            due = self.calendar.school_day_from(self.calendar.last_day + dt.timedelta(days=9))
            self._part(
                PlanStep, text="Look in at the end of the week", owner="staff", owner_staff_id=leader.id, due_on=due,
                owner_agreed_on=agreed,
            )  # fmt: skip

    def _last_words(self) -> str:
        return self._say(self.text["close"] if self.went_well else bank.read("plans")["held"])

    def _tell_step(self, text: str, owner: str, days: int) -> None:
        due, last = self._due(days), self.end
        moved = self.chance.choices((0, 1, 3), (8, 3, 1))[0]
        staff = self.talk.author.id if owner == "staff" else None
        late = self.chance.random() < 0.15
        end: dict[str, Any] = {}
        if self.closed and (late or due > last):
            end = {"outcome": "not_done", "ended_on": last, "words": "Other things came first"}
            if due > last:
                end |= {"outcome": "not_needed", "words": "It goes well without"}
        elif due <= last and (self.closed or not late):
            end = {"outcome": "done", "ended_on": self._until(due)}
        if not end and due <= last:  # forgotten since last week at most: Today would have reminded them
            due = self.calendar.days[-self.chance.randint(2, 7)]
        self._part(PlanStep, text=text, owner=owner, owner_staff_id=staff, due_on=due, times_moved=moved, **end)

    def _until(self, day: dt.date) -> dt.date:
        return max(self.talk.day, self.calendar.school_day_until(min(day, self.calendar.last_day)))

    def _rating(self) -> int:
        return self.chance.choice((1, 2, 1) if self.went_well else (0, 1, -1))
