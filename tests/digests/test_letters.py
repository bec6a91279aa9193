"""The weekly mail (duties 44, 96; delight 10): good things first, and not a byte of anything else."""

import datetime as dt
import smtplib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.models import School
from audit.models import Event
from students.models import Contact
from tests import factories as make
from tests.sessions.pages import Scene, scene
from tutoring.digests import outbox
from tutoring.digests.enums import State
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.digests.weeks import rhythms_of, week_to_send
from tutoring.groups.models import TutorGroup
from tutoring.progress.enums import BehaviourKind

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 16)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """In November 2026, on the school's clock; the 20th is a Friday."""
    return timezone.make_aware(dt.datetime(2026, 11, day, hour, minute))


FRIDAY = at(20, 16, 1)


@pytest.fixture(autouse=True)
def on_friday() -> Iterator[None]:
    with mock.patch("django.utils.timezone.now", return_value=FRIDAY):
        yield


@pytest.fixture
def world() -> Scene:
    return scene()


def choice(world: Scene, **values: Any) -> DigestChoice:
    home = {"student": world.student, "email": "ngozi@home.example", "parental_responsibility": True} | values
    contact = make.ContactFactory.create(**home)
    found: DigestChoice = make.DigestChoiceFactory.create(contact=contact, recorded_by=world.tutor)
    return found


def reward(world: Scene, category: str = "Kindness", **values: Any) -> None:
    given = {"student": world.student, "date": MONDAY, "kind": BehaviourKind.POSITIVE, "category": category} | values
    make.BehaviourEventFactory.create(**given)


def shared_step(world: Scene, text: str, **session: Any) -> None:
    said = {"student": world.student, "author": world.tutor, "held_on": MONDAY, "for_report": True} | session
    step = {"text": text, "owner": "student", "due_on": dt.date(2026, 11, 27)}
    make.NextStepFactory.create(session=make.TutorSessionFactory.create(**said), **step)


def whole() -> str:
    """Every mail that went, with all its headers."""
    return "\n".join(str(letter.message()) + letter.subject + str(letter.body) for letter in mail.outbox)


def test_five_good_events_are_one_mail_with_the_good_first(world: Scene) -> None:
    choice(world)
    for number in range(2):
        reward(world, number=number + 1)
    reward(world, "Effort", date=dt.date(2026, 11, 20))
    news = make.TutorSessionFactory.create(
        student=world.student, author=world.tutor, kind="call_home", held_on=MONDAY, happened="Kept private."
    )
    make.HomeContactFactory.create(session=news, contact=None, tone="good")
    shared_step(world, "Come to breakfast club.")
    assert outbox.send_digests(FRIDAY) == 1
    [letter] = mail.outbox
    assert letter.to == ["ngozi@home.example"]
    assert letter.subject == "Jamal: a word from school"
    told = [line[2:] for line in str(letter.body).splitlines() if line.startswith("- ")]
    assert told == [
        "Jamal was given 3 rewards: Kindness (2), Effort.",
        "We had good news to tell about Jamal once.",
        "Agreed with Jamal, who is happy for you to know: Come to breakfast club, by 27 November.",
    ]
    assert f"Ask for {world.tutor.formal_name}." in letter.body
    row = FamilyDigest.objects.get()
    assert (row.state, row.went) == (State.SENT, ["rewards", "news", "step"])
    assert Event.objects.filter(action="digest.sent", student_id=world.student.pk).count() == 1


def test_nothing_sensitive_is_in_it(world: Scene) -> None:
    """Not a sanction, a note, a surname, another student, or the other parent."""
    choice(world, forename="Ngozi", surname="Okafor")
    choice(world, title="Mr", surname="Bellweather", email="father@elsewhere.example", relationship="Father")
    reward(world, comment="Zofia said so")
    reward(world, "Detention", kind=BehaviourKind.NEGATIVE, comment="Swore at Mr Day")
    make.BehaviourEventFactory.create(student=world.classmate, date=MONDAY, kind="positive", category="Hers")
    for hidden in (
        {"for_report": False}, {"confidentiality": "named"}, {"held_on": MONDAY - dt.timedelta(days=1)},
    ):  # fmt: skip
        shared_step(world, "Talk about the secret", happened="A secret of theirs", **hidden)
    for named in ("Sit away from Zofia Wren", "Ring Mr Bellweather", "Jamal Okafor reads", "Mrs Wren’s essay"):
        shared_step(world, named)
    assert outbox.send_digests(FRIDAY) == 2
    text = whole()
    assert "Kindness" in text
    for private in (
        "Okafor", "Wren", "Zofia", "Bellweather", "Detention", "Swore", "secret", "Hers", "sanction",
        str(world.student.pk),
    ):  # fmt: skip
        assert private not in text, private


def test_parents_apart_each_get_their_own(world: Scene) -> None:
    choice(world, surname="Okafor")
    choice(world, title="Mr", surname="Bellweather", email="father@elsewhere.example")
    reward(world)
    assert outbox.send_digests(FRIDAY) == 2
    assert sorted(letter.recipients() for letter in mail.outbox) == [
        ["father@elsewhere.example"], ["ngozi@home.example"],
    ]  # fmt: skip
    for letter in mail.outbox:
        other = {"father@elsewhere.example", "ngozi@home.example"} - set(letter.to)
        assert not any(address in str(letter.message()) for address in other)


def test_nobody_gets_it_who_did_not_choose_it_or_may_not_be_written_to(world: Scene) -> None:
    reward(world)
    make.ContactFactory.create(student=world.student, email="silent@home.example", parental_responsibility=True)
    for number, (name, value) in enumerate(
        [("parental_responsibility", False), ("court_order", True), ("email", "")], start=1
    ):
        chosen = choice(world, surname=f"N{number}", email=f"{number}@home.example")
        Contact.objects.filter(pk=chosen.contact_id).update(**{name: value})
    none = choice(world, surname="Nomore")
    DigestChoice.objects.filter(pk=none.pk).update(rhythm="none")
    assert outbox.send_digests(FRIDAY) == 0
    assert mail.outbox == []


def test_where_there_is_nothing_good_no_mail_goes(world: Scene) -> None:
    """A count of absences alone is no good news; a full week is."""
    choice(world)
    marks(world.group, "/" * 9 + "O")
    shared_step(world, "Come to breakfast club")
    assert outbox.send_digests(FRIDAY) == 0
    assert FamilyDigest.objects.get().state == State.EMPTY
    assert mail.outbox == []


def test_a_full_week_is_good_news(world: Scene) -> None:
    choice(world)
    marks(world.group, "/" * 10)
    assert outbox.send_digests(FRIDAY) == 1
    assert "- Attendance: 10 of 10 half-day sessions (100%)." in str(mail.outbox[0].body)


def marks(group: TutorGroup, codes: str) -> None:
    for number, code in enumerate(codes):
        for member in group.memberships.all():
            make.MarkFactory.create(
                student=member.student, date=MONDAY + dt.timedelta(days=number // 2), session=("AM", "PM")[number % 2],
                code=code,
            )  # fmt: skip


def test_run_again_or_after_a_crash_it_goes_once(world: Scene) -> None:
    choice(world)
    reward(world)
    with mock.patch.object(EmailBackend, "send_messages", side_effect=SystemExit), pytest.raises(SystemExit):
        outbox.send_digests(FRIDAY)
    assert outbox.send_digests(FRIDAY) == 0, "another worker has it, as far as anybody knows"
    assert outbox.send_digests(at(20, 16, 20)) == 0, "it may have gone: never twice"
    assert FamilyDigest.objects.get().state == State.FAILED
    choice(world, surname="Second", email="second@home.example")
    assert [outbox.send_digests(at(20, 16, 30)) for _ in range(3)] == [1, 0, 0]
    assert [letter.to for letter in mail.outbox] == [["second@home.example"]]


def test_a_mail_server_that_says_no_for_now_is_asked_again(world: Scene) -> None:
    choice(world)
    reward(world)
    with mock.patch.object(EmailBackend, "open", side_effect=ConnectionRefusedError(), create=True):
        assert outbox.send_digests(FRIDAY) == 0
    busy = smtplib.SMTPResponseException(450, b"later")
    with mock.patch.object(EmailBackend, "send_messages", side_effect=busy):
        assert outbox.send_digests(FRIDAY) == 0
    assert outbox.send_digests(FRIDAY) == 1
    with mock.patch.object(EmailBackend, "send_messages", side_effect=smtplib.SMTPResponseException(550, b"no")):
        choice(world, surname="Second", email="second@home.example")
        assert outbox.send_digests(FRIDAY) == 0
    assert sorted(FamilyDigest.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_it_waits_for_friday_and_never_goes_in_quiet_hours(world: Scene) -> None:
    choice(world)
    reward(world)
    for quiet in (at(20, 15, 59), at(20, 19), at(21, 11), at(23, 6, 59), at(23, 20)):
        assert outbox.send_digests(quiet) == 0
    assert not mail.outbox
    assert outbox.send_digests(at(23, 7)) == 1, "what waited over the weekend goes on Monday morning"


def test_it_goes_at_the_hour_and_outside_the_quiet_hours_that_the_school_has_set(world: Scene) -> None:
    """Delight 10: the hours are the school's own."""
    choice(world)
    reward(world)
    School.objects.update(quiet_from="15:30", digest_at="14:30")
    assert [outbox.send_digests(at(20, hour, minute)) for hour, minute in ((14, 29), (15, 30), (14, 30))] == [0, 0, 1]


def test_every_second_week_is_the_same_for_all_and_tells_of_both(world: Scene) -> None:
    chosen = choice(world)
    DigestChoice.objects.filter(pk=chosen.pk).update(rhythm="fortnightly")
    reward(world, date=MONDAY - dt.timedelta(days=5))
    reward(world, "Older", date=MONDAY - dt.timedelta(days=8))
    went = [outbox.send_digests(FRIDAY + dt.timedelta(weeks=week)) for week in (0, 1)]
    even = "fortnightly" in rhythms_of(MONDAY)
    assert went == ([1, 0] if even else [0, 0])
    assert [("fortnightly" in rhythms_of(MONDAY + dt.timedelta(weeks=n))) for n in range(4)] in (
        [True, False] * 2,
        [False, True] * 2,
    )


def test_which_week_goes_when() -> None:
    assert week_to_send(at(20, 15, 59)) is None
    assert week_to_send(at(20, 16)) == MONDAY
    assert week_to_send(at(23, 19, 59)) == MONDAY
    assert week_to_send(at(24, 7)) is None
