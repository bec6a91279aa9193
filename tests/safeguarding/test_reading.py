"""Duties 52, 54, 60: who reads the file, only after a fresh proof, never unseen; and what whoever raised it sees."""

import uuid

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from audit.services import record
from core.acting import Actor, acting_as
from core.encryption import seal_json
from safeguarding.mails import send_alerts
from safeguarding.models import Concern, Entry, KeptFrom, LeadAlert, Receipt, StudentKey
from tests import factories as make
from tests.safeguarding.pages import CHILD, WORDS, World, client_of, form_of, label, raised, read, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
DESK = "safeguarding:desk"


@pytest.fixture
def here() -> World:
    return world()


def seen_by(user: User, *, elevated: bool = True) -> set[uuid.UUID]:
    with acting_as(Actor(user.pk, elevated=elevated)):
        return set(Concern.objects.values_list("pk", flat=True))


def words_seen_by(user: User) -> int:
    with acting_as(Actor(user.pk, elevated=True)):
        return Entry.objects.count()


def test_the_lead_reads_it_by_way_of_the_record(here: World) -> None:
    concern = raised(here.tutor, here.student)
    client = client_of(here.dsl, elevated=True)
    answer = read(client, concern)
    page = answer.content.decode()
    assert len(answer.redirect_chain) == 1  # type: ignore[attr-defined]
    assert WORDS in page
    assert CHILD in page
    assert "Amara Okafor" in page
    opened = Event.objects.filter(action="file.opened", actor_id=here.dsl.pk)
    assert [(line.object_id, line.student_id) for line in opened] == [(str(concern.pk), None)]
    assert str(here.dsl) in page[page.index("Who has looked") :]
    # Within the minute once is enough.
    assert not read(client, concern).redirect_chain  # type: ignore[attr-defined]


def test_without_a_fresh_proof_nothing_is_there_in_the_database_either(here: World) -> None:
    concern = raised(here.tutor, here.student)
    for url in (reverse(DESK), reverse("safeguarding:concern-detail", args=[concern.pk])):
        answer = client_of(here.dsl).get(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign_in:step-up"))
    assert seen_by(here.dsl, elevated=False) == set()
    assert seen_by(here.dsl) == {concern.pk}


def test_nobody_else_learns_that_it_is_there(here: World) -> None:
    """Oracle 17: by the desk, its address, the child's pages, search, the record."""
    concern = raised(here.tutor, here.student)
    for role in set(Role) - {Role.DSL, Role.DEPUTY_DSL}:
        link = {"group": here.group} if role in (Role.TUTOR, Role.SUBJECT_TEACHER) else {}
        person = make.person(role, last_name="Somebody", **link)
        assert seen_by(person) == set(), role
        client = client_of(person, elevated=True)
        there = client.get(reverse("safeguarding:concern-detail", args=[concern.pk]))
        not_there = client.get(reverse("safeguarding:concern-detail", args=[uuid.uuid4()]))
        assert there.status_code == not_there.status_code in (403, 404), role
        assert (
            there.content.decode().replace(str(concern.pk), "")
            == not_there.content.decode().replace(str(concern.pk), "")
            or there.status_code == 404
        )
    assert seen_by(here.tutor) == set(), "not even who raised it"


def test_no_words_without_the_note_that_they_are_opened(here: World) -> None:
    first, second = raised(here.tutor, here.student), raised(here.tutor, here.classmate)
    assert words_seen_by(here.dsl) == 0
    # In the same transaction it could still be rolled back after the reading.
    with acting_as(Actor(here.dsl.pk, elevated=True)), transaction.atomic():
        record("file.opened", by=here.dsl, obj=first)
        assert Entry.objects.count() == 0
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        assert list(Entry.objects.values_list("concern", flat=True)) == [first.pk]
    assert words_seen_by(here.deputy) == 0, "what one opens, another does not"
    with acting_as(Actor(here.deputy.pk, elevated=True)):
        record("file.opened", by=here.dsl, obj=second)  # in another's name: the database knows better
    assert words_seen_by(here.dsl) == 1
    assert words_seen_by(here.deputy) == 1


def test_a_tutor_who_says_that_they_open_it_reads_nothing_and_the_try_stays(here: World) -> None:
    concern = raised(here.tutor, here.student)
    with acting_as(Actor(here.tutor.pk, elevated=True)):
        record("file.opened", by=here.tutor, obj=concern)
    assert words_seen_by(here.tutor) == 0
    assert Event.objects.filter(action="file.opened", actor_id=here.tutor.pk).count() == 1


def test_a_deputy_of_one_house_reads_of_that_house(here: World) -> None:
    """Duty 54: a safeguarding officer of a cohort."""
    group = make.TutorGroupFactory.create(name="7ELS", house=make.HouseFactory.create(name="Elgar"))
    ours, nobodys = raised(here.tutor, here.student), raised(here.tutor)
    theirs = raised(make.person(Role.TUTOR, group=group, last_name="Elsewhere"), make.student_in(group))
    officer = make.person(Role.DEPUTY_DSL, house=here.group.house, last_name="Officer")
    assert seen_by(officer) == {ours.pk}
    assert seen_by(here.dsl) == {ours.pk, theirs.pk, nobodys.pk}


def test_what_is_said_of_adults_is_read_by_the_head_of_the_head_by_the_chair(here: World) -> None:
    colleague = make.person(Role.SUBJECT_TEACHER, last_name="Marsh")
    of_child = raised(here.tutor, here.student)
    of_colleague = raised(here.tutor, store="staff", about_staff=str(colleague.pk))
    of_head = raised(here.tutor, store="head")
    assert seen_by(here.dsl) == seen_by(here.deputy) == {of_child.pk}
    assert seen_by(here.head) == {of_colleague.pk}
    assert seen_by(here.chair) == {of_head.pk}
    assert seen_by(colleague) == set()


def test_a_lead_never_reads_what_is_said_of_them(here: World) -> None:
    concern = raised(here.tutor, here.student, store="staff", about_staff=str(here.dsl.pk))
    here.head.memberships.update(role=Role.DSL)  # even where one person is both
    make.MembershipFactory.create(user=here.dsl, role=Role.HEADTEACHER, school=here.group.school)
    assert concern.pk not in seen_by(here.dsl)


@pytest.mark.parametrize("of", ["student", "concern"])
def test_whoever_is_kept_from_it_sees_nothing_of_it_not_even_that(here: World, of: str) -> None:
    concern = raised(here.tutor, here.student)
    other = raised(here.tutor, here.classmate)
    row = KeptFrom(person=here.deputy, set_by=here.dsl, **{of: here.student if of == "student" else concern})
    row.why = seal_json(row, "why", "His nephew")
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        row.save(force_insert=True)
        assert KeptFrom.objects.count() == 1
    assert seen_by(here.deputy) == {other.pk}
    assert seen_by(here.dsl) == {concern.pk, other.pk}
    with acting_as(Actor(here.deputy.pk, elevated=True)):
        assert not KeptFrom.objects.exists()
        assert not Receipt.objects.filter(concern=concern).exists()


def test_somebody_is_left_who_reads_it_or_agrees(here: World) -> None:
    here.deputy.memberships.update(ends_on=timezone.localdate().replace(year=2020))
    row = KeptFrom(person=here.dsl, set_by=here.head, student=here.student, why=b"x")
    with pytest.raises(Exception, match="nobody is there who could agree"):
        row.save(force_insert=True)


def test_who_is_switched_off_reads_nothing_even_with_a_token(here: World) -> None:
    raised(here.tutor, here.student)
    User.objects.filter(pk=here.dsl.pk).update(is_active=False)
    assert seen_by(here.dsl) == set()


def test_one_line_that_cannot_be_read_does_not_hide_the_others(here: World) -> None:
    concern = raised(here.tutor, here.student)
    client = client_of(here.dsl, elevated=True)
    url = reverse("safeguarding:concern-step", args=[concern.pk])
    client.post(url, {"step": "monitor", "why": "Nobody else has noticed anything."})
    Entry.objects.filter(kind="raised").update(words=b"\x01\x00\x01" + b"0" * 40)
    page = read(client, concern).content.decode()
    assert "cannot be read" in page
    assert "Nobody else has noticed" in page
    StudentKey.objects.update(wrapped=b"\x01\x00\x09" + b"0" * 60)
    page = read(client, concern).content.decode()
    assert page.count("cannot be read") == 2


def test_what_it_came_to_goes_back_to_who_raised_it_and_no_note_does(here: World) -> None:
    """Delight 2: received, being acted on, closed, and one sentence; never the notes."""
    concern = raised(here.tutor, here.student)
    receipt, tutor, dsl = Receipt.objects.get(), client_of(here.tutor), client_of(here.dsl, elevated=True)

    def do(what: str, **data: str) -> None:
        assert dsl.post(reverse(f"safeguarding:concern-{what}", args=[concern.pk]), data).status_code == 302

    def sees() -> str:
        return tutor.get(reverse("safeguarding:receipt-detail", args=[receipt.pk])).content.decode()

    assert "Not read yet" in sees()
    do("receive")
    assert "Received by the safeguarding team" in sees()
    do("step", step="early_help", why="Neglect over some months.")
    assert "Being acted on" in sees()
    do("tell", sentence="Thank you, we have spoken with the family.")
    assert "we have spoken with the family" in sees()
    write = reverse("safeguarding:entry-create", args=[concern.pk])

    sent = form_of(dsl, write) | {
        "kind": "closed",
        "text": "Kitchen is open now.",
        "happened_on": f"{timezone.localdate()}",
    }
    assert dsl.post(write, sent).status_code == 302
    page = sees()
    assert "Closed" in page
    for word in ("Neglect", "Early help", "Kitchen", "Okafor", str(concern.pk)):
        assert word not in page
    assert tutor.get(reverse("safeguarding:concern-detail", args=[concern.pk])).status_code == 403


def test_two_leads_take_it_at_once_and_one_has_it(here: World) -> None:
    concern = raised(here.tutor, here.student)
    for person in (here.dsl, here.deputy):
        client_of(person, elevated=True).post(reverse("safeguarding:concern-receive", args=[concern.pk]))
    assert Concern.objects.get().owner == here.dsl


def test_a_child_found_out_later_is_linked_and_the_words_stay_readable(here: World) -> None:
    concern = raised(here.tutor)
    assert concern.keys.get().student is None
    client = client_of(here.dsl, elevated=True)
    link = reverse("safeguarding:concern-link", args=[concern.pk])
    client.post(link, {"child": "Amara", "part": "subject"})
    assert not concern.children.exists(), "a name that only looks like one links nobody"
    client.post(link, {"child": label(here.student), "part": "harmed"})
    client.post(link, {"child": label(here.classmate), "part": "alleged"})
    assert {(c.student, c.part) for c in concern.children.all()} == {
        (here.student, "harmed"),
        (here.classmate, "alleged"),
    }
    assert {key.student for key in concern.keys.all()} == {here.student, here.classmate}
    StudentKey.objects.filter(student=here.student).delete()
    assert WORDS in read(client, concern).content.decode(), "the other child's key still opens it"


def test_everybody_who_reads_it_gets_a_mail_that_says_nothing(here: World, mailoutbox: list[EmailMessage]) -> None:
    raised(here.tutor, here.student)
    assert {alert.person for alert in LeadAlert.objects.all()} == {here.dsl, here.deputy}
    send_alerts()
    send_alerts()
    assert sorted(mail.to[0] for mail in mailoutbox) == [here.deputy.email, here.dsl.email]
    for mail in mailoutbox:
        said = mail.subject + mail.body
        for word in ("safeguard", "concern", "Amara", "Okafor", str(here.tutor.last_name), "kitchen"):
            assert word.lower() not in said.lower()


@pytest.mark.parametrize("who", ["tutor", "dsl"])
def test_raw_reading_of_alerts_and_keys_tells_nothing(here: World, who: str) -> None:
    raised(here.tutor, here.student)
    with acting_as(Actor(getattr(here, who).pk)):
        assert not LeadAlert.objects.exists()


def test_what_is_new_stands_first_however_many_wait(here: World) -> None:
    waiting = [make.ReceiptFactory.create(concern__school=here.group.school).concern_id for _ in range(101)]
    Concern.objects.filter(pk__in=waiting).update(owner=here.dsl)
    danger = raised(here.tutor, here.student, immediate="on")
    page = client_of(here.dsl, elevated=True).get(reverse(DESK)).content.decode()
    assert str(danger.pk) in page
    assert "1 to 100 of 102 concerns" in page


def test_the_chair_reads_what_is_said_of_the_head_where_a_child_was_chosen(here: World) -> None:
    concern = raised(here.tutor, here.student, store="head")
    assert WORDS in read(client_of(here.chair, elevated=True), concern).content.decode()


def test_functions_say_nothing_to_whoever_reads_nothing(here: World) -> None:
    """Oracle 17 by raw SQL: allegations about oneself, how many a child has, whether there are any."""
    raised(here.tutor, store="staff", about_staff=str(make.person(Role.TUTOR, last_name="Marsh").pk))
    concern = raised(here.tutor, here.student)
    asked = ("guard.file_hidden()", "guard.file_some()", "guard.concerns_opened()", "guard.concern_readers(%s)")
    for person in (here.tutor, here.head, User.objects.get(last_name="Marsh")):
        with acting_as(Actor(person.pk)):
            record("file.opened", by=person, obj=here.student)
            record("file.searched", by=person)
        for question in asked:
            with acting_as(Actor(person.pk)), connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {question}", [concern.pk] if "%s" in question else [])
                assert cursor.fetchall() == [], (person, question)


def test_ones_own_lines_of_the_file_want_a_fresh_proof_too(here: World) -> None:
    concern = raised(here.tutor, here.student)
    read(client_of(here.dsl, elevated=True), concern)
    for elevated in (False, True):
        with acting_as(Actor(here.dsl.pk, elevated=elevated)):
            assert Event.objects.filter(action="file.opened").exists() == elevated
    # That an address was refused tells of it as well.
    client_of(here.tutor).get(reverse("safeguarding:concern-detail", args=[concern.pk]))
    with acting_as(Actor(make.person(Role.DATA_MANAGER, last_name="Manager").pk)):
        assert not any(str(concern.pk) in str(line.detail) for line in Event.objects.all())


def test_a_child_linked_by_mistake_is_unlinked_with_a_reason(here: World) -> None:
    concern = raised(here.tutor, here.student)
    client, url = client_of(here.dsl, elevated=True), reverse("safeguarding:concern-unlink", args=[concern.pk])
    child = str(concern.children.get().pk)
    client.post(url, {"child": child, "why": " "})
    assert concern.children.exists()
    client.post(url, {"child": child, "why": "It was the other Amara."})
    assert not concern.children.exists()
    page = read(client, concern).content.decode()
    assert WORDS in page
    assert "It was the other Amara." in page


def test_a_decision_keeps_its_day_and_what_stands_out_and_stands_there_once(here: World) -> None:
    concern = raised(here.tutor, here.student)
    client, url = client_of(here.dsl, elevated=True), reverse("safeguarding:entry-create", args=[concern.pk])
    typed = {"kind": "decision", "text": "Refer.", "happened_on": "2026-01-05", "significant": "on"}
    assert "Choose what follows" in client.post(url, form_of(client, url) | typed).content.decode()
    sent = form_of(client, url) | typed | {"step": "section_17"}
    assert client.post(url, sent).status_code == client.post(url, sent).status_code == 302
    entry = Entry.objects.get(kind="decision")
    assert (str(entry.happened_on), entry.significant) == ("2026-01-05", True)


def test_ones_own_desk_is_in_order(here: World) -> None:
    calm = raised(here.tutor, here.student)
    danger = raised(here.tutor, here.classmate, immediate="on")
    client = client_of(here.dsl, elevated=True)
    page = client.get(reverse(DESK)).content.decode()
    assert page.index(str(danger.pk)) < page.index(str(calm.pk))
    assert WORDS not in page
    client.post(reverse("safeguarding:concern-receive", args=[danger.pk]))
    page = client.get(reverse(DESK)).content.decode()
    assert page.index(str(calm.pk)) < page.index(str(danger.pk))
