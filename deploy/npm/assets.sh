#!/bin/sh
# Copies the pinned browser assets into the dashboard, with their licences, and writes their hashes.
# Run it after changing a version in package.json; the copies are committed so that a plain `go build` works.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
to="$here/../../dashboard/static/vendor"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work/"
(cd "$work" && npm ci --ignore-scripts --omit=dev --omit=optional >/dev/null)
mkdir -p "$to"
cp "$work/node_modules/echarts/dist/echarts.min.js" "$to/echarts.min.js"
cp "$work/node_modules/echarts/LICENSE" "$to/echarts.LICENSE"
cp "$work/node_modules/echarts/NOTICE" "$to/echarts.NOTICE"
cp "$work/node_modules/echarts/licenses/LICENSE-d3" "$to/echarts-d3.LICENSE"
cp "$work/node_modules/htmx.org/dist/htmx.min.js" "$to/htmx.min.js"
cp "$work/node_modules/htmx.org/LICENSE" "$to/htmx.LICENSE"
{
  sed -n 's/^ *"\(echarts\|htmx.org\)": "\([0-9.]*\)",\{0,1\}$/# \1 \2/p' "$work/package.json"
  cd "$to" && sha256sum ./*.min.js | sed 's# \./# #'
} >"$to/SHA256SUMS"
