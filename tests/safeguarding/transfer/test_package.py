"""The sealed package: the whole file, nobody else's name, a manifest that fits, no trace of it where it was made."""

import hashlib
import io
import json
import logging
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader

from audit.models import Event
from safeguarding.manifest import pages_digest
from safeguarding.models import Entry
from safeguarding.transfer.models import Package
from safeguarding.transfer.phrases import new_phrase
from tests.safeguarding.pages import world
from tests.safeguarding.transfer.leaving import CANARY, TO, Leaving, begun, do, lead, leaving, packed

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
OTHERS = ("Ben", "BEN", "Achterberg", "ACHTERBERG", "achterberg")


@pytest.fixture
def gone() -> Leaving:
    return leaving(world())


def opened(content: bytes, phrase: str) -> tuple[pikepdf.Pdf, dict[str, bytes]]:
    pdf = pikepdf.open(io.BytesIO(content), password=phrase)
    return pdf, {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


def test_it_opens_with_its_phrase_only_and_holds_the_whole_file(gone: Leaving) -> None:
    client = lead(gone)
    phrase, content = packed(client, begun(client, gone.here.student))
    for wrong in ("", new_phrase()):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(content), password=wrong)
    pdf, parts = opened(content, phrase)
    assert (pdf.encryption.R, pdf.encryption.bits) == (6, 256)
    assert CANARY.encode() not in content, "nothing in it is readable from outside"
    data = json.loads(parts["file.json"])
    assert (data["format"], data["version"], data["child"]["surname"]) == ("waymark-child-file", 1, "Okafor")
    assert sum(len(concern["entries"]) for concern in data["concerns"]) == Entry.objects.count() == 3
    assert [entry["words"] for concern in data["concerns"] for entry in concern["entries"]][1] == {
        "text": "Spoke with her nan."
    }
    reader = PdfReader(io.BytesIO(content), password=phrase)
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    whole = " ".join(pages)
    for words in (f"{CANARY} was seen", "Pupil B’s brother hit her", "Spoke with her nan", "Index", "Chronology"):
        assert words in whole, words
    for number, text in enumerate(pages, start=1):
        assert f"{number} of {len(pages)}" in text
    # The index leads to where each concern begins.
    for number, concern in enumerate(data["concerns"], start=1):
        [at] = [n for n, text in enumerate(pages, start=1) if f"Concern {concern['reference']}" in text]
        assert f"{at}" in pages[1], number


def test_no_other_child_is_in_it_anywhere(gone: Leaving) -> None:
    client = lead(gone)
    phrase, content = packed(client, begun(client, gone.here.student))
    pdf, parts = opened(content, phrase)
    # Everything there is in the file, unpacked: text, metadata, bookmarks, attachments, names.
    plain = io.BytesIO()
    pdf.save(plain, encryption=False, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    text = PdfReader(io.BytesIO(content), password=phrase)
    said = "".join(page.extract_text() for page in text.pages) + str(text.metadata) + str(text.outline)
    said += "".join(part.decode() for part in parts.values())
    for name in (*OTHERS, str(gone.here.classmate.pk), str(gone.here.student.pk), str(gone.concern.pk)):
        assert name not in said, name
        assert name.encode() not in plain.getvalue(), name
    assert "Amara" in said


def test_the_manifest_fits_and_so_does_what_is_kept_of_it(gone: Leaving) -> None:
    client = lead(gone)
    phrase, content = packed(client, begun(client, gone.here.student))
    pdf, parts = opened(content, phrase)
    pages, data = json.loads(parts["manifest.json"])["parts"]
    assert pages == {"name": "pages", "pages": len(pdf.pages), "sha256": pages_digest(pdf)}
    assert data["sha256"] == hashlib.sha256(parts["file.json"]).hexdigest()
    again = io.BytesIO()
    pdf.save(again, encryption=False)
    assert pages_digest(pikepdf.open(again)) == pages["sha256"], "the same however it is packed again"
    kept = Package.objects.get()
    assert (kept.sha256, kept.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert kept.manifest_sha256 == hashlib.sha256(parts["manifest.json"]).hexdigest()
    assert (kept.pages, kept.concerns, kept.entries) == (len(pdf.pages), 2, 3)
    line = Event.objects.get(action="file.packed")
    assert line.detail["sha256"] == kept.sha256
    assert Event.objects.filter(action="file.opened", object_id=str(gone.here.student.pk)).exists()


def test_neither_the_words_nor_the_phrase_stay_anywhere(
    gone: Leaving, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Canaries: in every table of the database, in the logs, in temporary files, in the session."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    written: list[str] = []
    unwatched = io.open

    def watched(file: object, mode: str = "r", *args: object, **more: object) -> object:
        if set(mode) & set("wax+"):
            written.append(str(file))
        return unwatched(file, mode, *args, **more)  # type: ignore[call-overload]

    client = lead(gone)
    transfer = begun(client, gone.here.student)
    # The first in a process loads libraries and our own fonts by way of temporary files; none of these holds a word.
    packed(client, transfer)
    before = list(tmp_path.iterdir())
    monkeypatch.setattr("builtins.open", watched)
    monkeypatch.setattr("io.open", watched)
    with caplog.at_level(logging.DEBUG):
        phrase, _ = packed(client, transfer)
    assert [name for name in written if not name.startswith("/dev/")] == []
    assert list(tmp_path.iterdir()) == before
    said = caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            said += "".join(row[0] for row in cursor.fetchall())
    for canary in (CANARY, CANARY.encode().hex(), phrase, phrase.encode().hex(), phrase.split("-", 1)[1]):
        assert canary not in said, canary
    assert phrase not in str(dict(client.session))


def test_nothing_is_made_without_having_read_it_or_with_a_phrase_of_ones_own(gone: Leaving) -> None:
    client = lead(gone)
    url = reverse("transfer:package", args=[begun(client, gone.here.student).pk])
    for typed in ({"phrase": new_phrase()}, {"phrase": "password1", "read": "yes"}, {}):
        assert client.post(url, typed)["Location"] == url
    assert not Package.objects.exists()
    assert client.get(url, follow=True).content != client.get(url).content, "another phrase each time"


def test_an_entry_that_cannot_be_read_is_said_before_it_goes(gone: Leaving) -> None:
    Entry.objects.filter(kind="note").update(words=b"\x01\x00\x01" + b"0" * 40)
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    page = client.get(reverse("transfer:package", args=[transfer.pk]), follow=True).content.decode()
    assert "1 entry cannot be read here" in page
    phrase, content = packed(client, transfer)
    readable = [
        e["readable"] for c in json.loads(opened(content, phrase)[1]["file.json"])["concerns"] for e in c["entries"]
    ]
    assert readable.count(False) == 1


def test_once_it_went_no_other_is_made(gone: Leaving) -> None:
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    do(client, transfer, "destination", **TO)
    packed(client, transfer)
    do(client, transfer, "sent", method="in_person")
    url = reverse("transfer:package", args=[transfer.pk])
    assert client.get(url)["Location"] == reverse("transfer:detail", args=[transfer.pk])
    client.post(url, {"phrase": new_phrase(), "read": "yes"})
    assert Package.objects.count() == 1
    assert settings.FIELD_KEYS
