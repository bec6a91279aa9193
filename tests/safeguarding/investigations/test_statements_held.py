"""What PostgreSQL holds of statements, past every view."""

import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from safeguarding.investigations import statements
from safeguarding.investigations.models import (
    Investigation,
    InvestigationEntry,
    Party,
    Statement,
    StatementKey,
    StatementWords,
)
from safeguarding.models import LeadAlert
from tests import factories as make
from tests.safeguarding.investigations.pages import opened
from tests.safeguarding.pages import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def party(one: Investigation, part: str = "target") -> Party:
    return one.parties.get(part=part)


def asked(by: User, one: Investigation, party: Party) -> Statement:
    with acting_as(Actor(by.pk, elevated=True)):
        return statements.ask(by=by, investigation=one, party=party, question="What did you see?", token=None)


def taken(by: User, statement: Statement, text: str = "He took it.") -> None:
    with acting_as(Actor(by.pk, elevated=True)):
        statements.take_down(by=by, statement=Statement.objects.get(pk=statement.pk), text=text, token=None)


def witness(here: World, one: Investigation) -> tuple[User, Party]:
    ada = make.person(Role.SUBJECT_TEACHER, first_name="Ada", last_name="Quill")
    return ada, Party.objects.create(investigation=one, staff=ada, part="witness")


def test_postgresql_says_of_whom_a_statement_is_and_when_it_came(here: World) -> None:
    one, other = opened(here.dsl, here), opened(here.dsl, here, account="Another.")
    long_since = timezone.now().replace(year=2020)
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        row = Statement(
            party=party(one), investigation=other, staff=here.tutor, asked_by=here.dsl, asked_at=long_since,
            in_at=long_since, wrapped=b"x", question=b"x",
        )  # fmt: skip
        row.save(force_insert=True)
    row.refresh_from_db()
    assert (row.investigation, row.staff, row.in_at) == (one, None, None)
    assert row.asked_at.year > 2020
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        StatementWords(statement=row, author=here.dsl, written_at=long_since, how="taken", words=b"x").save(
            force_insert=True
        )
    row.refresh_from_db()
    assert row.in_at is not None
    assert row.in_at.year > 2020
    assert StatementWords.objects.get().written_at.year > 2020


def test_a_colleague_is_alerted(here: World) -> None:
    one = opened(here.dsl, here)
    ada, saw = witness(here, one)
    asked(here.dsl, one, party(one))
    assert not LeadAlert.objects.exists()
    asked(here.dsl, one, saw)
    assert [alert.person for alert in LeadAlert.objects.all()] == [ada]


def test_one_that_came_is_not_let_go(here: World) -> None:
    one = opened(here.dsl, here)
    statement = asked(here.dsl, one, party(one))
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        statements.let_go(by=here.dsl, statement=statement, why="Would rather not.")
    statement.refresh_from_db()
    assert statement.let_go_at is not None
    for _ in range(2):
        with pytest.raises(statements.AlreadyInError), acting_as(Actor(here.dsl.pk, elevated=True)):
            statements.let_go(by=here.dsl, statement=statement, why="Again.")
    with pytest.raises(statements.AlreadyInError):
        taken(here.dsl, statement)


def test_what_is_in_never_changes_and_there_are_no_two(here: World) -> None:
    one = opened(here.dsl, here)
    statement = asked(here.dsl, one, party(one))
    taken(here.dsl, statement)
    with pytest.raises(statements.AlreadyInError):
        taken(here.dsl, statement, "He did not.")
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        for model in (Statement, StatementWords, StatementKey):
            rows = model._default_manager.all()
            with pytest.raises(ProgrammingError), transaction.atomic():
                rows.update(id=uuid.uuid4())
            with pytest.raises(ProgrammingError), transaction.atomic():
                rows._raw_delete(rows.db)


def test_nobody_writes_for_a_colleague_and_a_colleague_only_their_own(here: World) -> None:
    one = opened(here.dsl, here)
    ada, saw = witness(here, one)
    of_ada, of_amara = asked(here.dsl, one, saw), asked(here.dsl, one, party(one))
    tries = [
        (here.dsl, of_ada, "own"), (here.dsl, of_ada, "taken"), (ada, of_amara, "own"), (ada, of_amara, "taken"),
        (here.tutor, of_ada, "own"), (here.tutor, of_amara, "taken"),
    ]  # fmt: skip
    for person, statement, how in tries:
        row = StatementWords(statement=statement, author=person, written_at=timezone.now(), how=how, words=b"x")
        with pytest.raises(ProgrammingError), acting_as(Actor(person.pk, elevated=True)), transaction.atomic():
            row.save(force_insert=True)


def test_the_key_a_colleague_writes_with_is_theirs_alone_and_goes(here: World) -> None:
    one = opened(here.dsl, here)
    ada, saw = witness(here, one)
    statement = asked(here.dsl, one, saw)
    seen = {}
    for person, elevated in ((ada, True), (ada, False), (here.dsl, True), (here.tutor, True)):
        with acting_as(Actor(person.pk, elevated=elevated)):
            seen[person, elevated] = StatementKey.objects.count()
    assert seen == {(ada, True): 1, (ada, False): 0, (here.dsl, True): 0, (here.tutor, True): 0}
    with acting_as(Actor(ada.pk, elevated=True)):
        # Nothing of the investigation is theirs, but that they are asked.
        assert [row.pk for row in Statement.objects.all()] == [statement.pk]
        assert not Investigation.objects.exists()
        assert not Party.objects.exists()
        statements.write_own(by=ada, statement=statement, text="I saw it.", token=None)
    assert not StatementKey.objects.exists()
    with acting_as(Actor(ada.pk, elevated=True)):
        assert not Statement.objects.exists()


def test_a_statement_is_let_go_only_by_an_entry_that_says_so(here: World) -> None:
    one = opened(here.dsl, here)
    statement = asked(here.dsl, one, party(one))
    for kind, what in (("let_go", None), ("added", statement)):
        with pytest.raises(IntegrityError), transaction.atomic():
            InvestigationEntry.objects.create(
                investigation=one, kind=kind, author=here.dsl, written_at=timezone.now(), statement=what, words=b"x"
            )
