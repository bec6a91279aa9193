"""What a few pupils agreed in their own words, and how they answered: confirmed, in other words, or disputed."""

import random
import uuid
from dataclasses import dataclass

from exchange.demo_school.conversations import Conversation

# Of the 1:1s with one of these topics, one in so many ends with words agreed.
ONE_IN = 3
# topic → (as written down, how the pupil would say it, what the pupil objects)
LINES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "attendance": (
        ("I am in registration by twenty to nine.", "I am in by twenty to nine when the bus comes.",
         "I cannot promise Tuesdays, I take my sister."),
        ("I text in the morning when I cannot come.", "My mum texts, I have no credit.", "I always told somebody."),
    ),
    "progress": (
        ("I ask in the lesson when I am stuck.", "I ask a friend first, then the teacher.",
         "I do ask. Nobody comes."),
        ("I do one past paper every Sunday.", "One paper every two weeks, I work on Sundays.",
         "That is too much with my job."),
    ),
    "friendships": (
        ("I tell my tutor if it starts again.", "I tell my tutor or my head of house.", "I want to sort it out alone."),
    ),
    "next_steps": (
        ("I look at two college courses this month.", "I look at one course and one apprenticeship.",
         "I have not decided to leave."),
    ),
    "wellbeing": (
        ("I go to bed before eleven on school nights.", "Before midnight is what I can do.",
         "Sleep is not the problem."),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One agreement with its answer, and whether it happened: "" where nobody said."""

    id: uuid.UUID
    text: str
    answer: str
    student_text: str
    happened: str


def agreements_of(conversation: Conversation, *, always: bool = False) -> list[Line]:
    """Up to two lines, by a chance of their own, so that nothing else changes; `always` where the story is told."""
    chance = random.Random(f"agreed {conversation.submission}")
    scene = conversation.scene
    known = [topic for topic in scene.topics if topic in LINES]
    if (
        scene.kind != "one_to_one"
        or scene.confidentiality == "named"
        or not known
        or (chance.randrange(ONE_IN) and not always)
    ):
        return []
    return [_line(chance, topic) for topic in known[:2]]


def _line(chance: random.Random, topic: str) -> Line:
    text, other, objection = chance.choice(LINES[topic])
    answer = chance.choices(("confirmed", "amended", "disputed", "open"), (6, 2, 1, 1))[0]
    words = {"amended": other, "disputed": objection}.get(answer, "")
    key = uuid.UUID(int=chance.getrandbits(128), version=4)
    became = random.Random(f"happened {key}").choice(("yes", "yes", "partly", "no", ""))
    return Line(key, text, answer, words, "" if answer in ("disputed", "open") else became)
