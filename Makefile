PYTHON ?= python3
# What programs print is UTF-8; an old locale would break on it half way through a log.
export PYTHONUTF8 ?= 1
export OCTAVO_ENV = development
unexport DJANGO_SETTINGS_MODULE
LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	$(if $(UPGRADE),--upgrade)
FAILED = var/failed
QUIETLY = @try() { if out=$$("$$@" 2>&1); then echo "  $@: ok"; \
	else printf '  $@: FAILED\n%s\n' "$$out"; echo $@ >> $(FAILED); fi; }; try
# Ubuntu's chromium is a script that points to a snap: a browser is what tells its version.
CHROMIUM = $(or $(OCTAVO_CHROMIUM),$(shell for name in chromium chromium-browser google-chrome; do \
	$$name --version > /dev/null 2>&1 && command -v $$name && break; done))
NO_CHROMIUM = browser tests (no Chromium: apt-get install chromium, or name it in OCTAVO_CHROMIUM)
FAKETIME = $(shell command -v faketime)
NO_FAKETIME = tests on other days (no faketime: apt-get install faketime)
# One offset, so that the clocks of tests and servers agree: each would start at a fixed moment anew.
AT_MOMENT = TZ=UTC faketime -f "+$$(($$(date -u -d "$$moment" +%s) - $$(date +%s)))s" env -u FAKETIME_SHARED

help: ## say what each command does
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

start: installed ## run the site with all that it needs, and open http://localhost:8000/ (PORT=8123 for another port)
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
	@rm -f $(FAILED)
	@$(MAKE) -s unit browser conclusion

check: installed ## run what CI runs: format, lint, types, imports, migrations, settings, tests
	@rm -f $(FAILED)
	@$(MAKE) -s -j $$(getconf _NPROCESSORS_ONLN) types format lint templates imports migrations deployment
	@$(MAKE) -s unit dates browser conclusion

e2e: installed ## run the browser tests alone
	@rm -f $(FAILED)
	@$(MAKE) -s browser conclusion

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

# The steps of `make check`: one that fails is noted, and the others run all the same.

types:
	$(QUIETLY) .venv/bin/mypy
format:
	$(QUIETLY) .venv/bin/ruff format --check .
lint:
	$(QUIETLY) .venv/bin/ruff check .
templates:
	$(QUIETLY) .venv/bin/djade --check $$(find templates -name '*.html')
imports:
	$(QUIETLY) .venv/bin/lint-imports
migrations:
	$(QUIETLY) .venv/bin/python manage.py makemigrations --check --dry-run
deployment:
	$(QUIETLY) env OCTAVO_ENV=production SITE_URL=https://octavo.example.org ALLOWED_HOSTS=octavo.example.org \
	SECRET_KEY=$$(head -c 50 /dev/urandom | base64 | tr -d '\n') DATABASE_URL=postgres://octavo@127.0.0.1/octavo \
	REDIS_URL=redis://127.0.0.1 .venv/bin/python manage.py check --deploy --fail-level WARNING
unit: # in random order, by pytest-randomly; the seed is in the first lines of the output
	@.venv/bin/pytest -q -n auto --dist worksteal || echo "unit tests" >> $(FAILED)
dates: # ten minutes before the end of a leap day
	@if [ "$(FAKETIME)" ]; then moment="2028-02-29 23:50"; \
	$(AT_MOMENT) .venv/bin/pytest -q -n auto --dist worksteal -m dated || echo "tests at $$moment" >> $(FAILED); \
	elif [ "$$CI" ]; then echo "$(NO_FAKETIME)" >> $(FAILED); fi
browser: # in CI a browser is a part of the promise; each worker has a server, a database and a Chromium
	@if [ "$(CHROMIUM)" ]; then \
	OCTAVO_CHROMIUM="$(CHROMIUM)" .venv/bin/pytest -q -m browser -n auto --dist worksteal tests/e2e \
	|| echo "browser tests" >> $(FAILED); elif [ "$$CI" ]; then echo "$(NO_CHROMIUM)" >> $(FAILED); fi
conclusion:
	@if [ -s $(FAILED) ]; then echo "Failed: $$(paste -s -d, $(FAILED))." >&2; exit 1; fi
	@$(if $(CHROMIUM),,echo "Did not run: $(NO_CHROMIUM).";) \
	$(if $(FAKETIME),,echo "Did not run: $(NO_FAKETIME).";) \
	echo "$(if $(and $(CHROMIUM),$(FAKETIME)),Everything passed.,What ran passed.)"

.PHONY: help start stop seed manage reset test check e2e bench fmt lock installed types format lint \
	templates imports migrations deployment unit dates browser conclusion
