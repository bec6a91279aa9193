"""Several at one time: booked, moved and logged together, each with an outcome of their own."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, Scene, at, give_slots, scene
from tests.diary.test_calendar_feed import events_in
from tests.sessions.pages import client_of, hidden_fields
from tutoring.diary import services
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import students_to_book
from tutoring.groups.models import GroupMembership
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind, TutorSession

pytestmark = pytest.mark.django_db
PAGE, WEEK, CHOOSE = "/diary/book/", "/diary/?week=2026-W48", "/sessions/together/choose/"
WEDNESDAY = TUESDAY + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def small_group() -> SessionKind:
    return SessionKind.objects.get(kind=Kind.SMALL_GROUP)


def book(here: Scene, *students: Student, day: dt.date = TUESDAY, by: User | None = None) -> list[Appointment]:
    tutor = by or here.tutor
    with acting_as(Actor(tutor.pk)):
        return services.book_together(by=tutor, students=students, slot=at(day), kind=small_group())


def pair(here: Scene, day: dt.date = TUESDAY) -> list[Appointment]:
    return book(here, here.student, here.classmate, day=day)


def move(by: User, one: Appointment, day: dt.date, hour: int = 8, seen: str = "") -> None:
    with acting_as(Actor(by.pk)):
        services.move_appointment(by=by, appointment=one, slot=at(day, hour), seen=seen)


def picked(*students: Student) -> str:
    return f"{PAGE}?{'&'.join(f'student={student.pk}' for student in students)}"


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def feed(user: User) -> list[dict[str, str]]:
    token = make.calendar_token(user)
    return events_in(Client().get(reverse("diary:calendar-feed", args=[token])).content)


def test_students_of_two_groups_are_one_time_in_the_week_and_one_event(here: Scene) -> None:
    other = make.student_in(make.TutorGroupFactory.create(name="10FRY"), legal_surname="Adebayo")
    senco = make.person(Role.SENCO)
    client = client_of(senco)
    assert f'formaction="{PAGE}"' in page(client, CHOOSE)
    typed = {"free": "another", "day": "2026-11-24", "starts_at": "10:00", "room": "Room 4"}
    assert client.post(picked(here.student, other), typed).status_code == 302
    first, second = Appointment.objects.all()
    assert {first.student, second.student} == {here.student, other}
    assert first.together == second.together is not None
    assert (first.staff, first.kind, second.kind) == (senco, Kind.SMALL_GROUP, Kind.SMALL_GROUP)
    week = page(client, WEEK)
    assert week.count('<time datetime="2026-11-24T10:00">') == 1
    assert "Small group, 2 together" in week
    assert "Okafor" in week
    assert "Adebayo" in week
    (event,) = feed(senco)
    assert event["SUMMARY"] == "Small group\\, Room 4"
    assert not re.search("Okafor|Adebayo|Jamal", str(event))
    assert Event.objects.filter(action="appointment.booked").count() == 2


def test_a_free_time_is_offered_and_the_usual_kind_is_a_small_group(here: Scene) -> None:
    give_slots(here.tutor)
    client = client_of(here.tutor)
    form = page(client, picked(here.student, here.classmate))
    assert "Tue 24 Nov 08:40, 15 min, Room 4" in form
    assert f'<option value="{small_group().pk}" selected>' in form
    assert client.post(picked(here.student, here.classmate), {"free": "2026-11-24T08:40"}).status_code == 302
    assert set(Appointment.objects.values_list("kind", "room")) == {(Kind.SMALL_GROUP, "Room 4")}


def test_none_of_them_where_one_is_taken(here: Scene) -> None:
    make.AppointmentFactory.create(student=here.classmate, day=TUESDAY, starts_at=dt.time(8, 45), minutes=15)
    with pytest.raises(services.TakenError, match="Zofia has an appointment at 08:45"):
        pair(here)
    assert Appointment.objects.count() == 1


def test_the_database_keeps_one_time_for_one_person_or_one_group(here: Scene) -> None:
    booked = pair(here)[0]
    third = make.student_in(here.group)
    when = {"staff": here.tutor, "day": booked.day, "starts_at": booked.starts_at}
    with pytest.raises(IntegrityError, match="appointment_staff_at_once"), transaction.atomic():
        make.AppointmentFactory.create(**when, student=third)
    with pytest.raises(IntegrityError, match="appointment_student_once"), transaction.atomic():
        make.AppointmentFactory.create(**when, student=here.student, together=booked.together)
    make.AppointmentFactory.create(**when, student=third, together=booked.together)
    with pytest.raises(IntegrityError, match="appointment_together_at_once"), transaction.atomic():
        Appointment.objects.filter(student=third).update(starts_at=dt.time(9))


def test_they_move_together_or_not_at_all(here: Scene) -> None:
    first, second = pair(here)
    move(here.tutor, second, TUESDAY, 10)
    assert set(Appointment.objects.values_list("day", "starts_at")) == {(TUESDAY, dt.time(10, 40))}
    make.AppointmentFactory.create(student=here.classmate, day=WEDNESDAY, starts_at=dt.time(8, 40))
    with pytest.raises(services.TakenError, match="Zofia"):
        move(here.tutor, first, WEDNESDAY)
    assert set(Appointment.objects.filter(together=first.together).values_list("day", flat=True)) == {TUESDAY}
    client = client_of(here.tutor)
    assert "These 2 move together" in page(client, reverse("diary:appointment-move", args=[first.pk]))


def in_another_house(here: Scene) -> Student:
    away = make.TutorGroupFactory.create(name="10FRY", house=make.HouseFactory.create(name="Fry"))
    return make.student_in(away, legal_surname="Unseen")


def goes_away(here: Scene, student: Student) -> None:
    """From then on the tutor sees nothing of them."""
    away = make.TutorGroupFactory.create(name="10FRY", house=make.HouseFactory.create(name="Fry"))
    GroupMembership.objects.filter(student=student).update(group=away)
    Student.objects.filter(pk=student.pk).update(house=away.house)


def test_a_colleague_who_does_not_see_all_of_them_is_told_what_anything_hidden_is_told(here: Scene) -> None:
    """A head reads of their house only: half a group is nobody’s to move. One hidden in it and one who has the time
    look alike, and nobody is hinted at."""
    senco = make.person(Role.SENCO)
    first, hidden = book(here, here.student, in_another_house(here), by=senco)
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=here.group.house))
    words = f"This cannot be done from here, so nothing was changed. Ask {senco}, whose diary it is."
    sent = {"free": "another", "day": "2026-11-25", "starts_at": "10:00"}
    shown = head.post(reverse("diary:appointment-move", args=[first.pk]), sent).content.decode()
    assert words in shown
    assert words in head.post(reverse("diary:together", args=[first.pk]), {"reason": "Ill"}).content.decode()
    assert set(Appointment.objects.values_list("day", "state")) == {(TUESDAY, State.BOOKED)}
    single = make.AppointmentFactory.create(
        student=here.classmate, staff=senco, day=TUESDAY, starts_at=dt.time(14), minutes=15
    )
    taken = make.AppointmentFactory.create(
        student=in_another_house(here), staff=senco, day=WEDNESDAY, starts_at=dt.time(10), minutes=15
    )
    alike = head.post(reverse("diary:appointment-move", args=[single.pk]), sent).content.decode()
    assert words in alike
    assert not re.search("Unseen|do not see|somebody", shown + alike)
    out = head.post(reverse("diary:appointment-outcome", args=[first.pk]), {"state": "cancelled", "reason": "A match"})
    assert out.status_code == 302
    booked = set(Appointment.objects.filter(state=State.BOOKED).values_list("pk", flat=True))
    assert booked == {hidden.pk, single.pk, taken.pk}, "one whom the head sees is taken out, and nobody else"


@pytest.mark.parametrize("deed", ["move", "cancel all", "take out"])
def test_whoever_is_no_longer_ones_own_is_left_standing_nowhere(here: Scene, deed: str) -> None:
    """Hidden from the tutor, they would hold the tutor’s time without a word; they are ended and not named."""
    first, second = pair(here)
    goes_away(here, here.classmate)
    client = client_of(here.tutor)
    if deed == "move":
        sent = {"free": "another", "day": "2026-11-25", "starts_at": "10:00"}
        answer = client.post(reverse("diary:appointment-move", args=[first.pk]), sent, follow=True)
    elif deed == "cancel all":
        answer = client.post(reverse("diary:together", args=[first.pk]), {"reason": "Jamal is ill"}, follow=True)
        assert "Cancelled for 1:" in answer.content.decode()
    else:
        gone = {"state": "cancelled", "reason": "Jamal is ill"}
        answer = client.post(reverse("diary:appointment-outcome", args=[first.pk]), gone, follow=True)
    assert not re.search("Zofia|Wren", answer.content.decode())
    second.refresh_from_db()
    assert (second.state, second.day) == (State.CANCELLED, TUESDAY)
    assert second.reason == "The time they were booked for with others was changed or cancelled"
    change = Appointment.pgh_event_models["update"].objects.get(id=second.pk, pgh_label="update")
    assert (change.state, change.pgh_actor_id) == (State.BOOKED, here.tutor.pk)
    first.refresh_from_db()
    assert (first.state, first.day) == ((State.BOOKED, WEDNESDAY) if deed == "move" else (State.CANCELLED, TUESDAY))
    assert book(here, here.student), "that time is free again"


def test_a_taken_out_leaves_the_others_of_a_group_booked(here: Scene) -> None:
    """Nobody whom one sees is ended with somebody else, hidden ones among them or not."""
    first, second = pair(here)
    with acting_as(Actor(here.tutor.pk)):
        services.cancel_appointment(by=here.tutor, appointment=first, reason="A match")
    assert Appointment.objects.get(pk=second.pk).is_booked


def test_the_database_ends_nothing_in_a_colleagues_diary_and_nobody_who_is_seen(here: Scene) -> None:
    senco = make.person(Role.SENCO)
    first, _ = book(here, here.student, in_another_house(here), by=senco)
    head = make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    for by in (head, here.tutor):
        with acting_as(Actor(by.pk)), pytest.raises(IntegrityError, match="sees them all"), transaction.atomic():
            _leave_none_standing(first.together)
    with acting_as(Actor(senco.pk)):
        _leave_none_standing(first.together)
    assert set(Appointment.objects.values_list("state", flat=True)) == {State.BOOKED}


def _leave_none_standing(key: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.leave_none_standing(%s)", [key])


def test_one_is_taken_out_and_put_back_where_the_others_are_by_then(here: Scene) -> None:
    third = make.student_in(here.group, legal_forename="Amara")
    first, second, _ = book(here, here.student, here.classmate, third)
    client = client_of(here.tutor)
    outcome = reverse("diary:appointment-outcome", args=[first.pk])
    assert client.post(outcome, {"state": "cancelled", "reason": "A match"}).status_code == 302
    move(here.tutor, second, WEDNESDAY, 10)
    first.refresh_from_db()
    assert (first.state, first.day) == (State.CANCELLED, TUESDAY)
    assert client.post(outcome, {"reopen": "1"}).status_code == 302
    assert set(Appointment.objects.values_list("state", "day", "starts_at")) == {
        (State.BOOKED, WEDNESDAY, dt.time(10, 40))
    }


def test_what_is_taken_back_meets_nobody_who_was_booked_since(here: Scene) -> None:
    """The database refuses the same beginning only; a part of the time is looked for, as when it is booked."""
    [one] = book(here, here.student)
    client = client_of(here.tutor)
    outcome = reverse("diary:appointment-outcome", args=[one.pk])
    client.post(outcome, {"state": "cancelled", "reason": "A match"})
    since = make.AppointmentFactory.create(
        student=here.classmate, staff=here.tutor, day=TUESDAY, starts_at=dt.time(8, 50), minutes=15
    )
    answer = client.post(outcome, {"reopen": "1"}, follow=True).content.decode()
    assert "There is an appointment at 08:50 already." in answer
    assert Appointment.objects.get(pk=one.pk).state == State.CANCELLED
    Appointment.objects.filter(pk=since.pk).update(starts_at=dt.time(8, 55))
    assert "Booked again" in client.post(outcome, {"reopen": "1"}, follow=True).content.decode()


def test_it_is_cancelled_for_all_who_are_still_booked(here: Scene) -> None:
    third = make.student_in(here.group, legal_forename="Amara")
    first, second, last = book(here, here.student, here.classmate, third)
    with acting_as(Actor(here.tutor.pk)):
        services.mark_refused(by=here.tutor, appointment=last, reason="Did not want to")
    client = client_of(here.tutor)
    address = reverse("diary:together", args=[first.pk])
    assert "Cancel it for all 2 still booked" in page(client, address)
    assert "Say why, in a few words." in client.post(address, {"reason": ""}).content.decode()
    assert client.post(address, {"reason": "Training day"}).status_code == 302
    states = dict(Appointment.objects.values_list("pk", "state"))
    assert states == {first.pk: State.CANCELLED, second.pk: State.CANCELLED, last.pk: State.REFUSED}
    assert Event.objects.filter(action="appointment.cancelled").count() == 2
    assert feed(here.tutor) == []


def test_each_has_an_outcome_and_one_entry_with_a_note_each_holds_the_rest(here: Scene) -> None:
    third = make.student_in(here.group, legal_forename="Amara")
    booked = book(here, here.student, here.classmate, third, day=TODAY)
    client = client_of(here.tutor)
    [link] = re.findall(r'href="(/sessions/together/\?[^"]*)"', page(client, WEEK))
    link = unescape(link)
    form = client.get(link)
    text = form.content.decode()
    assert 'value="Room 4"' in text
    assert f'value="{small_group().pk}" selected' in text
    assert all(f'id="id_there-{one.student_id}" checked' in text for one in booked)
    sent = hidden_fields(form) | {
        "kind": str(small_group().pk), "happened": "Revision.", "held_on": TODAY.isoformat(), "confidentiality": "team",
        f"there-{here.student.pk}": "on", f"there-{here.classmate.pk}": "on", f"note-{here.student.pk}": "Asked most.",
    }  # fmt: skip
    answer = client.post(link, sent)
    assert answer["Location"] == reverse("diary:together", args=[booked[0].pk])
    missed = reverse("diary:appointment-outcome", args=[booked[2].pk])
    assert missed in client.get(answer["Location"]).content.decode()
    client.post(missed, {"state": "missed", "reason": "Ill"})
    states = dict(Appointment.objects.values_list("student", "state"))
    assert states == {here.student.pk: State.HELD, here.classmate.pk: State.HELD, third.pk: State.MISSED}
    notes = dict(TutorSession.objects.values_list("student", "own_note"))
    assert notes == {here.student.pk: "Asked most.", here.classmate.pk: ""}
    week = page(client, WEEK)
    assert "3 together" in week
    assert week.count(">Held</span>") == 2
    assert len(feed(here.tutor)) == 1


def test_one_of_a_small_group_alone_is_logged_by_the_form_that_knows_the_kind(here: Scene) -> None:
    [one] = book(here, here.student, day=TODAY)
    assert one.together is None
    assert one.log_url.startswith("/sessions/together/?")
    assert f'id="id_there-{here.student.pk}" checked' in client_of(here.tutor).get(one.log_url).content.decode()


def test_who_is_late_is_told_how_it_stands_and_sending_again_is_a_choice(here: Scene) -> None:
    first, second = pair(here)
    client = client_of(here.tutor)
    address = reverse("diary:appointment-move", args=[first.pk])
    [seen] = re.findall(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    cancel = reverse("diary:together", args=[first.pk])
    assert seen in client.get(cancel).content.decode()
    move(here.tutor, second, WEDNESDAY, 10)
    sent = {"free": "another", "day": "2026-11-26", "starts_at": "13:00", "seen": seen}
    late = client.post(address, sent)
    assert late.status_code == 409
    assert "It is booked Wed 25 Nov 10:40 in Room 4 with Jamal Okafor, Zofia Wren now." in late.content.decode()
    assert client.post(cancel, {"reason": "Ill", "seen": seen}).status_code == 409
    assert set(Appointment.objects.values_list("day", "state")) == {(WEDNESDAY, State.BOOKED)}
    [renewed] = re.findall(r'name="seen" value="(\w+)"', late.content.decode())
    assert client.post(address, sent | {"seen": renewed}).status_code == 302
    assert set(Appointment.objects.values_list("day", flat=True)) == {dt.date(2026, 11, 26)}


def test_kinds_that_reach_home_where_each_family_is_ones_own_to_see(here: Scene) -> None:
    call = str(SessionKind.objects.get(kind=Kind.CALL_HOME).pk)
    assert call in page(client_of(here.tutor), picked(here.student, here.classmate))
    teacher = make.person(Role.SUBJECT_TEACHER, student=here.student)
    assert call not in page(client_of(teacher), picked(here.student))


def test_nobody_is_booked_with_whom_one_logs_nothing(here: Scene) -> None:
    away = make.TutorGroupFactory.create(name="10FRY", house=make.HouseFactory.create(name="Fry"))
    stranger = make.student_in(away)
    client = client_of(here.tutor)
    assert "Nobody is chosen" in page(client, picked(stranger))
    assert client.post(picked(stranger), {"free": "another"}).status_code == 200
    with acting_as(Actor(here.tutor.pk)), pytest.raises(PermissionDenied):
        services.book_together(by=here.tutor, students=[here.student, stranger], slot=at(TUESDAY), kind=small_group())
    assert not Appointment.objects.exists()


def test_whoever_is_picked_and_cannot_be_booked_is_said_and_nobody_is_dropped_silently(here: Scene) -> None:
    """Hidden, gone or a mistyped address: all alike, and the others wait for a look."""
    client = client_of(here.tutor)
    typed = {"free": "another", "day": "2026-11-24", "starts_at": "10:00", "without": "0"}
    both = picked(here.student, here.classmate)
    assert "cannot be booked here" not in page(client, both)
    strange = [f"{both}&student={key}" for key in (in_another_house(here).pk, make.uuid.uuid4(), "x")]
    pages = [re.sub(r'(value="|student=)[^"&]*', "", page(client, address)) for address in strange]
    assert pages[0].count("1 of those you picked cannot be booked here.") == 1
    assert "Unseen" not in pages[0]
    goes_away(here, here.classmate)
    late = client.post(both, typed)
    assert "1 of those you picked cannot be booked here." in late.content.decode()
    assert 'value="10:00"' in late.content.decode(), "what was typed stays"
    assert not Appointment.objects.exists()
    told = client.post(both, typed | {"without": "1"}, follow=True).content.decode()
    assert "with 1." in told
    assert "Not booked: 1 of those you picked." in told


def test_a_small_group_to_come_leaves_the_1_1_to_be_booked(here: Scene) -> None:
    """It does not count as being seen, so it does not stand for what does."""
    pair(here)
    with acting_as(Actor(here.tutor.pk)):
        assert {s.pk for s in students_to_book(here.tutor, None, everybody=True)} == {
            here.student.pk,
            here.classmate.pk,
        }
        slot = at(WEDNESDAY)
        services.book_appointment(by=here.tutor, student=here.student, staff=here.tutor, slot=slot)
        assert students_to_book(here.tutor, None, everybody=True) == [here.classmate]
    rows = page(client_of(here.tutor), "/this-term/").partition('id="students"')[2]
    assert (rows.count(">Booked</span>"), rows.count(">Not yet</span>")) == (1, 1)


DEED = st.tuples(
    st.sampled_from(["move", "missed", "cancelled", "reopen", "cancel all"]), st.integers(0, 3), st.integers(0, 3)
)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(deeds=st.lists(DEED, min_size=4, max_size=10))
def test_whatever_is_done_those_still_booked_stand_at_one_time(here: Scene, deeds: list[tuple[str, int, int]]) -> None:
    """Moved by any of them, taken out, put back in any order; what is not allowed changes nothing."""
    before = transaction.savepoint()
    others = [make.student_in(here.group) for _ in range(2)]
    booked = book(here, here.student, here.classmate, *others)
    for what, place, to in deeds:
        one = Appointment.objects.get(pk=booked[place].pk)
        told = _days_and_states()
        try:
            _do(here.tutor, what, one, to)
        except services.SettledError:
            assert told == {
                pk: (day, state) for pk, day, state in Appointment.objects.values_list("pk", "day", "state")
            }
        still = Appointment.objects.filter(state=State.BOOKED)
        assert len(set(still.values_list("day", "starts_at", "minutes", "room", "together"))) <= 1
        if what == "move" and told[one.pk][1] == State.BOOKED:
            number = sum(state == State.BOOKED for _, state in told.values())
            assert still.filter(day=TUESDAY + dt.timedelta(days=to)).count() == number, "all of them moved"
    transaction.savepoint_rollback(before)


def _do(by: User, what: str, one: Appointment, to: int) -> None:
    with acting_as(Actor(by.pk)):
        if what == "move":
            services.move_appointment(by=by, appointment=one, slot=at(TUESDAY + dt.timedelta(days=to), 9 + to))
        elif what == "reopen":
            services.reopen_appointment(by=by, appointment=one)
        elif what == "cancel all":
            services.cancel_together(by=by, appointment=one, reason="Ill")
        else:
            end = services.mark_missed if what == "missed" else services.cancel_appointment
            end(by=by, appointment=one, reason="Ill")


def _days_and_states() -> dict[object, tuple[dt.date, str]]:
    return {pk: (day, state) for pk, day, state in Appointment.objects.values_list("pk", "day", "state")}
