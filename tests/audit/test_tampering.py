"""Eight ways of changing the record behind its back, each found; the ninth, a cut at the end, only by an anchor."""

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event, Seal, Sealed
from audit.sealing import mac_of, root_of
from audit.verifying import Fault, anchors_in
from tests.audit.sealer import KEY, as_owner, as_sealer, faults, seal, sealed_record, tamper, verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

REHASH = "UPDATE audit_event e SET hash = audit_event_hash(e) WHERE e.id = %s"


def test_an_untouched_record_is_found_so() -> None:
    sealed_record()
    verdict = verify()
    assert (verdict.findings, verdict.seals, verdict.events, verdict.waiting) == ([], 2, 6, 0)


def test_one_an_edit() -> None:
    event = sealed_record()[1]
    tamper("UPDATE audit_event SET detail = '{}' WHERE id = %s", event.pk)
    assert faults() == {Fault.EDITED}
    assert str(event.pk) in str(verify().findings[0])


def test_two_an_edit_with_a_new_hash() -> None:
    event = sealed_record()[1]
    tamper("UPDATE audit_event SET actor_name = 'Somebody Else' WHERE id = %s", event.pk)
    tamper(REHASH, event.pk)
    assert faults() == {Fault.REHASHED}


def test_two_and_a_half_an_edit_with_a_new_hash_also_under_the_seal() -> None:
    event = sealed_record()[1]
    tamper("UPDATE audit_event SET actor_name = 'Somebody Else' WHERE id = %s", event.pk)
    tamper(REHASH, event.pk)
    tamper("UPDATE audit_sealed s SET hash = e.hash FROM audit_event e WHERE e.id = s.event_id")
    assert faults() == {Fault.SEAL_BROKEN}


def test_three_a_removal() -> None:
    tamper("DELETE FROM audit_event WHERE id = %s", sealed_record()[4].pk)
    assert faults() == {Fault.DELETED}


def test_four_a_removal_with_its_line_under_the_seal() -> None:
    event = sealed_record()[4]
    tamper("DELETE FROM audit_event WHERE id = %s", event.pk)
    tamper("DELETE FROM audit_sealed WHERE event_id = %s", event.pk)
    assert faults() == {Fault.SEAL_BROKEN}


@pytest.mark.parametrize("sealed", [False, True])
def test_five_an_event_slipped_in_with_an_earlier_time(sealed: bool) -> None:
    copied, horizon = sealed_record()[0], seal().horizon
    tamper(
        """INSERT INTO audit_event (id, at, actor_name, action, object_type, object_id, detail, xid)
           SELECT gen_random_uuid(), at - interval '3 days', 'Somebody Else', action, '', '', '{}', xid
             FROM audit_event WHERE id = %s""",
        copied.pk,
    )
    slipped = Event.objects.order_by("at")[0]
    tamper(REHASH, slipped.pk)
    # In its usual turn the sealer does not even see it; when it looks at everything it does, and its time tells.
    seal(since="0" if sealed else horizon)
    assert faults() == {Fault.BACK_DATED if sealed else Fault.UNSEALED}


def test_six_two_events_exchanged() -> None:
    one, *_, other = sealed_record()
    tamper("UPDATE audit_sealed SET seal_id = 3 - seal_id WHERE event_id IN (%s, %s)", one.pk, other.pk)
    assert faults() == {Fault.SEAL_BROKEN}


def test_seven_the_end_cut_off_shows_only_against_an_anchor() -> None:
    sealed_record()
    anchors = {2: bytes(Seal.objects.get(n=2).mac)}
    assert verify(anchors).findings == []
    tamper("DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_sealed WHERE seal_id = 2)")
    tamper("DELETE FROM audit_sealed WHERE seal_id = 2")
    tamper("DELETE FROM audit_seal WHERE n = 2")
    assert faults() == set()
    assert faults(anchors) == {Fault.CUT_OFF}


def test_eight_everything_rewritten_without_the_key() -> None:
    events = sealed_record()
    anchors = {2: bytes(Seal.objects.get(n=2).mac)}
    tamper("UPDATE audit_event SET actor_name = 'Somebody Else' WHERE id = %s", events[0].pk)
    tamper("UPDATE audit_event e SET hash = audit_event_hash(e)")
    tamper("UPDATE audit_sealed s SET hash = e.hash FROM audit_event e WHERE e.id = s.event_id")
    _sign_again(b"a key of the forger's own, quite as long")
    assert faults() == {Fault.FORGED}
    # With the sealer's key stolen as well, what was anchored outside still tells.
    _sign_again(KEY)
    assert faults() == set()
    assert faults(anchors) == {Fault.CUT_OFF}


def _sign_again(key: bytes) -> None:
    prev = bytes(32)
    for n in (1, 2):
        with as_owner():
            rows = list(Sealed.objects.filter(seal=n).order_by("event_id").values_list("event_id", "hash"))
            signed = Seal.objects.get(n=n)
        signed.root, signed.prev = root_of((event_id, bytes(hashed)) for event_id, hashed in rows), prev
        signed.mac = prev = mac_of(signed, key)
        tamper("UPDATE audit_seal SET root = %s, prev = %s, mac = %s WHERE n = %s", signed.root, signed.prev, prev, n)


def test_a_function_of_the_database_that_lies_is_not_asked() -> None:
    event = sealed_record()[0]
    tamper("UPDATE audit_event SET detail = '{}' WHERE id = %s", event.pk)
    tamper(
        "CREATE OR REPLACE FUNCTION audit_event_hash(e audit_event) RETURNS bytea LANGUAGE sql AS 'SELECT e.hash'",
    )
    assert faults() == {Fault.EDITED}


def test_the_command_says_what_is_wrong_and_fails(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_KEY = KEY.decode()
    events = sealed_record()
    kept = tmp_path / "anchors.txt"
    kept.write_text(f"2026-11-22 anchor 2 {bytes(Seal.objects.get(n=2).mac).hex()}\n")
    with as_sealer():
        call_command("verify_audit", anchor=[kept], stdout=StringIO())
    tamper("DELETE FROM audit_event WHERE id = %s", events[0].pk)
    with as_sealer(), pytest.raises(CommandError, match=f"Event {events[0].pk} sealed, and gone"):
        call_command("verify_audit", stdout=StringIO())


def test_anchors_are_found_in_files_and_in_e_mails() -> None:
    mac = hashlib.sha256(b"").hexdigest()
    assert anchors_in(f"2026-11-22T04:00:00Z anchor 12 {mac}\r\n> anchor 13 {mac}\nanchor x") == {
        12: bytes.fromhex(mac),
        13: bytes.fromhex(mac),
    }
