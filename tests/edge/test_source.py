"""What must not stand in the source: secrets, machines' own paths, dangerous calls; and the bill of materials."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

from scripts import sbom
from tests.conventions.access import TABLE, Open
from tests.conventions.addresses import all_addresses

ROOT = Path(settings.BASE_DIR)
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
OURS = ("accounts", "audit", "config", "core", "exchange", "reports", "safeguarding", "students", "tutoring")
MODULES = [ROOT / name for name in TRACKED if name.endswith(".py") and name.split("/")[0] in OURS]

SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    "a cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b"),
    "a service's token": re.compile(r"\b(?:gh[opsu]_[0-9A-Za-z]{36}|glpat-[\w-]{20}|xox[abp]-[\w-]{10,})"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password in an address": re.compile(r"\b(?:postgres|redis|amqp|https?|smtp\+tls)://\w+:(?!password@|\$\{|pass@)[^\s@/{}\"']{3,}@"),
    "a secret in a setting": re.compile(r"^(?:[A-Z_]*(?:SECRET|TOKEN|API_KEY|PASSWORD)[A-Z_]*)=\S+", re.MULTILINE),
}  # fmt: skip
ELSEWHERE = {
    "a machine's own path": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/"),
    "a package registry": re.compile(r"https?://[\w.-]*(?:pypi|npmjs|registry|artifactory|nexus|mirror)[\w.-]*", re.I),
}
# Where such words are the subject, and public words of the linted tools' own files.
SPEAKS_OF_THEM = {"tests/edge/test_source.py", "tests/edge/test_requests.py"}


def _texts() -> Iterator[tuple[str, str]]:
    for name in filter(None, TRACKED):
        path = ROOT / name
        if path.suffix in {".png", ".woff2", ".ico"} or name in SPEAKS_OF_THEM or not path.is_file():
            continue
        yield name, path.read_text(errors="replace")


@pytest.mark.parametrize("patterns", [SECRETS, ELSEWHERE], ids=["secrets", "places"])
def test_the_repository_holds_none(patterns: dict[str, re.Pattern[str]]) -> None:
    found = [
        f"{name}: {what}: {match[0][:40]}"
        for name, text in _texts()
        for what, pattern in patterns.items()
        if (match := pattern.search(text))
    ]
    assert found == []


def test_the_scan_would_find_them() -> None:
    planted = "-----BEGIN RSA PRIVATE KEY-----\nSECRET_KEY=abc\npostgres://waymark:hunter22@db/x AKIAABCDEFGHIJKLMNOP"
    assert sum(bool(pattern.search(planted)) for pattern in SECRETS.values()) == 4
    assert all(p.search("/home/ada/x https://registry.example.org/simple") for p in ELSEWHERE.values())


def test_no_data_and_no_dump_is_tracked() -> None:
    endings = (".sql.gz", ".dump", ".sqlite3", ".pem", ".key", ".p12", ".xlsx", ".env", ".bak")
    assert [name for name in TRACKED if name.endswith(endings)] == []


def test_the_linters_security_rules_are_on() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    product = [glob for glob in lint["per-file-ignores"] if glob.split("/")[0] in OURS]
    assert product == ["exchange/demo_school/*"]


# Each is a call that could run or open what came from outside, and where it may stand none the less.
ALLOWED = {
    # Its own rows, packed in its own memory and never written anywhere.
    ("exchange/staging.py", "pickle.loads"),
    # Rich text, cleaned in the same line.
    ("core/rich_text.py", "mark_safe"),
    # Which refuses entities and outside documents.
    ("core/uploads.py", "defusedxml.ElementTree.fromstring"),
    # A developer's command, which starts another of ours.
    ("core/management/commands/bench.py", "subprocess.run"),
}
FORBIDDEN_CALLS = {
    "pickle.loads", "pickle.load", "marshal.loads", "shelve.open", "yaml.load", "yaml.unsafe_load", "eval", "exec",
    "os.system", "os.popen", "mark_safe", "RawSQL", "subprocess.Popen", "subprocess.run", "subprocess.call",
    "objects.raw", "objects.extra", "tempfile.mktemp", "xml.etree.ElementTree.parse", "ElementTree.fromstring",
}  # fmt: skip


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield str(path.relative_to(ROOT)), _dotted(node.func), node


def test_nothing_dangerous_is_called() -> None:
    found = {
        (module, name)
        for module, name, _ in _calls()
        if any(name == bad or name.endswith(f".{bad}") for bad in FORBIDDEN_CALLS)
        or name.endswith((".extra", ".RawSQL"))
    }
    assert found - ALLOWED == set()
    assert found >= ALLOWED, "take these out of ALLOWED"


def _is_built(sql: ast.expr) -> bool:
    """Whether a statement is put together from other things than constants of its module (UPPER_CASE names)."""
    if isinstance(sql, ast.JoinedStr):
        names = [part.value for part in sql.values if isinstance(part, ast.FormattedValue)]
        return any(not (isinstance(name, ast.Name) and name.id.lstrip("_").isupper()) for name in names)
    return isinstance(sql, ast.BinOp) or (isinstance(sql, ast.Call) and _dotted(sql.func).endswith(".format"))


# Statements over names of tables and columns that the code itself holds; migrations and the importer's sets.
BUILT_FROM_OUR_OWN_NAMES = {
    "accounts/guard.py", "exchange/arrays.py", "exchange/staging.py", "tutoring/attendance/selectors.py",
}  # fmt: skip


def test_no_statement_is_put_together_from_what_came_in() -> None:
    found = {
        module
        for module, name, call in _calls()
        if name.rpartition(".")[2] in {"execute", "executemany"} and call.args and _is_built(call.args[0])
    }
    assert {module for module in found if "/migrations/" not in module} - BUILT_FROM_OUR_OWN_NAMES == set()


def test_forms_of_models_name_their_fields() -> None:
    """No `__all__`, no `exclude`: a new column is never on a form by accident."""
    for path in MODULES:
        text = path.read_text()
        if path.name.endswith("form.py") or path.name == "forms.py" or "ModelForm" in text:
            assert not re.search(r"fields\s*=\s*[\"']__all__|^\s+exclude\s*=", text, re.MULTILINE), path
    for form in our_model_forms():
        assert isinstance(form._meta.fields, tuple | list), form
        assert form._meta.exclude is None, form


def our_model_forms(base: Any = forms.ModelForm) -> Iterator[Any]:
    """Every form of ours that edits a row."""
    get_resolver().url_patterns  # noqa: B018 (imports every view, and so every form)
    for form in base.__subclasses__():
        if form.__module__.split(".")[0] in OURS and form._meta.model:
            yield form
        yield from our_model_forms(form)


# What answers somebody who is not signed in, beside the sign-in pages themselves.
ANONYMOUS = {
    "core:health", "core:csrf", "core:accessibility", "core:policy-report",
    "sign_in:invitation-open", "sign_in:invitation-accept", "diary:calendar-feed", "roundrobin:link",
    "digests:stop",
}  # fmt: skip


def test_a_stranger_has_few_doors() -> None:
    assert {name for name, access in TABLE.items() if access.needs is Open.ANYBODY} == ANONYMOUS
    marked = {a.name for a in all_addresses() if not getattr(a.pattern.callback, "login_required", True)}
    assert {name for name in marked if ":" in name} == ANONYMOUS


def test_one_view_alone_asks_for_no_form_token() -> None:
    exempt = {a.name for a in all_addresses() if getattr(a.pattern.callback, "csrf_exempt", False)}
    assert exempt == {"core:policy-report"}


def test_nothing_for_developers_is_installed() -> None:
    assert not settings.DEBUG
    installed = {config.name for config in apps.get_app_configs()}
    assert not installed & {"debug_toolbar", "silk", "django.contrib.admin", "django.contrib.admindocs", "rosetta"}


def test_the_bill_of_materials_names_every_locked_package(tmp_path: Path) -> None:
    target = tmp_path / "sbom.json"
    number = sbom.write(target)
    bill = json.loads(target.read_text())
    named = {component["name"].lower() for component in bill["components"]}
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements/base.txt").read_text(), re.MULTILINE))
    assert bill["bomFormat"] == "CycloneDX"
    assert len(bill["components"]) == number
    assert locked <= named
    assert {"htmx.org", "@tabler/core", "inter-ui"} <= named
    assert all(component.get("version") and component.get("purl") for component in bill["components"])
    assert all(c.get("hashes") or c["externalReferences"][0]["hashes"] for c in bill["components"])
    assert "axe-core" not in named, "what only tests use is not delivered"
