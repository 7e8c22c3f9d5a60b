#!/bin/sh
# Brings the jars of Apache Kafka (pom.xml, about 43 MB) into a cache that every checkout shares:
#   ${XDG_CACHE_HOME:-$HOME/.cache}/wenguo/kafka-VERSION/libs
# Silent when they are there. Maven checks each jar; one rename puts them in place.
set -eu

fail() { printf '%s\n' "kafka: $*" >&2; exit 1; }

here=$(cd "$(dirname "$0")" && pwd)
version=$(awk -F'[<>]' '/<artifactId>kafka_2.13</ { found = 1 } found && $2 == "version" { print $3; exit }' "$here/pom.xml")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/wenguo
target=$cache/kafka-$version
done_for() { [ -d "$target/libs" ] && cmp -s "$here/pom.xml" "$target/pom.xml"; }

done_for && exit 0
for tool in java mvn flock; do
  command -v $tool >/dev/null || fail "$tool is missing; 'make deps-test' installs it"
done
mkdir -p "$cache"
exec 9>"$cache/.kafka.lock"
flock 9
done_for && exit 0

printf '%s\n' "kafka: fetching Apache Kafka $version (about 43 MB) into $target" >&2
rm -rf "$cache"/.kafka-*.part
work=$(mktemp -d "$cache/.kafka-XXXXXX.part")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cp "$here/pom.xml" "$work/pom.xml"
(cd "$work" && mvn -q -B -C dependency:copy-dependencies -DoutputDirectory=libs -DincludeScope=runtime) >"$work.log" 2>&1 9>&- || {
  tail -n 20 "$work.log" >&2
  rm -f "$work.log"
  fail "Maven could not bring Apache Kafka $version; check the network and Maven's settings, then repeat"
}
rm -f "$work.log"
rm -rf "$target"
mv "$work" "$target"
