"""Duties 51, 53, 57, 58: anybody raises a concern from anywhere, nothing of it is lost, and only few learn of it."""

import datetime as dt
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Draft
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding.body_map import AREAS
from safeguarding.enums import Status, Store
from safeguarding.keys import cipher_of
from safeguarding.models import Concern, ConcernChild, Entry, Receipt, StudentKey
from safeguarding.tasks import give_keys
from students.models import Student
from tests import factories as make
from tests.safeguarding.pages import CHILD, WORDS, World, client_of, form_of, label, raised, send, world

pytestmark = pytest.mark.django_db
RAISE = "safeguarding:raise-concern"
LONG_AGO = dt.datetime(2020, 1, 6, 9, tzinfo=dt.UTC)


@pytest.fixture
def here() -> World:
    return world()


def words_of(concern: Concern) -> dict[str, str]:
    return cipher_of(concern).open(concern.entries.get(), "words")  # type: ignore[no-any-return]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_raises_one(here: World, role: Role) -> None:
    somebody = make.person(role, last_name="Somebody")
    concern = raised(somebody)
    assert (concern.reporter, concern.store, concern.status) == (somebody, Store.CHILDREN, Status.SENT)
    assert words_of(concern)["seen"] == WORDS


def test_the_words_stand_sealed_with_the_key_of_the_child(here: World) -> None:
    concern = raised(here.tutor, here.student)
    assert concern.children.get().student == here.student
    assert concern.keys.get().student == here.student
    assert words_of(concern)["child_words"] == CHILD
    assert CHILD.encode() not in bytes(concern.entries.get().words)
    StudentKey.objects.filter(student=here.student).delete()
    with pytest.raises(Exception, match="key is not there"):
        cipher_of(concern)


def test_a_name_is_linked_only_when_it_was_chosen(here: World) -> None:
    concern = raised(here.tutor, child_0="Amara Okafor", child_1="the tall one")
    assert not concern.children.exists()
    assert words_of(concern)["names"] == ["Amara Okafor", "the tall one"]


def test_two_of_the_same_name_are_told_apart(here: World) -> None:
    again = make.student_in(
        here.group, preferred_forename="Amara", preferred_surname="Okafor", date_of_birth=dt.date(2012, 5, 3)
    )
    Student.objects.filter(pk=here.student.pk).update(date_of_birth=dt.date(2012, 5, 4))
    page = client_of(here.tutor).get(reverse(RAISE)).content.decode()
    assert f'"{label(again)}, born 3 May 2012"' in page
    assert f'"{label(again)}"' not in page, "which of the two would that be?"


def test_nobody_is_offered_whom_this_person_does_not_find(here: World) -> None:
    other = make.student_in(make.TutorGroupFactory.create(name="7ELS"), preferred_forename="Quentin")
    page = client_of(here.tutor).get(f"{reverse(RAISE)}?student={other.pk}").content.decode()
    assert "Quentin" not in page
    assert "Okafor" in page


def test_from_a_childs_page_the_name_is_there(here: World) -> None:
    page = client_of(here.tutor).get(f"{reverse(RAISE)}?student={here.student.pk}").content.decode()
    assert f'value="{label(here.student)}"' in page


def test_sent_twice_it_stands_there_once_and_with_other_words_twice(here: World) -> None:
    client, url = client_of(here.tutor), reverse(RAISE)
    hidden = form_of(client, url)
    sent = hidden | {"store": "children", "child_0": "A girl", "seen": WORDS}
    first, second = client.post(url, sent), client.post(url, sent)
    assert first["Location"] == second["Location"]
    assert Concern.objects.count() == 1
    # Back, more typed, sent again: what somebody wrote is never dropped as "sent before".
    client.post(url, sent | {"seen": WORDS + " He cried."})
    assert {words_of(c)["seen"] for c in Concern.objects.all()} == {WORDS, WORDS + " He cried."}


def test_what_is_missing_is_said_where_it_is_missing_and_nothing_typed_is_lost(here: World) -> None:
    answer = send(client_of(here.tutor), seen="", where="Behind the gym", happened_on="2190-01-01")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Write who it is about" in page
    assert "one sentence is enough" in page
    assert "A day until today" in page
    assert "Behind the gym" in page
    assert CHILD in page
    assert not Concern.objects.exists()


def test_a_draft_is_kept_for_each_child_and_gone_once_it_is_sent(here: World) -> None:
    client = client_of(here.tutor)
    url = f"{reverse(RAISE)}?student={here.student.pk}"
    hidden = form_of(client, url)
    save = reverse("accounts:draft-save", args=[hidden["draft_form"]])
    assert client.post(save, hidden | {"seen": "half a"}).status_code == 200
    assert "half a" in client.get(url).content.decode()
    assert "half a" not in client.get(reverse(RAISE)).content.decode()
    assert not any(b"half a" in bytes(draft.sealed or b"") for draft in Draft.objects.all())
    send(client, url, child_0=label(here.student))
    assert not Draft.objects.exists()


def test_about_a_colleague_it_goes_to_the_head_about_the_head_to_the_chair(here: World) -> None:
    colleague = make.person(Role.SUBJECT_TEACHER, last_name="Marsh")
    of_colleague = raised(here.tutor, store="staff", about_staff=str(colleague.pk))
    assert (of_colleague.store, of_colleague.about_staff) == (Store.STAFF, colleague)
    # Whoever did not know that it is the head: the database routes it.
    of_head = raised(here.tutor, store="staff", about_staff=str(here.head.pk))
    assert of_head.store == Store.HEAD
    chair = make.person(Role.CHAIR, last_name="Governor")
    assert raised(here.tutor, store="staff", about_staff=str(chair.pk)).about_staff == chair


def test_an_adult_of_whom_something_is_said_is_named(here: World) -> None:
    page = send(client_of(here.tutor), store="staff").content.decode()
    assert "Write which adult it is about" in page


def test_a_colleague_who_was_chosen_is_never_told_by_the_first_answer(here: World) -> None:
    """Whoever leaves “About a child” as it stands and chooses the lead below would send it to her."""
    concern = raised(here.tutor, here.student, about_staff=str(here.dsl.pk))
    assert (concern.store, concern.about_staff) == (Store.STAFF, here.dsl)
    page = send(client_of(here.tutor), child_0=label(here.student), adult="Mr Marsh").content.decode()
    assert "Choose above that it is about them" in page
    assert Concern.objects.count() == 1


@pytest.mark.parametrize("store", ["staff", "head"])
def test_what_is_said_of_adults_hangs_on_no_childs_key(here: World, store: str) -> None:
    concern = raised(here.tutor, here.student, store=store, adult="Somebody")
    assert concern.keys.get().student is None
    StudentKey.objects.all().delete()
    assert words_of(concern)["seen"] == WORDS


def test_what_is_added_goes_where_the_first_went(here: World) -> None:
    colleague = make.person(Role.SUBJECT_TEACHER, last_name="Marsh")
    raised(here.tutor, store="staff", about_staff=str(colleague.pk))
    url = reverse("safeguarding:concern-more", args=[Receipt.objects.get().pk])
    send(client_of(here.tutor), url, child_0=label(here.student), seen="It happened again.")
    second = Concern.objects.get(follows__isnull=False)
    assert (second.store, second.about_staff) == (Store.STAFF, colleague)
    assert words_of(second)["seen"] == "It happened again."


def test_a_key_that_cannot_be_opened_stops_nobody(here: World, settings: Any) -> None:
    make.StudentKeyFactory.create(student=here.student)
    concern = raised(here.tutor, here.student)
    assert words_of(concern)["seen"] == WORDS
    settings.FIELD_KEYS = "3:dGhlIHRoaXJkIGtleSBvZiB0aGUgdGVzdHMsIDMyIGI="
    client = client_of(here.tutor)
    form = form_of(client, reverse(RAISE))
    settings.FIELD_KEYS = ""
    typed = {"store": "children", "child_0": "A boy", "seen": WORDS}
    answer = client.post(reverse(RAISE), form | typed)
    assert answer.status_code == 503
    assert "Nothing was sent" in answer.content.decode()
    assert WORDS in answer.content.decode()
    assert Concern.objects.count() == 1


def test_whoever_raises_what_nobody_may_read_is_told(here: World) -> None:
    here.chair.memberships.all().delete()
    raised(here.tutor, store="head")
    page = client_of(here.tutor).get(reverse("safeguarding:receipt-detail", args=[Receipt.objects.get().pk]))
    assert "nobody who may read it has an account" in page.content.decode()


def test_marks_are_kept_with_the_words(here: World) -> None:
    mark = {"marks-0-place": next(iter(AREAS)), "marks-0-kind": "bruise", "marks-0-size": "a coin"}
    concern = raised(here.tutor, here.student, **mark)
    kept = cipher_of(concern).open(concern.entries.get(), "words")["marks"]
    assert [(row["place"], row["kind"], row["size"]) for row in kept] == [(mark["marks-0-place"], "bruise", "a coin")]


def test_the_writing_check_advises_and_keeps_nothing(here: World) -> None:
    client = client_of(here.tutor)
    typed = {"seen": "JS was manipulative.", "child_0": label(here.student)}
    page = client.post(reverse("safeguarding:writing-check"), typed).content.decode()
    assert "manipulative" in page
    assert "JS" in page
    assert not Concern.objects.exists()
    assert raised(here.tutor, here.student, seen="JS was manipulative.")


def test_the_receipt_names_no_child_and_shows_how_far_it_came(here: World) -> None:
    client = client_of(here.tutor)
    concern = raised(here.tutor, here.student)
    receipt = Receipt.objects.get()
    page = client.get(reverse("safeguarding:receipt-detail", args=[receipt.pk])).content.decode()
    assert "It has arrived" in page
    assert receipt.reference in page
    assert "nobody who may read it" not in page
    assert "Zeller" not in page, "it may be about her"
    for word in ("Amara", "Okafor", WORDS, str(concern.pk), str(here.student.pk)):
        assert word not in page
    listed = client.get(reverse("safeguarding:receipt-list")).content.decode()
    assert receipt.reference in listed
    assert "Okafor" not in listed


def test_nobody_sees_anothers_receipt(here: World) -> None:
    raised(here.tutor, here.student)
    other = client_of(make.person(Role.TUTOR, group=here.group, last_name="Other"))
    url = reverse("safeguarding:receipt-detail", args=[Receipt.objects.get().pk])
    assert other.get(url).status_code == 404
    assert Receipt.objects.get().reference not in other.get(reverse("safeguarding:receipt-list")).content.decode()


def test_more_is_added_as_a_concern_that_follows(here: World) -> None:
    first = raised(here.tutor, here.student)
    client = client_of(here.tutor)
    url = reverse("safeguarding:concern-more", args=[Receipt.objects.get().pk])
    send(client, url, child_0=label(here.student), seen="It was Tuesday, not Monday.")
    second = Concern.objects.exclude(pk=first.pk).get()
    assert second.follows == first
    assert words_of(first)["seen"] == WORDS
    other = client_of(make.person(Role.TUTOR, last_name="Other"))
    assert other.get(url).status_code == 404


def test_a_conversation_is_pointed_to_and_none_of_its_words_are_copied(here: World) -> None:
    session = make.TutorSessionFactory.create(student=here.student, author=here.tutor, happened="He was so quiet.")
    client = client_of(here.tutor)
    send(client, f"{reverse(RAISE)}?student={here.student.pk}&from={session.pk}", child_0=label(here.student))
    words = words_of(Concern.objects.get())
    assert words["arose_in"] == str(session.pk)
    assert "quiet" not in str(words)


def test_the_record_says_that_one_was_raised_to_nobody_who_searches_it(here: World) -> None:
    raised(here.tutor, here.student)
    manager = make.person(Role.DATA_MANAGER, last_name="Manager")
    for reader, lines in ((here.tutor, 1), (manager, 0), (here.head, 0), (here.dsl, 0)):
        with acting_as(Actor(reader.pk)):
            assert Event.objects.filter(action="file.raised").count() == lines, reader
    line = Event.objects.get(action="file.raised")
    assert (line.student_id, line.object_id, line.detail) == (None, "", {})


def test_every_student_has_a_key_whether_there_is_a_file_or_not(here: World) -> None:
    raised(here.tutor, here.student)
    give_keys()
    with acting_as(Actor(here.tutor.pk)):
        assert set(StudentKey.objects.values_list("student", flat=True)) == {here.student.pk, here.classmate.pk}


def test_leads_are_named_the_first_before_the_deputies_and_who_left_is_not(here: World) -> None:
    left = make.person(Role.DSL, last_name="Gone")
    left.memberships.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    page = client_of(here.tutor).get(reverse(RAISE)).content.decode()
    assert page.index("Ms Zeller") < page.index("Ms Abbot")
    assert "Gone" not in page
    assert "999" in page


def test_raw_sql_adds_nothing_to_anothers_concern(here: World) -> None:
    """The hole that foreign keys leave: they are checked past policies."""
    concern = raised(here.tutor, here.student)
    thief = make.person(Role.TUTOR, group=here.group, last_name="Thief")
    tries = {
        "entry": Entry(concern=concern, kind="note", author=thief, words=b"x", written_at=timezone.now()),
        "raised": Entry(concern=concern, kind="raised", author=thief, words=b"x", written_at=timezone.now()),
        "child": ConcernChild(concern=concern, student=here.classmate),
        "receipt": Receipt(concern=concern, reporter=thief, raised_at=timezone.now()),
        "follows": Concern(
            school=here.group.school, store="children", reporter=thief, follows=concern, raised_at=timezone.now()
        ),
        "for another": Concern(
            school=here.group.school, store="children", reporter=here.tutor, raised_at=timezone.now()
        ),
    }
    for what, row in tries.items():
        refused = pytest.raises(ProgrammingError, match="row-level security")
        with acting_as(Actor(thief.pk, elevated=True)), refused, transaction.atomic():
            row.save(force_insert=True)
        assert connection.in_atomic_block, what


def test_when_something_was_raised_and_written_is_the_databases_to_say(here: World) -> None:
    """Whoever sets the clock of their own request back changes nothing on the file."""
    concern = Concern(school=here.group.school, store="children", reporter=here.tutor, raised_at=LONG_AGO)
    rows = [
        concern,
        Receipt(concern=concern, reporter=here.tutor, raised_at=LONG_AGO),
        Entry(concern=concern, kind="raised", author=here.tutor, words=b"x", written_at=LONG_AGO),
    ]
    with acting_as(Actor(here.tutor.pk)), transaction.atomic():
        for row in rows:
            row.save(force_insert=True)
    said = [Concern.objects.get().raised_at, Receipt.objects.get().raised_at, Entry.objects.get().written_at]
    assert LONG_AGO not in said
