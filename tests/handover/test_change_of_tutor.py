"""Another tutor for a group from a day on: said before it is done, sight ends and begins by its dates (duty 6)."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.groups.models import TutorAssignment
from tutoring.groups.selectors import students_visible_to
from tutoring.handover.models import Handover

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def tutor_elsewhere(**fields: Any) -> User:
    return make.person(Role.TUTOR, first_name="Noor", last_name="Next", **fields)


def head_of(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=world.group.house)


def url_of(world: Scene) -> str:
    return reverse("handover:group-tutor", args=[world.group.pk])


def typed(world: Scene, new: User, first: dt.date) -> dict[str, str]:
    old = TutorAssignment.objects.get(membership__user=world.tutor)
    to = Membership.objects.get(user=new)
    return {"old": str(old.pk), "to": str(to.pk), "first_day": first.isoformat()}


def test_the_preview_says_who_loses_and_gains_sight_and_changes_nothing() -> None:
    world = scene()
    new, first = tutor_elsewhere(), localdate() + 7 * DAY
    make.HandoverFactory.create(student=world.student, from_tutor=world.tutor)
    for when, state in ((first - DAY, "booked"), (first, "booked"), (first + DAY, "cancelled")):
        make.AppointmentFactory.create(student=world.student, staff=world.tutor, day=when, state=state, reason="Why")
    before = list(TutorAssignment.objects.order_by("pk").values())
    page = client_of(head_of(world)).post(url_of(world), typed(world, new, first) | {"then": "preview"})
    words = page.content.decode()
    assert f"{world.tutor}</b> sees 2 students of {world.group}" in words
    assert f"{new}</b> sees 2 students" in words
    assert page.context["preview"].unwritten == [world.classmate]
    assert f"<b>1</b> booked time with {world.tutor.first_name} after that day is cancelled that night" in words
    assert list(TutorAssignment.objects.order_by("pk").values()) == before


def test_sight_ends_the_day_before_and_begins_on_the_day() -> None:
    world = scene()
    new, first = tutor_elsewhere(), localdate() + 7 * DAY
    answer = client_of(head_of(world)).post(url_of(world), typed(world, new, first) | {"then": "change"})
    assert answer.status_code == 302
    old = TutorAssignment.objects.get(membership__user=world.tutor)
    begun = TutorAssignment.objects.get(membership__user=new)
    assert (old.ends_on, begun.starts_on, begun.ends_on) == (first - DAY, first, None)
    assert set(students_visible_to(world.tutor)) == {world.student, world.classmate}
    assert not set(students_visible_to(new))
    event = Event.objects.get(action="tutor.changed")
    assert (event.object_id, event.detail["first_day"]) == (str(world.group.pk), first.isoformat())


def test_from_today_on_the_new_tutor_reads_earlier_years_and_the_old_one_nothing() -> None:
    """Duty 6: history survives; the old tutor gets 404 (delight 14)."""
    world = scene()
    new = tutor_elsewhere()
    two_years_ago = localdate() - dt.timedelta(days=700)
    make.TutorSessionFactory.create(
        student=world.student, author=world.tutor, happened="Two years ago we began.", held_on=two_years_ago
    )
    client_of(head_of(world)).post(url_of(world), typed(world, new, localdate()) | {"then": "change"})
    story = reverse("desk:student-story", args=[world.student.pk])
    assert client_of(world.tutor).get(story).status_code == 404
    assert client_of(new).get(story).status_code == 200


def test_what_stays_with_the_old_tutor_is_said() -> None:
    world = scene()
    make.MembershipFactory.create(user=world.tutor, role=Role.HEAD_OF_HOUSE, house=world.group.house)
    away = tutor_elsewhere()
    lent = {"stands_in_for": away.memberships.get(), "ends_on": localdate() + 9 * DAY}
    make.MembershipFactory.create(user=world.tutor, role=Role.TUTOR, **lent)
    page = client_of(head_of(world)).post(
        url_of(world), typed(world, tutor_elsewhere(), localdate()) | {"then": "preview"}
    )
    assert f"Head of house, {world.group.house}" in page.content.decode()
    assert f"Tutor, standing in for {away}" in page.content.decode()


def test_a_sixteenth_group_is_warned_of_and_not_refused() -> None:
    """Duty 3: a tutor holds several groups, no more than 15."""
    world, new = scene(), tutor_elsewhere()
    held = new.memberships.get()
    for number in range(14):
        make.TutorAssignmentFactory.create(membership=held, group=make.TutorGroupFactory.create(name=f"N{number}"))
    boss = client_of(make.person(Role.DATA_MANAGER))
    form = typed(world, new, localdate() + DAY)
    assert "</b> That is more than" not in boss.post(url_of(world), form | {"then": "preview"}).content.decode()
    make.TutorAssignmentFactory.create(membership=held, group=make.TutorGroupFactory.create(name="N15"))
    assert "Noor then has 16 groups." in boss.post(url_of(world), form | {"then": "preview"}).content.decode()
    assert boss.post(url_of(world), form | {"then": "change"}).status_code == 302


def test_whoever_does_not_lead_the_whole_group_changes_nothing() -> None:
    """By the page and by raw SQL as the web role; the data manager of the school may."""
    world = scene()
    new = tutor_elsewhere()
    elsewhere = make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Curie"))
    make.student_in(world.group, house=elsewhere.memberships.get().house, legal_forename="Other")
    head, manager = head_of(world), make.person(Role.DATA_MANAGER)
    form = typed(world, new, localdate() + DAY) | {"then": "change"}
    for who in (head, elsewhere):
        assert client_of(who).post(url_of(world), form).status_code == 404
        assert refused(who, new, world)
    assert client_of(world.tutor).post(url_of(world), form).status_code == 403
    assert refused(world.tutor, world.tutor, world)
    assert client_of(manager).post(url_of(world), form).status_code == 302


def refused(who: User, to: User, world: Scene) -> bool:
    """Whether PostgreSQL keeps this person from tying the other to the group, or ending who is tied."""
    membership = Membership.objects.get(user=to)
    try:
        with acting_as(Actor(user_id=who.pk)), transaction.atomic():
            TutorAssignment.objects.create(membership=membership, group=world.group, starts_on=localdate() + 99 * DAY)
    except DatabaseError:
        with acting_as(Actor(user_id=who.pk)):
            return not TutorAssignment.objects.filter(group=world.group).update(ends_on=localdate())
    return False


def test_a_head_ties_tutors_only() -> None:
    """No other role is given a group's students here."""
    world = scene()
    teacher = make.person(Role.SUBJECT_TEACHER)
    head, membership = head_of(world), Membership.objects.get(user=teacher)
    tutor = Membership.objects.get(user=tutor_elsewhere())
    with acting_as(Actor(user_id=head.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            TutorAssignment.objects.create(membership=membership, group=world.group)
        TutorAssignment.objects.create(membership=tutor, group=world.group)


def test_a_tutor_is_not_put_twice_and_the_past_stays() -> None:
    world = scene()
    client, new = client_of(head_of(world)), tutor_elsewhere()
    assert client.post(url_of(world), typed(world, new, localdate() - DAY) | {"then": "change"}).status_code == 200
    form = typed(world, new, localdate() + DAY) | {"then": "change"}
    assert client.post(url_of(world), form).status_code == 302
    assert client.post(url_of(world), form).status_code == 409
    assert TutorAssignment.objects.filter(membership__user=new).count() == 1


def test_the_data_manager_reads_no_handover() -> None:
    world = scene()
    make.HandoverFactory.create(student=world.student, from_tutor=world.tutor)
    manager = make.person(Role.DATA_MANAGER)
    page = client_of(manager).post(url_of(world), typed(world, tutor_elsewhere(), localdate()) | {"then": "preview"})
    assert page.context["preview"].unwritten is None
    with acting_as(Actor(user_id=manager.pk)):
        assert not Handover.objects.exists()


def test_the_list_of_groups_costs_the_same_for_many() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    world = scene()
    client, sizes = client_of(make.person(Role.DATA_MANAGER)), []
    for number in (1, 5):
        for _ in range(number):
            make.person(Role.TUTOR, group=make.TutorGroupFactory.create(house=world.group.house))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("handover:group-list")).status_code == 200
        sizes.append(len(found))
    assert sizes[0] == sizes[1]
