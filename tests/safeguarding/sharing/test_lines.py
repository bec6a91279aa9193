"""Duty 60: one line that named staff need to know, for a time; nobody else learns that there is one."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, ProgrammingError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding import conflicts
from safeguarding.mails import send_alerts
from safeguarding.models import LeadAlert
from safeguarding.sharing.advice import second_look
from safeguarding.sharing.models import StaffLine, StaffLineReader, StaffLineWords
from tests import factories as make
from tests.safeguarding.pages import World, client_of, raised, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Please let Amara sit near the door, and go out without asking."
WHY = "Panics when the room is full."
CREATE, LIST, DETAIL, READ = (f"safeguarding:line-{name}" for name in ("create", "list", "detail", "for-me"))


@pytest.fixture
def here() -> World:
    return world()


def publish(by: User, here: World, to: list[User], **more: Any) -> HttpResponse:
    url = reverse(CREATE, args=[here.student.pk])
    until = timezone.localdate() + dt.timedelta(days=14)
    sent = {"text": TEXT, "why": WHY, "until": f"{until}", "people": [str(one.pk) for one in to]}
    return client_of(by, elevated=True).post(url, sent | more)  # type: ignore[return-value]


def published(here: World, *people: User) -> StaffLine:
    assert publish(here.dsl, here, list(people or [here.tutor])).status_code == 302
    return StaffLine.objects.get()


def seen(user: User, *, elevated: bool = False) -> list[int]:
    """How many lines, readers and words PostgreSQL shows."""
    with acting_as(Actor(user.pk, elevated=elevated)):
        return [model.objects.count() for model in (StaffLine, StaffLineReader, StaffLineWords)]


def open_it(client: Client, line: StaffLine, name: str = READ) -> HttpResponse:
    return client.get(reverse(name, args=[line.pk]), follow=True)  # type: ignore[return-value]


def pages_of(user: User, here: World) -> str:
    """Today, the student's page, the list of students, what search finds, and one's own record."""
    client = client_of(user)
    addresses = [
        reverse("desk:today"),
        reverse("desk:student-story", args=[here.student.pk]),
        reverse("desk:student-list"),
        reverse("desk:find") + "?q=Amara",
        reverse("record:mine"),
    ]
    return "".join(client.get(address).content.decode() for address in addresses)


def test_a_named_colleague_reads_it_acknowledges_it_and_that_is_written_down(here: World) -> None:
    line = published(here)
    said = pages_of(here.tutor, here)
    assert said.count("Something you need to know about Amara Okafor") == 2, "on Today and at the student's page"
    assert TEXT not in said, "over shoulders"
    client = client_of(here.tutor)
    answer = open_it(client, line)
    assert TEXT in answer.content.decode()
    assert WHY not in answer.content.decode()
    opened = Event.objects.filter(action="file.line_opened", actor_id=here.tutor.pk)
    assert [one.object_id for one in opened] == [str(line.pk)]
    client.post(reverse(READ, args=[line.pk]))
    assert StaffLineReader.objects.get().understood_at is not None
    page = open_it(client_of(here.dsl, elevated=True), line, DETAIL).content.decode()
    for word in (TEXT, WHY, "read and understood on", str(here.tutor)):
        assert word in page
    assert "not read yet" not in pages_of(here.tutor, here)


def test_no_word_without_the_note_before_it(here: World) -> None:
    line = published(here)
    assert seen(here.tutor) == [1, 1, 0]
    assert seen(here.dsl, elevated=True) == [1, 1, 0]
    open_it(client_of(here.tutor), line)
    assert seen(here.tutor) == [1, 1, 1], "the text, and never why"
    assert seen(here.dsl, elevated=True) == [1, 1, 0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(words, 'escape'), '') FROM sharing_stafflinewords")
        sealed = cursor.fetchone()[0]
    assert "door" not in sealed
    assert "Panics" not in sealed


def test_nobody_else_learns_that_there_is_one(here: World) -> None:
    line = published(here)
    people = {role: make.person(role, last_name=f"Other {role}", **({"group": here.group} if role in (
        Role.TUTOR, Role.SUBJECT_TEACHER) else {})) for role in Role}  # fmt: skip
    for role, person in people.items():
        if role in (Role.DSL, Role.DEPUTY_DSL):
            continue
        assert seen(person, elevated=True) == [0, 0, 0], role
        there, not_there = (
            client_of(person).get(reverse(READ, args=[pk])).status_code for pk in (line.pk, uuid.uuid4())
        )
        assert there == not_there in (403, 404), role
        for address in (LIST, DETAIL):
            arguments = [line.pk] if address == DETAIL else []
            assert client_of(person, elevated=True).get(reverse(address, args=arguments)).status_code == 403, role
    for role in (Role.TUTOR, Role.HEAD_OF_HOUSE, Role.HEADTEACHER, Role.DATA_MANAGER):
        assert "need to know" not in pages_of(people[role], here)
    assert seen(people[Role.DSL]) == [0, 0, 0], "the leads after a fresh proof"


def test_the_mail_says_that_there_is_something_to_read_and_nothing_else(here: World) -> None:
    published(here)
    assert send_alerts() == 1
    [sent] = mail.outbox
    assert sent.to == [here.tutor.email]
    for word in ("Amara", "Okafor", "line", "student", "door", "safeguarding"):
        assert word not in (sent.subject + sent.body).lower()


@pytest.mark.parametrize("how", ["expired", "withdrawn", "out of reach", "switched off"])
def test_it_is_gone_for_them_and_stays_for_the_leads(here: World, how: str) -> None:
    line = published(here)
    open_it(client_of(here.tutor), line)
    if how == "expired":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sharing_staffline DISABLE TRIGGER settled")
            cursor.execute("UPDATE sharing_staffline SET until = %s", [timezone.localdate() - dt.timedelta(days=1)])
            cursor.execute("ALTER TABLE sharing_staffline ENABLE TRIGGER settled")
    elif how == "withdrawn":
        client_of(here.dsl, elevated=True).post(reverse(DETAIL, args=[line.pk]))
    elif how == "out of reach":
        Membership.objects.filter(user=here.tutor).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    else:
        User.objects.filter(pk=here.tutor.pk).update(is_active=False)
    assert seen(here.tutor) == [0, 0, 0]
    if how in ("expired", "withdrawn"):
        assert client_of(here.tutor).get(reverse(READ, args=[line.pk])).status_code == 404
        assert "need to know" not in pages_of(here.tutor, here)
    page = open_it(client_of(here.deputy, elevated=True), line, DETAIL).content.decode()
    assert TEXT in page


def test_on_the_desk_stands_who_has_not_read_it(here: World) -> None:
    published(here)
    desk = client_of(here.deputy, elevated=True).get(reverse("safeguarding:desk")).content.decode()
    assert "1 not yet read by everybody" in desk
    assert str(here.tutor) in desk
    client_of(here.tutor).post(reverse(READ, args=[StaffLine.objects.get().pk]))
    assert (
        "not yet read" not in client_of(here.deputy, elevated=True).get(reverse("safeguarding:desk")).content.decode()
    )


def test_it_stays_on_the_childs_file_for_the_leads(here: World) -> None:
    raised(here.tutor, here.student)
    line = published(here)
    lead = client_of(here.deputy, elevated=True)
    lead.post(reverse(DETAIL, args=[line.pk]))
    page = lead.get(reverse("safeguarding:child-file", args=[here.student.pk]), follow=True).content.decode()
    for word in (TEXT, WHY, "Withdrawn on", str(here.tutor)):
        assert word in page


def test_all_who_teach_are_named_as_they_are_today(here: World) -> None:
    teacher = make.person(Role.SUBJECT_TEACHER, group=here.group, last_name="Okonkwo")
    make.AssessmentFactory.create(student=here.student, teacher=teacher)
    page = client_of(here.dsl, elevated=True).get(reverse(CREATE, args=[here.student.pk])).content.decode()
    assert "All who teach them today (1)" in page
    assert publish(here.dsl, here, [], teach="on").status_code == 302
    assert [row.person for row in StaffLineReader.objects.all()] == [teacher]


def test_a_second_look_before_it_is_published(here: World) -> None:
    told = "Social care are involved after her disclosure; the police know."
    page = publish(here.dsl, here, [here.tutor], text=told).content.decode()
    for word in ("“social care”", "“disclosure”", "“police”", told):
        assert word in page
    assert not StaffLine.objects.exists()
    assert publish(here.dsl, here, [here.tutor], text=told, sure="on").status_code == 302
    assert second_look(TEXT) == []


def test_what_is_missing_stands_at_the_form(here: World) -> None:
    far = timezone.localdate() + dt.timedelta(days=500)
    for wrong, said in (
        ({"text": ""}, "Write the line"),
        ({"why": ""}, "Say why"),
        ({"until": f"{far}"}, "within a year"),
        ({"people": []}, "at least one colleague"),
        ({"people": [str(here.chair.pk)]}, "Select a valid choice"),
    ):
        assert said in publish(here.dsl, here, [here.tutor], **wrong).content.decode(), wrong
    assert not StaffLine.objects.exists()


def test_whoever_is_kept_from_the_child_keeps_none_of_their_lines(here: World) -> None:
    concern = raised(here.tutor, here.student)
    line = published(here)
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        conflicts.keep_from(by=here.dsl, concern=concern, person=here.deputy, student=here.student, why="x")
    assert seen(here.deputy, elevated=True) == [0, 0, 0]
    assert client_of(here.deputy, elevated=True).get(reverse(DETAIL, args=[line.pk])).status_code == 404


def test_past_every_view(here: World) -> None:
    """Nobody publishes in another's name or past a year, understands for another, or brings one back."""
    line = published(here)
    today = timezone.localdate()
    with acting_as(Actor(here.tutor.pk, elevated=True)), pytest.raises(ProgrammingError, match="row-level security"):
        StaffLine(student=here.student, published_by=here.tutor, published_at=timezone.now(), until=today).save()
    far = today + dt.timedelta(days=400)
    with acting_as(Actor(here.dsl.pk, elevated=True)), pytest.raises(IntegrityError, match="a year at most"):
        StaffLine(student=here.student, published_by=here.dsl, published_at=timezone.now(), until=far).save()
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        assert StaffLineReader.objects.update(understood_at=timezone.now()) == 0
    with acting_as(Actor(here.dsl.pk, elevated=True)), pytest.raises(ProgrammingError, match="row-level security"):
        StaffLineReader(line=line, person=here.chair).save()
    with acting_as(Actor(here.tutor.pk)):
        StaffLineReader.objects.update(understood_at=timezone.now())
    with acting_as(Actor(here.tutor.pk)), pytest.raises(IntegrityError, match="understood once"):
        StaffLineReader.objects.update(understood_at=None)
    with acting_as(Actor(here.deputy.pk, elevated=True)), pytest.raises(IntegrityError, match="withdrawn once"):
        StaffLine.objects.update(withdrawn_at=timezone.now(), withdrawn_by=here.dsl)
    with acting_as(Actor(here.deputy.pk, elevated=True)):
        StaffLine.objects.update(withdrawn_at=timezone.now(), withdrawn_by=here.deputy)
    with acting_as(Actor(here.deputy.pk, elevated=True)), pytest.raises(IntegrityError, match="withdrawn once"):
        StaffLine.objects.update(withdrawn_at=None, withdrawn_by=None)


def test_who_is_named_is_alerted_and_nobody_else(here: World) -> None:
    teacher = make.person(Role.TUTOR, group=here.group, last_name="Second")
    published(here, here.tutor, teacher)
    assert {row.person for row in LeadAlert.objects.all()} == {here.tutor, teacher}
