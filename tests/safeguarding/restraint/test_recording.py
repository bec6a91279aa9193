"""Duty 46: whoever was involved or saw it records it the same day; it is sealed, and never changed."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Draft, User
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding.models import StudentKey
from safeguarding.restraint.enums import Kind, Part
from safeguarding.restraint.models import Incident, IncidentEntry
from safeguarding.restraint.sealing import cipher_of_pupil
from tests import factories as make
from tests.safeguarding.pages import World, client_of, form_of, world
from tests.safeguarding.restraint.pages import ACCOUNT, HOW, at, filled, recorded, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def words_of(incident: Incident) -> dict[str, object]:
    entry = incident.entries.get(kind=Kind.RECORDED)
    return cipher_of_pupil(incident.student_id).open(entry, "words")  # type: ignore[no-any-return]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CHAIR,)])
def test_whoever_works_with_pupils_records_it(here: World, role: Role) -> None:
    links = {"group": here.group} if role in (Role.TUTOR, Role.SUBJECT_TEACHER) else {}
    links |= {"student": here.student} if role in (Role.ONE_TO_ONE_TUTOR, Role.CONTRIBUTOR) else {}
    links |= {"house": here.group.house} if "house" in role else {}
    links |= {"year_group": here.student.year_group} if role == Role.HEAD_OF_YEAR else {}
    somebody = make.person(role, last_name="Somebody", **links)
    incident = recorded(somebody, here.student)
    assert (incident.recorded_by, incident.student) == (somebody, here.student)
    assert words_of(incident)["how"] == HOW


def test_the_words_stand_sealed_with_the_key_of_the_child(here: World) -> None:
    incident = recorded(here.tutor, here.student, marks_0="", others="Ben Achterberg")
    entry = incident.entries.get()
    assert words_of(incident)["account"] == ACCOUNT
    assert ACCOUNT.encode() not in bytes(entry.words)
    StudentKey.objects.filter(student=here.student).delete()
    with pytest.raises(Exception, match="key is not there"):
        cipher_of_pupil(incident.student_id)


def test_the_system_takes_sen_status_and_house_of_that_moment(here: World) -> None:
    here.student.sen_status = "K"
    here.student.save()
    incident = recorded(here.tutor, here.student)
    here.student.sen_status, here.student.house = "E", None
    here.student.save()
    incident.refresh_from_db()
    assert (incident.sen_status, incident.house) == ("K", here.group.house)


@pytest.mark.parametrize(("born", "owes"), [(dt.date(2006, 4, 2), False), (dt.date(2006, 4, 3), True), (None, True)])
def test_no_report_is_owed_of_a_pupil_of_twenty(here: World, born: dt.date | None, *, owes: bool) -> None:
    """Oracle 15, second half: 20 on the very day is 20."""
    here.student.date_of_birth = born
    here.student.save()
    with time_machine.travel(at(11, day=dt.date(2026, 4, 2)), tick=False):
        incident = recorded(here.tutor, here.student, began="10:00", ended="10:05")
    assert incident.owes_report is owes
    assert incident.minutes == 5


def test_one_record_says_several_things_and_who_was_there(here: World) -> None:
    colleague = make.person(Role.SUBJECT_TEACHER, first_name="Ada", last_name="Quill")
    incident = recorded(
        here.tutor, here.student, kinds=["physical", "seclusion"], reasons=["injury", "disorder"],
        staff_0="Ada Quill", witness_0="A driver", my_part="witness",
    )  # fmt: skip
    assert incident.what == "Physical restraint, seclusion"
    assert {(row.person, row.part) for row in incident.staff.all()} == {
        (colleague, Part.INVOLVED), (here.tutor, Part.WITNESS),
    }  # fmt: skip
    assert words_of(incident)["witnesses"] == ["A driver"]


def test_marks_on_the_body_are_kept(here: World) -> None:
    marks = {"marks-0-place": "forehead", "marks-0-kind": "bruise", "marks-0-size": "a coin"}
    incident = recorded(here.tutor, here.student, pupil_hurt="on", **marks)
    assert incident.pupil_hurt
    [mark] = words_of(incident)["marks"]  # type: ignore[misc]
    assert (mark["place"], mark["size"]) == ("forehead", "a coin")  # type: ignore[index]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"student": "Amara Okafor"}, "Choose the pupil from the list"),
        ({"kinds": []}, "Tick what was used"),
        ({"reasons": []}, "The law knows no other"),
        ({"ended": "00:00", "began": "00:01"}, "Not before it began"),
        ({"day": "2030-01-01"}, "A day until today"),
        ({"pupil_hurt": "on"}, "Say how the pupil was hurt"),
        ({"staff_hurt": "on"}, "Say who was hurt"),
        ({"how": ""}, "Write what was done"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    here: World, typed: dict[str, object], said: str
) -> None:
    page = send(client_of(here.tutor), here.student, **typed).content.decode()
    assert said in page
    assert ACCOUNT in page
    assert not Incident.objects.exists()


def test_what_is_never_allowed_is_pointed_out_and_stops_nobody(here: World) -> None:
    client = client_of(here.tutor)
    answer = send(
        client, here.student, how="I held him face down, an arm across his neck.", kinds=["force", "seclusion"]
    )
    page = client.get(answer["Location"]).content.decode()
    for said in ("The neck or throat is spoken of", "A hold that affects breathing is never allowed"):
        assert said in page
    assert "never a sanction" not in page
    assert Incident.objects.count() == 1
    url = reverse("restraint:never-check")
    part = client.post(url, {"kinds": ["seclusion"], "why": "It was his detention."}).content.decode()
    assert "Seclusion is never a sanction" in part
    assert "Seclusion" not in client.post(url, {"kinds": ["force"], "why": "It was his detention."}).content.decode()


def test_the_same_form_sent_twice_is_one_record_and_its_draft_is_gone(here: World) -> None:
    client, url = client_of(here.tutor), reverse("restraint:create")
    hidden = form_of(client, url)
    first = client.post(url, hidden | filled(here.student))
    again = client.post(url, hidden | filled(here.student))
    assert first["Location"] == again["Location"]
    assert Incident.objects.count() == 1
    assert not Draft.objects.filter(user=here.tutor).exists()


def test_the_record_of_actions_says_that_and_not_of_whom(here: World) -> None:
    recorded(here.tutor, here.student)
    line = Event.objects.get(action="force.recorded")
    assert (line.actor_id, line.student_id, line.object_id, line.detail) == (here.tutor.pk, None, "", {})


def test_where_it_cannot_be_sealed_nothing_is_kept_and_nothing_is_lost(here: World) -> None:
    StudentKey.objects.create(student=here.student, wrapped=b"no key of ours")
    answer = send(client_of(here.tutor), here.student)
    assert answer.status_code == 503
    assert ACCOUNT in answer.content.decode()
    assert not Incident.objects.exists()


def test_postgresql_changes_nothing_of_a_record(here: World) -> None:
    incident = recorded(here.tutor, here.student)
    for person in (here.tutor, here.dsl, here.head):
        with acting_as(Actor(person.pk, elevated=True)):
            for rows in (Incident.objects.all(), IncidentEntry.objects.all(), incident.staff.all()):
                with pytest.raises(ProgrammingError), transaction.atomic():
                    rows.update(id=uuid.uuid4())
                with pytest.raises(ProgrammingError), transaction.atomic():
                    rows._raw_delete(rows.db)


def test_postgresql_says_when_it_was_recorded_and_where_it_stands(here: World) -> None:
    """Neither time nor what followed is anybody's to say."""
    with acting_as(Actor(here.tutor.pk)):
        incident = Incident(
            school=here.tutor.school, student=here.student, recorded_by=here.tutor, submission=uuid.uuid4(),
            recorded_at=at(day=dt.date(2020, 1, 1)), started_at=at(0), ended_at=at(0), kinds=["force"],
            reasons=["injury"], told_at=at(0), reviewed_at=at(0), owes_report=False, sen_status="E",
        )  # fmt: skip
        incident.save(force_insert=True)
    found = Incident.objects.get()
    assert (found.told_at, found.reviewed_at, found.owes_report, found.sen_status) == (None, None, True, "N")
    assert found.recorded_at.year > 2020


def _entry(incident: Incident, person: User, kind: str, happened: dt.datetime) -> IncidentEntry:
    entry = IncidentEntry(
        incident_id=incident.pk, kind=kind, author=person, written_at=at(day=dt.date(2035, 1, 1)), happened_at=happened,
        how="handed" if kind == "told" else "", words=b"",
    )  # fmt: skip
    with acting_as(Actor(person.pk, elevated=True)), transaction.atomic():
        entry.save(force_insert=True)
    return entry


def test_postgresql_holds_the_time_of_what_is_added(here: World) -> None:
    incident, day = recorded(here.tutor, here.student), dt.timedelta(days=1)
    for wrong in (incident.started_at - day, timezone.now() + day):
        with pytest.raises(IntegrityError):
            _entry(incident, here.dsl, "staff", wrong)
    entry = _entry(incident, here.dsl, "staff", incident.started_at)
    entry.refresh_from_db()
    assert entry.written_at.year < 2035


def test_where_it_stands_follows_from_what_is_added(here: World) -> None:
    incident = recorded(here.tutor, here.student)
    for kind in ("told", "excused", "staff", "pupil", "plan", "reviewed"):
        _entry(incident, here.dsl, kind, incident.started_at)
    incident.refresh_from_db()
    stands = {incident.told_at, incident.excused_at, incident.staff_at, incident.pupil_at, incident.plan_at}
    assert stands | {incident.reviewed_at} == {incident.started_at}
    # The first counts: a later talk does not make the first one late.
    _entry(incident, here.dsl, "told", timezone.now())
    incident.refresh_from_db()
    assert incident.told_at == incident.started_at
