#!/usr/bin/env bash
# Sets up .venv from uv.lock, saying what it does; does nothing in no time when nothing changed.
# Usage: setup.sh demo|all      (PYTHON= chooses the interpreter)
set -euo pipefail
cd "$(dirname "$0")/../.."
want=${1:-all}

say() { printf '%s\n' "setup: $*"; }
fail() { printf '%s\n' "setup: $*" >&2; exit 1; }
is_python_311() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; }

find_python() {
  if [ -n "${PYTHON:-}" ]; then
    is_python_311 "$PYTHON" || fail "PYTHON=$PYTHON is not a Python 3.11; the embedded speech engines need 3.11"
    python=$PYTHON
    return
  fi
  for candidate in python3.11 /usr/bin/python3.11 python3 python; do
    if is_python_311 "$candidate"; then
      python=$candidate
      return
    fi
  done
  fail "no Python 3.11 found: install it (Debian 12: apt-get install python3.11 python3.11-venv) or name one with PYTHON="
}

# An environment that was moved, or made from another interpreter than the one asked for, is made anew.
made_here() {
  [ "$(sed -n 1p .venv/made-here 2>/dev/null || pwd)" = "$(pwd)" ] || return 1
  [ -z "${PYTHON:-}" ] || [ ! -e .venv/made-here ] || [ "$(sed -n 2p .venv/made-here)" = "$(real "$PYTHON")" ]
}

real() { "$1" -c 'import os, sys; print(os.path.realpath(sys.executable))'; }

make_venv() {
  if [ -x .venv/bin/python ] && is_python_311 .venv/bin/python && made_here; then
    return
  fi
  say "making .venv with $($python --version)"
  rm -rf .venv
  if ! "$python" -m venv --without-pip .venv 2>.venv-error; then
    cat .venv-error >&2
    rm -rf .venv-error .venv
    fail "$python cannot make a virtual environment"
  fi
  rm -f .venv-error
}

find_uv() {
  if command -v uv >/dev/null 2>&1; then
    uv=$(command -v uv)
    return
  fi
  uv=.venv/tools/uv/bin/uv
  [ -x $uv ] && "$uv" --version >/dev/null 2>&1 && return
  say "installing uv into .venv/tools"
  find_pip
  "${pip[@]}" install -qq --root-user-action=ignore --disable-pip-version-check --upgrade --target .venv/tools/uv 'uv>=0.13,<1' ||
    fail "pip could not install uv; check the network and pip's index"
}

find_pip() {
  pip=("$python" -m pip)
  "${pip[@]}" --version >/dev/null 2>&1 && return
  if ! "$python" -c 'import ensurepip' >/dev/null 2>&1; then
    fail "$python has neither pip nor ensurepip: install them (Debian: apt-get install python3.11-venv)"
  fi
  [ -x .venv/tools/pip/bin/python ] || "$python" -m venv .venv/tools/pip
  pip=(.venv/tools/pip/bin/python -m pip)
}

index_of_pip() {
  [ -n "${UV_DEFAULT_INDEX:-}" ] && return
  local index=${PIP_INDEX_URL:-}
  [ -n "$index" ] || index=$("$python" -m pip config get global.index-url 2>/dev/null || true)
  if [ -n "$index" ]; then
    say "using pip's package index"
    export UV_DEFAULT_INDEX=$index
  fi
}

install_packages() {
  local groups=()
  [ "$want" = demo ] && groups=(--no-group dev)
  say "installing the locked packages ($want)"
  if UV_PROJECT_ENVIRONMENT=.venv "$uv" sync --frozen --quiet --inexact "${groups[@]}"; then
    return
  fi
  say "uv could not fetch them; trying pip, which takes longer"
  find_pip
  "$uv" export --frozen --quiet --no-emit-project "${groups[@]}" -o .venv/requirements.txt
  "${pip[@]}" --python .venv/bin/python install --quiet --require-hashes -r .venv/requirements.txt &&
    "${pip[@]}" --python .venv/bin/python install --quiet --no-deps --editable . ||
    fail "the packages could not be installed; the messages above say why"
}

# What builds the Lambda artifacts pins too much to live in .venv beside the rest.
install_sam() {
  say "installing the builder of the Lambda artifacts into .venv/tools/sam"
  if UV_PROJECT_ENVIRONMENT=.venv/tools/sam "$uv" sync --frozen --quiet --only-group sam --python .venv/bin/python; then
    return
  fi
  find_pip
  "$uv" export --frozen --quiet --only-group sam --no-emit-project -o .venv/sam-requirements.txt
  "$python" -m venv --without-pip .venv/tools/sam &&
    "${pip[@]}" --python .venv/tools/sam/bin/python install --quiet --require-hashes -r .venv/sam-requirements.txt ||
    fail "the packages could not be installed; the messages above say why"
}

# What the environment was made from; a set-up for everything also serves the demo.
mark="$(cat uv.lock pyproject.toml | cksum) $(pwd) ${PYTHON:-}"
for done in "$want" all; do
  if [ "$(cat ".venv/made-for-$done" 2>/dev/null)" = "$mark" ] && [ -x .venv/bin/python ]; then
    exit 0
  fi
done

export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never
find_python
make_venv
index_of_pip
find_uv
install_packages
[ "$want" = demo ] || install_sam
printf '%s\n' "$(pwd)" "$(real "$python")" >.venv/made-here
printf '%s\n' "$mark" >".venv/made-for-$want"
say "ready"
