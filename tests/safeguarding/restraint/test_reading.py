"""Who reads a record, never unseen; what is added to it, by whom; the letter home and what is due."""

import datetime as dt
import io
import uuid

import pytest
import time_machine
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission, roles_with
from audit.models import Event
from audit.services import record
from core.acting import Actor, acting_as
from safeguarding.models import KeptFrom
from safeguarding.restraint import letters
from safeguarding.restraint.enums import Kind
from safeguarding.restraint.models import Incident, IncidentEntry
from safeguarding.restraint.selectors import incidents_due
from students.due import DueLine, lines_due
from tests import factories as make
from tests.safeguarding.pages import World, client_of, world
from tests.safeguarding.restraint.pages import ACCOUNT, HOW, add, at, read, recorded, write_letter

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here() -> World:
    return world()


def seen_by(user: User, *, elevated: bool = False) -> set[uuid.UUID]:
    with acting_as(Actor(user.pk, elevated=elevated)):
        return set(Incident.objects.values_list("pk", flat=True))


def kinds_read_by(user: User, incident: Incident) -> set[str]:
    with acting_as(Actor(user.pk, elevated=True)):
        record("file.force_opened", by=user, obj=incident)
    with acting_as(Actor(user.pk, elevated=True)):
        return set(IncidentEntry.objects.values_list("kind", flat=True))


def due_for(user: User, today: dt.date | None = None) -> list[DueLine]:
    with acting_as(Actor(user.pk)):
        return lines_due(incidents_due(User.objects.get(pk=user.pk), today or timezone.localdate()))


def test_whoever_wrote_it_reads_it_by_way_of_the_record(here: World) -> None:
    incident = recorded(here.tutor, here.student)
    client = client_of(here.tutor, elevated=True)
    answer = read(client, incident)
    page = answer.content.decode()
    assert len(answer.redirect_chain) == 1  # type: ignore[attr-defined]
    assert HOW in page
    assert ACCOUNT in page
    assert Event.objects.filter(action="file.force_opened", actor_id=here.tutor.pk).count() == 1
    assert not read(client, incident).redirect_chain  # type: ignore[attr-defined]


def test_without_a_fresh_proof_no_word_is_there(here: World) -> None:
    incident = recorded(here.tutor, here.student)
    answer = client_of(here.tutor).get(reverse("restraint:detail", args=[incident.pk]))
    assert answer["Location"].startswith(reverse("sign_in:step-up"))
    with acting_as(Actor(here.tutor.pk)):
        record("force.recorded", by=here.tutor)
        assert not IncidentEntry.objects.exists()
    with acting_as(Actor(here.dsl.pk, elevated=True)), transaction.atomic():
        # In the same transaction it could still be rolled back after the reading.
        record("file.force_opened", by=here.dsl, obj=incident)
        assert not IncidentEntry.objects.exists()


def test_it_is_for_those_who_lead_the_pupil_and_those_who_were_there(here: World) -> None:
    there = make.person(Role.SUBJECT_TEACHER, first_name="Ada", last_name="Quill")
    incident = recorded(here.tutor, here.student, staff_0="Ada Quill")
    elsewhere = make.HouseFactory.create(name="Elgar")
    for role in Role:
        scope = {"house": here.group.house} if "house" in role else {}
        scope |= {"year_group": here.student.year_group} if role == Role.HEAD_OF_YEAR else {}
        link = {"group": here.group} if role in (Role.TUTOR, Role.SUBJECT_TEACHER) else {}
        person = make.person(role, last_name="Somebody", **scope, **link)
        expected = {incident.pk} if role in roles_with(Permission.KEEP_INCIDENTS) else set()
        assert seen_by(person) == expected, role
    assert seen_by(make.person(Role.HEAD_OF_HOUSE, house=elsewhere, last_name="Else")) == set()
    assert seen_by(here.tutor) == seen_by(there) == {incident.pk}
    # A colleague who was there reads it, whether or not they find the pupil.
    page = read(client_of(there, elevated=True), incident).content.decode()
    assert HOW in page
    assert "Amara Okafor" in page


def test_who_is_kept_from_the_child_is_kept_from_this_too(here: World) -> None:
    incident = recorded(here.tutor, here.student)
    kept = make.KeptFromFactory.create(person=here.dsl, student=here.student, concern=None, set_by=here.deputy)
    assert seen_by(here.dsl, elevated=True) == set()
    assert seen_by(here.deputy) == {incident.pk}
    KeptFrom.objects.filter(pk=kept.pk).update(ended_at=timezone.now())
    assert seen_by(here.dsl) == {incident.pk}


def test_who_may_not_read_it_cannot_tell_it_from_none(here: World) -> None:
    incident = recorded(here.tutor, here.student)
    client = client_of(make.person(Role.TUTOR, group=here.group, last_name="Other"), elevated=True)
    for name, more in (("detail", []), ("entry-create", ["added"]), ("letter-create", []), ("sent", [])):
        there = client.get(reverse(f"restraint:{name}", args=[incident.pk, *more]))
        absent = client.get(reverse(f"restraint:{name}", args=[uuid.uuid4(), *more]))
        assert there.status_code == absent.status_code == 404


def test_each_reads_what_is_for_them(here: World) -> None:
    head_of_house = make.person(Role.HEAD_OF_HOUSE, house=here.group.house, last_name="House")
    incident = recorded(here.tutor, here.student)
    dsl = client_of(here.dsl, elevated=True)
    for kind in ("added", "staff", "pupil", "plan", "reviewed", "excused"):
        assert add(dsl, incident, kind).status_code == 302, kind
    assert kinds_read_by(here.tutor, incident) == {"recorded", "added", "staff"}
    assert kinds_read_by(head_of_house, incident) == {"recorded", "added", "staff", "pupil", "plan", "reviewed"}
    assert kinds_read_by(here.head, incident) == set(Kind.values) - {"letter", "told"}
    incident.refresh_from_db()
    assert incident.open_steps == []
    assert not incident.still_owed


def test_what_is_not_theirs_to_add_nobody_adds(here: World) -> None:
    """Past every view: nobody reviews what they were part of, and only a few decide that parents are not told."""
    head_of_house = make.person(Role.HEAD_OF_HOUSE, house=here.group.house, last_name="House")
    incident = recorded(here.dsl, here.student)
    wrong = {
        here.dsl: ["reviewed"],
        head_of_house: ["reviewed", "excused", "recorded"],
        here.tutor: ["added", "staff", "told", "recorded"],
    }
    for person, kinds in wrong.items():
        for kind in kinds:
            with pytest.raises(ProgrammingError), acting_as(Actor(person.pk, elevated=True)), transaction.atomic():
                how = "handed" if kind == "told" else ""
                entry = IncidentEntry(
                    incident_id=incident.pk, kind=kind, author=person, written_at=timezone.now(),
                    happened_at=timezone.now(), how=how, words=b"",
                )  # fmt: skip
                entry.save(force_insert=True)
    client = client_of(here.dsl, elevated=True)
    assert client.get(reverse("restraint:entry-create", args=[incident.pk, "reviewed"])).status_code == 404
    assert "add/reviewed" not in read(client, incident).content.decode()
    assert "add/reviewed" in read(client_of(here.head, elevated=True), incident).content.decode()


def test_nobody_says_it_followed_before_it_happened_or_is_still_to_come(here: World) -> None:
    incident = recorded(here.tutor, here.student)
    client, today = client_of(here.head, elevated=True), timezone.localdate()
    early = add(client, incident, "staff", day=f"{today - dt.timedelta(days=1)}").content.decode()
    late = add(client, incident, "staff", day=f"{today + dt.timedelta(days=1)}").content.decode()
    assert "Not before it happened" in early
    assert "Not after now" in late
    incident.refresh_from_db()
    assert incident.staff_at is None


def test_the_report_is_due_at_once_and_overdue_at_the_end_of_the_day(here: World) -> None:
    """Oracle 15: force at 10.00 on 2 April 2026, no report at 23.59: overdue."""
    day = dt.date(2026, 4, 2)
    with time_machine.travel(at(10, 10, day), tick=False):
        incident = recorded(here.tutor, here.student, began="10:00", ended="10:05")
    with time_machine.travel(at(23, 58, day), tick=False):
        assert incident.still_owed
        assert not incident.is_overdue
        for person in (here.tutor, here.dsl, here.head):
            [line] = due_for(person)
            assert (line.kind, line.pk, line.due_on, line.text) == ("parents_told", incident.pk, day, "2 April, 10.00")
    with time_machine.travel(at(23, 59, day), tick=False):
        assert incident.is_overdue
    with time_machine.travel(at(9, 0, day + dt.timedelta(days=1)), tick=False):
        page = client_of(here.tutor).get("/").content.decode()
        assert "Parents to be told in writing" in page
        assert add(client_of(here.tutor, elevated=True), incident, "told").status_code == 302
        incident.refresh_from_db()
        assert incident.told_late
        assert [line.kind for line in due_for(here.tutor)] == []


def test_of_a_pupil_of_twenty_nothing_is_due(here: World) -> None:
    here.student.date_of_birth = timezone.localdate() - dt.timedelta(days=366 * 20)
    here.student.save()
    incident = recorded(here.tutor, here.student)
    assert due_for(here.tutor) == []
    assert client_of(here.dsl, elevated=True).get(
        reverse("restraint:entry-create", args=[incident.pk, "excused"])
    ).status_code == 404  # fmt: skip


def test_what_is_to_follow_is_due_for_those_who_keep_the_records(here: World) -> None:
    recorded(here.tutor, here.student)
    house = make.person(Role.HEAD_OF_HOUSE, house=here.group.house, last_name="House")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    [line] = due_for(house, tomorrow)
    assert line.kind == "after_force"
    assert line.text == "talk with the staff, talk with the pupil, look at the plan, review"
    assert [line.kind for line in due_for(house)] == []
    assert "after_force" not in {line.kind for line in due_for(here.tutor, tomorrow)}


def parents(here: World) -> None:
    make.ContactFactory.create(
        student=here.student, title="Mrs", surname="Okafor", priority=1, parental_responsibility=True
    )
    make.ContactFactory.create(
        student=here.student, title="Mr", surname="Apart", priority=2, parental_responsibility=True
    )
    make.ContactFactory.create(
        student=here.student, title="Mr", surname="Ordered", priority=3, parental_responsibility=True, court_order=True
    )
    make.ContactFactory.create(
        student=here.student, title="Ms", surname="Neighbour", priority=4, parental_responsibility=False
    )


def letter_of(client: Client, incident: Incident) -> list[str]:
    """The pages of the letter."""
    entry = incident.entries.get(kind=Kind.LETTER)
    url = reverse("restraint:letter-pdf", args=[incident.pk, entry.pk])
    answer = client.get(url, follow=True)
    assert answer["Content-Type"] == "application/pdf"

    return [page.extract_text() for page in PdfReader(io.BytesIO(b"".join(answer))).pages]  # type: ignore[arg-type]


def test_the_letter_goes_to_each_parent_and_to_nobody_it_may_not(here: World) -> None:
    parents(here)
    incident = recorded(here.tutor, here.student)
    client = client_of(here.tutor, elevated=True)
    url = reverse("restraint:letter-create", args=[incident.pk])
    page = client.get(url, follow=True).content.decode()
    assert "There is a court order" in page
    assert "Has no parental responsibility on file" in page
    assert write_letter(client, incident).status_code == 302
    first, second = letter_of(client, incident)
    assert "Dear Mrs Okafor" in first
    assert "Apart" not in first
    assert "Dear Mr Apart" in second
    assert "We held him." in second
    assert HOW not in first + second
    assert Event.objects.filter(action="file.force_taken").exists()
    # A kept letter is not yet one that they have.
    incident.refresh_from_db()
    assert incident.still_owed
    add(client, incident, "told")
    incident.refresh_from_db()
    assert not incident.still_owed


def test_who_may_not_be_written_to_is_not_by_a_changed_form_either(here: World) -> None:
    parents(here)
    incident = recorded(here.tutor, here.student)
    ordered = here.student.contacts.get(surname="Ordered")
    answer = write_letter(client_of(here.tutor, elevated=True), incident, to=[str(ordered.pk)])
    assert "not one of the available choices" in answer.content.decode()


@pytest.mark.parametrize("text", ["It began with Ben Achterberg.", "ACHTERBERG, Ben was there", "Kofi Mensah’s chair"])
def test_no_other_pupils_name_stands_in_it(here: World, text: str) -> None:
    parents(here)
    incident = recorded(here.tutor, here.student, others="Kofi Mensah")
    client = client_of(here.tutor, elevated=True)
    page = write_letter(client, incident, text=text).content.decode()
    assert "Another pupil’s name stands in it" in page
    assert text in page.replace("&#x27;", "'")
    assert not incident.entries.filter(kind=Kind.LETTER).exists()
    assert write_letter(client, incident, text="Amara Okafor was upset.").status_code == 302
    assert write_letter(client, incident, beside="changed").status_code == 403


def test_a_letter_with_questions_left_open_is_not_kept(here: World) -> None:
    parents(here)
    incident = recorded(here.tutor, here.student)
    client = client_of(here.tutor, elevated=True)
    begun = letters.usual_letter(incident, here.student, here.tutor)
    assert (
        "Answer this, or take it out: What happened before; Why"
        in write_letter(client, incident, text=begun).content.decode()
    )
    lines = (f"{line}\n\nThis." if line.endswith(":") else line for line in begun.split("\n"))
    assert write_letter(client, incident, text="\n".join(lines)).status_code == 302


def test_parents_are_not_told_by_decision_of_a_few_who_are_then_told_to_ring(here: World) -> None:
    incident = recorded(here.tutor, here.student)
    tutor = client_of(here.tutor, elevated=True)
    assert tutor.get(reverse("restraint:entry-create", args=[incident.pk, "excused"])).status_code == 404
    dsl = client_of(here.dsl, elevated=True)
    answer = add(dsl, incident, "excused")
    assert "Tell the local authority instead" in dsl.get(answer["Location"], follow=True).content.decode()
    assert due_for(here.tutor) == []
    assert "Words of excused" not in read(tutor, incident).content.decode()


def test_who_does_not_see_the_family_is_told_whom_to_ask(here: World) -> None:
    parents(here)
    teacher = make.person(Role.SUBJECT_TEACHER, group=here.group, last_name="Teacher")
    incident = recorded(teacher, here.student)
    client = client_of(teacher, elevated=True)
    page = read(client, incident).content.decode()
    assert "You do not see the family here: tell" in page
    assert here.dsl.formal_name in page
    assert client.get(reverse("restraint:letter-create", args=[incident.pk]), follow=True).status_code == 404


def test_who_has_looked_is_for_those_who_keep_the_records(here: World) -> None:
    incident = recorded(here.tutor, here.student)
    read(client_of(here.tutor, elevated=True), incident)
    page = read(client_of(here.dsl, elevated=True), incident).content.decode()
    assert str(here.tutor) in page[page.index("Who has looked") :]
    assert "Who has looked" not in read(client_of(here.tutor, elevated=True), incident).content.decode()
