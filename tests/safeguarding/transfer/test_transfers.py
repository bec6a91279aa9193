"""Facts 4.7: a child who leaves with a file; it is due, it goes, it came; nobody else learns of it."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding.case.models import Due
from safeguarding.enums import Kind
from safeguarding.models import Entry, KeptFrom
from safeguarding.services import SentOnError, add_entry
from safeguarding.transfer.models import Chaser, Package, Transfer
from students.models import Student
from tests import factories as make
from tests.safeguarding.case.pages import action
from tests.safeguarding.pages import client_of, form_of, world
from tests.safeguarding.transfer.leaving import (
    TO,
    TODAY,
    Leaving,
    a_concern,
    begun,
    do,
    lead,
    leave,
    leaving,
    packed,
    sent,
)

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
LIST, DESK = "transfer:list", "safeguarding:desk"


@pytest.fixture
def gone() -> Leaving:
    return leaving(world())


def page_of(user: User, name: str = LIST, *args: object) -> str:
    return client_of(user, elevated=True).get(reverse(name, args=args), follow=True).content.decode()


def seen_by(user: User) -> tuple[int, int, int]:
    with acting_as(Actor(user.pk, elevated=True)):
        return Transfer.objects.count(), Package.objects.count(), Chaser.objects.count()


def test_whoever_leaves_with_a_file_stands_on_the_desk_of_the_leads(gone: Leaving) -> None:
    nobody = make.student_in(gone.here.group, preferred_forename="Nofile")
    leave(nobody)
    assert "1 to be sent" in page_of(gone.here.dsl, DESK)
    listed = page_of(gone.here.dsl)
    assert "Amara Okafor" in listed
    assert "2 days left" in listed
    assert "Nofile" not in listed
    assert "Ben Achterberg" not in listed, "who stays is not listed"
    leave(gone.here.student, 5)
    assert "Due today" in page_of(gone.here.dsl)
    leave(gone.here.student, 6)
    assert f"Overdue since {TODAY - dt.timedelta(days=1):%-d %b}" in page_of(gone.here.dsl)
    assert "1 overdue" in page_of(gone.here.deputy, DESK)
    leave(gone.here.student, -20)
    assert "25 days left" in page_of(gone.here.dsl), "a last day that is known ahead"
    leave(gone.here.student, -40)
    assert "Amara Okafor" not in page_of(gone.here.dsl)


def test_nobody_else_learns_of_it(gone: Leaving) -> None:
    transfer = sent(lead(gone), gone.here.student)
    for role in set(Role) - {Role.DSL, Role.DEPUTY_DSL}:
        link = {"group": gone.here.group} if role in (Role.TUTOR, Role.SUBJECT_TEACHER) else {}
        person = make.person(role, last_name="Somebody", **link)
        assert seen_by(person) == (0, 0, 0), role
        client = client_of(person, elevated=True)
        for name in ("detail", "package", "receipt"):
            there = client.get(reverse(f"transfer:{name}", args=[transfer.pk]))
            not_there = client.get(reverse(f"transfer:{name}", args=[uuid.uuid4()]))
            assert there.status_code == not_there.status_code in (403, 404), (role, name)
        assert "Amara" not in client.get(reverse(LIST)).content.decode(), role
        assert "go with a child" not in client.get(reverse("desk:today")).content.decode()
    assert "go with a child" not in page_of(gone.here.head, DESK), "the head's desk has no such thing"
    with acting_as(Actor(gone.here.dsl.pk)):
        assert not Transfer.objects.exists(), "without a fresh proof nothing is there"
    lines = Event.objects.filter(action__startswith="file.transfer")
    assert {line.action for line in lines} >= {"file.transfer_begun", "file.transfer_where", "file.transfer_sent"}
    assert not [line for line in lines if "Amara" in str(line.detail) or "Southgate" in str(line.detail)]
    with acting_as(Actor(gone.here.head.pk, elevated=True)):
        assert not Event.objects.filter(action__startswith="file.").exclude(actor_id=gone.here.head.pk).exists()


def test_whoever_may_not_read_all_of_it_sends_none_of_it(gone: Leaving) -> None:
    """A deputy kept from one concern would send the rest as if it were the whole; so it is not on their list at all."""
    with acting_as(Actor(gone.here.dsl.pk, elevated=True)):
        make.KeptFromFactory._meta.model(
            person=gone.here.deputy, concern=gone.concern, set_by=gone.here.dsl, why=b"sealed"
        ).save(force_insert=True)
    assert "Amara Okafor" not in page_of(gone.here.deputy)
    assert "to be sent" not in page_of(gone.here.deputy, DESK)
    transfer = begun(lead(gone), gone.here.student)
    assert seen_by(gone.here.deputy) == (0, 0, 0)
    assert client_of(gone.here.deputy, elevated=True).get(
        reverse("transfer:detail", args=[transfer.pk])
    ).status_code == 404  # fmt: skip
    KeptFrom.objects.update(ended_at=timezone.now())
    assert "Amara Okafor" in page_of(gone.here.deputy)
    with acting_as(Actor(gone.here.dsl.pk, elevated=True)):
        make.KeptFromFactory._meta.model(
            person=gone.here.deputy, student=gone.here.student, set_by=gone.here.dsl, why=b"sealed"
        ).save(force_insert=True)
    assert seen_by(gone.here.deputy) == (0, 0, 0)


def test_from_the_destination_to_the_receipt(gone: Leaving) -> None:
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    assert begun(client, gone.here.student) == transfer, "a second press finds the same"
    refused = do(client, transfer, "sent", method="secure_email").content.decode()
    assert "Nothing was saved: say first where it goes." in refused
    assert do(client, transfer, "destination", **TO).status_code == 302
    assert "make the package first" in do(client, transfer, "sent", method="in_person").content.decode()
    packed(client, transfer)
    assert do(client, transfer, "sent", method="secure_email").status_code == 302
    page = page_of(gone.here.dsl, "transfer:detail", transfer.pk)
    for words in ("Southgate Academy", "Ines Amaral", "secure e-mail", "This one went", f"by {gone.here.dsl}"):
        assert words in page, words
    transfer.refresh_from_db()
    assert b"Southgate" not in bytes(transfer.to or b"")
    assert transfer.package is not None
    assert transfer.stage == "sent", "sent without a receipt stays open"
    assert "1 without a receipt" in page_of(gone.here.dsl, DESK)
    assert do(client, transfer, "chaser", said="Rang Ines Amaral: has it").status_code == 302
    early = {"on": str(TODAY - dt.timedelta(days=1)), "name": "I. Amaral", "role": "DSL", "how": "telephone"}
    assert "when it went, until today" in do(client, transfer, "receipt", **early).content.decode()
    assert do(client, transfer, "receipt", **(early | {"on": str(TODAY)})).status_code == 302
    assert do(client, transfer, "copy", kept="yes", basis="", until="").status_code == 200, "on what ground?"
    assert do(client, transfer, "copy", kept="yes", basis="LA policy 4", until="2041-01-01").status_code == 302
    page = page_of(gone.here.dsl, "transfer:detail", transfer.pk)
    for words in ("I. Amaral, DSL", "telephone", "has it", "LA policy 4, until 1 January 2041"):
        assert words in page, words
    assert "Received there" in page_of(gone.here.dsl).split("Over</h2>")[1]
    assert do(client, transfer, "receipt", **(early | {"on": str(TODAY)})).status_code == 200, "once is enough"
    assert "colleague was quicker" in do(client, transfer, "sent", method="in_person").content.decode()


def test_without_a_receipt_after_five_days_it_is_late_again(gone: Leaving) -> None:
    sent(lead(gone), gone.here.student)
    assert "1 overdue" not in page_of(gone.here.dsl, DESK)
    for days, late in ((5, False), (6, True)):
        with time_machine.travel(timezone.now() + dt.timedelta(days=days), tick=True):
            desk, listed = page_of(gone.here.dsl, DESK), page_of(gone.here.dsl)
        assert ("1 overdue" in desk, "No receipt since" in listed) == (late, late), days


def test_what_is_written_after_the_package_makes_another_necessary(gone: Leaving) -> None:
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    do(client, transfer, "destination", **TO)
    packed(client, transfer)
    add_entry(by=gone.here.dsl, concern=gone.concern, kind=Kind.NOTE, words={"text": "One more thing."})
    refused = do(client, transfer, "sent", method="secure_email").content.decode()
    assert "more was written on the file since the package was made" in refused
    transfer.refresh_from_db()
    assert transfer.sent_at is None
    packed(client, transfer)
    assert do(client, transfer, "sent", method="secure_email").status_code == 302


def test_once_it_went_the_file_rests_until_a_lead_opens_it_again(gone: Leaving) -> None:
    client = lead(gone)
    transfer = sent(client, gone.here.student)
    with acting_as(Actor(gone.here.dsl.pk, elevated=True)), pytest.raises(SentOnError):
        add_entry(by=gone.here.dsl, concern=gone.concern, kind=Kind.NOTE, words={"text": "Later"})
    url = reverse("safeguarding:entry-create", args=[gone.concern.pk])
    typed = {"kind": "note", "text": "Written much later", "happened_on": str(TODAY)}
    answer = client.post(url, form_of(client, url) | typed).content.decode()
    assert "this file went to the next school" in answer
    assert "Written much later" in answer, "nothing typed is lost"
    done = client.post(reverse("safeguarding:concern-step", args=[gone.concern.pk]), {"step": "police", "why": "x"})
    assert done.status_code == 302
    assert not Entry.objects.filter(kind="decision").exists()
    # Of a concern with a child who is still here, the work goes on; so it does of one that is new.
    add_entry(by=gone.here.dsl, concern=gone.shared, kind=Kind.NOTE, words={"text": "For Ben"})
    fresh = a_concern(gone.here.tutor, gone.here.student, seen="Heard of her today.")
    add_entry(by=gone.here.dsl, concern=fresh, kind=Kind.NOTE, words={"text": "Rang the new school"})
    assert "1 concern was raised after the file went" in page_of(gone.here.dsl, "transfer:detail", transfer.pk)

    assert "Say why" in do(client, transfer, "reopen", why="").content.decode()
    assert do(client, transfer, "reopen", why="The police asked").status_code == 302
    assert client.post(url, form_of(client, url) | typed).status_code == 302
    assert "The police asked" in page_of(gone.here.dsl, "transfer:detail", transfer.pk)


def test_it_may_stay_here_with_a_reason(gone: Leaving) -> None:
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    assert do(client, transfer, "stays", why="Went to work; last school").status_code == 302
    assert "to be sent" not in page_of(gone.here.dsl, DESK)
    assert "Went to work" in page_of(gone.here.dsl, "transfer:detail", transfer.pk)
    assert do(client, transfer, "stays", why="Again").status_code == 200


def test_the_day_follows_what_a_lead_knows_of_the_next_school(gone: Leaving) -> None:
    term = make.TermFactory.create(
        school=gone.here.student.school, starts_on=TODAY + dt.timedelta(days=30), ends_on=TODAY + dt.timedelta(days=90)
    )
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    do(client, transfer, "destination", **(TO | {"basis": "new_term"}))
    transfer.refresh_from_db()
    assert transfer.due_on == term.starts_on + dt.timedelta(days=4)


def test_what_follows_a_concern_that_went_is_refused_with_what_was_typed(gone: Leaving) -> None:
    client = lead(gone)
    sent(client, gone.here.student)
    Student.objects.filter(pk=gone.here.classmate.pk).update(left_on=TODAY)
    answer = action(client, gone.here, gone.concern, text="Ring her nan", due_on=str(TODAY)).content.decode()
    assert "this file went to the next school" in answer
    assert "Ring her nan" in answer
    assert not Due.objects.exists()
