"""The sealer misses nothing whatever the order of commits, waits for nobody, and alone may seal."""

import logging
import random
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.enums import Role
from audit.anchoring import anchor_due, send_anchor
from audit.models import Anchor, Event, Seal, Sealed
from audit.sealing import seal_events
from audit.selectors import seal_lag
from audit.services import record
from audit.tasks import watch_seals
from audit.verifying import anchors_in
from core.acting import Actor, acting_as, signed_token
from core.ids import uuid7
from tests.audit.sealer import KEY, as_owner, as_sealer, seal, sealed_record, tamper, verify
from tests.factories import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

INSERT = """INSERT INTO audit_event (id, at, actor_name, action, object_type, object_id, detail)
            VALUES (%s, now(), 'writer', 'session.logged', '', '', '{}')"""
WRITERS, TRANSACTIONS = 16, 25


def _connection() -> psycopg.Connection:
    parameters = connection.get_connection_params()
    for name in ("assume_role", "cursor_factory", "context"):
        parameters.pop(name, None)
    opened = psycopg.connect(**parameters, autocommit=True)
    opened.execute("SET ROLE waymark_web")
    return opened


def _write(number: int, token: str, errors: list[Exception]) -> None:
    """Transactions of up to 30 ms with two events each; every tenth is rolled back."""
    chance = random.Random(number)
    try:
        with _connection() as mine:
            for turn in range(TRANSACTIONS):
                mine.execute("BEGIN")
                mine.execute("SELECT set_config('waymark.actor', %s, true)", [token])
                for _ in range(2):
                    mine.execute(INSERT, [uuid7()])
                    time.sleep(chance.random() * 0.015)
                mine.execute("ROLLBACK" if turn % 10 == 9 else "COMMIT")
    except Exception as error:
        errors.append(error)


def test_no_event_is_missed_while_sixteen_write_and_commit_out_of_order() -> None:
    errors: list[Exception] = []
    with acting_as(Actor(user_id=person(Role.TUTOR).pk)):
        token = signed_token()
    writers = [threading.Thread(target=_write, args=(n, token, errors)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    since, naive, last_id = "0", 0, ""
    while any(writer.is_alive() for writer in writers):
        since = seal(since).horizon
        newer = [str(pk) for pk in Event.objects.order_by("pk").values_list("pk", flat=True) if str(pk) > last_id]
        naive, last_id = naive + len(newer), newer[-1] if newer else last_id
        time.sleep(0.02)
    assert errors == [], "no deadlock, no serialisation failure"
    seal(since)
    written = WRITERS * (TRANSACTIONS - TRANSACTIONS // 10) * 2
    verdict = verify()
    assert (verdict.findings, verdict.events, verdict.waiting) == ([], written, 0)
    assert Event.objects.count() == written
    # The control: whoever reads on from the last number seen does miss some, so this test could have failed.
    assert naive < written


def test_an_open_transaction_holds_back_what_began_after_it_and_nothing_else() -> None:
    before = record("session.logged", by=None)
    with _connection() as slow:
        slow.execute("BEGIN")
        slow.execute("SELECT pg_current_xact_id()")
        record("session.changed", by=None)
        seal()
        with as_owner():
            assert set(Sealed.objects.values_list("event_id", flat=True)) == {before.pk}
        slow.execute("COMMIT")
    assert seal().seal is not None
    assert verify().waiting == 0


def test_rows_restored_from_a_server_with_higher_and_lower_numbers_are_sealed() -> None:
    low, high = record("session.logged", by=None), record("session.changed", by=None)
    tamper("UPDATE audit_event SET xid = CASE id WHEN %s THEN '3'::xid8 ELSE '900000000000'::xid8 END", low.pk)
    tamper("UPDATE audit_event e SET hash = audit_event_hash(e)")
    seal()
    with as_owner():
        assert set(Sealed.objects.values_list("event_id", flat=True)) == {low.pk, high.pk}
    assert verify().findings == []


def test_two_sealers_do_not_wait_for_each_other() -> None:
    record("session.logged", by=None)
    with _connection() as other:
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(%s)", [0x5EA1])
        with as_sealer():
            assert seal_events(KEY) is None
        other.execute("COMMIT")
    assert seal().seal is not None


def test_nothing_new_makes_no_seal() -> None:
    sealed_record()
    assert seal().seal is None
    assert Seal.objects.count() == 2


def test_an_event_without_a_hash_does_not_stop_the_sealer() -> None:
    event = record("session.logged", by=None)
    tamper("UPDATE audit_event SET hash = NULL")
    assert seal().seal is not None
    assert [finding.where for finding in verify().findings] == [f"Event {event.pk}"]


def test_the_lag_is_told_and_a_dead_sealer_is_an_error_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert seal_lag().total_seconds() == 0
    record("session.logged", by=None)
    assert 0 < seal_lag().total_seconds() < 60
    watch_seals()
    assert not caplog.records
    tamper("UPDATE audit_event SET at = at - interval '7 minutes'")
    with caplog.at_level(logging.ERROR):
        watch_seals()
    assert "has not been sealed for 7 minutes" in caplog.text


def test_a_seal_is_made_only_with_a_long_enough_key(settings: Any) -> None:
    settings.SEAL_KEY = "short"
    with pytest.raises(CommandError, match="at least 32 characters"):
        call_command("seal_audit")


def test_the_newest_seal_goes_out_once_a_day(settings: Any, tmp_path: Path) -> None:
    kept = tmp_path / "anchors"
    settings.AUDIT_ANCHOR_EMAILS, settings.AUDIT_ANCHOR_FILE = ["dsl@northgate.example"], str(kept)
    assert not anchor_due()
    sealed_record()
    with as_sealer():
        assert anchor_due()
        send_anchor()
        assert not anchor_due()
        record_again = Anchor.objects.get()
    mac = bytes(Seal.objects.get(n=2).mac)
    assert anchors_in(kept.read_text()) == anchors_in(str(mail.outbox[0].body)) == {2: mac}
    assert mail.outbox[0].to == ["dsl@northgate.example"]
    assert record_again.sent_to == f"{kept}, dsl@northgate.example"
