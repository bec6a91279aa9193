"""Two small guards at the edge: headers on every answer, and typed text that survives a lost session."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.views import keep_typed_text

Handler = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), usb=(), payment=(), display-capture=()"


class SecurityHeadersMiddleware:
    """Adds what Django and django-csp do not: permissions policy, resource policy, no caching of people's data."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


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
        if request.method != "POST" or request.user.is_authenticated or public:
            return None
        return keep_typed_text(request, status=401)
