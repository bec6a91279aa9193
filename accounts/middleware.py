"""Binds each request to the person who sent it: one transaction, one actor."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.step_up import is_elevated
from audit.origin import current_origin
from core.acting import NOBODY, Actor, acting_as

# Asked by supervisors, also while the database is away.
HEALTH = "/health/"


class ActorMiddleware:
    """Everything below it, rendering included, runs in one transaction as the person signed in.

    Django turns what a view raises into an answer before it comes back here, so the failure is noted on its way: what
    was begun is taken back, for a refusal as for an error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == HEALTH:
            return self.get_response(request)
        user = request.user
        actor = NOBODY
        if user.is_authenticated:
            actor = Actor(user.pk, elevated=is_elevated(request), request_id=current_origin().request_id)
        with acting_as(actor), transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, "view_failed", False):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A hook of Django's: the view, or the drawing of its page, raised something."""
        request.view_failed = True  # type: ignore[attr-defined]
