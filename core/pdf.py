"""HTML to tagged PDF: the only place that knows WeasyPrint.

Nothing is fetched but the files registered here: no network, no other file, whatever a text in the page asks for.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

INSTALL = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
# Every name a page or style sheet may ask for as `asset:<name>`, and its file under static/.
ASSETS = {
    "inter-regular.woff2": "vendor/inter/Inter-Regular.woff2",
    "inter-italic.woff2": "vendor/inter/Inter-Italic.woff2",
    "inter-semibold.woff2": "vendor/inter/Inter-SemiBold.woff2",
    "inter-bold.woff2": "vendor/inter/Inter-Bold.woff2",
}


class PdfUnavailableError(RuntimeError):
    """This machine cannot make PDFs; the message says what to install."""


class ResourceRefusedError(Exception):
    """A page asked for something that is not ours. An incident, not a broken picture: no PDF is made."""


def render(html: str, *, title: str, sheet: str = "pdf/report.css") -> bytes:
    """One page of HTML as a tagged PDF/UA-1 in British English; `sheet` is a style sheet under static/.

    Raises PdfUnavailableError where Pango is missing, ResourceRefusedError where the page asks for what is not ours.
    """
    return _printer(sheet).render(html, title)


@cache
def _printer(sheet: str) -> "Printer":
    """One per process and style sheet: parsing CSS and loading fonts anew for each report is slow and leaks."""
    printer = Printer(sheet)
    # What lives as long as the process is taken out of the collector's sight: after each report it then looks at
    # that report's leavings alone, in 4 ms instead of 90.
    gc.collect()
    gc.freeze()
    return printer


class Printer:
    """WeasyPrint with a style sheet and fonts read once, and with the closed fetcher."""

    def __init__(self, sheet: str) -> None:
        self.weasyprint = _weasyprint()
        self.refused: list[str] = []
        self.fetcher = _closed_fetcher(self.refused)
        self.fonts = _font_configuration()
        css = _static_file(sheet).read_text()
        self.css = self.weasyprint.CSS(string=css, url_fetcher=self.fetcher, font_config=self.fonts)
        self._stop_if_refused()

    def render(self, html: str, title: str) -> bytes:
        self.refused.clear()
        with _collector_asleep():
            try:
                page = self.weasyprint.HTML(string=html, url_fetcher=self.fetcher)
                document = page.render(stylesheets=[self.css], font_config=self.fonts)
                document.metadata.title, document.metadata.lang = title, "en-GB"
                made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
            except BaseException:  # the fetcher's refusal is a BaseException, so that WeasyPrint lets it through
                self._stop_if_refused()
                raise
        # A picture inside an SVG swallows the refusal; it is one all the same.
        self._stop_if_refused()
        return made

    def _stop_if_refused(self) -> None:
        if self.refused:
            raise ResourceRefusedError(f"The page asked for {self.refused[0][:80]!r}, which is not one of our files.")


def _weasyprint() -> Any:
    try:
        import weasyprint
        from PIL import ImageFile

        # WeasyPrint switches this on for the whole process, and an upload cut off in the middle would be taken.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    except OSError as error:
        raise PdfUnavailableError(f"PDFs need the Pango library. Install it with: {INSTALL}") from error
    return weasyprint


def _font_configuration() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _closed_fetcher(refused: list[str]) -> Any:
    """A WeasyPrint fetcher that knows the registered names and nothing else; refusals are noted in `refused`."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class ClosedFetcher(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            scheme, _, name = url.partition(":")
            if scheme != "asset" or name not in ASSETS:
                refused.append(url)
                raise FatalURLFetchingError(f"not one of our files: {url[:80]}")
            return URLFetcherResponse(url, _font(name))

    return ClosedFetcher(allowed_protocols={"asset"}, allow_redirects=False)


@cache
def _font(name: str) -> bytes:
    """Unpacked once per process: WeasyPrint would unpack each font, a quarter of a second, for every style sheet."""
    from fontTools.ttLib import woff2

    unpacked = BytesIO()
    woff2.decompress(BytesIO(_static_file(ASSETS[name]).read_bytes()), unpacked)
    return unpacked.getvalue()


def _static_file(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise PdfUnavailableError(f"The file static/{name} is missing. Fetch the front-end assets with: make setup")
    return Path(found)


@contextmanager
def _collector_asleep() -> Iterator[None]:
    """Python's cycle collector finds nothing while a page is laid out and costs a twentieth of the time.

    Called afterwards it finds the whole page: without that, memory grows by half over the first two hundred.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect()
