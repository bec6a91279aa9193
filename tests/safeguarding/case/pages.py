"""What the tests of this room share: its forms as a browser sends them."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.acting import Actor, acting_as
from safeguarding.case.models import Due
from safeguarding.models import Concern
from tests.safeguarding.pages import HIDDEN, World

# A Wednesday.
NOW = dt.datetime(2026, 11, 18, 10, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


def write(client: Client, name: str, pk: Any, **typed: Any) -> HttpResponse:
    """Open a form of the room and send it."""
    url = reverse(f"case:{name}", args=[pk])
    page = client.get(url, follow=True).content.decode()
    hidden = dict(HIDDEN.findall(page[page.index("data-autosave") :]))
    return client.post(url, hidden | typed)  # type: ignore[return-value]


def as_reader(user: User, *, elevated: bool = True) -> Any:
    return acting_as(Actor(user.pk, elevated=elevated))


def dues(user: User) -> list[Due]:
    """What the database shows this person."""
    with as_reader(user):
        return list(Due.objects.order_by("due_on", "what"))


def action(client: Client, here: World, concern: Concern, **typed: Any) -> HttpResponse:
    usual = {"text": "Ring grandmother", "owner": str(here.deputy.pk), "due_on": "2026-11-20"}
    return write(client, "action-create", concern.pk, **(usual | typed))


def referral(client: Client, here: World, concern: Concern, **typed: Any) -> HttpResponse:
    usual = {
        "agency": "mash", "happened_on": "2026-11-18", "at": "09:40", "method": "phone", "whom": "Ms Duty, front door",
        "reference": "M-4711", "text": "The kitchen is locked at night.", "consent": "not_sought",
        "why_not": "It would put her at risk", "basis": "safeguarding", "owner": str(here.dsl.pk), "significant": "on",
    }  # fmt: skip
    return write(client, "referral-create", concern.pk, **(usual | typed))


def meeting(client: Client, concern: Concern, **typed: Any) -> HttpResponse:
    usual = {"kind": "strategy", "held_on": "2026-11-18", "people": "Police, MASH, us", "text": "Joint visit today."}
    return write(client, "meeting-write", concern.pk, **(usual | typed))
