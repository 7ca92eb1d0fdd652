# Two commands: `make run` has Backdesk at work on this machine, `make test` says whether all of it works.
#
# Both make what they need: a virtual environment in .venv with exactly the packages of requirements/, checked by hash.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
# The first Python from 3.11 to 3.14 that can make a virtual environment; or say PYTHON=...
PYTHON ?= $(shell sh scripts/find-python)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=

.PHONY: help run test check bench format fuzz openapi messages picture lock clean

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: .venv/.run ## Start Backdesk here, with a demonstration company (ARGS="--port 8080")
	@$(BIN)/backdesk run $(ARGS)

test: .venv/.dev ## Run all tests, several files at once (ARGS="-k audit")
	@$(BIN)/pytest --numprocesses auto --dist loadfile $(ARGS)

check: .venv/.dev ## Style, types, floors, templates, migrations: what must hold before a commit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djhtml --check --tabwidth 4 $$(git ls-files 'src/**/*.html')
	DJANGO_SETTINGS_MODULE=tests.settings_offline $(BIN)/python -m django makemigrations --check --dry-run

format: .venv/.dev ## Put code and templates in their style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djhtml --tabwidth 4 $$(git ls-files 'src/**/*.html')

bench: .venv/.dev ## Measure: how fast, how much memory
	@$(BIN)/python bench/run.py $(ARGS)

messages: .venv/.dev ## Gather the texts people read into the catalogues of all languages, and compile these
	@$(BIN)/python scripts/messages.py

openapi: .venv/.dev ## Write docs/api/openapi.json anew, after the API was changed on purpose
	@BACKDESK_WRITE_OPENAPI=yes $(BIN)/pytest -q tests/api/test_api_document.py

picture: .venv/.dev ## Take anew the picture of the tables that a new database begins from, once migrations have become many
	@$(BIN)/python -W ignore scripts/picture.py

fuzz: .venv/.dev ## Send many more requests to every operation of the API (EXAMPLES=100)
	@BACKDESK_FUZZ_EXAMPLES=$(or $(EXAMPLES),50) $(BIN)/pytest -q tests/api/test_api_fuzz.py

lock: .venv/.dev ## Write requirements/ anew from pyproject.toml
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--output-file requirements/run.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra dev --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml

clean: ## Remove the environment and all caches; var/, with the data, stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis bench/var
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Backdesk needs Python 3.11 or newer with its venv module." >&2; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv --clear .venv

.venv/.run: requirements/run.txt pyproject.toml | .venv/bin/python
	@sh scripts/install run

.venv/.dev: requirements/dev.txt pyproject.toml | .venv/bin/python
	@sh scripts/install dev
