"""Duty 49: an investigation is opened in one go, sealed, and only added to."""

import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Draft
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding.investigations.enums import Entry, Part, Status
from safeguarding.investigations.models import Investigation, InvestigationEntry, InvestigationKey, Party
from safeguarding.investigations.sealing import cipher_of
from safeguarding.models import StudentKey
from tests import factories as make
from tests.safeguarding.investigations.pages import ACCOUNT, filled, head_of_house, opened, send
from tests.safeguarding.pages import World, client_of, form_of, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def words_of(one: Investigation) -> dict[str, object]:
    return cipher_of(one).open(one.entries.get(kind=Entry.OPENED), "words")  # type: ignore[no-any-return]


def test_a_head_of_house_opens_one_with_two_names_and_what_is_said(here: World) -> None:
    house = head_of_house(here)
    one = opened(house, here, witness_0="Ada Quill", reporter_0="A mother at the gate")
    assert (one.lead, one.status, one.kind) == (house, Status.OPEN, "bullying")
    assert {(party.part, party.student) for party in one.parties.exclude(student=None)} == {
        (Part.TARGET, here.student), (Part.ALLEGED, here.classmate),
    }  # fmt: skip
    said = words_of(one)
    assert said["account"] == ACCOUNT
    assert set(said["names"].values()) == {  # type: ignore[attr-defined]
        "Amara Okafor", "Ben Achterberg", "Ada Quill", "A mother at the gate",
    }  # fmt: skip


def test_a_colleague_is_who_saw_it_and_never_who_did_it(here: World) -> None:
    ada = make.person(Role.SUBJECT_TEACHER, first_name="Ada", last_name="Quill")
    one = opened(head_of_house(here), here, witness_0="Ada Quill")
    assert one.parties.get(staff=ada).part == Part.WITNESS
    page = send(client_of(here.dsl), here, alleged_1="Ada Quill").content.decode()
    assert "That is a colleague" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.create(investigation=one, staff=here.tutor, part=Part.ALLEGED)


def test_the_words_stand_sealed_under_the_key_of_each_student(here: World) -> None:
    one = opened(head_of_house(here), here)
    entry = one.entries.get()
    for secret in (ACCOUNT, "Amara", "appearance"):
        assert secret.encode() not in bytes(entry.words)
    assert one.keys.count() == 2
    StudentKey.objects.filter(student=here.student).delete()
    assert words_of(one)["account"] == ACCOUNT
    StudentKey.objects.filter(student=here.classmate).delete()
    with pytest.raises(Exception, match="No key of this investigation"):
        cipher_of(one)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": ""}, "Choose what comes nearest"),
        ({"target_0": "Amara", "alleged_0": ""}, "Choose at least one student from the list"),
        ({"account": "", "place": ACCOUNT}, "Write what is said to have happened"),
        ({"happened_on": "2030-01-01"}, "A day until today"),
        ({"target_1": "Ben Achterberg", "witness_0": "Ben Achterberg"}, "The same person stands here twice"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    here: World, typed: dict[str, object], said: str
) -> None:
    page = send(client_of(here.dsl), here, **typed).content.decode()
    assert said in page
    assert ACCOUNT in page
    assert not Investigation.objects.exists()


def test_the_same_form_sent_twice_is_one_and_its_draft_is_gone(here: World) -> None:
    client, url = client_of(here.dsl), reverse("investigations:open")
    hidden = form_of(client, url)
    for _ in range(2):
        assert client.post(url, hidden | filled(here)).status_code == 302
    assert Investigation.objects.count() == 1
    assert not Draft.objects.filter(user=here.dsl).exists()


def test_what_is_typed_is_kept_as_a_draft_meanwhile(here: World) -> None:
    client, url = client_of(here.dsl), reverse("investigations:open")
    hidden = form_of(client, url)
    saved = client.post(reverse("accounts:draft-save", args=[hidden["draft_form"]]), hidden | filled(here))
    assert saved.status_code == 200
    assert ACCOUNT in client.get(url).content.decode()


def test_the_record_of_actions_says_that_and_not_of_whom(here: World) -> None:
    opened(here.dsl, here)
    line = Event.objects.get(action="file.investigation_begun")
    assert (line.actor_id, line.student_id, line.object_id, line.detail) == (here.dsl.pk, None, "", {})


def test_where_it_cannot_be_sealed_nothing_is_kept_and_nothing_is_lost(here: World) -> None:
    for student in (here.student, here.classmate):
        StudentKey.objects.create(student=student, wrapped=b"no key of ours")
    answer = send(client_of(here.dsl), here)
    assert answer.status_code == 503
    assert ACCOUNT in answer.content.decode()
    assert not Investigation.objects.exists()


def test_postgresql_changes_nothing_of_one(here: World) -> None:
    opened(here.dsl, here)
    for person in (here.dsl, here.deputy, here.head):
        with acting_as(Actor(person.pk, elevated=True)):
            for model in (Investigation, Party, InvestigationKey, InvestigationEntry):
                rows = model._default_manager.all()
                with pytest.raises(ProgrammingError), transaction.atomic():
                    rows.update(id=uuid.uuid4())
                with pytest.raises(ProgrammingError), transaction.atomic():
                    rows._raw_delete(rows.db)


def test_postgresql_says_when_and_where_it_stands(here: World) -> None:
    """Neither time nor a finding is anybody's to say."""
    long_since = timezone.now().replace(year=2020)
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        one = Investigation(
            school=here.dsl.school, lead=here.dsl, submission=uuid.uuid4(), kind="bullying", opened_at=long_since,
            status="closed", found_at=long_since, closed_at=long_since,
        )  # fmt: skip
        one.save(force_insert=True)
        one.refresh_from_db()
        assert (one.status, one.found_at, one.closed_at) == ("open", None, None)
        assert one.opened_at.year > 2020
        entry = InvestigationEntry(
            investigation=one, kind="opened", author=here.dsl, written_at=long_since, words=b"sealed"
        )
        entry.save(force_insert=True)
    entry.refresh_from_db()
    assert entry.written_at.year > 2020
