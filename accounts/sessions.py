"""How long a session lives: half an hour idle, ten hours in all, and not a moment beyond leaving the school.

NIST SP 800-63B allows 30 minutes and 12 hours for what we protect. What a page sends by itself (drafts, polls) does not
keep a session alive: a computer left alone must sign its user out.
"""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Membership, User
from accounts.session_store import Kept
from audit.services import record

BEGAN, SEEN = "began_at", "seen_at"
# Sent by pages without anybody touching the keyboard, or while somebody only types.
BACKGROUND = frozenset({"accounts:draft-save", "core:csrf", "core:health", "desk:find"})
# These ask for themselves every second or two, as pieces of a page.
POLLED = frozenset({"reports:run-detail", "exchange:run-detail"})
NOTE_EVERY = 60  # seconds; one row written a minute for each person at work


def reason_to_end(request: HttpRequest) -> str | None:
    """Why this session ends here: "idle", "old", "left"; None while it goes on."""
    now, session = time.time(), request.session
    if now - session.get(BEGAN, now) >= settings.SESSION_COOKIE_AGE:
        return "old"
    if now - session.get(SEEN, now) >= settings.SESSION_IDLE:
        return "idle"
    user: User = request.user  # type: ignore[assignment]
    return None if user.current_memberships else "left"


def begin_clock(request: HttpRequest) -> None:
    """Both limits count from signing in, whatever the session was before."""
    request.session[BEGAN] = request.session[SEEN] = time.time()


def note_activity(request: HttpRequest) -> None:
    """Remember when somebody last did something; at most once a minute."""
    now, session = time.time(), request.session
    session.setdefault(BEGAN, now)
    if is_background(request) or now - session.get(SEEN, 0) < NOTE_EVERY:
        session.setdefault(SEEN, now)
        return
    session[SEEN] = now
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


def is_background(request: HttpRequest) -> bool:
    """Whether the page sent this by itself."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name in BACKGROUND or (name in POLLED and "HX-Request" in request.headers)


def end_this_session(request: HttpRequest, reason: str) -> None:
    """Sign this browser out; where the person has left the school, all their other browsers too."""
    user: User = request.user  # type: ignore[assignment]
    if reason == "left":
        delete_sessions(user)
    else:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
    record("session.ended", by=user, obj=user, reason=reason)
    request.session.flush()
    request.user = AnonymousUser()


def delete_sessions(user: User, *, keep: str | None = None) -> int:
    """Remove this person's sessions from the database, but for the one with the key `keep`; returns how many."""
    theirs = UserSession.objects.filter(user_id=user.pk).exclude(session_key=keep or "")
    Session.objects.filter(session_key__in=theirs.values(kept=Kept("session_key"))).delete()
    return int(theirs.delete()[0])


def purge_sessions() -> int:
    """Delete sessions that ran out, and those of people switched off or without a role today; returns how many.

    The gate refuses them at their next request anyway; after this nothing is left to refuse. Harmless if repeated.
    """
    working = Membership.objects.current().filter(user__is_active=True).values("user")
    known = UserSession.objects.annotate(kept=Kept("session_key"))
    leavers = known.exclude(user__in=working).values("kept")
    ended = Session.objects.filter(Q(expire_date__lt=timezone.now()) | Q(session_key__in=leavers)).delete()[0]
    known.exclude(kept__in=Session.objects.values("session_key")).delete()
    return int(ended)
