"""Pages that belong to no app: keys, accessibility, health, and the page that gives typed text back."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answers `ok` for a supervisor or load balancer; touches neither database nor Redis."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_GET
def csrf(request: HttpRequest) -> JsonResponse:
    """A fresh form token after a new sign-in, whether somebody is signed in, and who: text goes only to its writer."""
    user = request.user
    return JsonResponse({"csrf": get_token(request), "signed_in": user.is_authenticated, "user": str(user.pk or "")})


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The keyboard shortcuts, as a page for those without JavaScript."""
    return render(request, "core/keys.html")


@login_not_required
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (Public Sector Bodies Accessibility Regulations 2018)."""
    return render(request, "core/accessibility.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shown when a form's token is stale, usually after signing in again in another tab."""
    return keep_typed_text(request, status=403)


def keep_typed_text(request: HttpRequest, status: int) -> HttpResponse:
    """Give back what was typed, unless the form came from another site: then nothing of it is shown."""
    if request.headers.get("HX-Request") or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"signed_in": request.user.is_authenticated}, status=status)
    fields: list[tuple[str, str]] = []
    if _from_our_own_page(request):
        fields = [(name, value) for name, values in request.POST.lists() for value in values if value]
    hidden = ("csrfmiddlewaretoken", "password")
    kept = [(name, value) for name, value in fields if not name.startswith(hidden)]
    return render(request, "account/session_ended.html", {"fields": kept, "action": request.path}, status=status)


def _from_our_own_page(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return origin.startswith(f"{request.scheme}://{request.get_host()}")
