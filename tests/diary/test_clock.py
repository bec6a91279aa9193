"""The entitlement clock: the forecast as one reckons it by hand, and whom to see next (duty 10, delight 1)."""

import datetime as dt
import uuid
from dataclasses import replace
from enum import StrEnum

from hypothesis import given, settings
from hypothesis import strategies as st

from tutoring.diary.clock import Clock, Days, Standing, Turn

TODAY = dt.date(2026, 11, 20)
LAST = dt.date(2026, 12, 18)


def turn(name: str = "Okafor Jamal", **known: object) -> Turn:
    return Turn(student_id=uuid.uuid4(), name=name, **known)  # type: ignore[arg-type]


def group(seen: int, of: int, *, booked: int = 0, gone: int = 50, left: int = 20, per_term: int = 1) -> Clock:
    turns = [turn(f"Student {n:02}", done=per_term, last=TODAY) for n in range(seen)]
    turns += [turn(f"Student {n:02}") for n in range(seen, of - booked)]
    turns += [turn(f"Student {n:02}", ahead=(LAST,)) for n in range(of - booked, of)]
    return Clock(turns, per_term, Days(gone, left, LAST))


def test_the_forecast_is_the_hand_calculation() -> None:
    # 19 of 28 in 50 days; at that pace 20 more days see 19 × 20 / 50 = 7.6, so 7 whole students: 28 − 19 − 7 = 2.
    assert group(19, 28).will_be_missed == 2
    assert group(19, 28).forecast == "At this pace 2 of 28 will be missed by 18 December."
    # 14 of 28 in 50 days see 5 more in 20: 9 are left over.
    assert group(14, 28).will_be_missed == 9
    # … but of those 12 are booked already.
    assert group(14, 28, booked=12).will_be_missed == 2
    assert group(0, 28).will_be_missed == 28
    assert group(26, 28).forecast == "At this pace everybody will have been seen by 18 December."
    assert group(28, 28).forecast == "Everybody has been seen."


def test_the_forecast_of_two_a_term_counts_what_is_still_wanting() -> None:
    # 28 seen once in 50 days: 28 × 20 / 50 = 11 more, so 11 of them twice and 17 not.
    once = [turn(f"Student {n:02}", done=1) for n in range(28)]
    assert Clock(once, 2, Days(50, 20, LAST)).will_be_missed == 17
    # 10 seen twice and 10 never: 20 × 20 / 50 = 8 more, which are both of 4 students.
    assert group(10, 20, per_term=2).will_be_missed == 6
    assert group(10, 20, per_term=2).forecast == "At this pace 6 of 20 will not be seen 2 times by 18 December."
    # One of two booked is not all that is wanting; two are.
    assert group(0, 28, booked=28, per_term=2).will_be_missed == 28
    both = [turn(f"Student {n:02}", ahead=(TODAY, LAST)) for n in range(28)]
    assert Clock(both, 2, Days(50, 20, LAST)).will_be_missed == 0
    assert group(28, 28, per_term=2).forecast == "Everybody has been seen 2 times."
    # More than was promised speeds nobody else up: 1 × 20 / 50 is none.
    often = Clock([turn(done=9), turn()], 1, Days(50, 20, LAST))
    assert often.will_be_missed == 1


def test_before_the_first_day_and_after_the_last() -> None:
    assert group(0, 28, gone=0, left=70).will_be_missed is None
    assert group(0, 28, gone=0, left=70).forecast == ""
    assert group(20, 28, gone=70, left=0).will_be_missed == 8


def test_where_each_one_stands() -> None:
    assert turn(exempt="Sees the counsellor", done=1).standing(1) == Standing.EXEMPT
    assert turn(done=1, ahead=(LAST,)).standing(1) == Standing.SEEN
    assert turn(done=1, ahead=(LAST,), missed=1).standing(2) == Standing.BOOKED
    assert turn(missed=2, refused=1).standing(1) == Standing.REFUSED
    assert turn(missed=1).standing(1) == Standing.MISSED
    assert turn().standing(1) == Standing.NOT_YET


def test_the_exempt_are_nobodys_debt() -> None:
    clock = Clock([turn(done=1), turn(exempt="Abroad"), turn()], 1, Days(10, 10, LAST))
    assert (clock.entitled, clock.seen, clock.left) == (2, 1, 1)


def test_next_come_the_longest_unseen_and_quiet_ones_before_others() -> None:
    june, july = dt.date(2026, 6, 12), dt.date(2026, 6, 26)
    turns = [turn("Seen in June", last=june), turn("Seen later, quiet", last=july, quiet=True), turn("Never seen")]
    clock = Clock(turns, 1, Days(10, 10, LAST))
    assert [s.turn.name for s in clock.next_to_see(TODAY)] == ["Never seen", "Seen later, quiet", "Seen in June"]
    assert [s.sentence for s in clock.next_to_see(TODAY)] == [
        "No 1:1 in the last year",
        "Last 1:1 on 26 June, quiet: nothing noted by anybody for weeks",
        "Last 1:1 on 12 June",
    ]


def test_nobody_away_today_booked_exempt_or_seen_is_suggested() -> None:
    turns = [turn("Away", present=False), turn("Booked", ahead=(LAST,)), turn("Exempt", exempt="Abroad")]
    turns += [turn("Seen", done=1), turn("In", present=True, missed=1), turn("Not known")]
    shown = {s.turn.name: s.sentence for s in Clock(turns, 1, Days(10, 10, LAST)).next_to_see(TODAY)}
    assert shown == {
        "In": "No 1:1 in the last year, missed the last one, in today",
        "Not known": "No 1:1 in the last year",
    }


def test_a_quiet_student_seen_already_does_not_come_again_before_one_not_seen_this_term() -> None:
    """Being lifted must not let one come twice while another waits: the number of sessions goes before the days."""
    again = turn("Quiet, seen today", done=1, last=TODAY, quiet=True)
    waits = turn("Not seen this term", last=TODAY - dt.timedelta(days=10))
    shown = Clock([again, waits], 2, Days(10, 10, LAST)).next_to_see(TODAY)
    assert [s.turn.name for s in shown] == ["Not seen this term", "Quiet, seen today"]


@settings(max_examples=60)
@given(
    lasts=st.lists(
        st.none() | st.dates(dt.date(2025, 9, 1), TODAY) | st.dates(TODAY - dt.timedelta(days=20), TODAY),
        min_size=1,
        max_size=30,
    ),
    quiet=st.data(),
    per_term=st.integers(1, 3),
)
def test_everybody_is_suggested_within_as_many_sessions_as_there_are_students(
    lasts: list[dt.date | None], quiet: st.DataObject, per_term: int
) -> None:
    """Whoever is suggested first is seen, quiet or not; after n sessions each of n students has had a turn."""
    turns = [turn(f"{n:02}", last=last, quiet=quiet.draw(st.booleans())) for n, last in enumerate(lasts)]
    suggested = set()
    for _ in turns:
        [first] = Clock(turns, per_term, Days(1, 1, LAST)).next_to_see(TODAY, most=1)
        suggested.add(first.turn.student_id)
        at = turns.index(first.turn)
        turns[at] = replace(first.turn, done=first.turn.done + 1, last=TODAY)
    assert suggested == {t.student_id for t in turns}


class Kept(StrEnum):
    """What becomes of a suggestion."""

    DONE = "done"
    MISSED = "missed"
    REFUSED = "refused"


@settings(max_examples=60)
@given(
    known=st.lists(st.tuples(st.none() | st.dates(dt.date(2025, 9, 1), TODAY), st.booleans()), min_size=4, max_size=30),
    per_term=st.integers(1, 3),
    never_come=st.integers(1, 3),
    kept=st.data(),
)
def test_who_misses_or_refuses_each_time_keeps_nobody_from_being_suggested(
    known: list[tuple[dt.date | None, bool]], per_term: int, never_come: int, kept: st.DataObject
) -> None:
    """Three who never come, longest unseen of all, and others who come or not: each of n is first within n tries."""
    turns = [turn(f"{n:02}", last=last, quiet=quiet) for n, (last, quiet) in enumerate(known)]
    turns += [turn(f"Never comes {n}", quiet=True) for n in range(never_come)]
    suggested = set()
    for _ in turns:
        [first] = Clock(turns, per_term, Days(1, 1, LAST)).next_to_see(TODAY, most=1)
        suggested.add(first.turn.student_id)
        how = kept.draw(st.sampled_from([*Kept][first.turn.name.startswith("Never") :]))
        changed = {how.value: getattr(first.turn, how.value) + 1} | ({"last": TODAY} if how is Kept.DONE else {})
        turns[turns.index(first.turn)] = replace(first.turn, **changed)
    assert suggested == {t.student_id for t in turns}


def test_who_does_not_come_is_asked_again_after_the_others_had_their_turn() -> None:
    """With two promised: behind whoever had none, before whoever had one and was seen, and last only of equals."""
    refuses, seen_once = turn("Refuses", refused=1), turn("Seen once", done=1, last=TODAY)
    clock = Clock([refuses, seen_once, turn("Not yet", last=TODAY)], 2, Days(10, 10, LAST))
    assert [s.turn.name for s in clock.next_to_see(TODAY)] == ["Not yet", "Refuses", "Seen once"]
    again = Clock([replace(refuses, refused=5), replace(seen_once, done=2)], 2, Days(10, 10, LAST))
    assert [s.turn.name for s in again.next_to_see(TODAY)] == ["Refuses"], "nobody is given up"


@settings(max_examples=60)
@given(st.lists(st.booleans(), min_size=4, max_size=40), st.integers(1, 8))
def test_whoever_is_in_when_others_are_away_gets_their_turn(days: list[bool], of: int) -> None:
    """Somebody often away is suggested on the first day they are in and everybody before them has been seen."""
    turns = [turn(f"{n:02}", last=TODAY) for n in range(of)] + [turn("Often away")]
    for at_school in days:
        turns[-1] = replace(turns[-1], present=at_school)
        first = Clock(turns, 1, Days(1, 1, LAST)).next_to_see(TODAY, most=1)
        if at_school and not turns[-1].done:
            assert first[0].turn.name == "Often away"  # never seen comes before everybody else
        if first:
            turns[turns.index(first[0].turn)] = replace(first[0].turn, done=1)
