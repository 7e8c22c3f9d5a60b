#!/bin/sh
# Installs the Debian packages that are missing and nothing else; silent when nothing is.
#   deps.sh run    what building and running needs
#   deps.sh test   that, and what the tests need (a Java for Kafka, promtool, amtool, a browser with Chinese type)
#   deps.sh alerts Prometheus and Alertmanager, which the program works without: tried once, and never an error
# Needs are commands, not packages: a Java or a Maven from elsewhere is fine. Services that a package would
# start (Prometheus, Alertmanager) are kept from starting: the tests run their own. Without root it names the
# one command to run and stops.
set -eu

fail() { printf '%s\n' "deps: $*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

what=${1:-run}
case $what in run | test | alerts) ;; *) fail "usage: deps.sh run|test|alerts" ;; esac

missing= commands=
need() { # need PACKAGE COMMAND...: any one of the commands will do
  package=$1
  shift
  for command in "$@"; do ! has "$command" || return 0; done
  missing="$missing $package"
  commands="$commands $1"
}

if [ "$what" = alerts ]; then
  need prometheus prometheus
  need prometheus-alertmanager prometheus-alertmanager alertmanager
else
  need gcc gcc cc
  need g++ g++
  need nodejs node
  need npm npm
  need util-linux flock
fi
if [ "$what" = test ]; then
  need default-jre-headless java
  need maven mvn
  need prometheus promtool
  need prometheus-alertmanager amtool
  need chromium chromium google-chrome
  if ! ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.* >/dev/null 2>&1 && [ -z "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; then
    missing="$missing fonts-noto-cjk"
    commands="$commands a-Chinese-font"
  fi
fi

[ -n "$missing" ] || exit 0

exec >&2
if [ "$what" = alerts ]; then
  tried=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/wenguo/alerts-tried
  without() { echo "no alerts without:$commands (Debian: apt-get install$missing); everything else works"; exit 0; }
  if [ -e "$tried" ] || [ "$(id -u)" -ne 0 ] || ! has apt-get; then without; fi
  mkdir -p "$(dirname "$tried")"
  : >"$tried"
  fail() { printf '%s\n' "deps: $*"; without; }
fi
echo "missing:$commands"
has apt-get || fail "there is no apt-get here; install by hand whatever provides:$commands"
if [ "$(id -u)" -ne 0 ]; then
  echo "installing needs root; run this one command, then repeat:"
  echo "  sudo $(cd "$(dirname "$0")" && pwd)/deps.sh $what"
  exit 1
fi
echo "installing the Debian packages:$missing"

# Package scripts ask policy-rc.d before they start a service.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod +x $policy
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
apt() {
  apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; fail "apt-get $1 failed; the whole log is $log"; }
}
apt update
# shellcheck disable=SC2086 # a list of words
apt install --no-install-recommends $missing
rm -f "$log"
for service in prometheus prometheus-alertmanager; do
  case " $missing " in *" $service "*)
    if has service; then service "$service" stop >/dev/null 2>&1 || true; fi
    if has systemctl; then systemctl disable "$service" >/dev/null 2>&1 || true; fi
    ;;
  esac
done
echo "installed:$missing"
