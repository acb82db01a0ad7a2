# Zalicz: one command each. `make` alone prints this list.
#
# Variables: PYTHON the interpreter for .venv · ARGS more words for the command (make test ARGS="tests/points -x")
#            NAME what a migration is about

SHELL := /bin/bash
PY := .venv/bin/python
RUN := exec $(PY)
ARGS :=
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run test check static types contracts guards fmt seed sample migration openapi \
	bench bench-reading golden bench-hostile bench-matching bench-imports verify lock clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Install what is missing: system packages, Python and npm packages, page assets
	@PYTHON="$(PYTHON)" scripts/setup

setup-tests:
	@PYTHON="$(PYTHON)" scripts/setup --tests

run: setup ## Start everything, with the demo in an empty database; Ctrl-C stops it
	@$(RUN) -m workers run $(ARGS)

test: setup-tests ## Run the tests
	@$(RUN) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup-tests static guards ## Formatting, lint, types, contracts, migrations, translations, API document

# The types take as long as all the others, so both go beside each other.
static: setup
	@$(MAKE) -j2 types contracts

types:
	@$(PY) -m mypy

contracts:
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@.venv/bin/lint-imports
	@$(PY) -m migrations.draft --check

guards: setup-tests
	@$(RUN) -m pytest -q $(wildcard tests/guards) tests/setup

fmt: setup ## Format the code and repair what lint can repair
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

seed: setup ## Fill an empty database with the demo
	@$(RUN) -m demo seed $(ARGS)

sample: setup ## Write sample invoices, receipts and photos to ./samples
	@$(RUN) -m demo sample $(ARGS)

migration: setup ## Draft a migration from the tables: make migration NAME="add review lease"
	@test -n "$(NAME)" || { echo 'Say what it is about: make migration NAME="add review lease"' >&2; exit 2; }
	@$(RUN) -m migrations.draft "$(NAME)"

openapi: setup ## Rewrite docs/openapi.json from the routes
	@$(RUN) -m web.openapi $(ARGS)

bench: bench-reading bench-matching bench-hostile ## All measurements, one after another

bench-reading: setup ## Measure reading: accuracy by field and kind of document, pages a second
	@$(RUN) -m benchmarks.reading $(ARGS)

bench-matching: setup ## Measure matching of lines to products on labelled lines
	@$(RUN) -m benchmarks.matching $(ARGS)

golden: setup ## Draw the golden documents anew and write what is read of them now
	@$(RUN) -m benchmarks.reading.golden

bench-imports: setup ## Measure an import of 20,000 products
	@$(RUN) -m benchmarks.imports $(ARGS)

bench-hostile: setup ## Throw hostile files at reading; ends with an error when a wall does not hold
	@$(RUN) -m benchmarks.hostile $(ARGS)

verify: setup ## Re-add every account, check the audit chain, re-hash every file
	@$(RUN) -m workers verify $(ARGS)

lock: setup ## Resolve the Python and npm packages anew within their ranges
	@scripts/lock $(ARGS)

clean: ## Remove what was installed or made here, except the data
	rm -rf .venv node_modules web/static/vendor samples .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
