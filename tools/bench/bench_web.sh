#!/usr/bin/env bash
# usage: bench_web.sh [--runs N] [--assets N] [--only load,fling,viewer]
# The web app in headless Chromium on a library of 200,000 assets with thumbnails: weight, times to thumbnails, flinging and
# jumping through the timeline, the viewer. Prints our figure, the goal, the official app's figure and the ratio to it.
# The programs that measure are ../shared/bench/web; without that folder there is nothing to measure with.
set -euo pipefail
case "${1:-}" in -h | --help) sed -n '2,5s/^# //p' "$0" && exit 0 ;; esac
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
for needed in bench/web/lib.mjs bench/assets-200k.sql media/albums; do
  [ -e "../shared/$needed" ] || { echo "bench web: skipped, ../shared/$needed is absent" && exit 0; }
done
./dev setup browser
./dev build web
if [ ! -e tests/web/node_modules/playwright-core ]; then
  (cd tests/web && npm ci --ignore-scripts --no-audit --no-fund)
fi
python=/usr/bin/python3
[ -x "$python" ] || python=python3
exec "$python" tools/bench/web/measure_web.py "$@"
