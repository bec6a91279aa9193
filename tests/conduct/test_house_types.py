"""Rewards and sanctions of a house, kept and shared by whoever leads it (duty 42)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import House, User
from audit.models import Event
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.conduct.models import ConductEntry, ConductType

pytestmark = pytest.mark.django_db
LIST, CREATE = reverse("conduct:house-type-list"), reverse("conduct:house-type-create")
ENTER = reverse("conduct:entry-create")


@pytest.fixture
def world() -> Scene:
    return scene()


@pytest.fixture
def curie(world: Scene) -> House:
    return make.HouseFactory.create(school=world.group.school, name="Curie")


@pytest.fixture
def head(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=world.group.house)


def edit(kind: ConductType) -> str:
    return reverse("conduct:house-type-edit", args=[kind.pk])


def copy(kind: ConductType) -> str:
    return reverse("conduct:house-type-copy", args=[kind.pk])


def kind_of(house: House, name: str, **fields: Any) -> ConductType:
    return make.ConductTypeFactory.create(school=house.school, house=house, name=name, **fields)


def typed(client: Client, url: str, **said: str) -> dict[str, Any]:
    """The form as it opened, with something else typed."""
    form = client.get(url).context["form"]
    opened = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in opened.items() if value not in (None, False)} | said


def test_a_house_makes_its_own_once_and_its_students_are_given_it(world: Scene, head: User, curie: House) -> None:
    """Duty 42: whoever leads a house makes one; sent twice there is one; the tutors of the house may give it."""
    client = client_of(head)
    form = typed(client, CREATE, name="House cup", kind="positive", points="4")
    answers = [client.post(CREATE, form, follow=True).content.decode() for _ in range(2)]
    kind = ConductType.objects.get(name="House cup")
    assert (kind.house, kind.school, kind.points, kind.shared) == (world.group.house, world.group.school, 4, False)
    assert "Saved: House cup." in answers[0]
    assert "This form was saved before: House cup." in answers[1]
    said = client.post(CREATE, form | {"points": "5"}).content.decode()
    assert "There is one of that name already." in said
    assert list(Event.objects.filter(action="conduct_type.house_saved").values_list("detail", flat=True)) == [
        {"house": str(world.group.house_id)}
    ]
    assert "House cup (+4)" in client_of(world.tutor).get(ENTER).content.decode()
    elsewhere = make.TutorGroupFactory.create(name="10CUR", house=curie)
    make.student_in(elsewhere)
    assert "House cup" not in client_of(make.person(Role.TUTOR, group=elsewhere)).get(ENTER).content.decode()


def test_one_is_renamed_shared_and_ended_and_what_was_given_stays(world: Scene, head: User) -> None:
    """Duty 42: ended it is offered to nobody, and its entries stay; a reward stays one."""
    kind = kind_of(world.group.house, "House cup")
    make.ConductEntryFactory.create(student=world.student, author=world.tutor, type=kind)
    client = client_of(head)
    client.post(edit(kind), typed(client, edit(kind), name="House star", shared="on", kind="negative"))
    kind.refresh_from_db()
    assert (kind.name, kind.shared, kind.kind, kind.is_active) == ("House star", True, "positive", True)
    form = typed(client, edit(kind))
    form.pop("is_active")
    client.post(edit(kind), form)
    kind.refresh_from_db()
    assert not kind.is_active
    assert kind.entries.count() == 1
    assert "House star" not in client_of(world.tutor).get(ENTER).content.decode()
    assert "Ended" in client.get(LIST).content.decode()


def test_what_another_house_shares_is_made_ones_own_once(world: Scene, head: User, curie: House) -> None:
    """Duty 42: "Use it in my house" copies it, with where it came from; theirs stays theirs, ours is offered alone."""
    star = kind_of(curie, "Curie star", points=3, shared=True, meaning="For a week well done.", follow_up_days=5)
    kind_of(curie, "Curie only")
    client = client_of(head)
    page = client.get(LIST).content.decode()
    assert f'href="{copy(star)}"' in page
    assert "Curie only" not in page
    form = typed(client, copy(star), points="2", kind="negative")
    assert [client.post(copy(star), form).status_code for _ in range(2)] == [302, 302]
    ours = ConductType.objects.get(copied_from=star)
    assert (ours.name, ours.house, ours.points, ours.kind) == ("Curie star", world.group.house, 2, "positive")
    assert (ours.meaning, ours.follow_up_days, ours.shared) == ("For a week well done.", 5, False)
    assert Event.objects.filter(action="conduct_type.copied", object_id=str(ours.pk)).count() == 1
    page = client.get(LIST).content.decode()
    assert f'href="{copy(star)}"' not in page
    assert "Made from Curie’s Curie star" in page
    offered = client_of(world.tutor).get(ENTER).content.decode()
    assert f"Curie star (+2), {world.group.house}" in offered
    assert "Curie star (+3)" not in offered
    theirs = client_of(make.person(Role.HEAD_OF_HOUSE, house=curie)).get(LIST).content.decode()
    assert f"Also used by {world.group.house}" in theirs
    star.refresh_from_db()
    assert (star.points, star.house) == (3, curie)


def test_a_name_that_is_taken_is_changed_before_it_is_copied(world: Scene, head: User, curie: House) -> None:
    star = kind_of(curie, "Star", shared=True, points=3)
    kind_of(world.group.house, "Star", points=1)
    client = client_of(head)
    form = typed(client, copy(star))
    assert "There is one of that name already." in client.post(copy(star), form).content.decode()
    assert client.post(copy(star), form | {"name": "Great star"}).status_code == 302
    assert ConductType.objects.get(copied_from=star).name == "Great star"


def test_nobody_changes_what_is_anothers_or_the_schools(world: Scene, head: User, curie: House) -> None:
    """Duty 42: visible but not theirs is 403; what a house keeps for itself, or another school, does not exist."""
    client, school = client_of(head), world.group.school
    shared, hidden = kind_of(curie, "Shared", shared=True), kind_of(curie, "Hidden")
    schools = ConductType.objects.filter(school=school, house=None)[0]
    abroad = make.HouseFactory.create(school=make.SchoolFactory.create(name="Elsewhere"), name="Abroad")
    foreign = kind_of(abroad, "Foreign", shared=True)
    for kind, answer in ((shared, 403), (schools, 403), (hidden, 404), (foreign, 404)):
        assert client.get(edit(kind)).status_code == client.post(edit(kind), {"name": "Mine"}).status_code == answer
    for kind in (hidden, foreign, schools):
        assert client.get(copy(kind)).status_code == client.post(copy(kind), {"name": "Mine"}).status_code == 404
    made = client.post(CREATE, typed(client, CREATE, name="Planted", kind="positive") | {"house": str(curie.pk)})
    assert made.status_code == 302
    assert ConductType.objects.get(name="Planted").house == world.group.house
    assert "Foreign" not in client.get(LIST).content.decode()
    assert client_of(world.tutor).get(LIST).status_code == 403


def test_deputies_and_cover_keep_them_for_their_days(world: Scene, head: User) -> None:
    """Duty 42: whoever stands in for the one who leads has the same; who leads a year of a house does not."""
    deputy = client_of(make.person(Role.DEPUTY_HEAD_OF_HOUSE, house=world.group.house))
    cover = client_of(make.cover_of(head).user)
    for number, client in enumerate((deputy, cover)):
        form = typed(client, CREATE, name=f"Cup {number}", kind="positive")
        assert client.post(CREATE, form).status_code == 302
    assert ConductType.objects.filter(house=world.group.house).count() == 2
    partly = client_of(make.person(Role.HEAD_OF_HOUSE, house=world.group.house, year_group=9))
    assert "You lead no whole house" in partly.get(LIST).content.decode()
    assert partly.get(CREATE).status_code == 403


def test_of_two_houses_one_chooses_whose_it_is(world: Scene, head: User, curie: House) -> None:
    make.MembershipFactory.create(user=head, role=Role.HEAD_OF_HOUSE, house=curie)
    client = client_of(head)
    form = typed(client, CREATE, name="Cup", kind="positive")
    assert "This field is required." in client.post(CREATE, form).content.decode()
    assert client.post(CREATE, form | {"house": str(curie.pk)}).status_code == 302
    assert ConductType.objects.get(name="Cup").house == curie


def test_two_who_change_one_at_once_are_told(world: Scene, head: User) -> None:
    kind = kind_of(world.group.house, "Cup", meaning="Ours.")
    client = client_of(head)
    first = typed(client, edit(kind), meaning="First.")
    second = typed(client, edit(kind), meaning="Second.")
    assert client.post(edit(kind), first).status_code == 302
    told = client.post(edit(kind), second)
    assert told.status_code == 409
    assert "First." in told.content.decode()
    kind.refresh_from_db()
    assert kind.meaning == "First."


def test_markup_and_what_is_no_text_are_words_or_refused(world: Scene, head: User) -> None:
    client = client_of(head)
    form = typed(client, CREATE, name="<b onclick=x>Cup</b>", kind="positive", meaning="<script>alert(1)</script>")
    client.post(CREATE, form | {"shared": "on"})
    for page in (client.get(LIST), client_of(world.tutor).get(ENTER)):
        assert "<b onclick" not in page.content.decode()
        assert "<script>alert" not in page.content.decode()
        assert "&lt;b onclick=x&gt;Cup&lt;/b&gt;" in page.content.decode()
    for wrong in ({"name": "a\0b"}, {"name": "x" * 61}, {"points": "-1"}, {"points": "9" * 30}, {"kind": "gold"}):
        assert client.post(CREATE, form | {"name": "Other"} | wrong).status_code == 200
    assert not ConductType.objects.filter(name="Other").exists()


def test_of_two_houses_ticked_only_what_both_may_be_given_is_offered(world: Scene, head: User, curie: House) -> None:
    """Duty 42: what is of one house alone is refused for a student of another, by name, and nothing is entered."""
    stranger = make.student_in(make.TutorGroupFactory.create(name="10CUR", house=curie), legal_surname="Elsewhere")
    world.student.house = world.group.house
    world.student.save()
    stranger.house = curie
    stranger.save()
    ours, theirs = kind_of(world.group.house, "Ours alone"), kind_of(curie, "Theirs alone")
    kind_of(curie, "For all", shared=True)
    client = client_of(make.person(Role.HEADTEACHER))
    both = [str(world.student.pk), str(stranger.pk)]

    def offered(chosen: list[str]) -> list[bool]:
        page = client.post(ENTER, {"show": "1", "students": chosen}).content.decode()
        return [f"{name} (+" in page for name in ("Praise point", "For all", "Ours alone", "Theirs alone")]

    assert offered(both) == [True, True, False, False]
    assert offered(both[:1]) == [True, True, True, False]
    assert offered(both[1:]) == [True, True, False, True]
    page = client.get(ENTER, {"student": both}).context["form"]
    form = {"submission": str(page["submission"].value()), "day": page["day"].value().isoformat(), "students": both}
    third = kind_of(make.HouseFactory.create(name="Third"), "From the third", shared=True)
    for house in (world.group.house, curie):
        kind_of(house, f"{house}’s of it", copied_from=third)
    for chosen, found in ((both, True), (both[:1], False)):
        shown = client.post(ENTER, {"show": "1", "students": chosen}).content.decode()
        assert ("From the third (+" in shown) == found, "both made it their own: together it is given as it is shared"
    for kind, whom in ((ours, stranger), (theirs, world.student)):
        said = client.post(ENTER, form | {"kind": str(kind.pk)}).content.decode()
        assert f"not for {whom.name}" in said
    assert not ConductEntry.objects.exists()


def test_the_page_costs_the_same_however_many_there_are(world: Scene, head: User, curie: House) -> None:
    client, counts = client_of(head), []
    for number in range(2):
        for each in range(1 + 4 * number):
            kind_of(
                world.group.house, f"Own {number} {each}", copied_from=kind_of(curie, f"S {number} {each}", shared=True)
            )
            kind_of(curie, f"T {number} {each}", shared=True)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
