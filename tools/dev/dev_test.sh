# ./dev test: every test, or those a filter names; --fuzz for the fuzz targets.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev test [filter]            ctest (debug, sanitizers), the API tests of tests/api, the tests of the web app
       ./dev test --unit [filter]     ctest only
       ./dev test --api [filter]      API tests only
       ./dev test --web [filter]      tests of the web app only: components, then journeys in a browser (tests/web)
       ./dev test --fuzz [seconds]    every fuzz target of tests/fuzz for that long (default 60)
       ./dev test --preset NAME ...   another build than debug, for instance tsan

filter: for ctest a regular expression on test names (AlbumStore.*), for the others a part of the file name.
The last lines are the counts of every runner and the reason of every skipped test. Exit status 0: nothing failed.
TEXT
  exit 0
  ;;
esac

preset=debug filter='' unit=yes api=yes web=yes fuzz=''
while (($#)); do
  case "$1" in
    --unit) api=no web=no && shift ;;
    --api) unit=no web=no && shift ;;
    --web) unit=no api=no && shift ;;
    --preset) preset=${2:?--preset needs a name} && shift 2 ;;
    --fuzz) fuzz=${2:-60} && shift $(($# > 1 ? 2 : 1)) ;;
    -*) die "unknown option $1" "see ./dev test --help" ;;
    *) filter=$1 && shift ;;
  esac
done

dev setup
runtime_environment
reports=$ROOT/build/reports
mkdir -p "$reports"

if [ -n "$fuzz" ]; then
  source tools/dev/dev_test_fuzz.sh
  run_fuzz_targets "$fuzz"
  exit
fi

rm -f "$reports"/ctest.xml "$reports"/*.json
dev build --preset "$preset" || die "the build failed; no test was run"
status=0

if [ "$unit" = yes ]; then
  [ -e .deps/ml-models/clip-tokenizer/vocab.json ] || step "models for tests" tools/setup/test_models.sh ||
    warn "the tests on real models of text are left out"
  say "ctest, $JOBS at a time"
  ctest --test-dir "build/$preset" -j "$JOBS" --output-on-failure --progress --output-junit "$reports/ctest.xml" \
    ${filter:+-R "$filter"} || status=1
fi

# vitest_run FOLDER REPORT NAME: the folder brings its own Node.js (node24) and runner.
vitest_run() {
  cd "$ROOT/$1"
  if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    step "npm packages of $1" npm ci --ignore-scripts || return 1
    touch node_modules/.package-lock.json
  fi
  say "$3 (vitest)"
  IMMICH_TEST_PRESET=$preset ./node24 node_modules/vitest/vitest.mjs run --reporter=default --reporter=json \
    --outputFile.json="$reports/$2.json" --passWithNoTests ${filter:+"$filter"} </dev/null
}
if [ "$api" = yes ] && [ -e tests/api/package.json ]; then
  (vitest_run tests/api vitest "API tests") || status=1
fi
# The pictures of the browser tests are made with packages of tests/api.
if [ "$web" = yes ] && [ -e web/package.json ]; then
  dev setup browser || warn "Chromium is missing; the browser tests are skipped"
  dev build web || status=1
  (vitest_run web components "component tests of the web app") || status=1
  [ -e tests/api/node_modules/.package-lock.json ] || (cd tests/api && step "npm packages of tests/api" npm ci --ignore-scripts) || status=1
  (vitest_run tests/web browser "journeys in a browser") || status=1
fi

"$PYTHON" tools/dev/test_summary.py --ctest "$reports/ctest.xml" --vitest "$reports/vitest.json" \
  --vitest "$reports/components.json" --vitest "$reports/browser.json" \
  --json "$reports/summary.json" || status=1
exit "$status"
