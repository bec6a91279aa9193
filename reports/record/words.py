"""What stands on the record, in words a person uses; the kinds by which it is searched."""

from typing import Any

from django.db.models import TextChoices


class Kind(TextChoices):
    """What one looks for."""

    OPENED = "opened", "Opened or read"
    TAKEN = "taken", "Taken away as a file"
    WRITTEN = "written", "Written or changed"
    SIGN_IN = "sign_in", "Signing in"
    REFUSED = "refused", "Refused"


_O, _T, _W, _S, _R = Kind.OPENED, Kind.TAKEN, Kind.WRITTEN, Kind.SIGN_IN, Kind.REFUSED
ACTIONS: dict[str, tuple[Kind, str]] = {
    "student.opened": (_O, "opened a student’s page"),
    "session.opened": (_O, "opened a 1:1"),
    "session.read": (_O, "read a 1:1 kept for named people"),
    "record.opened": (_O, "opened a student’s whole record"),
    "record.searched": (_O, "searched this record"),
    "export.made": (_T, "took a list or record away"),
    "reports.downloaded": (_T, "took termly reports away"),
    "import.findings_downloaded": (_T, "took an import’s findings away"),
    "session.logged": (_W, "logged a 1:1"),
    "session.changed": (_W, "changed a 1:1"),
    "step.done": (_W, "ticked a step off"),
    "step.reopened": (_W, "opened a step again"),
    "step.changed": (_W, "changed a step"),
    "comments.saved": (_W, "saved comments for the term"),
    "school.changed": (_W, "changed the school’s settings"),
    "term.saved": (_W, "saved a term"),
    "terms.proposed": (_W, "proposed terms from the marks"),
    "closure.added": (_W, "added a closed day"),
    "closure.removed": (_W, "took a closed day out"),
    "import.uploaded": (_W, "sent files to import"),
    "import.asked": (_W, "asked for an import"),
    "import.applied": (_W, "imported the school’s data"),
    "import.discarded": (_W, "gave an import up"),
    "import.failed": (_W, "an import failed"),
    "reports.started": (_W, "had reports made"),
    "reports.finished": (_W, "finished making reports"),
    "reports.retried": (_W, "had failed reports made again"),
    "invitation.sent": (_W, "invited somebody"),
    "account.switched_on": (_W, "switched an account on"),
    "account.switched_off": (_W, "switched an account off"),
    "sign_in.succeeded": (_S, "signed in"),
    "sign_in.failed": (_S, "did not get in"),
    "sign_in.ended": (_S, "signed out"),
    "sign_in.locked": (_S, "was locked out after wrong passwords"),
    "invitation.accepted": (_S, "accepted an invitation"),
    "session.ended": (_S, "was signed out elsewhere"),
    "password.changed": (_S, "changed the password"),
    "password.set": (_S, "set a password"),
    "password.reset_asked": (_S, "asked for a new password"),
    "password.reset": (_S, "reset the password"),
    "factor.added": (_S, "added a second factor"),
    "factor.removed": (_S, "removed a second factor"),
    "factor.renewed": (_S, "renewed recovery codes"),
    "factor.used": (_S, "used a second factor"),
    "factor.refused": (_S, "gave a wrong second factor"),
    "single_sign_on.refused": (_S, "was turned away at single sign-on"),
    "step_up.passed": (_S, "proved again who they are"),
    "single_sign_on.linked": (_S, "linked single sign-on"),
    "single_sign_on.unlinked": (_S, "unlinked single sign-on"),
    "access.refused": (_R, "was refused a page"),
    "access.not_found": (_R, "asked for something that is not there for them"),
}
_TABS = {"student-story": "story", "student-readers": "who has opened it"}
# What helps to know at a glance; digests and the like stand in the file.
_TOLD = (
    "list", "format", "rows", "reports", "kind", "steps", "comments", "fields", "made", "failed", "tried", "reason",
)  # fmt: skip


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


def told(detail: dict[str, Any]) -> str:
    """The few particulars worth a glance: "format: csv, rows: 12"."""
    parts = []
    page = str(detail.get("page", ""))
    if page:
        tab = page.rpartition(":")[2]
        parts.append(_TABS.get(tab, tab.removeprefix("student-")))
    if detail.get("limited"):
        parts.append("named people only")
    for name in _TOLD:
        if detail.get(name) not in (None, "", []):
            value = detail[name]
            parts.append(f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
    return ", ".join(parts)
