"""The schools of the walks (`test_another_school`), which are long: what a new address needs is missed here at once."""

import pytest

from tests.conventions.access import TABLE
from tests.lock.schools import build_school


@pytest.mark.django_db
def test_a_school_has_something_for_every_address() -> None:
    assert {access.subject for access in TABLE.values() if access.subject} <= build_school("Northgate").subjects.keys()
