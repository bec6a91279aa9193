"""Passwords: twelve characters and more, nothing everybody tries first, no rules on what they are made of."""

import time

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from accounts.passwords import Argon2id
from tests.factories import HouseFactory, SchoolFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def tutor() -> User:
    school = SchoolFactory.create(name="Northgate School")
    HouseFactory.create(school=school, name="Becket")
    return person(Role.TUTOR, school=school, email="p.shah@northgate.example")


def _refused(password: str, user: User | None = None) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return True
    return False


def test_asvs_v6_2_1_eleven_characters_are_too_few() -> None:
    assert _refused("quiet otter")
    assert not _refused("quiet otters")


@pytest.mark.parametrize(
    "password",
    [
        "three quiet otters",
        "aaaa bbbb cccc dddd",
        "lowercase only words here",
        "839204718264",
        "ünïcode wörds ärè fine",
    ],
)
def test_asvs_v6_2_5_no_rule_says_what_it_must_be_made_of(password: str) -> None:
    assert not _refused(password)


def test_asvs_v6_2_4_the_best_known_3000_are_refused_in_each_form_that_has_twelve_characters() -> None:
    known = [word for word in CommonPasswordValidator().passwords if 6 <= len(word) <= 11 and word.isalpha()][:3000]
    assert len(known) == 3000
    padded = [f"{word}{'12345678'[: max(2, 12 - len(word))]}" for word in known]
    assert [password for password in padded if not _refused(password)] == []


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password2026!", "P4ssw0rd!2026", "passwordpassword", "iloveyouprincess", "qwertyuiop12",
        "123456789012", "abcdefghijkl", "1qaz2wsx3edc", "aaaaaaaaaaaa", "abcabcabcabc", "Liverpool-2025",
        "dragon monkey 99", "!!!!!!!!!!!!",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert _refused(password)


@pytest.mark.parametrize(
    "password",
    ["Northgate2026", "northgateschool", "Waymark-2026!", "W4ymark waymark", "BecketBecket1", "p.shah@northgate"],
)
def test_the_school_s_own_words_are_refused(password: str, tutor: User) -> None:
    assert _refused(password, tutor)


def test_a_word_of_the_school_among_others_is_fine(tutor: User) -> None:
    assert not _refused("becket walks slowly north", tutor)


def test_asvs_v6_2_9_a_password_of_128_characters_signs_in(client: Client, tutor: User) -> None:
    password = "seven grey herons " * 7 + "ab"
    assert len(password) == 128
    assert not _refused(password, tutor)
    tutor.set_password(password)
    tutor.save()
    assert client.post("/account/login/", {"login": tutor.email, "password": password}).status_code == 302


def test_asvs_v6_2_10_no_password_expires() -> None:
    assert not {name for name in dir(settings) if "PASSWORD" in name and "EXPIR" in name}
    assert not {field.name for field in User._meta.fields if "expir" in field.name}


def test_asvs_v11_4_2_argon2id_as_rfc_9106_recommends() -> None:
    hasher = Argon2id()
    encoded = hasher.encode("three quiet otters", "0" * 22)
    assert encoded.startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")
    # OWASP and ASVS appendix C: at least 46 MiB with one pass, or 19 MiB with two.
    assert hasher.memory_cost >= 19 * 1024
    assert hasher.time_cost >= 2


def test_the_site_itself_uses_it() -> None:
    from django.test.utils import override_settings

    with override_settings(PASSWORD_HASHERS=["accounts.passwords.Argon2id"]):
        assert isinstance(get_hasher("default"), Argon2id)
        assert make_password("three quiet otters").startswith("argon2$argon2id$")


def test_checking_takes_no_time_to_speak_of() -> None:
    began = time.perf_counter()
    for length in (12, 40, 128, 4096):
        _refused("1a" * (length // 2))
        _refused("password1" * (length // 9))
    assert time.perf_counter() - began < 2
