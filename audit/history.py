"""History of every change, kept by triggers: however a row is written, a copy stays with who did it and when.

`@keep_history()` on a model makes a table beside it (StudentChange for Student). pghistory makes the tables and puts
the triggers into migrations; three things are our own, each for a reason:

- one statement-level trigger for each command, so that an import of thousands of rows asks once who acts;
- person and request come from the signed token, never from the program;
- pgtrigger's switch `pgtrigger.ignore`, which any injected SQL could turn, is left out.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
import pghistory.models
import pgtrigger
from django.db import models
from django.db.migrations import RunSQL
from pghistory.trigger import Event as EventTrigger
from pgtrigger.compiler import Trigger, UpsertTriggerSql

from core.rls import protect

Model = TypeVar("Model", bound=type[models.Model])


class Change(pghistory.models.Event):
    """A row as it was made (insert), and as it was before somebody changed (update) or deleted it.

    The state before, not after: so nothing is lost of rows that an import or an earlier release made.
    """

    pgh_tracked_model: Any = None
    pgh_trackers: Any = None
    pgh_actor_id = models.UUIDField("by whom", null=True)
    pgh_request_id = models.UUIDField("in which request", null=True)

    class Meta:
        abstract = True


class AlwaysSql(UpsertTriggerSql):
    """A trigger that nothing but its owner can switch off."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
                {declare} BEGIN {func} END $$;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid} {when} {operation} ON {table} {timing} {referencing}
                FOR EACH {level} {condition} EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Copy(EventTrigger):
    """Copies the rows of one statement, and asks once who acts."""

    def get_func(self, model: Any) -> Any:
        history: Any = self.event_model
        names = {field.name for field in history.pgh_tracked_model._meta.fields}
        columns = [field.column for field in history._meta.fields if field.name in names]
        rows = f"{self.row.lower()}_values"
        made = ", ".join(f'"{column}"' for column in columns)
        kept = ", ".join(f'{rows}."{column}"' for column in columns)
        return pgtrigger.Func(  # type: ignore[no-untyped-call]
            "WITH who AS MATERIALIZED (SELECT person, request FROM audit_who())"  # noqa: S608 our names
            f' INSERT INTO "{history._meta.db_table}"'
            f" (pgh_created_at, pgh_label, pgh_actor_id, pgh_request_id, {made})"
            f" SELECT clock_timestamp(), '{self.label}', who.person, who.request, {kept}"
            f" FROM (SELECT {rows}.* FROM {{cond_{rows}}}) AS {rows} CROSS JOIN who; RETURN NULL;"
        )

    def compile(self, model: Any) -> Trigger:
        compiled = super().compile(model)
        return Trigger(name=compiled.name, sql=AlwaysSql(**compiled.sql.kwargs))


class _Copied:
    """Replaces pghistory's own trigger by ours."""

    def add_event_trigger(self: Any, event_model: Any) -> None:
        pgtrigger.register(
            Copy(  # type: ignore[no-untyped-call]
                event_model=event_model,
                label=self.label,
                name=f"history_{self.label}",
                row=self.row,
                operation=self.operation,
                condition=self.condition,
                level=pgtrigger.Statement,
            )
        )(event_model.pgh_tracked_model)


class _Made(_Copied, pghistory.InsertEvent): ...


class _Changed(_Copied, pghistory.UpdateEvent):
    row = "OLD"


class _Deleted(_Copied, pghistory.DeleteEvent): ...


def protect_history(table: str, *, select: str, needs_actor: bool = True) -> RunSQL:
    """In a migration: read like the table it belongs to, written by triggers alone, changed by nobody."""
    return protect(table, select=select, insert="pg_trigger_depth() > 0", needs_actor=needs_actor)


def trackers(*, creation: bool = True) -> tuple[pghistory.RowEvent, ...]:
    """What is copied; without `creation` where an import run tells what it made."""
    return (*((_Made(),) if creation else ()), _Changed(), _Deleted())


def keep_history(*, creation: bool = True, exclude: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Class decorator; `exclude` names fields left out."""
    kept: Callable[[Model], Model] = pghistory.track(
        *trackers(creation=creation),
        base_model=Change,
        obj_field=None,
        context_field=None,  # type: ignore[arg-type] # its own documentation says None
        exclude=list(exclude),
    )
    return kept
