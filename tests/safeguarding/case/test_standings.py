"""Duty 62, facts 2.11 and 4.10: where children stand, who works with them, and the next day by law."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from safeguarding import conflicts
from safeguarding.case.enums import Held, Ladder
from safeguarding.case.models import Standing, StandingWords
from safeguarding.case.standing_services import Said
from safeguarding.case.standings import Wanted, register
from safeguarding.models import StudentKey
from students.models import Student
from tests import factories as make
from tests.safeguarding.case.pages import NOW, as_reader
from tests.safeguarding.pages import HIDDEN, World, client_of, label, raised, read, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
LIST, EXPORT, CHILD, CREATE, CHANGE = (
    f"case:{name}"
    for name in ("standing-list", "standing-export", "child-standings", "standing-create", "standing-change")
)
USUAL = {
    "level": "10_cp_plan", "category": "NEG", "since": "2026-11-02", "note": "Two visits a week.",
    "work_0": "social_worker", "name_0": "Ms Duty", "team_0": "East team", "phone_0": "020 7946 0000",
    "mail_0": "duty@authority.example",
}  # fmt: skip


@pytest.fixture
def here() -> Iterator[World]:
    with time_machine.travel(NOW, tick=True):
        yield world()


def write(client: Client, url: str, **typed: Any) -> HttpResponse:
    page = client.get(url, follow=True).content.decode()
    hidden = dict(HIDDEN.findall(page[page.index("data-autosave") :]))
    return client.post(url, hidden | typed)  # type: ignore[return-value]


def put(here: World, student: Student | None = None, by: User | None = None, **typed: Any) -> Standing:
    client = client_of(by or here.dsl, elevated=True)
    before = set(Standing.objects.values_list("pk", flat=True))
    answer = write(client, reverse(CREATE, args=[(student or here.student).pk]), **(USUAL | typed))
    assert answer.status_code == 302, answer.content.decode()
    return Standing.objects.exclude(pk__in=before).get()


def page_of(client: Client, student: Student) -> str:
    return client.get(reverse(CHILD, args=[student.pk]), follow=True).content.decode()


def rows(user: User, *, elevated: bool = True) -> list[int]:
    with as_reader(user, elevated=elevated):
        return [model.objects.count() for model in (Standing, StandingWords)]


def test_a_plan_brings_its_days_by_law_to_the_desk(here: World) -> None:
    row = put(here)
    assert (row.label, str(row.core_on), str(row.review_on)) == (
        "Child protection plan: neglect", "2026-11-16", "2027-02-02",
    )  # fmt: skip
    lead = client_of(here.deputy, elevated=True)
    card = lead.get(reverse("safeguarding:desk")).content.decode().split("at-hand-title")[2].split("</section>")[0]
    assert "Amara Okafor" in card
    assert "Overdue since Mon 16 Nov" in card
    assert "Review conference" not in card, "of another quarter"
    page = lead.get(reverse("case:due-list")).content.decode()
    assert "On Tue 2 Feb" in page
    assert "Ms Duty" not in page, "words open one by one"
    head = client_of(here.head, elevated=True).get(reverse("safeguarding:desk")).content.decode()
    assert "Amara" not in head


def test_what_changes_supersedes_and_is_kept(here: World) -> None:
    first = put(here)
    lead = client_of(here.deputy, elevated=True)
    url = reverse(CHANGE, args=[first.pk])
    shown = lead.get(url, follow=True).content.decode()
    assert 'value="Ms Duty"' in shown
    told = USUAL | {"held": "core", "held_on": "2026-11-17", "core_on": "2026-12-15", "review_on": "2027-02-02"}
    assert write(lead, url, **told).status_code == 302
    second = Standing.objects.get(supersedes=first)
    assert (str(second.core_on), str(second.review_on), second.reviews) == ("2026-12-15", "2027-02-02", 0)
    told |= {"held": "review", "held_on": "2026-11-18", "name_0": "Mr Other"}
    assert write(lead, reverse(CHANGE, args=[second.pk]), **told).status_code == 302
    third = Standing.objects.get(supersedes=second)
    assert (str(third.review_on), third.reviews) == ("2027-05-18", 1), "six months after the first review"
    page = page_of(lead, here.student)
    now, before = page.split("Everything that was written</h2>")
    assert "Mr Other" in now
    assert "Ms Duty" not in now
    assert before.count("Ms Duty") == 2
    assert [str(one.written_by) for one in Standing.objects.order_by("written_at")] == [
        str(here.dsl), str(here.deputy), str(here.deputy),
    ]  # fmt: skip
    assert lead.get(url).status_code == 302, "what was superseded is not changed again"
    written = Event.objects.filter(action="file.standing_written")
    assert written.count() == 3


def test_two_who_change_it_at_once_do_not_overwrite_each_other(here: World) -> None:
    first = put(here)
    lead, url = client_of(here.dsl, elevated=True), reverse(CHANGE, args=[first.pk])
    page = lead.get(url, follow=True).content.decode()
    hidden = dict(HIDDEN.findall(page[page.index("data-autosave") :]))
    other = client_of(here.deputy, elevated=True)
    assert write(other, url, **(USUAL | {"note": "Other"})).status_code == 302
    answer = lead.post(url, hidden | USUAL)
    assert answer.status_code == 200
    assert "A colleague changed it in the meantime" in answer.content.decode()
    assert "Two visits a week." in answer.content.decode()
    assert Standing.objects.filter(supersedes=first).count() == 1


def test_the_same_form_sent_twice_stands_there_once(here: World) -> None:
    lead, url = client_of(here.dsl, elevated=True), reverse(CREATE, args=[here.student.pk])
    page = lead.get(url, follow=True).content.decode()
    hidden = dict(HIDDEN.findall(page[page.index("data-autosave") :]))
    for _ in range(2):
        assert lead.post(url, hidden | USUAL).status_code == 302
    assert Standing.objects.count() == StandingWords.objects.count() == 1
    assert Event.objects.filter(action="file.standing_written").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"category": ""}, "Choose the category"),
        ({"level": "30_cin_s17"}, "are of a child protection plan"),
        ({"since": "2026-11-19"}, "A day until today"),
        ({"until": "2026-11-01"}, "Not before it began"),
        ({"held": "review"}, "Say which meeting it was"),
        ({"held": "review", "held_on": "2026-11-01"}, "Not before it began"),
        ({"review_on": "2027-02-03"}, "last day is Tuesday 2 February 2027"),
        ({"core_on": "2026-11-17"}, "last day is Monday 16 November 2026"),
        ({"review_on": "2026-11-01"}, "After it began"),
        ({"review_on": "2028-11-01"}, "within a year"),
        ({"name_0": ""}, "Say who it is"),
    ],
)
def test_what_does_not_fit_is_said(here: World, typed: dict[str, str], said: str) -> None:
    lead = client_of(here.dsl, elevated=True)
    answer = write(lead, reverse(CREATE, args=[here.student.pk]), **(USUAL | typed))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Standing.objects.exists()


def test_a_day_past_the_laws_is_taken_with_its_reason(here: World) -> None:
    row = put(here, review_on="2027-02-09", why_late="The chair is ill")
    assert row.is_late
    assert str(row.review_by) == "2027-02-02"
    assert "The chair is ill" in page_of(client_of(here.dsl, elevated=True), here.student)
    assert "by law until 2 Feb" in client_of(here.dsl, elevated=True).get(reverse(LIST)).content.decode()


D = dt.date
SINCE = D(2026, 9, 1)


def reviewed(month: int, day: int) -> Any:
    return {"held": Held.REVIEW, "held_on": D(2026, month, day)}


@pytest.mark.parametrize(
    ("said", "before", "review", "core"),
    [
        (Said(Ladder.ENQUIRY, SINCE), None, D(2026, 9, 22), None),
        (Said(Ladder.PLAN, SINCE), None, D(2026, 12, 1), D(2026, 9, 15)),
        (Said(Ladder.PLAN, SINCE, **reviewed(10, 1)), None, D(2027, 4, 1), None),
        (Said(Ladder.CARE_ORDER, SINCE), None, D(2026, 9, 29), None),
        (Said(Ladder.CARE_ORDER, SINCE, **reviewed(9, 20)), None, D(2026, 12, 20), None),
        (Said(Ladder.ACCOMMODATED, D(2024, 9, 1), **reviewed(9, 30)), None, D(2027, 3, 30), None),
        (Said(Ladder.CARE_ORDER, SINCE, **reviewed(9, 20)), (Ladder.CARE_ORDER, 1), D(2027, 3, 20), None),
        (Said(Ladder.PLAN, SINCE, **reviewed(9, 1)), (Ladder.ENQUIRY, 0), D(2026, 12, 1), D(2026, 9, 15)),
        (Said(Ladder.PLAN, SINCE), (Ladder.PLAN, 1), D(2026, 11, 11), None),
        (Said(Ladder.PLAN, D(2026, 9, 2)), (Ladder.PLAN, 0), D(2026, 12, 2), None),
        (Said(Ladder.YOUNG_CARER, SINCE), None, None, None),
    ],
)  # fmt: skip
def test_the_laws_days(said: Said, before: Any, review: dt.date | None, core: dt.date | None) -> None:
    row = Standing(level=before[0], reviews=before[1], review_by=D(2026, 11, 11)) if before else None
    law = said.by_law(row)
    assert (law.review, law.core) == (review, core)


def test_what_came_to_its_end_waits_for_nothing_and_leaves_the_list(here: World) -> None:
    first = put(here)
    lead = client_of(here.dsl, elevated=True)
    assert write(lead, reverse(CHANGE, args=[first.pk]), **USUAL, until="2026-11-17").status_code == 302
    last = Standing.objects.get(supersedes=first)
    assert (last.review_on, last.core_on) == (None, None)
    assert "Amara" not in lead.get(reverse(LIST)).content.decode().split("<datalist")[0]
    assert "Nothing holds today" in page_of(lead, here.student)


def test_no_word_without_the_note_before_it(here: World) -> None:
    put(here)
    assert rows(here.deputy) == [1, 0]
    page_of(client_of(here.deputy, elevated=True), here.student)
    assert rows(here.deputy) == [1, 1]
    opened = Event.objects.filter(action="file.opened", actor_id=here.deputy.pk)
    assert [one.object_id for one in opened] == [str(here.student.pk)]
    assert rows(here.deputy, elevated=False) == [0, 0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(words, 'escape'), '') FROM case_standingwords")
        sealed = cursor.fetchone()[0]
    assert "Duty" not in sealed
    assert "visits" not in sealed


def test_oracle_17_nobody_else_learns_that_a_child_stands_anywhere(here: World) -> None:
    row = put(here)
    put(here, here.classmate, level="60_young_carer", category="")
    students = (here.student, make.student_in(here.group))
    for role in Role:
        if role in (Role.DSL, Role.DEPUTY_DSL):
            continue
        placed = {"group": here.group} if role in (Role.TUTOR, Role.SUBJECT_TEACHER) else {}
        person = make.person(role, last_name=f"Other {role}", **placed)
        assert rows(person) == [0, 0], role
        client = client_of(person, elevated=True)
        for student in students:
            assert client.get(reverse(CHILD, args=[student.pk])).status_code == 403, role
        assert {client.get(reverse(CHANGE, args=[pk])).status_code for pk in (row.pk, here.group.pk)} == {403}, role
        assert [client.get(reverse(name)).status_code for name in (LIST, EXPORT)] == [403, 403], role
    with_one, without = (client_of(here.tutor).get(reverse("desk:student-story", args=[one.pk])) for one in students)
    for name in ("plan", "carer", "Duty", "vulnerable"):
        assert with_one.content.decode().lower().count(name) == without.content.decode().lower().count(name)


def test_who_is_kept_from_a_child_sees_none_of_it(here: World) -> None:
    put(here)
    put(here, here.classmate, level="60_young_carer", category="")
    concern = raised(here.tutor, here.student)
    with as_reader(here.dsl):
        conflicts.keep_from(by=here.dsl, concern=concern, person=here.deputy, student=here.student, why="His aunt")
    assert rows(here.deputy) == [1, 0]
    client = client_of(here.deputy, elevated=True)
    assert "Amara" not in client.get(reverse(LIST)).content.decode().split("<datalist")[0]
    assert "Amara" not in client.get(reverse(EXPORT)).content.decode("utf-8-sig")
    for name in (CHILD, CREATE):
        assert client.get(reverse(name, args=[here.student.pk])).status_code == 404, "as for one who is not there"
    with as_reader(here.deputy), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        make.StandingFactory.build(student=here.student, written_by=here.deputy).save(force_insert=True)


def test_a_concern_and_the_childs_file_say_where_the_child_stands(here: World) -> None:
    put(here)
    concern = raised(here.tutor, here.student)
    page = read(client_of(here.deputy, elevated=True), concern).content.decode()
    card = page.split("Where they stand</h2>")[1].split("</section>")[0]
    for word in ("Child protection plan: neglect", "Ms Duty", "social worker", "020 7946 0000"):
        assert word in card
    file = client_of(here.dsl, elevated=True).get(
        reverse("safeguarding:child-file", args=[here.student.pk]), follow=True
    )
    assert "Ms Duty" in file.content.decode()


def test_the_list_is_sorted_filtered_and_has_attendance(here: World) -> None:
    put(here)
    put(here, here.classmate, level="60_young_carer", category="")
    make.MarkFactory.create(student=here.classmate, date=dt.date(2026, 11, 17), code="O")
    lead = client_of(here.dsl, elevated=True)

    def names(**asked: str) -> list[str]:
        page = lead.get(reverse(LIST), asked).content.decode().split("<datalist")[0]
        found = [(page.find(one), one) for one in ("Amara", "Ben") if one in page]
        return [name for _, name in sorted(found)]

    assert names() == ["Amara", "Ben"], "the gravest first"
    assert names(order="name") == ["Ben", "Amara"]
    assert names(order="attendance") == ["Ben", "Amara"], "the least first, no marks last"
    assert names(level="60_young_carer") == ["Ben"]
    assert names(review="overdue") == ["Amara"]
    assert names(review="none") == ["Ben"]
    assert names(level="nonsense") == ["Amara", "Ben"], "nobody is left out by mistake"
    assert "0.0%" in lead.get(reverse(LIST)).content.decode()


def test_the_list_takes_as_many_queries_for_many_as_for_one(here: World) -> None:
    def asked() -> int:
        with as_reader(here.dsl), transaction.atomic(), CaptureQueriesContext(connection) as found:
            register(here.group.school, Wanted())
        return len(found)

    make.StandingFactory.create(student=here.student, written_by=here.dsl)
    one = asked()
    for _ in range(5):
        make.StandingFactory.create(student=make.student_in(here.group), written_by=here.dsl, level="41_early_help")
    assert asked() == one <= 7


def test_taking_it_away_is_proved_noted_and_no_formula(here: World) -> None:
    Student.objects.filter(pk=here.student.pk).update(preferred_forename="=cmd", preferred_surname="Okafor")
    put(here)
    answer = client_of(here.dsl, elevated=True).get(reverse(EXPORT))
    text = answer.content.decode("utf-8-sig")
    assert "'=cmd" in text
    assert "Child protection plan: neglect" in text
    assert "Ms Duty" not in text
    [taken] = Event.objects.filter(action="file.register_taken")
    assert (taken.detail["rows"], taken.student_id) == (1, None)
    again = client_of(here.dsl).get(reverse(EXPORT))
    assert again.status_code in (302, 401)
    assert not again.content.startswith(b"\xef\xbb\xbf")


def test_the_list_leads_to_the_form_of_a_child(here: World) -> None:
    lead = client_of(here.dsl, elevated=True)
    answer = lead.post(reverse(LIST), {"child": label(here.student)})
    assert answer["Location"] == reverse(CREATE, args=[here.student.pk])
    assert lead.post(reverse(LIST), {"child": "Nobody"})["Location"] == reverse(LIST)


def test_a_key_that_cannot_be_opened_saves_nothing_and_keeps_the_words(here: World) -> None:
    put(here)
    StudentKey.objects.update(wrapped=b"\x01\x00\x09" + b"0" * 60)
    lead = client_of(here.dsl, elevated=True)
    answer = write(lead, reverse(CREATE, args=[here.student.pk]), **(USUAL | {"note": "Not lost."}))
    assert "Nothing was saved" in answer.content.decode()
    assert "Not lost." in answer.content.decode()
    assert Standing.objects.count() == 1
    assert "cannot be read" in page_of(lead, here.student)


def test_a_row_is_never_changed_and_supersedes_one_of_the_same_child() -> None:
    lead = make.person(Role.DSL)
    row = make.StandingFactory.create(student__school=lead.school, written_by=lead)
    other = make.StudentFactory.create(school=lead.school)
    with as_reader(lead):
        for change in (lambda: Standing.objects.update(level="41_early_help"), Standing.objects.all().delete):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                change()
        wrong = make.StandingFactory.build(student=other, written_by=lead, supersedes=row)
        with pytest.raises(DatabaseError, match="of the same child"), transaction.atomic():
            wrong.save(force_insert=True)


def test_when_it_was_written_says_the_database() -> None:
    lead = make.person(Role.DSL)
    student = make.StudentFactory.create(school=lead.school)
    with as_reader(lead):
        row = make.StandingFactory.build(student=student, written_by=lead)
        row.written_at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        row.save(force_insert=True)
    assert Standing.objects.get().written_at.year != 2020
