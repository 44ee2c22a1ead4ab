PYTHON ?= python3
# What programs print is UTF-8; an old locale would break on it half way through a log.
export PYTHONUTF8 ?= 1
LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	$(if $(UPGRADE),--upgrade)

help: ## say what each command does
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

start: installed ## run the site with all that it needs, and open http://127.0.0.1:8000/ (PORT=8123 for another port)
	@.venv/bin/python -m devtools.starting start

stop: installed ## end what `make start` runs, from any terminal
	@.venv/bin/python -m devtools.starting stop

seed: installed ## add believable papers, members and votes (SCALE=100000 adds papers for load)
	@.venv/bin/python -m devtools.starting manage seed $(if $(SCALE),--scale $(SCALE))

manage: installed ## run a command of manage.py on the data of `make start` (ARGS="import_papers --help")
	@.venv/bin/python -m devtools.starting manage $(ARGS)

reset: installed ## throw the data of `make start` away (asks first; FORCE=1 does not)
	@.venv/bin/python -m devtools.starting reset $(if $(FORCE),--force)

test: installed ## run every test: unit and integration in parallel, then the browser's
	@.venv/bin/python -m devtools.checking test

check: installed ## run what CI runs: format, lint, types, imports, migrations, settings, tests
	@.venv/bin/python -m devtools.checking check

e2e: installed ## run the browser tests alone
	@.venv/bin/python -m devtools.checking e2e

bench: installed ## measure pages, votes and imports (ARGS=--help says how); figures are printed, never asserted
	@.venv/bin/python -m tests.bench $(ARGS)

fmt: installed ## format the code and the templates
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
	@.venv/bin/djade $$(find templates -name '*.html')

lock: installed ## pin requirements.in and requirements-dev.in, with hashes (UPGRADE=1 takes the newest)
	@$(LOCK) requirements.in --output-file requirements.txt
	@$(LOCK) requirements-dev.in --output-file requirements-dev.txt

installed:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Octavo needs Python \
	3.11 or newer, and this is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m devtools.installing

.PHONY: help start stop seed manage reset test check e2e bench fmt lock installed
