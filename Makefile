# Every target builds .venv first when it is missing, moved or older than the lock.
# A Python other than the first fitting one: make setup PYTHON=python3.12

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?=
ARGS ?=
PROFILE ?= full

READY := .venv/.ready
PY := .venv/bin/python
SCENARIOS := $(patsubst scenarios/%/scenario.py,%,$(wildcard scenarios/*/scenario.py))

# The stages DVC starts call plain `python`; nothing phones home.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export DO_NOT_TRACK := 1
export DVC_NO_ANALYTICS := 1
export EVIDENTLY_DISABLE_TELEMETRY := 1
export MLFLOW_DISABLE_TELEMETRY := true
export PREFECT_SERVER_ANALYTICS_ENABLED := false
unexport PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH VIRTUAL_ENV

.PHONY: help setup check test clean clean-all lock scenarios onboarding ui prove bench-world bench-leaks bench-monitoring bench-harm bench-policies canary force $(SCENARIOS:%=scenario-%)

help: ## print the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  %-22s %s\n", $$1, $$2 }' Makefile
	@for name in $(SCENARIOS); do printf '  %-22s %s\n' "scenario-$$name" "run the scenario '$$name'"; done

setup: $(READY) ## build .venv from requirements.lock (every other target does this when needed)

check: $(READY) ## lint, format, types, import layers
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo

test: $(READY) ## run the tests; ARGS="-k name" narrows them
	@$(PY) -m pytest -n auto --dist loadgroup --no-loadscope-reorder $(ARGS)

scenarios: $(READY) ## run every scenario
	@$(PY) -m scenarios.cli run

$(SCENARIOS:%=scenario-%): scenario-%: $(READY)
	@$(PY) -m scenarios.cli run $* $(ARGS)

scenario-%:
	@echo "There is no scenario '$*'. Try one of: $(SCENARIOS:%=scenario-%)" >&2; exit 2

onboarding: $(READY) ## learn at your own pace: small graded tasks through the scenarios, checked on every save
	@$(PY) -m scenarios.cli learn $(ARGS)

ui: $(READY) ## open the MLflow, Prefect and Evidently pages on loopback ports until Ctrl-C
	@$(PY) -m scenarios.cli ui $(ARGS)

prove: $(READY) ## run the pipeline in two clean clones and compare every output; ARGS="--profile tiny" is quick
	@$(PY) -m scenarios.cli prove $(ARGS)

bench-world: $(READY) ## time the simulator; writes benchmarks/results/world.json
	@$(PY) benchmarks/world.py $(ARGS)

bench-leaks: $(READY) ## measure every leak of the bank; writes benchmarks/results/leaks.json
	@$(PY) benchmarks/leaks.py $(ARGS)

bench-monitoring: $(READY) ## speed, false pages, delay, coverage, gate of the monitor; PROFILE=small takes under a minute
	@$(PY) benchmarks/monitoring/run.py --profile $(PROFILE) $(ARGS)

bench-harm: $(READY) ## hold what the monitor says against exact harm, over many worlds; PROFILE=small is quick
	@$(PY) benchmarks/harm/run.py --profile $(PROFILE) $(ARGS)

bench-policies: $(READY) ## what retraining policies cost beside the oracle; PROFILE=small is quick
	@$(PY) benchmarks/policies.py --profile $(PROFILE) $(ARGS)

lock: $(READY) ## resolve requirements.lock anew from pyproject.toml
	@.venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock $(ARGS)

canary: $(READY) ## try the newest release of every package, without the lock, and say what breaks
	@sh tools/canary.sh

clean: ## remove everything made (data, models, reports, runs, caches) except .venv
	@rm -rf data models reports mlruns lineage dvc_plots .lab .prefect .dvc/cache .dvc/tmp .mypy_cache .pytest_cache .ruff_cache \
	  .import_linter_cache .hypothesis
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

clean-all: clean ## the same, and .venv
	@rm -rf .venv

# A moved checkout or a lost interpreter makes the stamp void: scripts in .venv hold absolute paths.
ifneq ($(shell test -x $(PY) && cat $(READY) 2>/dev/null),$(CURDIR))
$(READY): force
endif
$(READY): requirements.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh "$(PYTHON)"
