"""What stands first, and what two people change at once (duty 26): nothing is lost silently."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as make
from tests.interventions.test_interventions import hidden_fields, member_of, page, running
from tests.sessions.pages import client_of, scene
from tutoring.interventions.enums import Decision
from tutoring.interventions.models import Dose, Intervention, Member, Sitting
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


def test_a_number_at_exit_saved_meanwhile_is_not_written_over_by_the_evaluation() -> None:
    world = scene()
    made, client = running(world, measure="Reading age, years"), client_of(world.tutor)
    member = member_of(made, world.student)
    form = hidden_fields(client.get(page("evaluate", made.pk))) | {
        f"outcome-{member.pk}": "1", f"exit-{member.pk}": "11.5",
        f"outcome-{member_of(made, world.classmate).pk}": "0", "worked": "Reading aloud.", "decision": Decision.STOP,
    }  # fmt: skip
    Member.objects.filter(pk=member.pk).update(exit="12.25")
    refused = typed_again(client, page("evaluate", made.pk), form)
    assert "nothing and 12.25" in refused.content.decode()
    assert 'value="11.5"' in refused.content.decode()
    member.refresh_from_db()
    assert str(member.exit) == "11.50"


def test_a_meeting_is_not_moved_to_a_day_on_which_somebody_counted_was_not_in_it() -> None:
    world = scene()
    made, client = running(world), client_of(world.tutor)
    member = member_of(made, world.student)
    Member.objects.update(starts_on=timezone.localdate() - DAY)
    meeting = make.SittingFactory.create(intervention=made, by=world.tutor, held_on=timezone.localdate())
    make.DoseFactory.create(meeting=meeting, member=member, came=True)
    edit = page("meeting-edit", meeting.pk)
    form = hidden_fields(client.get(edit)) | {"minutes": "25", f"came-{member.pk}": "on"}
    early = (timezone.localdate() - 2 * DAY).isoformat()
    refused = client.post(edit, form | {"held_on": early})
    assert refused.context["form"].errors.keys() == {"held_on"}
    assert world.student.name in refused.content.decode()
    assert Sitting.objects.get().held_on == timezone.localdate()
    assert client.post(edit, form | {"held_on": (timezone.localdate() - DAY).isoformat()}).status_code == 302
