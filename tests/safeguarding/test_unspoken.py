"""Delight 3, for the safeguarding leads alone: with whom nobody has spoken since a concern was raised."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from safeguarding.enums import Part, Status
from safeguarding.models import Concern, ConcernChild
from students.models import Student
from tests import factories as make
from tests.safeguarding.pages import World, client_of, raised, world
from tutoring.sessions.enums import Confidentiality, Kind

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Nobody has spoken with them since"
DAY = dt.timedelta(days=1)
TOKENS = re.compile(r'(?:value|nonce|content)="[\w-]{20,}={0,2}"|"X-CSRFToken": "\w+"')


@pytest.fixture
def here() -> World:
    return world()


def card(user: User) -> str:
    """The words of the card on somebody's desk; "" where it is not there."""
    answer = client_of(user, elevated=True).get(reverse("safeguarding:desk"))
    assert answer.status_code == 200
    page = answer.content.decode()
    _, there, rest = page.partition('id="unspoken-title"')
    return " ".join(re.sub(r"<[^>]+>", " ", rest.partition("</section>")[0]).split()) if there else ""


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code in (200, 403)
    return len(asked)


def plain(answer: Any) -> str:
    """Without what is new in every answer: tokens against forgery, of forms and of scripts."""
    return TOKENS.sub("", answer.content.decode())


def ago(concern: Concern, days: int) -> Concern:
    Concern.objects.filter(pk=concern.pk).update(raised_at=timezone.now() - days * DAY)
    return concern


def talk(by: User, student: Student, day: dt.date | None = None, kind: Kind = Kind.ONE_TO_ONE, **more: Any) -> None:
    make.TutorSessionFactory.create(student=student, author=by, kind=kind, held_on=day or timezone.localdate(), **more)


def test_delight_3_a_child_stands_on_the_leads_desk_until_somebody_logs_a_1_to_1(here: World) -> None:
    """With the days since and the ways to the file and to the log form; the log form takes them off at once."""
    assert TITLE not in card(here.dsl)
    ago(raised(here.tutor, here.student), 4)
    said = card(here.dsl)
    assert "Okafor" in said
    assert "4 days" in said
    assert "Achterberg" not in said
    page = client_of(here.dsl, elevated=True).get(reverse("safeguarding:desk")).content.decode()
    assert reverse("safeguarding:child-file", args=[here.student.pk]) in page
    log = reverse("tutor_sessions:session-create", args=[here.student.pk])
    assert log in page
    for kind in (Kind.NOTE, Kind.MEETING, Kind.CALL_HOME, Kind.SMALL_GROUP):
        talk(here.tutor, here.student, kind=kind)
    talk(here.tutor, here.student, timezone.localdate() - 5 * DAY)  # before it was raised
    assert "Okafor" in card(here.dsl)
    talk(here.tutor, here.student, timezone.localdate() - DAY)
    assert card(here.dsl) == ""


def test_delight_3_the_same_day_counts_what_was_written_down_afterwards(here: World) -> None:
    """The 1:1 of this morning, logged before, is not the one that is asked for."""
    talk(here.tutor, here.student)
    raised(here.tutor, here.student)
    assert "since today" in card(here.dsl)
    talk(here.tutor, here.student)
    assert card(here.dsl) == ""


def test_delight_3_a_conversation_of_named_people_counts_on_a_later_day(here: World) -> None:
    """Its day is known to whoever sees the student; of the same day the time it was written is not."""
    concern = raised(here.tutor, here.student)
    talk(here.tutor, here.student, confidentiality=Confidentiality.NAMED)
    assert "Okafor" in card(here.dsl)
    ago(concern, 1)
    assert card(here.dsl) == ""


def test_delight_3_a_newer_concern_puts_them_back_and_a_closed_one_takes_them_off(here: World) -> None:
    first = ago(raised(here.tutor, here.student), 9)
    talk(here.tutor, here.student, timezone.localdate() - 5 * DAY)
    assert card(here.dsl) == ""
    second = ago(raised(here.tutor, here.student), 2)
    assert "2 days" in card(here.dsl)
    Concern.objects.filter(pk__in=[first.pk, second.pk]).update(status=Status.CLOSED)
    assert card(here.dsl) == ""


def test_delight_3_who_only_saw_it_or_has_left_is_not_asked_for(here: World) -> None:
    ago(raised(here.tutor, here.student), 2)
    ConcernChild.objects.update(part=Part.WITNESS)
    assert card(here.dsl) == ""
    ConcernChild.objects.update(part=Part.HARMED)
    assert "Okafor" in card(here.dsl)
    Student.objects.filter(pk=here.student.pk).update(left_on=timezone.localdate() - DAY)
    assert card(here.dsl) == ""


def test_delight_3_a_deputy_of_one_house_sees_only_theirs_also_of_one_concern_about_two(here: World) -> None:
    elgar = make.TutorGroupFactory.create(name="9ELG", house=make.HouseFactory.create(name="Elgar"))
    other = make.student_in(elgar, preferred_forename="Cem", preferred_surname="Otherhouse")
    concern = ago(raised(here.tutor, here.student), 3)
    ago(raised(make.person(Role.TUTOR, group=elgar), other), 3)
    ConcernChild.objects.create(concern=concern, student=other, part=Part.SUBJECT)
    mine = make.person(Role.DEPUTY_DSL, house=here.group.house, last_name="Mine")
    as_tutor = make.MembershipFactory.create(user=mine, role=Role.TUTOR)
    make.TutorAssignmentFactory.create(membership=as_tutor, group=elgar)  # whom they see is not whose file they keep
    elsewhere = make.person(Role.DEPUTY_DSL, house=make.HouseFactory.create(name="Byrd"), last_name="Elsewhere")
    assert ("Okafor" in card(mine), "Otherhouse" in card(mine)) == (True, False)
    assert ("Okafor" in card(here.dsl), "Otherhouse" in card(here.dsl)) == (True, True)
    assert card(elsewhere) == ""


def test_delight_3_a_concern_about_an_adult_or_kept_from_a_lead_puts_nobody_there(here: World) -> None:
    """The headteacher and the chair have desks; the children's list stands on neither."""
    ago(raised(here.tutor, here.student), 3)
    assert card(here.head) == ""
    assert card(here.chair) == ""
    with acting_as(Actor(user_id=here.dsl.pk)):
        assert not Concern.objects.exists()  # without a fresh proof there is no file, and no list


def test_delight_3_nothing_of_it_reaches_heads_of_house_year_or_school(here: World) -> None:
    """Canary: the head's silence list, Today, students and search are byte for byte what they were before."""
    house = make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    year = make.person(Role.HEAD_OF_YEAR, year_group=here.student.year_group)
    worried = make.person(Role.CONTRIBUTOR, student=here.student)
    people = [house, year, worried, here.tutor, here.head, make.person(Role.SENCO), make.person(Role.SENIOR_LEADER)]
    clients = [client_of(person) for person in people]
    addresses = [
        f"{reverse('reports:student-rows')}?show=silence", f"{reverse('reports:student-rows')}?show=all",
        reverse("desk:today"), reverse("desk:student-list"), reverse("desk:student-story", args=[here.student.pk]),
    ]  # fmt: skip

    def pages() -> list[tuple[int, str]]:
        answers = [one.get(address) for one in clients for address in addresses]
        return [(answer.status_code, plain(answer)) for answer in answers]

    def numbers() -> list[int]:
        return [queries(client, address) for client in clients for address in addresses[:3]]

    before, asked = pages(), numbers()
    assert pages() == before  # nothing but the tokens is new in an answer
    assert any(status == 200 for status, _ in before)
    ago(raised(worried, here.student), 4)
    assert "Okafor" in card(here.dsl)
    assert pages() == before
    assert numbers() == asked


def test_delight_3_the_desk_asks_the_same_of_one_child_and_of_many(here: World) -> None:
    """Three questions, whatever stands there."""
    ago(raised(here.tutor, here.student), 3)
    client = client_of(here.dsl, elevated=True)
    client.get(reverse("safeguarding:desk"))
    one = queries(client, reverse("safeguarding:desk"))
    for child in (here.classmate, *(make.student_in(here.group, preferred_surname=f"Many{n}") for n in range(4))):
        ago(raised(here.tutor, child), 2)
    assert queries(client, reverse("safeguarding:desk")) == one
    assert card(here.dsl).count("Log a 1:1") == 6
