"""What PostgreSQL holds of what a concern waits for, past every view."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from safeguarding.case.models import Due
from safeguarding.models import LeadAlert
from safeguarding.sharing.models import Confirmation
from tests import factories as make
from tests.safeguarding.case.pages import as_reader

pytestmark = pytest.mark.django_db


def due_in_hand(**values: Any) -> tuple[Due, User]:
    """Something due that a second lead has in hand, and the first."""
    concern = make.ConcernFactory.create()
    lead, deputy = (make.person(role, school=concern.school) for role in (Role.DSL, Role.DEPUTY_DSL))
    return make.DueFactory.create(concern=concern, owner=deputy, **values), lead


def refused(lead: User, due: Due, **change: Any) -> None:
    with as_reader(lead), pytest.raises(DatabaseError, match="settled"), transaction.atomic():
        Due.objects.filter(pk=due.pk).update(**change)


def test_what_came_to_its_end_stays() -> None:
    due, lead = due_in_hand(done_on=timezone.localdate(), ended="done")
    refused(lead, due, ended="dropped")
    refused(lead, due, done_on=None, ended="")


def test_it_stays_of_its_concern() -> None:
    due, lead = due_in_hand()
    refused(lead, due, concern=make.ConcernFactory.create(school=due.concern.school))
    refused(lead, due, what="police")
    refused(lead, due, made_by=lead)


def test_whoever_is_kept_from_it_has_it_in_hand_no_more() -> None:
    due, lead = due_in_hand()
    ended = make.DueFactory.create(concern=due.concern, owner=due.owner, done_on=timezone.localdate(), ended="done")
    other = make.DueFactory.create(owner=due.owner, concern__school=due.concern.school)
    make.KeptFromFactory.create(person=due.owner, concern=due.concern, student=None, set_by=lead)
    owners = {row.pk: row.owner_id for row in Due.objects.all()}
    assert owners == {due.pk: None, ended.pk: due.owner_id, other.pk: due.owner_id}


def test_once_a_second_person_agreed_it_leaves_the_hands_of_the_lead() -> None:
    due, lead = due_in_hand()
    kept = make.KeptFromFactory.create(person=due.owner, concern=due.concern, student=None, set_by=lead)
    asked = Confirmation.objects.filter(kept=kept).first() or make.ConfirmationFactory.create(kept=kept)
    Due.objects.update(owner=kept.person)
    head = make.person(Role.HEADTEACHER, school=due.concern.school)
    Confirmation.objects.filter(pk=asked.pk).update(agreed=True, decided_by=head, decided_at=timezone.now())
    assert Due.objects.get().owner_id is None


def test_a_child_linked_later_takes_it_out_of_their_hands() -> None:
    due, lead = due_in_hand()
    child = make.StudentFactory.create(school=due.concern.school)
    make.KeptFromFactory.create(person=due.owner, student=child, concern=None, set_by=lead)
    assert Due.objects.get().owner_id == due.owner_id
    make.ConcernChildFactory.create(concern=due.concern, student=child)
    assert Due.objects.get().owner_id is None


def test_who_gets_it_in_hand_is_told() -> None:
    due, lead = due_in_hand()
    LeadAlert.objects.all().delete()
    with as_reader(lead):
        make.DueFactory.build(concern=due.concern, owner=due.owner, made_by=lead).save(force_insert=True)
    assert [alert.person for alert in LeadAlert.objects.all()] == [due.owner]


def test_who_gets_it_in_hand_later_is_told() -> None:
    due, lead = due_in_hand()
    other = make.person(Role.DEPUTY_DSL, school=due.concern.school)
    LeadAlert.objects.all().delete()
    with as_reader(lead):
        Due.objects.filter(pk=due.pk).update(owner=other)
        Due.objects.filter(pk=due.pk).update(due_on=timezone.localdate())
        Due.objects.filter(pk=due.pk).update(owner=lead)
    assert [alert.person for alert in LeadAlert.objects.all()] == [other]
