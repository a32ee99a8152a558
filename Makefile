# Everything a developer or a trial of the site needs, one word each: `make help` lists the words.
#
# Needs git, make and Python 3.11 or newer with venv and pip. Nothing is written outside this folder.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev check test bench faults compose messages sheet secret requirements clean

VAR_DIR ?= var
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check \
	--require-hashes --only-binary=:all:

help:  ## list these words
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'


# --- The site on this machine ------------------------------------------------------------------

# A port of one's own choosing is also a part of the site's address, for this run.
ifneq ($(strip $(PORT)),)
ifeq ($(strip $(SITE_URL)),)
run dev: export SITE_URL = http://localhost:$(strip $(PORT))
endif
endif

run: .env $(VAR_DIR)/static/staticfiles.json  ## serve the site at http://localhost:8000/ (PORT=8001 make run)
	@exec $(BIN)/python manage.py serve --port "$(or $(strip $(PORT)),8000)"

dev: export DEBUG = yes
dev: .env .venv/installed  ## the same for developers: reloads code, templates and CSS, shows tracebacks
	@exec $(BIN)/python manage.py serve --port "$(or $(strip $(PORT)),8000)"

# Written once and then yours. Moved into place whole, so that an interruption leaves no half of it.
.env:
	@umask 077 && { \
		echo 'SECRET_KEY='"$$($(RANDOM_KEY))"; \
		echo 'SITE_URL=http://localhost:8000'; \
		echo '# This machine only: plain http, emails as files. Never in production.'; \
		echo 'DEV=yes'; \
	} > .env.new && mv .env.new .env

# The folders are named too: a deleted file changes only its folder.
$(VAR_DIR)/static/staticfiles.json: $(shell find static) .venv/installed | .env
	@mkdir -p $(@D)
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0

RANDOM_KEY := head -c 48 /dev/urandom | base64 | tr '+/' '-_'

secret:  ## print a random SECRET_KEY
	@$(RANDOM_KEY)


# --- The tests ---------------------------------------------------------------------------------

# Neither .env nor the caller's environment decides what a test sees.
check: export DJANGO_SETTINGS_MODULE = tests.settings
check: .venv/installed-for-tests  ## format, lint, import contracts, migrations, catalogues, house rules
	@$(BIN)/ruff format --check --quiet . || { echo "Run .venv/bin/ruff format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/djade --check $$(find templates -name '*.html') 2>/dev/null || \
		{ echo "Run .venv/bin/djade \$$(find templates -name '*.html')" >&2; exit 1; }
	@said=$$($(BIN)/python $(BIN)/lint-imports --no-logo) || { echo "$$said"; exit 1; }
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python -m tools.catalogues --check
	@$(BIN)/python -m pytest -q tests/house

test: .venv/installed-for-tests  ## everything: check, SQLite, PostgreSQL, a browser; T=tests/roles K=search: one part
	@$(BIN)/python -m tests.run $(T) $(if $(K),-k "$(K)")

bench: .venv/installed-for-tests  ## measure what is promised about speed, as ratios side by side (a quarter of an hour)
	@$(BIN)/python -m tests.bench

faults: .venv/installed-for-tests  ## kill parts of the site 200 times while 2,000 people apply; what is there afterwards
	@$(BIN)/python -m tests.faults

compose:  ## try docker-compose.yml with a real Docker, in containers of their own (three minutes)
	@python3 tests/compose/check.py

messages: .venv/installed-for-tests  ## bring the catalogues in locale/ up to date with the texts
	@$(BIN)/python -m tools.catalogues

sheet: .venv/installed-for-tests  ## photograph every page in both languages
	@$(BIN)/python -m tools.contact_sheet


# --- The packages ------------------------------------------------------------------------------

.venv/installed: requirements.txt .venv/pyvenv.cfg
	@echo "Installing the packages (once, about a minute)..."
	@$(INSTALL) -r requirements.txt || { $(NOT_INSTALLED); }
	@touch $@

# These hold the packages of the site as well.
.venv/installed-for-tests: requirements-dev.txt requirements.txt .venv/pyvenv.cfg
	@echo "Installing the packages of the site and its tests (once, about two minutes)..."
	@$(INSTALL) -r requirements-dev.txt || { $(NOT_INSTALLED); }
	@touch .venv/installed $@

NOT_INSTALLED = echo "The packages could not be installed (the lines above say why)." \
	"Is the network there? Then try again." >&2; exit 1

# A Python that has gone (the machine was updated, the folder was copied) is no Python.
ifneq ($(shell test -x $(BIN)/python && echo there),there)
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
		echo "Python $$bare is here without venv and pip: install them (Debian, Ubuntu: apt install python3-venv)."; \
	else \
		echo "Careers needs Python 3.11 or newer$${old:+; this is Python $$old}." \
			"Install one, or name it: make run PYTHON=/path/to/python3."; \
	fi >&2; exit 1

# Keeps the versions that still fit; UPGRADE=yes takes the newest that fit.
PIN = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --only-binary :all: $(if $(UPGRADE),--upgrade) pyproject.toml

requirements:  ## pin the packages of pyproject.toml anew (needs uv; UPGRADE=yes takes newer ones)
	@command -v uv >/dev/null || { echo "This needs uv: pip install uv" >&2; exit 1; }
	@$(PIN) --output-file requirements.txt
	@$(PIN) --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:  ## remove what can be made again; the data in var/ and .env stay
	@rm -rf .venv .cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis $(VAR_DIR)/static
	@find careers tests tools -name __pycache__ -prune -exec rm -rf {} +
