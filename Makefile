# `make run` sets up what is missing and asks; `make test` sets up and tests; `make check` is what must be green.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.set-up
TEST_SETUP := $(VENV)/.set-up-tests

.PHONY: run test check quality format clean

run: $(SETUP)
	@$(BIN)/yunwen start seeds

test: $(TEST_SETUP)
	@$(BIN)/python -m pytest

check: $(TEST_SETUP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

SETS ?= ../shared/data
QUALITY ?= .quality
quality: $(TEST_SETUP)
	$(BIN)/python -m bench.quality $(SETS) $(QUALITY) $(if $(FEEDBACK),--feedback=$(FEEDBACK))

format: $(TEST_SETUP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "yunwen needs Python 3.11 or 3.12: install it, or run make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "no venv module: on Debian run apt-get install python3-venv"; exit 1; }

$(SETUP): pyproject.toml requirements.lock | $(VENV)/bin/python
	@echo "Installing into $(VENV) (about a minute) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e . >&2
	@touch $@

$(TEST_SETUP): pyproject.toml requirements.lock | $(VENV)/bin/python
	@echo "Installing into $(VENV) with what the tests need (about a minute) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[test]' >&2
	@touch $@ $(SETUP)

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache *.egg-info
