"""The directory: agencies with named people, who is eligible, found in plain words (duties 64, 65, 68)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from tests import factories as make
from tests.sessions.pages import client_of, scene
from tutoring.referrals.models import Agency, AgencyContact
from tutoring.referrals.usual import USUAL

pytestmark = pytest.mark.django_db
FIND = 8


def test_a_school_begins_with_the_usual_list_and_keeps_its_own() -> None:
    world = scene()
    there = make.SchoolFactory.create(name="Another School")
    client = client_of(make.person(Role.DATA_MANAGER))
    listed, usual = reverse("referrals:agency-list"), reverse("referrals:agency-keep-usual")
    assert "Begin with the usual list" in client.get(listed).content.decode()
    for _ in range(2):
        assert client.post(usual).status_code == 302
    assert Agency.objects.filter(school=world.student.school).count() == len(USUAL)
    assert not Agency.objects.filter(school=there).exists()
    assert not AgencyContact.objects.exists()
    mind = Agency.objects.get(name="Mind")
    edit = reverse("referrals:agency-edit", args=[mind.pk])
    fields = {"name": "Mind, our branch", "place": "outside", "helps_with": "Low mood.", "eligible": "From 11."}
    assert client.post(edit, fields).status_code == 302
    mind.refresh_from_db()
    assert (mind.name, mind.eligible, mind.is_active) == ("Mind, our branch", "From 11.", False)
    twice = client.post(reverse("referrals:agency-create"), fields | {"name": "early HELP"})
    assert "This stands in the directory already." in twice.content.decode()


def test_people_are_named_and_one_who_has_gone_is_no_longer_offered() -> None:
    scene()
    agency, client = make.AgencyFactory.create(), client_of(make.person(Role.HEADTEACHER))
    add = reverse("referrals:contact-create", args=[agency.pk])
    person = {"name": "Ines Example", "role": "duty worker", "phone": "01632 960123", "is_active": "on"}
    assert client.post(add, person | {"email": "no address"}).status_code == 200
    assert client.post(add, person).status_code == 302
    contact, directory = AgencyContact.objects.get(), reverse("referrals:directory")
    assert "01632 960123" in client.get(directory).content.decode()
    edit = reverse("referrals:contact-edit", args=[contact.pk])
    assert client.post(edit, {"name": "Ines Example"}).status_code == 302
    client.get(edit)  # the page after saving still names them in its message
    assert "Ines Example" not in client.get(directory).content.decode()
    assert "Gone" in client.get(reverse("referrals:agency-edit", args=[agency.pk])).content.decode()


def test_whoever_may_refer_finds_an_agency_in_plain_words() -> None:
    """Duty 64: who helps with what, who is eligible, whom to ring; one price for any number."""
    world = scene()
    school, url = world.student.school, reverse("referrals:directory")
    housing = make.AgencyFactory.create(school=school, name="Council", helps_with="Homelessness", eligible="From 16")
    make.AgencyFactory.create(school=school, name="Old one", helps_with="Homelessness", is_active=False)
    make.AgencyFactory.create(school=make.SchoolFactory.create(name="Elsewhere"), helps_with="Homelessness")
    make.AgencyFactory.create(school=school, name="Counsellor", place="inside", helps_with="Grief")
    make.AgencyContactFactory.create(agency=housing, name="Ola Example")
    client = client_of(world.tutor)

    def found(query: str) -> list[str]:
        return [agency.name for agency in client.get(f"{url}?{query}").context["agencies"]]

    assert found("") == ["Counsellor", "Council"]
    assert found("q=homeless+16") == found("q=ola") == ["Council"]
    assert found("q=homeless+grief") == []
    assert found("place=inside") == ["Counsellor"]
    for number in (1, 8):
        for place in range(number):
            make.AgencyContactFactory.create(agency__school=school, agency__name=f"Agency {number} {place}")
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        assert len(queries) == FIND


def test_only_whoever_changes_the_school_keeps_it() -> None:
    world = scene()
    agency = make.AgencyFactory.create(school=world.student.school)
    for user in (world.tutor, make.person(Role.SENCO)):
        client = client_of(user)
        assert client.get(reverse("referrals:agency-list")).status_code == 403
        assert client.post(reverse("referrals:agency-edit", args=[agency.pk]), {"name": "Mine"}).status_code == 403
