"""UPNs: the vectors of the DfE's own material."""

import pytest

from exchange.upn import check_letter, is_well_formed, normal_upn


@pytest.mark.parametrize("upn", ["R201100018042", "T20110001804V", "H801200001001", "A802200106001"])
def test_a_right_check_letter(upn: str) -> None:
    assert is_well_formed(upn)
    assert check_letter(upn) == upn[0]


def test_a_well_formed_upn_may_have_the_wrong_letter() -> None:
    assert is_well_formed("A123456789123")
    assert check_letter("A123456789123") == "P"


@pytest.mark.parametrize("upn", ["N20110001804S", "I201100018042", "1.23E+11", "R20110001804", "R2011000180422", ""])
def test_not_a_upn(upn: str) -> None:
    assert not is_well_formed(upn)


def test_case_and_spaces_do_not_matter() -> None:
    assert normal_upn(" r2011 0001 8042 ") == "R201100018042"
