"""What every answer carries: pages, redirects, refusals, errors, files and static files, signed in or not."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client

from tests.edge.crawl import as_over_https, make_crawl

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# A file that somebody takes away has a stricter policy of its own.
SANDBOX = {"default-src": "'none'", "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
DENIED = ("camera", "microphone", "geolocation", "usb", "payment", "display-capture")
NEEDS_CHARSET = re.compile(r"text/|.*\+xml")


@pytest.fixture(autouse=True)
def over_https() -> Iterator[None]:
    with as_over_https():
        yield


def faults_of(answer: HttpResponseBase) -> list[str]:
    """What is missing or wrong in the headers of an answer."""
    headers, found = answer.headers, []
    policy = _directives(headers.get("Content-Security-Policy", ""))
    is_file = "sandbox" in policy
    found += [f"CSP {k} {policy.get(k)}" for k, v in (SANDBOX if is_file else POLICY).items() if policy.get(k) != v]
    if "unsafe" in str(policy) or (not is_file and policy.get("report-uri") != "/csp/"):
        found.append(f"CSP {policy}")
    found += [f"{name}: {headers.get(name)}" for name, value in EXACT.items() if headers.get(name) != value]
    permissions = headers.get("Permissions-Policy", "")
    found += [f"{name} is not denied" for name in DENIED if f"{name}=()" not in permissions]
    hsts = re.match(r"max-age=(\d+); includeSubDomains", headers.get("Strict-Transport-Security", ""))
    if not hsts or int(hsts[1]) < 31_536_000:
        found.append(f"HSTS: {headers.get('Strict-Transport-Security')}")
    return found + _type_faults(answer) + _cookie_faults(answer)


def _directives(policy: str) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in policy.split(";") if part.strip()]
    return {name: value for name, _, value in parts}


def _type_faults(answer: HttpResponseBase) -> list[str]:
    kind = answer.headers.get("Content-Type", "")
    empty = answer.status_code == 204 or (not answer.streaming and not getattr(answer, "content", b"x"))
    if not kind and not empty:
        return ["no content type"]
    return (
        [f"{kind} without charset"]
        if NEEDS_CHARSET.match(kind) and "charset=utf-8" not in kind.lower().replace('"', "")
        else []
    )


def _cookie_faults(answer: HttpResponseBase) -> list[str]:
    found = []
    for name, cookie in answer.cookies.items():
        right = cookie["secure"] and cookie["httponly"] and cookie["samesite"] in {"Lax", "Strict"}
        if not right or not name.startswith("__Host-") or cookie["path"] != "/" or cookie["domain"]:
            found.append(f"cookie {cookie.OutputString()}")
    return found


def visit(client: Client, method: str, path: str, **options: Any) -> HttpResponseBase:
    answer: HttpResponseBase = client.generic(method, path, secure=True, **options)
    if answer.streaming:
        b"".join(answer)  # to its end, where the client closes it
    return answer


def test_everything_somebody_with_every_role_is_shown() -> None:
    crawl, faults, seen = make_crawl(), {}, set()
    client = crawl.signed_in(raise_request_exception=False)
    for name, path in crawl.paths.items():
        if name == "account_logout":
            continue
        for method in ("GET", "PUT"):
            answer = visit(client, method, path)
            seen.add(answer.status_code)
            wrong = faults_of(answer)
            if "no-store" not in answer.headers.get("Cache-Control", ""):
                wrong.append(f"Cache-Control: {answer.headers.get('Cache-Control')}")
            faults |= {f"{method} {name} ({answer.status_code})": wrong} if wrong else {}
    assert faults == {}
    assert {200, 302, 405} <= seen
    assert 500 not in seen


def test_everything_a_stranger_is_shown() -> None:
    crawl, faults, seen = make_crawl(), {}, set()
    client = Client()
    for name, path in crawl.paths.items():
        for method in ("GET", "POST"):
            answer = visit(client, method, path)
            seen.add(answer.status_code)
            wrong = faults_of(answer)
            faults |= {f"{method} {name} ({answer.status_code})": wrong} if wrong else {}
    assert faults == {}
    assert {200, 302, 401} <= seen


def test_signing_in_sets_only_guarded_cookies() -> None:
    crawl, client = make_crawl(), Client()
    crawl.user.set_password("three random words here")
    crawl.user.save()
    page = visit(client, "GET", "/account/login/")
    answer = client.post(
        "/account/login/", {"login": crawl.user.email, "password": "three random words here"}, secure=True
    )
    assert {"__Host-csrftoken"} == set(page.cookies)
    assert "__Host-sessionid" in answer.cookies
    assert faults_of(page) + faults_of(answer) == []


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the secret cause")

    monkeypatch.setattr("core.views.render", fail)


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/nowhere/", {}, 404),
        ("/static/nothing.css", {}, 404),
        ("/accessibility/", {}, 500),
        ("/account/login/", {"headers": {"Host": "elsewhere.example"}}, 400),
        ("/students/?page=%00", {}, 400),
    ],
)
def test_errors(path: str, options: dict[str, Any], status: int) -> None:
    answer = visit(Client(raise_request_exception=False), "GET", path, **options)
    assert answer.status_code == status
    assert faults_of(answer) == []


def test_plain_http_is_sent_to_https_with_the_same_headers() -> None:
    answer = Client().get("/account/login/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/account/login/")
    assert [fault for fault in faults_of(answer) if not fault.startswith("HSTS")] == []


@pytest.mark.parametrize("name", ["css/base.css", "js/page.js", "img/mark.svg"])
def test_static_files(name: str, settings: Any, tmp_path: Path) -> None:
    source = Path(settings.BASE_DIR) / "static" / name
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_bytes(source.read_bytes())
    settings.STATIC_ROOT = tmp_path
    answer = visit(Client(), "GET", f"/static/{name}")
    assert answer.status_code == 200
    assert faults_of(answer) == []


def test_the_check_itself_finds_a_bare_answer() -> None:
    """The control: an answer without any of it has a fault for each."""
    from django.http import HttpResponse

    bare = HttpResponse("x", content_type="text/html")
    bare.set_cookie("sessionid", "x")
    assert len(faults_of(bare)) >= len(POLICY) + len(EXACT) + len(DENIED) + 3
