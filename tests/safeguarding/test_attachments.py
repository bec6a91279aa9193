"""Files that come with a concern or an entry: sealed, off the disk, given out as attachments to those who read it."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from core.downloads import ANYTHING
from core.encryption import place_of
from core.uploads import MOST_BYTES
from safeguarding.attachments import AGAIN, MOST_AT_ONCE, files_by_entry
from safeguarding.keys import cipher_of
from safeguarding.models import Attachment, Concern, Entry
from tests.edge.test_uploads import GOOD
from tests.safeguarding.pages import World, client_of, form_of, label, raised, read, send, world

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = b"the-canary-in-the-letter"


@pytest.fixture
def here() -> World:
    return world()


def letter(name: str = "letter.pdf", words: bytes = CANARY) -> SimpleUploadedFile:
    """A PDF that opens, with these bytes in it."""
    content: bytes = GOOD["letter.pdf"]
    return SimpleUploadedFile(name, content.replace(b"%%EOF", b"%" + words + b"\n%%EOF"))


def files_of(concern: Concern) -> list[tuple[str, str, str]]:
    shown = files_by_entry(concern.attachments.all(), {concern.pk: cipher_of(concern)})
    return [(file.name, file.kind, file.size) for files in shown.values() for file in files]


def address(row: Attachment) -> str:
    return reverse("safeguarding:attachment-detail", args=[row.concern_id, row.pk])


def taken(client: Client, row: Attachment) -> HttpResponse:
    return client.get(address(row), follow=True)  # type: ignore[return-value]


def test_what_comes_with_a_concern_stands_sealed_and_is_given_to_the_lead(here: World) -> None:
    file = letter()
    whole = file.read()
    file.seek(0)
    concern = raised(here.tutor, here.student, attached=[file])
    row = concern.attachments.get()
    assert row.added_by == here.tutor
    assert CANARY not in bytes(row.content) + bytes(row.about)
    assert b"letter" not in bytes(row.about)
    assert cipher_of(concern).open_bytes(row, "content") == whole
    client = client_of(here.dsl, elevated=True)
    assert "letter.pdf" in read(client, concern).content.decode()
    answer = client.get(address(row))
    assert answer.content == whole
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer["Content-Type"] == ANYTHING
    assert "sandbox" in answer["Content-Security-Policy"]
    lines = Event.objects.filter(action="file.attachment_taken")
    assert [(line.actor_id, line.object_id) for line in lines] == [(here.dsl.pk, str(concern.pk))]


def test_it_is_not_given_before_its_opening_stands_on_the_record(here: World) -> None:
    row = raised(here.tutor, here.student, attached=[letter()]).attachments.get()
    with acting_as(Actor(here.dsl.pk, elevated=True)):
        assert not Attachment.objects.exists()
    client = client_of(here.dsl, elevated=True)
    way = client.get(address(row))
    assert (way.status_code, way["Location"]) == (302, address(row))
    assert Event.objects.filter(action="file.opened", object_id=str(row.concern_id)).count() == 1
    assert client.get(address(row)).status_code == 200


def test_nobody_else_takes_it(here: World) -> None:
    """Who raised it, too; and by the address of a concern that one does read, another's file is not there."""
    row = raised(here.tutor, here.student, attached=[letter()]).attachments.get()
    assert client_of(here.dsl).get(address(row))["Location"].startswith(reverse("sign_in:step-up"))
    assert taken(client_of(here.tutor, elevated=True), row).status_code == 403
    assert taken(client_of(here.head, elevated=True), row).status_code in (403, 404)
    other = raised(here.tutor, here.classmate)
    client = client_of(here.dsl, elevated=True)
    read(client, other)
    there = reverse("safeguarding:attachment-detail", args=[other.pk, row.pk])
    assert client.get(there, follow=True).status_code == 404


def test_a_picture_is_drawn_anew(here: World) -> None:
    """No place, no camera, no second file behind the first."""
    drawn, out = Image.new("RGB", (40, 30), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    drawn.save(out, "JPEG", exif=exif)
    file = SimpleUploadedFile("IMG_1.jpg", out.getvalue() + CANARY)
    concern = raised(here.tutor, here.student, attached=[file])
    kept = cipher_of(concern).open_bytes(concern.attachments.get(), "content")
    assert b"Secret Camera" not in kept
    assert CANARY not in kept
    assert Image.open(io.BytesIO(kept)).size == (40, 30)


def test_what_is_not_taken_is_named_and_nothing_typed_is_lost(here: World) -> None:
    files = [SimpleUploadedFile("talk.html", b"<script>"), letter()]
    answer = send(client_of(here.tutor), child_0=label(here.student), attached=files, seen="She came in wet through.")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "talk.html: Only docx, jpg, pdf, png and webp files are taken." in page
    assert AGAIN in page
    assert "She came in wet through." in page
    assert not Concern.objects.exists()


def test_where_the_page_comes_back_for_another_mistake_it_says_that_the_files_did_not(here: World) -> None:
    page = send(client_of(here.tutor), seen="", attached=[letter()]).content.decode()
    assert "one sentence is enough to begin with" in page
    assert AGAIN in page


def test_too_many_and_too_large_are_said(here: World) -> None:
    client = client_of(here.tutor)
    many = [letter(f"{n}.pdf") for n in range(MOST_AT_ONCE + 1)]
    assert (
        "Ten files at most; you chose 11." in send(client, child_0=label(here.student), attached=many).content.decode()
    )
    large = SimpleUploadedFile("film.pdf", b"%PDF-" + b"0" * MOST_BYTES)
    answer = send(client, child_0=label(here.student), attached=[large])
    assert "film.pdf: The file is larger than 10 MB." in answer.content.decode()
    five = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-" + b"0" * (MOST_BYTES - 9)) for n in range(5)]
    answer = send(client, child_0=label(here.student), attached=five)
    assert answer.status_code == 413
    assert not Attachment.objects.exists()


def test_sent_twice_it_stands_there_once_with_another_file_twice(here: World) -> None:
    client, url = client_of(here.tutor), reverse("safeguarding:raise-concern")
    typed = form_of(client, url) | {"store": "children", "child_0": label(here.student), "seen": "Wet through."}
    for words in (CANARY, CANARY, b"another"):
        assert client.post(url, typed | {"attached": [letter(words=words)]}).status_code == 302
    assert Concern.objects.count() == 2
    assert Attachment.objects.count() == 2


def test_a_lead_puts_one_with_what_they_write(here: World) -> None:
    concern = raised(here.tutor, here.student)
    client = client_of(here.dsl, elevated=True)
    url = reverse("safeguarding:entry-create", args=[concern.pk])
    typed = {"kind": "note", "text": "The letter from the hospital.", "happened_on": f"{timezone.localdate()}"}
    assert client.post(url, form_of(client, url) | typed | {"attached": [letter("hospital.pdf")]}).status_code == 302
    entry = concern.entries.get(kind="note")
    assert [(row.entry, row.added_by) for row in concern.attachments.all()] == [(entry, here.dsl)]
    assert [name for name, _, _ in files_of(concern)] == ["hospital.pdf"]
    page = read(client, concern).content.decode()
    assert page.index("The letter from the hospital.") < page.index("hospital.pdf")
    # The chronology may go to others, and a file's name may be another child's.
    child = client.get(reverse("safeguarding:child-file", args=[here.student.pk]), follow=True).content.decode()
    assert "With pdf file" in child
    assert "hospital.pdf" not in child


def test_its_bytes_touch_no_disk(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(TemporaryUploadedFile, "__init__", lambda self, *args, **kwargs: made.append(args))
    picture, out = Image.effect_noise((2000, 2000), 90), io.BytesIO()
    picture.save(out, "PNG")
    assert out.tell() > 2_500_000  # above which Django writes a file
    client, url = client_of(here.tutor), reverse("safeguarding:raise-concern")
    form = form_of(client, url)
    large = SimpleUploadedFile("noise.png", out.getvalue())
    typed = {"store": "children", "child_0": label(here.student), "seen": "Wet through.", "attached": [large]}
    assert client.post(url, form | typed).status_code == 302
    assert Attachment.objects.count() == 1
    assert made == []


def as_web(by: User, sql: str, values: list[Any]) -> None:
    with acting_as(Actor(by.pk, elevated=True)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


PUT = """INSERT INTO safeguarding_attachment (id, concern_id, entry_id, added_by_id, about, content)
         VALUES (gen_random_uuid(), %s, %s, %s, '', '')"""


def test_raw_sql_puts_none_with_words_that_stood_there_before(here: World) -> None:
    concern = raised(here.tutor, here.student)
    entry = concern.entries.get()
    with pytest.raises(IntegrityError, match="a file comes with its entry"):
        as_web(here.dsl, PUT, [concern.pk, entry.pk, here.dsl.pk])


@pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET about = ''"])
def test_it_is_never_changed_nor_taken_away(here: World, sql: str) -> None:
    raised(here.tutor, here.student, attached=[letter()])
    with pytest.raises(Exception, match="permission denied"):
        as_web(here.dsl, sql.format("safeguarding_attachment"), [])


def test_one_put_in_the_place_of_another_is_not_read(here: World) -> None:
    """Sealed for its row and column: swapped in the database, it says that it cannot be read."""
    concern = raised(here.tutor, here.student, attached=[letter("a.pdf"), letter("b.pdf", b"other")])
    first, second = concern.attachments.all()
    Attachment.objects.filter(pk=first.pk).update(content=bytes(second.content))
    client = client_of(here.dsl, elevated=True)
    answer = taken(client, first)
    assert "These words cannot be read" in answer.content.decode()
    assert place_of("safeguarding_attachment", first.pk, "content") != place_of(
        "safeguarding_attachment", second.pk, "content"
    )
    assert Entry.objects.count() == 1
