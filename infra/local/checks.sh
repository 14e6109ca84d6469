#!/usr/bin/env bash
# Every check of `make test`, each named with the time it took; runs all of them and fails when one failed.
set -uo pipefail
cd "$(dirname "$0")/../.."
bin=.venv/bin
cores=$(getconf _NPROCESSORS_ONLN)
failed=()

step() {
  local name=$1 begun=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    printf '== %s: passed in %s s\n' "$name" "$((SECONDS - begun))"
  else
    printf '== %s: FAILED after %s s\n' "$name" "$((SECONDS - begun))"
    failed+=("$name")
  fi
}

step "format" $bin/ruff format --check --quiet .
step "lint" $bin/ruff check --quiet .
step "types" $bin/mypy
step "imports" $bin/lint-imports
step "template" $bin/cfn-lint -a cfn_lint_serverless.rules -- template.yaml
step "sam validate" env SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 $bin/../tools/sam/bin/sam validate --lint
step "sam build" infra/aws/build.sh
step "artifacts" $bin/pytest -q -m artifacts -p no:cacheprovider tests/artifacts
step "tests" $bin/pytest -q -n "$((cores < 4 ? cores : 4))" --dist loadfile --cov --cov-report=term --cov-fail-under=90

if [ ${#failed[@]} -gt 0 ]; then
  printf '\nFAILED after %s s: %s\n' "$SECONDS" "$(IFS=,; printf '%s' "${failed[*]}")"
  exit 1
fi
printf '\nall checks passed in %s s\n' "$SECONDS"
