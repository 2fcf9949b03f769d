# make help lists what there is. Needs Python 3.11 or newer, Node.js 20 or newer and git; the rest is set up here.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast lint bench bench-agents bench-healing bench-memory bench-sandbox requests studio clean
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
RUN := $(VENV)/bin
PYTHON ?= python3
REQUEST ?= Create a bug tracking system with projects, issues, comments and labels
DEMO ?= demo
CASES ?= $(wildcard ../shared/cases/requests/*.json)
OUT ?= out/requests
PYTEST ?=

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready ## the virtual environment in .venv, and Chromium where it can be installed
	@scripts/setup-machine.sh

$(VENV)/.ready: pyproject.toml
	$(PYTHON) scripts/make_venv.py $(VENV)
	@touch $@

demo: setup ## from one sentence to a tested bug tracker in ./demo
	$(RUN)/gencode doctor
	@if docker info >/dev/null 2>&1; then $(RUN)/gencode images build app || echo "Going on without an image."; fi
	@if [ -d "$(DEMO)/.gencode" ]; then rm -rf "$(DEMO)"; fi
	$(RUN)/gencode new "$(REQUEST)" --workspace "$(DEMO)" --report demo-report.json --no-agents

# Two files at a time, but for whole runs with models: their browser tests need the machine to themselves.
test: setup ## every test
	@failed=0; $(RUN)/pytest -m "not slow" -n auto $(PYTEST) || failed=1; \
	$(RUN)/pytest -m slow -n 2 --dist loadfile --ignore tests/test_rehearsal.py $(PYTEST) || failed=1; \
	$(RUN)/pytest -m slow tests/test_rehearsal.py $(PYTEST) || failed=1; exit $$failed

test-fast: setup ## the tests that run no real tools
	$(RUN)/pytest -m "not slow" -n auto $(PYTEST)

lint: setup ## ruff, mypy and shellcheck, if it is here
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	@if command -v shellcheck >/dev/null; then shellcheck scripts/*.sh .ci/run; fi

bench: setup ## the graph's own cost, start-up, and the whole demo against the same tools run by hand
	$(RUN)/python benchmarks/startup.py
	$(RUN)/python benchmarks/overhead.py
	$(RUN)/python benchmarks/floor.py

bench-memory: setup ## the store, and code search; for the router see python benchmarks/router.py --help
	$(RUN)/python benchmarks/store.py
	$(RUN)/python benchmarks/code_search.py

bench-healing: setup ## faults that are injected into generated apps and healed without a model
	$(RUN)/python benchmarks/healing.py

bench-agents: setup ## prompts, the budget's ledger, validators, and runs against models that misbehave: needs Docker
	$(RUN)/python benchmarks/prompts.py
	$(RUN)/python benchmarks/ledger.py
	$(RUN)/python benchmarks/validators.py
	$(RUN)/python benchmarks/faults.py

bench-sandbox: setup ## what walls cost: a command, opening and closing, files, our own memory; by backend
	$(RUN)/python benchmarks/sandbox.py

requests: setup ## many requests from end to end: make requests CASES="a.json b.json"
	@test -n "$(CASES)" || { echo 'name the case files: make requests CASES="a.json b.json"' >&2; exit 2; }
	$(RUN)/python benchmarks/requests.py --cases $(CASES) --out $(OUT)

studio: setup ## the graph in LangGraph Studio
	$(RUN)/langgraph dev

clean: ## what the targets above made, but for the caches in your home
	rm -rf $(VENV) out demo-report.json .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@if [ -d "$(DEMO)/.gencode" ]; then rm -rf "$(DEMO)"; fi
