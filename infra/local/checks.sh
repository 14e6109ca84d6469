#!/usr/bin/env bash
# Every check of `make test`, each named with the time it took; runs all of them and fails when one failed.
# Calls over real audio take their time and little of the machine's: they run beside the rest, which makes way for them.
set -uom pipefail
cd "$(dirname "$0")/../.."
bin=.venv/bin
cores=$(getconf _NPROCESSORS_ONLN)
work=$(mktemp -d)
lanes=()
trap 'rm -rf "$work"' EXIT
trap 'for lane in "${lanes[@]}"; do kill -INT -- "-$lane"; done 2>/dev/null; exit 130' INT TERM

step() {
  local name=$1 begun=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    printf '== %s: passed in %s s\n' "$name" "$((SECONDS - begun))"
  else
    printf '== %s: FAILED after %s s\n' "$name" "$((SECONDS - begun))"
    printf '%s\n' "$name" >>"$work/failed"
  fi
}

lane() { # beside the others; what it says comes with `ends`
  "$1" >"$work/$1" 2>&1 &
  lanes+=("$!")
}

ends() {
  wait "${lanes[$1]}"
  cat "$work/$2"
}

calls() {
  step "calls over real audio" $bin/pytest -q -n 2 --dist loadfile -p no:cacheprovider tests/journey
}

code() {
  step "format" $bin/ruff format --check --quiet .
  step "lint" $bin/ruff check --quiet .
  step "types" nice -n 5 $bin/mypy
  step "imports" $bin/lint-imports
}

cloud() {
  step "template" $bin/cfn-lint -a cfn_lint_serverless.rules -- template.yaml
  step "sam validate" env SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 $bin/../tools/sam/bin/sam validate --lint
  step "sam build" nice -n 5 infra/aws/build.sh
  step "artifacts" nice -n 5 $bin/pytest -q -m artifacts -p no:cacheprovider tests/artifacts
}

tests() {
  step "tests" nice -n 5 $bin/pytest -q -n "$((cores < 4 ? cores : 4))" --dist loadfile --ignore tests/journey \
    --cov --cov-report=term --cov-fail-under=90
}

lane calls
lane code
cloud
ends 1 code
tests
ends 0 calls

if [ -s "$work/failed" ]; then
  printf '\nFAILED after %s s: %s\n' "$SECONDS" "$(paste -sd, "$work/failed")"
  exit 1
fi
printf '\nall checks passed in %s s\n' "$SECONDS"
