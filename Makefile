# The two commands of the README are `make demo` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help setup toolchain demo test test-fast test-lab test-own-kernel lint golden lock bench clean

BIN := .venv/bin

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## packages, virtual environment, dependencies, this project
	@scripts/setup.sh

toolchain: setup ## Pulumi and its provider: the first time builds them, which takes minutes
	@$(BIN)/govcloud toolchain

demo: setup ## the whole way on the lab: three tenants, portals, proof, audit
	@$(BIN)/govcloud demo

test: lint test-fast test-lab ## everything, the lab included

test-fast: toolchain ## no cloud
	@$(BIN)/pytest tests/unit tests/contract tests/golden -n 2

test-lab: setup ## on a real OpenStack of its own, from nothing, removed at the end
	@$(BIN)/pytest tests/lab -m "not own_kernel"

test-own-kernel: setup ## the same for a host with a kernel of its own, emulated: half an hour more
	@$(BIN)/pytest tests/lab -m own_kernel

lint: setup ## ruff, mypy --strict, ansible-lint production
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@cd playbooks && ../$(BIN)/ansible-lint --offline --profile production

golden: setup ## write the expected plans and findings anew; look at the difference before you commit it
	@$(BIN)/pytest -q tests/golden tests/unit/request --regenerate

lock: setup ## resolve the dependencies anew
	@$(BIN)/uv pip compile --quiet --all-extras --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 pyproject.toml --output-file requirements.lock

bench: setup ## measure the figures of docs/benchmarks.md
	@$(BIN)/python -m scripts.bench

clean: ## remove what the project made in this folder
	@rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .ansible
