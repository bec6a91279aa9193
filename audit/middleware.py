"""Notes where a request comes from, and what it was refused."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from audit.origin import arriving, current_origin
from audit.services import record
from core.acting import Actor, acting_as


class RecordMiddleware:
    """Around the request's own transaction, which a refusal rolls back: the note of it has one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with arriving(request):
            response = self.get_response(request)
            if response.status_code in (403, 404):
                _record_refusal(request, response.status_code)
            return response


def _record_refusal(request: HttpRequest, status: int) -> None:
    """403, and 404 at the address of a thing: whether it is hidden or was never there, the policies do not tell us."""
    user, match = request.user, request.resolver_match
    if match is None or not user.is_authenticated or not (status == 403 or match.kwargs):
        return
    # Of pages that are read apart, so are their refusals: an address alone may tell too much.
    family = settings.RECORD_APART.get(match.namespace, "access")
    action = f"{family}.refused" if status == 403 else f"{family}.not_found"
    thing = {name: str(value) for name, value in match.kwargs.items()}
    with acting_as(Actor(user_id=user.pk, request_id=current_origin().request_id)), transaction.atomic():
        record(action, by=user, page=match.view_name, method=request.method, of=thing)
