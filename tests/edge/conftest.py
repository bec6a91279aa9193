"""What the tests of the edge share."""

import pytest


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """For sweeps in which only an answer's number and what it writes count."""
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_, **__: "")
