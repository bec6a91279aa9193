"""What may be uploaded, what becomes of it, and how it leaves again."""

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.enums import Role
from core import uploads
from core.downloads import as_attachment, safe_name
from core.uploads import Kind, RefusedUploadError, accept
from tests.factories import person

pytestmark = pytest.mark.sweep

SCRIPT = b"<script>alert(document.domain)</script>"
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n"
PHP = b"<?php system($_GET['c']); ?>"


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(out)
    return out.getvalue()


def word(main: str = uploads._WORD, **parts: str | bytes) -> bytes:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    return zipped({"[Content_Types].xml": types, "word/document.xml": "<document/>"} | parts)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def send(name: str, content: bytes) -> uploads.Accepted:
    return accept(SimpleUploadedFile(name, content))


GOOD = {
    "photo.jpg": picture("JPEG"),
    "photo.JPEG": picture("JPEG"),
    "plan.png": picture("PNG"),
    "plan.webp": picture("WEBP"),
    "letter.pdf": pdf(),
    "letter.docx": word(),
}


@pytest.mark.parametrize("name", GOOD)
def test_known_kinds_come_in(name: str) -> None:
    taken = send(name, GOOD[name])
    assert taken.shown_name == name
    assert taken.kind in uploads.Kind


POLYGLOTS = {
    "html.png": HTML,
    "svg.png": SVG,
    "eps.jpg": EPS,
    "php.jpg": b"\xff\xd8\xff\xe0" + PHP,
    "gif.png": picture("GIF"),
    "gif-script.jpg": b"GIF89a/*" + SCRIPT + b"*/",
    "bmp.webp": picture("BMP"),
    "tiff.jpg": picture("TIFF"),
    "jpeg.png": picture("JPEG"),
    "png.webp": picture("PNG"),
    "png.pdf": picture("PNG"),
    "html.pdf": b"%PDF-1.7\n" + HTML,
    "html-first.pdf": HTML + pdf(),
    "zip-behind.pdf": pdf() + zipped({"a.html": HTML}),
    "html-behind.pdf": pdf() + HTML * 2,
    "zip.docx": zipped({"a.txt": "a"}),
    "exe-first.docx": b"MZ" + word(),
    "html-behind.docx": word() + HTML,
    "xlsx.docx": word("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
    "macros-by-type.docx": word("application/vnd.ms-word.document.macroEnabled.main+xml"),
    "macros.docx": word(**{"word/vbaProject.bin": b"x"}),
    "template.docx": word(
        **{"word/_rels/settings.xml.rels": '<a Type="attachedTemplate" Target="https://x.example"/>'}
    ),
    "pdf.docx": pdf(),
    "empty.png": b"",
    "cut.png": picture("PNG", (400, 400))[:60],
    "cut.jpg": picture("JPEG")[:40],
    "cut.pdf": pdf()[:100],
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_what_is_not_what_its_name_says_is_refused(name: str) -> None:
    with pytest.raises(RefusedUploadError):
        send(name, POLYGLOTS[name])


def test_there_are_twenty_of_them() -> None:
    assert len(POLYGLOTS) >= 20


OTHER_ENDINGS = ["a.svg", "a.html", "a.gif", "a.eps", "a.exe", "a.js", "a.docm", "a.zip", "a", "png", ".png.",
                 "a.png.html", "a.p\x00ng"]  # fmt: skip


@pytest.mark.parametrize("name", OTHER_ENDINGS, ids=ascii)
def test_other_endings_are_refused_whatever_is_inside(name: str) -> None:
    with pytest.raises(RefusedUploadError, match=r"Only docx, jpg, pdf, png and webp files"):
        send(name, GOOD["plan.png"])


def test_a_page_may_take_fewer_kinds() -> None:
    with pytest.raises(RefusedUploadError, match="Only jpg, png and webp"):
        accept(SimpleUploadedFile("letter.pdf", pdf()), uploads.PICTURES)


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")])
def test_pictures_keep_their_pixels_and_lose_everything_else(kind: str, name: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Jamal at home"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    tail = PHP + zipped({"a.html": HTML})
    taken = send(name, picture(kind, (40, 20), exif=exif) + (tail if kind != "WEBP" else b""))
    for trace in (b"Jamal", b"Exif", b"<?php", b"PK\x03\x04", b"<script"):
        assert trace not in taken.content
    with Image.open(io.BytesIO(taken.content)) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == (kind, (40, 20), {})
        red, green, blue = drawn.convert("RGB").getpixel((20, 10))  # type: ignore[misc]
        assert abs(red) < 12
        assert abs(green - 128) < 12
        assert abs(blue - 128) < 12


def test_a_picture_turned_by_its_note_stays_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    taken = send("a.jpg", picture("JPEG", (40, 20), exif=exif))
    with Image.open(io.BytesIO(taken.content)) as drawn:
        assert drawn.size == (20, 40)


def test_transparency_stays() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(send("a.png", out.getvalue()).content)) as drawn:
        assert drawn.getpixel((0, 0)) == (0, 0, 0, 0)


def _png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large; its pixels compress to almost nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((width // 8 + 1) * 100), 9) * 1
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [5_000, 20_000, 60_000])
def test_a_flood_of_pixels_is_refused_before_it_is_drawn(side: int) -> None:
    flood = _png_of(side, side)
    assert len(flood) < 100_000
    with pytest.raises(RefusedUploadError):
        send("a.png", flood)


def test_too_many_bytes() -> None:
    with pytest.raises(RefusedUploadError, match="larger than 10 MB"):
        send("a.pdf", pdf() + b"\n" * uploads.MOST_BYTES)


@pytest.mark.parametrize(
    "parts",
    [
        {"word/media/a.bin": b"\0" * (uploads.MOST_UNPACKED + 1)},
        {f"word/media/{n}.bin": b"" for n in range(uploads.MOST_PARTS)},
        {"../../etc/cron.d/x": b"x"},
        {"/etc/passwd": b"x"},
        {"word/..\\..\\x": b"x"},
        {"[Content_Types].xml": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Types>&b;</Types>'},
        {"[Content_Types].xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Types>&a;</Types>'},
        {"[Content_Types].xml": "<Types"},
    ],
    ids=["bomb", "parts", "traversal", "absolute", "backslashes", "billion-laughs", "outside-entity", "broken-xml"],
)
def test_hostile_documents(parts: dict[str, bytes]) -> None:
    with pytest.raises(RefusedUploadError):
        send("a.docx", word(**parts))  # type: ignore[arg-type]


def test_a_document_with_a_password_is_refused_with_the_reason() -> None:
    out = io.BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(RefusedUploadError, match="password"):
        send("a.pdf", out.getvalue())


@pytest.mark.parametrize("name", ["../../x.png", "C:\\Users\\x.png", "/etc/x.png", "..\\x.png", "a/b/x.png"])
def test_no_path_comes_in_with_a_name(name: str) -> None:
    upload = SimpleUploadedFile("x.png", GOOD["plan.png"])
    upload._name = name  # type: ignore[attr-defined]
    assert accept(upload).shown_name == "x.png"


NAMES = {
    'say "hi".pdf': "say hi.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie x=1.pdf",
    "../../etc/passwd": "etc passwd",
    "Zoë Żak 👩🏽‍🏫.pdf": None,
    "\u202egnp.exe": "gnp.exe",
    "a;b=c.pdf": "a;b=c.pdf",
    "x" * 300 + ".pdf": "x" * 120 + ".pdf",
    "": "file",
    ".htaccess": "htaccess",
    "a\x00b.pdf": "a b.pdf",
    "%2e%2e%2fa.pdf": "%2e%2e%2fa.pdf",
    "'a'.pdf": "'a'.pdf",
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("content", [b"x", io.BytesIO(b"x")], ids=["bytes", "file"])
def test_any_name_makes_one_harmless_header(name: str, content: bytes | io.BytesIO) -> None:
    answer = as_attachment(content if isinstance(content, bytes) else io.BytesIO(b"x"), name)
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert not {"\r", "\n", "\0"} & set(disposition)
    assert disposition.isascii()
    assert disposition.count('"') in (0, 2)
    assert NAMES[name] in (None, safe_name(name))
    assert "/" not in safe_name(name)
    assert safe_name(safe_name(name)) == safe_name(name)


def test_what_leaves_is_never_shown_or_run_by_the_browser() -> None:
    answer = as_attachment(HTML, "a.html")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_request_larger_than_any_page_takes_is_not_read() -> None:
    client = Client()
    client.force_login(person(Role.DATA_MANAGER))
    large = client.generic("POST", "/find/", b"q=1", "application/x-www-form-urlencoded", CONTENT_LENGTH="11534337")
    assert large.status_code == 413
    assert "11 MB" in large.content.decode()
    flood = client.generic("POST", "/import/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH="999999999999")
    assert flood.status_code == 413
    fits = client.post("/import/", {"exports": SimpleUploadedFile("a.csv", b"a" * (12 * 1024 * 1024))})
    assert fits.status_code in (200, 302)


def test_the_kinds_are_the_five() -> None:
    assert {kind.value for kind in Kind} == {"jpg", "png", "webp", "pdf", "docx"}
