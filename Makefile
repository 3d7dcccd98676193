# `make run` sets up what is missing and asks, `make web` opens the page; `make test` sets up and tests; `make check` is what must be green;
# `make soak` runs the tests that take long: many kills, hostile input, other servers, other models.
# the first of these that pyproject.toml allows: the small torch is surest to be had for 3.11; `make PYTHON=…` names another
PYTHON ?= python3.11 python3.12 python3
IS_SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))
VENV := .venv
BIN := $(VENV)/bin
FIRST := $(VENV)/.set-up-first
SETUP := $(VENV)/.set-up
TEST_SETUP := $(VENV)/.set-up-tests
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation
LOCKED := $(PIP) --no-deps --require-hashes
TOOLS := $(VENV)/tools/bin
UV := uv==0.13.8
AUDIT := pip-audit==2.10.1

# a test file stays with one worker: what a file starts (servers) is started once
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile
WORKERS ?= 2

.PHONY: run web test soak check bench bench-check quality judge format clean lock audit

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
	echo "yunwen needs Python 3.11 or 3.12, which is none of: $(PYTHON)." >&2; \
	echo "Install one of them, or run make PYTHON=/path/to/python3.12" >&2; exit 1

# torch's builds without CUDA are not where pip looks by itself, see docs/install.md
$(FIRST): requirements-first.lock | $(VENV)/bin/python
	@$(BIN)/python -c '$(IS_SUPPORTED)' || \
		{ echo "$(VENV) was made with a Python that is not supported: run make clean, then this again" >&2; exit 1; }
	@echo "Installing into $(VENV) (about a minute) …" >&2
	@$(LOCKED) -r requirements-first.lock >&2 || { \
		echo "pip finds no torch without CUDA that is known: fetching it with CUDA, gigabytes, whose libraries no lock knows." >&2; \
		echo "docs/install.md says how to do without." >&2; \
		$(LOCKED) -r requirements-cuda.lock >&2 && $(PIP) torch==2.13.0 >&2; }
	@touch $@

$(SETUP): pyproject.toml requirements.lock $(FIRST)
	@$(LOCKED) -r requirements.lock >&2
	@$(PIP) --no-deps -e . >&2
	@touch $@

$(TEST_SETUP): pyproject.toml requirements.lock requirements-test.lock $(FIRST)
	@$(LOCKED) -r requirements.lock -r requirements-test.lock >&2
	@$(PIP) --no-deps -e . >&2
	@touch $@ $(SETUP)

# `make lock` after a change of pyproject.toml: what is pinned stays as it is (`make lock UPGRADE=--upgrade`: the newest)
COMPILE = UV_FIND_LINKS="$$PIP_FIND_LINKS" UV_EXTRA_INDEX_URL="$$PIP_EXTRA_INDEX_URL" $(TOOLS)/uv pip compile --quiet \
	--python-version 3.11 --python-platform x86_64-manylinux_2_28 --generate-hashes --no-annotate --no-emit-find-links \
	--custom-compile-command "make lock" --no-emit-package torch --no-emit-package setuptools $(UPGRADE) pyproject.toml
lock: $(TOOLS)/uv
	@cp requirements.lock $(VENV)/new.lock
	@$(COMPILE) -o $(VENV)/new.lock >/dev/null
	@! grep '^nvidia' $(VENV)/new.lock || { echo "pip would find torch with CUDA, see docs/install.md"; exit 1; }
	@mv $(VENV)/new.lock requirements.lock
	@$(COMPILE) --extra test -c requirements.lock -o requirements-test.lock >/dev/null \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.lock)

audit: $(TOOLS)/pip-audit
	@$(TOOLS)/pip-audit --strict --disable-pip --progress-spinner off \
		-r requirements-first.lock -r requirements.lock -r requirements-test.lock || \
		{ echo "Not clean. Where a package was 'not found', or none could be asked about, nothing has been audited: the service of advisories was not reached."; exit 1; }

$(TOOLS)/uv $(TOOLS)/pip-audit: Makefile | $(VENV)/bin/python
	@$(BIN)/python -m venv $(VENV)/tools
	@$(TOOLS)/python -m pip install --quiet --disable-pip-version-check $(UV) $(AUDIT) >&2
	@touch $(TOOLS)/uv $(TOOLS)/pip-audit

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache *.egg-info
