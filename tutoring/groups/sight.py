"""Asks PostgreSQL who sees whom: the definition stands in `guard.reach`, and policies ask the same (decision 0006).

Whoever acts asks about themselves. Asking about anybody else is for migrations and tests: the web role may not.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Expression, F, UUIDField
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core.acting import current_actor
from core.ids import UUID
from students.models import Student

# A statement and its parameters.
Sql = tuple[str, tuple[Any, ...]]


class Asked(Expression):
    """A question with two wordings: by the actor about themselves, or about `user` by whoever may ask that."""

    def __init__(self, user: User | None, *, own: Sql, others: Sql, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user, self.own, self.others = user, own, others

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Sql:
        """Chosen when the query runs: querysets are made before and evaluated after an actor is bound."""
        actor = current_actor()
        mine = bool(actor.name) and (self.user is None or actor.user_id == self.user.pk)
        sql, params = self.own if mine else self.others
        return f"({sql})", params


class Sees(Asked):
    """Condition on a query of students: the person holds the permission for this one.

    That whoever acts sees a student at all is what the policy of the students says: it is not asked twice.
    """

    conditional = True

    def __init__(self, user: User, permission: Permission) -> None:
        self.student: Any = F("pk")
        super().__init__(
            user,
            own=(
                ("true", ())
                if permission == Permission.VIEW_STUDENT
                else (
                    "(SELECT guard.sees_all(%s)) OR {student} IN (SELECT guard.students_seen(%s))",
                    (permission.value, permission.value),
                )
            ),
            others=(
                "{student} IN (SELECT guard.reach_with(%s, %s, %s))",
                (user.pk, permission.value, timezone.localdate()),
            ),
            output_field=BooleanField(),
        )

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> "Sees":
        resolved: Sees = super().resolve_expression(query, *args, **kwargs)
        resolved.student = self.student.resolve_expression(query, *args, **kwargs)
        return resolved

    def get_source_expressions(self) -> list[Any]:
        return [self.student]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        [self.student] = exprs

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Sql:
        sql, params = super().as_sql(compiler, connection)
        student, _ = compiler.compile(self.student)
        return sql.replace("{student}", student), params


class StaffWhoSee(Asked):
    """Subquery: the keys of those who hold the permission for one student."""

    def __init__(self, student: Student, permission: Permission) -> None:
        today = timezone.localdate()
        super().__init__(
            None,
            own=("SELECT guard.staff_who_see(%s, %s)", (student.pk, permission.value)),
            others=(
                "SELECT u.id FROM accounts_user u WHERE %s IN (SELECT guard.reach_with(u.id, %s, %s))",
                (student.pk, permission.value, today),
            ),
            output_field=UUIDField(),
        )


def staff_query(students: Sequence[UUID], permission: Permission) -> Sql:
    """SQL for the pairs of a student and somebody who holds the permission for them."""
    if current_actor().name:
        return "SELECT s, guard.staff_who_see(s, %s) FROM unnest(%s::uuid[]) s", (permission.value, list(students))
    return (
        "SELECT s, u.id FROM unnest(%s::uuid[]) s, accounts_user u WHERE s IN (SELECT guard.reach_with(u.id, %s, %s))",
        (list(students), permission.value, timezone.localdate()),
    )


def roles_query(user: User, student: UUID) -> Sql:
    """SQL for the roles through which the person reaches the student."""
    if current_actor().user_id == user.pk:
        return "SELECT guard.roles_over(%s)", (student,)
    return (
        "SELECT DISTINCT role FROM guard.reach(%s, %s) WHERE student_id = %s",
        (user.pk, timezone.localdate(), student),
    )
