"""What the tests of the edge share."""

import logging
from collections.abc import Iterator

import pytest

from core import limits


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """For sweeps in which only an answer's number and what it writes count."""
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_, **__: "")


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hundreds of refusals are no news, and nobody is asked to slow down."""
    monkeypatch.setattr(limits, "is_within", lambda *_: True)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
