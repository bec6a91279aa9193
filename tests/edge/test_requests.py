"""Requests that no page of ours sends: forged, from elsewhere, with invented proxies, for files that are not there."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory, override_settings

from accounts.enums import Role
from core.views import server_error
from tests.edge.crawl import make_crawl
from tests.factories import TutorSessionFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# A browser's own report of a refused resource carries no token, and changes nothing but the log.
WITHOUT_TOKEN = {"core:policy-report"}
# Sessions, counts against too many requests, and the record of who took what are written by looking.
# The sign-in library keeps its own copy of a person's address up to date as it shows it. Whom somebody reaches is
# worked out at the first question of theirs and kept (`guard.sight`, decision 0006).
WRITTEN_BY_READING = {"django_session", "cache", "audit_event", "account_emailaddress", "sight"}
SECRET = "Looks after his sister on Tuesdays."


@pytest.mark.usefixtures("unrendered")
def test_no_change_is_taken_without_a_form_token() -> None:
    crawl = make_crawl()
    client = crawl.signed_in(enforce_csrf_checks=True)
    answers = {(method, name): client.generic(method, path) for name, path in crawl.paths.items() for method in UNSAFE}
    wrong = {asked: answer.status_code for asked, answer in answers.items() if answer.status_code != 403}
    assert {name for _, name in wrong} == WITHOUT_TOKEN


@pytest.mark.usefixtures("unrendered")
def test_no_change_is_taken_from_another_site() -> None:
    """Even with a valid token: the client has it and asks for no check of it."""
    crawl, client, wrong = make_crawl(), Client(), {}
    client.force_login(crawl.user)
    for number, (name, path) in enumerate(crawl.paths.items()):
        sender = ("cross-site", "same-site", "made-up")[number % 3]
        for method in UNSAFE:
            answer = client.generic(method, path, headers={"Sec-Fetch-Site": sender})
            wrong |= {} if answer.status_code == 403 else {f"{method} {name}": answer.status_code}
    assert wrong == {}


def test_a_link_from_another_site_may_be_followed() -> None:
    client = Client()
    client.force_login(person(Role.HEADTEACHER))
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def _rows_written() -> dict[str, int]:
    """Table → rows inserted, changed or deleted so far in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


@pytest.mark.usefixtures("unrendered")
def test_looking_changes_nothing() -> None:
    crawl, wrong = make_crawl(), {}
    client = crawl.signed_in()
    client.get("/")
    for name, path in crawl.paths.items():
        if name == "account_logout":
            continue
        before = _rows_written()
        answer = client.get(path)
        b"".join(answer) if answer.streaming else answer.content
        changed = {table for table, rows in _rows_written().items() if rows != before.get(table, 0)}
        wrong |= {name: changed - WRITTEN_BY_READING} if changed - WRITTEN_BY_READING else {}
    assert wrong == {}


def test_the_count_of_written_rows_sees_a_change() -> None:
    session = TutorSessionFactory.create()
    before = _rows_written()
    type(session).objects.filter(pk=session.pk).update(minutes=5)
    assert _rows_written()["tutor_sessions_tutorsession"] == before["tutor_sessions_tutorsession"] + 1


ELSEWHERE = [
    "https://elsewhere.example/",
    "http://elsewhere.example",
    "//elsewhere.example/",
    "///elsewhere.example/",
    "////elsewhere.example",
    "/\\elsewhere.example/",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example/",
    "/\n/elsewhere.example/",
    "https:elsewhere.example",
    "https:///elsewhere.example",
    "http:/\\elsewhere.example",
    " https://elsewhere.example/",
    "\x00//elsewhere.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://testserver@elsewhere.example/",
    "https://testserver.elsewhere.example/",
    "http://testserver:pass@elsewhere.example/",
    "ftp://testserver/",
    "/ok\r\nLocation: https://elsewhere.example/",
    "//testserver\\@elsewhere.example/",
    "http://[::1/",
]


def _leads_away(location: str) -> bool:
    return not location.startswith("/") or location.startswith(("//", "/\\")) or "\n" in location or "\t" in location


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=ascii)
def test_nobody_is_sent_elsewhere(wanted: str) -> None:
    user = person(Role.TUTOR)
    user.set_password("three random words here")
    user.save()
    client = Client(raise_request_exception=False)
    sent = [
        client.post("/account/login/", {"login": user.email, "password": "three random words here", "next": wanted})
    ]
    sent += [
        client.post("/school/drafts/discard/", {"next": wanted}),
        client.get("/account/login/", {"next": wanted}),
        client.get("/account/reauthenticate/", {"next": wanted}),
        client.post("/account/logout/", {"next": wanted}),
    ]
    assert [answer.status_code for answer in sent if answer.status_code >= 500] == []
    assert [place for answer in sent if (place := answer.headers.get("Location")) and _leads_away(place)] == []


FORWARDED: list[dict[str, str]] = [
    {"X-Forwarded-Host": "elsewhere.example"},
    {"X-Forwarded-Server": "elsewhere.example"},
    {"X-Host": "elsewhere.example"},
    {"X-Forwarded-Port": "8443"},
    {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-Scheme": "https"},
    {"X-Original-URL": "/import/"},
    {"X-Rewrite-URL": "/import/"},
    {"X-HTTP-Method-Override": "POST"},
    {"Forwarded": "host=elsewhere.example;proto=https"},
]


@pytest.mark.parametrize("headers", FORWARDED, ids=lambda headers: next(iter(headers)))
def test_invented_proxies_change_no_answer(headers: dict[str, str]) -> None:
    client = Client()
    plain, other = client.get("/import/"), client.get("/import/", headers=headers)
    assert (other.status_code, other.headers["Location"]) == (plain.status_code, plain.headers["Location"])
    page = client.get("/account/password/reset/", headers=headers)
    assert "elsewhere" not in page.content.decode()
    assert not page.wsgi_request.is_secure()


@pytest.mark.parametrize("host", ["elsewhere.example", "testserver.elsewhere.example", "testserver@elsewhere.example"])
def test_a_host_that_is_not_ours_is_refused(host: str) -> None:
    answer = Client(raise_request_exception=False).post(
        "/account/password/reset/", {"email": "x@northgate.example"}, headers={"Host": host}
    )
    assert answer.status_code == 400
    assert host not in answer.content.decode()


NOT_OURS = [
    "/.git/config", "/.git/HEAD", "/.env", "/.env.bak", "/env", "/backup.sql", "/waymark.sql.gz", "/dump.sql",
    "/db.sqlite3", "/backup.zip", "/data/", "/data/reports/", "/media/", "/uploads/", "/static/../config/urls.py",
    "/static/%2e%2e/config/urls.py", "/static//etc/passwd", "/..%2f..%2fetc/passwd", "/server-status", "/metrics",
    "/debug/", "/__debug__/", "/admin/", "/swagger/", "/api/docs/", "/phpinfo.php", "/wp-login.php",
    "/config/settings/database.py",
    "/manage.py", "/requirements/base.txt", "/SECURITY.md", "/actuator/env", "/.well-known/../.env", "/static/.env",
]  # fmt: skip


@pytest.mark.parametrize("path", NOT_OURS)
def test_there_is_no_such_file(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert "SECRET" not in answer.content.decode()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        secret = "the-secret-cause"
        raise RuntimeError(f"{secret} SELECT * FROM students_student /home/waymark")

    monkeypatch.setattr("core.views.render", fail)


@pytest.mark.usefixtures("failing")
def test_an_error_tells_a_stranger_nothing() -> None:
    answer = Client(raise_request_exception=False).get("/accessibility/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong here" in page
    for telling in ("secret-cause", "RuntimeError", "Traceback", "students_student", "/home", ".py", "DEBUG", "Django"):
        assert telling not in page


def test_the_page_of_an_error_asks_the_database_nothing(django_assert_num_queries: Any, rf: RequestFactory) -> None:
    with django_assert_num_queries(0):
        assert server_error(rf.get("/")).status_code == 500


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("connection to server at 10.0.0.7 failed: user waymark_web")

    with monkeypatch.context() as patched:
        patched.setattr("django.db.backends.utils.CursorWrapper.execute", refuse)
        yield


def test_without_the_database_the_text_comes_back(no_database: None) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    fields = {"happened": SECRET * 3, "password": "secret"}
    answer = client.post("/sessions/", fields, headers={"Sec-Fetch-Site": "same-origin"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert SECRET in page
    assert "secret" not in page.replace(SECRET, "")
    assert "10.0.0.7" not in page


def test_without_the_database_nothing_goes_to_another_site(no_database: None) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://testserver.elsewhere.example"}):
        answer = client.post("/sessions/", {"happened": SECRET}, headers=headers)
        assert answer.status_code in (403, 503)
        assert SECRET not in answer.content.decode()


def test_pages_that_need_no_database_still_come(no_database: None) -> None:
    assert Client().get("/health/").status_code == 200
    assert Client(raise_request_exception=False).get("/").status_code in (302, 503)


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_a_form_larger_than_any_of_ours_is_refused_plainly() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person(Role.TUTOR))
    answer = client.post("/find/", {"q": "x" * 2000})
    assert answer.status_code == 400
    assert "did not make sense" in answer.content.decode()


def test_policy_reports_are_logged_in_one_plain_line_and_a_few_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    report = {
        "document-uri": "http://testserver/students/1/?q=Okafor",
        "blocked-uri": "https://elsewhere.example/a.js?token=1",
        "effective-directive": "script-src\r\nERROR forged line \x1b[31m",
    }
    for _ in range(70):
        answer = client.post("/csp/", json.dumps({"csp-report": report}), content_type="application/csp-report")
        assert answer.status_code == 204
    lines = [record.getMessage() for record in caplog.records if "policy refused" in record.getMessage()]
    assert len(lines) == 60
    assert "elsewhere.example/a.js on /students/1/" in lines[0]
    assert not {"Okafor", "token", "\n", "\r", "\x1b"} & set(lines[0])
    assert "Okafor" not in lines[0]


@pytest.mark.parametrize(
    "body", ["", "x" * 20_000, "[]", '{"csp-report": 1}', '{"csp-report": {}}', "\xff", "[" * 9000]
)
def test_policy_reports_that_are_none_are_refused(body: str) -> None:
    answer = Client().post("/csp/", body.encode("latin-1"), content_type="application/csp-report")
    assert answer.status_code == 400
