"""Guards at the edge: headers on every answer, strange requests refused, typed text that survives a lost session."""

from collections.abc import Callable
from urllib.parse import unquote_plus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.views import keep_typed_text

Handler = Callable[[HttpRequest], HttpResponse]

# What Django's own middleware adds too; said here again for answers made before it is asked, such as a refused host.
HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), payment=(), display-capture=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# "none" is a person's own doing: an address typed, a form sent again after a restart of the browser.
OUR_OWN = frozenset({"same-origin", "none"})


class SecurityHeadersMiddleware:
    """Outermost, so that files, redirects and errors have the headers as well; only files may be kept by a browser."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


# Bytes of a whole request: one picture or document with its form. A view that takes more says `largest_request`.
LARGEST_REQUEST = 11 * 1024 * 1024


class StrangeRequestsMiddleware:
    """Turns away what no page of ours sends: changes asked for by another site, floods, addresses with a NUL in them.

    The browser itself says where a request comes from (Sec-Fetch-Site); this stands beside the form tokens, not in
    their place. PostgreSQL's texts hold no NUL, so an address with one can only fail later. It stands before whatever
    reads a form: a body that is too large is never read.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "\x00" in unquote_plus(request.META.get("QUERY_STRING", "")):
            raise SuspiciousOperation("an address with a NUL in it")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        most = getattr(getattr(view, "view_class", None), "largest_request", LARGEST_REQUEST)
        if _length(request) > most:
            return render(request, "413.html", {"megabytes": most // 1024 // 1024}, status=413)
        sender = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.method in SAFE_METHODS or sender in OUR_OWN:
            return None
        return keep_typed_text(request, status=403)


def _length(request: HttpRequest) -> int:
    """Bytes of the body, as the server itself reads it: one without a length has none."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isdecimal() and said.isascii() else 0


class KeepTypedTextMiddleware:
    """A form sent after the session ended comes back with its text and a way to sign in, not as a bare log-in page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        public = not getattr(view, "login_required", True)
        if request.method != "POST" or public or request.user.is_authenticated:
            return None
        return keep_typed_text(request, status=401)
