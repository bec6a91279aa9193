"""The opening question (duty 1): each rule, strengths before worries, and what can never be an input."""

from dataclasses import fields
from typing import Any

import pytest

from tutoring.desk.questions import FIRST_TIME, RULES, Known, opening_question

# In the order of the table: what makes each rule hold, and a word of its question.
CASES: list[tuple[dict[str, Any], str]] = [
    ({"kept": 1}, "What helped you"),
    ({"up": ("Physics",)}, "gone up in Physics"),
    ({"rewards": 2}, "2 rewards this term"),
    ({"always_here": True}, "keeps you going"),
    ({"steadier": True}, "in more than before"),
    ({"best_effort": ("Art", "Music")}, "Art and Music"),
    ({"said": True}, "in your own words"),
    ({"to_do": 1}, "make it easier"),
    ({"met": True}, "gone well"),
]


@pytest.mark.parametrize("place", range(len(CASES)), ids=[word for _, word in CASES])
def test_each_rule_asks_and_yields_to_those_before_it(place: int) -> None:
    known, word = CASES[place]
    assert word in opening_question(Known(**known)).ask
    for earlier, _ in CASES[:place]:
        assert opening_question(Known(**(known | earlier))) != opening_question(Known(**known))


def test_every_rule_is_tested_and_says_why() -> None:
    assert len(CASES) == len(RULES)
    for rule, (known, _) in zip(RULES, CASES, strict=True):
        assert rule.holds(Known(**known))
        assert rule.why.endswith(".")
        assert rule.ask(Known(**known)).endswith("?")


def test_nothing_known_asks_what_one_asks_a_stranger() -> None:
    assert opening_question(Known()) == FIRST_TIME


def test_one_reward_is_no_reason_yet() -> None:
    assert opening_question(Known(rewards=1)) == FIRST_TIME


def test_many_subjects_stay_short() -> None:
    assert "Art, French and more" in opening_question(Known(up=("Art", "French", "Maths"))).ask


def test_no_need_and_no_free_text_is_an_input() -> None:
    names = {f.name for f in fields(Known)}
    assert names == {"kept", "up", "rewards", "always_here", "steadier", "best_effort", "said", "to_do", "met"}
    assert all(f.type in (int, bool, tuple[str, ...]) for f in fields(Known))
