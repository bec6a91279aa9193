"""What the tests of keeping share: a child with a file who was born long ago, and the steps of a browser."""

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from safeguarding.models import Concern
from safeguarding.retention.models import Certificate, Hold, Review
from students.models import Student
from tests.safeguarding.pages import World, client_of
from tests.safeguarding.transfer.leaving import a_concern

CANARY = "Zanzibarquiver"
TODAY = timezone.localdate()


def born(student: Student, years_ago: int, *, days: int = 0) -> None:
    """So many years ago, less so many days; and left seven years before today."""
    day = TODAY.replace(year=TODAY.year - years_ago) + dt.timedelta(days=days)
    left = TODAY - dt.timedelta(days=7 * 365)
    Student.objects.filter(pk=student.pk).update(date_of_birth=day, left_on=left)
    student.refresh_from_db()


def filed(here: World, *, category: str = "") -> Concern:
    """Amara's own concern."""
    concern = a_concern(here.tutor, here.student, seen=f"{CANARY} was seen.")
    Concern.objects.filter(pk=concern.pk).update(category=category)
    return concern


def lead(here: World) -> Client:
    return client_of(here.dsl, elevated=True)


def page(client: Client, name: str = "list", *args: Any) -> str:
    return client.get(reverse(f"retention:{name}", args=args)).content.decode()


def hold(client: Client, student: Student, why: str = "The police asked for it") -> Hold:
    client.post(reverse("retention:hold-place", args=[student.pk]), {"why": why})
    return Hold.objects.get(student=student)


def propose(client: Client, student: Student, **typed: str) -> Review:
    """The first of two people, by the form."""
    said = {"decision": "destroy", "why": "Nobody asked for it in seven years"} | typed
    answer = client.post(reverse("retention:review-write", args=[student.pk]), said)
    assert answer.status_code == 302, answer.content.decode()
    return Review.objects.get(decision="destroy", withdrawal=None, certificate=None)


def approve(client: Client, review: Review) -> Certificate:
    """The second of two people, by the form."""
    answer = client.post(reverse("retention:proposal", args=[review.pk]), {"sure": "on"})
    assert answer.status_code == 302, answer.content.decode()
    return Certificate.objects.get(review=review)
