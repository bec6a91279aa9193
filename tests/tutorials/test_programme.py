"""The school's programme by week, last year's copied, coverage by group, and setting a weekly tutorial (duty 101)."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from tests import factories as make
from tests.sessions.pages import client_of
from tests.tutorials.pages import WEEK, Weekly, filled, met, weekly
from tutoring.tutorials.models import Series, Topic
from tutoring.tutorials.programme import programme_of
from tutoring.tutorials.weeks import school_year

pytestmark = pytest.mark.django_db
PROGRAMME, NEW, COVERAGE = (reverse(f"tutorials:{name}") for name in ("programme", "topic-create", "coverage"))
SET_UP = reverse("tutorials:series-create")
SHOWN, COVERED = 9, 12


def head_of(week: Weekly) -> Any:
    return client_of(make.person(Role.HEAD_OF_HOUSE, house=week.world.group.house))


def typed(client: Any, url: str, **given: Any) -> dict[str, Any]:
    form = client.get(url).context["form"]
    fields = {name: form[name].value() for name in form.fields} | given
    return {name: value for name, value in fields.items() if value is not None}


def test_weeks_are_counted_in_each_term_without_half_term() -> None:
    school = make.SchoolFactory.create()
    make.TermFactory.create(
        school=school, year=2026, name="AUT", starts_on=dt.date(2026, 9, 3), ends_on=dt.date(2026, 12, 18),
        break_starts_on=dt.date(2026, 10, 26), break_ends_on=dt.date(2026, 10, 30),
    )  # fmt: skip
    spring = make.TermFactory.create(
        school=school, year=2026, name="SPR", starts_on=dt.date(2027, 1, 4), ends_on=dt.date(2027, 3, 25),
        break_starts_on=None, break_ends_on=None,
    )  # fmt: skip
    year = school_year(school, dt.date(2026, 11, 3))
    assert [(w.number, w.monday) for w in year.weeks][7:9] == [(8, dt.date(2026, 10, 19)), (9, dt.date(2026, 11, 2))]
    assert year.week_of(dt.date(2026, 10, 28)) is None
    first = next(week for week in year.weeks if week.term == spring)
    assert (first.number, first.words) == (1, "4 January")


def test_a_year_groups_own_topic_goes_before_the_whole_schools() -> None:
    week = weekly()
    whole, own = week.topic(title="Kindness"), week.topic(year_group=week.world.group.year_group, title="Options")
    make.TopicFactory.create(term=whole.term, week=whole.week, year_group=7, title="Finding your way")
    programme, now = programme_of(week.year.terms), week.year.week_of(met())
    assert programme.proposed(week.world.group, now) == own
    assert programme.proposed(make.TutorGroupFactory.create(name="8CUR", year_group=8), now) == whole
    assert programme.proposed(week.world.group, None) is None


def test_topics_are_kept_line_by_line_with_the_schools_own_tags() -> None:
    week = weekly()
    make.TopicFactory.create(term=week.world.term, week=9, tags=["SMSC"])
    client = head_of(week)
    form = typed(client, NEW, term=str(week.world.term.pk), week="2", title="Debate", tags="smsc, Careers, smsc")
    form |= {"cover_1": "Rules of a debate", "cover_3": "One motion"}
    assert client.post(NEW, form).status_code == 302
    topic = Topic.objects.get(title="Debate")
    assert (topic.tags, topic.lines) == (["SMSC", "Careers"], ["Rules of a debate", "One motion"])
    again = client.post(NEW, form)
    assert "This week has a topic already: Debate." in again.content.decode()


def test_a_topic_changed_meanwhile_is_not_written_over() -> None:
    week = weekly()
    topic, client = week.topic(), head_of(week)
    url = reverse("tutorials:topic-edit", args=[topic.pk])
    first, second = typed(client, url, title="Mine"), typed(client, url, title="Theirs", cover_1="Their line")
    assert client.post(url, second).status_code == 302
    answer = client.post(url, first)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert "Their line" in answer.content.decode()


def test_a_topic_is_taken_out_until_a_group_has_had_it() -> None:
    week = weekly()
    used, unused, client = week.topic(), week.topic(met() - WEEK), head_of(week)
    make.MeetingFactory.create(series=week.series, day=met(), topic=used, own_topic="")
    for topic in (used, unused):
        client.post(reverse("tutorials:topic-edit", args=[topic.pk]), {"do": "remove"})
    assert list(Topic.objects.all()) == [used]


def test_last_years_programme_is_copied_by_one_button_and_once() -> None:
    week = weekly()
    term = week.world.term
    before = make.TermFactory.create(
        school=term.school, year=term.year - 1, name=term.name, starts_on=term.starts_on - dt.timedelta(days=365),
        ends_on=term.ends_on - dt.timedelta(days=365),
    )  # fmt: skip
    make.TopicFactory.create(term=before, week=1, title="Kindness", tags=["SMSC"])
    make.TopicFactory.create(term=before, week=2, title="Old exams")
    make.TopicFactory.create(term=term, week=2, title="New exams")
    client = head_of(week)
    for _ in range(2):
        assert client.post(reverse("tutorials:programme-copy"), {"year": term.year}).status_code == 302
    rows = Topic.objects.filter(term=term).order_by("week")
    assert [(t.week, t.title, t.tags) for t in rows] == [(1, "Kindness", ["SMSC"]), (2, "New exams", ["PSHE"])]


def test_everybody_reads_the_programme_and_few_keep_it() -> None:
    week = weekly()
    topic = week.topic(resources="https://example.org/slides")
    page = week.client.get(PROGRAMME).content.decode()
    assert [words in page for words in (topic.title, 'href="https://example.org/slides"', NEW)] == [True, True, False]
    assert week.client.get(NEW).status_code == 403
    assert NEW in client_of(make.person(Role.DATA_MANAGER)).get(PROGRAMME).content.decode()
    topic.resources = "javascript:alert(1)"
    assert topic.link == ""


def test_coverage_says_covered_not_held_and_not_yet_by_year_and_name() -> None:
    """No order of groups but year and name, no figure for anybody."""
    week = weekly()
    house = week.world.group.house
    later = make.TutorGroupFactory.create(name="9BEC", house=house, year_group=9)
    make.student_in(later)
    held, fell_out, to_come = week.topic(), week.topic(met() - WEEK), week.topic(met() + WEEK, tags=["SMSC"])
    options = make.TopicFactory.create(term=held.term, week=held.week, year_group=9, title="Options")
    make.MeetingFactory.create(series=week.series, day=met(), topic=held)
    make.MeetingFactory.create(series=week.series, day=met() - WEEK, topic=fell_out, not_held="Snow")
    client = head_of(week)
    [table] = client.get(COVERAGE).context["tables"]
    assert [group.name for group in table.groups] == ["9BEC", "11BEC"]
    assert {topic: [cell and cell.label for cell in cells] for topic, cells in table.rows} == {
        held: ["Not yet", "Covered"],
        options: ["Not yet", None],
        fell_out: ["Not yet", "Not held"],
        to_come: ["Not yet", "Not yet"],
    }
    [(only, _)] = client.get(COVERAGE, {"tag": "SMSC"}).context["tables"][0].rows
    assert only == to_come
    for number in range(9):
        make.student_in(make.TutorGroupFactory.create(name=f"10BEC{number}", house=house, year_group=10))
    tables = client.get(COVERAGE).context["tables"]
    assert [(table.name, len(table.groups)) for table in tables] == [("Year 9", 1), ("Year 10", 9), ("Year 11", 1)]
    assert client_of(week.world.tutor).get(COVERAGE).status_code == 403


def test_a_weekly_tutorial_is_set_up_once_for_a_weekday() -> None:
    """Duty 14: weekday, time, room, from and to."""
    week = weekly()
    other = make.TutorGroupFactory.create(name="10CUR", house=make.HouseFactory.create(name="Curie"))
    make.student_in(other)
    client = week.client
    form = typed(client, SET_UP, group=str(week.world.group.pk), period="Period 5", room="B12")
    assert form["ends_on"] == week.world.term.ends_on
    same = client.post(SET_UP, form | {"weekday": str(met().weekday())})
    assert "This group has a tutorial on that weekday already." in same.content.decode()
    assert client.post(SET_UP, form | {"weekday": str((met().weekday() + 1) % 5)}).status_code == 302
    made = Series.objects.exclude(pk=week.series.pk).get()
    assert (made.made_by, made.room, made.starts_on) == (week.world.tutor, "B12", localdate())
    assert client.post(SET_UP, form | {"group": str(other.pk)}).status_code == 200, "another house’s group"
    url = reverse("tutorials:series-edit", args=[made.pk])
    assert client.post(url, typed(client, url, room="C3", weekday="0")).status_code == 302
    assert Series.objects.get(pk=made.pk).room == "C3"
    client.post(url, {"do": "remove"})
    make.MeetingFactory.create(series=week.series, day=met())
    url = reverse("tutorials:series-edit", args=[week.series.pk])
    client.post(url, {"do": "remove"})
    assert list(Series.objects.all()) == [week.series], "what is written up stays"
    assert "written up: end it then or later" in client.post(
        url, typed(client, url, ends_on=(met() - WEEK).isoformat())
    ).content.decode()  # fmt: skip


def test_pages_cost_the_same_however_many_topics_and_groups_there_are() -> None:
    week, found = weekly(), []
    client = head_of(week)
    for number in range(2):
        group = make.TutorGroupFactory.create(name=f"1{number}X", house=week.world.group.house, year_group=10 + number)
        make.student_in(group)
        topic = week.topic(met() - number * WEEK)
        make.MeetingFactory.create(series=make.TutorialFactory.create(group=group), day=met(), topic=topic)
        with CaptureQueriesContext(connection) as shown:
            client.get(PROGRAMME)
        with CaptureQueriesContext(connection) as covered:
            client.get(COVERAGE)
        found.append((len(shown), len(covered)))
    assert found == [(SHOWN, COVERED)] * 2


def test_the_form_of_a_meeting_opens_for_every_week_of_the_year() -> None:
    week = weekly()
    client = week.client
    assert filled(client.get(week.url(met() - 2 * WEEK)))["topic"] == "other"
