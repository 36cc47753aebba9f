# What a person does with a copy of this repository. `make help` lists it.
# Needs make and Python 3.11 or newer; everything else is installed into .venv.

PYTHON ?= python3
# One more than there are processors: many a test waits for a server or a browser.
JOBS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
# A machine's own Node.js is used when it is new enough and has npm; else the wheel brings one.
HAS_NODE = node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' && npm --version

# Where it is set, each process would compile the whole package anew: a server of the tests is several.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test install dev lint format bench lock

help: ## List these commands
	@echo "Afterword. What there is:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do printf '%-15s %s\n' "$$name" "$$what"; done

run: install ## Install and serve on 127.0.0.1:8000, with demo data at the first start
	@$(BIN)/afterword serve --demo

test: dev ## Run all tests, on SQLite and on PostgreSQL (ARGS="-k words" to choose)
	@status=0; \
	echo "Afterword: testing on SQLite"; \
	$(BIN)/python -m tests.run -n $(JOBS) --dist loadgroup $(ARGS) || status=1; \
	echo "Afterword: testing on PostgreSQL"; \
	AFTERWORD_TEST_DATABASE=postgresql $(BIN)/python -m tests.run -n $(JOBS) --dist loadgroup -m "not pure and not once and not journey" $(ARGS) || status=1; \
	exit $$status

install: $(VENV)/.afterword ## Make .venv with Afterword in it
	@:

dev: $(VENV)/.dev $(VENV)/.zenduty $(VENV)/.afterword
	@:

lint: dev ## Check style, types and the order of the packages
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@AFTERWORD_SECRET_KEY=only-to-load-the-settings-for-the-types $(BIN)/mypy
	@$(BIN)/lint-imports

format: dev ## Lay out the code and mend what can be mended by itself
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format

bench: dev ## Measure the way in and the PDF
	@$(BIN)/python -m benchmarks $(ARGS)

lock: ## Write requirements/*.txt anew from pyproject.toml and requirements/*.in
	@PYTHON=$(PYTHON) requirements/lock

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Afterword needs Python 3.11 or newer, and there is no $(PYTHON) here: install it, or name another with \`make $(MAKECMDGOALS) PYTHON=/path/to/python\`." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Afterword needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1): name another with \`make $(MAKECMDGOALS) PYTHON=/path/to/python\`." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's own venv module is missing: install it, on Debian with \`apt-get install python3-venv\`." >&2; exit 1; }
	@echo "Afterword: making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements/run.txt requirements/build.txt requirements/node.txt $(VENV)/.made
	@echo "Afterword: installing what it needs (a minute or two)"
	@$(PIP) install --require-hashes -r requirements/run.txt -r requirements/build.txt
	@{ $(HAS_NODE); } >/dev/null 2>&1 || { \
	  echo "Afterword: installing Node.js for the build, as this machine has none that is new enough"; \
	  $(PIP) install --require-hashes -r requirements/node.txt; }
	@touch $@

$(VENV)/.frontend: hatch_build.py $(FRONTEND) $(VENV)/.run
	@echo "Afterword: building the front end"
	@$(BIN)/python hatch_build.py
	@touch $@

# With `make -j`, two shall not install into one environment at the same time.
$(VENV)/.afterword: pyproject.toml $(VENV)/.frontend $(if $(filter dev test lint format bench,$(MAKECMDGOALS)),| $(VENV)/.dev)
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Afterword: installing what its tests need"
	@$(PIP) install --no-compile --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.zenduty: requirements/zenduty.txt $(VENV)/.made
	@$(PIP) install --no-compile --require-hashes --no-deps --upgrade --target $(VENV)/zenduty-api -r requirements/zenduty.txt
	@touch $@
