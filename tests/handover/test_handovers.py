"""What works for me: written with the student, handed over, acknowledged by the next tutor (duty 6, delight 14)."""

import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import Draft, Membership, User
from audit.models import Event
from core.acting import Actor, acting_as
from students.enums import TermName
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.groups.models import CaseloadEntry, TutorAssignment
from tutoring.handover.models import Handover, HandoverChange
from tutoring.handover.selectors import year_for

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
# The last of a page: whether there is a line for whoever looks (delight 14).
LIST, DETAIL = 9, 14


def write(world: Scene, client: Client, *, then: str = "save", **typed: Any) -> Any:
    url = reverse("handover:handover-write", args=[world.student.pk])
    form = hidden_fields(client.get(url)) | {"helps": "A quiet word at the door.", "then": then}
    return client.post(url, form | typed)


def next_tutor(world: Scene, **fields: Any) -> User:
    return make.person(Role.TUTOR, group=world.group, first_name="Noor", last_name="Next", **fields)


def detail(handover: Handover) -> str:
    return reverse("handover:handover-detail", args=[handover.pk])


def test_from_the_first_word_to_the_acknowledgement() -> None:
    """Duty 6: written with the student, handed over, read and acknowledged with a first thing to do."""
    world = scene()
    new, client = next_tutor(world), client_of(world.tutor)
    assert write(world, client, proud="My brother can read now.").status_code == 302
    handover = Handover.objects.get()
    assert (handover.student, handover.from_tutor, handover.year) == (world.student, world.tutor, year_for(localdate()))
    assert handover.is_writing
    answer = write(world, client, then="hand-over", proud="My brother can read now.", to=str(new.pk))
    assert answer.url == detail(handover)
    at_new = client_of(new)
    page = at_new.get(detail(handover))
    assert "My brother can read now." in page.content.decode()
    assert page.context["may_acknowledge"]
    assert at_new.post(detail(handover), {"first_thing": "I sit beside you on Monday."}).status_code == 302
    handover.refresh_from_db()
    assert (handover.acknowledged_by, handover.acknowledged_on) == (new, localdate())
    assert "I sit beside you on Monday." in client.get(detail(handover)).content.decode()
    kinds = set(Event.objects.filter(student_id=world.student.pk).values_list("action", flat=True))
    assert {"handover.begun", "handover.changed", "handover.given", "handover.opened", "handover.acknowledged"} <= kinds


def test_a_draft_is_kept_and_goes_with_the_saving() -> None:
    world = scene()
    client = client_of(world.tutor)
    form = hidden_fields(client.get(reverse("handover:handover-write", args=[world.student.pk])))
    client.post(reverse("accounts:draft-save", args=[form["draft_form"]]), form | {"helps": "Half a"})
    opened = client.get(reverse("handover:handover-write", args=[world.student.pk])).content.decode()
    assert "Half a" in opened
    write(world, client)
    assert Draft.objects.count() == 0


def test_nothing_is_handed_over_without_a_word_of_the_student() -> None:
    world = scene()
    page = write(world, client_of(world.tutor), then="hand-over", helps="", note="Nice lad.")
    assert page.status_code == 200
    assert not Handover.objects.exists()


def test_two_who_write_at_once_lose_nothing() -> None:
    """The second sees both texts, whether the row stood already or was begun meanwhile."""
    world = scene()
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    one, two = client_of(world.tutor), client_of(head)
    url = reverse("handover:handover-write", args=[world.student.pk])
    mine, theirs = hidden_fields(one.get(url)), hidden_fields(two.get(url))
    assert one.post(url, mine | {"helps": "First."}).status_code == 302
    late = two.post(url, theirs | {"helps": "Second."})
    assert late.status_code == 409
    assert "First." in late.content.decode()
    assert "Second." in late.content.decode()
    again = two.post(url, hidden_fields(late) | {"helps": "Both."})
    assert again.status_code == 302
    assert Handover.objects.get().helps == "Both."


def test_taken_back_until_it_is_acknowledged_and_never_after() -> None:
    world = scene()
    new, client = next_tutor(world), client_of(world.tutor)
    write(world, client, then="hand-over", to=str(new.pk))
    handover = Handover.objects.get()
    back = reverse("handover:handover-take-back", args=[handover.pk])
    client_of(new).post(back)
    assert Handover.objects.get().handed_on == localdate()
    client.post(back)
    assert Handover.objects.get().is_writing
    write(world, client, then="hand-over", to=str(new.pk), helps="Clearer now.")
    client_of(new).post(detail(handover), {"first_thing": ""})
    client.post(back)
    handover.refresh_from_db()
    assert handover.acknowledged_on == localdate()
    assert handover.helps == "Clearer now."


def test_without_a_name_it_is_for_whoever_tutors_the_student_and_then_named() -> None:
    world = scene()
    handover = make.HandoverFactory.create(student=world.student, from_tutor=world.tutor)
    head, new = make.person(Role.HEAD_OF_HOUSE, house=world.group.house), next_tutor(world)
    assert client_of(head).post(detail(handover), {"first_thing": ""}).status_code == 409
    assert client_of(world.tutor).post(detail(handover), {"first_thing": ""}).status_code == 409
    assert client_of(new).post(detail(handover), {"first_thing": ""}).status_code == 302
    handover.refresh_from_db()
    assert (handover.to, handover.acknowledged_by) == (new, new)


def test_a_deputy_acknowledges_for_whom_they_stand_in() -> None:
    world = scene()
    new = next_tutor(world)
    handover = make.HandoverFactory.create(student=world.student, from_tutor=world.tutor, to=new)
    deputy, other = make.UserFactory.create(), next_tutor(world, email="other@school.example")
    held = Membership.objects.get(user=new)
    make.MembershipFactory.create(user=deputy, role=Role.TUTOR, stands_in_for=held)
    assert client_of(other).post(detail(handover), {"first_thing": ""}).status_code == 409
    assert client_of(deputy).post(detail(handover), {"first_thing": ""}).status_code == 302
    handover.refresh_from_db()
    assert (handover.to, handover.acknowledged_by) == (new, deputy)


def refused(who: User, handover: Handover, **columns: Any) -> bool:
    """Whether PostgreSQL refuses this person the change, whatever page or service would allow it."""
    try:
        with acting_as(Actor(user_id=who.pk)), transaction.atomic():
            return not Handover.objects.filter(pk=handover.pk).update(**columns)
    except DatabaseError:
        return True


def test_postgresql_holds_who_acknowledges_and_what_rests() -> None:
    """Duty 6 past every view: raw writes as the web role."""
    world = scene()
    old, new = world.tutor, next_tutor(world)
    colleague = next_tutor(world, email="colleague@school.example")
    done = {"acknowledged_on": localdate()}
    writing = make.HandoverFactory.create(student=world.classmate, from_tutor=old, to=new, handed_on=None)
    assert refused(new, writing, acknowledged_by=new, **done)
    given = make.HandoverFactory.create(student=world.student, from_tutor=old, to=new)
    assert refused(colleague, given, acknowledged_by=colleague, **done)
    assert refused(colleague, given, acknowledged_by=new, **done)
    assert refused(colleague, given, to=colleague)
    assert refused(old, given, acknowledged_by=old, **done)
    assert refused(new, given, acknowledged_by=new, acknowledged_on=localdate() + DAY)
    assert refused(new, given, handed_on=None)
    assert refused(new, given, helps="Nothing.")
    assert refused(old, given, note="Other words.")
    assert refused(new, given, from_tutor=new)
    assert not refused(new, given, acknowledged_by=new, first_thing="I say hello.", **done)
    for who in (old, new, make.person(Role.HEAD_OF_HOUSE, house=world.group.house)):
        assert refused(who, given, helps="Nothing.")
        assert refused(who, given, first_thing="Nothing.")
        assert refused(who, given, acknowledged_on=None, acknowledged_by=None, first_thing="")


def test_who_reads_it() -> None:
    """The pastoral team; no teacher; the old tutor to the last day and not after it (delight 14)."""
    world = scene()
    handover = make.HandoverFactory.create(student=world.student, from_tutor=world.tutor)
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    assert client_of(teacher).get(detail(handover)).status_code == 403
    assert client_of(make.person(Role.SENCO)).get(detail(handover)).status_code == 200
    elsewhere = make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Curie"))
    assert client_of(elsewhere).get(detail(handover)).status_code == 404
    assignment = TutorAssignment.objects.filter(membership__user=world.tutor)
    client = client_of(world.tutor)
    assignment.update(ends_on=localdate())
    assert client.get(detail(handover)).status_code == 200
    assignment.update(ends_on=localdate() - DAY)
    assert client.get(detail(handover)).status_code == 404
    with acting_as(Actor(user_id=world.tutor.pk)):
        assert not Handover.objects.exists()
        assert not HandoverChange.objects.exists()


def test_what_goes_on_is_shown_from_what_is_there() -> None:
    """Open steps of plans and 1:1s; what only its author reads stays theirs."""
    world = scene()
    make.PlanStepFactory.create(plan__student=world.student, text="Breakfast club")
    talk = make.TutorSessionFactory.create(student=world.student, author=world.tutor)
    make.NextStepFactory.create(session=talk, text="Ask about the bus")
    handover = make.HandoverFactory.create(student=world.student, from_tutor=world.tutor)
    page = client_of(next_tutor(world)).get(detail(handover)).content.decode()
    assert "Breakfast club" in page
    assert "Ask about the bus" in page


def test_the_students_copy_is_one_page_of_their_own_words() -> None:
    world = scene()
    long = dict.fromkeys(("helps", "hinders", "proud", "working_on", "go_to"), "Sit near the front. " * 12)
    handover = make.HandoverFactory.create(
        student=world.student, from_tutor=world.tutor, note="For colleagues only.", **long
    )
    answer = client_of(world.tutor).get(reverse("handover:handover-copy", args=[handover.pk]))
    assert answer["Content-Type"] == "application/pdf"
    content = b"".join(answer) if answer.streaming else answer.content
    reader = PdfReader(io.BytesIO(content))
    text = reader.pages[0].extract_text()
    assert len(reader.pages) == 1
    assert "What works for me" in text
    assert "For colleagues only" not in text
    assert Event.objects.filter(action="handover.copied").exists()


def test_the_list_costs_the_same_for_many() -> None:
    world = scene()
    client, other = client_of(world.tutor), make.person(Role.TUTOR)
    for number in (1, 6):
        for _ in range(number):
            student = make.student_in(world.group)
            make.HandoverFactory.create(student=student, from_tutor=other, to=world.tutor)
            mine = make.student_in(world.group)
            make.HandoverFactory.create(student=mine, from_tutor=world.tutor)
        with CaptureQueriesContext(connection) as found:
            page = client.get(reverse("handover:handover-list"))
        assert len(found) == LIST
    assert (page.context["given_on"], len(page.context["lines"])) == (7, 16)
    assert [h.from_tutor for h in page.context["given"]] == [other] * 7
    handover = make.HandoverFactory.create(student=world.student, from_tutor=other, to=world.tutor)
    for _ in range(2):
        make.PlanStepFactory.create(plan__student=world.student)
        with CaptureQueriesContext(connection) as found:
            client.get(detail(handover))
        assert len(found) == DETAIL


def test_one_that_nobody_acknowledges_comes_to_the_head_of_house() -> None:
    """Delight 14; to no head of another house, and to nobody while there is time."""
    house, other = make.HouseFactory.create(), make.HouseFactory.create(name="Curie")
    group = make.TutorGroupFactory.create(house=house)
    tutor, head = make.person(Role.TUTOR, group=group), make.person(Role.HEAD_OF_HOUSE, house=house)
    stranger = make.person(Role.HEAD_OF_HOUSE, house=other)
    today = localdate()
    handover = make.HandoverFactory.create(student=make.student_in(group), handed_on=today - dt.timedelta(days=13))

    def due(user: User) -> list[tuple[Any, int]]:
        lines = client_of(user).get(reverse("desk:today")).context["due"]
        return [(due.line.pk, due.late) for due in lines if due.line.kind == "handover_unread"]

    assert due(head) == []
    Handover.objects.update(handed_on=today - dt.timedelta(days=17))
    assert due(head) == [(handover.pk, 3)]
    assert due(stranger) == due(tutor) == []
    Handover.objects.update(acknowledged_on=today, acknowledged_by=tutor)
    assert due(head) == []


def travel(day: dt.date) -> Any:
    return time_machine.travel(dt.datetime.combine(day, dt.time(10), dt.UTC), tick=False)


def due_kinds(user: User, kind: str) -> list[dt.date | None]:
    """The days of the lines of one kind on Today."""
    page = client_of(User.objects.get(pk=user.pk)).get(reverse("desk:today"))
    return [due.line.due_on for due in page.context["due"] if due.line.kind == kind]


def test_a_page_for_september_is_asked_for_while_the_student_is_in_school() -> None:
    """Delight 14: sight ends on 31 August, the term on 21 July; from four weeks before that the tutor is told."""
    world = scene()
    make.TermFactory.create(
        school=world.group.school, name=TermName.SUMMER, break_starts_on=None, break_ends_on=None,
        starts_on=dt.date(2027, 4, 12), ends_on=dt.date(2027, 7, 21),
    )  # fmt: skip
    TutorAssignment.objects.filter(membership__user=world.tutor).update(ends_on=dt.date(2027, 8, 31))
    for day, found in (
        (dt.date(2027, 6, 22), []),
        (dt.date(2027, 6, 23), [dt.date(2027, 7, 21)]),
        (dt.date(2027, 8, 20), [dt.date(2027, 7, 21)]),
        (dt.date(2027, 9, 1), []),
    ):
        with travel(day):
            assert due_kinds(world.tutor, "handovers") == found, day


def test_nobody_is_told_that_a_page_is_unread_before_the_next_tutor_had_a_fortnight() -> None:
    """Handed over on 1 July for the tutor of September: the head hears of it on 15 September."""
    house = make.HouseFactory.create()
    group = make.TutorGroupFactory.create(house=house)
    head, old, new = make.person(Role.HEAD_OF_HOUSE, house=house), make.person(Role.TUTOR), make.person(Role.TUTOR)
    first = dt.date(2027, 9, 1)
    student = make.student_in(group)
    make.TutorAssignmentFactory.create(membership=old.memberships.get(), group=group, ends_on=first - DAY)
    make.TutorAssignmentFactory.create(membership=new.memberships.get(), group=group, starts_on=first)
    written = dt.date(2027, 7, 1)
    make.HandoverFactory.create(student=student, from_tutor=old, to=new, year=2027, handed_on=written)
    due = first + 14 * DAY
    for day, found in ((dt.date(2027, 8, 20), []), (due - DAY, []), (due, [due])):
        with travel(day):
            assert due_kinds(head, "handover_unread") == found, day


def test_a_tutor_of_the_spring_has_a_fortnight_from_their_first_day() -> None:
    """Handed over on 1 February for a change on 1 March: neither 15 February nor 1 September is their day."""
    house = make.HouseFactory.create()
    group = make.TutorGroupFactory.create(house=house)
    head, old, new = make.person(Role.HEAD_OF_HOUSE, house=house), make.person(Role.TUTOR), make.person(Role.TUTOR)
    beside = make.person(Role.TUTOR, group=group)
    first, student = dt.date(2027, 3, 1), make.student_in(group)
    make.TutorAssignmentFactory.create(membership=old.memberships.get(), group=group, ends_on=first - DAY)
    make.TutorAssignmentFactory.create(membership=new.memberships.get(), group=group, starts_on=first)
    page = make.HandoverFactory.create(student=student, from_tutor=old, year=2026, handed_on=dt.date(2027, 2, 1))
    due = first + 14 * DAY
    for to in (new, None):
        Handover.objects.filter(pk=page.pk).update(to=to)
        for day, found in ((dt.date(2027, 2, 20), []), (due - DAY, []), (due, [due])):
            with travel(day):
                assert due_kinds(head, "handover_unread") == found, (to, day)
    Handover.objects.filter(pk=page.pk).update(to=beside)
    with travel(dt.date(2027, 2, 15)):
        assert due_kinds(head, "handover_unread") == [dt.date(2027, 2, 15)], "who has them already"


def test_what_a_deputy_or_the_other_tutor_wrote_is_written() -> None:
    """Nobody is asked for a second page of the same student for the same year."""
    world = scene()
    mine = TutorAssignment.objects.get(membership__user=world.tutor)
    other = make.person(Role.TUTOR, group=world.group)
    TutorAssignment.objects.update(ends_on=localdate() + 10 * DAY)
    cover = make.person(Role.TUTOR)
    cover.memberships.update(stands_in_for=mine.membership)
    everybody = (world.tutor, other, cover)
    asked = [localdate() + 10 * DAY]
    assert [due_kinds(user, "handovers") for user in everybody] == [asked, asked, asked]
    make.HandoverFactory.create(student=world.student, from_tutor=cover)
    assert [due_kinds(user, "handovers") for user in everybody] == [asked, asked, asked], "one is left"
    make.HandoverFactory.create(student=world.classmate, from_tutor=world.tutor)
    assert [due_kinds(user, "handovers") for user in everybody] == [[], [], []]
    for user in everybody:
        client = client_of(User.objects.get(pk=user.pk))
        listed = client.get(reverse("handover:handover-list")).context["lines"]
        assert all(line.handover and line.handover.handed_on for line in listed), "no page is begun twice"
        again = client.get(reverse("handover:handover-write", args=[world.student.pk]), follow=True)
        assert "This is handed over already." in again.content.decode()
    stranger = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="11Z"))
    Handover.objects.filter(student=world.student).update(from_tutor=stranger)
    assert due_kinds(other, "handovers") == asked, "somebody who was never with them"


def test_what_is_due_comes_to_today() -> None:
    """To acknowledge; and the group with somebody to write for before one's sight ends, if one does not go on there."""
    world = scene()
    before = make.person(Role.TUTOR)
    given = make.HandoverFactory.create(student=world.classmate, from_tutor=before, to=world.tutor)
    mine = TutorAssignment.objects.get(membership__user=world.tutor)

    def due() -> set[tuple[str, Any, str]]:
        page = client_of(User.objects.get(pk=world.tutor.pk)).get(reverse("desk:today"))
        lines = [due for due in page.context["due"] if due.line.kind.startswith("handover")]
        return {(due.line.kind, due.line.pk, due.url) for due in lines}

    to_read = ("handover", given.pk, detail(given))
    to_write = ("handovers", mine.pk, reverse("handover:handover-list"))
    assert due() == {to_read}
    mine.ends_on = localdate() + 10 * DAY
    mine.save()
    assert due() == {to_read, to_write}
    make.HandoverFactory.create(student=world.student, from_tutor=world.tutor, year=given.year)
    assert due() == {to_read, to_write}
    later = make.TutorGroupFactory.create(name="Next year")
    world.classmate.group_memberships.update(ends_on=localdate() + 10 * DAY)
    make.GroupMembershipFactory.create(
        student=world.classmate, group=later, starts_on=localdate() + 11 * DAY, ends_on=localdate() + 400 * DAY
    )
    make.TutorAssignmentFactory.create(membership=mine.membership, group=later, starts_on=localdate() + 11 * DAY)
    assert due() == {to_read}


def test_a_change_of_tutor_without_a_page_comes_to_the_head_as_a_count() -> None:
    """Delight 14, Year 11 into Year 12: the tutor of 11A is gone, nobody wrote; and a 1:1 tutor's single student."""
    house, today = make.HouseFactory.create(), localdate()
    old = make.TutorGroupFactory.create(name="11A", year_group=11, house=house)
    new = make.TutorGroupFactory.create(name="12A", year_group=12, house=house)
    head, stranger = (make.person(Role.HEAD_OF_HOUSE, house=h) for h in (house, make.HouseFactory.create(name="Curie")))
    gone, follows = make.person(Role.TUTOR, group=old), make.person(Role.TUTOR, group=new)
    students = [make.student_in(old) for _ in range(3)]
    for student in students:
        student.group_memberships.update(ends_on=today - 5 * DAY)
        make.GroupMembershipFactory.create(student=student, group=new, starts_on=today - 4 * DAY)

    def told(user: User) -> list[tuple[str, int, str]]:
        lines = client_of(user).get(reverse("desk:today")).context["due"]
        return [(d.line.text, d.late, d.url) for d in lines if d.line.kind == "handover_unwritten"]

    assert told(head) == []
    TutorAssignment.objects.filter(group=old).update(ends_on=today - 5 * DAY)
    assert told(head) == [("12A: 3", 4, reverse("handover:group-tutor", args=[new.pk]))]
    assert told(stranger) == told(follows) == []
    make.HandoverFactory.create(student=students[0], from_tutor=gone, handed_on=today - 60 * DAY)
    assert told(head)[0][0] == "12A: 2"
    TutorAssignment.objects.filter(group=new).update(membership=TutorAssignment.objects.get(group=old).membership)
    assert told(head) == [], "the tutor goes on with them"
    one = make.person(Role.ONE_TO_ONE_TUTOR, student=students[1])
    CaseloadEntry.objects.filter(membership__user=one).update(ends_on=today - DAY)
    assert told(head)[0][0] == "12A: 1"
    CaseloadEntry.objects.filter(membership__user=one).update(ends_on=today - 50 * DAY)
    assert told(head) == [], "too long ago"


def test_the_ending_of_a_single_student_asks_their_one_to_one_tutor_for_a_page() -> None:
    """Delight 14: those tied without a group count as well."""
    world = scene()
    one = make.person(Role.ONE_TO_ONE_TUTOR, student=world.student)

    def due() -> list[Any]:
        lines = client_of(User.objects.get(pk=one.pk)).get(reverse("desk:today")).context["due"]
        return [(d.line.student_id, d.url) for d in lines if d.line.kind == "handovers"]

    assert due() == []
    CaseloadEntry.objects.filter(membership__user=one).update(ends_on=localdate() + 10 * DAY)
    assert due() == [(world.student.pk, reverse("handover:handover-list"))]
    make.HandoverFactory.create(student=world.student, from_tutor=one, handed_on=localdate())
    assert due() == []
