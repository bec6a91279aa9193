"""AES-256-GCM with a ring of keys: what belongs here opens, what was changed or moved does not (ASVS V11.3.2, 3)."""

import base64
import uuid
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.models import Draft
from core import encryption
from core.encryption import EncryptionError, KeyRing
from tests import factories as make

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
RING = KeyRing({2: NEW, 1: OLD})
PLACE = "accounts_draft|7|sealed"


def _text(**keys: bytes) -> str:
    return ",".join(f"{name.removeprefix('k')}:{base64.b64encode(key).decode()}" for name, key in keys.items())


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_is_sealed_opens_again(plain: bytes, place: str) -> None:
    value = RING.encrypt(plain, place)
    assert RING.decrypt(value, place) == plain
    assert len(value) == len(plain) + 31


@given(st.data())
def test_one_changed_bit_anywhere_is_refused(data: st.DataObject) -> None:
    value = bytearray(RING.encrypt(b"He asked for a quiet place.", PLACE))
    bit = data.draw(st.integers(0, 8 * len(value) - 1))
    value[bit // 8] ^= 1 << bit % 8
    with pytest.raises(EncryptionError):
        RING.decrypt(bytes(value), PLACE)


@pytest.mark.parametrize("other", ["accounts_draft|8|sealed", "accounts_draft|7|other", "accounts_user|7|sealed", ""])
def test_a_value_moved_to_another_row_field_or_table_is_refused(other: str) -> None:
    with pytest.raises(EncryptionError, match="another row or field"):
        RING.decrypt(RING.encrypt(b"text", PLACE), other)


def test_the_first_key_encrypts_and_all_decrypt() -> None:
    old = KeyRing({1: OLD}).encrypt(b"text", PLACE)
    assert RING.decrypt(old, PLACE) == b"text"
    assert RING.encrypt(b"text", PLACE)[:3] == b"\x01\x00\x02"
    with pytest.raises(EncryptionError, match="needs key 2"):
        KeyRing({1: OLD}).decrypt(RING.encrypt(b"text", PLACE), PLACE)


def test_a_key_under_another_number_is_refused() -> None:
    with pytest.raises(EncryptionError, match="was changed"):
        KeyRing({2: OLD}).decrypt(RING.encrypt(b"text", PLACE), PLACE)


def test_another_format_is_said_to_be_one() -> None:
    with pytest.raises(EncryptionError, match="format 9"):
        RING.decrypt(b"\x09" + RING.encrypt(b"text", PLACE)[1:], PLACE)
    with pytest.raises(EncryptionError, match="too short"):
        RING.decrypt(b"\x01\x00\x02", PLACE)


def test_no_two_values_share_a_nonce() -> None:
    assert len({RING.encrypt(b"text", PLACE)[3:15] for _ in range(1000)}) == 1000


def test_the_key_is_256_bits_and_the_tag_128() -> None:
    assert encryption.KEY_BYTES * 8 == 256
    assert len(RING.encrypt(b"", PLACE)) == encryption.HEADER + encryption.NONCE + encryption.TAG


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("1:c2hvcnQ=", "key 1 is not 32 bytes"),
        ("1:not base64!", "key 1 is not 32 bytes"),
        (_text(k1=OLD) + "," + _text(k1=NEW), "entry 2 needs a number of its own"),
        ("x:" + base64.b64encode(OLD).decode(), "entry 1 needs a number"),
        ("0:" + base64.b64encode(OLD).decode(), "entry 1 needs a number"),
        ("70000:" + base64.b64encode(OLD).decode(), "entry 1 needs a number"),
    ],
)
def test_a_wrong_ring_is_refused_in_words_that_hold_no_key(text: str, said: str, settings: Settings) -> None:
    with pytest.raises(EncryptionError, match=said) as caught:
        KeyRing.from_text(text)
    assert base64.b64encode(OLD).decode() not in str(caught.value)
    settings.FIELD_KEYS = text
    assert [error.msg for error in encryption.check_field_keys()] == ([str(caught.value)] if text else [])


@pytest.mark.django_db
class TestRotating:
    def _draft(self, text: str) -> Draft:
        return make.DraftFactory.create(fields={"happened": [text]})

    def _rotate(self) -> str:
        out = StringIO()
        call_command("rotate_field_keys", stdout=out, stderr=out)
        return out.getvalue()

    def test_every_value_gets_the_first_key_and_its_text_stays(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("accounts.management.commands.rotate_field_keys.BATCH", 2)
        settings.FIELD_KEYS = _text(k1=OLD)
        drafts = [self._draft(f"Text {n}") for n in range(5)]
        settings.FIELD_KEYS = _text(k2=NEW, k1=OLD)
        newer = self._draft("Text 5")
        assert "accounts.Draft.sealed: 5 encrypted anew" in self._rotate()
        assert "accounts.Draft.sealed: 0 encrypted anew" in self._rotate()
        settings.FIELD_KEYS = _text(k2=NEW)
        texts = [Draft.objects.get(pk=draft.pk).fields["happened"][0] for draft in [*drafts, newer]]
        assert texts == [f"Text {n}" for n in range(6)]

    def test_stopped_half_way_it_goes_on(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("accounts.management.commands.rotate_field_keys.BATCH", 2)
        settings.FIELD_KEYS = _text(k1=OLD)
        for n in range(5):
            self._draft(f"Text {n}")
        settings.FIELD_KEYS = _text(k2=NEW, k1=OLD)
        real, calls = KeyRing.encrypt, []

        def encrypt(ring: KeyRing, *args: Any) -> bytes:
            calls.append(1)
            if len(calls) == 4:
                raise KeyboardInterrupt
            return real(ring, *args)

        monkeypatch.setattr(KeyRing, "encrypt", encrypt)
        with pytest.raises(KeyboardInterrupt):
            self._rotate()
        assert "3 encrypted anew" in self._rotate()

    def test_a_missing_key_is_named_and_nothing_is_lost(self, settings: Settings) -> None:
        settings.FIELD_KEYS = _text(k1=OLD)
        draft = self._draft("Kept")
        settings.FIELD_KEYS = _text(k2=NEW)
        with pytest.raises(CommandError, match="missing keys"):
            self._rotate()
        settings.FIELD_KEYS = _text(k2=NEW, k1=OLD)
        assert Draft.objects.get(pk=draft.pk).fields == {"happened": ["Kept"]}

    def test_the_secrets_of_second_factors_are_renewed_too(self, settings: Settings) -> None:
        settings.FIELD_KEYS = _text(k1=OLD)
        data = {"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}
        factor = Authenticator.objects.create(user=make.UserFactory.create(), type=Authenticator.Type.TOTP, data=data)
        settings.FIELD_KEYS = _text(k2=NEW, k1=OLD)
        assert "Second factors: 0 not readable" in self._rotate()
        settings.FIELD_KEYS = _text(k2=NEW)
        factor.refresh_from_db()
        assert get_adapter().decrypt(factor.data["secret"]) == "JBSWY3DPEHPK3PXP"

    def test_a_value_copied_to_another_row_is_refused(self) -> None:
        mine, theirs = self._draft("Mine"), self._draft("Theirs")
        Draft.objects.filter(pk=mine.pk).update(sealed=theirs.sealed)
        swapped = Draft.objects.get(pk=mine.pk)
        assert not swapped.is_readable
        assert swapped.fields == {}


def test_a_place_names_table_row_and_column() -> None:
    key = uuid.uuid4()
    assert encryption.place_of("accounts_draft", key, "sealed") == f"accounts_draft|{key}|sealed"
