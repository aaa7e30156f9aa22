# `make run` opens the demo company; `make test` proves that all is well; `make help` tells the rest.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
REPORT_PORT ?= 8501
AIRFLOW_PORT ?= 8080
DEMO_HOME ?= demo_home
SCREENSHOTS ?= screenshots

BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup run test test-stack lint browser servers bench demo docs screenshots texts lock clean
.PHONY: secrets up down logs upgrade rollback-stack backup-stack business airflow-user

help:  ## say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(READY)  ## make .venv with everything locked, once

# Each step can be stopped and run again; only a finished set-up leaves its stamp.
$(READY): requirements.lock pyproject.toml
	@echo "Set-up 1/3: an environment in .venv, with $(PYTHON)"
	@scripts/make_venv.sh $(PYTHON)
	@echo "Set-up 2/3: $$(grep -c '==' requirements.lock) packages from requirements.lock, one to three minutes"
	@$(BIN)/python -m pip install --require-hashes --no-deps --progress-bar off \
		--disable-pip-version-check -r requirements.lock | awk -f scripts/pip_progress.awk
	@echo "Set-up 3/3: the command \`warehouse\`"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation -e .
	@touch $(READY)
	@echo "Set-up done."

run: $(READY)  ## load the demo company, serve the report (8501) and Airflow (8080)
	@$(BIN)/python scripts/run_demo.py --home $(DEMO_HOME) \
		--report-port $(REPORT_PORT) --airflow-port $(AIRFLOW_PORT)

test: $(READY) lint browser servers  ## check everything and pass all tests
	@echo "Tests, on two processes"
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/stack

test-stack: $(READY) browser  ## bring up the stack of docker-compose.yml on an engine of its own
	@echo "The stack, on a Docker engine of the tests' own"
	@$(BIN)/python -m pytest tests/stack -rs --timeout 1800

lint: $(READY)  ## ruff, mypy and sqlfluff
	@echo "Lint: ruff, mypy, sqlfluff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models

# The tests of the report look at it in a real browser, Debian's.
browser:
	@scripts/get_browser.sh

# The tests of the connectors read real databases, Debian's.
servers:
	@scripts/get_servers.sh

bench: $(READY)  ## print a table of times and memory; it judges nothing
	@$(BIN)/python -m bench

demo: $(READY)  ## make the demo company's files in demo_home, without loading them
	@$(BIN)/python -m examples.nordic_espresso $(DEMO_HOME)

docs: $(READY)  ## write docs/kpis.md from the seed of KPIs
	@$(BIN)/python -m scripts.make_kpi_page

screenshots: $(READY) browser  ## picture every page, light and dark, wide and narrow
	@$(BIN)/python -m scripts.make_screenshots --home $(DEMO_HOME) --out $(SCREENSHOTS)

texts: $(READY)  ## bring the report's catalogues of sentences up to date
	@$(BIN)/python -m scripts.update_texts

secrets:  ## on a server: make .env, and the secrets in it that are empty
	@scripts/stack.sh secrets

up:  ## on a server: build what is missing, start the stack, wait until it is healthy
	@scripts/stack.sh up

down:  ## on a server: stop the stack; nothing is lost
	@scripts/stack.sh down

logs:  ## on a server: follow the logs
	@scripts/stack.sh logs

upgrade:  ## on a server: build this version, back up, and run it
	@scripts/stack.sh upgrade

rollback-stack:  ## on a server: run the version before this one again
	@scripts/stack.sh rollback

backup-stack:  ## on a server: back up Airflow's database and all homes
	@scripts/stack.sh backup

business:  ## on a server: make the home of a business, NAME=shop
	@scripts/stack.sh business

airflow-user:  ## on a server: make an account of Airflow, NAME=maria ROLE=Admin
	@scripts/stack.sh airflow-user

lock:  ## make requirements.lock of requirements.in (needs uv)
	@uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--output-file requirements.lock requirements.in

clean:  ## drop the environment, the demo company and what tools left
	@rm -rf .venv $(DEMO_HOME) bench_home screenshots .run .mypy_cache .ruff_cache .pytest_cache \
		*.egg-info dbt_project/target dbt_project/logs
