"""Cover: somebody stands in for somebody for some days, and nobody gives more than they hold (duty 5)."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.groups.selectors import students_visible_to

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LIST = reverse("groups:cover-list")


def colleague(**fields: Any) -> User:
    return make.person(Role.SUBJECT_TEACHER, **{"first_name": "Noor", "last_name": "Deputy"} | fields)


def head_of(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=world.group.house)


def arrange(by: User, away: User, deputy: User, first: int = 0, last: int = 7) -> HttpResponse:
    """`by` fills the form in: from the first day to the last, counted from today."""
    form = {
        "work": str(away.memberships.order_by("pk")[0].pk), "deputy": str(deputy.pk),
        "starts_on": (localdate() + first * DAY).isoformat(), "ends_on": (localdate() + last * DAY).isoformat(),
    }  # fmt: skip
    return client_of(by).post(LIST, form)


def words(user: User, url: str = LIST) -> str:
    return " ".join(client_of(user).get(url).content.decode().split())


def test_a_deputy_sees_the_students_for_the_days_and_no_longer() -> None:
    """Duty 5: "deputies with the same scope", by the page; it begins and ends by itself."""
    world, deputy = scene(), colleague()
    assert client_of(deputy).get(reverse("desk:student-story", args=[world.student.pk])).status_code == 404
    assert arrange(world.tutor, world.tutor, deputy).status_code == 302
    deputy = User.objects.get(pk=deputy.pk)
    assert set(students_visible_to(deputy)) == {world.student, world.classmate}
    assert client_of(deputy).get(reverse("desk:student-story", args=[world.student.pk])).status_code == 200
    lent = Membership.objects.filter(user=deputy, stands_in_for__user=world.tutor)
    lent.update(starts_on=localdate() - 8 * DAY, ends_on=localdate() - DAY)
    assert not set(students_visible_to(User.objects.get(pk=deputy.pk)))
    assert client_of(deputy).get(reverse("desk:student-story", args=[world.student.pk])).status_code == 404


def test_the_deputy_of_a_head_has_the_house() -> None:
    """Duty 5: a head says it for herself, and the deputy leads the house for these days."""
    world, deputy = scene(), colleague()
    head = head_of(world)
    assert arrange(head, head, deputy).status_code == 302
    deputy = User.objects.get(pk=deputy.pk)
    assert Role.HEAD_OF_HOUSE in deputy.roles
    assert set(students_visible_to(deputy)) == {world.student, world.classmate}


def test_a_head_of_several_years_is_covered_in_one_choice() -> None:
    """Duty 5: one line of the form for all years of the role; another role of theirs stays with them."""
    world, deputy = scene(), colleague()
    head = make.person(Role.HEAD_OF_YEAR, year_group=7, first_name="Ada", last_name="Stage")
    for year in (8, 9):
        make.MembershipFactory.create(user=head, role=Role.HEAD_OF_YEAR, year_group=year)
    make.MembershipFactory.create(user=head, role=Role.SENCO)
    choices = [label for _, label in client_of(head).get(LIST).context["form"].fields["work"].choices]
    assert choices == ["Choose", "Ada Stage: Head of year, Years 7 to 9", "Ada Stage: SENCO"]
    assert arrange(head, head, deputy).status_code == 302
    lent = Membership.objects.filter(user=deputy, stands_in_for__user=head)
    assert sorted((m.role, m.year_group) for m in lent) == [("head_of_year", year) for year in (7, 8, 9)]
    assert str(world.tutor) not in choices


def test_cover_of_several_years_is_one_line_and_ends_in_one_tap() -> None:
    """Duty 5: what was arranged together ends together; other days, and another deputy, stay."""
    deputy, other = colleague(), colleague(last_name="Other")
    head = make.person(Role.HEAD_OF_YEAR, year_group=7, first_name="Ada", last_name="Stage")
    for year in (8, 9):
        make.MembershipFactory.create(user=head, role=Role.HEAD_OF_YEAR, year_group=year)
    assert arrange(head, head, deputy).status_code == 302
    for deputed, first in ((deputy, 9), (other, 20)):
        assert arrange(head, head, deputed, first, first + 1).status_code == 302
    page = client_of(head).get(LIST)
    assert [(line.places, line.may_end) for line in page.context["covers"].now] == [("Years 7 to 9", True)]
    assert [line.places for line in page.context["covers"].soon] == ["Years 7 to 9"] * 2
    assert page.content.decode().count("End it") == 3
    for who, kind in ((head, "covered"), (deputy, "cover")):
        found = client_of(who).get(reverse("desk:today")).context
        told = [due.line.due_on - localdate() for due in [*found["due"], *found["more_due"]] if due.line.kind == kind]
        assert sorted(told)[:2] == [0 * DAY, 9 * DAY], "once for each time, and not for each year"
    now = page.context["covers"].now[0]
    assert client_of(head).post(reverse("groups:cover-end", args=[now.held[1].pk])).status_code == 302
    left = Membership.objects.filter(stands_in_for__user=head)
    assert sorted((m.user_id == deputy.pk, m.starts_on - localdate()) for m in left) == [
        *[(False, 20 * DAY)] * 3, *[(True, 9 * DAY)] * 3
    ]  # fmt: skip
    assert Event.objects.filter(action="cover.ended").count() == 3


def test_what_begins_later_is_a_choice_of_its_own() -> None:
    """Lent is what the choice said: next month's year is not, though it has begun when the cover begins."""
    deputy, begins = colleague(), localdate() + 20 * DAY
    head = make.person(Role.HEAD_OF_YEAR, year_group=9, first_name="Ada", last_name="Stage")
    make.MembershipFactory.create(user=head, role=Role.HEAD_OF_YEAR, year_group=10, starts_on=begins)
    assert arrange(head, head, deputy, first=21, last=22).status_code == 302
    lent = Membership.objects.filter(user=deputy, stands_in_for__user=head)
    assert [m.year_group for m in lent] == [9]


def test_one_year_that_is_covered_already_stops_all_of_it() -> None:
    head, deputy = make.person(Role.HEAD_OF_YEAR, year_group=7), colleague()
    other = make.MembershipFactory.create(user=head, role=Role.HEAD_OF_YEAR, year_group=8)
    days = {"starts_on": localdate(), "ends_on": localdate() + DAY}
    make.MembershipFactory.create(
        user=make.person(Role.TUTOR), role=other.role, year_group=8, stands_in_for=other, **days
    )
    assert "stands in then already" in arrange(head, head, deputy).content.decode()
    assert not Membership.objects.filter(user=deputy, stands_in_for__user=head).exists()


def test_both_are_told_and_what_is_due_is_marked() -> None:
    """Duty 5: Today says to both that there is cover, and marks to the deputy what is due for whom."""
    world, deputy = scene(), colleague()
    step = make.NextStepFactory.create(
        session__student=world.student, session__author=world.tutor, owner_staff=world.tutor, owner="staff",
        due_on=localdate(), text="Ring home about the bus",
    )  # fmt: skip
    make.PlannerRhythmFactory.create(school=world.group.school)
    make.PlannerCheckFactory.create(group=world.group, by=world.tutor, day=localdate() - 40 * DAY)
    arrange(world.tutor, world.tutor, deputy)
    today = words(deputy, reverse("desk:today"))
    assert f"You stand in for {world.tutor}, until" in today
    assert step.text in today
    due = {d.line.kind: d.doer for d in client_of(deputy).get(reverse("desk:today")).context["due"]}
    assert due["step"] == due["planners"] == f"for {world.tutor}"
    assert f"Stands in for you: {deputy}, until" in words(world.tutor, reverse("desk:today"))
    mine = {d.line.kind: d.doer for d in client_of(world.tutor).get(reverse("desk:today")).context["due"]}
    assert (mine["step"], mine["planners"]) == ("you do it", "")


def test_an_alert_to_whoever_is_away_says_for_whom_it_is() -> None:
    world, deputy = scene(), colleague()
    head = head_of(world)
    make.AlertFactory.create(student=world.student, raised_by=world.tutor, to=head)
    arrange(head, head, deputy)
    due = {d.line.kind: d.doer for d in client_of(deputy).get(reverse("desk:today")).context["due"]}
    assert due["alert"] == f"from {world.tutor}, for {head}"


def test_it_is_ended_early_and_stays_on_the_record() -> None:
    world, deputy = scene(), colleague()
    head = head_of(world)
    arrange(head, world.tutor, deputy)
    lent = Membership.objects.get(stands_in_for__user=world.tutor)
    Membership.objects.filter(pk=lent.pk).update(starts_on=localdate() - DAY)
    assert client_of(deputy).post(reverse("groups:cover-end", args=[lent.pk])).status_code in (403, 404)
    assert client_of(world.tutor).post(reverse("groups:cover-end", args=[lent.pk])).status_code == 302
    lent.refresh_from_db()
    assert lent.ends_on == localdate() - DAY
    assert not set(students_visible_to(User.objects.get(pk=deputy.pk)))
    assert "Lately" in words(world.tutor)
    assert client_of(world.tutor).post(reverse("groups:cover-end", args=[lent.pk])).status_code == 404
    events = Event.objects.filter(action__startswith="cover.")
    told = {e.action: (e.actor_id, e.detail["away"], e.detail["deputy"]) for e in events}
    assert told == {
        "cover.arranged": (head.pk, str(world.tutor.pk), str(deputy.pk)),
        "cover.ended": (world.tutor.pk, str(world.tutor.pk), str(deputy.pk)),
    }


def test_what_has_not_begun_is_taken_away() -> None:
    world, deputy = scene(), colleague()
    arrange(world.tutor, world.tutor, deputy, first=3)
    lent = Membership.objects.get(stands_in_for__user=world.tutor)
    assert "Soon" in words(world.tutor)
    client_of(world.tutor).post(reverse("groups:cover-end", args=[lent.pk]))
    assert not Membership.objects.filter(pk=lent.pk).exists()


@pytest.mark.parametrize(
    ("first", "last", "field", "said"),
    [
        (-1, 3, "starts_on", "Today or later"),
        (5, 3, "ends_on", "The last day is before the first"),
        (0, 401, "ends_on", "a year at most"),
        (2, 9, "starts_on", "stands in then already"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(first: int, last: int, field: str, said: str) -> None:
    world, deputy = scene(), colleague()
    arrange(world.tutor, world.tutor, colleague(last_name="First"), first=6, last=9)
    page = arrange(world.tutor, world.tutor, deputy, first, last)
    assert page.status_code == 200
    assert said in " ".join(page.context["form"].errors[field])
    assert Membership.objects.filter(stands_in_for__isnull=False).count() == 1


def test_nobody_stands_in_for_themselves_and_nobody_raises_themselves() -> None:
    """The data manager names others for any role, as by the staff file, and never themselves."""
    world, manager = scene(), make.person(Role.DATA_MANAGER)
    head = head_of(world)
    assert "is the one who is away" in arrange(head, head, head).context["form"].errors["deputy"][0]
    assert arrange(head, head, head, 5, 3).context["form"].errors.keys() == {"deputy", "ends_on"}
    refused = arrange(manager, world.tutor, manager)
    assert "You would see more" in refused.context["form"].errors["deputy"][0]
    assert arrange(manager, head, colleague()).status_code == 302
    assert arrange(head, world.tutor, head).status_code == 302


def test_who_may_say_it_for_whom() -> None:
    """A tutor for herself; a head for tutors whose students they all lead; nobody for a head but themselves."""
    world, deputy = scene(), colleague()
    elsewhere = make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Curie"))
    head, co_tutor = head_of(world), make.person(Role.TUTOR, group=world.group)
    for who, away in ((co_tutor, world.tutor), (elsewhere, world.tutor), (world.tutor, head), (elsewhere, head)):
        assert "work" in arrange(who, away, deputy).context["form"].errors
    assert client_of(deputy).get(LIST).status_code == 403
    make.student_in(world.group, house=elsewhere.memberships.get().house, legal_forename="Other")
    assert "work" in arrange(head, world.tutor, deputy).context["form"].errors, "one student is not theirs"
    assert not Membership.objects.filter(stands_in_for__isnull=False).exists()


def test_the_list_shows_what_concerns_me_or_is_mine_to_say() -> None:
    world, deputy = scene(), colleague()
    arrange(world.tutor, world.tutor, deputy)
    other = make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Curie"))
    for reader, knows in ((world.tutor, True), (head_of(world), True), (other, False)):
        assert (f"{deputy}</b> for" in words(reader)) is knows


def test_the_list_asks_the_same_number_of_questions_of_any_number(django_assert_max_num_queries: Any) -> None:
    world, manager = scene(), make.person(Role.HEADTEACHER)
    client = client_of(manager)
    counts = []
    for _ in range(2):
        for number in range(5):
            make.cover_of(make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name=f"G{len(counts)}{number}")))
        with django_assert_max_num_queries(40) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
    assert world.group


def lend(by: User, held: Membership, to: User, **otherwise: Any) -> bool:
    """Whether PostgreSQL lets this person write the row, whatever a page would say."""
    row = {
        "user": to, "school_id": held.school_id, "role": held.role, "house_id": held.house_id,
        "year_group": held.year_group, "starts_on": localdate(), "ends_on": localdate() + DAY, "stands_in_for": held,
    } | otherwise  # fmt: skip
    try:
        with transaction.atomic(), acting_as(Actor(user_id=by.pk)), transaction.atomic():
            Membership.objects.create(**row)
            raise Taken
    except Taken:
        return True
    except DatabaseError:
        return False


class Taken(Exception):
    """It was written, and is taken back."""


def test_the_database_refuses_what_no_page_offers() -> None:
    """By SQL as waymark_web: nobody lends what is not theirs to lend, and what is lent is exactly what there is."""
    world, deputy, manager = scene(), colleague(), make.person(Role.DATA_MANAGER)
    head, co_tutor = head_of(world), make.person(Role.TUTOR, group=world.group)
    held, leads = world.tutor.memberships.get(), head.memberships.get()
    there = make.SchoolFactory.create(name="Another")
    stranger = make.person(Role.TUTOR, school=there)
    volunteer, chair = make.person(Role.CONTRIBUTOR), make.person(Role.CHAIR)
    assert lend(world.tutor, held, deputy)
    assert lend(head, held, deputy)
    assert lend(head, held, head)
    assert lend(manager, leads, deputy)
    refused = {
        "a colleague's": lend(co_tutor, held, deputy),
        "a head's": lend(world.tutor, leads, deputy),
        "the deputy's own idea": lend(deputy, held, deputy),
        "another role": lend(world.tutor, held, deputy, role=Role.HEADTEACHER),
        "without its house": lend(head, leads, deputy, house_id=None, role=Role.SENCO),
        "another year": lend(head, leads, deputy, year_group=10),
        "without end": lend(world.tutor, held, deputy, ends_on=None),
        "for years": lend(world.tutor, held, deputy, ends_on=localdate() + 500 * DAY),
        "to themselves": lend(world.tutor, held, world.tutor),
        "to somebody of another school": lend(world.tutor, held, stranger),
        "of another school": lend(manager, stranger.memberships.get(), deputy),
        "in another school": lend(manager, held, deputy, school_id=there.pk),
        "to a volunteer": lend(world.tutor, held, volunteer),
        "to the chair of governors": lend(world.tutor, held, chair),
        "to the data manager, by themselves": lend(manager, held, manager),
        "without a role lent": lend(world.tutor, held, deputy, stands_in_for=None),
    }
    assert [name for name, written in refused.items() if written] == []


def test_the_database_refuses_a_second_deputy_a_deputy_of_a_deputy_and_another_dates() -> None:
    world, deputy, other = scene(), colleague(), colleague(last_name="Other")
    arrange(world.tutor, world.tutor, deputy)
    held, lent = world.tutor.memberships.get(), Membership.objects.get(user=deputy, stands_in_for__isnull=False)
    assert not lend(world.tutor, held, other)
    assert not lend(deputy, lent, other)
    assert lend(world.tutor, held, other, starts_on=localdate() + 8 * DAY, ends_on=localdate() + 9 * DAY)
    for who, may in ((deputy, 0), (other, 0), (world.tutor, 1)):
        with acting_as(Actor(user_id=who.pk)), transaction.atomic():
            assert Membership.objects.filter(pk=lent.pk).update(ends_on=localdate() + 2 * DAY) == may
    Membership.objects.filter(pk=lent.pk).update(starts_on=localdate() - DAY)
    with acting_as(Actor(user_id=world.tutor.pk)), transaction.atomic():
        assert Membership.objects.filter(pk=lent.pk).delete()[0] == 0, "what has begun is ended, not taken away"


def ends(role: Membership, days: int, *, by: User) -> None:
    """The staff's records say that this role ends so many days from today."""
    with acting_as(Actor(user_id=by.pk)), transaction.atomic():
        assert Membership.objects.filter(pk=role.pk).update(ends_on=localdate() + days * DAY) == 1


def test_when_a_role_ends_its_deputy_has_it_no_longer() -> None:
    """Duty 5: whoever leads a house for a head who has left leads it no longer; what has not begun is taken away."""
    world, deputy, manager = scene(), colleague(), make.person(Role.DATA_MANAGER)
    head = head_of(world)
    role = head.memberships.get()
    Membership.objects.filter(pk=role.pk).update(starts_on=localdate() - 30 * DAY)
    for first, last in ((0, 7), (9, 12)):
        assert arrange(head, head, deputy, first, last).status_code == 302
    begun = Membership.objects.get(stands_in_for=role, starts_on=localdate())
    Membership.objects.filter(pk=begun.pk).update(starts_on=localdate() - 3 * DAY)
    ends(role, 8, by=manager)
    assert list(Membership.objects.filter(stands_in_for=role)) == [begun], "the second had not begun by then"
    begun.refresh_from_db()
    assert begun.ends_on == localdate() + 7 * DAY, "what ends before stays as it was arranged"
    assert set(students_visible_to(User.objects.get(pk=deputy.pk))) == {world.student, world.classmate}
    ends(role, -1, by=manager)
    begun.refresh_from_db()
    assert begun.ends_on == localdate() - DAY
    assert not set(students_visible_to(User.objects.get(pk=deputy.pk)))
    with acting_as(Actor(user_id=deputy.pk)), transaction.atomic():
        assert set(students_visible_to(User.objects.get(pk=deputy.pk))) == set()
    ends(role, 30, by=manager)
    begun.refresh_from_db()
    assert begun.ends_on == localdate() - DAY, "a later end brings no cover back"


def test_a_role_ends_also_where_whoever_keeps_the_staff_is_the_deputy() -> None:
    """Named by the head, the data manager may not prolong the cover; that the role ends is still theirs to say."""
    world, manager = scene(), make.person(Role.DATA_MANAGER)
    head = head_of(world)
    assert arrange(head, head, manager).status_code == 302
    lent = Membership.objects.get(user=manager, stands_in_for__isnull=False)
    with pytest.raises(DatabaseError), acting_as(Actor(user_id=manager.pk)), transaction.atomic():
        Membership.objects.filter(pk=lent.pk).update(ends_on=localdate() + 9 * DAY)
    ends(head.memberships.get(), 2, by=manager)
    lent.refresh_from_db()
    assert lent.ends_on == localdate() + 2 * DAY
