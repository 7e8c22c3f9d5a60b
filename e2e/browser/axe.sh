#!/bin/sh
# Prints the path of axe-core's script at the version that deploy/npm pins, and fetches it first when it is not cached.
set -eu
npm="$(cd "$(dirname "$0")/../../deploy/npm" && pwd)"
version=$(sed -n 's/^ *"axe-core": "\([0-9.]*\)".*/\1/p' "$npm/package.json")
to="${XDG_CACHE_HOME:-$HOME/.cache}/wenguo/axe-core-$version.min.js"
if [ ! -s "$to" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  cp "$npm/package.json" "$npm/package-lock.json" "$npm/.npmrc" "$work/"
  (cd "$work" && npm ci --ignore-scripts --omit=optional >/dev/null)
  mkdir -p "$(dirname "$to")"
  cp "$work/node_modules/axe-core/axe.min.js" "$to.part"
  mv "$to.part" "$to"
fi
echo "$to"
