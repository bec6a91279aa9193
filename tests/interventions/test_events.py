"""A cross-college event or a workshop: who was to come, who came, and what came of it (duties 71 and 106)."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from tests import factories as make
from tests.interventions.test_interventions import ending, hidden_fields, logged, member_of, page
from tests.sessions.pages import client_of, scene
from tutoring.interventions.models import Dose, Intervention

pytestmark = pytest.mark.django_db


def test_a_workshop_of_two_groups_has_who_came_and_an_outcome_and_stands_on_the_list() -> None:
    """Duty 71: one day, students of several groups, ticked once; closed with an outcome for each; on the list after."""
    world = scene()
    other = make.student_in(make.TutorGroupFactory.create(name="9B", house=world.group.house), legal_surname="Else")
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    client, create = client_of(head), reverse("interventions:create")
    chosen = [str(student.pk) for student in (world.student, world.classmate, other)]
    day = timezone.localdate().isoformat()
    said = {
        "name": "Sleep workshop with the nurse", "about": "An hour in the hall.", "weekly": "1", "minutes": "60",
        "weeks": "1", "lead": str(head.pk), "starts_on": day,
        "ends_on": (timezone.localdate() + dt.timedelta(days=7)).isoformat(), "students": chosen,
    }  # fmt: skip
    client.post(create, hidden_fields(client.get(create, {"student": chosen})) | said)
    event = Intervention.objects.get()
    logged(client, event, member_of(event, world.classmate), minutes="60", note="Two asked for more.")
    came = Dose.objects.filter(came=True).values_list("student", flat=True)
    assert set(came) == {world.student.pk, other.pk}
    assert ending(client, event).status_code == 302
    event.refresh_from_db()
    assert event.closed_on == timezone.localdate()
    assert "Sleep workshop with the nurse" in client.get(reverse("interventions:list")).content.decode()
    shown = client.get(page("detail", event.pk)).content.decode()
    assert "Two asked for more." in shown
