# What a person types. PYTHON= chooses the interpreter; set-up runs by itself and costs nothing when nothing changed.
SHELL := /bin/bash
unexport PYTHONDONTWRITEBYTECODE # a first start would compile every package again and again
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
REAUTO := .venv/bin/reauto

.PHONY: demo test bench chaos setup clean

demo: ## a campaign rings simulated people over real audio; KEEP=1 leaves the console running
	@infra/local/setup.sh demo
	@exec $(REAUTO) demo $(if $(PERSONAS),--personas "$(PERSONAS)")

test: ## every check that CI runs
	@infra/local/setup.sh all
	@infra/local/checks.sh

bench: ## benchmarks beside their baselines: SUITE=db, speech, voice or conversation, or all
	@infra/local/setup.sh all
	@exec $(REAUTO) bench $(if $(SUITE),--suite "$(SUITE)")

chaos: ## faults by seed: SUITE=dial SEED=1 ATTEMPTS=100000 REPEATS=20
	@infra/local/setup.sh all
	@exec $(REAUTO) chaos $(if $(SUITE),--suite "$(SUITE)") $(if $(SEED),--seed "$(SEED)") \
		$(if $(ATTEMPTS),--attempts "$(ATTEMPTS)") $(if $(REPEATS),--repeats "$(REPEATS)")

setup: ## .venv with everything, from uv.lock
	@infra/local/setup.sh all

clean: ## remove what was built and the data of the one-machine runtime; .venv stays
	@if [ -L .reauto/postgres ]; then rm -rf "$$(dirname "$$(readlink .reauto/postgres)")"; fi
	@rm -rf build .build .aws-sam .reauto .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
