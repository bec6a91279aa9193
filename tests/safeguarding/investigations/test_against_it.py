"""What somebody tried who read the room against us: each of these once worked, or lost words."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from audit.services import record
from core.acting import Actor, acting_as
from safeguarding.investigations import selectors, statements
from safeguarding.investigations.enums import Entry
from safeguarding.investigations.models import Investigation, InvestigationKey, Party, Statement, StatementWords
from safeguarding.models import StudentKey
from tests import factories as make
from tests.safeguarding.investigations.pages import filled, head_of_house, opened, read, send
from tests.safeguarding.investigations.test_findings import FOUND, found
from tests.safeguarding.investigations.test_findings_held import write
from tests.safeguarding.investigations.test_statements_held import asked, party, taken, witness
from tests.safeguarding.pages import World, client_of, form_of, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here() -> World:
    return world()


class TakenBackError(Exception):
    """Rolls a transaction back."""


def test_letting_all_go_reading_and_taking_it_back_shows_nothing(here: World) -> None:
    one = opened(here.dsl, here)
    first, second = asked(here.dsl, one, party(one)), asked(here.dsl, one, party(one, "alleged"))
    taken(here.dsl, first)
    me = Actor(here.dsl.pk, elevated=True)
    with acting_as(me):
        record("file.investigation_opened", by=here.dsl, obj=one)
    seen = -1
    with acting_as(me), pytest.raises(TakenBackError), transaction.atomic():
        statements.let_go(by=here.dsl, statement=second, why="For a moment.")
        seen = StatementWords.objects.count()
        raise TakenBackError
    assert seen == 0
    with acting_as(me), pytest.raises(TakenBackError), transaction.atomic():
        row = StatementWords(statement=second, author=here.dsl, written_at=timezone.now(), how="taken", words=b"x")
        row.save(force_insert=True)
        seen = StatementWords.objects.count()
        raise TakenBackError
    assert seen == 0
    with acting_as(me):
        statements.let_go(by=here.dsl, statement=second, why="Refuses.")
    with acting_as(me):
        assert StatementWords.objects.count() == 1, "the control: let go and committed"


def test_no_key_is_put_beside_a_student_one_does_not_find(here: World) -> None:
    stranger = make.StudentFactory.create(school=make.SchoolFactory.create(name="Another School"))
    one = opened(here.dsl, here)
    with (
        acting_as(Actor(here.dsl.pk, elevated=True)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        InvestigationKey(investigation=one, student=stranger, wrapped=b"x").save(force_insert=True)
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        assert not StudentKey.objects.filter(student=stranger).exists()


def test_nobody_is_in_it_as_something_unknown(here: World) -> None:
    one = opened(here.dsl, here)
    with acting_as(Actor(here.dsl.pk, elevated=True)), pytest.raises(IntegrityError), transaction.atomic():
        Party(investigation=one, part="zzz").save(force_insert=True)


def test_nobody_of_another_school_is_asked(here: World) -> None:
    one = opened(here.dsl, here)
    elsewhere = make.person(Role.SUBJECT_TEACHER, school=make.SchoolFactory.create(name="Another School"))
    saw = Party.objects.create(investigation=one, staff=elsewhere, part="witness")
    with pytest.raises(statements.NotOpenError):
        asked(here.dsl, one, saw)
    assert not Statement.objects.exists()


def test_whoever_is_late_keeps_their_words(here: World) -> None:
    one = opened(here.dsl, here)
    ada, saw = witness(here, one)
    hers, his = asked(here.dsl, one, saw), asked(here.dsl, one, party(one))
    mine, take = (
        reverse("investigations:asked", args=[hers.pk]),
        reverse("investigations:statement-take", args=[one.pk, his.pk]),
    )
    tries = [(client_of(ada, elevated=True), mine), (client_of(here.dsl, elevated=True), take)]
    typed = [(client, url, form_of(client, url) | {"text": "A whole page of it."}) for client, url in tries]
    for statement in (hers, his):
        with acting_as(Actor(here.dsl.pk, elevated=True)):
            statements.let_go(by=here.dsl, statement=statement, why="Not needed.")
    for client, url, form in typed:
        answer = client.post(url, form)
        assert answer.status_code == 404
        assert "A whole page of it." in answer.content.decode()
    assert not StatementWords.objects.exists()


def test_where_there_is_a_finding_nobody_is_asked(here: World) -> None:
    one = opened(here.dsl, here)
    client, url = client_of(here.dsl, elevated=True), reverse("investigations:ask", args=[one.pk])
    read(client, one)
    form = form_of(client, url) | {"party": str(party(one).pk), "question": "What did you see?"}
    write(here.dsl, one, Entry.FINDING)
    late = client.post(url, form)
    assert late.status_code == 200
    assert "Open it again first" in late.content.decode()
    assert "What did you see?" in late.content.decode()
    assert client.get(url)["Location"] == reverse("investigations:detail", args=[one.pk])


def test_whoever_may_not_read_what_they_opened_sends_it_once(here: World) -> None:
    house = head_of_house(here)
    make.KeptFromFactory.create(person=house, student=here.classmate, concern=None)
    client, url = client_of(house), reverse("investigations:open")
    form = form_of(client, url) | filled(here)
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    assert Investigation.objects.count() == 1
    assert send(client_of(here.dsl), here).status_code == 302


def test_a_finding_names_everybody_however_long_it_was_written(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that one does not find are read from the words, which are shut again after a minute."""
    one = opened(here.dsl, here, alleged_0="A boy of the other school")
    client, url = client_of(here.dsl, elevated=True), reverse("investigations:finding", args=[one.pk])
    read(client, one)
    form = form_of(client, url) | found(here, one)
    with monkeypatch.context() as later:
        later.setattr(selectors, "entries_of", lambda _: [])
        assert client.post(url, form).status_code == 302
    page = read(client, one).content.decode()
    assert FOUND in page
    assert "A boy of the other school: Repairs it with her" in page
    assert "Amara Okafor: Support by her tutor." in page
