"""All or nothing, and closed rather than open: what happens when something fails in the middle of a request."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core import checks, mail
from django.db import IntegrityError, OperationalError, connection
from django.test import Client, override_settings

from accounts.models import School, User
from core.logs import OneLineFormatter
from tests.edge.crawl import Crawl, as_over_https, make_crawl
from tests.edge.html_forms import forms_in
from tests.factories import TutorSessionFactory

pytestmark = pytest.mark.django_db
SECRET = "Looks after his sister on Tuesdays"
# Written beside the action, whatever comes of it: sign-in state, counts, and the record of refusals and failures.
BESIDE = {"django_session", "cache"}
FLOWS = {
    "logging a conversation": ("tutor_sessions:session-create", {"happened": SECRET}),
    "changing a conversation": ("tutor_sessions:session-update", {"happened": SECRET}),
    "a new day for a step": ("tutor_sessions:step-update", {"outcome": SECRET}),
    "a term's comment": ("tutor_sessions:comment-update", {}),
    "the words of the school": ("accounts:school-settings", {"house_label": "Alliance"}),
    "starting a run of reports": ("reports:run-start", {}),
}


def _form_of(crawl: Crawl, client: Client, name: str) -> tuple[str, dict[str, list[str]]]:
    path = crawl.paths[name]
    form = next(f for f in forms_in(client.get(path).content.decode(), path) if f.action.split("?")[0] == path)
    sent = form.data(None)
    for field, entry in form.fields.items():
        if field.startswith("comment-"):
            sent[field] = [SECRET]
        elif field == "groups" and not entry.values:
            sent[field] = [str(crawl.world.student.group_memberships.get().group_id)]
    return form.action, sent


def _contents() -> dict[str, int]:
    """Table → a number that changes with any row of it."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            if table not in BESIDE:
                cursor.execute(f'SELECT coalesce(sum(hashtext(t::text)::bigint), 0) + count(*) FROM "{table}" t')
                found[table] = cursor.fetchone()[0]
    return found


class Failing:
    """Lets so many writes through and fails the next one."""

    def __init__(self, let_through: int) -> None:
        self.left = let_through
        self.failed = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        writes = str(sql).lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        if writes and not any(f'"{table}"' in str(sql) for table in BESIDE):
            self.left -= 1
            if self.left < 0 and not self.failed:
                self.failed = True
                raise OperationalError("the disk is full")
        return execute(sql, params, many, context)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_fault_at_any_write_leaves_nothing_half_done(flow: str) -> None:
    crawl = make_crawl()
    client = crawl.signed_in(raise_request_exception=False)
    name, typed = FLOWS[flow]
    path, sent = _form_of(crawl, client, name)
    sent |= {field: [value] for field, value in typed.items()}
    before = _contents()
    for number in range(40):
        failing = Failing(number)
        with connection.execute_wrapper(failing):
            answer = client.post(path, sent, headers={"Sec-Fetch-Site": "same-origin"})
        if not failing.failed:
            break
        assert answer.status_code == 503, f"at write {number + 1}"
        assert _contents() == before, f"at write {number + 1}"
        assert SECRET in answer.content.decode() or SECRET not in str(sent)
    assert number >= 1, "no write was reached: the test proves nothing"
    assert answer.status_code == 302
    assert _contents() != before


@pytest.mark.parametrize("broken", ["accounts.permissions.roles_with", "accounts.backends.RoleBackend.has_perm"])
def test_when_the_check_of_a_right_fails_nothing_is_shown(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = make_crawl()
    TutorSessionFactory.create(student=crawl.world.student, author=crawl.user, happened=SECRET)
    client = crawl.signed_in(raise_request_exception=False)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("rights cannot be worked out")

    monkeypatch.setattr(broken, fail)
    for name in ("desk:student-story", "tutor_sessions:session-list", "reports:student-record", "desk:student-family"):
        answer = client.get(crawl.paths[name])
        page = answer.content.decode()
        assert answer.status_code in (403, 500), name
        assert SECRET not in page
        assert crawl.world.student.preferred_surname not in page


def test_a_deployment_passes_djangos_own_checks() -> None:
    with as_over_https(), override_settings(SECRET_KEY="k7" * 30 + "".join(map(chr, range(97, 123)))):
        found = checks.run_checks(include_deployment_checks=True)
    assert [str(one) for one in found if one.level >= checks.WARNING and not one.is_silenced()] == []


def test_no_name_writes_a_header_of_a_mail() -> None:
    crawl = make_crawl()
    hostile = "Northgate\r\nBcc: everybody@elsewhere.example\r\n\r\nHello"
    School.objects.filter(pk=crawl.user.school_id).update(name=hostile)
    User.objects.filter(pk=crawl.user.pk).update(first_name=hostile[:60], last_name=hostile[:60])
    colleague = crawl.paths["accounts:staff-sign-ins"]
    client = crawl.signed_in(raise_request_exception=False)
    client.post("/account/password/reset/", {"email": crawl.user.email})
    client.post(colleague, {"invite": "all"})
    assert mail.outbox, "no mail went out: the test proves nothing"
    for message in mail.outbox:
        written = message.message()
        assert not written.get_all("Bcc")
        assert "\n" not in str(written["Subject"])
        assert message.recipients() == message.to


@pytest.mark.parametrize("words", [SECRET, f"one\n\n{SECRET}\nCONTEXTUAL"])
def test_a_line_of_the_log_holds_no_row_of_the_database(words: str) -> None:
    """PostgreSQL names the failing row in its errors, where no policy guards it; the log keeps the error without it."""
    with pytest.raises(IntegrityError) as refused, connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_content_type (app_label) VALUES (%s)", [words])
    assert SECRET in str(refused.value), "the test proves nothing"
    whole = (refused.type, refused.value, refused.tb)
    record = logging.getLogger("t").makeRecord("t", logging.ERROR, "t", 1, "failed: %s", (refused.value,), whole)
    line = OneLineFormatter("%(message)s").format(record)
    assert line.count("null value in column") >= 2
    assert SECRET not in line
