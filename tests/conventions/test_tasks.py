"""Every task that beat or the code names exists."""

import re
from pathlib import Path

from django.conf import settings

from config.celery import app


def test_every_beat_entry_names_a_registered_task() -> None:
    app.loader.import_default_modules()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named - set(app.tasks) == set()


def test_every_bell_rung_in_the_code_names_a_registered_task() -> None:
    app.loader.import_default_modules()
    root = Path(settings.BASE_DIR)
    rung: set[str] = set()
    for room in ("accounts", "students", "tutoring", "safeguarding", "exchange", "reports"):
        for module in (root / room).rglob("*.py"):
            rung |= set(re.findall(r'\bring\(\s*"([\w.]+)"', module.read_text()))
    assert rung, "no bell found: has the name of core.queueing.ring changed?"
    assert rung - set(app.tasks) == set()
