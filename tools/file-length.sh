#!/bin/sh
# Names the Go files that are longer than 400 lines; generated ones are left out.
set -eu
cd "$(dirname "$0")/.."
git ls-files -z --cached --others --exclude-standard -- '*.go' | xargs -0 awk '
  FNR == 1 { generated = 0 }
  /^\/\/ Code generated .* DO NOT EDIT\.$/ { generated = 1 }
  !generated { lines[FILENAME] = FNR }
  END { for (f in lines) if (lines[f] > 400) { print f ": " lines[f] " lines, at most 400 are read with ease"; bad = 1 } exit bad }'
