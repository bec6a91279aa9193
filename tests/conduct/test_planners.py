"""Planner checks: one tap an exception, due each fortnight of term, kept once, corrected with both states (duty 79)."""

import datetime as dt
import re
import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from audit.models import Event
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.conduct.models import PlannerCheck, PlannerException
from tutoring.conduct.planners import latest_checks, runs_of, standings
from tutoring.groups.models import TutorGroup

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LIST, GRID = 11, 12


class Controls(HTMLParser):
    """The grid as a browser sends it when nothing is touched, and how many buttons send it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.radios: set[str] = set()
        self.buttons = 0
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._open = found.get("class") == "planner-grid"
        if not self._open:
            return
        self.buttons += tag == "button"
        name, kind = found.get("name"), found.get("type")
        if tag == "input" and name and name != "csrfmiddlewaretoken":
            if kind == "radio":
                self.radios.add(name)
            if kind != "radio" or "checked" in found:
                self.sent[name] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def grid_url(group: TutorGroup) -> str:
    return reverse("conduct:planner-check", args=[group.pk])


def opened(client: Client, group: TutorGroup) -> Controls:
    return Controls(client.get(grid_url(group)).content.decode())


def save(client: Client, group: TutorGroup, **typed: str) -> Any:
    return client.post(grid_url(group), opened(client, group).sent | typed)


def check_of(world: Scene, days_ago: int, **issues: str) -> PlannerCheck:
    """A check so many days ago; `jamal` and `zofia` name what was found."""
    check = make.PlannerCheckFactory.create(group=world.group, by=world.tutor, day=localdate() - days_ago * DAY)
    for name, issue in issues.items():
        student = world.student if name == "jamal" else world.classmate
        make.PlannerExceptionFactory.create(check_of=check, student=student, issue=issue)
    return check


def test_a_grid_of_28_with_3_exceptions_is_3_taps_and_1_click() -> None:
    """Duty 79: everybody is fine unless tapped; each exception is one radio button, and one button saves them all."""
    world = scene()
    students = [world.student, world.classmate, *(make.student_in(world.group) for _ in range(26))]
    client = client_of(world.tutor)
    untouched = opened(client, world.group)
    assert len(untouched.radios) == 28
    assert untouched.buttons == 1
    tapped = {f"issue-{student.pk}": "not_signed" for student in students[:3]}
    assert set(tapped) <= untouched.radios
    changed = {name for name, value in tapped.items() if untouched.sent[name] != value}
    assert len(changed) == 3
    answer = client.post(grid_url(world.group), untouched.sent | tapped)
    check = PlannerCheck.objects.get()
    assert answer.url == reverse("conduct:planner-detail", args=[check.pk])
    assert (check.by, check.day) == (world.tutor, localdate())
    assert {e.student for e in check.exceptions.all()} == set(students[:3])
    assert Event.objects.get(action="planners.checked").detail == {"exceptions": 3}


def test_untouched_everybody_is_fine_and_whoever_is_away_is_marked_so() -> None:
    """Duty 79: the register marks the absent by itself."""
    world = scene()
    make.MarkFactory.create(student=world.student, date=localdate(), session="AM", code="I")
    client = client_of(world.tutor)
    assert "Away today" in client.get(grid_url(world.group)).content.decode()
    save(client, world.group)
    assert list(PlannerException.objects.values_list("student", "issue")) == [(world.student.pk, "away")]


def test_words_beside_fine_are_kept() -> None:
    world = scene()
    save(client_of(world.tutor), world.group, **{f"words-{world.student.pk}": "new one ordered"})
    assert PlannerException.objects.get().said == "Other: new one ordered"


def test_sent_twice_it_is_one_check() -> None:
    world = scene()
    client = client_of(world.tutor)
    form = opened(client, world.group).sent | {f"issue-{world.student.pk}": "lost"}
    assert [client.post(grid_url(world.group), form).status_code for _ in range(2)] == [302, 302]
    assert PlannerCheck.objects.count() == 1
    assert Event.objects.filter(action__startswith="planners.").count() == 1


def test_two_tabs_show_both_states_and_lose_nothing() -> None:
    world = scene()
    client = client_of(world.tutor)
    first, second = opened(client, world.group).sent, opened(client, world.group).sent
    assert client.post(grid_url(world.group), first | {f"issue-{world.student.pk}": "lost"}).status_code == 302
    late = client.post(grid_url(world.group), second | {f"issue-{world.classmate.pk}": "not_seen"})
    assert late.status_code == 409
    page = late.content.decode()
    assert f"{world.student.name}: Lost" in page
    typed = Controls(page).sent
    assert typed[f"issue-{world.classmate.pk}"] == "not_seen"
    assert PlannerException.objects.count() == 1
    assert client.post(grid_url(world.group), typed).status_code == 302
    assert PlannerException.objects.get().student == world.classmate


def test_a_correction_shows_both_states() -> None:
    """Duty 79: its author corrects a check the same way; what it said before stands beside it."""
    world = scene()
    client = client_of(world.tutor)
    save(client, world.group, **{f"issue-{world.student.pk}": "not_signed"})
    save(client, world.group, **{f"issue-{world.student.pk}": "lost", f"issue-{world.classmate.pk}": "not_seen"})
    check = PlannerCheck.objects.get()
    page = client.get(reverse("conduct:planner-detail", args=[check.pk]))
    [correction] = page.context["corrections"]
    lines = [(line.student, line.before, line.after) for line in correction.lines]
    assert lines == [(world.student.name, "Not signed", "Lost"), (world.classmate.name, "Fine", "Not seen")]
    assert correction.who == str(world.tutor)
    older = check_of(world, 20, jamal="lost")
    url = reverse("conduct:planner-correct", args=[older.pk])
    form = Controls(client.get(url).content.decode()).sent
    assert client.post(url, form | {f"issue-{world.student.pk}": ""}).status_code == 302
    assert not older.exceptions.exists()


def test_a_colleague_neither_checks_again_nor_corrects() -> None:
    world = scene()
    save(client_of(world.tutor), world.group)
    cotutor = client_of(make.person(Role.TUTOR, group=world.group))
    form = opened(cotutor, world.group).sent | {f"issue-{world.student.pk}": "lost"}
    answer = cotutor.post(grid_url(world.group), form)
    assert answer.status_code == 409
    assert "has checked the planners" in answer.content.decode()
    assert cotutor.get(reverse("conduct:planner-correct", args=[PlannerCheck.objects.get().pk])).status_code == 404
    assert not PlannerException.objects.exists()


def test_due_after_fourteen_days_of_term_and_as_the_school_says() -> None:
    """Duty 79: every 14 days; a break does not count, and a school may say otherwise."""
    world = scene()
    key = world.group.pk
    assert standings([key], localdate())[key].is_due
    check_of(world, 13)
    assert not standings([key], localdate())[key].is_due
    assert standings([key], localdate() + DAY)[key].is_due
    assert standings([key], localdate() + 4 * DAY)[key].days_late == 3
    world.term.break_starts_on, world.term.break_ends_on = localdate() - 8 * DAY, localdate() - 2 * DAY
    world.term.save()
    assert standings([key], localdate() + DAY)[key].gone == 7
    make.PlannerRhythmFactory.create(school=world.group.school, days=7)
    assert standings([key], localdate() + DAY)[key].is_due
    assert standings([key], world.term.ends_on + DAY) == {}


def test_a_run_is_said_and_a_day_away_neither_ends_nor_lengthens_it() -> None:
    """Duty 79: "third time in a row"."""
    world = scene()
    check_of(world, 56, jamal="lost", zofia="lost")
    check_of(world, 42, jamal="not_signed")
    check_of(world, 28, jamal="away", zofia="not_seen")
    check_of(world, 14, jamal="not_seen", zofia="not_seen")
    runs = runs_of(latest_checks([world.group.pk])[world.group.pk])
    assert [(run.student, run.words) for run in runs] == [
        (world.student, "third time in a row"),
        (world.classmate, "second time in a row"),
    ]
    page = client_of(world.tutor).get(reverse("conduct:planner-list")).content.decode()
    assert "third time in a row" in page
    assert re.search(r"Due today|Due", page)


def test_pages_cost_the_same_however_many_there_are() -> None:
    world = scene()
    client, found = client_of(world.tutor), []
    for number in (1, 4):
        for _ in range(number):
            make.student_in(world.group)
        for ago in range(14, 14 * number + 1, 14):
            check_of(world, ago + number, jamal="lost")
        with CaptureQueriesContext(connection) as listed:
            client.get(reverse("conduct:planner-list"))
        with CaptureQueriesContext(connection) as opened_grid:
            client.get(grid_url(world.group))
        found.append((len(listed), len(opened_grid)))
    assert found == [(LIST, GRID)] * 2


def test_another_groups_tutor_and_a_teacher_see_nothing() -> None:
    world = scene()
    check = check_of(world, 3, jamal="lost")
    stranger = client_of(make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="10CUR")))
    assert stranger.get(grid_url(world.group)).status_code == 404
    assert stranger.get(reverse("conduct:planner-detail", args=[check.pk])).status_code == 404
    assert client_of(make.person(Role.SUBJECT_TEACHER, group=world.group)).get(grid_url(world.group)).status_code == 403
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=world.group.house))
    assert head.get(reverse("conduct:planner-detail", args=[check.pk])).status_code == 200


def test_a_form_without_its_key_is_asked_for_again() -> None:
    world = scene()
    client = client_of(world.tutor)
    form = opened(client, world.group).sent
    assert client.post(grid_url(world.group), form | {"submission": "?"}).status_code == 200
    taken = uuid.uuid4()
    make.PlannerCheckFactory.create(submission=taken, day=localdate() - DAY, group=world.group)
    assert client.post(grid_url(world.group), form | {"submission": str(taken)}).status_code == 409
    assert PlannerCheck.objects.count() == 1
