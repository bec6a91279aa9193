"""Where the files come from: a folder, or one zip unpacked without trusting a byte of it."""

import shutil
import zipfile
from pathlib import Path

from exchange.reading import TEXT_ENDINGS

MOST_FILES = 200
MOST_BYTES = 200 * 1024 * 1024
_CHUNK = 1 << 20


class BadUploadError(Exception):
    """A zip or a set of files that is not taken in; the message says why."""


def unpack(archive: Path, folder: Path) -> None:
    """Write the text files of a zip into the folder, under their own last names; never follows a path inside it."""
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [e for e in opened.infolist() if not e.is_dir() and not _is_noise(e.filename)]
            if len(entries) > MOST_FILES:
                raise BadUploadError(f"The zip holds {len(entries)} files; at most {MOST_FILES} are taken.")
            room = MOST_BYTES
            for entry in entries:
                room -= _unpack_one(opened, entry, folder, room)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadUploadError("The zip cannot be opened. It is damaged or protected by a password.") from error


def _unpack_one(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, room: int) -> int:
    parts = Path(entry.filename.replace("\\", "/")).parts
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename:
        raise BadUploadError(f"The zip names a place outside itself ({entry.filename[:80]}). It is not opened.")
    name = parts[-1]
    if Path(name).suffix.lower() == ".zip":
        raise BadUploadError("There is a zip inside the zip. Put the CSV files into one zip.")
    target = free_name(folder, name)
    written = 0
    # The size in the directory may lie, so the bytes themselves are counted.
    with opened.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > room:
                raise BadUploadError(f"Unpacked, the files are larger than {MOST_BYTES // 1024 // 1024} MB.")
            out.write(chunk)
    return written


def free_name(folder: Path, name: str) -> Path:
    """A place in the folder for a file of that name; a second one of the name gets a number."""
    plain = Path(name.replace("\\", "/")).name[-100:].lstrip(".") or "file"
    target = folder / plain
    for number in range(2, MOST_FILES + 2):
        if not target.exists():
            break
        target = folder / f"{Path(plain).stem} ({number}){Path(plain).suffix}"
    return target


def files_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """(files that may be tables, other files), by name; hidden ones and links are passed over."""
    found = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()]
    seen = [p for p in found if not _is_noise(str(p.relative_to(folder)))]
    tables = [p for p in seen if p.suffix.lower() in TEXT_ENDINGS]
    return tables, [p for p in seen if p not in set(tables)]


def _is_noise(name: str) -> bool:
    """What computers add by themselves: hidden files, the Mac's own folder, a spreadsheet's lock."""
    parts = Path(name.replace("\\", "/")).parts
    return any(p == "__MACOSX" or p.startswith("~$") or (p.startswith(".") and p != "..") for p in parts)


def remove_folder(folder: Path) -> None:
    """Take the files away; that there are none is no error."""
    shutil.rmtree(folder, ignore_errors=True)
