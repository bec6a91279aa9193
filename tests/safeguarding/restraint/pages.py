"""What these tests share: a record as a browser sends it, and reading one by the way a browser goes."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from safeguarding.restraint.models import Incident
from students.models import Student
from tests.safeguarding.pages import client_of, form_of, label

HOW = "I held both his forearms from the side for about two minutes."
ACCOUNT = "I just wanted to get out of there"


def at(hours: int = 10, minutes: int = 0, day: dt.date | None = None) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day or timezone.localdate(), dt.time(hours, minutes)))


def filled(pupil: Student, /, **typed: Any) -> dict[str, Any]:
    """As somebody who was involved fills it in, a minute ago."""
    now = timezone.localtime()
    return {
        "student": label(pupil), "my_part": "involved", "day": f"{now.date()}", "began": f"{now:%H:%M}",
        "ended": f"{now:%H:%M}", "place": "Corridor by the hall", "kinds": ["physical"], "reasons": ["injury"],
        "before": "Two boys shouted at each other.", "tried": "I asked both to step back.",
        "why": "He was about to hit the other.", "how": HOW, "account": ACCOUNT,
    } | typed  # fmt: skip


def send(client: Client, pupil: Student, /, **typed: Any) -> HttpResponse:
    url = reverse("restraint:create")
    return client.post(url, form_of(client, url) | filled(pupil, **typed))  # type: ignore[return-value]


def recorded(by: User, pupil: Student, /, **typed: Any) -> Incident:
    """A record that stands."""
    before = set(Incident.objects.values_list("pk", flat=True))
    answer = send(client_of(by), pupil, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return Incident.objects.exclude(pk__in=before).get()


def read(client: Client, incident: Incident) -> HttpResponse:
    """Its page, by the way a browser goes."""
    return client.get(reverse("restraint:detail", args=[incident.pk]), follow=True)  # type: ignore[return-value]


def add(client: Client, incident: Incident, kind: str, **typed: Any) -> HttpResponse:
    """Something more on it, now."""
    url, now = reverse("restraint:entry-create", args=[incident.pk, kind]), timezone.localtime()
    usual = {"text": f"Words of {kind}.", "day": f"{now.date()}", "at": f"{now:%H:%M}"}
    if kind == "told":
        usual["how"] = "handed"
    return client.post(url, form_of(client, url) | usual | typed)  # type: ignore[return-value]


def write_letter(client: Client, incident: Incident, **typed: Any) -> HttpResponse:
    """To whoever may get it, with the words that the form begins with."""
    url = reverse("restraint:letter-create", args=[incident.pk])
    client.get(url)
    page = client.get(url).content.decode()
    keys = [part.split('"')[0] for part in page.split('name="to" value="')[1:]]
    return client.post(url, form_of(client, url) | {"to": keys, "text": "We held him."} | typed)  # type: ignore[return-value]
