"""Destroying a file: two people, one door, everything asked again by PostgreSQL; and what remains is never broken."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pikepdf import Pdf

from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding.case.models import Standing
from safeguarding.enums import Kind
from safeguarding.keys import cipher_of, ciphers_of
from safeguarding.models import Attachment, Concern, ConcernChild, ConcernKey, Entry, StudentKey
from safeguarding.restraint.models import Incident
from safeguarding.retention.models import Certificate, Hold, Review, Withdrawal
from safeguarding.services import add_entry, tell_reporter
from safeguarding.sharing.models import StaffLine
from safeguarding.transfer.models import Transfer
from tests import factories as make
from tests.safeguarding.pages import World, client_of, read, world
from tests.safeguarding.retention.pages import CANARY, TODAY, approve, born, filed, hold, lead, page, propose
from tests.safeguarding.transfer.leaving import a_concern

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here() -> World:
    here = world()
    filed(here, category="family-housing")
    born(here.student, 26)
    return here


def as_web(who: User, statement: str, *values: Any, elevated: bool = True) -> object:
    """As the runtime role, past every view."""
    with acting_as(Actor(user_id=who.pk, elevated=elevated)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else cursor.rowcount


def destroy(who: User, review: Review, *, elevated: bool = True) -> object:
    return as_web(who, "SELECT guard.destroy_file(%s)", review.pk, elevated=elevated)


def refused(who: User, review: Review, words: str, *, elevated: bool = True) -> None:
    keys = list(StudentKey.objects.order_by("pk").values_list("wrapped", flat=True))
    with pytest.raises(DatabaseError, match=words):
        destroy(who, review, elevated=elevated)
    assert list(StudentKey.objects.order_by("pk").values_list("wrapped", flat=True)) == keys
    assert not Certificate.objects.exists()


def test_two_people_destroy_a_file_and_a_certificate_remains(here: World) -> None:
    concern = Concern.objects.get()
    tell_reporter(by=here.dsl, concern=concern, sentence=CANARY)
    before = bytes(StudentKey.objects.get(student=here.student).wrapped)
    review = propose(lead(here), here.student)
    assert Entry.objects.exclude(words=b"").exists()
    assert here.student.name in client_of(here.head, elevated=True).get(reverse("safeguarding:desk")).content.decode()
    made = approve(client_of(here.head, elevated=True), review)
    assert (made.proposed_by, made.approved_by) == (here.dsl, here.head)
    assert (made.concerns, made.entries, made.shared, made.covers, made.early) == (1, 1, 0, "file", False)
    assert not Entry.objects.exclude(words=b"").exists()
    assert not ConcernKey.objects.exists()
    concern.refresh_from_db()
    assert (concern.category, concern.happened_on, concern.receipt.told) == ("", None, None)
    assert bytes(StudentKey.objects.get(student=here.student).wrapped) != before
    event = Event.objects.get(action="file.destroyed")
    assert here.student.preferred_surname not in str(event.detail)
    assert ciphers_of() == {}


def test_all_that_hangs_on_the_key_goes(here: World) -> None:
    standing = make.StandingFactory.create(student=here.student, written_by=here.dsl)
    make.StandingFactory.create(student=here.student, written_by=here.dsl, supersedes=standing)
    make.StandingWordsFactory.create(standing=standing)
    line = make.StaffLineFactory.create(student=here.student, published_by=here.dsl)
    make.StaffLineReaderFactory.create(line=line, person=here.tutor)
    incident = make.IncidentFactory.create(student=here.student, recorded_by=here.tutor)
    make.IncidentEntryFactory.create(incident=incident)
    make.IncidentStaffFactory.create(incident=incident, person=here.tutor)
    concern = Concern.objects.get()
    make.AttachmentFactory.create(entry=Entry.objects.get())
    due = make.DueFactory.create(concern=concern, owner=here.dsl, made_by=here.dsl)
    make.DueFactory.create(concern=concern, follows=due, made_by=here.dsl)
    other = make.StandingFactory.create()
    made = approve(client_of(here.deputy, elevated=True), propose(lead(here), here.student))
    assert (made.force, made.standings, made.lines, made.files) == (1, 2, 1, 1)
    for model in (StaffLine, Incident, Attachment):
        assert not model.objects.exists()
    assert list(Standing.objects.all()) == [other]
    assert not concern.dues.exists()


def test_another_childs_concern_stays_readable_for_them(here: World) -> None:
    shared = a_concern(here.tutor, here.student, here.classmate, seen="Both were seen.")
    made = approve(client_of(here.deputy, elevated=True), propose(lead(here), here.student))
    assert (made.concerns, made.shared) == (1, 1)
    assert cipher_of(shared).open(Entry.objects.get(concern=shared), "words")["seen"] == "Both were seen."
    assert list(ConcernChild.objects.filter(concern=shared).values_list("student", flat=True)) == [here.classmate.pk]
    text = lead(here).get(reverse("safeguarding:child-file", args=[here.classmate.pk]), follow=True).content.decode()
    assert "Both were seen." in text
    assert "Both were seen." not in _file(here)


def test_a_concern_that_only_this_childs_key_opens_gets_another_first(here: World) -> None:
    shared = a_concern(here.tutor, here.student, here.classmate, seen="Both were seen.")
    ConcernKey.objects.filter(concern=shared, student=here.classmate).delete()
    review = propose(lead(here), here.student)
    assert ConcernKey.objects.filter(concern=shared, student=None).exists()
    ConcernKey.objects.filter(concern=shared, student=None).delete()
    refused(here.deputy, review, "another child would lose it")


def test_what_hangs_on_the_ring_goes_too_where_no_other_child_needs_it(here: World) -> None:
    added = make.ConcernFactory.create(school=here.dsl.school, follows=Concern.objects.get(), reporter=here.tutor)
    make.ReceiptFactory.create(concern=added, reporter=here.tutor)
    make.ConcernChildFactory.create(concern=added, student=here.student)
    make.ConcernKeyFactory.create(concern=added, student=None, wrapped=None, under_ring=b"x")
    make.EntryFactory.create(concern=added, words=b"sealed")
    approve(client_of(here.deputy, elevated=True), propose(lead(here), here.student))
    assert not ConcernKey.objects.exists()
    assert not Entry.objects.exclude(words=b"").exists()


def test_once_the_other_childs_file_is_gone_too_nothing_stays(here: World) -> None:
    shared = a_concern(here.tutor, here.student, here.classmate, seen="Both were seen.")
    approve(client_of(here.deputy, elevated=True), propose(lead(here), here.student))
    born(here.classmate, 26)
    approve(client_of(here.deputy, elevated=True), propose(lead(here), here.classmate))
    assert not Entry.objects.filter(concern=shared).exclude(words=b"").exists()


# What PostgreSQL asks, whoever calls.


def test_an_investigation_that_only_this_childs_key_opens_is_not_lost(here: World) -> None:
    review = propose(lead(here), here.student)
    key = make.InvestigationKeyFactory.create(student=here.student)
    refused(here.head, review, "an investigation hangs on it")
    make.InvestigationKeyFactory.create(student=here.classmate, investigation=key.investigation)
    approve(client_of(here.head, elevated=True), review)
    assert [one.student for one in key.investigation.keys.all()] == [here.classmate]


def test_whoever_proposed_it_does_not_approve_it(here: World) -> None:
    review = propose(lead(here), here.student)
    refused(here.dsl, review, "a second person approves")
    answer = lead(here).post(reverse("retention:proposal", args=[review.pk]), {"sure": "on"}).content.decode()
    assert "you proposed it yourself" in answer


@pytest.mark.parametrize("who", ["tutor", "chair"])
def test_nobody_else_approves(here: World, who: str) -> None:
    review = propose(lead(here), here.student)
    refused(getattr(here, who), review, "not for you")
    client = client_of(getattr(here, who), elevated=True)
    assert client.get(reverse("retention:proposal", args=[review.pk])).status_code == 403


def test_not_without_a_fresh_proof(here: World) -> None:
    refused(here.head, propose(lead(here), here.student), "not for you", elevated=False)


def test_nobody_who_is_kept_from_a_part_approves(here: World) -> None:
    review = propose(lead(here), here.student)
    make.KeptFromFactory.create(person=here.deputy, concern=Concern.objects.get(), set_by=here.dsl)
    refused(here.deputy, review, "not for you")


def test_not_while_it_is_held(here: World) -> None:
    review = propose(lead(here), here.student)
    row = hold(lead(here), here.student)
    refused(here.head, review, "is held")
    text = client_of(here.head, elevated=True).post(
        reverse("retention:proposal", args=[review.pk]), {"sure": "on"}
    ).content.decode()  # fmt: skip
    assert "the file is held" in text
    make.HoldEndFactory.create(hold=row)
    assert destroy(here.head, review)


def test_a_held_file_is_not_proposed(here: World) -> None:
    hold(lead(here), here.student)
    said = {"decision": "destroy", "why": "Old"}
    answer = lead(here).post(reverse("retention:review-write", args=[here.student.pk]), said).content.decode()
    assert "Lift the hold first" in answer
    assert 'value="Old"' in answer
    assert not Review.objects.exists()


def test_not_before_its_day_without_a_reason(here: World) -> None:
    review = propose(lead(here), here.student)
    born(here.student, 20)
    refused(here.head, review, "day has not come")
    Withdrawal.objects.create(review=review, by=here.dsl, why=b"x")
    url = reverse("retention:review-write", args=[here.student.pk])
    assert "Its day has not come" in lead(here).post(url, {"decision": "destroy", "why": "Old"}).content.decode()
    early = propose(lead(here), here.student, early_why="A court ordered it")
    assert approve(client_of(here.head, elevated=True), early).early


def test_past_every_view_a_proposal_before_its_day_wants_a_reason(here: World) -> None:
    born(here.student, 20)
    with pytest.raises(DatabaseError, match="day has not come"):
        _insert_review(here, "destroy")
    with pytest.raises(DatabaseError, match="a day that is over"):
        _insert_review(here, "keep", until=TODAY)


def _insert_review(here: World, decision: str, until: dt.date | None = None) -> object:
    return as_web(
        here.dsl,
        "INSERT INTO retention_review (id, student_id, by_id, at, decision, until, covers, why)"
        " VALUES (gen_random_uuid(), %s, %s, now(), %s, %s, 'force', 'x')",
        here.student.pk, here.dsl.pk, decision, until,
    )  # fmt: skip


def test_not_where_more_was_written_since(here: World) -> None:
    review = propose(lead(here), here.student)
    add_entry(by=here.dsl, concern=Concern.objects.get(), kind=Kind.NOTE, words={"text": "He rang."})
    refused(here.head, review, "more was written")
    assert "More was written" in client_of(here.head, elevated=True).get(
        reverse("retention:proposal", args=[review.pk])
    ).content.decode()  # fmt: skip


def test_not_what_was_refused_and_not_twice(here: World) -> None:
    review = propose(lead(here), here.student)
    head = client_of(here.head, elevated=True)
    assert "Say why" in head.post(reverse("retention:proposal-refuse", args=[review.pk]), {"why": ""}).content.decode()
    head.post(reverse("retention:proposal-refuse", args=[review.pk]), {"why": "An inquiry is coming"})
    refused(here.deputy, review, "it is over")
    assert "An inquiry is coming" in page(lead(here), "proposal", review.pk)
    again = propose(lead(here), here.student)
    approve(head, again)
    with pytest.raises(DatabaseError, match="it is over"):
        destroy(here.deputy, again)
    answer = head.post(reverse("retention:proposal-refuse", args=[again.pk]), {"why": "Late"}).content.decode()
    assert "a colleague was quicker" in answer


def test_it_is_ticked(here: World) -> None:
    review = propose(lead(here), here.student)
    answer = client_of(here.head, elevated=True).post(reverse("retention:proposal", args=[review.pk]), {})
    assert "Tick that you looked at it" in answer.content.decode()
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM safeguarding_studentkey",
        "UPDATE safeguarding_studentkey SET wrapped = 'x'",
        "UPDATE safeguarding_entry SET words = ''",
        "DELETE FROM safeguarding_attachment",
        "DELETE FROM restraint_incident",
        "UPDATE retention_review SET by_id = NULL",
        "DELETE FROM retention_review",
        "DELETE FROM retention_withdrawal",
        "UPDATE retention_certificate SET concerns = 0",
        "DELETE FROM retention_certificate",
        "INSERT INTO retention_certificate (id) VALUES (gen_random_uuid())",
        "SELECT guard.is_held(gen_random_uuid())",
        "SELECT guard.file_counts(gen_random_uuid(), now())",
        "SELECT guard.file_day(gen_random_uuid())",
    ],
)
def test_the_runtime_role_has_no_other_door(here: World, statement: str) -> None:
    propose(lead(here), here.student)
    with pytest.raises(DatabaseError, match="permission denied"):
        as_web(here.head, statement)


def test_a_key_goes_with_a_certificate_and_never_while_it_is_held(here: World) -> None:
    """Also where some other function that may would take it."""
    remove = (
        "CREATE FUNCTION guard.lose(who uuid) RETURNS void LANGUAGE sql SECURITY DEFINER"
        " AS 'DELETE FROM public.safeguarding_studentkey WHERE student_id = who'"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE POLICY test_any ON safeguarding_studentkey TO waymark_definer USING (true);"
            f"BEGIN; SET LOCAL ROLE waymark_definer; {remove};"
            "GRANT EXECUTE ON FUNCTION guard.lose(uuid) TO waymark_web; COMMIT"
        )
    try:
        with pytest.raises(DatabaseError, match="a key goes with a certificate"):
            as_web(here.head, "SELECT guard.lose(%s)", here.student.pk)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP POLICY test_any ON safeguarding_studentkey")
            cursor.execute("BEGIN; SET LOCAL ROLE waymark_definer; DROP FUNCTION guard.lose(uuid); COMMIT")


# Afterwards.


def _file(here: World) -> str:
    answer = lead(here).get(reverse("safeguarding:child-file", args=[here.student.pk]), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_no_page_breaks_afterwards_and_they_say_so(here: World) -> None:
    concern = Concern.objects.get()
    make.IncidentFactory.create(student=here.student, recorded_by=here.tutor)
    made = approve(client_of(here.deputy, elevated=True), propose(lead(here), here.student))
    client = lead(here)
    assert f"Certificate {made.reference}" in _file(here)
    detail = read(client, concern)
    assert detail.status_code == 200
    assert "can be opened by nobody here. That it was raised, by whom and when, stays" in detail.content.decode()
    child = here.student.pk
    for name, args in (
        ("safeguarding:desk", []), ("safeguarding:search", []), ("case:due-list", []), ("case:standing-list", []),
        ("case:child-standings", [child]), ("case:action-create", [concern.pk]), ("transfer:list", []),
        ("restraint:list", []), ("retention:list", []), ("retention:file", [child]),
        ("retention:certificate", [made.pk]), ("retention:proposal", [made.review_id]),
    ):  # fmt: skip
        answer = client.get(reverse(name, args=args), follow=True)
        assert answer.status_code == 200, name
    found = client.post(reverse("safeguarding:search"), {"q": CANARY}, follow=True)
    assert found.status_code in (200, 405)
    assert client.get(reverse("retention:review-write", args=[child])).status_code == 404
    assert here.student.name not in page(client).split("Destroyed")[0]
    assert client.get(reverse("safeguarding:entry-create", args=[concern.pk]), follow=True).status_code == 200
    pdf = client.get(reverse("safeguarding:child-file-pdf", args=[child]), follow=True)
    assert pdf.status_code == 200


def test_a_file_that_was_destroyed_can_be_sent_on_without_breaking(here: World) -> None:
    approve(client_of(here.deputy, elevated=True), propose(lead(here), here.student))
    client = lead(here)
    client.post(reverse("transfer:begin"), {"student": str(here.student.pk)})
    transfer = Transfer.objects.get()
    assert client.get(reverse("transfer:package", args=[transfer.pk]), follow=True).status_code == 200


def test_what_is_raised_afterwards_is_a_file_again(here: World) -> None:
    made = approve(client_of(here.deputy, elevated=True), propose(lead(here), here.student))
    Certificate.objects.filter(pk=made.pk).update(done_at=timezone.now() - dt.timedelta(days=1))
    Concern.objects.update(raised_at=timezone.now() - dt.timedelta(days=2))
    a_concern(here.tutor, here.student, seen="A letter came from the former pupil.")
    assert "A letter came" in _file(here)
    assert "25 years from the date of birth" in page(lead(here), "file", here.student.pk)


def test_the_certificate_as_a_pdf_names_the_two_and_no_word(here: World) -> None:
    made = approve(client_of(here.head, elevated=True), propose(lead(here), here.student))
    answer = client_of(here.head, elevated=True).get(reverse("retention:certificate-pdf", args=[made.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert len(Pdf.open(BytesIO(answer.content)).pages) == 1
    assert here.student.preferred_surname.lower() not in answer["Content-Disposition"].lower()
    text = page(client_of(here.head, elevated=True), "certificate", made.pk)
    assert str(here.dsl) in text
    assert str(here.head) in text
    assert CANARY not in text


def test_a_review_may_keep_it_until_a_further_day(here: World) -> None:
    client, url = lead(here), reverse("retention:review-write", args=[here.student.pk])
    assert "Say until what day" in client.post(url, {"decision": "keep", "why": "x"}).content.decode()
    past = client.post(url, {"decision": "keep", "until": "2001-01-01", "why": "x"}).content.decode()
    assert "still to come" in past
    until = TODAY + dt.timedelta(days=700)
    client.post(url, {"decision": "keep", "until": until.isoformat(), "why": "A sister is still here"})
    assert "A sister is still here" in page(client, "file", here.student.pk)
    assert "Nothing is due for review" in page(client)
    assert Review.objects.get().covers == "file"
    assert not Hold.objects.exists()


def test_it_is_proposed_once(here: World) -> None:
    propose(lead(here), here.student)
    deputy = client_of(here.deputy, elevated=True)
    said = {"decision": "destroy", "why": "Also me"}
    answer = deputy.post(reverse("retention:review-write", args=[here.student.pk]), said).content.decode()
    assert "a colleague proposed it already" in answer
    assert Review.objects.count() == 1
