# Commands for development and for trying the site out; `make help` lists them.
#
# Requires Git, Make and Python 3.11 or later with venv and pip. Nothing is written outside this folder.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev check check-source check-types check-house test bench faults compose messages sheet secret requirements clean

VAR_DIR ?= var
BIN := .venv/bin
# Without bytecode, each of the hundreds of processes that the tests start would compile the code again.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check \
	--require-hashes --only-binary=:all:

help:  ## list these commands
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'


# --- The site on this machine ------------------------------------------------------------------

# PORT is also a part of the site's URL, for this run.
ifneq ($(strip $(PORT)),)
ifeq ($(strip $(SITE_URL)),)
run dev: export SITE_URL = http://localhost:$(strip $(PORT))
endif
endif

run: .env $(VAR_DIR)/static/staticfiles.json  ## serve the site at http://localhost:8000/ with a demo company (PORT=8001 make run)
	@exec $(BIN)/python manage.py serve --port "$(or $(strip $(PORT)),8000)"

dev: export DEBUG = yes
dev: .env .venv/installed  ## the same for developers: reload code, templates and CSS; show tracebacks
	@exec $(BIN)/python manage.py serve --port "$(or $(strip $(PORT)),8000)"

# Written once; edit it as you like. Moved into place when complete, so that an interruption leaves no partial file.
.env:
	@umask 077 && { \
		echo 'SECRET_KEY='"$$($(RANDOM_KEY))"; \
		echo 'SITE_URL=http://localhost:8000'; \
		echo '# This machine only: plain http, emails as files. Never in production.'; \
		echo 'DEV=yes'; \
	} > .env.new && mv .env.new .env

# The folders are dependencies too, because deleting a file changes only its folder.
$(VAR_DIR)/static/staticfiles.json: $(shell find static) .venv/installed | .env
	@mkdir -p $(@D)
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0

RANDOM_KEY := head -c 48 /dev/urandom | base64 | tr '+/' '-_'

secret:  ## print a random SECRET_KEY
	@$(RANDOM_KEY)


# --- The tests ---------------------------------------------------------------------------------

# So that neither .env nor the caller's environment changes the result.
check: export DJANGO_SETTINGS_MODULE = tests.settings
check: .venv/installed-for-tests  ## check format, lint, import layers, types, migrations, translations, house rules (before each commit)
	@$(MAKE) --no-print-directory --jobs 2 --output-sync check-house check-source check-types

check-source:
	@$(BIN)/ruff format --check --quiet . || { echo "Run .venv/bin/ruff format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/djade --check $$(find templates -name '*.html') 2>/dev/null || \
		{ echo "Run .venv/bin/djade \$$(find templates -name '*.html')" >&2; exit 1; }
	@output=$$($(BIN)/python $(BIN)/lint-imports --no-logo) || { echo "$$output"; exit 1; }
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python -m tools.catalogues --check

check-types:
	@$(BIN)/mypy --no-error-summary

check-house:
	@$(BIN)/python -m pytest -q tests/house

test: .venv/installed-for-tests  ## run check and all tests on SQLite, PostgreSQL and in a browser; T=tests/roles K=search runs one part
	@$(BIN)/python -m tests.run $(T) $(if $(K),-k "$(K)")

bench: .venv/installed-for-tests  ## measure speed as ratios, side by side (15 minutes)
	@$(BIN)/python -m tests.bench

faults: .venv/installed-for-tests  ## kill parts of the site 200 times while 2,000 people apply, then count what was lost
	@$(BIN)/python -m tests.faults

compose:  ## test docker-compose.yml with a real Docker, in separate containers (3 minutes)
	@python3 tests/compose/check.py

messages: .venv/installed-for-tests  ## update the translation catalogs in locale/ from the source
	@$(BIN)/python -m tools.catalogues

sheet: .venv/installed-for-tests  ## take screenshots of every page in both languages
	@$(BIN)/python -m tools.contact_sheet


# --- The packages ------------------------------------------------------------------------------

.venv/installed: requirements.txt .venv/pyvenv.cfg
	@echo "Installing the packages (once, about a minute)..."
	@$(INSTALL) -r requirements.txt || { $(NOT_INSTALLED); }
	@touch $@

# requirements-dev.txt contains the packages of the site too.
.venv/installed-for-tests: requirements-dev.txt requirements.txt .venv/pyvenv.cfg
	@echo "Installing the packages of the site and its tests (once, about two minutes)..."
	@$(INSTALL) -r requirements-dev.txt || { $(NOT_INSTALLED); }
	@touch .venv/installed $@

NOT_INSTALLED = echo "The packages could not be installed; the lines above say why." \
	"Check the network connection and try again." >&2; exit 1

# If the Python of .venv is gone (the machine was updated, the folder was copied), create .venv again.
ifneq ($(shell test -x $(BIN)/python && echo yes),yes)
.PHONY: .venv/pyvenv.cfg
endif

.venv/pyvenv.cfg:
	@old= bare=; \
	for python in "$(PYTHON)" python3 python3.13 python3.12 python3.11; do \
		version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { old=$$version; continue; }; \
		"$$python" -c 'import venv, ensurepip' 2>/dev/null || { bare=$$version; continue; }; \
		"$$python" -m venv --clear .venv && exit 0; \
		rm -rf .venv; exit 1; \
	done; \
	if [ "$$bare" ]; then \
		echo "Python $$bare has no venv and pip: install them (Debian, Ubuntu: apt install python3-venv)."; \
	else \
		echo "Careers needs Python 3.11 or newer$${old:+; this is Python $$old}." \
			"Install it, or give its path: make run PYTHON=/path/to/python3."; \
	fi >&2; exit 1

# Keeps pinned versions that still satisfy pyproject.toml; UPGRADE=yes takes the newest ones.
PIN = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --only-binary :all: $(if $(UPGRADE),--upgrade) pyproject.toml

requirements:  ## pin the packages of pyproject.toml with hashes (requires uv; UPGRADE=yes takes newer ones)
	@command -v uv >/dev/null || { echo "This needs uv: pip install uv" >&2; exit 1; }
	@$(PIN) --output-file requirements.txt
	@$(PIN) --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:  ## remove what can be created again; var/ (except static files) and .env stay
	@rm -rf .venv .cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis $(VAR_DIR)/static
	@find careers tests tools -name __pycache__ -prune -exec rm -rf {} +
