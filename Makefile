# Every target makes its own environment first: all it needs is make and Python >= 3.11.
#
#   make demo     an emulated machine counts the words of the standard library
#   make test     the test-suite
#   make check    lint, format, types, import contracts
#   make bench    our figures beside those of other ways to pass a message
#   make stress   long and random runs, and every booted test twice with equal event logs
#   make clean    remove what these made
#
# PYTHON=... names the interpreter; otherwise the first suitable one is taken.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
WORKERS ?= 2
SUITABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
CANDIDATES := $(or $(PYTHON),python3 python3.13 python3.12 python3.11)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench stress clean

help:
	@sed -n 's/^#   make /make /p' Makefile

demo: $(STAMP)
	$(BIN)/eka demo
	@echo "Go on with docs/tutorial.md; '. $(BIN)/activate' puts eka on your path."

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) -m "not stress"

check: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/eka bench

stress: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) -m "stress or hypothesis" \
		--hypothesis-profile random
	$(BIN)/python -m pytest -n $(WORKERS) --eka-twice
	$(BIN)/python -m pytest -n $(WORKERS) --eka-twice --eka-backend priority

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv is quicker where there is one that reaches the packages; pip is what we rely on.
$(STAMP): pyproject.toml constraints.txt
	@python=; for name in $(CANDIDATES); do \
		if $$name -c '$(SUITABLE)' >/dev/null 2>&1; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "eka needs Python 3.11 or newer, with its venv module;" \
			"tried: $(CANDIDATES)." >&2; \
		echo "Install one (Debian: python3 and python3-venv)," \
			"or name it: make PYTHON=/path/to/python3 ..." >&2; \
		exit 1; \
	fi; \
	echo "making $(VENV), which takes a minute or so, once"; \
	set -e; rm -rf $(VENV); $$python -m venv $(VENV); \
	if command -v uv >/dev/null 2>&1 && uv pip install --quiet \
		--python $(BIN)/python -c constraints.txt --group dev --editable .; \
	then :; else \
		$(BIN)/python -m pip install --quiet -c constraints.txt --upgrade pip; \
		$(BIN)/python -m pip install --quiet -c constraints.txt --group dev; \
		$(BIN)/python -m pip install --quiet -c constraints.txt \
			--no-build-isolation --editable .; \
	fi
	@touch $@
