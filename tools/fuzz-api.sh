#!/bin/sh
# Starts bin/wenguo with demo data on a free port, lets schemathesis make requests from its OpenAPI document, and ends it.
#   fuzz-api.sh [schemathesis flags]
# Any 5xx, any answer that the document does not describe and any wrong request that is not refused fails it.
set -eu
cd "$(dirname "$0")/.."

version=4.32.5
venv=bin/fuzz-api
if [ ! -x "$venv/bin/schemathesis" ] || [ "$(cat "$venv/version" 2>/dev/null)" != "$version" ]; then
  command -v python3 >/dev/null || { echo "fuzz-api: python3 is missing: install it (apt-get install python3 python3-venv)" >&2; exit 1; }
  echo "fuzz-api: installing schemathesis $version" >&2
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
  echo "$version" >"$venv/version"
fi

data=$(mktemp -d)
log=$data/log
port=${PORT:-18427}
bin/wenguo up --demo live --data "$data/data" --listen "127.0.0.1:$port" >"$log" 2>&1 &
program=$!
trap 'kill "$program" 2>/dev/null; wait "$program" 2>/dev/null || true; rm -rf "$data"' EXIT INT TERM
tries=0
until [ "$(curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/readyz" 2>/dev/null)" = 200 ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] && kill -0 "$program" 2>/dev/null || { tail -n 20 "$log" >&2; echo "fuzz-api: wenguo did not start" >&2; exit 1; }
  sleep 1
done

# A parameter may be right alone and wrong beside another one, which a document cannot say: positive_data_acceptance is left
# out. Events have a token and tests of their own.
"$venv/bin/schemathesis" run "http://127.0.0.1:$port/api/v1/openapi.json" \
  --exclude-path /api/v1/events --exclude-checks positive_data_acceptance \
  --phases examples,coverage,fuzzing --generation-database :memory: --seed "${SEED:-20261122}" --max-examples "${EXAMPLES:-20}" \
  --request-timeout 60 --workers 2 "$@"
