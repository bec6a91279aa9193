"""Events of the school: a list with outcomes, kept by some and read by all, with nothing about students (duty 71)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.events.enums import State
from tutoring.events.models import SchoolEvent
from tutoring.events.selectors import calendar_of, events_filtered, events_of

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("events:list"), reverse("events:create")
DAY = dt.timedelta(days=1)


def page(name: str, event: SchoolEvent) -> str:
    return reverse(f"events:{name}", args=[event.pk])


def shown(client: Client, url: str = LIST, **asked: str) -> str:
    return client.get(url, asked).content.decode()


def typed(client: Client, url: str, **given: Any) -> dict[str, Any]:
    """An opened form as a browser would send it."""
    form = client.get(url).context["form"]
    fields = {name: form[name].value() for name in form.fields} | given
    return {name: value for name, value in fields.items() if value is not None}


def told(client: Client, event: SchoolEvent, **given: str) -> Any:
    url = page("outcome", event)
    said = {"came": "140", "outcome": "Forty families asked for a place.", "next_time": "Two doors, not one."}
    return client.post(url, hidden_fields(client.get(url)) | said | given)


def test_the_nurse_adds_a_talk_for_two_years_and_says_what_came_of_it() -> None:
    """Duty 71: what it is for and for whom; afterwards how many came, what came of it, what to do next time."""
    world = scene()
    make.TutorGroupFactory.create(name="9CUR", year_group=9)
    nurse = make.person(Role.NURSE)
    client = client_of(nurse)
    sent = typed(
        client, NEW, title="Sleep talk", kind="health", place="Hall", purpose="Sleep before exams.",
        years=["9", str(world.group.year_group)],
    )  # fmt: skip
    assert client.post(NEW, sent).status_code == 302
    event = SchoolEvent.objects.get()
    assert (event.lead, event.made_by, event.for_whom) == (nurse, nurse, f"Year 9, Year {world.group.year_group}")
    assert told(client, event).status_code == 302
    event.refresh_from_db()
    assert (event.came, event.told_by, event.told_on) == (140, nurse, localdate())
    anybody = shown(client_of(make.person(Role.SUBJECT_TEACHER, student=world.student)))
    for words in ("Sleep talk", "140 came", "Forty families asked for a place.", "Next time: Two doors, not one."):
        assert words in anybody


def test_who_may_not_keep_events_reads_them_and_adds_none() -> None:
    world, event = scene(), make.SchoolEventFactory.create()
    client = client_of(world.tutor)
    assert "Add an event" not in shown(client)
    assert client.get(NEW).status_code == client.post(NEW, {}).status_code == 403
    assert client.get(page("detail", event)).status_code == 200
    for name in ("edit", "outcome"):
        assert client.get(page(name, event)).status_code == client.post(page(name, event), {}).status_code == 403


def test_whoever_runs_it_changes_it_and_tells_but_names_nobody_else() -> None:
    """A tutor who runs one event needs no permission for it; giving it away is for those who keep the list."""
    world = scene()
    event = make.SchoolEventFactory.create(lead=world.tutor)
    client, other = client_of(world.tutor), make.person(Role.TUTOR)
    sent = typed(client, page("edit", event), place="Library", lead=str(other.pk))
    assert client.post(page("edit", event), sent).status_code == 302
    event.refresh_from_db()
    assert (event.place, event.lead) == ("Library", world.tutor)
    assert told(client, event).status_code == 302


def test_a_week_after_it_ended_its_outcome_is_asked_of_whoever_runs_it() -> None:
    """Duty 71: on the list of events, for that person alone, until it has an outcome or was called off."""
    world = scene()
    ended = make.SchoolEventFactory.create(lead=world.tutor, title="Open evening", starts_on=localdate() - 7 * DAY)
    make.SchoolEventFactory.create(lead=world.tutor, title="Too fresh", starts_on=localdate() - 6 * DAY)
    make.SchoolEventFactory.create(
        lead=world.tutor, title="Never was", starts_on=localdate() - 9 * DAY, called_off="Snow"
    )
    client = client_of(world.tutor)
    assert [event.title for event in client.get(LIST).context["to_tell"]] == ["Open evening"]
    assert list(client_of(make.person(Role.NURSE)).get(LIST).context["to_tell"]) == []
    told(client, ended)
    assert list(client.get(LIST).context["to_tell"]) == []


def test_nothing_came_of_it_before_it_has_begun_nor_when_it_was_called_off() -> None:
    nurse = make.person(Role.NURSE)
    client = client_of(nurse)
    coming = make.SchoolEventFactory.create(lead=nurse, starts_on=localdate() + DAY)
    off = make.SchoolEventFactory.create(lead=nurse, called_off="The speaker is ill")
    for event in (coming, off):
        assert client.get(page("outcome", event)).status_code == 302
        assert client.post(page("outcome", event), {"outcome": "Fine"}).status_code in (302, 409)
    assert SchoolEvent.objects.exclude(outcome="").count() == 0
    assert "Called off</span> The speaker is ill" in shown(client)


def test_an_event_with_an_outcome_is_not_called_off() -> None:
    client = client_of(make.person(Role.NURSE))
    event = make.SchoolEventFactory.create()
    told(client, event)
    sent = typed(client, page("edit", event), called_off="Snow")
    assert "so it took place" in client.post(page("edit", event), sent).content.decode()


def test_two_people_write_the_outcome_at_once_and_both_texts_are_there() -> None:
    nurse, head = make.person(Role.NURSE), make.person(Role.HEADTEACHER)
    event = make.SchoolEventFactory.create(lead=nurse)
    first, second = client_of(nurse), client_of(head)
    opened = hidden_fields(second.get(page("outcome", event))) | {"outcome": "Too loud."}
    told(first, event)
    answer = second.post(page("outcome", event), opened)
    assert answer.status_code == 409
    assert "Forty families asked for a place." in answer.content.decode()
    assert "Too loud." in answer.content.decode()
    event.refresh_from_db()
    assert event.outcome == "Forty families asked for a place."


def test_what_was_said_for_next_time_stands_there_when_it_is_planned_again() -> None:
    """With its kind, place, purpose and for whom; not with its days."""
    nurse = make.person(Role.NURSE)
    client, event = client_of(nurse), make.SchoolEventFactory.create(lead=nurse, title="Health week")
    make.AudienceFactory.create(event=event, year_group=9)
    told(client, event)
    opened = client.get(NEW, {"like": event.pk})
    assert "Two doors, not one." in opened.content.decode()
    form = opened.context["form"]
    assert (form["title"].value(), form["years"].value()) == ("Health week", [9])
    assert form["starts_on"].value() == localdate()


def test_for_whom_is_changed_line_by_line() -> None:
    world, client = scene(), client_of(make.person(Role.NURSE))
    event = make.SchoolEventFactory.create()
    kept = make.AudienceFactory.create(event=event, year_group=world.group.year_group)
    sent = typed(client, page("edit", event), houses=[str(world.group.house_id)], groups=[str(world.group.pk)])
    assert client.post(page("edit", event), sent).status_code == 302
    assert event.for_whom == f"Year {world.group.year_group}, {world.group.house}, {world.group.name}"
    assert kept in event.audience.all(), "what stays is left as it is"
    sent = typed(client, page("edit", event), years=[], houses=[], groups=[])
    client.post(page("edit", event), sent)
    assert SchoolEvent.objects.get().for_whom == "the whole school"


def test_days_must_make_sense() -> None:
    client = client_of(make.person(Role.NURSE))
    day = localdate()
    wrong = typed(client, NEW, title="Trip", starts_on=day.isoformat(), ends_on=(day - DAY).isoformat())
    assert "On its first day or later" in client.post(NEW, wrong).content.decode()
    wrong |= {"starts_on": (day + 900 * DAY).isoformat()}
    assert "Is the year right?" in client.post(NEW, wrong).content.decode()


def test_every_day_of_the_calendar_belongs_to_one_term() -> None:
    """Holidays count to the term before them; what was before the first term stands in the first."""
    school = make.SchoolFactory.create()
    names = (("AUT", 9, 12), ("SPR", 1, 3), ("SUM", 4, 7))
    terms = [
        make.TermFactory.create(
            school=school,
            year=2026,
            name=name,
            starts_on=dt.date(2026 + (first < 9), first, 3),
            ends_on=dt.date(2026 + (first < 9), last, 20),
            break_starts_on=None,
            break_ends_on=None,
        )
        for name, first, last in names
    ]
    days = [dt.date(2026, 8, 1), dt.date(2026, 10, 1), dt.date(2026, 12, 28), dt.date(2027, 1, 3), dt.date(2027, 8, 9)]
    for day in days:
        make.SchoolEventFactory.create(school=school, starts_on=day)
    today = dt.date(2027, 2, 1)
    found = [
        [event.starts_on for event in events_of(school).filter(calendar_of(school, str(term.pk), today).days)]
        for term in terms
    ]
    assert found == [days[:3], days[3:4], days[4:]]
    assert calendar_of(school, "nonsense", today).term == terms[1]


def test_a_filter_keeps_what_is_for_everybody() -> None:
    """Year 9 finds what is for year 9, for one of its groups, and for the whole school; nothing of year 7."""
    world = scene()
    group = make.TutorGroupFactory.create(name="9CUR", year_group=9)
    by_name = {name: make.SchoolEventFactory.create(title=name) for name in ("All", "Nine", "9CUR", "Seven", "House")}
    make.AudienceFactory.create(event=by_name["Nine"], year_group=9)
    make.AudienceFactory.create(event=by_name["9CUR"], year_group=None, group=group)
    make.AudienceFactory.create(event=by_name["Seven"], year_group=7)
    make.AudienceFactory.create(event=by_name["House"], year_group=None, house=world.group.house)
    found = events_filtered(events_of(group.school), localdate(), whom="year-9")
    assert {event.title for event in found} == {"All", "Nine", "9CUR"}
    found = events_filtered(events_of(group.school), localdate(), whom=f"house-{world.group.house_id}")
    assert {event.title for event in found} == {"All", "House"}


@pytest.mark.parametrize("state", State)
def test_the_filter_and_the_words_agree_where_an_event_stands(state: State) -> None:
    today = localdate()
    make.SchoolEventFactory.create(title="coming", starts_on=today + DAY)
    make.SchoolEventFactory.create(title="on", starts_on=today - DAY, ends_on=today)
    make.SchoolEventFactory.create(title="untold")
    make.SchoolEventFactory.create(title="told", outcome="Good.", told_on=today, told_by=make.UserFactory.create())
    make.SchoolEventFactory.create(title="called_off", called_off="Snow")
    school = SchoolEvent.objects.all()[0].school
    found = events_filtered(events_of(school), today, state=state.value)
    assert [(event.title, event.state_on(today)) for event in found] == [(state.value, state)]
    assert f">{state.value}</a>" in shown(client_of(make.person(Role.TUTOR)), state=state.value)


def tried(user: User, sql: str, *values: Any) -> int | str:
    """As the web role: how many rows it touched, or the state it was refused with; undone afterwards."""
    with acting_as(Actor(user_id=user.pk)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, values)
                touched = cursor.rowcount
                transaction.set_rollback(True)
                return touched
        except DatabaseError as error:
            return str(getattr(error.__cause__, "sqlstate", error))


REFUSED, NOT_SO = "42501", "23514"
TELL = "UPDATE events_schoolevent SET outcome = 'Good.', told_by_id = %s, told_on = %s WHERE id = %s"


@pytest.fixture
def world() -> Scene:
    return scene()


def test_postgresql_holds_who_says_what_came_of_it(world: Scene) -> None:
    """In one's own name, that day, once; not before it began; and nobody unsays it."""
    event, nurse = make.SchoolEventFactory.create(lead=world.tutor), make.person(Role.NURSE)
    assert tried(world.tutor, TELL, world.tutor.pk, localdate(), event.pk) == 1
    assert tried(nurse, TELL, world.tutor.pk, localdate(), event.pk) == NOT_SO, "in another's name"
    assert tried(nurse, TELL, nurse.pk, localdate() - DAY, event.pk) == NOT_SO, "on another day"
    coming = make.SchoolEventFactory.create(lead=nurse, starts_on=localdate() + DAY)
    assert tried(nurse, TELL, nurse.pk, localdate(), coming.pk) == NOT_SO
    SchoolEvent.objects.filter(pk=event.pk).update(outcome="Bad.", told_by=world.tutor, told_on=localdate())
    assert tried(nurse, TELL, nurse.pk, localdate(), event.pk) == NOT_SO, "it was said already"
    assert tried(nurse, "UPDATE events_schoolevent SET outcome = 'Fine.' WHERE id = %s", event.pk) == 1
    unsaid = "UPDATE events_schoolevent SET outcome = '', told_by_id = NULL, told_on = NULL WHERE id = %s"
    assert tried(nurse, unsaid, event.pk) == NOT_SO


def test_postgresql_holds_who_keeps_events(world: Scene) -> None:
    school, nurse = world.group.school, make.person(Role.NURSE)
    add = """INSERT INTO events_schoolevent (id, school_id, title, kind, starts_on, ends_on, place, purpose, called_off,
               outcome, next_time, lead_id, made_by_id, created_at)
             VALUES (%s, %s, 'Talk', 'health', now(), now(), '', '', '', '', '', %s, %s, now())"""
    assert tried(nurse, add, uuid.uuid4(), school.pk, nurse.pk, nurse.pk) == 1
    assert tried(nurse, add, uuid.uuid4(), school.pk, nurse.pk, world.tutor.pk) == REFUSED
    assert tried(world.tutor, add, uuid.uuid4(), school.pk, world.tutor.pk, world.tutor.pk) == REFUSED
    event = make.SchoolEventFactory.create(school=school, lead=nurse)
    change = "UPDATE events_schoolevent SET place = 'Gym' WHERE id = %s"
    assert [tried(user, change, event.pk) for user in (nurse, world.tutor)] == [1, 0]
    assert tried(nurse, "DELETE FROM events_schoolevent WHERE id = %s", event.pk) == REFUSED
    elsewhere = make.person(Role.HEADTEACHER, school=make.SchoolFactory.create(name="There"))
    assert tried(elsewhere, "SELECT FROM events_schoolevent") == 0
    assert tried(elsewhere, change, event.pk) == 0
    line = "INSERT INTO events_audience (id, event_id, house_id) VALUES (%s, %s, %s)"
    ours, theirs = world.group.house_id, make.HouseFactory.create(school=elsewhere.school).pk
    assert tried(nurse, line, uuid.uuid4(), event.pk, ours) == 1
    assert tried(nurse, line, uuid.uuid4(), event.pk, theirs) == REFUSED
    assert tried(world.tutor, line, uuid.uuid4(), event.pk, ours) == REFUSED


def test_an_earlier_outcome_is_kept() -> None:
    """A correction leaves what it said before in the history, in the database."""
    nurse = make.person(Role.NURSE)
    event, client = make.SchoolEventFactory.create(lead=nurse), client_of(nurse)
    told(client, event)
    told(client, event, outcome="Sixty families.")
    with acting_as(Actor(user_id=nurse.pk)), connection.cursor() as cursor:
        cursor.execute("SELECT outcome FROM events_schooleventchange WHERE pgh_label = 'update' ORDER BY pgh_id")
        assert [row[0] for row in cursor.fetchall()] == ["", "Forty families asked for a place."]
    assert timezone.localdate() == SchoolEvent.objects.get().told_on
