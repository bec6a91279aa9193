"""Review 9, findings 5, 6, 12, 14: nobody is left without a reader, and nobody who leads is kept out unseen."""

import datetime as dt

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from core.acting import Actor, acting_as, acting_as_system
from safeguarding import conflicts, services
from safeguarding.enums import Part
from safeguarding.mails import JOB
from safeguarding.models import Concern, ConcernChild, ConcernKey, KeptFrom, LeadAlert
from safeguarding.sharing.mails import tell_of_empty_roles
from safeguarding.sharing.models import Confirmation, LastReader
from safeguarding.sharing.services import sweep_readers
from tests import factories as make
from tests.safeguarding.pages import WORDS, World, client_of, label, raised, read, world
from tests.safeguarding.test_conflicts import keep, keep_in_database, seen_by

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here() -> World:
    return world()


def alerted() -> list[User]:
    """Who was alerted, in the order of it; and none of these are there the next time."""
    found = [row.person for row in LeadAlert.objects.select_related("person").order_by("made_at")]
    LeadAlert.objects.all().delete()
    return found


def end_role(person: User) -> None:
    Membership.objects.filter(user=person).update(ends_on=timezone.localdate() - dt.timedelta(days=1))


def sweep() -> int:
    with acting_as_system(JOB):
        return sweep_readers()


def test_a_concern_that_nobody_reads_goes_to_the_headteacher_who_can_read_it(here: World) -> None:
    for lead in (here.dsl, here.deputy):
        end_role(lead)
    concern = raised(here.tutor, here.student)
    assert alerted() == [here.head]
    assert seen_by(here.head) == {concern.pk}
    assert seen_by(here.chair) == set()
    assert seen_by(here.tutor) == set()
    page = read(client_of(here.head, elevated=True), concern).content.decode()
    assert WORDS in page
    assert "because nobody whose work it is could" in page
    with acting_as(Actor(here.head.pk, elevated=False)):
        assert not Concern.objects.exists()


def test_it_ends_by_itself_when_somebody_whose_work_it_is_can(here: World) -> None:
    for lead in (here.dsl, here.deputy):
        end_role(lead)
    concern = raised(here.tutor, here.student)
    assert sweep() == 0
    assert seen_by(here.head) == {concern.pk}
    new = make.person(Role.DSL, last_name="New")
    sweep()
    assert seen_by(here.head) == set()
    assert seen_by(new) == {concern.pk}
    assert LastReader.objects.get().ended_at is not None


@pytest.mark.parametrize("how", ["role", "account"])
def test_when_the_last_role_ends_what_they_read_goes_to_the_headteacher(here: World, how: str) -> None:
    two = {raised(here.tutor, child).pk for child in (here.student, here.classmate)}
    assert sweep() == 0
    for lead in (here.dsl, here.deputy):
        if how == "role":
            end_role(lead)
        else:
            User.objects.filter(pk=lead.pk).update(is_active=False)
    alerted()
    assert seen_by(here.head) == set()
    assert sweep() == 2
    assert seen_by(here.head) == two
    assert alerted() == [here.head], "one alert, however many they are"
    assert sweep() == 0


def test_the_sweep_is_the_jobs_alone(here: World) -> None:
    raised(here.tutor, here.student)
    for lead in (here.dsl, here.deputy):
        end_role(lead)
    with acting_as(Actor(here.head.pk, elevated=True)):
        assert sweep_readers() == 0
    assert not LastReader.objects.exists()


def test_of_adults_it_goes_to_the_chair_and_of_the_head_to_nobody_but_the_writer_is_told(here: World) -> None:
    end_role(here.head)
    concern = raised(here.tutor, here.student, store="staff", adult="Mr Pell")
    assert alerted() == [here.chair]
    assert seen_by(here.chair) == {concern.pk}
    assert WORDS in read(client_of(here.chair, elevated=True), concern).content.decode()
    end_role(here.chair)
    other = raised(here.tutor, store="head")
    assert alerted() == []
    answer = client_of(here.tutor).get(reverse("safeguarding:receipt-detail", args=[other.receipt.pk]))
    assert "nobody who may read it has an account here" in answer.content.decode()


def test_an_empty_role_is_told_by_its_name_whether_or_not_there_is_a_concern(here: World) -> None:
    manager = make.person(Role.DATA_MANAGER, email="manager@northgate.example")
    assert tell_of_empty_roles() == 0
    end_role(here.chair)
    assert tell_of_empty_roles() == 1
    [sent] = mail.outbox
    assert sent.to == [manager.email]
    assert "chair of governors" in sent.body.lower()
    for word in ("headteacher", "concern", "safeguarding", str(here.student)):
        assert word not in sent.body.lower()


def test_whoever_reads_it_only_by_a_child_linked_later_is_alerted(here: World) -> None:
    officer = make.person(Role.DEPUTY_DSL, house=here.group.house, last_name="Officer")
    concern = raised(here.tutor)
    assert officer not in alerted()
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        services.link_child(by=here.dsl, concern=concern, student=here.student, part=Part.SUBJECT)
    assert alerted() == [officer], "nobody who read it already"
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        services.link_child(by=here.dsl, concern=concern, student=here.classmate, part=Part.LINKED)
    assert alerted() == []


def test_a_child_linked_later_leaves_it_to_the_headteacher_where_nobody_else_is(here: World) -> None:
    first, second = raised(here.tutor, here.student), raised(here.tutor, here.classmate)
    keep(here.dsl, first, here.deputy, str(here.student.pk))
    keep_in_database(here.deputy, here.dsl, second)
    with acting_as(Actor(here.head.pk, elevated=True)):
        Confirmation.objects.update(agreed=True, decided_by=here.head, decided_at=timezone.now())
    alerted()
    with acting_as(Actor(here.deputy.pk, elevated=True)):
        services.link_child(by=here.deputy, concern=second, student=here.student, part=Part.SUBJECT)
    assert seen_by(here.head) == {second.pk}
    assert set(alerted()) == {here.head}


def test_keeping_the_lead_from_it_is_told_to_the_headteacher(here: World) -> None:
    third, _ = (make.person(Role.DEPUTY_DSL, last_name=name) for name in ("Third", "Fourth"))
    concern = raised(here.tutor, here.student)
    alerted()
    assert keep(here.deputy, concern, third).status_code == 302
    assert alerted() == [], "of another deputy nobody is told"
    keep(here.deputy, concern, here.dsl, str(here.student.pk))
    assert alerted() == [here.head]
    assert seen_by(here.dsl) == set(), "it is in force at once"
    [line] = Event.objects.filter(action="file.lead_kept_from")
    assert (line.object_type, line.object_id, line.student_id) == ("", "", None)
    page = client_of(here.head, elevated=True).get(reverse("safeguarding:kept-list")).content.decode()
    for word in (str(here.dsl), str(here.deputy), str(third), "1 concern"):
        assert word in page
    assert "Okafor" not in page
    assert str(concern.pk) not in page
    assert str(here.student.pk) not in page
    for person in (here.dsl, here.deputy, here.chair, here.tutor):
        assert client_of(person, elevated=True).get(reverse("safeguarding:kept-list")).status_code == 403


def test_whom_it_would_leave_alone_waits_for_the_headteacher(here: World) -> None:
    concern = raised(here.tutor, here.student)
    client_of(here.dsl, elevated=True).post(reverse("safeguarding:concern-receive", args=[concern.pk]))
    alerted()
    keep(here.deputy, concern, here.dsl)
    assert alerted() == [here.head]
    assert seen_by(here.dsl) == {concern.pk}, "not in force yet"
    assert "is asked first" in read(client_of(here.deputy, elevated=True), concern).content.decode()
    assert "is asked first" not in read(client_of(here.dsl, elevated=True), concern).content.decode()
    asked = Confirmation.objects.get()
    url = reverse("safeguarding:confirmation-decide", args=[asked.pk])
    for person in (here.deputy, here.dsl, here.chair):
        assert client_of(person, elevated=True).post(url, {"agreed": "yes"}).status_code == 403
    head = client_of(here.head, elevated=True)
    assert "waits for your answer" in head.get(reverse("safeguarding:desk")).content.decode()
    assert head.post(url, {"agreed": "yes"}).status_code == 302
    assert seen_by(here.dsl) == set()
    assert Concern.objects.get(pk=concern.pk).owner is None
    head.post(url, {"agreed": "no"})
    assert Confirmation.objects.get().agreed is True, "once"
    assert f"{here.head} agreed" in read(client_of(here.deputy, elevated=True), concern).content.decode()


def test_where_the_headteacher_does_not_agree_it_is_not_in_force(here: World) -> None:
    concern = raised(here.tutor, here.student)
    keep(here.deputy, concern, here.dsl)
    url = reverse("safeguarding:confirmation-decide", args=[Confirmation.objects.get().pk])
    client_of(here.head, elevated=True).post(url, {"agreed": "no"})
    assert seen_by(here.dsl) == {concern.pk}
    assert "did not agree" in read(client_of(here.deputy, elevated=True), concern).content.decode()


def test_past_every_view_nobody_decides_for_themselves_or_twice(here: World) -> None:
    concern = raised(here.tutor, here.student)
    keep(here.deputy, concern, here.dsl)
    said = {"agreed": True, "decided_at": timezone.now()}
    for person in (here.deputy, here.dsl, here.chair, here.tutor):
        with acting_as(Actor(person.pk, elevated=True)):
            assert Confirmation.objects.update(**said, decided_by=person) == 0
    with acting_as(Actor(here.head.pk, elevated=True)):
        assert Confirmation.objects.update(**said, decided_by=here.head) == 1
    again = {"agreed": False, "decided_at": timezone.now(), "decided_by": here.head}
    with acting_as(Actor(here.head.pk, elevated=True)), pytest.raises(IntegrityError, match="decided once"):
        Confirmation.objects.update(**again)


def test_without_a_headteacher_nobody_is_left_alone_with_it(here: World) -> None:
    end_role(here.head)
    concern = raised(here.tutor, here.student)
    assert "you alone would be left" in keep(here.deputy, concern, here.dsl).content.decode()
    assert not KeptFrom.objects.exists()


def test_it_says_nothing_of_what_one_does_not_read_oneself(here: World) -> None:
    """Finding 14: refusing told a lead that something was hidden from them; now somebody else reads it."""
    hidden = raised(here.tutor, here.student, child_1=label(here.classmate))
    seen = raised(here.tutor, here.classmate)
    third = make.person(Role.DEPUTY_DSL, last_name="Third")
    keep(third, hidden, here.deputy, str(here.student.pk))
    end_role(third)
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        conflicts.keep_from(by=here.dsl, concern=hidden, person=third, student=None, why="x")
    assert seen_by(here.deputy) == {seen.pk}
    make.KeptFromFactory.create(person=here.dsl, concern=hidden, set_by=third)
    make.person(Role.DEPUTY_DSL, last_name="Fourth", house=make.HouseFactory.create(name="Elgar"))
    assert keep(here.deputy, seen, here.dsl, str(here.classmate.pk)).status_code == 302


@pytest.mark.parametrize("how", ["again", "by another"])
def test_what_ended_has_ended_and_by_whom(here: World, how: str) -> None:
    concern = raised(here.tutor, here.student)
    keep(here.dsl, concern, here.deputy)
    with acting_as(Actor(here.dsl.pk, elevated=True)), pytest.raises(IntegrityError, match="ends once"):
        if how == "again":
            KeptFrom.objects.update(ended_at=timezone.now(), ended_by=here.dsl)
            KeptFrom.objects.update(ended_at=None, ended_by=None)
        else:
            KeptFrom.objects.update(ended_at=timezone.now(), ended_by=here.head)


def test_no_concern_loses_the_last_key_that_opens_it(here: World) -> None:
    linked, loose = raised(here.tutor, here.student), raised(here.tutor)

    def delete(rows: object) -> None:
        with acting_as(Actor(here.dsl.pk, elevated=True)), transaction.atomic():
            assert rows.delete()[0] == 1  # type: ignore[attr-defined]

    with pytest.raises(IntegrityError, match="keeps a key"):
        delete(ConcernKey.objects.filter(concern=loose))
    with pytest.raises(IntegrityError, match="keeps a key"):
        delete(ConcernChild.objects.filter(concern=linked))
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        services.link_child(by=here.dsl, concern=loose, student=here.student, part=Part.SUBJECT)
        services.unlink_child(by=here.dsl, child=loose.children.get(), why="Not her")
    assert WORDS in read(client_of(here.dsl, elevated=True), loose).content.decode()


def test_a_child_unlinked_leaves_it_to_the_headteacher_where_only_their_deputy_read_it(here: World) -> None:
    officer = make.person(Role.DEPUTY_DSL, house=here.group.house, last_name="Officer")
    for lead in (here.dsl, here.deputy):
        end_role(lead)
    concern = raised(here.tutor, here.student)
    assert seen_by(officer) == {concern.pk}
    assert not LastReader.objects.exists()
    with acting_as(Actor(officer.pk, elevated=True)):
        services.unlink_child(by=officer, child=concern.children.get(), why="Not her")
    assert seen_by(here.head) == {concern.pk}


def test_the_functions_say_nothing_to_anybody_else(here: World) -> None:
    concern = raised(here.tutor, here.student)
    keep(here.deputy, concern, here.dsl)
    asked = [f"SELECT count(*) FROM guard.{name}()" for name in (
        "kept_overview", "confirmations_seen", "confirmations_to_decide")]  # fmt: skip
    for person in (here.dsl, here.chair, here.tutor, here.head):
        for elevated in (True, False):
            with acting_as(Actor(person.pk, elevated=elevated)), connection.cursor() as cursor:
                counts = []
                for statement in asked:
                    cursor.execute(statement)
                    counts.append(cursor.fetchone()[0])
            expected = [1, 1, 1] if person == here.head and elevated else [0, 0, 0]
            assert counts == expected, (person, elevated)
