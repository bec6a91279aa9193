"""Duty 31: the ethnicity column of a students' file: what is read, what is kept, what an import says about it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from core.acting import Actor, acting_as
from exchange.enums import RunState
from exchange.findings import Report
from exchange.importing import Wish, import_folder
from exchange.kinds.ethnicity import CODES, FINER, WORDS, read_ethnicity, read_source
from exchange.values import BadValue
from students.enums import EthnicCode, EthnicGroup, ethnic_group_of
from students.models import Ethnicity, EthnicityChange, Student
from tests import factories as make
from tests.exchange.conftest import Import

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]
HEAD = "Adno,Surname,Forename,DOB,Ethnicity,Ethnicity Source\n"
KHAN, REED = "1,Khan,Ali,14/09/2014", "2,Reed,Amy,15/09/2014"


def codes() -> dict[str, tuple[str, str]]:
    return {e.student.legal_surname: (e.code, e.source) for e in Ethnicity.objects.select_related("student")}


def found(report: Report, code: str) -> list[tuple[int, str, str, str]]:
    return [(f.line, f.column, f.value, f.severity.value) for f in report.findings if f.code == code]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("WBRI", "WBRI"), ("wbri", "WBRI"), ("WBRI - White British", "WBRI"), ("White - British (WBRI)", "WBRI"),
        ("White - British", "WBRI"), ("white british", "WBRI"), ("Gypsy / Roma", "WROM"), ("Gypsy/Roma", "WROM"),
        ("Mixed - White & Black Caribbean", "MWBC"), ("White and Asian", "MWAS"), ("Pakistani", "APKN"),
        ("Black - African", "BAFR"), ("Black African", "BAFR"), ("Any other ethnic group", "OOTH"), ("Chinese", "CHNE"),
        ("Refused", "REFU"), ("Not obtained", "NOBT"), ("Information Not Yet Obtained", "NOBT"),
        ("BSOM", "BAFR"), ("CHKC - Hong Kong Chinese", "CHNE"), ("ABRI", "AOTH"), ("", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_codes_and_usual_words_are_read(written: str, code: str) -> None:
    assert read_ethnicity(written) == code


@pytest.mark.parametrize("written", ["Martian", "White", "XXXX", "7", "White - British or Irish", "Asian"])
def test_what_is_no_ethnicity_of_the_census_is_not_guessed(written: str) -> None:
    with pytest.raises(BadValue):
        read_ethnicity(written)


def test_every_code_has_its_label_its_words_and_its_group() -> None:
    """Each word means one code alone; finer codes roll up to a main one, in the same group."""
    assert WORDS.keys() == set(EthnicCode.values)
    several = [word for words in WORDS.values() for word in words.split()]
    assert len(several) == len(set(several))
    for code, label in EthnicCode.choices:
        assert read_ethnicity(code) == read_ethnicity(str(label)) == code
        assert (ethnic_group_of(code) == EthnicGroup.NOT_KNOWN) == (code in ("REFU", "NOBT"))
    finer = [code for words in FINER.values() for code in words.split()]
    assert len(finer) == len(set(finer)) == len(CODES) - len(EthnicCode.values)
    assert ethnic_group_of("") == EthnicGroup.NOT_KNOWN
    assert {code[0] for code in EthnicCode.values} == set("WMABCORN"), "first letters tell the groups"


def test_sources_are_read() -> None:
    assert [read_source(text) for text in ("P", "Parent", "C - Child", "school", "O")] == ["P", "P", "C", "S", "O"]
    assert read_source("") == ""
    with pytest.raises(BadValue):
        read_source("a neighbour")


def test_it_stands_in_its_own_table_with_its_history(run: Import, write: Write) -> None:
    report = run(write("students.csv", f"{HEAD}{KHAN},Pakistani,Parent\n{REED},WBRI,C\n"))
    assert codes() == {"Khan": ("APKN", "P"), "Reed": ("WBRI", "C")}
    assert (report.files[0].made, report.also["ethnicities"]) == (2, {"made": 2, "changed": 0})
    again = run(write("students.csv", f"{HEAD}{KHAN},APKN,P\n{REED},MWAS,C\n"))
    assert codes()["Reed"] == ("MWAS", "C")
    assert (again.files[0].changed, again.files[0].left) == (1, 1)
    assert again.examples == [
        {"file": "", "who": "Amy Reed", "field": "ethnicity", "before": "White - British", "after": "White and Asian"}
    ]
    kept = EthnicityChange.objects.filter(student__legal_surname="Reed").order_by("pgh_id")
    assert list(kept.values_list("pgh_label", "code")) == [("insert", "WBRI"), ("update", "WBRI")]
    same = run(write("students.csv", f"{HEAD}{KHAN},APKN,P\n{REED},MWAS,C\n"))
    assert (same.files[0].changed, same.files[0].left, same.examples) == (0, 2, [])


def test_a_look_writes_nothing(run: Import, write: Write) -> None:
    run(write("students.csv", f"{HEAD}{KHAN},APKN,P\n"))
    report = run(write("students.csv", f"{HEAD}{KHAN},REFU,P\n"), dry_run=True)
    assert [e["after"] for e in report.examples] == ["Refused"]
    assert codes() == {"Khan": ("APKN", "P")}


def test_an_unknown_word_is_said_at_its_place_and_the_rows_stay_good(run: Import, write: Write) -> None:
    """As for every other column that may be there: the student comes in, and what was known stays."""
    run(write("students.csv", f"{HEAD}{KHAN},APKN,P\n"))
    report = run(write("students.csv", f"{HEAD}{KHAN},Martian,neighbour\n{REED},WBRI,\n"))
    assert found(report, "unknown_ethnicity") == [(2, "Ethnicity", "Martian", "warning")]
    assert found(report, "unknown_ethnicity_source") == [(2, "Ethnicity Source", "neighbour", "warning")]
    assert codes() == {"Khan": ("APKN", "P"), "Reed": ("WBRI", "")}
    assert report.files[0].refused == 0


def test_a_missing_column_changes_nothing_and_an_empty_cell_says_nothing_more(run: Import, write: Write) -> None:
    run(write("students.csv", f"{HEAD}{KHAN},APKN,P\n{REED},,\n"))
    assert codes() == {"Khan": ("APKN", "P")}, "of whom nothing is said there is no row"
    run(write("students.csv", f"Adno,Surname,Forename,DOB\n{KHAN}\n"))
    assert codes() == {"Khan": ("APKN", "P")}
    run(write("students.csv", f"Adno,Surname,Forename,DOB,Ethnicity\n{KHAN},\n"))
    assert codes() == {"Khan": ("", "")}, "nobody is the source of nothing"


def test_who_said_the_old_one_did_not_say_the_new_one(run: Import, write: Write) -> None:
    """A file without the source column, with the same ethnicity and with another."""
    run(write("students.csv", f"{HEAD}{KHAN},APKN,P\n{REED},WBRI,C\n"))
    run(write("students.csv", f"Adno,Surname,Forename,DOB,Ethnicity\n{KHAN},AIND\n{REED},WBRI\n"))
    assert codes() == {"Khan": ("AIND", ""), "Reed": ("WBRI", "C")}
    run(write("students.csv", f"{HEAD}{KHAN},,P\n{REED},MWAS,neighbour\n"))
    assert codes() == {"Khan": ("", ""), "Reed": ("MWAS", "")}
    kept = EthnicityChange.objects.filter(student__legal_surname="Khan").order_by("pgh_id")
    assert list(kept.values_list("code", "source"))[1:] == [("APKN", "P"), ("AIND", "")], "before each change"


def test_a_refused_row_says_nothing_of_anybody(run: Import, write: Write) -> None:
    report = run(write("students.csv", f"{HEAD}1,Khan,,14/09/2014,APKN,P\n{REED},WBRI,P\n"))
    assert report.files[0].refused == 1
    assert codes() == {"Reed": ("WBRI", "P")}


def test_a_data_manager_brings_it_in_with_their_own_rights(write: Write) -> None:
    manager = make.person(Role.DATA_MANAGER)
    for code in ("APKN", "NOBT"):
        folder = write("students.csv", f"{HEAD}{KHAN},{code},P\n")
        with acting_as(Actor(user_id=manager.pk)):
            import_folder(folder=folder, school=manager.school, wish=Wish(dry_run=False), by=manager)  # type: ignore[arg-type]
        assert codes() == {"Khan": (code, "P")}
    assert {change.pgh_actor_id for change in EthnicityChange.objects.all()} == {manager.pk}


def test_only_codes_of_the_census_are_kept() -> None:
    student = make.StudentFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.EthnicityFactory.create(student=student, code="XXXX")
    assert Student.objects.count() == 1


def test_the_preview_is_the_data_manager_s_alone(client: Client) -> None:
    """What changes is shown in words there, and there only."""
    manager = make.person(Role.DATA_MANAGER)
    example = {"file": "", "who": "Ali Khan", "field": "ethnicity", "before": "", "after": "White and Black Caribbean"}
    report = {"findings": [], "files": [], "totals": {}, "also": {}, "examples": [example]}
    run = make.ImportRunFactory.create(school=manager.school, requested_by=manager, state=RunState.READY, report=report)
    page = reverse("exchange:run-detail", args=[run.pk])
    client.force_login(manager)
    assert "White and Black Caribbean" in client.get(page).content.decode()
    for role in (Role.HEADTEACHER, Role.SENCO, Role.HEAD_OF_HOUSE, Role.TUTOR):
        client.force_login(make.person(role, school=manager.school))
        assert client.get(page).status_code == 403
