"""Who reads an investigation, never unseen; who does not cannot tell it from none."""

import uuid

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from audit.services import record
from core.acting import Actor, acting_as
from safeguarding.investigations.enums import Entry
from safeguarding.investigations.models import Investigation, InvestigationEntry, InvestigationKey, Party
from safeguarding.models import KeptFrom, StudentKey
from tests import factories as make
from tests.safeguarding.investigations.pages import ACCOUNT, WANTS, add, head_of_house, opened, read
from tests.safeguarding.pages import World, client_of, label, world
from tutoring.groups.models import TutorGroup

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here() -> World:
    return world()


def seen_by(user: User, *, elevated: bool = True) -> set[uuid.UUID]:
    with acting_as(Actor(user.pk, elevated=elevated)):
        return set(Investigation.objects.values_list("pk", flat=True))


def elgar() -> TutorGroup:
    """A group of another house and year."""
    return make.TutorGroupFactory.create(name="7ELG", year_group=7, house=make.HouseFactory.create(name="Elgar"))


def test_whoever_opened_it_reads_it_by_way_of_the_record(here: World) -> None:
    house = head_of_house(here)
    one = opened(house, here, reporter_0="A mother at the gate")
    client = client_of(house, elevated=True)
    answer = read(client, one)
    page = answer.content.decode()
    assert len(answer.redirect_chain) == 1  # type: ignore[attr-defined]
    for said in (ACCOUNT, WANTS, "Appearance", "In person", "Amara Okafor", "Ben Achterberg", "A mother at the gate"):
        assert said in page
    assert Event.objects.filter(action="file.investigation_opened", actor_id=house.pk).count() == 1
    assert not read(client, one).redirect_chain  # type: ignore[attr-defined]


def test_without_a_fresh_proof_no_word_is_there(here: World) -> None:
    one = opened(here.dsl, here)
    answer = client_of(here.dsl).get(reverse("investigations:detail", args=[one.pk]))
    assert answer["Location"].startswith(reverse("sign_in:step-up"))
    with acting_as(Actor(here.dsl.pk)):
        record("file.investigation_opened", by=here.dsl, obj=one)
    with acting_as(Actor(here.dsl.pk)):
        assert not InvestigationEntry.objects.exists()
    with acting_as(Actor(here.deputy.pk, elevated=True)), transaction.atomic():
        # In the same transaction it could still be rolled back after the reading.
        record("file.investigation_opened", by=here.deputy, obj=one)
        assert not InvestigationEntry.objects.exists()


def test_it_is_for_leads_and_those_who_lead_whoever_it_is_about(here: World) -> None:
    """Not for those who teach or tutor them, not for the headteacher, not for who leads a witness alone."""
    other = elgar()
    witness = make.student_in(other, preferred_forename="Cleo", preferred_surname="Dunn")
    one = opened(here.dsl, here, witness_0=label(witness))
    for role in Role:
        scope = {"house": here.group.house} if "house" in role else {}
        scope |= {"year_group": here.student.year_group} if role == Role.HEAD_OF_YEAR else {}
        link = {"group": here.group} if role in (Role.TUTOR, Role.SUBJECT_TEACHER) else {}
        person = make.person(role, last_name="Somebody", **scope, **link)
        leads = "house" in role or role in (Role.HEAD_OF_YEAR, Role.DSL, Role.DEPUTY_DSL)
        assert seen_by(person) == ({one.pk} if leads else set()), role
    assert seen_by(head_of_house(here, house=other.house)) == set()
    # A deputy lead of the witness's house keeps that child's file, and so reads it.
    assert seen_by(make.person(Role.DEPUTY_DSL, last_name="Deputy", house=other.house)) == {one.pk}


def test_whoever_opened_it_reads_it_no_longer_once_they_lead_nobody(here: World) -> None:
    house = head_of_house(here)
    one = opened(house, here)
    assert seen_by(house) == {one.pk}
    house.memberships.update(role=Role.SUBJECT_TEACHER)
    assert seen_by(house) == set()


def test_who_is_kept_from_one_of_the_students_sees_nothing_of_it(here: World) -> None:
    house = head_of_house(here)
    one = opened(house, here)
    for person in (house, here.dsl):
        kept = make.KeptFromFactory.create(person=person, student=here.classmate, concern=None, set_by=here.deputy)
        assert seen_by(person) == set()
        client = client_of(person, elevated=True)
        assert one.reference not in client.get(reverse("investigations:list")).content.decode()
        assert client.get(reverse("investigations:detail", args=[one.pk])).status_code == 404
        KeptFrom.objects.filter(pk=kept.pk).update(ended_at=timezone.now())
        assert seen_by(person) == {one.pk}


def test_who_may_not_read_it_cannot_tell_it_from_none(here: World) -> None:
    one = opened(here.dsl, here)
    elsewhere = make.HouseFactory.create(name="Elgar")
    client = client_of(head_of_house(here, house=elsewhere), elevated=True)
    for name, more in (("detail", []), ("entry-create", ["added"]), ("person-create", [])):
        there = client.get(reverse(f"investigations:{name}", args=[one.pk, *more]))
        absent = client.get(reverse(f"investigations:{name}", args=[uuid.uuid4(), *more]))
        assert there.status_code == absent.status_code == 404
    assert one.reference not in client.get(reverse("investigations:list")).content.decode()


def test_nothing_of_it_stands_on_anybody_elses_pages(here: World) -> None:
    """Not on Today, not on the page of the student, not in the side bar of who opens none."""
    opened(here.dsl, here)
    for person in (here.tutor, here.head):
        client = client_of(person, elevated=True)
        for url in (reverse("desk:today"), reverse("desk:student-story", args=[here.student.pk])):
            page = client.get(url, follow=True).content.decode()
            assert "nvestigation" not in page
        assert client.get(reverse("investigations:list")).status_code == 403


def test_the_keys_of_its_students_open_for_whoever_reads_it(here: World) -> None:
    """A head of house who does not find the other student still reads the words, and the name in them."""
    other = elgar()
    far = make.student_in(other, preferred_forename="Cleo", preferred_surname="Dunn")
    one = opened(here.dsl, here, alleged_0=label(far))
    house = head_of_house(here)
    with acting_as(Actor(house.pk)):
        assert set(StudentKey.objects.values_list("student", flat=True)) == {here.student.pk, far.pk}
    page = read(client_of(house, elevated=True), one).content.decode()
    assert "Cleo Dunn" in page
    listed = client_of(house).get(reverse("investigations:list")).content.decode()
    assert "Cleo" not in listed
    assert "A student you do not find here" in listed


def test_what_is_added_stands_beside_what_was_written(here: World) -> None:
    one = opened(here.dsl, here)
    client = client_of(here.deputy, elevated=True)
    for kind in ("added", "evidence", "action"):
        assert add(client, one, kind, f"Words of {kind}.").status_code == 302
        assert Event.objects.filter(action=f"file.investigation_{kind}").count() == 1
    page = read(client, one).content.decode()
    assert all(f"Words of {kind}." in page for kind in ("added", "evidence", "action"))
    assert client.get(reverse("investigations:entry-create", args=[one.pk, "opened"])).status_code == 404


def test_somebody_named_later_is_in_it_and_who_leads_them_reads_it(here: World) -> None:
    other = elgar()
    far = make.student_in(other, preferred_forename="Cleo", preferred_surname="Dunn")
    one, house = opened(here.dsl, here), head_of_house(here, house=other.house)
    assert seen_by(house) == set()
    client, url = client_of(here.dsl, elevated=True), reverse("investigations:person-create", args=[one.pk])
    assert "Say what they have to do with it" in client.post(url, {"name": label(far)}).content.decode()
    assert client.post(url, {"name": label(far), "part": "alleged", "why": "Amara says so."}).status_code == 302
    assert "They are in it already" in client.post(url, {"name": label(far), "part": "witness"}).content.decode()
    assert seen_by(house) == {one.pk}
    assert "Amara says so." in read(client_of(house, elevated=True), one).content.decode()


def test_past_every_view_nobody_writes_in_one_they_do_not_read(here: World) -> None:
    one = opened(here.dsl, here)
    stranger = head_of_house(here, house=make.HouseFactory.create(name="Elgar"))
    # The last one reads it, but has not proved afresh who they are.
    for person, elevated in ((stranger, True), (here.tutor, True), (here.deputy, False)):
        rows = [
            InvestigationEntry(
                investigation_id=one.pk, kind=Entry.ADDED, author=person, written_at=timezone.now(), words=b""
            ),
            Party(investigation_id=one.pk, part="witness"),
            InvestigationKey(investigation_id=one.pk, student=here.student, wrapped=b""),
        ]
        for row in rows:
            with pytest.raises(ProgrammingError), acting_as(Actor(person.pk, elevated=elevated)), transaction.atomic():
                row.save(force_insert=True)
    with pytest.raises(ProgrammingError), acting_as(Actor(here.dsl.pk, elevated=True)), transaction.atomic():
        # Nobody says afterwards that it was opened with other words.
        InvestigationEntry(
            investigation_id=one.pk, kind=Entry.OPENED, author=here.dsl, written_at=timezone.now(), words=b""
        ).save(force_insert=True)
