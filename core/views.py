"""Pages that belong to no app: keys, accessibility, health, refused policies, errors that give typed text back."""

import json
import logging
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from core.limits import POLICY_REPORTS, is_within
from core.writers import writer_of

logger = logging.getLogger(__name__)
RETRY_AFTER = 30  # seconds
LONGEST_REPORT = 8 * 1024  # bytes


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answers `ok` for a supervisor or load balancer; touches neither database nor Redis."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


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


@csrf_exempt
@login_not_required
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    """Browsers tell here what the content-security policy refused. One plain line in the log, a few a minute.

    Anybody may send one, so nothing of it is believed: known fields only, no query strings, no line breaks.
    """
    if is_within(POLICY_REPORTS, "all"):
        body = request.read(LONGEST_REPORT)
        try:
            report = json.loads(body)["csp-report"]
            page, blocked = urlsplit(str(report["document-uri"])).path, urlsplit(str(report["blocked-uri"]))
            said = f"{report['effective-directive']} {blocked.scheme} {blocked.netloc}{blocked.path} on {page}"
        except (ValueError, KeyError, TypeError, RecursionError):
            return HttpResponse(status=400)
        logger.warning("The content-security policy refused: %s", ascii(said[:300]))
    return HttpResponse(status=204)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 tells nothing; where the database is away or overburdened, 503 gives back what was typed.

    Neither needs the database to be shown.
    """
    if _is_of_the_database(sys.exc_info()[1]):
        fields = _typed(request) if request.method == "POST" else []
        page = render_to_string(
            "503.html", {"fields": fields, "action": request.path, "csrf_token": get_token(request)}
        )
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return defaults.server_error(request)


def _is_of_the_database(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


def keep_typed_text(request: HttpRequest, status: int, *, step_up: str = "") -> HttpResponse:
    """Give back what was typed, to its writer or where nobody is signed in; from another site, nothing is given back.

    The form's stamp says who wrote it. Where somebody else is signed in by now, they see none of it; what has drafts
    is kept among its writer's. `step_up` is the address of the page to prove oneself on, where that is what is missing.
    """
    fields, user = _typed(request), request.user
    writer = writer_of(request.POST.get("writer", ""))
    # Whom a step-up stops has sent a form token of this very sign-in, so a form without a stamp is theirs.
    theirs = writer == user.pk or bool(step_up and writer is None)
    of_another = bool(fields) and user.is_authenticated and not theirs
    kept = of_another and import_string(settings.KEEP_FOR_WRITER)(request)
    if request.headers.get("HX-Request") or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"signed_in": user.is_authenticated}, status=status)
    shown = {"fields": [] if of_another else fields, "of_another": of_another, "kept": kept}
    context = shown | {"action": request.path, "step_up": step_up}
    return render(request, "account/session_ended.html", context, status=status)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of all that was typed on a page of ours, but for tokens and passwords."""
    if not _from_our_own_page(request):
        return []
    try:
        sent = request.POST.lists()
    except RawPostDataException:  # the body was taken before, as a stream
        return []
    hidden = ("csrfmiddlewaretoken", "password")
    return [(name, value) for name, values in sent for value in values if value and not name.startswith(hidden)]


def _from_our_own_page(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())
