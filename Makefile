# cxhub: everything that is done by hand, by a newcomer or by CI, starts here.
# `make run` needs only Python >= 3.11 and make; `make help` lists the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
# The first interpreter that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV := .venv
PY := $(VENV)/bin/python
PIP_FLAGS := --disable-pip-version-check --no-input --quiet --require-hashes

.PHONY: help install install-base lock assets run demo-live bench test lint format types contracts checks messages

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

install: $(VENV)/.dev-installed ## Everything to develop and test with, into .venv

install-base: $(VENV)/.base-installed

$(PY):
	@test -n "$(PYTHON)" || { echo "cxhub needs Python 3.11 or newer on the PATH (or PYTHON=/path/to/python3.12)."; exit 1; }
	@echo "→ Python environment (.venv)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing (Debian, Ubuntu: apt install python3-venv)."; exit 1; }

$(VENV)/.base-installed: requirements/base.txt | $(PY)
	@echo "→ Python packages (hashed lock: requirements/base.txt)"
	@$(PY) -m pip install $(PIP_FLAGS) -r requirements/base.txt
	@touch $@

$(VENV)/.dev-installed: requirements/dev.txt $(VENV)/.base-installed
	@echo "→ Python packages for tests and lint (hashed lock: requirements/dev.txt)"
	@$(PY) -m pip install $(PIP_FLAGS) -r requirements/dev.txt
	@touch $@

assets: install-base ## Translations and style sheet, if their sources have changed
	@$(PY) -m cxhub.assets

run: install-base ## The hub with a demo at http://127.0.0.1:8000 (PORT=, DATA_DIR=, DATABASE_URL=, REDIS_URL=)
	@exec $(PY) -m cxhub.start

demo-live: install-base ## An ongoing day in the running demo: sales, calls, chats, until Ctrl-C (PORT=, DATA_DIR=, SPEED=)
	@exec $(PY) manage.py demo_live --url http://127.0.0.1:$(or $(PORT),8000) --speed $(or $(SPEED),1)

# BENCH_ARGS=--full for the whole size; docs/benchmarks.md says what is measured.
BENCH_ARGS ?=
bench: install-base assets ## How fast it is, on PostgreSQL, each figure beside its denominator (DATABASE_URL=, BENCH_ARGS=--full)
	@$(PY) -m benchmarks $(BENCH_ARGS)

# By file: the fixtures of a file (a browser, a hub) are started once. PYTEST_ARGS="tests/tickets -x" narrows it down.
PYTEST_ARGS ?=
PYTEST_WORKERS ?= 2
test: install assets ## Everything: SQLite and a private Redis, or what DATABASE_URL and REDIS_URL name
	@$(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

lint: install types contracts checks ## Style, types, import contracts, missing migrations, settings of a real installation
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(VENV)/bin/djlint templates --lint --quiet
	@$(VENV)/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

format: install ## Style as the linters want it
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

types: install
	@$(VENV)/bin/mypy accounts customers tickets channels_app voc kpi cxhub benchmarks tests conftest.py

contracts: install
	@$(VENV)/bin/lint-imports

# As a real installation is configured; nothing here is a secret and nothing is connected to.
PRODUCTION_LIKE := CXHUB_PRODUCTION=1 ALLOWED_HOSTS=hub.example REDIS_URL=redis://redis:6379/0 \
	DATABASE_URL=postgresql://cxhub@postgres/cxhub STATIC_MANIFEST=0
checks: install
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PRODUCTION_LIKE) SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		$(PY) manage.py check --deploy --fail-level WARNING

# gettext's own tools, for whoever changes words on screens; running the hub needs none of them.
messages: install ## New source strings into locale/ko/LC_MESSAGES/django.po
	@$(PY) manage.py makemessages --locale ko --no-obsolete --no-wrap --add-location file \
		--ignore .venv --ignore node_modules --ignore var --ignore tests

# uv only writes the lock; it comes from PyPI into a throwaway environment and installs nothing here.
LOCK := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header
lock: ## New requirements/*.txt from *.in (UPGRADE=--upgrade for newer versions)
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools" && "$$tools/bin/pip" install --quiet uv && cd requirements \
	&& "$$tools/bin/uv" $(LOCK) $(UPGRADE) base.in -o base.txt \
	&& "$$tools/bin/uv" $(LOCK) $(UPGRADE) -c base.txt dev.in -o dev.txt
