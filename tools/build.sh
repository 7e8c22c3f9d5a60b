#!/bin/sh
# Builds a tool that tools/go.mod pins into a cache that every checkout shares, and prints its path:
#   build.sh NAME MODULE PACKAGE
# The file's name carries the version, so a pinned change builds anew. Silent when it is there.
set -eu

name=$1 module=$2 package=$3
cd "$(dirname "$0")"
version=$(awk -v m="$module" '$1 == m && $2 ~ /^v/ { print $2; exit }' go.mod)
[ -n "$version" ] || { echo "tools: $module is not in tools/go.mod" >&2; exit 1; }
bin=${XDG_CACHE_HOME:-$HOME/.cache}/wenguo/bin
tool=$bin/$name-${version#v}
if [ ! -x "$tool" ]; then
  echo "tools: building $name $version (the linter takes minutes the first time)" >&2
  mkdir -p "$bin"
  part=$(mktemp "$bin/.$name-XXXXXX")
  trap 'rm -f "$part"' EXIT
  nice -n 10 go build -trimpath -o "$part" "$package" >&2
  chmod 755 "$part"
  mv -f "$part" "$tool"
fi
echo "$tool"
