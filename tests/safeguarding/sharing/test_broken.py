"""What holds this room, broken on purpose: the test that holds each must go red. They commit, so each is mended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.lock.test_mutants import Function
from tests.safeguarding import test_conflicts as conflicts
from tests.safeguarding.pages import World, world
from tests.safeguarding.sharing import test_lines as lines
from tests.safeguarding.sharing import test_readers as readers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sweep]


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def definition(sql: str, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, [name])
        return str(cursor.fetchone()[0])


@contextmanager
def without(trigger: str) -> Iterator[None]:
    name, _, table = trigger.partition(" ON ")
    made = definition(
        f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = %s AND tgrelid = '{table}'::regclass", name
    )
    execute(f"DROP TRIGGER {trigger}")
    try:
        yield
    finally:
        execute(made)


@contextmanager
def changed(function: Function) -> Iterator[None]:
    was = definition("SELECT pg_get_functiondef(to_regproc(%s))", f"guard.{function.name}")
    execute(f"BEGIN; {function.statement()}; COMMIT")
    try:
        yield
    finally:
        execute(f"BEGIN; SET LOCAL ROLE waymark_definer; {was}; COMMIT")


NOBODY = "IF NOT EXISTS (SELECT FROM guard.file_keepers()"
BROKEN: dict[str, tuple[str | Function, Callable[[World], None]]] = {
    "a link is told to nobody": (
        "linked_told ON safeguarding_concernchild",
        readers.test_whoever_reads_it_only_by_a_child_linked_later_is_alerted,
    ),
    "a key goes": (
        "stays_readable ON safeguarding_concernkey", readers.test_no_concern_loses_the_last_key_that_opens_it,
    ),
    "a link goes": (
        "stays_readable ON safeguarding_concernchild",
        readers.test_a_child_unlinked_leaves_it_to_the_headteacher_where_only_their_deputy_read_it,
    ),
    "it ends twice": (
        "kept_ends_once ON safeguarding_keptfrom",
        lambda here: readers.test_what_ended_has_ended_and_by_whom(here, "again"),
    ),
    "it is decided twice": (
        "confirmation_decided ON sharing_confirmation",
        readers.test_past_every_view_nobody_decides_for_themselves_or_twice,
    ),
    "what is kept asks nobody": (
        "kept_from_leaves ON safeguarding_keptfrom", readers.test_keeping_the_lead_from_it_is_told_to_the_headteacher,
    ),
    "what nobody reads is left so": (
        Function("give_reader", NOBODY, "IF false AND NOT EXISTS (SELECT FROM guard.file_keepers()"),
        readers.test_a_concern_that_nobody_reads_goes_to_the_headteacher_who_can_read_it,
    ),
    "a link leaves it without a reader": (
        Function("linked_told", "PERFORM guard.give_reader(c.id, day);", ""),
        readers.test_a_child_linked_later_leaves_it_to_the_headteacher_where_nobody_else_is,
    ),
    "what is kept leaves it without a reader": (
        Function("kept_from_leaves", "PERFORM guard.give_reader(thing, day) FROM unnest(things) AS thing;", ""),
        conflicts.test_where_nobody_would_be_left_it_goes_to_the_headteacher,
    ),
    "one is left alone unasked": (
        Function("kept_from_leaves", "IF guard.left_alone(", "IF false AND guard.left_alone("),
        readers.test_whom_it_would_leave_alone_waits_for_the_headteacher,
    ),
    "the sweep finds nothing": (
        Function("sweep_readers", "c.store <> 'head'", "false"),
        lambda here: readers.test_when_the_last_role_ends_what_they_read_goes_to_the_headteacher(here, "role"),
    ),
    "reading for want of others never ends": (
        Function("sweep_readers", "WHERE l.ended_at IS NULL AND (", "WHERE false AND ("),
        readers.test_it_ends_by_itself_when_somebody_whose_work_it_is_can,
    ),
    "anybody sweeps": (
        Function("sweep_readers", "guard.system_name() IS DISTINCT FROM 'safeguarding'", "false"),
        readers.test_the_sweep_is_the_jobs_alone,
    ),
    "a line opens without a note": (
        Function("lines_opened", "IN (SELECT s.which FROM said s WHERE s.what = 'sharing.StaffLine')", "= l.id::text"),
        lines.test_no_word_without_the_note_before_it,
    ),
    "nobody is told of a line": (
        "line_named ON sharing_stafflinereader", lines.test_who_is_named_is_alerted_and_nobody_else,
    ),
    "a line is for ever": ("line_held_new ON sharing_staffline", lines.test_past_every_view),
    "a line is withdrawn twice": ("line_held ON sharing_staffline", lines.test_past_every_view),
    "a line is understood twice": ("line_understood ON sharing_stafflinereader", lines.test_past_every_view),
    "anybody asks who is kept from what": (
        Function("kept_overview", " AND guard.holds('safeguarding.keep_staff_file')", ""),
        readers.test_the_functions_say_nothing_to_anybody_else,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_its_test_goes_red(what: str) -> None:
    thing, test = BROKEN[what]
    with (
        without(thing) if isinstance(thing, str) else changed(thing),
        pytest.raises((AssertionError, pytest.fail.Exception)),
    ):
        test(world())
