"""What goes along besides entries: files with their digests, what concerns wait for, use of force, lines to staff."""

import datetime as dt
import hashlib
import io
import json
import uuid
from typing import Any

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.models import Event
from core.acting import Actor, acting_as
from core.uploads import Accepted, Kind
from safeguarding.case.models import StandingWords
from safeguarding.enums import Kind as EntryKind
from safeguarding.keys import Cipher, keys_of_students
from safeguarding.models import Attachment
from safeguarding.restraint.enums import Kind as ForceKind
from safeguarding.restraint.models import Incident
from safeguarding.restraint.services import Facts, Words, add_entry, record_incident
from safeguarding.services import add_entry as write
from safeguarding.sharing.services import publish_line
from safeguarding.transfer.models import Package, Transfer
from tests import factories as make
from tests.safeguarding.pages import world
from tests.safeguarding.transfer.leaving import CANARY, TO, TODAY, Leaving, begun, do, lead, leaving, packed

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
BYTES = CANARY.encode() * 10


@pytest.fixture
def gone() -> Leaving:
    return leaving(world())


def parts_of(phrase: str, content: bytes) -> tuple[dict[str, Any], dict[str, bytes], str]:
    """(data, attachments, all that stands on the pages)."""
    pdf = pikepdf.open(io.BytesIO(content), password=phrase)
    parts = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    pages = PdfReader(io.BytesIO(content), password=phrase).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    return json.loads(parts["file.json"]), parts, text


def with_file(gone: Leaving, name: str = "ben-achterberg.png", content: bytes = BYTES) -> Attachment:
    before = set(Attachment.objects.values_list("pk", flat=True))
    file = Accepted(Kind.PNG, content, name, hashlib.sha256(content).hexdigest())
    write(by=gone.here.dsl, concern=gone.concern, kind=EntryKind.NOTE, words={"text": name}, files=[file])
    return Attachment.objects.exclude(pk__in=before).get()


def force(gone: Leaving) -> Incident:
    now, here = timezone.now(), gone.here
    words = Words(
        name="Amara Okafor", staff=["Ms Grey"], witnesses=[], my_part="involved", place="Hall",
        before="Ben Achterberg ran.", tried="I spoke.", why="She was about to fall.",
        how=f"{CANARY} by the forearm.", others="Ben Achterberg",
    )  # fmt: skip
    facts = Facts(now, now, ["physical"], ["injury"], pupil_hurt=True)
    return record_incident(by=here.tutor, token=uuid.uuid4(), student=here.student, facts=facts, words=words, staff=[])


def test_files_go_along_with_their_digests_unless_a_lead_leaves_one_out(gone: Leaving) -> None:
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    with_file(gone)
    other = with_file(gone, "letter.png", b"Another")
    url = reverse("transfer:package", args=[transfer.pk])
    assert client.get(url, follow=True).content.decode().count('name="file"') == 2
    phrase, content = packed(client, transfer, without=[other])
    data, parts, text = parts_of(phrase, content)
    assert parts["file-001.png"] == BYTES
    assert set(parts) == {"file.json", "manifest.json", "file-001.png"}
    listed = {part["name"]: part for part in json.loads(parts["manifest.json"])["parts"]}
    assert listed["file-001.png"]["sha256"] == hashlib.sha256(BYTES).hexdigest()
    assert listed["file-001.png"]["bytes"] == len(BYTES)
    assert "file-002.png" not in listed
    files = [file for concern in data["concerns"] for entry in concern["entries"] for file in entry["files"]]
    assert [(file["name"], file["in_package"]) for file in files] == [("file-001.png", True), ("file-002.png", False)]
    assert files[0]["sha256"] == hashlib.sha256(BYTES).hexdigest()
    assert "file-002.png: not in this document" in text
    assert "1 file that came with entries: listed with them, left out by whoever made this" in text
    assert "ben-achterberg.png" not in (text + parts["file.json"].decode() + parts["manifest.json"].decode())
    assert Package.objects.get().files == 1
    assert BYTES not in content, "sealed like the pages"


def test_a_file_of_another_child_cannot_be_asked_for(gone: Leaving) -> None:
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    strange = make.AttachmentFactory.create()
    with_file(gone)
    phrase, content = packed(client, transfer, also=[str(strange.pk), "no key"])
    assert set(parts_of(phrase, content)[1]) == {"file.json", "manifest.json", "file-001.png"}


def test_records_of_force_go_along_without_the_names_of_others(gone: Leaving) -> None:
    incident = force(gone)
    add_entry(
        by=gone.here.dsl, incident=incident, kind=ForceKind.PUPIL, at=timezone.now(), words={"text": "Feels calm."}
    )
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    phrase, content = packed(client, transfer)
    data, _, text = parts_of(phrase, content)
    [told] = data["use_of_force"]
    assert [entry["kind"] for entry in told["entries"]] == ["Recorded", "Talk with the pupil afterwards"]
    assert told["others_left_out"] is True
    assert told["entries"][0]["words"]["before"] == "Pupil B ran."
    for words in (f"{CANARY} by the forearm", "Pupil B ran", "Feels calm", "Other pupils who were there are left out"):
        assert words in text, words
    assert "Achterberg" not in text + json.dumps(data)
    assert Package.objects.get().force == 2
    opened = Event.objects.filter(action="file.force_opened", object_id=str(incident.pk), actor_id=gone.here.dsl.pk)
    assert opened.exists(), "reading it stands on the record"


def test_lines_to_staff_and_what_is_waited_for_go_along(gone: Leaving) -> None:
    with acting_as(Actor(user_id=gone.here.dsl.pk, elevated=True)):
        publish_line(
            by=gone.here.dsl, student=gone.here.student, people=[gone.here.tutor], text="Not sent home by bus.",
            why="Ben Achterberg waits there.", until=TODAY + dt.timedelta(days=3),
        )  # fmt: skip
    make.DueFactory.create(concern=gone.concern, kind="answer", what="mash", made_by=gone.here.dsl)
    client = lead(gone)
    phrase, content = packed(client, begun(client, gone.here.student))
    data, _, text = parts_of(phrase, content)
    [line] = data["lines_to_staff"]
    assert (line["text"], line["why"], line["for"]) == (
        "Not sent home by bus.", "Pupil B waits there.", [str(gone.here.tutor)],
    )  # fmt: skip
    [due] = [due for concern in data["concerns"] for due in concern["waits_for"]]
    assert (due["what"], due["ended_on"]) == ("Answer to a referral: Children’s social care (MASH)", "")
    for words in ("Not sent home by bus", "Pupil B waits there", "Answer to a referral", "Still open"):
        assert words in text, words
    assert Package.objects.get().lines == 1


def stands(gone: Leaving) -> None:
    row = make.StandingFactory.create(student=gone.here.student, written_by=gone.here.dsl, written_at=timezone.now())
    sealed, key = StandingWords(standing=row), keys_of_students([gone.here.student.pk])[gone.here.student.pk]
    sealed.words = Cipher(key).seal(sealed, "words", {"people": [], "note": "Ben Achterberg stays there."})
    sealed.save(force_insert=True)


def test_where_the_child_stands_goes_along(gone: Leaving) -> None:
    stands(gone)
    client = lead(gone)
    phrase, content = packed(client, begun(client, gone.here.student))
    data, _, text = parts_of(phrase, content)
    [told] = data["standings"]
    assert (told["words"]["note"], told["readable"]) == ("Pupil B stays there.", True)
    assert "Pupil B stays there." in text


@pytest.mark.parametrize("what", ["force", "line", "standing"])
def test_what_came_after_the_package_was_made_is_told_before_it_goes(gone: Leaving, what: str) -> None:
    """Held by PostgreSQL, as for entries."""
    client = lead(gone)
    transfer = begun(client, gone.here.student)
    do(client, transfer, "destination", **TO)
    packed(client, transfer)
    if what == "force":
        force(gone)
    elif what == "standing":
        stands(gone)
    else:
        make.StaffLineFactory.create(student=gone.here.student, published_by=gone.here.dsl)
    assert "more was written on the file" in do(client, transfer, "sent", method="in_person").content.decode()
    packed(client, transfer)
    assert do(client, transfer, "sent", method="in_person").status_code == 302
    assert Transfer.objects.get().sent_at
