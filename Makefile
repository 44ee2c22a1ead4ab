# One line each: what there is to do is in Python modules, so that it is typed and tested.
PYTHON ?= python3
IN_VENV = @$(PYTHON) -m devtools.preparing

help: ## say what each command does
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

start: ## run the site with all that it needs, and open http://127.0.0.1:8000/ (PORT=8123 for another port)
	$(IN_VENV) devtools.starting start

stop: ## end what `make start` runs, from any terminal
	$(IN_VENV) devtools.starting stop

seed: ## add believable papers, members and votes (SCALE=100000 adds papers for load)
	$(IN_VENV) devtools.starting manage seed $(if $(SCALE),--scale $(SCALE))

manage: ## run a command of manage.py on the data of `make start` (ARGS="import_papers --help")
	$(IN_VENV) devtools.starting manage $(ARGS)

reset: ## throw the data of `make start` away (asks first; FORCE=1 does not)
	$(IN_VENV) devtools.starting reset $(if $(FORCE),--force)

test: ## run every test: unit and integration in parallel, then the browser's
	$(IN_VENV) devtools.checking test

check: ## run what CI runs: format, lint, types, imports, migrations, settings, tests
	$(IN_VENV) devtools.checking check

e2e: ## run the browser tests alone
	$(IN_VENV) devtools.checking e2e

bench: ## measure pages, votes and imports (ARGS=--help says how); figures are printed, never asserted
	$(IN_VENV) tests.bench $(ARGS)

fmt: ## format the code and the templates
	$(IN_VENV) devtools.checking fmt

lock: ## pin requirements.in and requirements-dev.in, with hashes (UPGRADE=1 takes the newest)
	$(IN_VENV) devtools.checking lock $(if $(UPGRADE),--upgrade)

.PHONY: help start stop seed manage reset test check e2e bench fmt lock
