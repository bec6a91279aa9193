"""Held by the database, past every view: who answers an alert, who issues a stage, who decides an appeal."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Membership, User
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.followup.models import Alert, Warning, WarningStage

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def lead(world: Scene, role: Role = Role.HEAD_OF_HOUSE, **kwargs: Any) -> User:
    return make.person(role, school=world.student.school, house=world.group.house, **kwargs)


def refused(user: User, attempt: Callable[[], Any]) -> bool:
    """Whether the database turned the attempt of this person down; no rows at all is no answer."""
    with acting_as(Actor(user_id=user.pk)):
        try:
            with transaction.atomic():
                assert attempt(), "nothing was there to be changed"
        except IntegrityError:
            return True
    return False


def answer(alert: Alert, by: User) -> Callable[[], int]:
    return lambda: Alert.objects.filter(pk=alert.pk).update(answer="Mine.", answered_on=localdate(), answered_by=by)


def test_an_alert_is_answered_once_by_whom_it_is_to() -> None:
    world = scene()
    head, other = lead(world), lead(world)
    alert = make.AlertFactory.create(student=world.student, raised_by=world.tutor, to=head)
    assert refused(world.tutor, answer(alert, world.tutor))
    assert refused(other, answer(alert, other))
    assert refused(other, answer(alert, head)), "in another's name"
    assert refused(head, answer(alert, other)), "in another's name"
    assert not refused(head, answer(alert, head))
    assert refused(head, lambda: Alert.objects.filter(pk=alert.pk).update(answer="Something else."))


def test_an_answer_is_seen_by_whoever_raised_the_alert() -> None:
    world = scene()
    head = lead(world)
    alert = make.AlertFactory.create(
        student=world.student, raised_by=world.tutor, to=head, answer="Yes.", answered_on=localdate(), answered_by=head
    )
    see = Alert.objects.filter(pk=alert.pk)
    assert refused(head, lambda: see.update(seen_on=localdate()))
    assert not refused(world.tutor, lambda: see.update(seen_on=localdate()))


def test_a_deputy_answers_for_the_dates_they_stand_in() -> None:
    world = scene()
    head, deputy = lead(world), make.person(Role.TUTOR, school=world.student.school)
    held = head.memberships.get()
    lent = Membership.objects.create(
        user=deputy, school=held.school, role=held.role, house=held.house, stands_in_for=held,
        starts_on=localdate() - DAY, ends_on=localdate() - DAY,
    )  # fmt: skip
    alert = make.AlertFactory.create(student=world.student, raised_by=world.tutor, to=head)
    assert client_of(deputy).get(reverse("followup:alert-detail", args=[alert.pk])).status_code == 404
    lent.ends_on = localdate()
    lent.save()
    client, page = client_of(deputy), reverse("followup:alert-detail", args=[alert.pk])
    shown = client.get(reverse("desk:today")).context["due"]
    assert [due.line.pk for due in shown if due.line.kind == "alert"] == [alert.pk]
    assert client.post(page, hidden_fields(client.get(page)) | {"answer": "I do."}).status_code == 302
    alert.refresh_from_db()
    assert (alert.answer, alert.answered_by) == ("I do.", deputy)
    assert f"by {deputy} for {head}" in client_of(world.tutor).get(page).content.decode()


def test_a_stage_is_issued_by_the_roles_it_names() -> None:
    world = scene()
    head = lead(world)
    final = WarningStage.objects.get(school=world.student.school, name="Final warning")

    def issue(by: User) -> Callable[[], Warning]:
        return lambda: Warning.objects.create(
            student=world.student,
            stage=final,
            issued_by=by,
            submission=uuid.uuid4(),
            reason="R",
            expires_on=localdate() + DAY,
        )

    assert refused(world.tutor, issue(world.tutor))
    assert not refused(head, issue(head))


def test_an_appeal_is_decided_once_by_somebody_else_and_stays() -> None:
    world = scene()
    issuer, other = lead(world), lead(world)
    warning = make.WarningFactory.create(
        student=world.student, issued_by=issuer, appeal="asked", appealed_on=localdate()
    )
    row = Warning.objects.filter(pk=warning.pk)

    def decide(by: User, how: str = "lifted") -> Callable[[], int]:
        return lambda: row.update(appeal=how, decided_on=localdate(), decided_by=by, decision_words="So.")

    assert refused(issuer, decide(issuer))
    assert refused(issuer, decide(other)), "in another's name"
    assert refused(world.tutor, decide(world.tutor)), "tutors do not decide"
    assert refused(other, lambda: row.update(appeal_words="Rewritten."))
    assert refused(other, lambda: row.update(appeal="", appealed_on=None))
    assert not refused(other, decide(other))
    assert refused(other, decide(other, "stands")), "decided twice"
