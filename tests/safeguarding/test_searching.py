"""Duty 55: a lead finds words on the file; that they search is on the record before, and what for never is."""

import uuid
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from audit.services import record
from core.acting import Actor, acting_as
from safeguarding import search
from safeguarding.enums import Kind, Store
from safeguarding.models import Concern, ConcernKey, Entry, StudentKey
from safeguarding.services import Facts, Words, add_entry, raise_concern
from students.models import Student
from tests.safeguarding.pages import World, client_of, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
SEARCH = "safeguarding:search"
CONVERSATION = "feedc0de-0000-4000-8000-000000000000"


@pytest.fixture
def here() -> World:
    return world()


def concern_of(by: User, *students: Student, seen: str, store: Store = Store.CHILDREN) -> Concern:
    words = Words(names=[student.name for student in students], seen=seen, arose_in=CONVERSATION)
    receipt = raise_concern(by=by, token=uuid.uuid4(), students=students, words=words, facts=Facts(store))
    return Concern.objects.get(receipt=receipt)


def look_for(client: Client, words: str) -> Any:
    """By the way a browser goes: 307 has it send the same form again."""
    return client.post(reverse(SEARCH), {"words": words}, follow=True)


def shown(answer: Any) -> str:
    page = answer.content.decode()
    return page[page.index("<main") : page.index("</main")]


def test_all_words_of_it_must_stand_in_a_concern(here: World) -> None:
    first = concern_of(here.tutor, here.student, seen="His uncle José locks the kitchen.")
    add_entry(
        by=here.dsl, concern=first, kind=Kind.NOTE, words={"text": "O’Neill, the neighbour, heard <b>shouting</b>."}
    )
    second = concern_of(here.tutor, here.classmate, seen="No uncle there.")
    client = client_of(here.dsl, elevated=True)
    both = shown(look_for(client, "UNCLE"))
    assert "2 concerns" in both
    assert both.index(str(second.pk)) < both.index(str(first.pk)), "the newest first"
    for words in ("jose lock", "oneill KITCHEN", "  josé   shouting "):
        page = shown(look_for(client, words))
        assert "1 concern<" in page, words
        assert str(first.pk) in page
        assert str(second.pk) not in page
        assert "Amara Okafor" in page
        assert first.receipt.reference in page
    assert "&lt;b&gt;<mark>shouting</mark>" in shown(look_for(client, "shouting"))
    assert "Nothing found" in shown(look_for(client, "uncle aunt"))
    # The key of the conversation it arose in is none of the words.
    assert "Nothing found" in shown(look_for(client, "feedc0de"))


def test_the_search_is_on_the_record_first_and_its_words_nowhere(here: World) -> None:
    concern_of(here.tutor, here.student, seen="His uncle locks the kitchen.")
    client = client_of(here.dsl, elevated=True)
    url = reverse(SEARCH)
    first = client.post(url, {"words": "uncle"})
    assert (first.status_code, first["Location"]) == (307, url)
    assert first.content == b""
    noted = Event.objects.get(action="file.searched")
    assert (noted.actor_id, noted.object_id, noted.student_id) == (here.dsl.pk, "", None)
    assert set(noted.detail) == {"query"}
    assert len(noted.detail["query"]) == 64
    second = client.post(url, {"words": "uncle"})
    assert second.status_code == 200
    assert "1 concern<" in shown(second)
    assert Event.objects.filter(action="file.searched").count() == 1
    # Another search, another line; the same words in another order are the same.
    look_for(client, "kitchen uncle")
    look_for(client, "UNCLE kitchen")
    assert Event.objects.filter(action="file.searched").count() == 2
    assert "uncle" not in str(dict(client.session)).lower()
    assert not [line for line in Event.objects.all() if "uncle" in str(line.detail)]
    assert not Event.objects.filter(action="file.opened").exists()


def test_what_a_search_opened_is_noted_when_it_is_looked_at(here: World) -> None:
    concern = concern_of(here.tutor, here.student, seen="His uncle locks the kitchen.")
    client = client_of(here.dsl, elevated=True)
    look_for(client, "uncle")
    url = reverse("safeguarding:concern-detail", args=[concern.pk])
    assert client.get(url).status_code == 302
    assert Event.objects.filter(action="file.opened", object_id=str(concern.pk)).count() == 1
    assert client.get(url).status_code == 200


def test_the_database_shows_nothing_before_that_is_committed(here: World) -> None:
    concern_of(here.tutor, here.student, seen="His uncle")
    with acting_as(Actor(here.dsl.pk, elevated=True)), transaction.atomic():
        record("file.searched", by=here.dsl)
        assert not Entry.objects.exists()
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        assert Entry.objects.exists()
    with acting_as(Actor(here.dsl.pk)):
        assert not Entry.objects.exists()
    for person in (here.deputy, here.head, here.tutor):
        with acting_as(Actor(person.pk, elevated=True)):
            assert not Entry.objects.exists(), "what one searches, another does not"


def test_everybody_finds_only_what_they_may_read(here: World) -> None:
    concern_of(here.tutor, here.student, seen="His uncle")
    concern_of(here.tutor, seen="The uncle of an adult", store=Store.STAFF)
    for person, found in ((here.dsl, "His <mark>uncle"), (here.deputy, "His <mark>uncle"), (here.head, "of an adult")):
        page = shown(look_for(client_of(person, elevated=True), "uncle"))
        assert "1 concern<" in page, person
        assert found in page
    assert "Nothing found" in shown(look_for(client_of(here.chair, elevated=True), "uncle"))
    # A tutor may say to the database what they like.
    assert look_for(client_of(here.tutor, elevated=True), "uncle").status_code == 403
    with acting_as(Actor(here.tutor.pk, elevated=True)):
        record("file.searched", by=here.tutor)
    with acting_as(Actor(here.tutor.pk, elevated=True)):
        assert not Entry.objects.exists()


def test_without_a_fresh_proof_what_was_typed_comes_back(here: World) -> None:
    answer = client_of(here.dsl).post(reverse(SEARCH), {"words": "uncle"})
    assert answer.status_code == 401
    assert not Event.objects.filter(action="file.searched").exists()


@pytest.mark.parametrize("words", ["", "   ", "a", "’", "x" * 201])
def test_nothing_is_opened_for_nothing(here: World, words: str) -> None:
    concern_of(here.tutor, here.student, seen="a ’")
    answer = look_for(client_of(here.dsl, elevated=True), words)
    assert answer.status_code == 200
    assert not answer.redirect_chain
    assert not Event.objects.filter(action="file.searched").exists()


def test_one_that_cannot_be_opened_is_counted_and_breaks_nothing(here: World) -> None:
    seen = "His uncle locks the kitchen."
    broken, keyless, whole = (concern_of(here.tutor, here.student, seen=seen) for _ in range(3))
    Entry.objects.filter(concern=broken).update(words=b"\x01\x00\x01" + b"0" * 40)
    ConcernKey.objects.filter(concern=keyless).delete()
    client = client_of(here.dsl, elevated=True)
    page = shown(look_for(client, "uncle"))
    assert "1 concern<" in page
    assert "2 entries could not be opened" in page
    assert str(whole.pk) in page
    StudentKey.objects.update(wrapped=b"\x01\x00\x09" + b"0" * 60)
    page = shown(look_for(client, "kitchen"))
    assert "3 entries could not be opened" in page
    assert "Nothing found" in page


def test_many_are_looked_through_in_few_queries(here: World, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        concern_of(here.tutor, here.student, seen="uncle")
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        record("file.searched", by=here.dsl)
    with acting_as(Actor(here.dsl.pk, elevated=True)), transaction.atomic(), django_assert_max_num_queries(9):
        assert search.find(["uncle"]).total == 3


def test_the_desk_has_the_box(here: World) -> None:
    page = client_of(here.dsl, elevated=True).get(reverse("safeguarding:desk")).content.decode()
    assert f'action="{reverse(SEARCH)}"' in page
    assert 'name="words"' in page


@pytest.mark.parametrize(
    ("text", "terms", "shown"),
    [
        ("She said that he came", ["said"], ["She ", "[said]", " that he came"]),
        ("O’Brien’s ÉTÉ", ["obrien", "ete"], ["[O’Brien]", "’s ", "[ÉTÉ]"]),
        ("x " * 200 + "here" + " y" * 200, ["here"], ["…", "[here]", "…"]),
        ("nothing of it", ["absent"], ["nothing of it"]),
    ],
)
def test_an_excerpt_stands_around_the_words(text: str, terms: list[str], shown: list[str]) -> None:
    pieces = [f"[{piece.text}]" if piece.is_hit else piece.text for piece in search.excerpt(text, terms) if piece.text]
    whole = "".join(pieces)
    assert len(whole) < 230
    at = 0
    for part in shown:
        assert part in whole[at:]
        at = whole.index(part, at) + len(part)
