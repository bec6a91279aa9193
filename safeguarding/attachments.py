"""Files that come with what is written on the file: checked and drawn anew, sealed, and given out as attachments only.

Their bytes never touch the disk on the way (core.upload_handlers), and a draft never holds them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat

from core.encryption import EncryptionError
from core.file_fields import ManyFilesField, ManyFilesInput
from core.ids import UUID
from core.uploads import Accepted, Kind, RefusedUploadError, accept
from safeguarding.keys import Cipher, cipher_of
from safeguarding.models import Attachment, Concern, Entry

MOST_AT_ONCE = 10
# Bytes of a request with files: larger ones, which some of ten could be together, go in two.
LARGEST_REQUEST = 41 * 1024 * 1024
ADVICE = (
    "A screenshot, a letter, a drawing: jpg, png, webp, pdf or docx, up to 10 MB each, ten at most, 40 MB together."
    " Never photograph an injury. Never copy or keep a nude or sexual picture of a child: say where it is, and tell"
    " the lead."
)
AGAIN = "Choose your files again: a browser keeps no files when a page comes back."


class FilesField(ManyFilesField):
    """Files that may be kept; each that may not is named, with the reason."""

    def __init__(self) -> None:
        endings = ",".join(f".{kind.value}" for kind in Kind)
        widget = ManyFilesInput(attrs={"class": "form-control", "accept": f"{endings},.jpeg"})
        super().__init__(label="Files", required=False, help_text=ADVICE, widget=widget)

    def clean(self, data: Any, initial: Any = None) -> list[Accepted]:
        files = super().clean(data, initial)
        if len(files) > MOST_AT_ONCE:
            raise forms.ValidationError(f"Ten files at most; you chose {len(files)}. Send the others with another.")
        refused: list[str] = []
        taken = [self._checked(file, refused) for file in files]
        if refused:
            raise forms.ValidationError([*refused, AGAIN] if len(files) > 1 else refused)
        return [file for file in taken if file]

    def _checked(self, file: "UploadedFile[Any]", refused: list[str]) -> Accepted | None:
        try:
            return accept(file)
        except RefusedUploadError as why:
            refused.append(f"{file.name}: {why}")
            return None


def ask_for_files_again(form: forms.Form) -> None:
    """In `clean` of a form with files: where the page comes back for another mistake, the files do not."""
    if form.errors and form.cleaned_data.get("attached"):
        form.add_error("attached", AGAIN)


@dataclass(frozen=True)
class ShownFile:
    """A file as a page lists it; `name` says so where it cannot be read."""

    row: Attachment
    name: str
    kind: str = ""
    size: str = ""


def attach(entry: Entry, cipher: Cipher, files: Sequence[Accepted]) -> None:
    """Seal them and put them with an entry that was written in this very transaction."""
    for file in files:
        row = Attachment(concern_id=entry.concern_id, entry=entry, added_by_id=entry.author_id)
        about = {"name": file.shown_name, "kind": file.kind.value, "bytes": len(file.content), "sha256": file.sha256}
        row.about = cipher.seal(row, "about", about)
        row.content = cipher.seal_bytes(row, "content", file.content)
        row.save(force_insert=True)


def files_by_entry(rows: QuerySet[Attachment], ciphers: dict[UUID, Cipher]) -> dict[UUID, list[ShownFile]]:
    """entry → its files, without their bytes, by name. `ciphers`: by concern."""
    found: dict[UUID, list[ShownFile]] = {}
    for row in rows.defer("content"):
        found.setdefault(row.entry_id, []).append(_shown(row, ciphers.get(row.concern_id)))
    return {entry: sorted(files, key=lambda file: file.name) for entry, files in found.items()}


def _shown(row: Attachment, cipher: Cipher | None) -> ShownFile:
    try:
        if cipher is None:
            raise EncryptionError("No key of this concern can be opened.")
        about = cipher.open(row, "about")
    except EncryptionError:
        return ShownFile(row, "A file that cannot be read")
    return ShownFile(row, about["name"], about["kind"], filesizeformat(about["bytes"]))


def opened_file(row: Attachment, concern: Concern) -> tuple[str, bytes]:
    """Its name and its bytes. Raises EncryptionError."""
    cipher = cipher_of(concern)
    return cipher.open(row, "about")["name"], cipher.open_bytes(row, "content")


def hashes(files: Iterable[Accepted]) -> list[str]:
    """What tells the same files from others when a form is sent twice."""
    return sorted(file.sha256 for file in files)
