"""What one may not hear changes nothing that one sees: no count, no forecast, no order, no line that is there or not.

Canaries (`test_canaries`) find words that were let out; a number has no words. So every address is walked twice, and
between the walks two students of another group get one of everything, one of them a place in a small group of the
reader's own diary and a time of it alone, and the student whom one reaches two entries for named people: each page and
each file must say what it said before, letter for letter.
"""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import WHOLE_SCHOOL_ROLES, Role
from accounts.models import User
from tests import factories as make
from tests.edge import canaries
from tests.edge.canaries import Aviary, aviary, body_of, texts
from tests.edge.test_canaries import paths
from tests.safeguarding.pages import client_of
from tutoring.diary.models import Appointment
from tutoring.sessions.enums import Confidentiality, Kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
# New in every answer: tokens of a form, of a draft, of a policy for scripts; the time of day.
OF_THIS_ANSWER = re.compile(
    r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|nonce[-=]["\']?)[\w+/=-]+'
    r"|[0-9a-f]{8}-[0-9a-f-]{27}|\d\d:\d\d(:\d\d)?|D:\d+"
)
OF_APPOINTMENT = ("diary:together", "diary:appointment-move", "diary:appointment-outcome")
OWN_DOINGS = "/record/"  # it tells of the walk itself


@pytest.fixture
def world() -> Aviary:
    return aviary()


def said(client: Client, addresses: list[str]) -> dict[str, str]:
    """path → all that it says, of every address that answers; what is packed is opened.

    Not of a PDF, which is slow to make and says what the page and the sheet of the same list say.
    """
    asked = [path for path in addresses if not path.startswith(OWN_DOINGS) and "pdf" not in path]
    answers = {path: client.get(path) for path in asked}
    return {
        path: OF_THIS_ANSWER.sub("#", "\n".join(texts(answer.content if not answer.streaming else body_of(answer))))
        for path, answer in answers.items()
        if answer.status_code == 200
    }


def own_group(world: Aviary, reader: User) -> Appointment:
    """A small group of the reader's own, today, in which the student whom they reach is."""
    return make.AppointmentFactory.create(
        student=world.near, staff=reader, day=timezone.localdate(), starts_at=dt.time(12), kind=Kind.SMALL_GROUP,
        together=uuid.uuid4(),
    )  # fmt: skip


def of_group(one: Appointment) -> list[str]:
    """The pages about it, and the form that its link opens."""
    return [*(reverse(name, args=[one.pk]) for name in OF_APPOINTMENT), one.log_url]


def more_of_what_is_hidden(world: Aviary, role: Role, group: Appointment) -> None:
    """Of others, where the role has not the whole school; and of those whom it reaches, what is for named people."""
    if role not in WHOLE_SCHOOL_ROLES:
        theirs = world.far.group_memberships.get().group
        students = [make.student_in(theirs), make.student_in(theirs)]
        for student in students:
            for plant in (canaries.talks, canaries.plans, canaries.follow_up, canaries.around, canaries.home):
                plant(student, world.author, "far")
        own = {"staff": group.staff, "day": group.day}
        make.AppointmentFactory.create(
            **own, student=students[0], starts_at=group.starts_at, kind=group.kind, together=group.together
        )
        make.AppointmentFactory.create(**own, student=students[1], starts_at=dt.time(14))
    for kind in (Kind.AGENCY, Kind.MEETING):
        named = make.TutorSessionFactory.create(
            student=world.near, author=world.author, confidentiality=Confidentiality.NAMED, kind=kind
        )
        make.NextStepFactory.create(session=named)


def told(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Where something is not as it was."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


@pytest.mark.sweep
@pytest.mark.parametrize("role", Role)
def test_nothing_is_counted_that_may_not_be_heard(role: Role, world: Aviary) -> None:
    reader = world.person(role)
    group = own_group(world, reader)
    addresses, client = [*paths(world), *of_group(group)], client_of(reader, elevated=True)
    before = said(client, addresses)
    more_of_what_is_hidden(world, role, group)
    assert told(before, said(client, addresses)) == set()
    assert len(before) >= 5, "the walk must get somewhere"


def test_a_policy_that_lets_a_row_be_counted_is_told(world: Aviary) -> None:
    """Broken on purpose: what one more conversation of somebody else's changes on one page is noticed."""
    pages, reader = [reverse("desk:student-story", args=[world.near.pk])], world.person(Role.SUBJECT_TEACHER)
    group, client = own_group(world, reader), client_of(reader)
    before = said(client, pages)
    more_of_what_is_hidden(world, Role.SUBJECT_TEACHER, group)
    assert told(before, said(client, pages)) == set()
    let_everybody_read("tutor_sessions_tutorsession")
    assert told(before, said(client, pages)) == set(pages)


@pytest.mark.parametrize("role", [Role.TUTOR, Role.SUBJECT_TEACHER])
def test_a_companion_who_could_be_counted_is_told(world: Aviary, role: Role) -> None:
    """Broken on purpose: the week, and the page of those at one time, say how many there are of those one sees."""
    reader = world.person(role)
    group = own_group(world, reader)
    client, pages = client_of(reader), [reverse("diary:week"), *of_group(group)]
    before = said(client, pages)
    assert len(before) == len(pages)
    more_of_what_is_hidden(world, role, group)
    assert told(before, said(client, pages)) == set()
    let_everybody_read("diary_appointment", "students_student")
    assert reverse("diary:week") in told(before, said(client, pages))


def let_everybody_read(*tables: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"CREATE POLICY leak ON {table} FOR SELECT USING (true)")
