"""What the tests of the file share: a school with its leads, a concern as a browser sends it, and reading one."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.step_up import elevate
from safeguarding.models import Concern, Receipt
from safeguarding.selectors import label_of
from students.models import Student
from tests import factories as make
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import students_with_group

HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)"[^>]*?value="([^"]*)"')
WORDS = "He said his uncle locks the kitchen at night."
CHILD = "I dont get no tea when nan is out"


@dataclass
class World:
    """One group, its tutor, two students, and everybody who reads a file."""

    group: TutorGroup
    tutor: User
    student: Student
    classmate: Student
    dsl: User
    deputy: User
    head: User
    chair: User


def world() -> World:
    group = make.TutorGroupFactory.create(house=make.HouseFactory.create())
    return World(
        group=group,
        tutor=make.person(Role.TUTOR, group=group),
        student=make.student_in(group, preferred_forename="Amara", preferred_surname="Okafor"),
        classmate=make.student_in(group, preferred_forename="Ben", preferred_surname="Achterberg"),
        dsl=make.person(Role.DSL, last_name="Zeller", email="zeller@northgate.example"),
        deputy=make.person(Role.DEPUTY_DSL, last_name="Abbot", email="abbot@northgate.example"),
        head=make.person(Role.HEADTEACHER, last_name="Quaye", email="quaye@northgate.example"),
        chair=make.person(Role.CHAIR, last_name="Wynn", email="wynn@northgate.example"),
    )


def client_of(user: User, *, elevated: bool = False) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    if elevated:
        request = RequestFactory().get("/")
        request.user, request.session = user, client.session
        elevate(request)
        request.session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
    return client


def label(student: Student) -> str:
    """As the list that one types into has it."""
    return label_of(students_with_group(Student.objects.filter(pk=student.pk)).get())


def form_of(client: Client, url: str) -> dict[str, str]:
    """The hidden values of the page's first long form."""
    page = client.get(url).content.decode()
    return dict(HIDDEN.findall(page[page.index("data-autosave") :]))


def send(client: Client, url: str = "", **typed: Any) -> HttpResponse:
    """Open the form, fill it in as a worried tutor would, and send it."""
    url = url or reverse("safeguarding:raise-concern")
    usual = {"store": "children", "seen": WORDS, "child_words": CHILD, "happened_on": f"{timezone.localdate()}"}
    return client.post(url, form_of(client, url) | usual | typed)  # type: ignore[return-value]


def raised(by: User, about: Student | None = None, **typed: Any) -> Concern:
    """A concern that stands on the file."""
    before = set(Receipt.objects.values_list("pk", flat=True))
    named = {"child_0": label(about)} if about else {}
    answer = send(client_of(by), **({"child_0": "A boy in Year 9"} | named | typed))
    assert answer.status_code == 302, answer.content.decode()
    return Receipt.objects.exclude(pk__in=before).get().concern


def read(client: Client, concern: Concern) -> HttpResponse:
    """Its page, by the way a browser goes."""
    return client.get(reverse("safeguarding:concern-detail", args=[concern.pk]), follow=True)  # type: ignore[return-value]
