"""Facts 4.4: the headteacher reads one child's file for an hour, for a reason, and every lead who keeps it knows."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding.mails import send_alerts
from safeguarding.models import Concern, ConcernChild, Entry, LeadAlert
from safeguarding.selectors import readers_so_far
from safeguarding.sharing.models import GlassBreak, GlassSeen
from tests import factories as make
from tests.safeguarding.pages import WORDS, World, client_of, label, raised, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The police ask for him at the gate, and no lead answers."
BREAK, FILE, DETAIL = (f"safeguarding:glass-{name}" for name in ("break", "file", "detail"))


@pytest.fixture
def here() -> World:
    return world()


def break_it(by: User, here: World, **typed: str) -> HttpResponse:
    sent = {"child": label(here.student), "why": WHY} | typed
    return client_of(by, elevated=True).post(reverse(BREAK), sent)  # type: ignore[return-value]


def broken(by: User, here: World, ago: int = 0) -> GlassBreak:
    """Through the page, and then moved back by so many minutes, as only the owner can."""
    answer = break_it(by, here)
    assert answer.status_code == 302, answer.content.decode()
    if ago:
        at = timezone.now() - dt.timedelta(minutes=ago)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sharing_glassbreak DISABLE TRIGGER glass_stands")
            cursor.execute("UPDATE sharing_glassbreak SET opened_at = %s", [at])
            cursor.execute("ALTER TABLE sharing_glassbreak ENABLE TRIGGER glass_stands")
    return GlassBreak.objects.latest("opened_at")


def file_of(by: User) -> str:
    return client_of(by, elevated=True).get(reverse(FILE), follow=True).content.decode()


def shown(user: User, *, elevated: bool = True) -> list[int]:
    """How many concerns, children and entries PostgreSQL shows."""
    with acting_as(Actor(user.pk, elevated=elevated)):
        return [model.objects.count() for model in (Concern, ConcernChild, Entry)]


def test_for_an_hour_the_head_reads_one_childs_file_and_nothing_else(here: World) -> None:
    raised(here.tutor, here.student)
    raised(here.tutor, here.classmate)
    assert shown(here.head) == [0, 0, 0]
    broken(here.head, here)
    assert shown(here.head) == [1, 1, 0], "no word before its opening stands on the record"
    assert WORDS in file_of(here.head)
    assert shown(here.head) == [1, 1, 1]
    assert shown(here.head, elevated=False) == [0, 0, 0]
    opened = Event.objects.filter(action="file.opened", actor_id=here.head.pk)
    assert [one.object_id for one in opened] == [str(here.student.pk)]


@pytest.mark.parametrize("how", ["an hour", "another child", "the role"])
def test_it_ends_by_itself_in_the_database(here: World, how: str) -> None:
    raised(here.tutor, here.student)
    broken(here.head, here, ago=61 if how == "an hour" else 0)
    if how == "another child":
        break_it(here.head, here, child=label(here.classmate))
    elif how == "the role":
        Membership.objects.filter(user=here.head).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert shown(here.head) == [0, 0, 0]
    if how != "the role":
        assert WORDS not in file_of(here.head)
    broken_before = GlassBreak.objects.count()
    assert shown(here.dsl)[0] == 1
    assert GlassBreak.objects.count() == broken_before


def test_fifty_nine_minutes_are_within_the_hour(here: World) -> None:
    raised(here.tutor, here.student)
    broken(here.head, here, ago=59)
    assert shown(here.head)[0] == 1


def test_every_lead_who_keeps_the_file_is_alerted_and_has_it_on_the_desk_until_they_know(here: World) -> None:
    glass = broken(here.head, here)
    assert {row.person for row in LeadAlert.objects.all()} == {here.dsl, here.deputy}
    assert send_alerts() == 2
    for sent in mail.outbox:
        for word in ("Amara", "Okafor", "glass", "file", "head", "Quaye", "safeguarding"):
            assert word not in (sent.subject + sent.body).lower()
    lead = client_of(here.deputy, elevated=True)
    desk = lead.get(reverse("safeguarding:desk")).content.decode()
    assert "broke the glass" in desk
    assert WHY not in desk
    page = lead.get(reverse(DETAIL, args=[glass.pk])).content.decode()
    for word in (WHY, str(here.head), "Amara Okafor"):
        assert word in page
    assert lead.post(reverse(DETAIL, args=[glass.pk])).status_code == 302
    assert "broke the glass" not in lead.get(reverse("safeguarding:desk")).content.decode()
    other = client_of(here.dsl, elevated=True)
    assert "broke the glass" in other.get(reverse("safeguarding:desk")).content.decode(), "each for themselves"
    assert str(here.deputy) in other.get(reverse(DETAIL, args=[glass.pk])).content.decode()


def test_it_stands_on_the_record_with_the_file_and_in_who_has_looked(here: World) -> None:
    concern = raised(here.tutor, here.student)
    broken(here.head, here)
    file_of(here.head)
    [line] = Event.objects.filter(action="file.glass_broken")
    assert (line.actor_id, line.object_id, line.detail) == (here.head.pk, str(here.student.pk), {})
    lead = client_of(here.dsl, elevated=True)
    for address in (
        reverse("safeguarding:child-file", args=[here.student.pk]),
        reverse("safeguarding:concern-detail", args=[concern.pk]),
    ):
        assert WHY in lead.get(address, follow=True).content.decode(), address
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        looked = [who for _, who in readers_so_far(concern.pk)]
    assert str(here.head) in looked
    assert f"{here.head}, breaking the glass" in looked


def test_before_and_after_it_tells_nothing_that_is_not_there(here: World) -> None:
    """Of two children, one with a file: the page before is the same, and what is sent for either goes as far."""
    raised(here.tutor, here.student)
    head = client_of(here.head, elevated=True)
    page = head.get(reverse(BREAK)).content.decode()
    for child in (here.student, here.classmate):
        assert page.count(f'<option value="{label(child)}">') == 1
        said = break_it(here.head, here, child=label(child), why="short").content.decode()
        assert "Say why, in 20 letters" in said
    assert shown(here.head) == [0, 0, 0]
    answer = break_it(here.head, here, child=label(here.classmate))
    assert answer.status_code == 302
    assert "There is nothing for you to read" in file_of(here.head)
    assert {row.person for row in LeadAlert.objects.filter(made_at__gt=timezone.now() - dt.timedelta(minutes=1))} >= {
        here.dsl,
        here.deputy,
    }
    assert GlassBreak.objects.get().student == here.classmate


@pytest.mark.parametrize("of", ["child", "concern"])
def test_where_the_head_is_kept_from_it_there_is_nothing_as_where_there_is_no_file(here: World, of: str) -> None:
    concern = raised(here.tutor, here.student)
    about = {"student": here.student, "concern": None} if of == "child" else {"student": None, "concern": concern}
    make.KeptFromFactory.create(person=here.head, set_by=here.dsl, **about)
    broken(here.head, here)
    page = file_of(here.head)
    assert "There is nothing for you to read" in page
    assert WORDS not in page
    assert shown(here.head) == [0, 0, 0]
    assert LeadAlert.objects.filter(person=here.dsl).exists()


def test_never_what_is_said_of_adults_nor_of_the_head(here: World) -> None:
    head = raised(here.tutor, here.student, store="head", adult="the head")
    of_head = raised(here.tutor, here.student, store="staff", adult="Quaye", about_staff=str(here.head.pk))
    assert {head.store, of_head.store} == {"head"}
    broken(here.head, here)
    assert shown(here.head)[0] == 0
    assert "There is nothing for you to read" in file_of(here.head)


def test_it_is_to_read_and_nothing_else(here: World) -> None:
    """Neither desk nor search nor the concern's own pages have it, nothing is done with it and nothing taken away."""
    concern = raised(here.tutor, here.student)
    broken(here.head, here)
    page = file_of(here.head)
    assert reverse("safeguarding:concern-detail", args=[concern.pk]) not in page
    head = client_of(here.head, elevated=True)
    assert concern.receipt.reference not in head.get(reverse("safeguarding:desk")).content.decode()
    for name in ("concern-detail", "entry-create", "kept-from-create"):
        assert head.get(reverse(f"safeguarding:{name}", args=[concern.pk])).status_code == 404
    for name in ("child-file", "child-file-pdf"):
        assert head.get(reverse(f"safeguarding:{name}", args=[here.student.pk])).status_code == 404
    assert head.post(reverse("safeguarding:concern-receive", args=[concern.pk])).status_code == 404
    found = head.post(reverse("safeguarding:search"), {"words": "kitchen"})
    assert "kitchen at night" not in head.post(found.headers["Location"], {"words": "kitchen"}).content.decode()
    with acting_as(Actor(here.head.pk, elevated=True)):
        assert Concern.objects.update(status="closed") == 0
        assert ConcernChild.objects.all().delete()[0] == 0
        entry = Entry(concern=concern, kind="note", author=here.head, written_at=timezone.now(), words=b"x")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            entry.save(force_insert=True)


def test_who_keeps_the_file_anyway_breaks_no_glass(here: World) -> None:
    make.MembershipFactory.create(user=here.head, role=Role.DEPUTY_DSL)
    assert "keep this child’s file anyway" in break_it(here.head, here).content.decode()
    assert not GlassBreak.objects.exists()


def test_it_stays_shut_where_nobody_would_be_told_and_the_reason_comes_back(here: World) -> None:
    User.objects.filter(pk__in=[here.dsl.pk, here.deputy.pk]).update(is_active=False)
    page = break_it(here.head, here).content.decode()
    assert "no safeguarding lead has an account" in page
    assert WHY in page
    assert not GlassBreak.objects.exists()


def test_nobody_else_breaks_it_or_learns_of_it(here: World) -> None:
    glass = broken(here.head, here)
    house = make.person(Role.DEPUTY_DSL, house=make.HouseFactory.create(name="Curie"), last_name="Elsewhere")
    for person in (here.tutor, here.chair, here.deputy, house, make.person(Role.SENIOR_LEADER)):
        assert break_it(person, here).status_code == 403
        assert client_of(person, elevated=True).get(reverse(FILE)).status_code == 403
    there, not_there = (
        client_of(house, elevated=True).get(reverse(DETAIL, args=[key])) for key in (glass.pk, uuid.uuid4())
    )
    assert there.status_code == not_there.status_code == 404
    assert client_of(here.head, elevated=True).get(reverse(DETAIL, args=[glass.pk])).status_code == 403
    assert client_of(here.head).post(reverse(BREAK), {}).status_code == 401, "a fresh proof first"
    assert not LeadAlert.objects.filter(person=house).exists()


def test_a_lead_who_is_kept_from_the_child_hears_nothing_of_it(here: World) -> None:
    make.KeptFromFactory.create(person=here.deputy, set_by=here.dsl, student=here.student, concern=None)
    glass = broken(here.head, here)
    told = {row.person for row in LeadAlert.objects.all()}
    assert here.dsl in told
    assert here.deputy not in told
    deputy = client_of(here.deputy, elevated=True)
    assert "broke the glass" not in deputy.get(reverse("safeguarding:desk")).content.decode()
    assert deputy.get(reverse(DETAIL, args=[glass.pk])).status_code == 404


def add(by: User, here: World, **values: Any) -> None:
    row = {"student": here.student, "person": by, "opened_at": timezone.now(), "why": b"x" * 60} | values
    with acting_as(Actor(by.pk, elevated=True)), transaction.atomic():
        GlassBreak(**row).save(force_insert=True)


def test_past_every_view_it_is_the_databases_to_say_when_and_it_stands(here: World) -> None:
    tomorrow = timezone.now() + dt.timedelta(days=1)
    add(here.head, here, opened_at=tomorrow)
    glass = GlassBreak.objects.get()
    assert glass.opened_at < tomorrow - dt.timedelta(hours=23)
    with pytest.raises(IntegrityError, match="twenty letters"):
        add(here.head, here, why=b"x" * 52)
    with pytest.raises(ProgrammingError, match="row-level security"):
        add(here.head, here, person=here.dsl)
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        GlassSeen(glass=glass, person=here.dsl, seen_at=tomorrow).save(force_insert=True)
    assert GlassSeen.objects.get().seen_at < tomorrow - dt.timedelta(hours=23)
    for person in (here.head, here.dsl):
        for model in (GlassBreak, GlassSeen):
            with (
                acting_as(Actor(person.pk, elevated=True)),
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
            ):
                model.objects.all()._raw_delete("default")
    for row, column in ((glass, "opened_at"), (GlassSeen.objects.get(), "seen_at")):
        with pytest.raises(IntegrityError, match="stands as it is"), transaction.atomic():
            type(row).objects.update(**{column: tomorrow})
        with pytest.raises(IntegrityError, match="stands as it is"), transaction.atomic():
            type(row).objects.all()._raw_delete("default")
