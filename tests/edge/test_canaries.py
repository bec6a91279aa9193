"""Within one school, nothing that is opened, sought, exported, mailed or drafted tells anybody more than their level.

Every person opens every address that answers GET, with what is about the student they reach and about the one they may
not, in every form that files have; seeks both by name; reads their own calendar; gets their mails. What may be heard
stands in `tests/edge/canaries.py`. The sealed rooms have walks of their own (tests/safeguarding/test_canary.py).
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from openpyxl import Workbook

from accounts.enums import Role
from accounts.models import User
from core import pdf
from tests import factories as make
from tests.conventions.access import TABLE
from tests.conventions.test_access import ADDRESSES, SUBJECTS
from tests.edge.canaries import LEVELS, Aviary, Heard, aviary, body_of, canaries_in, may_hear
from tests.safeguarding.pages import client_of
from tutoring.desk.scopes import KEYS, scopes_of
from tutoring.digests import outbox as digests
from tutoring.notices import outbox
from tutoring.sessions import outbox as messages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
SEALED = ("safeguarding:", "case:", "restraint:", "investigations:", "retention:", "transfer:")
ENDS = ("core:", "sign_in:")  # about no student
# Whoever has the token of a mail or a calendar opens it, whoever they are: their own is walked by itself.
BY_TOKEN = {"ask link", "stop link", "calendar"}
WALKED = [
    name
    for name, access in TABLE.items()
    if access.get and not name.startswith(SEALED + ENDS) and access.subject not in BY_TOKEN
]
KINDS = ("csv", "xlsx", "pdf")
# Lists that show more when they are asked to.
ASKED = {
    "desk:today": [f"scope={key}" for key in KEYS],
    "desk:student-list": [f"scope={key}" for key in KEYS],
    "desk:student-story": ["kind=own-words", "kind=referrals", "kind=interventions", "kind=meetings", "kind=home"],
    "referrals:referral-list": ["whose=mine", "state=closed"],
    "followup:alert-list": ["which=mine"],
}


@pytest.fixture
def world() -> Aviary:
    return aviary()


def paths(world: Aviary) -> Iterator[str]:
    """Every address with what is of either student; the files in all their kinds."""
    for name in WALKED:
        access, address = TABLE[name], ADDRESSES[name]
        if not address.arguments:
            yield from _asked(name, reverse(name))
            continue
        for whom, student in (("near", world.near), ("far", world.far)):
            value = world.own[whom].get(access.subject) or SUBJECTS[access.subject](student, world.author)
            kwargs: dict[str, Any] = value if isinstance(value, dict) else dict.fromkeys(address.arguments, value)
            for kind in KINDS if "kind" in kwargs else ("",):
                try:
                    path = reverse(name, kwargs=kwargs | ({"kind": kind} if kind else {}))
                except NoReverseMatch:
                    continue
                yield from _asked(name, path)
    for whom in ("near", "far"):
        yield reverse("tutor_sessions:session-detail", args=[world.own[whom]["session named"]])


def _asked(name: str, path: str) -> Iterator[str]:
    yield path
    yield from (f"{path}?{question}" for question in ASKED.get(name, []))


def heard_by(client: Client, addresses: list[str]) -> tuple[dict[str, Heard], int]:
    """path → the canaries in its answer, where there are any; and how many answered with something."""
    heard, opened = {}, 0
    for path in addresses:
        answer = client.get(path)
        assert answer.status_code < 500, path
        opened += answer.status_code == 200
        heard[path] = canaries_in(body_of(answer))
    return {path: found for path, found in heard.items() if found}, opened


def leaks(heard: dict[str, Heard], role: Role) -> dict[str, Heard]:
    """What this role should not have heard, by the place where it was."""
    told = {path: found - may_hear(role) for path, found in heard.items()}
    return {path: found for path, found in told.items() if found}


def searched(client: Client) -> dict[str, Heard]:
    """What finding by name answers; only the beginning of a canary is sought, for a page repeats what was sought."""
    found: dict[str, Heard] = {}
    for name, field in (("desk:find", "q"), ("record:search", "name"), ("safeguarding:search", "q")):
        for text in ("namecan", "kincan", "aroundcan", "teamcan"):
            answer = client.post(reverse(name), {field: text})
            assert answer.status_code < 500, name
            found[f"{name} {text}"] = canaries_in(body_of(answer))
    return found


def calendar(user: User, world: Aviary) -> Heard:
    """What the private feed says, which asks for no session, with a 1:1 in it; who holds none has no feed."""
    make.AppointmentFactory.create(student=world.near, staff=user, day=timezone.localdate())
    answer = Client().get(reverse("diary:calendar-feed", args=[make.calendar_token(user)]))
    has_one = not user.roles & {Role.CHAIR, Role.DATA_MANAGER}
    assert answer.status_code == (200 if has_one else 404)
    assert (b"BEGIN:VEVENT" in answer.content) == has_one, "an empty calendar tells nothing"
    return canaries_in(body_of(answer))


@pytest.mark.sweep
@pytest.mark.parametrize("role", Role)
def test_nobody_hears_more_than_their_level(role: Role, world: Aviary) -> None:
    addresses = list(paths(world))
    user = world.person(role)
    client = client_of(user, elevated=True)
    heard, opened = heard_by(client, addresses)
    assert leaks(heard | searched(client), role) == {}
    assert opened >= 5, "the walk must get somewhere"
    assert calendar(user, world) == set(), "not even of whom one meets: calendars are copied to phones"


@pytest.mark.sweep
@pytest.mark.parametrize("role", [Role.TUTOR, Role.SUBJECT_TEACHER])
def test_who_has_nobody_hears_of_nobody(role: Role, world: Aviary) -> None:
    """The same for whoever is tied to no group and no student."""
    user = make.person(role, school=world.near.school)
    heard, _ = heard_by(client_of(user, elevated=True), list(paths(world)))
    assert heard | {k: v for k, v in searched(client_of(user)).items() if v} == {}


@pytest.mark.parametrize(
    ("role", "second"),
    [
        (Role.SUBJECT_TEACHER, Role.TUTOR),
        (Role.SUBJECT_TEACHER, Role.HEAD_OF_HOUSE),
        (Role.CONTRIBUTOR, Role.HEAD_OF_YEAR),
        (Role.TUTOR, Role.SUBJECT_TEACHER),
        (Role.HEAD_OF_HOUSE, Role.SUBJECT_TEACHER),
        (Role.NURSE, Role.TUTOR),
        (Role.SENCO, Role.TUTOR),
        (Role.DSL, Role.TUTOR),
    ],
)
def test_a_second_role_tells_nothing_of_students_of_the_first(role: Role, second: Role, world: Aviary) -> None:
    """In every circle they can open: what tutors hear of their own group they do not hear of whom they teach."""
    user = world.person(role)
    _hold_elsewhere(user, second)
    offered = {scope.key for scope in scopes_of(User.objects.get(pk=user.pk))}
    assert len(offered) == 2
    assert offered <= set(KEYS)
    client, pages = client_of(user), ("desk:today", "desk:student-list")
    for key in offered:
        assert client.get(reverse("desk:today"), {"scope": key}).context["scope"].key == key, "what is asked is walked"
    heard, opened = heard_by(client, [path for name in pages for path in _asked(name, reverse(name))])
    assert leaks(heard, role) == {}
    assert opened == len(pages) * (len(KEYS) + 1)


def _hold_elsewhere(user: User, role: Role) -> None:
    """A role whose students are none of the two: another group, house or year."""
    house = make.HouseFactory.create(school=user.school, name="Ohm")
    place = {Role.HEAD_OF_HOUSE: {"house": house}, Role.HEAD_OF_YEAR: {"year_group": 8}}.get(role, {})
    held = make.MembershipFactory.create(user=user, school=user.school, role=role, **place)
    if not place:
        other = make.TutorGroupFactory.create(school=user.school, name="8OHM", house=house, year_group=8)
        make.TutorAssignmentFactory.create(membership=held, group=other)
        make.student_in(other)


@pytest.mark.sweep
def test_every_canary_is_heard_by_somebody_who_may(world: Aviary) -> None:
    """The control: what nobody ever hears proves nothing about who does not."""
    addresses, all_heard = list(paths(world)), set[tuple[str, str]]()
    for role in (Role.TUTOR, Role.HEADTEACHER, Role.SENCO):
        heard, _ = heard_by(client_of(world.person(role), elevated=True), addresses)
        all_heard |= {canary for found in heard.values() for canary in found}
    silent = {level for level, roles in LEVELS.items() if roles} - {level for level, of in all_heard if of == "near"}
    assert silent == {"message"}, "the words of a mail to the family are shown to nobody again"


def test_a_policy_that_lets_everything_through_is_heard(world: Aviary) -> None:
    """Broken on purpose: the walk must go red when the database stops keeping a conversation from a teacher."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("CREATE POLICY leak ON tutor_sessions_tutorsession FOR SELECT USING (true)")
    client = client_of(world.person(Role.SUBJECT_TEACHER))
    heard, _ = heard_by(client, [reverse("desk:student-story", args=[world.near.pk])])
    told = {canary for found in leaks(heard, Role.SUBJECT_TEACHER).values() for canary in found}
    assert {("team", "near"), ("named", "near")} <= told


def test_mails_to_staff_hold_no_canary(world: Aviary) -> None:
    """They say only that there is something to read, whoever they go to."""
    for role in Role:
        somebody = world.person(role)
        User.objects.filter(pk=somebody.pk).update(mails="at_once")
        make.AlertFactory.create(student=world.near, raised_by=world.author, to=somebody, what="alertcanarynear")
        make.ReferralFactory.create(
            student=world.near, referred_by=world.author, key_person=somebody, reason="referralcanarynear",
            expected_by=timezone.localdate() - dt.timedelta(days=1),
        )  # fmt: skip
    monday = timezone.make_aware(dt.datetime(2026, 11, 23, 9))
    assert outbox.send_notices(monday) > 0
    assert {canary for letter in mail.outbox for canary in canaries_in(letter.message().as_bytes())} == set()
    assert len(mail.outbox) >= len(Role) // 2


def test_mails_to_families_hold_no_canary_but_the_words_written_to_them(world: Aviary) -> None:
    """The weekly mail and messages of praise: of one's own child alone, and nothing that was noted about them."""
    friday = timezone.make_aware(dt.datetime(2026, 11, 20, 16, 1))
    with mock.patch("django.utils.timezone.now", return_value=friday):
        for whom, student in (("near", world.near), ("far", world.far)):
            home, alone = (
                make.ContactFactory.create(
                    student=student,
                    forename=name.title(),
                    surname=f"Kincanary{whom}",
                    email=f"{name}@{whom}.example",
                    parental_responsibility=True,
                )
                for name in ("weekly", "each")
            )
            make.DigestChoiceFactory.create(contact=home, recorded_by=world.author)
            make.BehaviourEventFactory.create(student=student, date=friday.date(), kind="positive")
            for contact in (home, alone):
                call = make.TutorSessionFactory.create(
                    student=student, author=world.author, kind="call_home", held_on=friday.date(), for_report=False,
                    happened=f"teamcanary{whom}",
                )  # fmt: skip
                spoken = make.HomeContactFactory.create(session=call, contact=contact, with_whom=f"homecanary{whom}")
                make.HomeMessageFactory.create(
                    home_contact=spoken, address=contact.email, subject="Good news", body=f"messagecanary{whom}",
                    send_after=friday - dt.timedelta(minutes=1),
                )  # fmt: skip
        assert digests.send_digests(friday) + messages.send_waiting(friday) >= 4
    heard = {(letter.to[0], canary) for letter in mail.outbox for canary in canaries_in(letter.message().as_bytes())}
    addresses = {f"{name}@{whom}.example": whom for name in ("weekly", "each") for whom in ("near", "far")}
    assert heard == {(address, ("message", whom)) for address, whom in addresses.items()}


def _xlsx() -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["x", "teamcanarynear"])
    book.save(out)
    return out.getvalue()


def _zip(inside: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bin", inside)
    return out.getvalue()


def test_the_walk_finds_what_was_let_out_on_purpose() -> None:
    """In a page, a file name, a workbook, a PDF, and a ZIP of either."""
    said = {("team", "near")}
    made = pdf.render("<p>teamcanarynear</p>", title="A leak")
    for body in (b"<b>Team&#99;anarynear</b>", _xlsx(), made, _zip(_xlsx()), _zip(made)):
        assert canaries_in(body) == said
    named = HttpResponse("nothing", headers={"Content-Disposition": 'filename="teamcanarynear.csv"'})
    assert canaries_in(body_of(named)) == said
    assert leaks({"/a": said}, Role.SUBJECT_TEACHER) == {"/a": said}
    assert leaks({"/a": said}, Role.TUTOR) == {}
    assert leaks({"/a": {("name", "far")}}, Role.TUTOR) == {"/a": {("name", "far")}}
    assert leaks({"/a": {("named", "near")}}, Role.HEADTEACHER) != {}
