"""Two schools in one database: no address tells anybody of one school a name, or shows them a thing, of the other."""

import logging
import os
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from accounts.enums import Role
from core import limits
from reports.models import ReportBatch, ReportItem
from tests import database
from tests import factories as make
from tests.conventions.access import TABLE
from tests.lock.machine import settle
from tests.lock.schools import Whole, build_school, client_of, words_of
from tests.lock.test_mutants import MUTANTS

pytestmark = [pytest.mark.django_db, pytest.mark.fuzz, pytest.mark.sweep]
HERE, THERE = "Northgate", "Zyxwick"
# Whoever has the token of a calendar reads it, and of a mail answers it, wherever they work.
OPEN = ("", "kind", "form", "calendar", "ask link", "stop link")
OF_A_SCHOOL = [name for name, access in TABLE.items() if access.subject not in OPEN]
# Signing in and out, and what each person makes for themselves, is not about a school.
WALKED = [name for name, access in TABLE.items() if access.get and not name.startswith(("sign_in:", "core:"))]
FILES = ["reports:needs-export", "reports:student-export", "reports:student-record-export"]
SOME = [Role.HEADTEACHER, Role.DATA_MANAGER, Role.DSL, Role.TUTOR]
HIDDEN = (403, 404)
IS_FUZZING = bool(os.environ.get("WAYMARK_FUZZ"))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def schools(monkeypatch: pytest.MonkeyPatch) -> tuple[Whole, Whole]:
    """Ours and the other; somebody of ours was headteacher there, and has a student of theirs on an old list."""
    monkeypatch.setattr(limits, "is_within", lambda *_: True)
    ours, theirs = build_school(HERE), build_school(THERE)
    make.MembershipFactory.create(user=ours.people[Role.CONTRIBUTOR], role=Role.HEADTEACHER, school=theirs.school)
    held = ours.people[Role.ONE_TO_ONE_TUTOR].memberships.get()
    make.CaseloadEntryFactory.create(membership=held, student=theirs.students[0])
    return ours, theirs


def things_shown(client: Client, other: Whole) -> Iterator[str]:
    """Each address with something of the other school as its argument, that does not look absent or say its name."""
    for name in OF_A_SCHOOL:
        path = other.path(name)
        for method in _methods(name):
            answer = getattr(client, method)(path)
            if answer.status_code not in HIDDEN or other.word.lower() in words_of(answer):
                yield f"{method} {name}: {answer.status_code}"


def _methods(name: str) -> list[str]:
    access = TABLE[name]
    return ["get"] * access.get + ["post"] * access.post


def paths_of(ours: Whole, other: Whole, role: Role) -> Iterator[str]:
    """Every page with things of ours, and every list asked for the other school's things."""
    for name in WALKED:
        path = ours.path(name)
        yield path
        if not TABLE[name].subject and (IS_FUZZING or role == Role.HEADTEACHER):
            yield from (f"{path}?{question}" for question in _questions(other))
    for name in FILES:
        yield from (ours.path(name, kind=kind) for kind in ("csv", "xlsx"))
    if role == Role.HEADTEACHER:
        yield from (ours.path(name, kind="pdf") for name in FILES)


def _questions(other: Whole) -> list[str]:
    tutor, student = other.people[Role.TUTOR].pk, other.students[0].pk
    together = f"house={other.houses[0].pk}&term={other.term.pk}&person={tutor}"
    return [together, f"group={other.groups[0].pk}", f"student={student}"]


def names_told(client: Client, paths: Iterator[str], other: Whole) -> tuple[int, list[str]]:
    """Number of answers with something in them, and those that tell a word or a person of the other school."""
    opened, told, keys = 0, [], other.keys
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 302, 400, 410, *HIDDEN), path
        opened += answer.status_code == 200
        words = words_of(answer)
        asked = path.partition("?")[2]  # what the person themselves wrote into the address
        if other.word.lower() in words or any(key in words for key in keys if key not in asked):
            told.append(f"{path}: {answer.status_code}")
    return opened, told


def test_what_belongs_to_another_school_looks_absent(schools: tuple[Whole, Whole]) -> None:
    ours, theirs = schools
    shown = {role.value: list(things_shown(client_of(ours.people[role]), theirs)) for role in Role}
    assert {role: names for role, names in shown.items() if names} == {}


def test_no_page_list_or_file_tells_a_name_of_another_school(schools: tuple[Whole, Whole]) -> None:
    ours, theirs = schools
    _leave_traces(theirs)
    pages = 0
    for role in Role if IS_FUZZING else SOME:
        client = client_of(ours.people[role])
        opened, told = names_told(client, paths_of(ours, theirs, role), theirs)
        assert (told, opened >= 5) == ([], True), role.label
        pages += opened
    print(f"{pages} pages opened")
    assert pages >= (500 if IS_FUZZING else 150)


def test_search_finds_nobody_of_another_school(schools: tuple[Whole, Whole]) -> None:
    ours, theirs = schools
    for role in SOME:
        client = client_of(ours.people[role])
        for name, field in (("desk:find", "q"), ("record:search", "name")):
            for text in (f"{THERE}a", f"{THERE}son", theirs.students[0].admission_number, str(theirs.students[0].pk)):
                answer = client.post(ours.path(name), {field: text})
                said = words_of(answer).replace(text.lower(), "")  # the page repeats what was looked for
                assert answer.status_code in (200, 403)
                assert (THERE.lower() in said, role) == (False, role)


def test_no_report_is_begun_about_another_schools_students(schools: tuple[Whole, Whole]) -> None:
    """With their group, their term, or both; the control is that with ours a run begins."""
    ours, theirs = schools
    before = ReportBatch.objects.count()
    client, path = client_of(ours.people[Role.HEADTEACHER]), ours.path("reports:run-start")
    for group, term in ((theirs, theirs), (theirs, ours), (ours, theirs)):
        client.post(path, {"groups": str(group.groups[0].pk), "term": str(term.term.pk)})
    assert ReportBatch.objects.count() == before
    client.post(path, {"groups": str(ours.groups[0].pk), "term": str(ours.term.pk)})
    assert ReportBatch.objects.count() == before + 1
    assert not ReportItem.objects.filter(batch__school=ours.school, student__school=theirs.school).exists()


def _leave_traces(theirs: Whole) -> None:
    """Lines on the record of the other school; who walks there is told its name: not being told means something."""
    client, told = client_of(theirs.people[Role.HEADTEACHER]), 0
    for name in WALKED:
        answer = client.get(theirs.path(name))
        told += theirs.word.lower() in words_of(answer)
    assert told >= 25, "the word hardly shows in its own school: the walk would prove little"
    for name in FILES:
        for kind in ("csv", "xlsx", "pdf"):
            assert theirs.word.lower() in words_of(client.get(theirs.path(name, kind=kind))), (name, kind)


def test_the_walk_notices_where_no_policy_binds(schools: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what policies alone keep apart is shown to the same walk by the owner."""
    ours, theirs = schools
    monkeypatch.setattr(database, "WEB", database.OWNER)
    shown = list(things_shown(client_of(ours.people[Role.DSL]), theirs))
    assert any(line.startswith("get tutor_sessions:session-detail") for line in shown)


def test_the_walk_notices_schools_that_run_together(schools: tuple[Whole, Whole]) -> None:
    """The same for what policies and selectors both ask: whom a role reaches."""
    ours, theirs = schools
    settle()
    with connection.cursor() as cursor:
        cursor.execute(MUTANTS["every school is alone"].statement())
    client = client_of(ours.people[Role.HEADTEACHER])
    shown = list(things_shown(client, theirs))
    assert any(line.startswith("get tutor_sessions:session-detail: 200") for line in shown)
    assert names_told(client, iter([theirs.path("tutor_sessions:session-detail")]), theirs)[1] != []
