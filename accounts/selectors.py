"""Reading roles and permissions as tables."""

from dataclasses import dataclass

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES, Role
from accounts.permissions import Permission, roles_with


@dataclass(frozen=True)
class PermissionLine:
    """One permission, what it lets a person do, and for each role of `Role` in order whether it carries it."""

    permission: Permission
    description: str
    held: tuple[bool, ...]

    @property
    def roles(self) -> list[Role]:
        return [role for role, held in zip(Role, self.held, strict=True) if held]


def permission_lines() -> list[PermissionLine]:
    """The whole table role → permissions, in the order of the permissions."""
    return [PermissionLine(p, p.description, tuple(role in roles_with(p) for role in Role)) for p in Permission]


def reach_of(role: Role) -> str:
    """In plain words, the students whom a role reaches; the rule itself is students_visible_to."""
    if role in ASSIGNED_ROLES:
        return "the groups and single students linked to this person"
    if role in HOUSE_ROLES:
        return "one house"
    if role in YEAR_ROLES:
        return "one year"
    return "the whole school, or the house or year named"
