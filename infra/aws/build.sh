#!/usr/bin/env bash
# Stages and builds the artifacts of every function: .aws-sam/build, one folder each.
set -euo pipefail
cd "$(dirname "$0")/../.."
infra/aws/stage.sh
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION="${AWS_DEFAULT_REGION:-us-east-1}"
export PATH="$PWD/.venv/tools/sam/bin:$PATH"
if ! sam build --build-in-source >.build/sam.log 2>&1; then
  cat .build/sam.log >&2
  exit 1
fi
