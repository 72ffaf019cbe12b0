# `make` alone lists what there is. Everything runs in .venv; nothing is installed elsewhere.
SHELL := /bin/sh
# The first of these that is new enough; `make PYTHON=…` names another.
PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
COMPOSE := docker compose
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
	--allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help install demo run env build up down ps logs compose-check test test-quick test-unit test-integration test-end-to-end \
	acceptance check format lint types bench bench-extract bench-polling bench-search bench-tag quality kibana lock clean

help:  ## list the targets
	@awk 'BEGIN {FS = ":.*##"} /^[a-z][a-z-]*:.*##/ {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##### on this machine

install: $(INSTALLED)  ## create .venv with everything pinned

# Made again only when a lock or the package's description changes.
$(INSTALLED): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" \
	  || { echo "Kabar needs Python 3.11 or newer: install it, or name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { echo "this Python can't make virtual environments: install its venv package (Debian: python3-venv)" >&2; exit 1; }
	@echo "installing into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --editable .
	@touch $@

demo: install  ## poll a local newsroom, index it, search it: the whole flow in one command
	@$(BIN)/kabar demo

run: install  ## poll the configured feeds on this machine, no server needed (Ctrl-C stops it)
	@$(BIN)/kabar up

##### with containers

# Written whole or not at all, readable by its owner only, and never over one that exists.
env: .env  ## write .env with random secrets, where there is none
.env:
	@umask 077; random() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }; \
	while IFS= read -r line; do case $$line in \
	  [A-Z]*=) echo "$$line$$(random)" ;; *) echo "$$line" ;; esac; done < .env.example > .env.new; \
	mv -n .env.new .env && echo "wrote .env with new secrets"

build:  ## build the image
	@$(COMPOSE) build

up: .env  ## start everything in containers: Kibana at http://127.0.0.1:5601
	@$(COMPOSE) up --build --detach
	@echo "Kibana will be at http://127.0.0.1:$${KIBANA_PORT:-5601} in a minute or two; user elastic, ELASTIC_PASSWORD from .env"

down:  ## stop the containers; their data stays
	@$(COMPOSE) down

ps:  ## show the containers
	@$(COMPOSE) ps --all

logs:  ## follow the containers' logs
	@$(COMPOSE) logs --follow --tail 100

compose-check:  ## build, start, feed, search, stop and start again: nothing may be lost (needs Docker)
	@tests/end_to_end/compose.sh

##### to develop

# Two processes: most tests wait for sockets, leases or servers on purpose. What compares speeds runs alone.
TWO := --numprocesses 2

test: install test-quick  ## run every test: the quick ones first, then with real servers and processes
	@$(BIN)/pytest -q -m "not slow" tests/quality tests/bench
	@$(BIN)/pytest -q $(TWO) --maxschedchunk 1 -m "not slow" -k "not contract or elasticsearch" \
	  tests/contract tests/integration tests/elasticsearch_node tests/end_to_end

test-quick: install  ## run the unit tests and the contract suites on embedded adapters
	@$(BIN)/pytest -q $(TWO) -m "not slow and not elasticsearch" tests/test_architecture.py tests/unit tests/contract

test-unit: install  ## run the tests that need no server
	@$(BIN)/pytest -q tests/unit

test-integration: install  ## run the tests on real Redis and Elasticsearch
	@$(BIN)/pytest -q tests/contract tests/integration -m "not slow"

test-end-to-end: install  ## run the tests with real worker processes
	@$(BIN)/pytest -q tests/end_to_end -m "not slow"

acceptance: install  ## run everything at full size (long)
	@$(BIN)/pytest -q

check: format-check lint types test  ## the one gate: format, lint, types, tests

.PHONY: format-check
format-check: install
	@$(BIN)/ruff format --check .

format: install  ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --exit-zero --quiet .

lint: install  ## check the code's style
	@$(BIN)/ruff check .

types: install  ## check the code's types
	@$(BIN)/mypy

bench: install  ## measure articles per second beside a hand-written loop
	@$(BIN)/python -m tests.bench.bench_pipeline

bench-extract: install  ## measure pages per second of extraction beside trafilatura's (PAGES=folder: on saved pages)
	@$(BIN)/python -m tests.bench.bench_extract $(if $(PAGES),--pages "$(PAGES)")

bench-search: install  ## measure what search adds to the store's own query (DOCUMENTS=100000, SEARCH_URL=http://…)
	@$(BIN)/python -m tests.bench.bench_search --documents $(or $(DOCUMENTS),2000) \
	  $(if $(SEARCH_URL),--elasticsearch "$(SEARCH_URL)")

bench-polling: install  ## measure memory a feed, ticks and polls a second with 100,000 feeds
	@$(BIN)/python -m tests.bench.bench_polling

bench-tag: install  ## measure tagging beside extracting the same pages
	@$(BIN)/python -m tests.bench.bench_tag

quality: install  ## measure names and extraction, print the figures, hold their floors (KABAR_TEST_NER=FILES: labelled sentences too)
	@$(BIN)/pytest -q tests/quality

kibana: install  ## write config/kibana anew from the index mappings
	@$(BIN)/python -m workers.operate.kibana_objects

lock: install  ## pin the newest allowed versions anew, with hashes
	@$(COMPILE) --upgrade --output-file requirements.lock pyproject.toml
	@$(COMPILE) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:  ## remove what tools left behind (not .venv, not data, not .env)
	@rm -rf build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find workers tests -type d -name __pycache__ -prune -exec rm -rf {} +
