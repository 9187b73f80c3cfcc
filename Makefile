# The two commands are `make run` and `make test`; the rest is for those who build the service.
.DEFAULT_GOAL := help
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PY := .venv/bin/python
PORT ?= 8000
TESTS_AT_ONCE ?= 2
export PORT

.PHONY: help
help: ## Say what can be made
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: run
run: .venv/ready ## Set everything up and start it; Ctrl-C stops it
	@$(PY) -m app.cli run

.PHONY: test
test: lint ## Run every check and every test
	@$(PY) -m app.cli train
	@$(PY) -m pytest -n $(TESTS_AT_ONCE) --dist loadfile

.PHONY: lint
lint: .venv/ready ## Run every check of the code, the words and the training data
	@$(PY) -m app.checks.all

.PHONY: bench
bench: .venv/ready ## Measure, and write bench/results.json
	@$(PY) -m app.cli train
	@$(PY) -m tests.bench.run

.PHONY: crash
crash: .venv/ready ## Kill the service again and again under load, and write bench/crash.json
	@$(PY) -m tests.crash.run

.PHONY: setup
setup: .venv/ready ## Set up without starting anything
	@$(PY) -m app.cli train

.PHONY: migration
migration: .venv/ready ## Write the next migration: make migration STORE=service REASON="add ..."
	@$(PY) -m migrations.migrate "$(STORE)" "$(REASON)"

.PHONY: clean
clean: ## Remove what was set up and learnt; var/ (your data) stays
	rm -rf .venv .uv bot/rasa/.venv models/rasa models/embeddings .mypy_cache .ruff_cache .pytest_cache

.venv/ready: pyproject.toml uv.lock | $(filter .uv/bin/uv,$(UV))
	@$(UV) sync --frozen --quiet
	@touch $@

.uv/bin/uv:
	@echo "Setting up uv, which sets up the rest."
	@$(PYTHON) -m venv .uv
	@.uv/bin/pip install --quiet uv==$(UV_VERSION)
