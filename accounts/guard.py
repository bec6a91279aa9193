"""Tells PostgreSQL what its schema `guard` must know: the actor key and the permission table. Run by `migrate`."""

from typing import Any

from django.db import connections, transaction

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES, Role
from accounts.permissions import ROLES_WITH
from core.acting import key_pads

_KEYS_KEPT = 2


def scope_of(role: Role) -> str:
    """What a membership in the role is bound to: assigned, house, year or school."""
    scopes = {"assigned": ASSIGNED_ROLES, "house": HOUSE_ROLES, "year": YEAR_ROLES}
    return next((scope for scope, roles in scopes.items() if role in roles), "school")


def permission_rows() -> set[tuple[str, str]]:
    """(role, permission) of the whole table."""
    return {(role.value, permission.value) for permission, roles in ROLES_WITH.items() for role in roles}


def scope_rows() -> set[tuple[str, str]]:
    """(role, scope) of every role."""
    return {(role.value, scope_of(role)) for role in Role}


def tell_guard(using: str) -> None:
    """Bring key, permissions and scopes up to date; the key before this one stays valid until the next."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('guard') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
        cursor.execute("SET LOCAL ROLE waymark_definer")
        inner, outer = key_pads()
        cursor.execute(
            "INSERT INTO guard.actor_key (inner_pad, outer_pad) VALUES (%s, %s) ON CONFLICT DO NOTHING", [inner, outer]
        )
        kept = "SELECT id FROM guard.actor_key ORDER BY id DESC LIMIT %s"
        cursor.execute(f"DELETE FROM guard.actor_key WHERE id NOT IN ({kept})", [_KEYS_KEPT])  # noqa: S608
        for table, rows in (("role_permission", permission_rows()), ("role_scope", scope_rows())):
            cursor.execute(f"DELETE FROM guard.{table}")  # noqa: S608
            cursor.executemany(f"INSERT INTO guard.{table} VALUES (%s, %s)", sorted(rows))  # noqa: S608
        # RESET would go back to the role of the connection's beginning, which need not be the one we came with.
        cursor.execute(f'SET LOCAL ROLE "{owner}"')


def after_migrate(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate."""
    tell_guard(using)
