# Everything that a developer or a new user runs.  `make help` lists it.

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& echo "$$python" && break; done)
BIN := .venv/bin
SETUP := .venv/.set-up
SPACY := .venv-bench/.set-up
ONCE ?=
ONLY ?=
GOLD ?=
MARKDOWN ?=
# Most tests wait for engines and stages, so that one more than two cores keeps these busy.
WORKERS ?= 3

.PHONY: help setup demo test lint format bench lock wheel clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SETUP) ## Make .venv with the locked dependencies and .venv/bin/tallywire

$(SETUP): requirements-dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Tallywire needs Python 3.11, 3.12 or 3.13: install one, or name it with make PYTHON=..."; exit 1; }
	@echo "Setting up .venv with the locked dependencies (about a minute the first time) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## Sample feeds to searchable incidents on real engines; ONCE=1 ends when all is checked
	@$(BIN)/tallywire demo $(if $(ONCE),--once)

test: setup ## All tests, the real engines included; WORKERS=1 for one after another
	$(BIN)/pytest --numprocesses $(WORKERS)

lint: setup ## ruff, mypy and the import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup $(SPACY) ## Benchmarks; ONLY=codec for one case, GOLD=folder for the gold's articles, MARKDOWN=docs/benchmarks.md to keep the figures
	$(BIN)/python -m tallywire.bench $(if $(ONLY),--only $(ONLY)) $(if $(GOLD),--gold $(GOLD)) $(if $(MARKDOWN),--markdown $(MARKDOWN))

$(SPACY): requirements-bench.txt
	@echo "Setting up .venv-bench with spaCy, which only the benchmark of extraction needs ..."
	@$(BIN)/python -m venv --clear .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

lock: setup ## Lock the dependencies anew, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--group dev --constraint requirements.txt pyproject.toml --output-file requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--group build --constraint requirements-dev.txt --output-file requirements-build.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--group bench --constraint requirements-dev.txt --output-file requirements-bench.txt

wheel: setup ## Build the wheel into dist/
	$(BIN)/uv build --wheel --no-build-isolation

clean: ## Remove what the commands above made in this folder
	rm -rf .venv .venv-bench dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
