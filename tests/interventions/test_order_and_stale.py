"""What stands first, and what two people change at once (duty 26): nothing is lost silently."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as make
from tests.interventions.test_interventions import hidden_fields, member_of, page, running
from tests.sessions.pages import client_of, scene
from tutoring.interventions.models import Dose, Intervention, Sitting
from tutoring.interventions.views import MEETINGS

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_students_stand_by_name_and_of_many_meetings_the_latest_are_shown() -> None:
    world = scene()
    made = running(world)
    for surname in ("Zebedee", "Aaron"):
        make.MemberFactory.create(intervention=made, student=make.student_in(world.group, legal_surname=surname))
    for back in range(MEETINGS + 2, 0, -1):
        make.SittingFactory.create(intervention=made, held_on=timezone.localdate() - back * DAY)
    make.SittingFactory.create(intervention=made, held_on=timezone.localdate() - (MEETINGS + 9) * DAY)
    shown = client_of(world.tutor).get(page("detail", made.pk)).context
    names = [(m.student.preferred_surname, m.student.preferred_forename) for m in shown["members"]]
    assert len(names) == 4
    assert names == sorted(names)
    assert [m.held_on for m in shown["meetings"]] == [
        timezone.localdate() - back * DAY for back in range(1, MEETINGS + 1)
    ]


def typed_again(client: Client, address: str, form: dict[str, Any], **said: str) -> Any:
    """Refused once with both texts shown; sent once more it is saved."""
    refused = client.post(address, form | said)
    assert refused.status_code == 409
    assert client.post(address, form | hidden_fields(refused) | said).status_code == 302
    return refused


def test_two_who_change_an_intervention_at_once_both_read_what_the_other_wrote() -> None:
    world = scene()
    made, client = running(world), client_of(world.tutor)
    opened = client.get(page("update", made.pk))
    said = {name: str(value) for name, value in opened.context["form"].initial.items() if value}
    form = said | hidden_fields(opened)
    Intervention.objects.update(about="Theirs, meanwhile.")
    refused = typed_again(client, page("update", made.pk), form, about="Mine.")
    assert "Theirs, meanwhile." in refused.content.decode()
    assert "Mine." in refused.content.decode()
    assert Intervention.objects.get().about == "Mine."


def test_a_meeting_corrected_in_two_windows_is_not_written_over_unseen() -> None:
    world = scene()
    made, client = running(world), client_of(world.tutor)
    meeting = make.SittingFactory.create(intervention=made, by=world.tutor, minutes=20)
    make.DoseFactory.create(meeting=meeting, member=member_of(made, world.student), came=True)
    edit = page("meeting-edit", meeting.pk)
    ticked = {f"came-{member_of(made, world.student).pk}": "on"}
    form = hidden_fields(client.get(edit)) | {"held_on": meeting.held_on.isoformat(), "minutes": "25"} | ticked
    Sitting.objects.update(minutes=30)
    typed_again(client, edit, form)
    assert Sitting.objects.get().minutes == 25
    assert Dose.objects.get(came=True).minutes == 25
