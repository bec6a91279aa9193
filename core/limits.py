"""How often one person may do what costs much or could empty the school's records; counted in the database's cache.

The count is part of the request's own transaction: two exports by one person at one moment run one after the other,
and a request that fails is not counted.
"""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render

View = TypeVar("View")
P = ParamSpec("P")
Handler = Callable[Concatenate[View, Any, P], HttpResponseBase]


@dataclass(frozen=True)
class Limit:
    """At most `most` times within any `seconds`."""

    name: str
    most: int
    seconds: int


EXPORTS = Limit("exports", 10, 60 * 60)
# Finding by name asks after every pause in the typing: thirty names a minute, four requests each.
SEARCHES = Limit("searches", 120, 60)
# A look at a comment after each pause in the typing.
COMMENT_CHECKS = Limit("comment-checks", 120, 60)
# The same for the lines agreed in a 1:1.
WORD_CHECKS = Limit("word-checks", 120, 60)
DRAFT_SAVES = Limit("draft-saves", 60, 60)
# For the whole site, not for each sender: a stranger may send these.
POLICY_REPORTS = Limit("policy-reports", 60, 60)
# Calendar programs ask every few minutes at most, from a few devices of one person; a wrong token is a guess.
CALENDAR_READS = Limit("calendar-reads", 60, 60 * 60)
CALENDAR_GUESSES = Limit("calendar-guesses", 300, 60)
# A link in a mail is opened by scanners and by whoever answers; a wrong one is a guess.
ASK_LINKS = Limit("ask-links", 60, 60 * 60)
ASK_GUESSES = Limit("ask-guesses", 300, 60)
STOP_LINKS = Limit("stop-links", 60, 60 * 60)
STOP_GUESSES = Limit("stop-guesses", 300, 60)


def is_within(limit: Limit, who: object) -> bool:
    """Count one more for this person (or other key); False where it is too many. What is refused is not counted."""
    key, now = f"limit:{limit.name}:{who}", time.time()
    recent = [at for at in cache.get(key, []) if at > now - limit.seconds]
    if len(recent) >= limit.most:
        return False
    cache.set(key, [*recent, now], limit.seconds)
    return True


def limited(limit: Limit) -> Callable[[Handler[View, P]], Handler[View, P]]:
    """For a view's `get` or `post`, after its permission check: 429 and Retry-After beyond the limit."""

    def decorate(handler: Handler[View, P]) -> Handler[View, P]:
        @functools.wraps(handler)
        def guarded(self: View, request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not is_within(limit, request.user.pk):
                return too_many(request, limit)
            return handler(self, request, *args, **kwargs)

        return cast(Handler[View, P], guarded)

    return decorate


def too_many(request: HttpRequest, limit: Limit) -> HttpResponseBase:
    """The plain page that asks for a moment, or its JSON for a script."""
    if "application/json" in request.headers.get("Accept", ""):
        retry = {"Retry-After": str(limit.seconds)}
        return JsonResponse({"error": "too many in a short time"}, status=429, headers=retry)
    template = "partials/too_many.html" if request.headers.get("HX-Request") else "429.html"
    context = {"most": limit.most, "minutes": limit.seconds // 60}
    answer = render(request, template, context, status=429)
    answer.headers["Retry-After"] = str(limit.seconds)
    return answer
