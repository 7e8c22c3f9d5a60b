#!/bin/sh
# Brings the pinned engine library (libchdb.so, about 560 MB) into a cache that every checkout shares:
#   ${XDG_CACHE_HOME:-$HOME/.cache}/wenguo/engine/VERSION-SHA12/libchdb.so
# SHA12 is the beginning of the library's SHA-256 in warehouse/engine/library.txt, which the binary reads too.
# Silent and quick when the library is there. The package is checked against the lock file's SHA-512 and the
# library against its SHA-256 before one rename puts it in place; a lock keeps two runs from clashing.
# With --verify the library that is there is read and hashed again, and replaced when it is damaged.
set -eu

say() { printf '%s\n' "engine library: $*" >&2; }
fail() { say "$*"; exit 1; }

here=$(cd "$(dirname "$0")" && pwd)
pins=$here/../../warehouse/engine/library.txt
npm_dir=$here/../npm

case "$(uname -s)/$(uname -m)" in
Linux/x86_64) platform=linux-x64-gnu ;;
Linux/aarch64) platform=linux-arm64-gnu ;;
Darwin/arm64) platform=darwin-arm64 ;;
Darwin/x86_64) platform=darwin-x64 ;;
*) platform=$(uname -s)-$(uname -m) ;;
esac
pin=$(awk -v p="$platform" '$2 == p { print $1, $3 }' "$pins")
[ -n "$pin" ] || fail "none is published for $platform; run wenguo with --clickhouse DSN against a ClickHouse server instead"
version=${pin% *}
sha256=${pin#* }
package=@chdb/lib-$platform

cache=${XDG_CACHE_HOME:-$HOME/.cache}/wenguo/engine
target=$cache/$version-$(printf %.12s "$sha256")
library=$target/libchdb.so

# stamp prints what libchdb.so.ok must hold: the hash that was checked, and the size and time the file had then.
stamp() { printf '%s %s\n' "$sha256" "$(stat -c '%s %Y' "$1" 2>/dev/null || stat -f '%z %m' "$1")"; }
hash256() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d' ' -f1; }
intact() { [ -f "$library" ] && [ "$(cat "$library.ok" 2>/dev/null)" = "$(stamp "$library")" ]; }
fresh() { intact && { [ "${1:-}" != --verify ] || [ "$(hash256 "$library")" = "$sha256" ]; }; }

fresh "${1:-}" && exit 0

for tool in npm node tar flock; do
  command -v $tool >/dev/null || fail "$tool is missing; 'make deps-run' installs it"
done
mkdir -p "$cache" || fail "cannot make the cache folder $cache"
exec 9>"$cache/.lock"
flock -n 9 || { say "another run is fetching it, waiting"; flock 9; }
fresh "${1:-}" && exit 0
if [ -e "$library" ]; then
  if [ "$(hash256 "$library")" = "$sha256" ]; then # sound, but touched or copied since it was checked
    stamp "$library" >"$library.ok"
    exit 0
  fi
  say "$library is damaged or incomplete, fetching it again"
fi

free_kb=$(df -Pk "$cache" | awk 'NR == 2 { print $4 }')
[ "$free_kb" -gt 1100000 ] || fail "$cache has $((free_kb / 1024)) MiB free, 1100 MiB are needed"

# The lock file holds the package's SHA-512 as base64; the registry's address comes from npm's own configuration.
integrity=$(node -e '
  const [file, name, version] = process.argv.slice(1);
  const p = JSON.parse(require("fs").readFileSync(file)).packages["node_modules/" + name];
  if (!p || p.version !== version) { console.error(name + " " + version + " is not in package-lock.json"); process.exit(1); }
  console.log(p.integrity);' "$npm_dir/package-lock.json" "$package" "$version") || fail "library.txt and package-lock.json disagree"

rm -rf "$cache"/.fetch-* # left by a run that was killed; the lock is ours
work=$(mktemp -d "$cache/.fetch-XXXXXX")
npm_pid=
cleanup() {
  [ -z "$npm_pid" ] || kill "$npm_pid" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "fetching $package $version (about 160 MiB, unpacks to 530 MiB) into $target"
(cd "$npm_dir" && exec npm pack "$package@$version" --pack-destination "$work" --cache "$work/npm" --silent) >"$work/npm.log" 2>&1 9>&- &
npm_pid=$!
ticks=0
while kill -0 "$npm_pid" 2>/dev/null; do
  sleep 1
  ticks=$((ticks + 1))
  mib=$(du -sm "$work/npm" 2>/dev/null | cut -f1)
  if [ -t 2 ]; then
    printf '\rengine library: %4s MiB of about 160 ' "${mib:-0}" >&2
  elif [ $((ticks % 5)) -eq 0 ]; then
    say "${mib:-0} MiB of about 160"
  fi
done
[ ! -t 2 ] || printf '\r' >&2
wait "$npm_pid" || { npm_pid=; cat "$work/npm.log" >&2; fail "npm could not bring $package@$version; check the network and npm's registry setting, then repeat"; }
npm_pid=

tarball=$(find "$work" -maxdepth 1 -name '*.tgz')
got=$(node -e '
  const hash = require("crypto").createHash("sha512");
  require("fs").createReadStream(process.argv[1]).on("data", d => hash.update(d)).on("end", () => console.log("sha512-" + hash.digest("base64")));' "$tarball")
[ "$got" = "$integrity" ] || fail "the package's hash is $got, package-lock.json wants $integrity; nothing was installed"

say "unpacking and checking"
rm -rf "$work/npm"
tar -xzf "$tarball" -C "$work" package/libchdb.so
[ "$(hash256 "$work/package/libchdb.so")" = "$sha256" ] || fail "libchdb.so does not have the SHA-256 of library.txt; nothing was installed"

mkdir -p "$target"
chmod 555 "$work/package/libchdb.so"
rm -f "$library.ok"
mv -f "$work/package/libchdb.so" "$library"
stamp "$library" >"$work/ok"
mv -f "$work/ok" "$library.ok"
say "ready: $library"
