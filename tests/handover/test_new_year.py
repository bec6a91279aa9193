"""The new school year: previewed, done with dates, undone exactly, begun on its day; history survives it (duty 6)."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from students.calendar import academic_year_of, likely_terms
from students.models import Student
from tests import factories as make
from tests.sessions.pages import HIDDEN, client_of
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment, TutorGroup
from tutoring.groups.selectors import students_visible_to
from tutoring.handover.enums import Rolling
from tutoring.handover.models import Rollover
from tutoring.handover.new_year import next_name
from tutoring.handover.starting import start_due_years

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
YEAR = academic_year_of(localdate())
FIRST = likely_terms(YEAR + 1)[0].starts_on
URL = "handover:new-year"
PAGE = 14


class School:
    """Years 7, 8 and 11 with one group each, their tutors, and the terms of two years."""

    def __init__(self, terms: bool = True) -> None:
        self.house = make.HouseFactory.create()
        self.groups = {
            name: make.TutorGroupFactory.create(name=name, year_group=year, house=self.house)
            for name, year in (("7A", 7), ("8A", 8), ("11A", 11))
        }
        self.school = self.groups["7A"].school
        self.students = {
            name: [make.student_in(group, legal_forename=f"{name}-{n}") for n in range(2)]
            for name, group in self.groups.items()
        }
        self.tutors = {name: make.person(Role.TUTOR, group=g, last_name=f"Of{name}") for name, g in self.groups.items()}
        self.manager = make.person(Role.DATA_MANAGER, first_name="Dana", last_name="Data")
        for year in (YEAR, YEAR + 1) if terms else (YEAR,):
            for term in likely_terms(year):
                make.TermFactory.create(
                    school=self.school, year=year, name=term.name, starts_on=term.starts_on, ends_on=term.ends_on,
                    break_starts_on=term.break_starts_on, break_ends_on=term.break_ends_on,
                )  # fmt: skip

    @property
    def client(self) -> Client:
        return client_of(self.manager)

    def of(self, name: str) -> Student:
        return self.students[name][0]  # type: ignore[no-any-return]


def form_of(client: Client, **typed: Any) -> dict[str, Any]:
    """The preview's form as a browser would send it back."""
    page = client.get(reverse(URL))
    form = page.context["form"]
    said = {field.html_name: field.value() for field in form if field.value() not in (None, "")}
    return said | {"shown": dict(HIDDEN.findall(page.content.decode()))["shown"], "then": "do"} | typed


def begun(world: School) -> Client:
    client = world.client
    client.post(reverse(URL), {"then": "begin"})
    return client


def done(world: School, **typed: Any) -> Client:
    client = begun(world)
    client.post(reverse(URL), form_of(client, **typed) | {"then": "look"})
    client.post(reverse(URL), form_of(client))
    assert Rollover.objects.get().status == Rolling.DONE
    return client


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables a school stands in; no history, no record, and no users, whose last sign-in moves."""
    rooms = {"accounts", "students", "groups", "handover", "plans", "tutor_sessions", "diary", "attendance"}
    models = [m for m in apps.get_models() if m._meta.app_label in rooms and not m.__name__.endswith("Change")]
    models = [m for m in models if m not in (Rollover, User)]
    return {m.__name__: sorted(m._default_manager.values_list(), key=str) for m in models}


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [("7A", 7, "8A"), ("10BEC", 10, "11BEC"), ("Y9 Oak", 9, "Y10 Oak"), ("Austen 3", None, "Austen 3"),
     ("Oak", 7, "Oak"), ("Austen 3", 8, "Austen 3")],
)  # fmt: skip
def test_the_next_name(name: str, year: int | None, expected: str) -> None:
    assert next_name(name, year) == expected


def test_the_preview_counts_and_says_what_is_odd_and_changes_nothing() -> None:
    world = School()
    lost = make.StudentFactory.create(school=world.school, year_group=7, legal_forename="Lost", legal_surname="Lamb")
    TutorAssignment.objects.filter(group=world.groups["7A"]).update(ends_on=localdate())
    before = tables()
    client = begun(world)
    page = client.get(reverse(URL))
    plan, words = page.context["plan"], page.content.decode()
    assert (plan.moving, len(plan.leavers), plan.new_names) == (4, 2, ["9A"])
    assert f"1 student without a group; they move up, and need a group: {lost}." in words
    assert "1 group that nobody has next year: 7A." in words
    client.post(reverse(URL), form_of(client, then="look"))
    assert tables() == before


def test_without_the_terms_of_the_new_year_it_is_not_done() -> None:
    world = School(terms=False)
    client = begun(world)
    page = client.get(reverse(URL)).content.decode()
    assert f"The terms of {YEAR + 1}/{(YEAR + 2) % 100:02d} are not entered yet." in page
    assert reverse("students:calendar") in page
    before = tables()
    client.post(reverse(URL), form_of(client))
    assert tables() == before
    assert Rollover.objects.get().status == Rolling.PREVIEWED


def test_groups_move_with_dates_and_tutors_and_the_last_year_leaves() -> None:
    """Nothing moves before the first day: today's places, sight and years are as before."""
    world = School()
    done(world)
    seven = world.of("7A")
    old, new = GroupMembership.objects.filter(student=seven).order_by("starts_on")
    assert (old.group.name, old.ends_on) == ("7A", FIRST - DAY)
    assert (new.group, new.starts_on, new.ends_on) == (world.groups["8A"], FIRST, None)
    made = TutorGroup.objects.get(name="9A")
    assert (made.year_group, made.house) == (9, world.house)
    tutors = TutorAssignment.objects.filter(group=world.groups["8A"], ends_on=None)
    assert [(t.membership.user, t.starts_on) for t in tutors] == [(world.tutors["7A"], FIRST)]
    eleven = Student.objects.get(pk=world.of("11A").pk)
    assert eleven.left_on == likely_terms(YEAR)[2].ends_on
    assert GroupMembership.objects.get(student=eleven).ends_on == FIRST - DAY
    assert Student.objects.get(pk=seven.pk).year_group == 7
    assert set(students_visible_to(world.tutors["7A"])) == set(world.students["7A"])
    event = Event.objects.get(action="rollover.done")
    assert (event.detail["moved"], event.detail["left"]) == (4, 2)


def test_history_survives_for_the_new_tutor_and_is_gone_for_the_old_one() -> None:
    """Duty 6: two years' 1:1s stay on the story after the year has turned; the old tutor gets 404 from that day on."""
    world = School()
    student = world.of("7A")
    for number, day in enumerate((localdate() - 400 * DAY, localdate() - 20 * DAY)):
        make.TutorSessionFactory.create(
            student=student, author=world.tutors["7A"], held_on=day, happened=f"We talked, time {number}."
        )
    other = make.person(Role.TUTOR, last_name="Next")
    chosen = str(Membership.objects.get(user=other).pk)
    done(world, **{f"tutor-{world.groups['7A'].pk}": chosen})
    story = reverse("desk:student-story", args=[student.pk])
    assert client_of(world.tutors["7A"]).get(story).status_code == 200
    assert client_of(other).get(story).status_code == 404
    with time_machine.travel(dt.datetime.combine(FIRST, dt.time(9), tzinfo=dt.UTC), tick=False):
        assert client_of(world.tutors["7A"]).get(story).status_code == 404
        page = client_of(other).get(story + "?all=1").content.decode()
        assert "We talked, time 1." in page
        sessions = [s.happened for s in readable(other, student)]
    assert len(sessions) == 2


def readable(user: User, student: Student) -> list[Any]:
    from core.acting import Actor, acting_as
    from tutoring.sessions.selectors import sessions_of_student

    with acting_as(Actor(user_id=user.pk)):
        return list(sessions_of_student(student))


def test_undo_puts_back_exactly_what_was_there() -> None:
    """Whole tables before and after, also rows that had an end already, single caseloads and a group made for it."""
    world = School()
    single = make.CaseloadEntryFactory.create(student=world.of("11A"), ends_on=FIRST + 30 * DAY)
    TutorAssignment.objects.filter(group=world.groups["8A"]).update(ends_on=FIRST + 5 * DAY)
    before = tables()
    client = done(world)
    assert CaseloadEntry.objects.get(pk=single.pk).ends_on == FIRST - DAY
    assert tables() != before
    client.post(reverse(URL), {"then": "undo"})
    assert Rollover.objects.get().status == Rolling.UNDONE
    assert tables() == before
    assert Event.objects.filter(action="rollover.undone").count() == 1


@pytest.mark.parametrize("what", ["a place", "an end", "a group", "a leaver"])
def test_undo_is_refused_once_something_hangs_on_it(what: str) -> None:
    world = School()
    client = done(world)
    if what == "a place":
        GroupMembership.objects.filter(starts_on=FIRST)[0].delete()
    elif what == "an end":
        GroupMembership.objects.filter(student=world.of("7A"), ends_on=FIRST - DAY).update(ends_on=localdate())
    elif what == "a group":
        make.student_in(TutorGroup.objects.get(name="9A"))
    else:
        Student.objects.filter(pk=world.of("11A").pk).update(left_on=localdate())
    before = tables()
    page = client.post(reverse(URL), {"then": "undo"}, follow=True).content.decode()
    assert "undone" in page
    assert tables() == before
    assert Rollover.objects.get().status == Rolling.DONE


def test_the_year_begins_on_its_day_by_itself_and_is_then_not_undone() -> None:
    world = School()
    client = done(world)
    joined = make.student_in(world.groups["7A"], year_group=7)
    brought = world.students["8A"][1]
    Student.objects.filter(pk=brought.pk).update(year_group=7)  # by an import: stays down a year
    assert start_due_years() == 0
    with time_machine.travel(dt.datetime.combine(FIRST, dt.time(9), tzinfo=dt.UTC), tick=False):
        assert start_due_years() == 1
        assert start_due_years() == 0
        client_of(world.manager).post(reverse(URL), {"then": "undo"})
    years = {s.pk: s.year_group for s in Student.objects.all()}
    assert [years[s.pk] for s in world.students["7A"]] == [8, 8]
    assert [years[s.pk] for s in world.students["8A"]] == [9, 7]
    assert (years[joined.pk], years[world.of("11A").pk]) == (7, 11)
    assert Rollover.objects.get().status == Rolling.DONE
    assert client.get(reverse(URL)).status_code == 200


def test_a_group_of_many_years_goes_on_under_its_name() -> None:
    """Vertical tutoring: places stay open, tutors stay, only the last year leaves."""
    world = School()
    group = make.TutorGroupFactory.create(name="Oak", year_group=None, house=world.house)
    young, old = make.student_in(group, year_group=7), make.student_in(group, year_group=11)
    tutor = make.person(Role.TUTOR, group=group)
    done(world)
    assert GroupMembership.objects.get(student=young).ends_on is None
    assert GroupMembership.objects.get(student=old).ends_on == FIRST - DAY
    assert TutorAssignment.objects.get(membership__user=tutor).ends_on is None


def test_what_was_edited_is_shown_before_it_is_done() -> None:
    """Names that clash stop it; a change since the preview is shown first."""
    world = School()
    client = begun(world)
    seven, eight = world.groups["7A"], world.groups["8A"]
    client.post(reverse(URL), form_of(client, **{f"name-{seven.pk}": "9A"}))
    assert "7A and 8A would have the same name" in client.get(reverse(URL)).content.decode()
    client.post(reverse(URL), form_of(client, **{f"name-{seven.pk}": "8B"}))
    assert Rollover.objects.get().status == Rolling.PREVIEWED
    make.student_in(eight)
    stale = form_of(client) | {"shown": "of-yesterday"}
    client.post(reverse(URL), stale)
    assert Rollover.objects.get().status == Rolling.PREVIEWED
    client.post(reverse(URL), form_of(client))
    assert Rollover.objects.get().status == Rolling.DONE
    assert TutorGroup.objects.filter(name="8B").exists()


def test_only_the_data_manager() -> None:
    School()
    for role in (Role.HEADTEACHER, Role.HEAD_OF_HOUSE):
        assert client_of(make.person(role)).post(reverse(URL), {"then": "begin"}).status_code == 403
    assert not Rollover.objects.exists()


def test_the_page_costs_the_same_for_many_groups() -> None:
    world = School()
    client = begun(world)
    for number in (1, 5):
        for _ in range(number):
            group = make.TutorGroupFactory.create(year_group=8, house=world.house)
            make.student_in(group)
            make.person(Role.TUTOR, group=group)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse(URL))
        assert len(found) == PAGE
