"""Cells of MIS exports: every spelling of facts, and nothing ever crashes on what a cell may hold."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from exchange.kinds.assessment import drop_position
from exchange.kinds.marks import read_mark, read_session, split_marks
from exchange.kinds.roles import LONGEST, roles_in, years_in, years_named
from exchange.kinds.weekly import slot_of
from exchange.roster import name_key
from exchange.values import (
    BadValue,
    clean,
    is_scientific,
    read_boolean,
    read_email,
    read_sen_need,
    read_sen_status,
    read_sex,
    read_whole_number,
    read_year_group,
    split_name,
)


@pytest.mark.parametrize(
    "text", ["7", "07", "Year 7", "Year  7", "Yr 7", "Y7", "yr7", "Year 07", "NC Year 7", "Year Seven", "7.0"]
)
def test_every_spelling_of_year_seven(text: str) -> None:
    assert read_year_group(text) == 7


@pytest.mark.parametrize("text", ["15", "0", "Upper sixth", "7A"])
def test_what_is_no_year_group(text: str) -> None:
    with pytest.raises(BadValue):
        read_year_group(text)


@pytest.mark.parametrize(
    ("text", "code", "old"),
    [
        ("K", "K", False),
        ("K - SEN Support", "K", False),
        ("SEN Support", "K", False),
        ("SEN support (K)", "K", False),
        ("E - Education, Health and Care Plan", "E", False),
        ("EHCP", "E", False),
        ("Education, Health and Care Plan", "E", False),
        ("N", "N", False),
        ("N - No SEN", "N", False),
        ("No SEN", "N", False),
        ("", "N", False),
        ("No Special Educational Need", "N", False),
        ("A", "K", True),
        ("P - School Action Plus", "K", True),
        ("S", "E", True),
        ("Statement", "E", True),
    ],
)
def test_sen_status(text: str, code: str, old: bool) -> None:
    assert read_sen_status(text) == (code, old)


def test_an_unknown_sen_status_is_not_guessed() -> None:
    with pytest.raises(BadValue):
        read_sen_status("see file")


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("SLCN", "SLCN"),
        ("ASD - Autistic Spectrum", "ASD"),
        ("SEMH; MLD", "SEMH"),
        ("Specific Learning Difficulty", "SPLD"),
        ("", ""),
    ],
)
def test_sen_need(text: str, need: str) -> None:
    assert read_sen_need(text) == need


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("Y", True),
        ("Yes", True),
        ("true", True),
        ("1", True),
        ("T", True),
        ("N", False),
        ("No", False),
        ("F", False),
        ("0", False),
        ("", False),
        ("Not eligible", False),
        ("£1,050.00", True),
        ("0.00", False),
    ],
)
def test_booleans(text: str, truth: bool) -> None:
    assert read_boolean(text) is truth


@pytest.mark.parametrize(("text", "sex"), [("M", "M"), ("Female", "F"), ("boy", "M"), ("", "U"), ("Not stated", "U")])
def test_sex(text: str, sex: str) -> None:
    assert read_sex(text) == sex


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("-2", -2), ("−2", -2), ("+3", 3), ("12 mins", 12), ("2.0", 2), ("", None), ("00:12", 12)],
)
def test_whole_numbers(text: str, number: int | None) -> None:
    assert read_whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("O’Connor, Siân", ("Siân", "O’Connor")),
        ("Ha-eun Smith-Jones", ("Ha-eun", "Smith-Jones")),
        ("MÜLLER Siân Ann", ("Siân Ann", "MÜLLER")),
        ("Okafor", ("", "Okafor")),
    ],
)
def test_combined_names(text: str, names: tuple[str, str]) -> None:
    assert split_name(text) == names


def test_names_meet_whatever_the_order_and_accents() -> None:
    assert name_key("Siân", "O’Connor") == name_key("O'CONNOR, Sian") == name_key("Sian O'Connor")


def test_an_apostrophe_in_an_address_is_made_straight() -> None:
    assert read_email("O’C39@northgate.example") == ("o'c39@northgate.example", True)
    assert read_email("abd09@northgate.example") == ("abd09@northgate.example", False)


@pytest.mark.parametrize("text", ["1.23E+11", "1.2e11", "1,23E+11"])
def test_a_spreadsheet_was_here(text: str) -> None:
    assert is_scientific(text)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Tutor", "tutor"),
        ("Form Tutor", "tutor"),
        ("Head of House", "head_of_house"),
        ("Deputy Head of House", "deputy_head_of_house"),
        ("1:1 Tutor", "one_to_one_tutor"),
        ("Assistant Headteacher", "senior_leader"),
        ("Deputy Principal", "senior_leader"),
        ("SENDCO", "senco"),
        ("SENCo", "senco"),
        ("Designated Safeguarding Lead", "dsl"),
        ("Deputy DSL", "deputy_dsl"),
        ("Headteacher", "headteacher"),
        ("Data Manager", "data_manager"),
        ("Attendance Officer", "attendance_officer"),
        ("Head of Year 9", "head_of_year"),
        ("Teacher of Maths", "subject_teacher"),
        ("Teaching Assistant", "contributor"),
        ("Assistant Head of Maths", "subject_teacher"),
        ("Assistant Headteacher (Behaviour & Attendance)", "senior_leader"),
    ],
)
def test_job_titles(title: str, role: str) -> None:
    assert roles_in(title) == [role]


@pytest.mark.parametrize("title", ["PA to the Headteacher", "Headteacher's PA", "Premises", "Chair of Governors", ""])
def test_titles_that_give_no_role(title: str) -> None:
    assert roles_in(title) == []


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("Head of KS3", [7, 8, 9]),
        ("Head of KS 4", [10, 11]),
        ("Head of Key Stage 4", [10, 11]),
        ("Head of Key Stages 3 and 4", [7, 8, 9, 10, 11]),
        ("Head of Sixth Form", [12, 13]),
        ("Head of Year 7/8", [7, 8]),
        ("Head of Years 7, 8 and 9; Tutor", [7, 8, 9]),
        ("Head of Years 7 to 9", [7, 8, 9]),
        ("Year Leader 9", [9]),
        ("Teacher of Year 9; Head of Year 11", [11]),
        ("Head of Year 11 and teacher of Year 9", [11]),
        ("Head of Year 11 and tutor of 10BEC", [11]),
        ("Head of Year 11 0.6", [11]),
        ("Head of Year", []),
    ],
)
def test_the_years_of_a_head(title: str, years: list[int]) -> None:
    """Duty 5: a key stage is its years; what else somebody does gives nobody to see."""
    assert roles_in(title)[-1 if title.startswith("Teacher") else 0] == Role.HEAD_OF_YEAR
    assert years_named(title, Role.HEAD_OF_YEAR) == years


@pytest.mark.parametrize(
    ("cell", "years"), [("9", [9]), ("Yr 9", [9]), ("7-9", [7, 8, 9]), ("KS4", [10, 11]), ("R", [])]
)
def test_the_column_of_years(cell: str, years: list[int]) -> None:
    assert years_in(cell) == years


@pytest.mark.parametrize(
    "cell",
    [
        "head of ks3" + " - " * 1600 + "x",
        "head of year 7" + " and " * 1000 + "x",
        "head of year 7; " + "1 " * 2500 + "x",
        "head of year 1-" + "9" * 5000,
        "y" * 5000,
        "7" * 5000,
        "(" * 5000,
        " " * 5000,
        "assistant " * 500,
    ],
)
def test_a_hostile_cell_takes_no_longer_than_a_plain_one(cell: str) -> None:
    """5,000 characters of one took longer than anybody waits; the worker would hang with the import."""
    began = time.process_time()
    for _row in range(20):
        years_in(cell), roles_in(cell), years_named(cell, Role.HEAD_OF_YEAR)
    assert time.process_time() - began < 0.5


def test_of_a_long_cell_whole_words_are_read() -> None:
    """A year cut in the middle would be another year, and nobody sees a student by a guess."""
    title = "head of year 11"
    for cut in range(len(title) + 1):
        cell = f"{'teacher, ' * 40}"[: LONGEST - cut - 1] + ";" + title
        assert years_named(cell, Role.HEAD_OF_YEAR) in ([11], []), cut
    assert years_named(cell[1:], Role.HEAD_OF_YEAR) == [11]


def test_two_roles_in_one_cell() -> None:
    assert roles_in("Tutor; Head of House") == ["tutor", "head_of_house"]


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("2026 Autumn", 20263),
        ("Summer 2026", 20262),
        ("2025/26 Summer", 20262),
        ("Aut1 2026/27", 20263),
        ("2026-2027 Spring 2", 20271),
        ("Mocks", 0),
    ],
)
def test_data_drops_in_order_of_time(name: str, position: int) -> None:
    assert drop_position(name) == position


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("/", "/"),
        ("l", "L"),
        ("C2", "C2"),
        ("-", None),
        ("", None),
        (" ", None),
        ("No mark", None),
        ("L - Late", "L"),
        ("Present", "/"),
        ("Q", "Q"),
        ("?", "?"),
    ],
)
def test_marks(text: str, mark: str | None) -> None:
    assert read_mark(text, "AM") == mark


@pytest.mark.parametrize(
    ("text", "half"),
    [("AM", "AM"), ("pm", "PM"), ("Morning", "AM"), ("P", "PM"), ("AM Registration", "AM"), ("2", "PM")],
)
def test_sessions(text: str, half: str) -> None:
    assert read_session(text) == half


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("/\\/\\/\\/\\/\\", list("/\\/\\/\\/\\/\\")),
        ("/\\C1C1/\\Y7Y7/\\", ["/", "\\", "C1", "C1", "/", "\\", "Y7", "Y7", "/", "\\"]),
        ("/ \\ / \\ I I / \\ C2 -", ["/", "\\", "/", "\\", "I", "I", "/", "\\", "C2", "-"]),
        ("/\\/\\/\\/\\--", list("/\\/\\/\\/\\--")),
        ("  /\\/\\/\\/\\", ["", "", *"/\\/\\/\\/\\"]),
    ],
)
def test_strings_of_marks_keep_two_character_codes(text: str, marks: list[str]) -> None:
    assert split_marks(text, 10) == marks


def test_a_string_with_too_many_marks_is_refused() -> None:
    with pytest.raises(BadValue):
        split_marks("/\\" * 6, 10)


@pytest.mark.parametrize("header", ["Mon AM", "MonAM", "Monday am", "AM Mon", "Mon_AM", "Mon (AM)", "Mon-1", "MON A"])
def test_spellings_of_monday_morning(header: str) -> None:
    slot = slot_of(header)
    assert slot is not None
    assert (slot.day, slot.session) == (0, "AM")


@pytest.mark.parametrize(
    ("header", "day", "half"),
    [
        ("07/09/2026 AM", "07/09/2026", "AM"),
        ("2026-09-07 PM", "2026-09-07", "PM"),
        ("07-Sep-26", "07-Sep-26", "both"),
        ("Wed PM", 2, "PM"),
        ("Thursday", 3, "both"),
    ],
)
def test_other_mark_columns(header: str, day: object, half: str) -> None:
    slot = slot_of(header)
    assert slot is not None
    assert (slot.day, slot.session) == (day, half)


@pytest.mark.parametrize("header", ["Date", "Mark", "UPN", "Sunset", "1", "2026", "Am", "Month"])
def test_what_is_no_mark_column(header: str) -> None:
    assert slot_of(header) is None


@given(st.text(max_size=60))
def test_no_cell_makes_a_reader_crash(text: str) -> None:
    readers = (
        read_year_group,
        read_sen_status,
        read_sen_need,
        read_boolean,
        read_whole_number,
        read_email,
        read_session,
        lambda t: read_mark(t, "AM"),
        lambda t: split_marks(t, 10),
    )
    for reader in readers:
        try:
            reader(text)
        except BadValue as bad:
            assert str(bad).endswith(".")  # noqa: PT017 (the sentence is what matters)
    read_sex(text)
    split_name(clean(text) or "x")
    slot_of(text)
    roles_in(text)
    assert clean(clean(text)) == clean(text)
