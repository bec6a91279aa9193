"""What stands on the record, in words a person uses."""

from typing import Any

from allauth.mfa.models import Authenticator

from accounts.models import School
from reports.record.actions import ACTIONS, Kind
from tutoring.sessions.enums import Kind as SessionKind

_TABS = {"student-story": "story", "student-preparation": "preparation sheet", "student-readers": "who has opened it"}
_LISTS = {
    "record": "student’s record",
    "own-data": "student’s record, for a request for their own data,",
    "needs": "students with needs",
    "students": "all students",
    "conduct": "rewards and sanctions",
    "gaps": "gaps between groups",
    "pack": "pack for a meeting",
    "record-of-actions": "the record of actions",
}
_FACTORS = {
    Authenticator.Type.TOTP.value: "app",
    Authenticator.Type.WEBAUTHN.value: "passkey",
    Authenticator.Type.RECOVERY_CODES.value: "recovery codes",
    "code": "code",
    "all": "all of them",
}
_ENDED = {"idle": "unused for too long", "old": "signed in too long ago", "left": "no longer works here"}
_COUNTED = {"rows": "row", "reports": "report", "steps": "step", "comments": "comment"}


def who(actor_name: str, action: str, *, known: bool) -> str:
    """The name; at the door, where nobody has signed in yet, "somebody"."""
    kind = ACTIONS.get(action, (Kind.WRITTEN, ""))[0]
    return actor_name if known or kind != Kind.SIGN_IN else "somebody"


def actions_of(kind: str) -> list[str]:
    """The actions of a kind."""
    return [action for action, (of, _) in ACTIONS.items() if of == kind]


def said(action: str) -> str:
    """What was done, after the name of whoever did it."""
    return ACTIONS[action][1] if action in ACTIONS else action


def told(action: str, detail: dict[str, Any]) -> str:
    """The few particulars worth a glance, as "student’s record as PDF, 14 rows"; digests and the like are left out."""
    parts = [
        _tab(str(detail.get("page", ""))),
        "named people only" if detail.get("limited") else "",
        _what(action, detail),
        *(_count(detail[name], noun) for name, noun in _COUNTED.items() if name in detail),
        *(f"{detail[name]} {name}" for name in ("made", "failed") if name in detail),
        ", ".join(_setting(name) for name in detail.get("fields") or []),
        f"tried: {detail['tried']}" if detail.get("tried") else "",
        _why(action, str(detail.get("reason") or "")),
    ]
    return ", ".join(part for part in parts if part)


def _tab(page: str) -> str:
    tab = page.rpartition(":")[2]
    return _TABS.get(tab, tab.removeprefix("student-"))


def _what(action: str, detail: dict[str, Any]) -> str:
    """Which list, which kind of conversation, factor or file."""
    kind = str(detail.get("kind") or "")
    if action == "export.made":
        name = str(detail.get("list", ""))
        return f"{_LISTS.get(name, name)} as {str(detail.get('format', 'file')).upper()}"
    if action == "reports.downloaded":
        return f"as {kind.upper()}" if kind else ""
    if action.startswith("factor."):
        return _FACTORS.get(kind, kind)
    return SessionKind(kind).label if kind in SessionKind.values else kind


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _setting(name: str) -> str:
    """What the form of the school's settings calls the field."""
    known = {field.name: field for field in School._meta.fields}
    return str(known[name].verbose_name) if name in known else name


def _why(action: str, reason: str) -> str:
    return _ENDED.get(reason, reason) if action == "session.ended" else reason
