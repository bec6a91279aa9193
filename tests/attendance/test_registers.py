"""Registers: default present, exceptions only, late minutes, corrections with history (duties 33, 34)."""

import datetime as dt
import re
import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from audit.models import Event
from core.acting import Actor, acting_as
from students.due import lines_due
from students.models import Student
from tests import factories as make
from tests.sessions.pages import client_of, scene
from tutoring.attendance.enums import Session
from tutoring.attendance.models import Mark, MarkChange, Register, RegisterEntry, WeekCount
from tutoring.attendance.registers import registers_due
from tutoring.attendance.services import Given, take_register
from tutoring.groups.models import TutorGroup

pytestmark = pytest.mark.django_db
WEDNESDAY = dt.date(2026, 11, 18)
MONDAY, TUESDAY, SUNDAY = dt.date(2026, 11, 16), dt.date(2026, 11, 17), dt.date(2026, 11, 15)
LIST, FORM, UNEXPLAINED = 14, 12, 9


@pytest.fixture(autouse=True)
def at_registration() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 18, 8, 40, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


class Controls(HTMLParser):
    """The form as a browser sends it when nothing is touched, and how many buttons send it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.radios: set[str] = set()
        self.buttons = 0
        self._open, self._select = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._open = found.get("class") == "register"
        if not self._open:
            return
        self.buttons += tag == "button"
        name, kind = found.get("name"), found.get("type")
        if tag == "select":
            self._select = name or ""
            self.sent[self._select] = ""
        elif tag == "option" and "selected" in found:
            self.sent[self._select] = found.get("value") or ""
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            if kind == "radio":
                self.radios.add(name)
            if kind != "radio" or "checked" in found:
                self.sent[name] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def url_of(group: TutorGroup, half: str = "morning", day: dt.date | None = None) -> str:
    return reverse(f"attendance:register-{half}", args=[group.pk]) + (f"?day={day}" if day else "")


def opened(client: Client, url: str) -> Controls:
    return Controls(client.get(url).content.decode())


def save(client: Client, url: str, **typed: str) -> Any:
    return client.post(url, opened(client, url).sent | typed)


def given(student: Student, code: str, minutes: str = "") -> dict[str, str]:
    tapped = code if code in ("/", "\\", "L", "N", "I") else "other"
    return {f"mark-{student.pk}": tapped, f"code-{student.pk}": code if tapped == "other" else "",
            f"minutes-{student.pk}": minutes}  # fmt: skip


def marks_of(group: TutorGroup, day: dt.date = WEDNESDAY, session: str = "AM") -> dict[Any, tuple[str, int | None]]:
    members = group.memberships.values("student")
    marks = Mark.objects.filter(student__in=members, date=day, session=session)
    return {mark.student_id: (mark.code, mark.minutes_late) for mark in marks}


def test_28_with_3_exceptions_are_3_taps_and_1_click() -> None:
    """Duty 33: everybody is present unless tapped; one button saves all, and the weekly counts come right."""
    world = scene()
    students = [world.student, world.classmate, *(make.student_in(world.group) for _ in range(26))]
    client, url = client_of(world.tutor), url_of(world.group)
    untouched = opened(client, url)
    assert len(untouched.radios) == 28
    assert untouched.buttons == 1
    tapped = given(students[0], "L", "12") | given(students[1], "N") | given(students[2], "M")
    answer = client.post(url, untouched.sent | tapped)
    assert answer.url == url
    expected = {student.pk: ("/", None) for student in students}
    expected |= {students[0].pk: ("L", 12), students[1].pk: ("N", None), students[2].pk: ("M", None)}
    assert marks_of(world.group) == expected
    page = client.get(url).content.decode()
    assert "25 present, 3 exceptions." in page
    assert f"Taken by {world.tutor} on 18 November at 08:40" in page
    counts = {
        row.student_id: (row.possible, row.attended, row.authorised, row.unauthorised, row.late, row.notice)
        for row in WeekCount.objects.filter(week=MONDAY)
    }
    assert counts[students[3].pk] == (1, 1, 0, 0, 0, 0)
    assert counts[students[0].pk] == (1, 1, 0, 0, 1, 0)
    assert counts[students[1].pk] == (1, 0, 0, 1, 0, 1)
    assert counts[students[2].pk] == (1, 0, 1, 0, 0, 0)
    assert Event.objects.get(action="register.taken").detail == {"changed": 0}


def test_the_afternoon_has_its_own_sign() -> None:
    world = scene()
    save(client_of(world.tutor), url_of(world.group, "afternoon"))
    assert set(marks_of(world.group, session="PM").values()) == {("\\", None)}
    assert not marks_of(world.group)


def test_sent_twice_it_is_one_register() -> None:
    world = scene()
    client, url = client_of(world.tutor), url_of(world.group)
    form = opened(client, url).sent | given(world.student, "N")
    assert [client.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert Register.objects.count() == 1
    assert RegisterEntry.objects.count() == 2
    assert Event.objects.filter(action__startswith="register.").count() == 1


def test_two_people_at_once_see_both_and_overwrite_nothing() -> None:
    """Duty 33: the second is told what the first said; their own marks are still there."""
    world = scene()
    cotutor = make.person(Role.TUTOR, group=world.group)
    first, second, url = client_of(world.tutor), client_of(cotutor), url_of(world.group)
    mine, theirs = opened(first, url).sent, opened(second, url).sent
    assert first.post(url, mine | given(world.student, "L", "9")).status_code == 302
    late = second.post(url, theirs | given(world.classmate, "I"))
    assert late.status_code == 409
    page = late.content.decode()
    assert f"saved by {world.tutor}" in page
    assert {row.student: row.theirs for row in late.context["rows"] if row.theirs} == {
        world.student: "Late, before the register closed (9 min)",
        world.classmate: "Present (morning)",
    }
    assert page.count("Saved meanwhile: ") == 2
    kept = Controls(page).sent
    assert kept[f"mark-{world.classmate.pk}"] == "I"
    assert marks_of(world.group)[world.classmate.pk] == ("/", None)
    assert second.post(url, kept | given(world.student, "L", "9")).status_code == 302
    assert marks_of(world.group) == {world.student.pk: ("L", 9), world.classmate.pk: ("I", None)}


def test_an_import_meanwhile_is_told_too() -> None:
    world = scene()
    client, url = client_of(world.tutor), url_of(world.group)
    form = opened(client, url).sent
    make.MarkFactory.create(student=world.student, date=WEDNESDAY, code="V")
    answer = client.post(url, form)
    assert answer.status_code == 409
    assert "Saved meanwhile: Educational visit or trip" in answer.content.decode()
    assert not Register.objects.exists()


def test_marks_of_the_export_are_filled_in_and_stay() -> None:
    world = scene()
    make.MarkFactory.create(student=world.student, date=WEDNESDAY, code="M", comment="Dentist")
    save(client_of(world.tutor), url_of(world.group))
    mark = Mark.objects.get(student=world.student)
    assert (mark.code, mark.comment) == ("M", "Dentist")
    assert not MarkChange.objects.exists()


def test_a_closure_brought_in_by_the_export_stays_and_is_never_offered() -> None:
    world = scene()
    make.MarkFactory.create(student=world.student, date=WEDNESDAY, code="#")
    client, url = client_of(world.tutor), url_of(world.group)
    page = client.get(url).content.decode()
    assert page.count('value="#"') == 1
    assert 'value="Z"' not in page
    save(client, url)
    assert marks_of(world.group)[world.student.pk] == ("#", None)
    assert client.post(url, opened(client, url).sent | given(world.classmate, "#")).status_code == 200


def test_a_correction_the_same_day_keeps_what_was_said() -> None:
    """Duty 34: who said what, and when."""
    world = scene()
    client, url = client_of(world.tutor), url_of(world.group)
    save(client, url, **given(world.student, "N"))
    save(client, url, **given(world.student, "U", "40"))
    said = RegisterEntry.objects.filter(student=world.student)
    assert [(entry.code, entry.minutes_late) for entry in said] == [("N", None), ("U", 40)]
    assert MarkChange.objects.get(student=world.student).code == "N"
    week = WeekCount.objects.get(student=world.student)
    assert (week.possible, week.attended, week.unauthorised, week.arrivals, week.late) == (1, 0, 1, 1, 1)
    assert Event.objects.filter(action="register.corrected").count() == 1
    assert "Corrected" in client.get(url).content.decode()


def test_a_past_day_is_corrected_with_a_reason_only() -> None:
    """Duty 34: reason, date and name of whoever amends a mark."""
    world = scene()
    client, url = client_of(world.tutor), url_of(world.group, day=TUESDAY)
    assert save(client, url, **given(world.student, "N")).status_code == 302  # taken late, but not corrected
    answer = save(client, url, **given(world.student, "I"))
    assert answer.status_code == 409
    assert "say why the register is corrected" in answer.content.decode()
    assert marks_of(world.group, TUESDAY)[world.student.pk] == ("N", None)
    assert save(client, url, **given(world.student, "I"), reason="His mother rang.").status_code == 302
    last = RegisterEntry.objects.filter(student=world.student).last()
    assert last is not None
    assert (last.code, last.reason, last.by) == ("I", "His mother rang.", world.tutor)


def test_the_next_import_counts_and_what_was_said_here_is_listed() -> None:
    """What an import changes is not lost in silence: it stands in the list until somebody saves the register again."""
    world = scene()
    client, url = client_of(world.tutor), url_of(world.group)
    save(client, url, **given(world.student, "N"))
    Mark.objects.filter(student=world.student).update(code="I")
    page = client.get(reverse("attendance:register-list")).content.decode()
    assert "The school’s export says otherwise" in page
    assert re.search(r"Said here: Reason not yet established\..*Export: Illness", page)
    assert "Said here: Reason not yet established" in client.get(url).content.decode()
    save(client, url)
    assert marks_of(world.group)[world.student.pk] == ("I", None)
    assert "says otherwise" not in client.get(reverse("attendance:register-list")).content.decode()


def test_no_register_on_a_day_without_school_nor_ahead_of_time() -> None:
    world = scene()
    client = client_of(world.tutor)
    sunday = url_of(world.group, day=SUNDAY)
    assert "No school on this day" in client.get(sunday).content.decode()
    assert client.post(sunday, {}).status_code == 200
    make.ClosureFactory.create(school=world.group.school, date=WEDNESDAY, reason="INSET")
    assert "No school on this day" in client.get(url_of(world.group)).content.decode()
    tomorrow = client.get(url_of(world.group, day=WEDNESDAY + dt.timedelta(days=1)))
    assert tomorrow.context["day"] == WEDNESDAY
    assert not Register.objects.exists()


def test_nonsense_is_told_beside_the_name() -> None:
    world = scene()
    client, url = client_of(world.tutor), url_of(world.group)
    answer = save(client, url, **{f"mark-{world.student.pk}": "other"})
    assert f"{world.student.name}: Choose the code behind Other." in answer.content.decode()
    answer = save(client, url, **given(world.student, "L", "soon"))
    assert "Minutes late are a whole number." in answer.content.decode()
    assert client.post(url, {}).status_code == 200
    assert not Register.objects.exists()


def test_what_is_not_taken_is_due_to_the_tutor_and_listed_for_the_head(at_registration: Any) -> None:
    """Duty 33, and the head's triage at 07:45."""
    world = scene()
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=world.group.house))

    def due() -> list[tuple[str, str]]:
        with acting_as(Actor(user_id=world.tutor.pk)):
            return [(line.kind, line.text) for line in lines_due(registers_due(world.tutor, timezone.localdate()))]

    name = world.group.name
    assert due() == [], "a school that takes its registers in the MIS"
    make.RegisterFactory.create(group=world.group, day=WEDNESDAY - dt.timedelta(days=1))
    assert due() == [("register_am", name)]
    page = head.get(reverse("attendance:register-list")).content.decode()
    assert "<b>1</b> of 1 not taken yet" in page
    save(client_of(world.tutor), url_of(world.group))
    assert due() == []
    assert "all that are due are taken" in head.get(reverse("attendance:register-list")).content.decode()
    at_registration.move_to(dt.datetime(2026, 11, 18, 13, 30, tzinfo=dt.UTC))
    assert due() == [("register_pm", name)]
    for student in (world.student, world.classmate):
        make.MarkFactory.create(student=student, date=WEDNESDAY, session="PM", code="\\")
    assert due() == []  # the export has them all
    at_registration.move_to(dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC))
    assert due() == []  # Saturday


def test_another_groups_tutor_and_a_teacher_take_nothing() -> None:
    world = scene()
    url = url_of(world.group)
    stranger = client_of(make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="10CUR")))
    assert (stranger.get(url).status_code, stranger.post(url).status_code) == (404, 404)
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
    assert teacher.get(url).status_code == 403
    officer = client_of(make.person(Role.ATTENDANCE_OFFICER))
    assert save(officer, url).status_code == 302


def test_whoever_has_no_reason_yet_is_rung_vulnerable_first() -> None:
    """Duty 39: first, for readers who may know it; by name, for others; nothing of safeguarding."""
    world = scene()
    make.ContactFactory.create(student=world.classmate, surname="Wren", phone="01632 960111")
    Student.objects.filter(pk=world.classmate.pk).update(looked_after=True)
    save(client_of(world.tutor), url_of(world.group), **given(world.student, "N"), **given(world.classmate, "N"))
    url = reverse("attendance:unexplained-list")
    page = client_of(world.tutor).get(url)
    assert [line.student.preferred_forename for line in page.context["found"]] == ["Zofia", "Jamal"]
    assert "01632 960111" in page.content.decode()
    officer = client_of(make.person(Role.ATTENDANCE_OFFICER)).get(url)
    assert [line.student.preferred_forename for line in officer.context["found"]] == ["Jamal", "Zofia"]
    assert "Looked after" not in officer.content.decode()


def test_pages_cost_the_same_however_many_there_are() -> None:
    world = scene()
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    client, found = client_of(head), []
    save(client, url_of(world.group))
    for number in (1, 4):
        for n in range(number):
            group = make.TutorGroupFactory.create(name=f"{number}{n}", house=world.group.house)
            students = [make.student_in(group), make.student_in(world.group)]
            save(client, url_of(group), **given(students[0], "N"))
        counted = []
        for url in (reverse("attendance:register-list"), url_of(world.group), reverse("attendance:unexplained-list")):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counted.append(len(queries))
        found.append(tuple(counted))
    assert found == [(LIST, FORM, UNEXPLAINED)] * 2


def test_minutes_stand_beside_a_late_mark_only() -> None:
    """Duty 33: whoever taps Late, types minutes and then taps Absent has said absent."""
    world = scene()
    typed = given(world.student, "N", "12") | given(world.classmate, "L", "12")
    save(client_of(world.tutor), url_of(world.group), **typed)
    assert marks_of(world.group) == {world.student.pk: ("N", None), world.classmate.pk: ("L", 12)}


def test_a_comment_of_the_export_goes_with_the_mark_it_was_about() -> None:
    """Duty 34: "rang in, dentist" beside a student who came late after all misleads."""
    world = scene()
    for student in (world.student, world.classmate):
        make.MarkFactory.create(student=student, date=WEDNESDAY, session="AM", code="N", comment="Rang in")
    save(client_of(world.tutor), url_of(world.group), **given(world.student, "L", "40"))
    assert [Mark.objects.get(student=one).comment for one in (world.student, world.classmate)] == ["", "Rang in"]


def test_past_the_page_too_a_register_is_its_tutors_and_its_leaders() -> None:
    """Duty 33: the service asks by itself."""
    world = scene()
    stranger = make.person(Role.TUTOR, school=world.student.school)
    nothing = Given({}, uuid.uuid4(), "")
    with acting_as(Actor(user_id=stranger.pk)), pytest.raises(PermissionDenied):
        take_register(by=stranger, group=world.group, day=WEDNESDAY, session=Session.AM, given=nothing)
