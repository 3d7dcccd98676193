# `make run` sets up what is missing and asks, `make web` opens the page; `make test` sets up and tests; `make check` is what must be green;
# `make soak` runs the tests that take long: many kills, hostile input, other servers, other models.
# the first of these that pyproject.toml allows; `make PYTHON=…` names another
PYTHON ?= python3.14 python3.13 python3.12 python3.11 python3
IS_SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))
VENV := .venv
BIN := $(VENV)/bin
FIRST := $(VENV)/.set-up-first
TORCH := $(VENV)/.set-up-torch
SETUP := $(VENV)/.set-up
TEST_SETUP := $(VENV)/.set-up-tests
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation
LOCKED := $(PIP) --no-deps --require-hashes
TOOLS := $(VENV)/tools/bin
UV := uv==0.13.8
AUDIT := pip-audit==2.10.1

# a test file stays with one worker: what a file starts (servers) is started once; the longest come first (tests/conftest.py)
# five workers for two cores: two or three wait for a process, a socket or a disk; what modules compile to is kept for the processes to come
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
WORKERS ?= 5

.PHONY: run web test soak check bench bench-check quality judge format clean lock audit torch

run: $(SETUP)
	@$(BIN)/yunwen start seeds

web: $(SETUP)
	@$(BIN)/yunwen web seeds

test: $(TEST_SETUP)
	@$(PYTEST)

soak: $(TEST_SETUP)
	@$(PYTEST) -m soak

check: $(TEST_SETUP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST)

SETS ?= ../shared/data
QUALITY ?= .quality
quality: $(TEST_SETUP)
	$(BIN)/python -m bench.quality $(SETS) $(QUALITY) $(if $(FEEDBACK),--feedback=$(FEEDBACK))

# Training takes JUDGE_SECONDS of one core in all, and goes on where it was cut off
JUDGE ?= .judge
JUDGE_SECONDS ?= 5100
judge: $(TEST_SETUP)
	@mkdir -p $(JUDGE)
	[ -f $(JUDGE)/groups.jsonl ] || $(BIN)/python -m bench.judge.groups $(SETS) bench/questions $(JUDGE)/groups.jsonl
	$(BIN)/python -m bench.judge.train $(JUDGE)/groups.jsonl $(JUDGE) --seconds $(JUDGE_SECONDS)
	$(BIN)/python -m bench.judge.export $(JUDGE)/checkpoint.pt --groups $(JUDGE)/groups.jsonl
	$(BIN)/python -m bench.judge.calibrate $(SETS) bench/questions $(JUDGE)

# The first time news20k is encoded, about half an hour on two cores; SIZES="10000 100000 1000000" takes 6 GB more
BENCH ?= .bench
SIZES ?= 10000 100000
bench: $(TEST_SETUP)
	$(BIN)/yunwen evaluate $(SETS)/news20k --work $(BENCH)/news20k
	$(BIN)/python -m bench.encode --set $(SETS)/news20k --base $(BENCH)/news20k
	$(BIN)/python -m bench.growth $(SETS)/news20k $(BENCH)/news20k $(BENCH)/growth --sizes $(SIZES)

bench-check: bench
	$(BIN)/python -m bench.check

format: $(TEST_SETUP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	@[ -w . ] || { echo "you may not write into this folder: clone the repository where you may" >&2; exit 1; }
	@for each in $(PYTHON); do \
		if "$$each" -c '$(IS_SUPPORTED)' 2>/dev/null; then \
			"$$each" -m venv $(VENV) && exit 0; \
			rm -rf $(VENV); \
			echo "$$each cannot make $(VENV): on Debian run apt-get install python3-venv" >&2; exit 1; \
		fi; \
	done; \
	echo "yunwen needs Python 3.11, 3.12, 3.13 or 3.14, which is none of: $(PYTHON)." >&2; \
	echo "Install one of them, or run make PYTHON=/path/to/python3.13" >&2; exit 1

$(FIRST): requirements-first.lock | $(VENV)/bin/python
	@$(BIN)/python -c '$(IS_SUPPORTED)' || \
		{ echo "$(VENV) was made with a Python that is not supported: run make clean, then this again" >&2; exit 1; }
	@echo "Installing into $(VENV) (about a minute) …" >&2
	@$(LOCKED) -r requirements-first.lock >&2
	@touch $@

# Other models than the bundled one need torch. Its builds without CUDA are not where pip looks by itself (docs/install.md): without
# one that is known torch is left out, as gigabytes of CUDA come only to who asks for them.
$(TORCH): requirements-torch.lock $(FIRST)
	@$(LOCKED) -r requirements-torch.lock >$(VENV)/torch.log 2>&1 || \
		echo "Left out: torch, as pip finds none without CUDA here. Only models other than the bundled one need it: make torch adds it, docs/install.md says from where." >&2
	@touch $@

torch: $(FIRST)
	$(LOCKED) -r requirements-torch.lock

$(SETUP): pyproject.toml requirements.lock $(FIRST) $(TORCH)
	@$(LOCKED) -r requirements.lock >&2
	@$(PIP) --no-deps -e . >&2
	@touch $@

$(TEST_SETUP): pyproject.toml requirements.lock requirements-test.lock $(FIRST) $(TORCH)
	@$(LOCKED) -r requirements.lock -r requirements-test.lock >&2
	@$(PIP) --no-deps -e . >&2
	@touch $@ $(SETUP)

# `make lock` after a change of pyproject.toml: what is pinned stays as it is (`make lock UPGRADE=--upgrade`: the newest)
# The locks hold for every Python that pyproject.toml allows, on Linux and macOS; torch has a lock of its own, kept by hand.
ELSEWHERE := setuptools colorama pywin32 httpx2-jsfetch
COMPILE = $(TOOLS)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-find-links \
	--custom-compile-command "make lock" --excludes $(VENV)/no-torch $(ELSEWHERE:%=--no-emit-package %) $(UPGRADE) pyproject.toml
lock: $(TOOLS)/uv
	@echo torch > $(VENV)/no-torch
	@cp requirements.lock $(VENV)/new.lock
	@$(COMPILE) -o $(VENV)/new.lock >/dev/null
	@mv $(VENV)/new.lock requirements.lock
	@$(COMPILE) --extra test -c requirements.lock -o requirements-test.lock >/dev/null \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.lock)

audit: $(TOOLS)/pip-audit
	@$(TOOLS)/pip-audit --strict --disable-pip --progress-spinner off \
		-r requirements-first.lock -r requirements-torch.lock -r requirements.lock -r requirements-test.lock || \
		{ echo "Not clean. Where a package was 'not found', or none could be asked about, nothing has been audited: the service of advisories was not reached."; exit 1; }

$(TOOLS)/uv $(TOOLS)/pip-audit: Makefile | $(VENV)/bin/python
	@$(BIN)/python -m venv $(VENV)/tools
	@$(TOOLS)/python -m pip install --quiet --disable-pip-version-check $(UV) $(AUDIT) >&2
	@touch $(TOOLS)/uv $(TOOLS)/pip-audit

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache *.egg-info
