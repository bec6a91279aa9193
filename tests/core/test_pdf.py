"""PDFs: tagged, named, fonts inside, and nothing fetched but our own files."""

import io
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from core import pdf, uploads
from core.pdf_join import Part, join_pdfs

PAGE = "<!DOCTYPE html><html lang=en-GB><title>x</title><body>{}</body></html>"
HOSTILE = [
    '<img src="http://elsewhere.example/a.png">',
    '<img src="https://elsewhere.example/a.png">',
    '<img src="file:///etc/passwd">',
    '<img src="FILE:///etc/passwd">',
    '<img src="data:image/svg+xml,&lt;svg/&gt;">',
    '<img src="asset:../settings.py">',
    '<img src="ftp://elsewhere.example/a">',
    '<link rel="stylesheet" href="http://elsewhere.example/a.css">',
    '<link rel="stylesheet" href="file:///etc/passwd">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">take</a>',
    '<style>@import "http://elsewhere.example/a.css";</style>',
    "<style>body { background: url(http://elsewhere.example/a.png) }</style>",
    "<style>@font-face { font-family: x; src: url(file:///etc/passwd) } body { font-family: x }</style>x",
    '<p style="background: url(//elsewhere.example/a.png)">x</p><base href="http://elsewhere.example/">',
    '<p style="list-style-image: url(http://elsewhere.example/a.png); display: list-item">x</p>',
    '<p style="content: url(http://elsewhere.example/a.png)">x</p>',
    "<style>p::before { content: url(http://elsewhere.example/a.png) }</style><p>x</p>",
    '<object data="http://elsewhere.example/a.svg"></object>',
    '<embed src="file:///etc/passwd">',
    '<svg width="9" height="9"><image href="http://elsewhere.example/a.png" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><use href="http://elsewhere.example/a.svg#x"/></svg>',
    '<svg width="9" height="9"><style>@import "file:///etc/passwd";</style><rect width="9" height="9"/></svg>',
    '<svg width="9" height="9"><filter id="f"><feImage href="file:///etc/passwd"/></filter></svg>',
    '<svg width="9" height="9"><rect width="9" height="9" fill="url(http://elsewhere.example/a.svg#g)"/></svg>',
    '<img src="asset:inter-regular.woff2/../../config/settings/__init__.py">',
    '<img src="http://127.0.0.1:6379/">',
    '<img src="http://169.254.169.254/latest/meta-data/">',
    '<img src="gopher://127.0.0.1:6379/_INFO">',
    '<img src="//elsewhere.example/a.png">',
    '<img srcset="http://elsewhere.example/a.png 2x" src="http://elsewhere.example/a.png">',
    '<input type="image" src="http://elsewhere.example/a.png">',
    '<iframe src="file:///etc/passwd"></iframe>',
    '<video poster="http://elsewhere.example/a.png"></video>',
    '<link rel="icon" href="file:///etc/passwd">',
    "<style>@page { background: url(http://elsewhere.example/a.png) }</style><p>x</p>",
    "<style>p { border-image: url(http://elsewhere.example/a.png) 9; border: 9px solid }</style><p>x</p>",
    r"<style>p { background: url(\66ile:///etc/passwd) }</style><p>x</p>",
    '<meta http-equiv="refresh" content="0;url=http://elsewhere.example/">',
]


def test_there_are_more_than_thirty_ways_to_ask() -> None:
    assert len(HOSTILE) >= 31


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise AssertionError(f"the network was reached: {args}")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("markup", HOSTILE)
def test_a_page_that_asks_for_anything_else_is_refused(markup: str) -> None:
    try:
        made = pdf.render(PAGE.format(markup), title="x")
    except pdf.ResourceRefusedError:
        return
    # Not even asked for: then it must not be inside either.
    assert b"root:" not in made
    assert "/EmbeddedFiles" not in PdfReader(io.BytesIO(made)).trailer["/Root"].get("/Names", {})


def test_the_refusals_are_not_all_silence() -> None:
    """The control of the test above: the plain cases do raise, and the next page is drawn as if nothing had been."""
    for markup in (HOSTILE[0], HOSTILE[2], HOSTILE[12], HOSTILE[20]):
        with pytest.raises(pdf.ResourceRefusedError):
            pdf.render(PAGE.format(markup), title="x")
    assert pdf.render(PAGE.format("<p>well</p>"), title="x").startswith(b"%PDF-")


def test_it_is_tagged_named_in_british_english_and_carries_its_fonts() -> None:
    made = pdf.render(PAGE.format("<h1>Małgorzata Şahin ▲</h1><p><i>words</i></p>"), title="Autumn term")
    reader = PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Autumn term"
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    fonts = _fonts(reader)
    assert {name.split("+")[1] for name, _ in fonts} == {"Inter", "Inter-Bold", "Inter-Italic"}
    assert all(embedded for _, embedded in fonts)
    assert "Małgorzata Şahin ▲" in reader.pages[0].extract_text()


def _fonts(reader: PdfReader) -> set[tuple[str, bool]]:
    found = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            whole: DictionaryObject = font.get_object()
            inner = whole["/DescendantFonts"][0].get_object()
            found.add((str(whole["/BaseFont"]), "/FontFile2" in inner["/FontDescriptor"]))
    return found


def test_the_same_page_twice_is_read_once() -> None:
    assert pdf._printer("pdf/report.css") is pdf._printer("pdf/report.css")


def test_a_machine_without_pango_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *_: Any) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    pdf._printer.cache_clear()
    for name in [n for n in sys.modules if n.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(pdf.PdfUnavailableError, match="apt-get install -y libpango"):
        pdf.render("<p>x", title="x")


def test_joined_reports_keep_their_tags_and_begin_on_right_hand_pages(tmp_path: Path) -> None:
    long = "".join(f"<p>paragraph {n}</p>" for n in range(60))
    parts = []
    for name, body in (("Ada", "<p>short</p>"), ("Ben", long), ("Caz", "<p>last</p>")):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(pdf.render(PAGE.format(f"<h1>{name}</h1>{body}"), title=name))
        parts.append(Part(name, path))
    target = io.BytesIO()
    assert join_pdfs(parts, target, title="11BEC") == 5

    reader = PdfReader(target)
    assert [(b.title, reader.get_destination_page_number(b)) for b in reader.outline] == [
        ("Ada", 0),
        ("Ben", 2),
        ("Caz", 4),
    ]  # type: ignore[union-attr, arg-type]
    assert reader.pages[1].extract_text() == ""
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "11BEC"
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    chapters = tree["/K"][0].get_object()["/K"]
    assert [c.get_object()["/S"] for c in chapters] == ["/Part"] * 3
    _check_every_page_finds_its_own_tags(reader, tree)


def _check_every_page_finds_its_own_tags(reader: PdfReader, tree: DictionaryObject) -> None:
    numbers = tree["/ParentTree"]["/Nums"]
    rows = dict(zip(numbers[::2], numbers[1::2], strict=True))
    used = [page["/StructParents"] for page in reader.pages if "/StructParents" in page]
    assert len(used) == len(set(used)) == 4
    for page in reader.pages:
        if "/StructParents" in page:
            owners = {
                element.get_object()["/Pg"].indirect_reference for element in rows[page["/StructParents"]].get_object()
            }
            assert owners == {page.indirect_reference}


def test_making_a_pdf_does_not_make_uploads_lax() -> None:
    """WeasyPrint lets the whole process read pictures that were cut off; whoever uploads one is still told."""
    pdf.render(PAGE.format("<h1>A</h1>"), title="x")
    cut = io.BytesIO()
    Image.new("RGB", (400, 400), "teal").save(cut, "PNG")
    with pytest.raises(uploads.RefusedUploadError):
        uploads.accept(SimpleUploadedFile("cut.png", cut.getvalue()[:60]), uploads.PICTURES)
