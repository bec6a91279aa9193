"""What somebody may log about a student, and what of it may reach the family.

Calls and visits are for those who may see the family; words go on the report only from those who may open reports.
"""

from dataclasses import dataclass

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from students.models import Student
from tutoring.groups.selectors import roles_over
from tutoring.sessions.enums import GROUP_KINDS, HOME_KINDS, Kind
from tutoring.sessions.models import SessionKind, TutorSession
from tutoring.sessions.selectors import kinds_in_use, kinds_of
from tutoring.sessions.tags import with_tags


@dataclass(frozen=True)
class LogRights:
    """Whether this person logs at all for the student, which kinds, and whether their words may go on the report.

    `home`: whether they may see who is at home.
    """

    log: bool
    kinds: tuple[Kind, ...]
    report: bool
    home: bool = False

    def allow(self, kind: str, *, for_report: bool) -> bool:
        """Whether a conversation may be saved so."""
        return kind in self.kinds and (self.report or not for_report)


def log_rights(user: User, student: Student, saved: TutorSession | None = None) -> LogRights:
    """In one query; what `saved` says already may stay."""
    may = permissions_of(roles_over(user, student))
    kept = saved.kind if saved else ""
    kinds = (k for k in Kind if k not in GROUP_KINDS or k == kept)
    kinds = (k for k in kinds if k not in HOME_KINDS or Permission.VIEW_FAMILY in may or k == kept)
    report = Permission.VIEW_REPORT in may or bool(saved and saved.for_report)
    return LogRights(Permission.LOG_SESSION in may, tuple(kinds), report, Permission.VIEW_FAMILY in may)


def kinds_for(student: Student, rights: LogRights, saved: TutorSession | None = None) -> list[SessionKind]:
    """The school's kinds that may be logged with one student, in its order; the one `saved` has stays among them.

    Beside each the school's tags (`tags_beside`).
    """
    if saved is None:
        return [kind for kind in with_tags(kinds_in_use(student.school)) if kind.kind in rights.kinds]
    kept = (k for k in with_tags(kinds_of(student.school)) if k.is_active or k.pk == saved.school_kind_id)
    return [kind for kind in kept if kind.kind in rights.kinds or kind.pk == saved.school_kind_id]
