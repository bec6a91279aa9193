"""What these tests share: an investigation as a browser opens it, and reading one by the way a browser goes."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from safeguarding.investigations.models import Investigation
from tests import factories as make
from tests.safeguarding.pages import World, client_of, form_of, label

ACCOUNT = "Amara says that Ben took her phone and read her messages out on the bus."
WANTS = "She wants him to stop and to say sorry"


def head_of_house(here: World, **more: Any) -> User:
    return make.person(Role.HEAD_OF_HOUSE, last_name="House", **({"house": here.group.house} | more))


def filled(here: World, /, **typed: Any) -> dict[str, Any]:
    """As a head of house fills it in."""
    return {
        "kind": "bullying", "target_0": label(here.student), "alleged_0": label(here.classmate), "account": ACCOUNT,
        "place": "The 72 bus", "wants": WANTS, "motives": ["appearance"], "method": "in_person",
    } | typed  # fmt: skip


def send(client: Client, here: World, /, **typed: Any) -> HttpResponse:
    url = reverse("investigations:open")
    return client.post(url, form_of(client, url) | filled(here, **typed))  # type: ignore[return-value]


def opened(by: User, here: World, /, **typed: Any) -> Investigation:
    """One that is open."""
    before = set(Investigation.objects.values_list("pk", flat=True))
    answer = send(client_of(by), here, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return Investigation.objects.exclude(pk__in=before).get()


def read(client: Client, investigation: Investigation) -> HttpResponse:
    """Its page, by the way a browser goes."""
    return client.get(reverse("investigations:detail", args=[investigation.pk]), follow=True)  # type: ignore[return-value]


def add(client: Client, investigation: Investigation, kind: str, text: str) -> HttpResponse:
    url = reverse("investigations:entry-create", args=[investigation.pk, kind])
    return client.post(url, form_of(client, url) | {"text": text})  # type: ignore[return-value]
