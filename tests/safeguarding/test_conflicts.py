"""Duty 54, decision 0011: a lead who is a relative or a party is kept from it and never learns so; somebody is left."""

import threading
import uuid

import pytest
from django.contrib.messages import get_messages
from django.db import ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding import conflicts, services
from safeguarding.models import Concern, KeptFrom, Receipt
from students.models import Student
from tests import factories as make
from tests.safeguarding.pages import WORDS, World, client_of, label, raised, read, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
WHY = "His uncle by marriage"
CREATE, END, OWNER = "safeguarding:kept-from-create", "safeguarding:kept-from-end", "safeguarding:concern-owner"


@pytest.fixture
def here() -> World:
    return world()


def seen_by(user: User) -> set[uuid.UUID]:
    with acting_as(Actor(user.pk, elevated=True)):
        return set(Concern.objects.values_list("pk", flat=True))


def holders_as(user: User, concern: Concern, *, elevated: bool = True) -> set[uuid.UUID]:
    with acting_as(Actor(user.pk, elevated=elevated)), connection.cursor() as cursor:
        cursor.execute("SELECT guard.concern_holders(%s)", [concern.pk])
        return {row[0] for row in cursor.fetchall()}


def keep(by: User, concern: Concern, person: User, what: str = "concern", why: str = WHY) -> HttpResponse:
    """As the card on the concern's page sends it."""
    url = reverse(CREATE, args=[concern.pk])
    sent = {"person": str(person.pk), "what": what, "why": why}
    return client_of(by, elevated=True).post(url, sent)  # type: ignore[return-value]


def keep_in_database(by: User, person: User, concern: Concern, student: Student | None = None) -> None:
    with acting_as(Actor(by.pk, elevated=True)):
        conflicts.keep_from(by=by, concern=concern, person=person, student=student, why=WHY)


def owner_now(concern: Concern) -> User | None:
    return Concern.objects.get(pk=concern.pk).owner


def offered(page: str, name: str) -> str:
    """The choices of one select."""
    return page[page.index(f'name="{name}"') :].split("</select>")[0]


@pytest.mark.parametrize("of", ["student", "concern"])
def test_a_deputy_is_kept_from_it_and_may_read_it_again(here: World, of: str) -> None:
    concern, other = raised(here.tutor, here.student), raised(here.tutor, here.classmate)
    what = str(here.student.pk) if of == "student" else "concern"
    assert keep(here.dsl, concern, here.deputy, what).status_code == 302
    row = KeptFrom.objects.get()
    assert (row.student, row.concern) == ((here.student, None) if of == "student" else (None, concern))
    assert (row.set_by, WHY.encode() in bytes(row.why)) == (here.dsl, False)
    assert seen_by(here.deputy) == {other.pk}

    lead = client_of(here.dsl, elevated=True)
    card = read(lead, concern).content.decode().split("Kept from</h2>")[1].split("</section>")[0]
    for word in (str(here.deputy), WHY, f"by {here.dsl}", "May read it again"):
        assert word in card
    assert ("everything about Amara Okafor" in card.split("<details")[0]) == (of == "student")

    url = reverse(END, args=[concern.pk])
    assert lead.post(reverse(END, args=[other.pk]), {"kept": str(row.pk)}).status_code == 404, "not of that concern"
    assert lead.post(url, {"kept": str(row.pk)}).status_code == 302
    assert seen_by(here.deputy) == {concern.pk, other.pk}
    row.refresh_from_db()
    assert row.ended_by == here.dsl
    assert row.ended_at is not None
    lines = Event.objects.filter(action__startswith="file.kept_from").order_by("at")
    assert [(line.action, line.object_id, line.student_id) for line in lines] == [
        ("file.kept_from", str(concern.pk), None),
        ("file.kept_from_ended", str(concern.pk), None),
    ]
    with acting_as(Actor(here.deputy.pk, elevated=True)):
        assert not Event.objects.filter(action__startswith="file.kept_from").exists()


def test_whoever_is_kept_from_it_learns_it_nowhere(here: World) -> None:
    """Not by the desk, other concerns of the same child, the lists to choose from, mails, or trying to end it."""
    first, second = raised(here.tutor, here.student), raised(here.tutor, here.student)
    keep(here.dsl, first, here.deputy)
    deputy, row = client_of(here.deputy, elevated=True), KeptFrom.objects.get()
    desk = deputy.get(reverse("safeguarding:desk")).content.decode()
    page = read(deputy, second).content.decode()
    assert WORDS in page
    for said in (desk, page):
        assert str(first.pk) not in said
        assert Receipt.objects.get(concern=first).reference not in said
        assert WHY not in said
    assert str(here.deputy.pk) not in offered(page, "person")
    for name in (CREATE, OWNER):
        assert deputy.post(reverse(name, args=[first.pk])).status_code == 404
    for concern in (first, second):
        assert deputy.post(reverse(END, args=[concern.pk]), {"kept": str(row.pk)}).status_code == 404
    assert KeptFrom.objects.get().ended_at is None
    with acting_as(Actor(here.deputy.pk, elevated=True)):
        assert conflicts.kept_from(second) == []


def test_what_they_had_in_hand_of_it_is_in_nobodys(here: World) -> None:
    other, *ours, leads = (
        raised(here.tutor, child) for child in (here.classmate, here.student, here.student, here.student)
    )
    first, second = ours
    client_of(here.dsl, elevated=True).post(reverse("safeguarding:concern-receive", args=[leads.pk]))
    deputy = client_of(here.deputy, elevated=True)
    for concern in (first, second, other):
        deputy.post(reverse("safeguarding:concern-receive", args=[concern.pk]))
    answer = keep(here.dsl, first, here.deputy, str(here.student.pk))
    assert "give it to somebody" in " ".join(map(str, get_messages(answer.wsgi_request)))  # type: ignore[attr-defined]
    assert [owner_now(concern) for concern in (first, second, other, leads)] == [None, None, here.deputy, here.dsl]
    lead = client_of(here.dsl, elevated=True)
    page = read(lead, first).content.decode()
    assert str(here.deputy.pk) not in offered(page, "owner")
    assert str(here.dsl.pk) in offered(page, "owner")
    desk = lead.get(reverse("safeguarding:desk")).content.decode()
    assert "In nobody’s hands" in desk
    assert desk.index(str(first.pk)) < desk.index(str(other.pk)), "what nobody has comes first"
    refused = lead.post(reverse(OWNER, args=[first.pk]), {"owner": str(here.deputy.pk)}, follow=True)
    assert "Nothing was saved" in refused.content.decode()
    assert owner_now(first) is None
    lead.post(reverse(OWNER, args=[first.pk]), {"owner": str(here.dsl.pk)})
    assert owner_now(first) == here.dsl


def test_where_nobody_would_be_left_it_goes_to_the_headteacher(here: World) -> None:
    """Of a concern of two children each reader may be kept from another child."""
    make.person(Role.DEPUTY_DSL, house=make.HouseFactory.create(name="Elgar"), last_name="Elsewhere")
    third = make.person(Role.DEPUTY_DSL, last_name="Third")
    both = raised(here.tutor, here.student, child_1=label(here.classmate))
    one = raised(here.tutor, here.classmate)
    keep(here.deputy, both, here.dsl, str(here.student.pk))
    keep(here.deputy, both, third, str(here.student.pk))
    assert seen_by(here.dsl) == seen_by(third) == {one.pk}
    assert keep(here.dsl, one, here.deputy, str(here.classmate.pk)).status_code == 302
    assert seen_by(here.deputy) == set()
    assert seen_by(here.head) == {both.pk}


def test_two_who_keep_each_other_from_it_at_the_same_moment(here: World) -> None:
    concern = raised(here.tutor, here.student)
    said, over, refused = threading.Event(), threading.Event(), []

    def deputy_keeps_the_lead() -> None:
        said.wait(20)
        try:
            keep_in_database(here.deputy, here.dsl, concern)
        except conflicts.NobodyLeftError:
            refused.append(True)
        finally:
            connection.close()
            over.set()

    second = threading.Thread(target=deputy_keeps_the_lead)
    second.start()
    with acting_as(Actor(here.dsl.pk, elevated=True)), transaction.atomic():
        conflicts.keep_from(by=here.dsl, concern=concern, person=here.deputy, student=None, why=WHY)
        said.set()
        over.wait(3)  # they wait for this one, so this is as long as they are given
    second.join(20)
    assert refused == [True]
    assert KeptFrom.objects.get().person == here.deputy


def test_what_is_missing_or_said_already_stands_at_the_form(here: World) -> None:
    concern = raised(here.tutor, here.student)
    page = keep(here.dsl, concern, here.deputy, why="").content.decode()
    assert "Say why" in page
    assert f'value="{here.deputy.pk}" selected' in offered(page, "person")
    # Whoever reads no file, and oneself, are not in the list.
    for person in (here.tutor, here.chair, here.dsl):
        assert keep(here.dsl, concern, person).status_code == 200, person
    assert keep(here.dsl, concern, here.deputy, str(here.classmate.pk)).status_code == 200, "not a child of it"
    assert not KeptFrom.objects.exists()
    keep(here.dsl, concern, here.deputy)
    assert "is kept from it already" in keep(here.dsl, concern, here.deputy).content.decode()
    assert KeptFrom.objects.count() == 1


def test_only_who_really_reads_it_has_it_in_hand(here: World) -> None:
    """A deputy of another house is not offered, and the service refuses them as well."""
    elsewhere = make.person(Role.DEPUTY_DSL, house=make.HouseFactory.create(name="Elgar"), last_name="Elsewhere")
    officer = make.person(Role.DEPUTY_DSL, house=here.group.house, last_name="Officer")
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    lead.post(reverse("safeguarding:concern-receive", args=[concern.pk]))
    owners = offered(read(lead, concern).content.decode(), "owner")
    assert [str(one.pk) in owners for one in (here.dsl, here.deputy, officer, elsewhere)] == [True, True, True, False]
    for nobody in (elsewhere, here.head):
        with acting_as(Actor(here.dsl.pk, elevated=True)), pytest.raises(services.CannotReadError):
            services.give_to(by=here.dsl, concern=concern, owner=nobody)
    assert owner_now(concern) == here.dsl


def test_who_reads_it_is_told_to_nobody_else(here: World) -> None:
    concern = raised(here.tutor, here.student)
    readers = {here.dsl.pk, here.deputy.pk}
    assert holders_as(here.dsl, concern) == readers
    for person in (here.tutor, here.head, here.chair):
        assert holders_as(person, concern) == set()
    assert holders_as(here.dsl, concern, elevated=False) == set()
    keep_in_database(here.dsl, here.deputy, concern)
    assert holders_as(here.dsl, concern) == {here.dsl.pk}
    assert holders_as(here.deputy, concern) == set()


def test_a_deputy_of_one_house_keeps_nobody_from_a_child_of_another(here: World) -> None:
    group = make.TutorGroupFactory.create(name="7ELS", house=make.HouseFactory.create(name="Elgar"))
    theirs = make.student_in(group, preferred_forename="Cai")
    officer = make.person(Role.DEPUTY_DSL, house=here.group.house, last_name="Officer")
    concern = raised(here.dsl, here.student, child_1=label(theirs))
    page = read(client_of(officer, elevated=True), concern).content.decode()
    assert str(here.student.pk) in offered(page, "what")
    assert str(theirs.pk) not in offered(page, "what")
    assert keep(officer, concern, here.deputy, str(theirs.pk)).status_code == 200
    with pytest.raises(ProgrammingError, match="row-level security"):
        keep_in_database(officer, here.deputy, concern, theirs)
    assert keep(officer, concern, here.deputy, str(here.student.pk)).status_code == 302


def test_a_child_linked_later_takes_it_from_whoever_is_kept_from_that_child(here: World) -> None:
    first, second = raised(here.tutor, here.student), raised(here.tutor)
    deputy, lead = client_of(here.deputy, elevated=True), client_of(here.dsl, elevated=True)
    deputy.post(reverse("safeguarding:concern-receive", args=[second.pk]))
    keep(here.dsl, first, here.deputy, str(here.student.pk))
    link = {"child": label(here.student), "part": "linked"}
    by_themselves = raised(here.tutor)
    # By the very person: it is gone from their desk, like any other of this child.
    assert deputy.post(reverse("safeguarding:concern-link", args=[by_themselves.pk]), link).status_code == 302
    assert seen_by(here.deputy) == {second.pk}
    lead.post(reverse("safeguarding:concern-link", args=[second.pk]), link)
    assert seen_by(here.deputy) == set()
    assert owner_now(second) is None
    assert WORDS in read(lead, by_themselves).content.decode()
