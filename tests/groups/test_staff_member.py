"""Duty 5, configurable hierarchy: one role for several houses, years or a key stage, given, said once and ended."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from core.acting import Actor, acting_as
from tests import factories as make
from tests.safeguarding.pages import client_of as proved_client
from tests.sessions.pages import client_of
from tutoring.groups.models import CaseloadEntry
from tutoring.groups.roles import NoRoleError, end_role, end_roles, role_lines, roles_open
from tutoring.groups.selectors import students_visible_to

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def office() -> User:
    return make.person(Role.DATA_MANAGER, last_name="Office")


@pytest.fixture
def yusuf() -> User:
    return make.UserFactory.create(first_name="Yusuf", last_name="Stage")


def page_of(person: User) -> str:
    return reverse("groups:staff-member", args=[person.pk])


def give(by: User | Client, person: User, role: Role, **fields: Any) -> HttpResponse:
    data = {"role": role.value, "starts_on": localdate().isoformat()} | fields
    client = by if isinstance(by, Client) else proved_client(by, elevated=True)
    return client.post(reverse("groups:role-give", args=[person.pk]), data)


def address(person: User) -> str:
    return reverse("groups:role-end", args=[person.pk])


def end(by: User | Client, *roles: Membership) -> Any:
    """The lines that these belong to are ticked on the page of their person."""
    person = roles[0].user
    held = role_lines(roles_open(person.school).filter(user=person).order_by("role", "starts_on", "year_group", "pk"))
    ticked = [str(line.first.pk) for line in held if {*line.held} & {*roles}]
    client = by if isinstance(by, Client) else proved_client(by, elevated=True)
    return client.post(address(person), {"roles": ticked or [str(role.pk) for role in roles]}, follow=True)


def held(person: User) -> list[tuple[str, str, int | None]]:
    rows = Membership.objects.current().filter(user=person).select_related("house")
    return sorted((m.role, str(m.house or ""), m.year_group) for m in rows)


def words(user: User, url: str) -> str:
    return " ".join(client_of(user).get(url).content.decode().split())


def test_a_key_stage_is_given_in_one_go_and_said_once(office: User, yusuf: User) -> None:
    seventh, ninth, _tenth = (make.StudentFactory.create(year_group=year) for year in (7, 9, 10))
    assert give(office, yusuf, Role.HEAD_OF_YEAR, years=["ks3"]).status_code == 302
    assert held(yusuf) == [("head_of_year", "", year) for year in (7, 8, 9)]
    yusuf = User.objects.get(pk=yusuf.pk)
    assert set(students_visible_to(yusuf)) == {seventh, ninth}
    for page in (page_of(yusuf), reverse("groups:staff-list")):
        assert words(office, page).count("Head of year · Years 7 to 9") == 1
        assert "Year 8" not in words(office, page)
    assert "Years 7 to 9 dashboard" in words(yusuf, "/")
    assert client_of(yusuf).get("/").context["scope"].label == "Years 7 to 9"
    assert Event.objects.get(action="role.given").detail["years"] == [7, 8, 9]


def test_years_houses_and_both_together(office: User, yusuf: User) -> None:
    curie, becket = (make.HouseFactory.create(name=name) for name in ("Curie", "Becket"))
    both = [str(curie.pk), str(becket.pk)]
    give(office, yusuf, Role.HEAD_OF_HOUSE, houses=both)
    assert held(yusuf) == [("head_of_house", "Becket", None), ("head_of_house", "Curie", None)]
    assert "Head of house · Becket and Curie" in words(office, page_of(yusuf))
    give(office, yusuf, Role.SENIOR_LEADER, houses=[str(becket.pk)], years=["ks4", "12"])
    assert "Senior leader · Becket Years 10 to 12" in words(office, page_of(yusuf))
    give(office, yusuf, Role.ONE_TO_ONE_TUTOR)
    assert ("one_to_one_tutor", "", None) in held(yusuf)


@pytest.mark.parametrize(
    ("role", "fields", "why"),
    [
        (Role.HEAD_OF_YEAR, {}, "Choose the years"),
        (Role.HEAD_OF_HOUSE, {"years": ["7"]}, "Choose where"),
        (Role.TUTOR, {"years": ["7"]}, "has the groups and students it is given"),
        (Role.HEAD_OF_YEAR, {"years": ["99"]}, "not one of the available choices"),
        (Role.SENCO, {"starts_on": "2020-01-01"}, "Today or later"),
    ],
)
def test_what_makes_no_sense_is_said_at_the_field(
    office: User, yusuf: User, role: Role, fields: dict[str, Any], why: str
) -> None:
    answer = give(office, yusuf, role, **fields)
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert held(yusuf) == []


def test_a_role_is_given_only_after_a_fresh_proof(office: User, yusuf: User) -> None:
    """It opens students to somebody: whoever finds a browser left open gives nobody anything."""
    client = client_of(office)
    assert reverse("sign_in:step-up") in client.get(reverse("groups:role-give", args=[yusuf.pk]))["Location"]
    answer = give(client, yusuf, Role.SENCO)
    assert (answer.status_code, held(yusuf)) == (401, [])


def test_a_role_is_ended_only_after_a_fresh_proof(office: User, yusuf: User) -> None:
    """Duty 5: whoever finds a browser left open takes students from nobody; the page asks before it opens."""
    role, client = make.MembershipFactory.create(user=yusuf, role=Role.SENCO), client_of(office)
    assert reverse("sign_in:step-up") in client.get(address(yusuf))["Location"]
    assert end(client, role).status_code == 401
    assert held(yusuf) == [("senco", "", None)]


def test_several_roles_end_in_one_choice_all_or_none(office: User, yusuf: User) -> None:
    """Duty 5: whoever leaves two posts is ticked twice and ends once; what is not ticked stays."""
    roles = [make.MembershipFactory.create(user=yusuf, role=Role.HEAD_OF_YEAR, year_group=year) for year in (7, 8)]
    roles.append(make.MembershipFactory.create(user=yusuf, role=Role.SENCO))
    stays = make.MembershipFactory.create(user=yusuf, role=Role.ONE_TO_ONE_TUTOR)
    page = proved_client(office, elevated=True).get(f"{address(yusuf)}?role={roles[0].pk}").context["form"]
    assert [label for _, label in page.fields["roles"].choices] == [
        "Head of year · Years 7 and 8", "1:1 tutor", "SENCO"
    ]  # fmt: skip
    assert page.initial["roles"] == [str(roles[0].pk)]
    with pytest.raises(NoRoleError), acting_as(Actor(office.pk)):
        end_roles(by=office, memberships=[stays, make.MembershipFactory.build(user=yusuf, role=Role.SENCO)])
    assert len(held(yusuf)) == 4, "all or none"
    answer = end(office, roles[0], roles[2])
    assert "no longer Head of year, Years 7 and 8; SENCO" in " ".join(answer.content.decode().split())
    assert held(yusuf) == [("one_to_one_tutor", "", None)]
    assert "Tick at least one." in proved_client(office, elevated=True).post(address(yusuf)).content.decode()


def test_what_somebody_has_is_not_given_twice(office: User, yusuf: User) -> None:
    give(office, yusuf, Role.HEAD_OF_YEAR, years=["8"])
    give(office, yusuf, Role.HEAD_OF_YEAR, years=["ks3"])
    assert held(yusuf) == [("head_of_year", "", year) for year in (7, 8, 9)]
    assert "has this role already" in give(office, yusuf, Role.HEAD_OF_YEAR, years=["7", "9"]).content.decode()


def test_nobody_gives_or_ends_a_role_of_their_own(office: User) -> None:
    assert "Nobody gives themselves a role" in give(office, office, Role.SENCO).content.decode()
    assert "Nobody ends a role of their own" in end(office, office.memberships.get()).content.decode()
    assert held(office) == [("data_manager", "", None)]
    assert "Give a role" not in words(office, page_of(office))


def test_ending_ends_the_whole_line_with_what_hangs_on_it(office: User, yusuf: User) -> None:
    """And nothing else: another role of the same person stays, a head of the same years too."""
    student = make.StudentFactory.create(year_group=8)
    for person in (yusuf, make.UserFactory.create()):
        for year in (7, 8):
            make.MembershipFactory.create(user=person, role=Role.HEAD_OF_YEAR, year_group=year)
    single = make.MembershipFactory.create(user=yusuf, role=Role.ONE_TO_ONE_TUTOR)
    make.CaseloadEntryFactory.create(membership=single, student=student)
    eighth = yusuf.memberships.filter(year_group=8).get()
    assert end(office, eighth).redirect_chain == [(page_of(yusuf), 302)]
    assert held(yusuf) == [("one_to_one_tutor", "", None)]
    assert Membership.objects.current().filter(role=Role.HEAD_OF_YEAR).count() == 2
    assert set(students_visible_to(User.objects.get(pk=yusuf.pk))) == {student}
    end(office, single)
    assert not set(students_visible_to(User.objects.get(pk=yusuf.pk)))
    assert single.caseload.get().ends_on == localdate() - DAY


def test_ended_in_two_tabs_it_ends_once(office: User, yusuf: User) -> None:
    """The second is told so, and the record has it once: whether it began before or was taken away today."""
    began = make.MembershipFactory.create(user=yusuf, role=Role.HEAD_OF_YEAR, year_group=8)
    today = make.MembershipFactory.create(user=yusuf, role=Role.SENCO, starts_on=localdate())
    for role in (began, today):
        client = proved_client(office, elevated=True)
        first, second = (end(client, role) for _tab in range(2))
        assert first.redirect_chain == [(page_of(yusuf), 302)]
        assert "It was ended already." in second.content.decode()
        assert "is no longer" not in second.content.decode()
    assert Event.objects.filter(action="role.ended").count() == 2
    with pytest.raises(NoRoleError, match="It was ended already"):
        end_role(by=office, membership=began)


def test_a_role_given_by_mistake_is_taken_away_at_once(office: User, yusuf: User) -> None:
    """ "End it now" is what the page says: with its groups, its single students and whoever was to stand in for it."""
    student = make.StudentFactory.create(year_group=7)
    give(office, yusuf, Role.HEAD_OF_YEAR, years=["ks3"])
    give(office, yusuf, Role.ONE_TO_ONE_TUTOR)
    single = yusuf.memberships.get(role=Role.ONE_TO_ONE_TUTOR)
    make.CaseloadEntryFactory.create(membership=single, student=student, starts_on=localdate())
    make.TutorAssignmentFactory.create(membership=single, starts_on=localdate())
    head = yusuf.memberships.get(year_group=7)
    make.MembershipFactory.create(
        role=Role.HEAD_OF_YEAR, year_group=7, stands_in_for=head, starts_on=localdate(), ends_on=localdate() + DAY
    )
    assert set(students_visible_to(User.objects.get(pk=yusuf.pk))) == {student}
    for role in (head, single):
        with acting_as(Actor(office.pk)):
            end_role(by=office, membership=role)
    assert not set(students_visible_to(User.objects.get(pk=yusuf.pk)))
    assert not Membership.objects.exclude(user=office).exists()
    assert "None: sees no student." in words(office, page_of(yusuf))


def test_students_given_today_for_a_role_held_before_go_too(office: User, yusuf: User) -> None:
    single = make.MembershipFactory.create(user=yusuf, role=Role.ONE_TO_ONE_TUTOR)
    make.CaseloadEntryFactory.create(membership=single, starts_on=localdate())
    end(office, single)
    assert not CaseloadEntry.objects.exists()
    assert yusuf.memberships.get().ends_on == localdate() - DAY


def test_what_has_not_begun_is_taken_away(office: User, yusuf: User) -> None:
    monday = localdate() + 7 * DAY
    give(office, yusuf, Role.HEAD_OF_YEAR, years=["7", "8"], starts_on=monday.isoformat())
    assert held(yusuf) == []
    assert "Head of year · Years 7 and 8" in words(office, page_of(yusuf))
    end(office, yusuf.memberships.all()[0])
    assert not yusuf.memberships.exists()


def test_the_head_looks_and_does_not_give(yusuf: User) -> None:
    """Roles are for whoever brings in the staff file, as in the database."""
    head = make.person(Role.HEADTEACHER)
    make.MembershipFactory.create(user=yusuf, role=Role.HEAD_OF_YEAR, year_group=7)
    assert "Give a role" not in words(head, page_of(yusuf))
    assert give(head, yusuf, Role.SENCO).status_code == 403
    assert end(head, yusuf.memberships.get()).status_code == 403


def test_of_another_school_there_is_nothing(office: User) -> None:
    stranger = make.person(Role.TUTOR, school=make.SchoolFactory.create(name="Elsewhere", dfe_number="9994000"))
    assert client_of(office).get(page_of(stranger)).status_code == 404
    assert give(office, stranger, Role.SENCO).status_code == 404
    assert end(office, stranger.memberships.get()).status_code == 404
