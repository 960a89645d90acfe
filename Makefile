# Everything sets itself up: python3 and make are all that is needed beforehand.
#   make demo      run the main job on the sample project
#   make test      the tests
#   make check     lint, format, types, import contracts, tests: what CI runs
# PYTHON=python3.12 make …   another interpreter (3.11 or newer)

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= auto
DEMO   := out/binjiang

.DEFAULT_GOAL := help
.PHONY: help demo test test-all check lint format samples pictures docs edition bench clean

help:
	@sed -n '2,5p' Makefile | sed 's/^# *//'

# stamps: each set-up step runs once, and again when pyproject.toml changes
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.run

demo: $(VENV)/.run
	$(BIN)/duoce run samples/binjiang -o $(DEMO)
	@echo
	@echo "报告 / the report:  $(DEMO)/report.pdf  $(DEMO)/report.docx  $(DEMO)/report.html"

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "not slow"

test-all: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# written from a fixed seed: running this changes nothing unless samples/make.py changed
samples: $(VENV)/.dev
	$(BIN)/python samples/make.py

# the pictures of the README, out of the report of the samples; needs Chromium
pictures: $(VENV)/.dev
	PYTHONPATH=.:tests $(BIN)/python tests/pictures.py

# what is generated from the standards: the table of rules in schemas/README.md, the JSON Schemas for editors, the changes
docs: $(VENV)/.dev
	$(BIN)/python -c 'from pipeline import changelog, editor_schemas, rulebook; rulebook.refresh(); editor_schemas.refresh(); changelog.refresh()'

# at a release: keeps the current standards as an edition, with their runs of the samples
edition: $(VENV)/.dev
	$(BIN)/python -m tests.stored_runs

# against what a user would take instead; writes benchmarks/results.md (some minutes; `make bench TOPICS=dxf` for one)
bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(TOPICS)

clean:
	rm -rf $(VENV) out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
