"""Destroying one file loses nothing else: other concerns, other children's, what is written meanwhile, what is held."""

import datetime as dt
import re
import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.acting import Actor, acting_as
from core.encryption import EncryptionError
from safeguarding.enums import Kind, Part
from safeguarding.keys import cipher_of, cipher_to_write, keys_of_students
from safeguarding.models import Concern, ConcernChild, ConcernKey, Entry, StudentKey
from safeguarding.retention import services as keeping
from safeguarding.retention.models import Certificate, HoldEnd, RetentionClass
from safeguarding.services import Facts, NotChildrensError, Words, add_entry, link_child, raise_concern, unlink_child
from tests import factories as make
from tests.safeguarding.pages import World, client_of, read, world
from tests.safeguarding.retention.pages import approve, born, filed, hold, lead, page, propose
from tests.safeguarding.retention.test_destroying import as_web, destroy, refused
from tests.safeguarding.transfer.leaving import a_concern

pytestmark = pytest.mark.django_db(transaction=True)


def due_file() -> World:
    here = world()
    filed(here, category="family-housing")
    born(here.student, 26)
    return here


here = pytest.fixture(due_file, name="here")


def as_lead(here: World, do: Callable[[], object]) -> None:
    with acting_as(Actor(here.dsl.pk, elevated=True)), transaction.atomic():
        do()


def meanwhile(do: Callable[[], object]) -> list[str]:
    """What another connection is refused, or waits for in vain."""
    said: list[str] = []

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '500ms'")
            do()
        except DatabaseError as error:
            said.append(str(error))
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    other.join(20)
    return said


# What hangs on the child's key and is no part of the file.


def test_what_is_said_of_an_adult_is_linked_to_no_child(here: World) -> None:
    concern = make.ConcernFactory.create(school=here.dsl.school, store="staff", reporter=here.tutor)
    make.ConcernKeyFactory.create(concern=concern)
    with pytest.raises(NotChildrensError):
        link_child(by=here.head, concern=concern, student=here.student, part=Part.SUBJECT)
    assert not ConcernKey.objects.filter(concern=concern).exclude(student=None).exists()


def test_what_names_a_colleague_hangs_on_no_childs_key_whatever_the_form_thought(here: World) -> None:
    words, facts = Words(names=["Amara"], seen="He shouted."), Facts("children", about_staff=here.deputy)  # type: ignore[arg-type]
    with acting_as(Actor(here.tutor.pk)):
        token = make.UserFactory.build().pk
        receipt = raise_concern(by=here.tutor, token=token, students=[here.student], words=words, facts=facts)
    concern = Concern.objects.get(receipt=receipt)
    assert concern.store == "staff"
    assert concern.keys.get().student is None


def test_nothing_of_another_store_that_hangs_on_the_key_is_lost(here: World) -> None:
    review = propose(lead(here), here.student)
    other = make.ConcernFactory.create(school=here.dsl.school, store="staff", reporter=here.tutor)
    make.ConcernKeyFactory.create(concern=other, student=here.student, wrapped=b"x", under_ring=None)
    refused(here.head, review, "another child would lose it")
    make.ConcernKeyFactory.create(concern=other)
    assert destroy(here.head, review)
    assert ConcernKey.objects.get().student is None, "no copy under a key that is gone stays"


def test_a_key_of_a_child_who_is_linked_no_more_saves_nothing(here: World) -> None:
    shared = a_concern(here.tutor, here.student, here.classmate, seen="Both were seen.")
    make.ConcernChildFactory.create(concern=shared, student=make.student_in(here.group))
    review = propose(lead(here), here.student)
    ConcernChild.objects.filter(concern=shared, student=here.classmate).delete()
    ConcernKey.objects.filter(concern=shared, student=None).delete()
    refused(here.head, review, "another child would lose it")


def test_of_two_unlinked_one_after_the_other_the_words_stay(here: World) -> None:
    shared = a_concern(here.tutor, here.student, here.classmate, seen="Both were seen.")
    for child in ConcernChild.objects.filter(concern=shared):
        as_lead(here, lambda child=child: unlink_child(by=here.dsl, child=child, why="Neither"))  # type: ignore[misc]
    assert cipher_of(shared)


def test_what_was_raised_before_and_linked_after_is_on_the_new_file(here: World) -> None:
    older = a_concern(here.tutor, here.classmate, seen="Both were seen.")
    approve(client_of(here.head, elevated=True), propose(lead(here), here.student))
    as_lead(here, lambda: link_child(by=here.dsl, concern=older, student=here.student, part=Part.SUBJECT))
    assert "25 years from the date of birth" in page(lead(here), "file", here.student.pk)
    as_lead(here, lambda: unlink_child(by=here.dsl, child=older.children.get(student=here.classmate), why="Not him"))
    made = approve(client_of(here.head, elevated=True), propose(lead(here), here.student))
    assert (made.concerns, made.shared) == (1, 0)
    assert not Entry.objects.filter(concern=older).exclude(words=b"").exists()


# At the same moment.


def test_what_is_written_meanwhile_is_waited_for(here: World) -> None:
    review = propose(lead(here), here.student)
    concern = Concern.objects.get()
    for writes in (lambda: keys_of_students([here.student.pk]), lambda: cipher_to_write(concern)):
        with acting_as(Actor(here.dsl.pk, elevated=True)), transaction.atomic():
            writes()
            assert "lock timeout" in str(meanwhile(lambda: destroy(here.head, review)))
    assert destroy(here.head, review)


def test_whoever_writes_waits_until_it_is_destroyed_and_is_told(here: World) -> None:
    review, concern = propose(lead(here), here.student), Concern.objects.get()
    with acting_as(Actor(here.head.pk, elevated=True)), transaction.atomic():
        keeping.destroy(by=here.head, review=review)

        def adds() -> None:
            with acting_as(Actor(here.dsl.pk, elevated=True)):
                add_entry(by=here.dsl, concern=concern, kind=Kind.NOTE, words={"text": "He rang."})

        assert "lock timeout" in str(meanwhile(adds))
    with acting_as(Actor(here.dsl.pk, elevated=True)), pytest.raises(EncryptionError):
        add_entry(by=here.dsl, concern=concern, kind=Kind.NOTE, words={"text": "He rang."}, token=concern.pk)


NOTE = (
    "INSERT INTO safeguarding_entry (id, concern_id, kind, author_id, written_at, significant, words)"
    " VALUES (gen_random_uuid(), %s, 'note', %s, now(), false, 'x')"
)
COPY = (
    "INSERT INTO safeguarding_concernkey (id, concern_id, student_id, wrapped)"
    " VALUES (gen_random_uuid(), %s, %s, 'x')"
)  # fmt: skip


def test_past_every_view_nothing_is_written_that_no_key_opens(here: World) -> None:
    concern = Concern.objects.get()
    ConcernKey.objects.all()._raw_delete("default")
    with pytest.raises(DatabaseError, match="no key opens it"):
        as_web(here.dsl, NOTE, concern.pk, here.dsl.pk)


def test_past_every_view_what_was_destroyed_gets_no_key(here: World) -> None:
    concern = Concern.objects.get()
    assert as_web(here.dsl, COPY, concern.pk, here.classmate.pk)
    Entry.objects.update(words=b"")
    with pytest.raises(DatabaseError, match="what it opened was destroyed"):
        as_web(here.dsl, COPY, concern.pk, here.classmate.pk)


def test_of_one_school_one_file_after_the_other(here: World) -> None:
    a_concern(here.tutor, here.classmate, seen="He was seen.")
    born(here.classmate, 26)
    first = propose(lead(here), here.student)
    second = make.ReviewFactory.create(student=here.classmate, by=here.dsl)
    with acting_as(Actor(here.head.pk, elevated=True)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT guard.destroy_file(%s)", [first.pk])
        assert "lock timeout" in str(meanwhile(lambda: destroy(here.head, second)))


# What was reviewed, and by whom.


def test_what_is_destroyed_is_what_was_reviewed(here: World) -> None:
    older = a_concern(here.tutor, here.classmate, seen="Both were seen.")
    review = propose(lead(here), here.student)
    as_lead(here, lambda: link_child(by=here.dsl, concern=older, student=here.student, part=Part.SUBJECT))
    refused(here.head, review, "more was written")
    assert "More was written" in page(client_of(here.head, elevated=True), "proposal", review.pk)


def test_a_file_that_came_in_meanwhile_was_not_reviewed(here: World) -> None:
    review = propose(lead(here), here.student)
    make.AttachmentFactory.create(entry=Entry.objects.get())
    refused(here.head, review, "more was written")


def test_where_everything_was_unlinked_there_is_nothing_to_destroy(here: World) -> None:
    born(here.student, 20)
    review = propose(lead(here), here.student, early_why="A court ordered it")
    as_lead(here, lambda: unlink_child(by=here.dsl, child=ConcernChild.objects.get(), why="Not her"))
    answer = client_of(here.head, elevated=True).post(reverse("retention:proposal", args=[review.pk]), {"sure": "on"})
    assert "there is nothing on this file any more" in answer.content.decode()
    assert StudentKey.objects.filter(student=here.student).exists()


@pytest.mark.parametrize("change", ["switched off", "role ended", "kept from the child", "kept from a concern"])
def test_whoever_proposed_it_could_still_do_so(here: World, change: str) -> None:
    review = propose(lead(here), here.student)
    if change == "switched off":
        User.objects.filter(pk=here.dsl.pk).update(is_active=False)
    elif change == "role ended":
        here.dsl.memberships.all().delete()
    elif change == "kept from the child":
        make.KeptFromFactory.create(person=here.dsl, student=here.student, concern=None, set_by=here.deputy)
    else:
        make.KeptFromFactory.create(person=here.dsl, concern=Concern.objects.get(), set_by=here.deputy)
    refused(here.head, review, "the first person may not")


def test_the_second_person_sees_the_rule_and_what_was_made_easier(here: World) -> None:
    kept = RetentionClass.objects.get(school=here.dsl.school, covers="file")
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        said = {"years": 20, "trigger": "birth", "source": "Our policy of 2026"}
        keeping.change_class(by=here.dsl, kept=kept, said=said)
    make.HoldEndFactory.create(hold__student=here.student, lifted_by=here.deputy)
    make.HoldEndFactory.create(hold__student=here.classmate, lifted_by=here.tutor)
    long_ago = timezone.now() - dt.timedelta(days=91)
    make.HoldEndFactory.create(hold__student=here.student, lifted_by=here.chair, lifted_at=long_ago)
    review = propose(lead(here), here.student)
    text = page(client_of(here.head, elevated=True), "proposal", review.pk)
    assert "20 years from the date of birth" in text
    assert "Our policy of 2026" in text
    assert f"lifted by {here.deputy}" in text
    assert re.search(rf"25 → 20 years from the date of birth, changed by {here.dsl}", text)
    assert str(here.tutor) not in text
    assert str(here.chair) not in text
    assert as_web(here.tutor, "SELECT count(*) FROM guard.review_around(%s)", review.pk) == 0


def test_the_certificate_says_what_remains(here: World) -> None:
    made = approve(client_of(here.head, elevated=True), propose(lead(here), here.student))
    text = page(client_of(here.head, elevated=True), "certificate", made.pk)
    assert "Nobody can read it" not in text
    for words in ("that it was raised, by whom and when", "another child’s too", "for up to 30 days"):
        assert words in text


# What is held.


def test_nothing_is_taken_off_a_file_that_is_held(here: World) -> None:
    hold(lead(here), here.student)
    concern = Concern.objects.get()
    said = {"child": str(ConcernChild.objects.get().pk), "why": "Not her"}
    client = lead(here)
    client.post(reverse("safeguarding:concern-unlink", args=[concern.pk]), said)
    assert "the child’s file is held" in read(client, concern).content.decode()
    held_past_every_view(here)


def held_past_every_view(here: World) -> None:
    make.HoldFactory.create(student=here.student)
    make.ConcernKeyFactory.create(concern=Concern.objects.get())
    with pytest.raises(DatabaseError, match="the file is held"):
        as_web(here.dsl, "DELETE FROM safeguarding_concernchild")
    assert ConcernChild.objects.exists()


def test_a_hold_on_one_child_holds_what_is_another_childs_too(here: World) -> None:
    a_concern(here.tutor, here.student, here.classmate, seen="Both were seen.")
    review = propose(lead(here), here.student)
    held = make.HoldFactory.create(student=here.classmate, placed_by=here.dsl)
    refused(here.head, review, "another child of it is held")
    make.HoldEndFactory.create(hold=held)
    assert destroy(here.head, review)


def test_two_who_lift_a_hold_at_once(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row, seal = hold(lead(here), here.student), keeping.seal_json

    def and_a_colleague(*args: object) -> bytes:
        if not HoldEnd.objects.exists():
            make.HoldEndFactory.create(hold=row, lifted_by=here.deputy)
        return seal(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "seal_json", and_a_colleague)
    assert keeping.lift_hold(by=here.dsl, hold=row, why="Over") is False
    assert HoldEnd.objects.get().lifted_by == here.deputy
    assert not Certificate.objects.exists()
