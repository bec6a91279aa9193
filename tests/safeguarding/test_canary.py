"""What is written on the file stands nowhere else: in no dump, no log, no mail, not in Redis or on the disk.

A word that occurs nowhere else goes the ways that words go; then everything is searched for it. That the search would
find it is shown by words that are not sealed, put into each of those places.
"""

import base64
import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Draft
from core import pdf
from safeguarding import views
from safeguarding.mails import send_alerts
from safeguarding.models import Attachment, Concern, Entry
from safeguarding.sharing.models import StaffLine
from scripts.embedded.place import find_place
from scripts.embedded.programs import postgres_folder
from tests import factories as make
from tests.safeguarding.pages import World, client_of, form_of, raised, read, send, world
from tests.safeguarding.sharing.test_lines import publish
from tests.safeguarding.test_attachments import letter
from tests.safeguarding.test_searching import look_for
from tutoring.sessions.enums import Confidentiality

pytestmark = pytest.mark.django_db(transaction=True)
CANARY, OPEN = "Zaunammerkanarie", "Goldammerkanarie"
WRITING = os.O_WRONLY | os.O_RDWR


class Written:
    """Files that this process opens to write in, while it watches."""

    def __init__(self) -> None:
        self.watching, self.paths = False, list[str]()
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if self.watching and event == "open" and isinstance(args[0], str) and args[2] & WRITING:
            self.paths.append(args[0])

    def by_us(self) -> list[str]:
        """But what Python compiles, and the fonts that a PDF is drawn with."""
        return [path for path in self.paths if ".pyc" not in path and "/weasyprint-" not in path]


@pytest.fixture(scope="module")
def hooked() -> Written:
    return Written()  # a hook cannot be taken out again


@pytest.fixture
def written(hooked: Written) -> Iterator[Written]:
    pdf.render("<p>", title="")  # looking for its libraries, WeasyPrint has a compiler write files
    hooked.paths, hooked.watching = [], True
    yield hooked
    hooked.watching = False


@pytest.fixture
def here() -> World:
    return world()


def ways_to_say(word: str) -> list[bytes]:
    """As text, as a dump shows bytes, and in base64 wherever it begins."""
    plain = word.encode()
    shifted = [base64.b64encode(b"x" * by + plain + b"yy")[4:-4] for by in range(3)]
    return [plain, plain.lower(), plain.hex().encode(), *shifted]


def stands_in(content: bytes, word: str) -> bool:
    return any(way in content for way in ways_to_say(word))


def dump() -> bytes:
    """All of the database, as a backup takes it: past every policy."""
    place = find_place("test")
    command = [postgres_folder(place) / "bin" / "pg_dump", f"--host={place.sockets}", "--username=postgres"]
    answer = subprocess.run([*command, connection.settings_dict["NAME"]], capture_output=True, check=True)
    return answer.stdout


def all_of_redis() -> bytes:
    keys = _redis().keys("*")
    return b"".join(key + (_redis().dump(key) or b"") for key in keys)


def _redis() -> Any:
    return redis.from_url(settings.CELERY_BROKER_URL.replace("redis+socket", "unix"))


def all_mails() -> bytes:
    return b"".join(message.message().as_bytes() for message in mail.outbox)


def logged(caplog: pytest.LogCaptureFixture) -> bytes:
    return "".join(f"{record.getMessage()}{record.exc_text}{record.__dict__}" for record in caplog.records).encode()


def raise_it(here: World) -> Concern:
    """With a draft before, a mistake in the form, and an error of ours; and one that arrives, with a file."""
    client, url = client_of(here.tutor), reverse("safeguarding:raise-concern")
    hidden = form_of(client, url)
    client.post(reverse("accounts:draft-save", args=[hidden["draft_form"]]), hidden | {"seen": CANARY})
    assert Draft.objects.exists()
    wrong = send(client, seen=CANARY, child_words=CANARY, happened_on="32 May")
    assert wrong.status_code in (200, 422)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(views, "raise_concern", lambda **_: 1 / 0)
        assert send(client, seen=CANARY, child_0=CANARY).status_code == 500
    typed = {"seen": CANARY, "child_words": CANARY, "where": CANARY, "child_1": CANARY}
    return raised(here.tutor, here.student, **typed, attached=[letter(words=CANARY.encode())])


def work_on(here: World, concern: Concern) -> Client:
    """Written on, with and without a fresh proof; told to a colleague, searched for, read."""
    lead = client_of(here.dsl, elevated=True)
    write = reverse("safeguarding:entry-create", args=[concern.pk])
    note = {"kind": "note", "text": CANARY, "happened_on": f"{timezone.localdate()}"}
    client_of(here.dsl).post(write, note)
    lead.post(write, form_of(lead, write) | note)
    publish(here.dsl, here, [here.tutor], text=CANARY, why=CANARY)
    assert CANARY in look_for(lead, CANARY).content.decode()
    assert CANARY in read(lead, concern).content.decode()
    return lead


def test_nothing_of_it_stands_anywhere_else(here: World, written: Written, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    make.TutorSessionFactory.create(
        student=here.student, author=here.tutor, happened=OPEN, confidentiality=Confidentiality.TEAM
    )
    concern = raise_it(here)
    lead = work_on(here, concern)
    assert [Entry.objects.count(), Attachment.objects.count(), StaffLine.objects.count()] == [2, 1, 1]
    paper = lead.get(reverse("safeguarding:child-file-pdf", args=[here.student.pk]), follow=True)
    assert CANARY in text_of(b"".join(paper))  # type: ignore[arg-type]
    send_alerts()
    written.watching = False
    assert mail.outbox
    assert written.by_us() == []
    kept = dump()
    assert [stands_in(kept, word) for word in (OPEN, CANARY)] == [True, False]
    places = {"redis": all_of_redis(), "mails": all_mails(), "logs": logged(caplog), "a PDF": pack(here)}
    assert "ZeroDivisionError" in str(places["logs"])
    assert [name for name, content in places.items() if stands_in(content, CANARY)] == []


def pack(here: World) -> bytes:
    """What a tutor prints of the 1:1s with the student, as text."""
    shown = "?parts=talks&since=2026-09-01&until=2026-11-20"
    client, url = client_of(here.tutor), reverse("reports:student-pack", args=[here.student.pk]) + shown
    items = [item.key for _, found in client.get(url).context["shown"] for item, _, _ in found]
    text = text_of(client.post(url, {"item": items, "people": "Ms Reyes"}).content)
    assert OPEN in text
    return text.encode()


def text_of(paper: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
