"""Drafts that nobody is typing in are encrypted; the way back decrypts them again.

A draft touched within the last hour is left to its next save: a process of the older version may still be writing to it.
Whatever is plain when that process is gone stays readable here and goes, as all drafts do, 30 days after the last touch.
"""

import datetime as dt
import json
from typing import Any

from django.db import migrations
from django.utils import timezone

from core.encryption import place_of, ring

TABLE, COLUMN = "accounts_draft", "sealed"


def _drafts(apps: Any, schema_editor: Any) -> Any:
    """Of the owner's connection, which migrates: the web role without an actor may not read a draft."""
    return apps.get_model("accounts", "Draft").objects.using(schema_editor.connection.alias)


def seal(apps: Any, schema_editor: Any) -> None:
    idle = _drafts(apps, schema_editor).filter(updated_at__lt=timezone.now() - dt.timedelta(hours=1))
    for draft in idle.filter(sealed=None).exclude(plain={}).iterator():
        text = json.dumps(draft.plain, ensure_ascii=False).encode()
        sealed = ring().encrypt(text, place_of(TABLE, draft.pk, COLUMN))
        # Only if it is still as it was read.
        idle.filter(pk=draft.pk, revision=draft.revision).update(sealed=sealed, plain={})


def open_again(apps: Any, schema_editor: Any) -> None:
    drafts = _drafts(apps, schema_editor)
    for draft in drafts.exclude(sealed=None).iterator():
        if not draft.plain:
            text = ring().decrypt(draft.sealed, place_of(TABLE, draft.pk, COLUMN))
            drafts.filter(pk=draft.pk).update(plain=json.loads(text), sealed=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_draft_sealed")]
    operations = [migrations.RunPython(seal, open_again)]
