"""Who comes first and why: each rule, the order, and what is never an input."""

import datetime as dt
import uuid
from dataclasses import fields
from typing import Any

import pytest

from tutoring.attendance.statistics import Figure
from tutoring.desk.priorities import Facts, Sign, going_well, ordered, weigh
from tutoring.sessions.owed import Promise

TODAY = dt.date(2026, 11, 24)
TERM = dt.date(2026, 9, 3)
TEN_DAYS_AGO = dt.date(2026, 11, 14)
SEEN = Promise(done=1)
FULL = Figure(possible=100, attended=100, arrivals=100)


def facts(**known: Any) -> Facts:
    return Facts(
        **{"student_id": uuid.uuid4(), "name": "Jamal Okafor", "last_seen": TEN_DAYS_AGO, "promise": SEEN, **known}
    )


def line(**known: Any) -> Any:
    return weigh(facts(**known), today=TODAY, term_start=TERM)


def absent(number: int, possible: int = 100) -> Figure:
    return Figure(possible=possible, attended=possible - number, authorised=number)


def test_a_student_without_a_worry_is_not_on_the_list() -> None:
    assert ordered([facts(year=FULL)], today=TODAY, term_start=TERM) == []


@pytest.mark.parametrize(
    ("missed", "points", "sign"), [(5, 10, Sign.AMBER), (10, 20, Sign.RED), (20, 30, Sign.RED), (50, 40, Sign.RED)]
)
def test_only_the_heaviest_level_of_attendance_counts(missed: int, points: int, sign: Sign) -> None:
    found = line(year=absent(missed))
    assert (found.points, [c.sign for c in found.chips]) == (points, [sign])


def test_below_forty_sessions_we_are_building_a_picture() -> None:
    assert line(year=absent(20, possible=39)).points == 0
    assert line(year=absent(20, possible=40)).points > 0


def test_a_drop_is_measured_against_the_student_alone() -> None:
    found = line(before=absent(4), recent=absent(3, possible=30))
    assert found.sentence.startswith("Attendance dropped 6.0 points in three weeks")
    assert line(before=absent(6), recent=absent(3, possible=30)).points == 0


def test_unseen_weighs_more_with_every_week() -> None:
    this_year = line(last_seen=dt.date(2026, 7, 1), promise=Promise())
    never = line(last_seen=None, promise=Promise())
    assert this_year.chips[0].text == "No 1:1 this term"
    assert this_year.points == 15
    assert never.sentence == "No 1:1 in the last year."
    assert line(last_seen=TERM).points == 0


def test_it_is_the_schools_rule_that_says_who_is_unseen() -> None:
    """Duty 10: once of twice is not enough; whoever is exempt is never chased, however long ago it was."""
    once = line(last_seen=TEN_DAYS_AGO, promise=Promise(per_term=2, done=1))
    assert (once.points, once.chips[0].text) == (11, "1 of 2 1:1s this term")
    assert line(last_seen=TEN_DAYS_AGO, promise=Promise(per_term=2, done=2)).points == 0
    assert line(last_seen=None, promise=Promise(exempt="Sees the counsellor")).points == 0
    assert line(last_seen=None, promise=Promise(exempt="Year 12 is exempt"), year=absent(5)).sentence == ""


def test_what_the_reader_may_not_know_is_not_held_against_anybody() -> None:
    assert line(seen_known=False, last_seen=None, promise=Promise()).points == 0


def test_an_overdue_step_says_which_and_for_how_long() -> None:
    found = line(overdue_since=dt.date(2026, 11, 18), overdue_text="ring home")
    assert found.chips[0].text == "Step overdue 6 days"
    assert found.sentence.startswith("Agreed: ring home")
    assert line(overdue_since=dt.date(2026, 11, 1), overdue_text="x").points == 2 * found.points


def test_sanctions_and_grades() -> None:
    assert line(sanctions=("C3", "C3")).sentence.startswith("Two sanctions in the last two weeks: C3")
    found = line(below=("Art", "French", "Maths"), down=("Maths", "Physics"))
    assert found.chips[0].text == "Working below target in 3 subjects"
    assert "Maths and Physics down since the last data drop" in found.sentence


def test_the_order_is_the_same_every_time() -> None:
    everybody = [facts(name="B", year=absent(12)), facts(name="A", year=absent(12)), facts(name="C", year=absent(60))]
    names = [p.facts.name for p in ordered(everybody, today=TODAY, term_start=TERM)]
    assert names == ["C", "A", "B"]
    assert names == [p.facts.name for p in ordered(reversed(everybody), today=TODAY, term_start=TERM)]


def test_going_well_needs_three_full_weeks_and_something_to_praise() -> None:
    full = Figure(possible=30, attended=30, arrivals=30)
    good = facts(name="Aisha", recent=full, rewards=3)
    late = facts(name="Late", recent=Figure(possible=30, attended=30, arrivals=30, late=1), rewards=9)
    assert [p.facts.name for p in going_well([late, facts(recent=full), good], [])] == ["Aisha"]


def test_nobody_needs_somebody_first_and_goes_well_in_the_same_list() -> None:
    full = Figure(possible=30, attended=30, arrivals=30)
    both = facts(name="Abigail", recent=full, rewards=3, year=absent(10))
    first = ordered([both], today=TODAY, term_start=TERM)
    assert [p.facts.name for p in first] == ["Abigail"]
    assert going_well([both], first) == []
    assert [p.facts.name for p in going_well([both], [])] == ["Abigail"]


def test_no_need_no_premium_and_nothing_of_safeguarding_is_an_input() -> None:
    names = {f.name for f in fields(Facts)}
    for forbidden in ("sen", "pupil_premium", "eal", "looked_after", "concern", "safeguarding", "postcode", "sex"):
        assert not any(forbidden in name.split("_") or name == forbidden for name in names)


def test_whoever_was_seen_this_week_makes_room_for_the_next() -> None:
    before, after = line(year=absent(20)), line(year=absent(20), last_seen=TODAY)
    assert after.points == before.points // 2
    assert after.chips[-1].text == "Seen today"
