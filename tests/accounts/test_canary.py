"""What is typed but not sent stands nowhere in the clear: database, Redis, logs, sessions, mails and files."""

import base64
import logging
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.models import Draft
from core.acting import Actor, acting_as
from core.writers import stamp_of_writer
from tests.sessions.pages import scene

CANARY = "Zeisig sang vor Tau und Tag am Kanal"
COLUMNS = """SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
             WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"""


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line of every logger, down to DEBUG, the database's own included."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keep, root = Keep(), logging.getLogger()
    before = root.level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(keep)
    root.setLevel(before)


def _places_with(words: str) -> list[str]:
    """table.column of every column of the database in which the words stand, as text or as bytes."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET ROLE waymark_backup")  # reads everything, past the policies
        cursor.execute(COLUMNS)
        for schema, table, column, kind in cursor.fetchall():
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'SELECT count(*) FROM "{schema}"."{table}" WHERE {text} LIKE %s', [f"%{words}%"])
            found += [f"{table}.{column}"] if cursor.fetchone()[0] else []
    return found


def _files_with(words: str, *folders: Path) -> list[Path]:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if words.encode() in path.read_bytes()]


def _autosave(client: Client) -> int:
    world = scene()
    form = f"session:{world.student.pk}"
    fields = {"draft_token": str(uuid.uuid4()), "draft_revision": "0", "writer": stamp_of_writer(world.tutor)}
    client.force_login(world.tutor)
    return client.post(f"/school/drafts/{form}/", fields | {"happened": CANARY}).status_code


@pytest.mark.django_db(transaction=True)
def test_a_typed_word_stands_nowhere_in_the_clear(
    logged: list[str], client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # Kept once; refused twice, which must not repeat it either.
    assert _autosave(client) == 200
    assert client.post("/school/drafts/session:1/", {"happened": CANARY}).status_code == 404
    client.logout()
    assert client.post("/sessions/", {"happened": CANARY}).status_code == 401
    assert Draft.objects.get().fields["happened"] == [CANARY]
    queue = redis.Redis.from_url(settings.REDIS_URL)
    kept = b"".join(queue.dump(key) or b"" for key in queue.scan_iter())
    assert CANARY.encode() not in kept
    assert [line for line in logged if CANARY in line] == []
    assert logged, "nothing was logged at all: this proves nothing"
    assert [message for message in mail.outbox if CANARY in str(message.message())] == []
    assert _files_with(CANARY, tmp_path, Path(settings.DATA_DIR)) == []
    assert _places_with(CANARY) == []
    # These two hold their values in a code of their own.
    assert [session for session in Session.objects.all() if CANARY in str(session.get_decoded())] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM cache")
        assert [value for (value,) in cursor.fetchall() if CANARY.encode() in base64.b64decode(value)] == []


@pytest.mark.django_db(transaction=True)
def test_the_search_itself_finds_words_in_text_json_and_bytes() -> None:
    world = scene()
    with acting_as(Actor(user_id=world.tutor.pk)):
        Draft.objects.create(user=world.tutor, form=f"session:{CANARY}", token=uuid.uuid4(), plain={"a": [CANARY]})
        Draft.objects.create(user=world.tutor, form="x", token=uuid.uuid4(), sealed=CANARY.encode())
    places = [f"accounts_draft.{column}" for column in ("fields", "form", "sealed")]
    assert sorted(_places_with(CANARY)) == places
