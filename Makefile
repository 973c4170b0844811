# Every command we type. `make` lists them.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types contracts soak soak-short fuzz-short bench lock migration clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: .venv/.runtime ## start the service with a sample county and a simulated WeCom, for the browser
	@set -a && . ./demo.env && exec $(BIN)/flask demo

test: .venv/.dev tests/node/node_modules ## run every test, on SQLite, on a real PostgreSQL and in a real browser
	$(BIN)/pytest -n 3 --dist worksteal

check: format lint types contracts test soak-short fuzz-short ## what CI runs

format: .venv/.dev ## fail if the format differs
	$(BIN)/ruff format --check .

lint: .venv/.dev ## lint
	$(BIN)/ruff check .

types: .venv/.dev ## check types
	$(BIN)/mypy

contracts: .venv/.dev ## check who imports whom
	$(BIN)/lint-imports

soak-short: .venv/.dev ## 600 messages while processes are killed every 2 s
	$(BIN)/python -m benchmarks.soak --messages 600

fuzz-short: .venv/.dev ## 20 000 odd callbacks, seeded: no 5xx, nothing from unsigned input
	$(BIN)/python -m benchmarks.fuzz --callbacks 20000

soak: .venv/.dev ## the long fault and fuzz runs and a quarter of requests, on SQLite and PostgreSQL
	$(BIN)/python -m benchmarks.soak --messages 10000
	$(BIN)/python -m benchmarks.soak --messages 10000 --database postgres
	$(BIN)/python -m benchmarks.fuzz --callbacks 1000000
	$(BIN)/python -m benchmarks.quarter
	$(BIN)/python -m benchmarks.quarter --database postgres

bench: .venv/.dev ## print the figures that docs/performance.md keeps
	$(BIN)/python -m benchmarks

lock: .venv/.dev ## pin requirements*.in with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt

migration: .venv/.dev ## draft a migration: make migration name=add_visits
	$(BIN)/python -m migrations $(name) && $(BIN)/ruff check -q --fix migrations && $(BIN)/ruff format -q migrations

clean: ## remove the environment and everything that was made
	rm -rf .venv var tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Linge needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.runtime

# The cipher is compared with another implementation; without npm that test says so and is skipped.
tests/node/node_modules: tests/node/package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --prefix tests/node && touch $@; else mkdir -p $@; fi
