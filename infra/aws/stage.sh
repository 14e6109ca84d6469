#!/usr/bin/env bash
# Stages functions/, shared/ and the locked packages into .build/lambda, as Lambda's x86_64 machines want them.
# What no handler imports is left out: the artifact stays far below 30 MB.
set -euo pipefail
cd "$(dirname "$0")/../.."
staged=.build/lambda
uv=$(command -v uv || printf '%s' .venv/tools/uv/bin/uv)
export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never

rm -rf "$staged"
mkdir -p "$staged"
"$uv" export --frozen --quiet --no-default-groups --no-emit-project --format requirements-txt -o .build/requirements.txt
# glibc 2.17 is older than that of any Lambda runtime
"$uv" pip install --quiet --require-hashes --no-deps --only-binary :all: --python .venv/bin/python \
  --python-platform x86_64-manylinux2014 --python-version 3.11 --link-mode copy \
  --target "$staged" -r .build/requirements.txt

cp -R functions shared "$staged"
find "$staged" -depth \( -name __pycache__ -o -name tests \) -exec rm -rf {} +
rm -rf "$staged/bin" "$staged/.lock"

keep_only() { # folder, then the names that stay in it
  local folder=$1 name
  shift
  for path in "$staged/$folder"/*; do
    name=$(basename "$path")
    [[ " $* " == *" $name "* ]] || rm -rf "$path"
  done
}
keep_only botocore/data s3 secretsmanager sns sqs ssm sts endpoints.json partitions.json _retry.json sdk-default-configuration.json
rm -rf "$staged"/phonenumbers/{geodata,carrierdata,tzdata} "$staged/boto3/examples"
# of Twilio's REST client: calls, numbers, usage and look-ups; its other services are imported only when they are used
keep_only twilio/rest __init__.py api lookups
# Twilio's asynchronous client, migrations, other databases
for name in aiohappyeyeballs aiohttp aiohttp_retry aiosignal alembic async_timeout attr attrs frozenlist mako markupsafe \
  multidict propcache yarl; do
  rm -rf "$staged/$name" "$staged/$name"-*.dist-info
done
rm -rf "$staged"/sqlalchemy/{testing,dialects/mysql,dialects/mssql,dialects/oracle,dialects/sqlite}

rm -rf "$staged/holidays/locale"

.venv/bin/python -S infra/aws/compile_used.py "$staged"
# sam asks this file for each function; hard links cost neither time nor space
printf 'build-%%:\n\t@cp -al . "$(ARTIFACTS_DIR)" 2>/dev/null || cp -a . "$(ARTIFACTS_DIR)"\n\t@rm -f "$(ARTIFACTS_DIR)/Makefile"\n' >"$staged/Makefile"
du -sm "$staged" | cut -f1 | sed 's/$/ MB staged/'
