# Every command of this project; `make help` lists them.
# The set-up needs Python 3.11 or newer and nothing else; it is quick when nothing changed.

PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$name >/dev/null && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo setup test check format fuzz bench sbom screenshots lock stop clean _demo_parts _dev_parts

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

demo: _demo_parts ## Everything, with an invented school, on this machine (PORT=8000)
	@exec $(PY) -m scripts.serve --demo

setup: _demo_parts ## All that `make demo` does, but start
	@$(PY) -m scripts.prepare
	@echo "Ready. Now: make demo, or .venv/bin/python manage.py …"

_demo_parts _dev_parts:
	@test -n "$(PYTHON)" || { echo "Waymark needs Python 3.11 or newer: apt-get install -y python3 python3-venv"; exit 1; }
	@$(PYTHON) -m scripts.setup $(@:_%_parts=%)

test: _dev_parts ## Every test, on its own PostgreSQL and Redis and in a real browser
	@$(PY) -m pytest tests -m "not browser and not worker and not sweep" -n 2 --dist worksteal
	@$(PY) -m pytest tests -m sweep -n 2
	@$(PY) -m pytest tests -m "browser or worker"

fuzz: _dev_parts ## The same questions many times over: forms, parameters, uploads, who sees whom (long)
	@WAYMARK_FUZZ=1 $(PY) -m pytest tests -m fuzz -n 2 --dist loadfile

check: _dev_parts ## Lint, types, import ladder, migrations, templates
	@$(PY) -m scripts.check

format: _dev_parts ## Rewrite Python the way `make check` wants it
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

bench: _dev_parts ## Measure reports, the record and policies on this machine (PART=policies, QUICK=1)
	@$(PY) manage.py bench $(PART) $(if $(QUICK),--quick)

sbom: _dev_parts ## The software bill of materials, into sbom.json
	@$(PY) -m scripts.sbom

screenshots: _dev_parts ## Pictures of the main pages, into docs/pictures
	@$(PY) -m scripts.screenshots

lock: _dev_parts ## Compile requirements/*.txt anew from pyproject.toml (UPGRADE=1 for newer versions)
	@$(PY) -m scripts.lock $(if $(UPGRADE),--upgrade)

stop: ## Stop the embedded servers that commands left running
	@$(call embedded,stop)

clean: ## Remove everything made here: servers' data, environment, caches
	@$(call embedded,remove)
	@rm -rf .run .venv node_modules static/vendor staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Works without the environment too, as long as nothing embedded was ever started.
embedded = if test -x $(PY) && test -d .run; then for instance in demo test; do $(PY) -m scripts.embedded $(1) $$instance; done; fi
