# `make` alone lists what there is.
# The first Python of these that is new enough; PYTHON=… names another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -q -n auto --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help run demo-embeds test check bench lint messages clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  (PORT=8001 changes the port, PYTHON=python3.12 the Python)"

run: .venv/.run ## install what is missing and serve the blog on http://127.0.0.1:8000
	@$(BIN)/python manage.py setup
	@exec $(BIN)/python manage.py serve --port $(PORT)

demo-embeds: .venv/.run ## a demo blog with embeds in every state, without the internet (its own data folder)
	@exec $(BIN)/python -m tests.fake_provider --demo --port $(PORT)

test: .venv/.dev ## install what is missing and run the tests
	@$(PYTEST) $(TESTS)

check: .venv/.dev ## all of it: lint, types, layers, templates, migrations, tests with coverage
	@$(MAKE) --no-print-directory lint
	@$(PYTEST) -m "not (browser or whole)" --cov --cov-report=term-missing:skip-covered
	@$(PYTEST) -m "browser or whole"

bench: .venv/.bench ## what everything costs, beside nginx; writes docs/benchmarks.md (an hour; BENCH="--sizes 10 1000 --imports 300" less)
	@$(BIN)/python -m tests.bench $(BENCH)

lint: .venv/.dev ## everything in `check` but the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python -W error manage.py check --fail-level WARNING
	$(BIN)/python -W error manage.py makemigrations --check --dry-run

messages: .venv/.dev ## compile the translations in blog/locale
	@$(BIN)/pybabel compile --directory blog/locale --domain django

clean: ## remove the virtual environment and caches; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Roost needs Python 3.11 or newer, and there is none. Install it, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "Making a virtual environment in .venv with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "The virtual environment could not be made. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

.venv/.run: requirements.txt | .venv/bin/python
	@echo "Installing what Roost runs on …"
	@$(PIP) -r requirements.txt || { echo "The packages could not be installed: is there a network? Run the same command again to go on." >&2; exit 1; }
	@touch $@

.venv/.dev: requirements.txt deploy/requirements-postgres.txt tests/requirements.txt | .venv/bin/python
	@echo "Installing what the tests need …"
	@$(PIP) -r tests/requirements.txt || { echo "The packages could not be installed: is there a network? Run the same command again to go on." >&2; exit 1; }
	@touch $@ .venv/.run

.venv/.bench: tests/bench/requirements.txt .venv/.dev
	@echo "Installing what the benchmarks need …"
	@$(PIP) -r tests/bench/requirements.txt
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || { echo "The benchmarks compare with nginx: apt install nginx-light" >&2; exit 1; }
	@touch $@
