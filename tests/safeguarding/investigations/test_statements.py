"""Statements are sealed until all are in: nobody reads any before, whoever looks into it neither."""

import uuid

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from audit.services import record
from core.acting import Actor, acting_as
from safeguarding.investigations.models import Investigation, Statement, StatementWords
from safeguarding.investigations.selectors import statements_due
from safeguarding.mails import send_alerts
from students.due import lines_due
from tests.safeguarding.investigations.pages import head_of_house, opened, read
from tests.safeguarding.investigations.test_statements_held import asked, party, taken, witness
from tests.safeguarding.pages import World, client_of, form_of, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
HERS, HIS, ADAS = "He took it out of my hand.", "It was only messing about.", "I heard her shout."


@pytest.fixture
def here() -> World:
    return world()


def words_seen(user: User, one: Investigation) -> int:
    """By raw SQL, with everything that lets one read: proved afresh, and opened in a transaction that is over."""
    with acting_as(Actor(user.pk, elevated=True)):
        record("file.investigation_opened", by=user, obj=one)
    with acting_as(Actor(user.pk, elevated=True)), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "waymark_web"
        cursor.execute("SELECT id, words FROM investigations_statementwords")
        return len(cursor.fetchall())


def test_nobody_reads_any_before_all_are_in(here: World) -> None:
    house = head_of_house(here)
    one = opened(house, here)
    first, second = asked(house, one, party(one)), asked(house, one, party(one, "alleged"))
    taken(house, first, HERS)
    for person in (house, here.dsl, here.tutor, here.head):
        assert words_seen(person, one) == 0
    page = read(client_of(house, elevated=True), one).content.decode()
    assert "Sealed until all are in: 1 of 2 to come" in page
    assert HERS not in page
    taken(here.dsl, second, HIS)
    assert (words_seen(house, one), words_seen(here.dsl, one), words_seen(here.tutor, one)) == (2, 2, 0)
    page = read(client_of(house, elevated=True), one).content.decode()
    assert HERS in page
    assert HIS in page
    # Somebody else is asked: what stands is shut again until that is in too.
    third = asked(house, one, party(one))
    assert words_seen(house, one) == 0
    taken(house, third, "One thing more.")
    assert words_seen(house, one) == 3


def test_all_in_and_not_opened_is_not_read(here: World) -> None:
    one = opened(here.dsl, here)
    taken(here.dsl, asked(here.dsl, one, party(one)), HERS)
    with acting_as(Actor(here.deputy.pk, elevated=True)):
        assert not StatementWords.objects.exists()
    assert words_seen(here.deputy, one) == 1


def test_one_that_will_not_come_is_waited_for_no_more(here: World) -> None:
    one = opened(here.dsl, here)
    first, second = asked(here.dsl, one, party(one)), asked(here.dsl, one, party(one, "alleged"))
    taken(here.dsl, first, HERS)
    client, url = (
        client_of(here.dsl, elevated=True),
        reverse("investigations:statement-let-go", args=[one.pk, second.pk]),
    )
    assert "Say why" in client.post(url, {"why": ""}).content.decode()
    assert client.post(url, {"why": "His mother refuses."}).status_code == 302
    page = read(client, one).content.decode()
    for said in (HERS, "Will not come", "His mother refuses."):
        assert said in page
    assert client.get(url).status_code == 404


def test_it_is_asked_and_taken_down_on_pages(here: World) -> None:
    one = opened(here.dsl, here, witness_0="A girl on the bus")
    client, url = client_of(here.dsl, elevated=True), reverse("investigations:ask", args=[one.pk])
    client.get(url)
    assert "A girl on the bus, saw or heard it" in client.get(url).content.decode()
    missing = client.post(url, form_of(client, url) | {"question": "What did you see?"}).content.decode()
    assert "Choose of whom" in missing
    assert "What did you see?" in missing
    typed = {"party": str(party(one, "witness").pk), "question": "What did you see?"}
    assert client.post(url, form_of(client, url) | typed).status_code == 302
    statement = Statement.objects.get()
    url = reverse("investigations:statement-take", args=[one.pk, statement.pk])
    assert "Write what was seen" in client.post(url, form_of(client, url)).content.decode()
    assert client.post(url, form_of(client, url) | {"text": HERS}).status_code == 302
    assert client.get(url).status_code == 404
    page = read(client, one).content.decode()
    for said in (HERS, "What did you see?", "Taken down in their words"):
        assert said in page


def test_a_colleague_writes_it_signed_in_from_a_mail_that_says_nothing(here: World) -> None:
    one = opened(here.dsl, here)
    ada, saw = witness(here, one)
    client = client_of(here.dsl, elevated=True)
    read(client, one)
    url = reverse("investigations:ask", args=[one.pk])
    typed = {"party": str(saw.pk), "question": "What did you hear at the gate?"}
    assert client.post(url, form_of(client, url) | typed).status_code == 302
    assert send_alerts() == 1
    letter = mail.outbox[0]
    assert letter.to == [ada.email]
    for said in ("Okafor", "Achterberg", "nvestigation", "statement", "bull", "gate"):
        assert said not in letter.subject + str(letter.body)
    statement = Statement.objects.get()
    mine = reverse("investigations:asked", args=[statement.pk])
    assert mine in client_of(ada).get("/").content.decode()
    assert client_of(ada).get(mine)["Location"].startswith(reverse("sign_in:step-up"))
    hers = client_of(ada, elevated=True)
    page = hers.get(mine).content.decode()
    assert "What did you hear at the gate?" in page
    for name in ("Okafor", "Achterberg"):
        assert name not in page
    assert hers.post(mine, form_of(hers, mine) | {"text": ADAS}).status_code == 302
    assert hers.get(mine).status_code == 404
    line = Event.objects.get(action="file.statement_written")
    assert (line.actor_id, line.object_id) == (ada.pk, "")
    page = read(client, one).content.decode()
    assert ADAS in page
    assert "Written by themselves" in page


def test_only_who_is_asked_finds_it_and_only_while_it_waits(here: World) -> None:
    one = opened(here.dsl, here)
    ada, saw = witness(here, one)
    statement = asked(here.dsl, one, saw)
    url, absent = (reverse("investigations:asked", args=[key]) for key in (statement.pk, uuid.uuid4()))
    for person in (here.tutor, here.dsl, here.head):
        client = client_of(person, elevated=True)
        assert client.get(url).status_code == client.get(absent).status_code == 404
    for person, lines in ((ada, 1), (here.tutor, 0), (here.dsl, 0)):
        with acting_as(Actor(person.pk)):
            assert len(lines_due(statements_due(person, one.opened_at.date()))) == lines
