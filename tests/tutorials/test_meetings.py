"""A group's weekly tutorial: days, the page of one meeting, attendance, two tutors at once (duty 11)."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Draft
from audit.models import Event
from core.acting import Actor, acting_as
from students.due import lines_due
from tests import factories as make
from tests.sessions.pages import client_of
from tests.tutorials.pages import DAY, WEEK, filled, met, weekly
from tutoring.attendance.models import WeekCount
from tutoring.tutorials.models import Meeting, Presence
from tutoring.tutorials.selectors import tutorial_attendance, tutorials_due

pytestmark = pytest.mark.django_db
LIST = reverse("tutorials:tutorial-list")
LISTED, FORM, DETAIL = 14, 15, 9


def test_a_meeting_begins_as_planned_and_one_save_keeps_it() -> None:
    """Duties 11 and 101: content covered and attendance in one Save, when all is as planned."""
    week = weekly()
    topic = week.topic()
    client = week.client
    assert client.post(week.url(), week.form(client)).status_code == 302
    meeting = week.meeting()
    assert (meeting.topic, meeting.covered_lines) == (topic, ["Passwords", "Who to tell"])
    assert week.mark() == {"Jamal": "present", "Zofia": "present"}
    event = Event.objects.get(action="tutorial.written")
    assert (event.detail, event.student_id) == ({"there": 2, "marked": 2}, None)


def test_what_was_not_reached_and_who_was_not_there_is_one_tap_each() -> None:
    week = weekly()
    week.topic()
    client, jamal = week.client, week.world.student
    form = week.form(client, covered=["Passwords"], words="Ran out of time.", note="Loud, but kind.")
    form[f"mark-{jamal.pk}"] = "absent"
    client.post(week.url(), form)
    meeting = week.meeting()
    assert (meeting.covered, meeting.words, meeting.note) == ("Passwords", "Ran out of time.", "Loud, but kind.")
    assert week.mark() == {"Jamal": "absent", "Zofia": "present"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [("/", "present"), ("L", "late"), ("U", "late"), ("N", "absent"), ("I", "excused"), ("V", "excused")],
)
def test_the_register_of_the_day_fills_in_who_was_not_there(code: str, expected: str) -> None:
    week = weekly()
    make.MarkFactory.create(student=week.world.student, date=met(), session="AM", code=code)
    rows = {row.student: row for row in week.client.get(week.url()).context["form"].rows}
    assert rows[week.world.student].chosen == expected
    assert rows[week.world.classmate].chosen == "present"


def test_a_students_group_tutorials_are_counted_apart_from_the_register() -> None:
    """No register mark comes of a tutorial, so no attendance figure moves."""
    week = weekly()
    student = week.world.student
    for number, mark in enumerate(("present", "late", "absent")):
        meeting = make.MeetingFactory.create(series=week.series, day=met() - number * WEEK)
        make.PresenceFactory.create(meeting=meeting, student=student, mark=mark)
    with acting_as(Actor(user_id=week.world.tutor.pk)), CaptureQueriesContext(connection) as asked:
        found = tutorial_attendance(student, met() - WEEK, met())
        assert sum("tutorials_presence" in query["sql"] for query in asked) == 1
    assert (found.present, found.late, found.absent, found.held, found.there) == (1, 1, 0, 2, 2)
    assert not WeekCount.objects.filter(student=student).exists()
    with acting_as(Actor(user_id=make.person(Role.SUBJECT_TEACHER, student=student).pk)):
        assert tutorial_attendance(student, met() - WEEK, met()).held == 0, "a subject teacher does not see them"


def test_not_held_keeps_its_reason_and_its_topic_and_nobody_was_there() -> None:
    week = weekly()
    topic = week.topic()
    client = week.client
    client.post(week.url(), week.form(client))
    assert Presence.objects.count() == 2
    both = week.form(client, not_held="Fire drill", words="Something")
    assert client.post(week.url(), both).status_code == 200
    client.post(week.url(), week.form(client, not_held="Fire drill"))
    meeting = week.meeting()
    assert (meeting.not_held, meeting.topic, meeting.covered) == ("Fire drill", topic, "")
    assert not Presence.objects.exists()
    client.post(week.url(), week.form(client, not_held="", covered=["Passwords"]))
    assert len(week.mark()) == 2, "held after all"


def test_a_meeting_to_come_can_only_be_called_off() -> None:
    week = weekly()
    client, day = week.client, met() + WEEK
    assert client.post(week.url(day), week.form(client, day, own_topic="Quiz", topic="other")).status_code == 200
    assert not Meeting.objects.exists()
    assert client.post(week.url(day), week.form(client, day, not_held="INSET", topic="other")).status_code == 302
    assert week.meeting(day).not_held == "INSET"


def test_another_topic_shows_its_own_lines_and_loses_nothing_typed() -> None:
    week = weekly()
    week.topic()
    other = week.topic(met() - WEEK, title="Revision", cover="A plan for two weeks")
    client = week.client
    form = week.form(client, topic=str(other.pk), words="Half of them had one.", do="lines")
    page = client.post(week.url(), form)
    shown = page.context["form"]
    assert [line for line, _ in shown.fields["covered"].choices] == ["A plan for two weeks"]
    assert shown["words"].value() == "Half of them had one."
    assert not Meeting.objects.exists()
    assert client.post(week.url(), filled(page)).status_code == 302
    assert (week.meeting().topic, week.meeting().covered) == (other, "A plan for two weeks")


def test_a_topic_chosen_and_saved_at_once_keeps_no_tick_of_the_other() -> None:
    week = weekly()
    week.topic()
    other = week.topic(met() - WEEK, title="Revision", cover="A plan for two weeks")
    client = week.client
    assert client.post(week.url(), week.form(client, topic=str(other.pk))).status_code == 302
    assert (week.meeting().topic, week.meeting().covered) == (other, "")


def test_something_else_needs_a_title() -> None:
    week = weekly()
    client = week.client
    assert client.post(week.url(), week.form(client, topic="other", own_topic="")).status_code == 200
    client.post(week.url(), week.form(client, topic="other", own_topic="Form captain"))
    assert week.meeting().title == "Form captain"


def test_two_tutors_at_once_see_both_texts_and_nothing_is_lost() -> None:
    week = weekly()
    week.topic()
    first, second = week.client, client_of(make.person(Role.TUTOR, group=week.world.group))
    mine, theirs = week.form(first, words="We debated."), week.form(second, words="They debated.")
    theirs[f"mark-{week.world.student.pk}"] = "late"
    assert second.post(week.url(), theirs).status_code == 302
    answer = first.post(week.url(), mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert [words in page for words in ("They debated.", "We debated.", "Jamal Okafor late")] == [True] * 3
    assert week.meeting().words == "They debated."
    assert first.post(week.url(), filled(answer)).status_code == 302
    assert (week.meeting().words, week.meeting().written_by) == ("We debated.", week.meeting().written_by)
    assert Event.objects.filter(action="tutorial.corrected").count() == 1


def test_sent_twice_it_is_saved_once_and_its_draft_goes() -> None:
    week = weekly()
    client = week.client
    form = week.form(client, topic="other", own_topic="Quiz")
    make.DraftFactory.create(user=week.world.tutor, form=form["draft_form"], token=form["draft_token"])
    assert [client.post(week.url(), form).status_code for _ in range(2)] == [302, 302]
    assert Event.objects.filter(action__startswith="tutorial.").count() == 1
    assert not Draft.objects.exists()


def test_days_are_school_days_of_the_weekday_only() -> None:
    """Half term and closed days give no meeting, and no page."""
    week = weekly()
    school = week.world.group.school
    assert week.year.meets_on(week.series)[:3] == [met() - 2 * WEEK, met() - WEEK, met()]
    make.ClosureFactory.create(school=school, date=met())
    week.world.term.break_starts_on = week.world.term.break_ends_on = met() - WEEK
    week.world.term.save()
    assert met() not in week.year.meets_on(week.series)
    assert met() - WEEK not in week.year.meets_on(week.series)
    client = week.client
    for day in (met(), met() - WEEK, met() - DAY, met() - 9 * WEEK):
        assert client.get(week.url(day)).status_code == 404, day
    assert client.get(week.url().replace(met().isoformat(), "soon")).status_code == 404


def test_what_was_written_up_is_corrected_also_where_the_school_closed_the_day_since() -> None:
    week = weekly()
    client = week.client
    client.post(week.url(), week.form(client, topic="other", own_topic="Quiz"))
    make.ClosureFactory.create(school=week.world.group.school, date=met())
    assert client.post(week.url(), week.form(client, not_held="Snow day")).status_code == 302
    assert week.meeting().not_held == "Snow day"


def test_the_list_says_what_waits_and_what_comes() -> None:
    week = weekly()
    week.topic(title="Debate")
    make.MeetingFactory.create(series=week.series, day=met() - 2 * WEEK)
    make.TutorGroupFactory.create(name="10CUR")
    [own] = week.client.get(LIST).context["groups"]
    assert own.group == week.world.group
    assert [(met.day, met.topic) for met in own.waiting] == [(met(), "Debate"), (met() - WEEK, "")]
    assert own.coming.day == met() + WEEK
    assert [met.day for met in own.latest] == [met() - 2 * WEEK]


def test_what_is_not_written_up_is_due() -> None:
    """The line for Today: the last four weeks of the groups one tutors, school days only."""
    week = weekly(weeks=6)
    make.MeetingFactory.create(series=week.series, day=met() - WEEK)
    make.ClosureFactory.create(school=week.world.group.school, date=met() - 2 * WEEK)

    def due(user: Any, today: dt.date | None = None) -> list[tuple[Any, ...]]:
        today = today or localdate()
        with acting_as(Actor(user_id=user.pk)):
            return [(line.kind, line.pk, line.text, line.due_on) for line in lines_due(tutorials_due(user, today))]

    group, key = week.world.group.name, week.series.pk
    words = {day: f"{group}, {day:%A} {day.day} {day:%B}" for day in (met(), met() - 3 * WEEK)}
    assert due(week.world.tutor) == [("tutorial", key, words[day], day) for day in (met() - 3 * WEEK, met())]
    assert due(week.world.tutor, met() - DAY)[-1][3] == met() - 3 * WEEK, "not before its day"
    assert due(make.person(Role.HEAD_OF_HOUSE, house=group and week.world.group.house)) == [], "their tutors' to do"


def test_the_team_reads_what_was_covered_and_strangers_do_not() -> None:
    """Duty 102: a note about the group, for those who look after it."""
    week = weekly()
    meeting = make.MeetingFactory.create(series=week.series, day=met(), note="Loud, but kind.")
    make.PresenceFactory.create(meeting=meeting, student=week.world.student, mark="late")
    url = reverse("tutorials:meeting-detail", args=[meeting.pk])
    senco = client_of(make.person(Role.SENCO))
    page = senco.get(url).content.decode()
    assert [words in page for words in ("Loud, but kind.", "Jamal Okafor")] == [True] * 2
    assert senco.get(week.url()).status_code == 403
    other = make.TutorGroupFactory.create(name="10CUR", house=make.HouseFactory.create(name="Curie"))
    make.student_in(other)
    stranger = client_of(make.person(Role.TUTOR, group=other))
    assert [stranger.get(path).status_code for path in (url, week.url())] == [404, 404]


def test_the_page_says_where_words_about_one_student_go() -> None:
    week = weekly()
    page = week.client.get(week.url()).content.decode()
    assert f"{reverse('tutor_sessions:together')}?group={week.world.group.pk}" in page
    assert re.search("Nothing about single students", page)


def test_pages_cost_the_same_however_many_there_are() -> None:
    week = weekly(weeks=4)
    found = []
    for number in range(2):
        for _ in range(3):
            make.student_in(week.world.group)
        make.TutorialFactory.create(group=week.world.group, starts_on=met() - WEEK - 2 * DAY * number)
        meeting = make.MeetingFactory.create(series=week.series, day=met() - (number + 1) * WEEK)
        week.topic(met() - number * WEEK)
        make.PresenceFactory.create(meeting=meeting, student=week.world.student)
        costs = []
        for url in (LIST, week.url(), reverse("tutorials:meeting-detail", args=[meeting.pk])):
            client = week.client
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            costs.append(len(asked))
        found.append(tuple(costs))
    assert found == [(LISTED, FORM, DETAIL)] * 2
