"""What the tests of transfers share: a school with terms, a child who left with a file, and the steps of a browser."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from safeguarding.enums import Kind
from safeguarding.models import Attachment, Concern
from safeguarding.services import Facts, Words, add_entry, raise_concern
from safeguarding.transfer.models import Transfer
from students.models import Student
from tests import factories as make
from tests.safeguarding.pages import World, client_of

CANARY = "Zanzibarquiver"
TODAY = timezone.localdate()
TO = {
    "name": "Southgate Academy",
    "urn": "123456",
    "dsl": "Ines Amaral",
    "contact": "01632 960 111",
    "basis": "in_year",
}


@dataclass
class Leaving:
    """Amara left three days ago; Ben, in one concern with her, is still here."""

    here: World
    concern: Concern
    shared: Concern


def a_concern(by: User, *students: Student, seen: str) -> Concern:
    words = Words(names=[student.name for student in students], seen=seen, child_words="I said so", where="Gate")
    token = make.UserFactory.build().pk
    receipt = raise_concern(by=by, token=token, students=students, words=words, facts=Facts("children"))  # type: ignore[arg-type]
    return Concern.objects.get(receipt=receipt)


def leave(student: Student, days_ago: int = 3) -> None:
    Student.objects.filter(pk=student.pk).update(left_on=TODAY - dt.timedelta(days=days_ago))
    student.refresh_from_db()


def leaving(here: World) -> Leaving:
    first = a_concern(here.tutor, here.student, seen=f"{CANARY} was seen. Ben Achterberg was there.")
    shared = a_concern(here.tutor, here.student, here.classmate, seen="BEN ACHTERBERG’s brother hit her.")
    add_entry(by=here.dsl, concern=first, kind=Kind.NOTE, words={"text": "Spoke with her nan."})
    leave(here.student)
    return Leaving(here, first, shared)


def lead(world: Leaving) -> Client:
    return client_of(world.here.dsl, elevated=True)


def begun(client: Client, student: Student) -> Transfer:
    client.post(reverse("transfer:begin"), {"student": str(student.pk)})
    return Transfer.objects.get(student=student)


def do(client: Client, transfer: Transfer, what: str, **typed: Any) -> Any:
    return client.post(reverse(f"transfer:{what}", args=[transfer.pk]), typed)


def packed(
    client: Client, transfer: Transfer, *, without: Iterable[Attachment] = (), also: Iterable[str] = ()
) -> tuple[str, bytes]:
    """(passphrase, package), by the way a browser goes; with all files that the page ticks, but `without`."""
    url = reverse("transfer:package", args=[transfer.pk])
    page = client.get(url, follow=True).content.decode()
    [phrase] = re.findall(r'name="phrase" value="([^"]+)"', page)
    files = set(re.findall(r'name="file" value="([^"]+)"', page)) - {str(file.pk) for file in without}
    answer = client.post(url, {"phrase": phrase, "read": "yes", "file": [*files, *also]}, follow=True)
    assert answer["Content-Type"] == "application/pdf", answer.content.decode()[:3000]
    return phrase, answer.content


def sent(client: Client, student: Student) -> Transfer:
    """A transfer that went."""
    transfer = begun(client, student)
    do(client, transfer, "destination", **TO)
    packed(client, transfer)
    assert do(client, transfer, "sent", method="secure_email").status_code == 302
    transfer.refresh_from_db()
    return transfer
