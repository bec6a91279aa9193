"""The compose file, the Dockerfile, `.env.example` and the settings tell one story; Docker itself is not needed."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from scripts.embedded import programs

ROOT = Path(settings.BASE_DIR)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
EXAMPLE = (ROOT / ".env.example").read_text()
SOURCE = "".join(path.read_text() for path in (ROOT / "config/settings").glob("*.py"))
SETTINGS = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SOURCE))
# What the sealer alone may know: with its key the record could be rewritten.
SEALERS = {"SEAL_KEY", "AUDIT_ANCHOR_EMAILS", "AUDIT_ANCHOR_FILE"}
# What docker-compose.yml alone reads: the database container's own passwords.
ROLES = ("migrate", "web", "worker", "sealer", "backup")
PASSWORDS = {"POSTGRES_PASSWORD"} | {f"{role.upper()}_PASSWORD" for role in ROLES}


def test_the_example_names_every_setting_once_and_nothing_else() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert sorted(named) == sorted(SETTINGS | PASSWORDS)


def test_every_setting_in_the_example_is_explained() -> None:
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[A-Z_]+=", line) and not line.startswith(tuple(f"#{name}" for name in PASSWORDS)):
            assert re.match(r"# .+[.)@a-z]", lines[number - 1]), f"{line} has no sentence above it"


def test_the_compose_file_passes_on_every_setting() -> None:
    everybodys = SETTINGS - {"DATABASE_OWNER_URL"} - SEALERS
    assert set(SERVICES["migrate"]["environment"]) == everybodys | {"DATABASE_OWNER_URL"}
    assert set(SERVICES["sealer"]["environment"]) == everybodys | SEALERS
    for name in ("web", "worker", "beat"):
        assert set(SERVICES[name]["environment"]) == everybodys


def test_only_the_migration_may_change_tables() -> None:
    owners = [name for name, service in SERVICES.items() if "waymark_migrate" in str(service.get("environment", ""))]
    assert owners == ["migrate"]


def test_every_variable_the_compose_file_asks_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert asked <= SETTINGS | PASSWORDS


def test_there_are_the_four_processes_and_their_servers() -> None:
    assert set(SERVICES) == {"web", "worker", "beat", "sealer", "migrate", "db", "redis"}


def test_the_database_is_made_by_the_same_script_as_the_embedded_one() -> None:
    assert "./scripts/sql/roles.sql:/docker-entrypoint-initdb.d/roles.sql:ro" in SERVICES["db"]["volumes"]
    script = (ROOT / "scripts/sql/roles.sql").read_text()
    assert set(re.findall(r"^\\getenv \w+ (\w+)", script, re.MULTILINE)) == PASSWORDS - {"POSTGRES_PASSWORD"}


def _major(text: str) -> str:
    found = re.search(r"\d+", text)
    assert found
    return found[0]


def test_the_same_postgresql_and_redis_at_least_as_new_as_the_embedded() -> None:
    embedded = subprocess.run(
        [programs.packaged_postgres() / "bin/postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    assert _major(SERVICES["db"]["image"]) == _major(embedded)
    assert int(_major(SERVICES["redis"]["image"])) >= 6


def test_the_image_runs_the_lowest_python_we_support_and_not_as_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    lowest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
    assert set(re.findall(r"^FROM python:([\d.]+)-slim-bookworm", dockerfile, re.MULTILINE)) == {lowest}
    assert dockerfile.count("FROM ") == 3
    assert re.findall(r"^USER (\w+)", dockerfile, re.MULTILINE) == ["waymark"]


@pytest.mark.parametrize("name", ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"])
def test_the_image_has_the_system_libraries_that_the_set_up_installs(name: str) -> None:
    assert name in (ROOT / "Dockerfile").read_text()
    assert name in (ROOT / "scripts/setup.py").read_text()


def test_what_the_image_copies_leaves_secrets_and_data_behind() -> None:
    ignored = set((ROOT / ".dockerignore").read_text().split())
    assert {".env", ".git", ".run", "data"} <= ignored
