"""Letting people in and out: invitations by mail, good for one use within seven days; sessions and accounts ended."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import sessions
from accounts.models import Invitation, User
from audit.services import record
from core.acting import NOBODY, acting_as

GOOD_FOR = dt.timedelta(days=7)
# One mail takes a mail server a moment, and somebody waits for the page.
AT_ONCE = 100


def invitation_of(token: str) -> Invitation | None:
    """The invitation this link belongs to; None where it was used, is too old, was replaced, or never was."""
    found = Invitation.objects.filter(token_hash=_hash(token), accepted_at=None, user__is_active=True)
    found = found.filter(sent_at__gt=timezone.now() - GOOD_FOR).select_related("user__school")
    return found.first() if token else None


def invite_people(people: Sequence[User], *, by: User | None, link: str) -> int:
    """Send each of them a new link; any earlier one stops working. Returns how many were sent.

    `link` is the address of the invitation page with TOKEN where the token belongs.
    """
    mails = []
    for person in people:
        token = make_invitation(person, by=by)
        mails.append(_mail(person, link.replace("TOKEN", token), by))
    with get_connection() as connection:
        return connection.send_messages(mails) or 0


@transaction.atomic
def make_invitation(person: User, *, by: User | None) -> str:
    """A fresh token, 256 bits of chance, of which the database keeps only the hash."""
    token = secrets.token_urlsafe(32)
    fields = {"token_hash": _hash(token), "sent_at": timezone.now(), "sent_by": by, "accepted_at": None}
    Invitation.objects.update_or_create(user=person, defaults=fields)
    record("invitation.sent", by=by, obj=person)
    return token


@transaction.atomic
def accept_invitation(invitation: Invitation, *, password: str) -> None:
    """Keep the chosen password; the link is used up, and whoever was signed in as this person is not any more."""
    person = invitation.user
    person.set_password(password)
    # The link is what allows it, not whoever may be signed in at this browser.
    with acting_as(NOBODY):
        person.save(update_fields=["password"])
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
        sessions.delete_sessions(person)
    record("invitation.accepted", by=person, obj=person)


@transaction.atomic
def change_active(person: User, *, active: bool, by: User) -> None:
    """Switch the account off, ending its sessions at once, or on again."""
    person.is_active = active
    person.save(update_fields=["is_active"])
    if not active:
        Invitation.objects.filter(user=person, accepted_at=None).delete()
        sessions.delete_sessions(person)
    record("account.switched_on" if active else "account.switched_off", by=by, obj=person)


@transaction.atomic
def end_sessions(person: User, *, by: User) -> int:
    """Sign somebody out everywhere; returns from how many browsers."""
    ended = sessions.delete_sessions(person)
    record("session.ended", by=by, obj=person, reason="by the school", count=ended)
    return ended


@transaction.atomic
def remove_factors(person: User, *, by: User) -> int:
    """For somebody who lost phone and recovery codes: they add a factor anew at their next sign-in by password."""
    removed = Authenticator.objects.filter(user_id=person.pk).delete()[0]
    sessions.delete_sessions(person)
    record("factor.removed", by=by, obj=person, kind="all", count=removed)
    return int(removed)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(person: User, link: str, by: User | None) -> EmailMessage:
    context = {"person": person, "link": link, "by": by, "days": GOOD_FOR.days}
    subject = render_to_string("account/email/invitation_subject.txt", context).strip()
    body = render_to_string("account/email/invitation_message.txt", context)
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])
