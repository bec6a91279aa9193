"""Django's migrate, as the owner role (the web role may not change tables), and in under half the time."""

from copy import copy
from functools import partial
from typing import Any

from django.core.management import CommandParser, call_command
from django.core.management.commands import migrate
from django.db.migrations import AddConstraint, AddIndex, Migration, RemoveConstraint, RemoveIndex
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

OF_OPTIONS = (AddConstraint, AddIndex, AddTrigger, RemoveConstraint, RemoveIndex, RemoveTrigger)


class Executor(MigrationExecutor):
    """Forwards, what changes nothing but a list in a model's options is set on the model as it stands.

    Django makes the model and all related to it anew each time: some forty classes for one more trigger. Backwards it
    still does, because there each step is asked how the model looked before.
    """

    def apply_migration(self, state: ProjectState, migration: Migration, *args: Any, **kwargs: Any) -> ProjectState:
        operations = [_in_place(one) if isinstance(one, OF_OPTIONS) else one for one in migration.operations]
        quick = copy(migration)
        vars(quick)["operations"] = operations
        return super().apply_migration(state, quick, *args, **kwargs)


def _in_place(operation: Any) -> Operation:
    quick: Operation = copy(operation)
    quick.state_forwards = partial(_set_option, operation)  # type: ignore[method-assign]
    return quick


def _set_option(operation: Any, app_label: str, state: ProjectState) -> None:
    rendered = state.__dict__.pop("apps", None)  # without it Django only notes the change
    operation.state_forwards(app_label, state)
    if rendered is not None:
        state.apps = rendered
        options = state.models[app_label, operation.model_name_lower].options
        meta = rendered.get_model(app_label, operation.model_name)._meta
        setattr(meta, operation.option_name, options[operation.option_name])
        meta.__dict__.pop("total_unique_constraints", None)  # read off the constraints once


class Command(migrate.Command):
    help = "Brings the tables up to date, as the owner role unless --database says otherwise."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            # The cache keeps rate limits; its table is no model's, so no migration makes it.
            call_command("createcachetable", database=options["database"], verbosity=options["verbosity"])
