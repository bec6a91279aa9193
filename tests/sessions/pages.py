"""What the tests of these pages share: a tutor with a group, and the form as a browser sends it."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from students.models import Student, Term
from tests import factories as make
from tutoring.groups.models import TutorGroup
from tutoring.sessions.models import SessionKind

HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)"[^>]*?value="([^"]*)"')


@dataclass
class Scene:
    """One group with two students, its tutor, and the term of today."""

    group: TutorGroup
    tutor: User
    student: Student
    classmate: Student
    term: Term


def scene() -> Scene:
    group = make.TutorGroupFactory.create(house=make.HouseFactory.create())
    today = timezone.localdate()
    term = make.TermFactory.create(
        starts_on=today - dt.timedelta(days=60),
        ends_on=today + dt.timedelta(days=30),
        break_starts_on=None,
        break_ends_on=None,
    )
    tutor = make.person(Role.TUTOR, group=group)
    jamal = make.student_in(group, legal_forename="Jamal", legal_surname="Okafor")
    zofia = make.student_in(group, legal_forename="Zofia", legal_surname="Wren")
    return Scene(group, tutor, jamal, zofia, term)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def new_url(student: Student) -> str:
    return reverse("tutor_sessions:session-create", args=[student.pk])


def hidden_fields(response: HttpResponse) -> dict[str, str]:
    """Token, revision, writer and the like, as the opened form holds them."""
    fields = dict(HIDDEN.findall(response.content.decode().partition("data-autosave")[2]))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def opened_form(client: Client, url: str, **typed: Any) -> dict[str, Any]:
    """The form of that page with something typed into it."""
    fields = hidden_fields(client.get(url))
    typed = {"kind": "one_to_one"} | typed
    kinds = SessionKind.objects.filter(kind=typed["kind"])
    typed["kind"] = str(kinds[0].pk) if kinds else typed["kind"]
    return (
        fields
        | {
            "held_on": timezone.localdate().isoformat(),
            "confidentiality": "team",
            "happened": "Came in late again; agreed on breakfast club.",
            "steps-TOTAL_FORMS": "3",
            "steps-INITIAL_FORMS": "0",
        }
        | typed
    )
