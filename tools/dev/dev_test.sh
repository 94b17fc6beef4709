# ./dev test: every test, or those a filter names; --fuzz for the fuzz targets.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev test [filter]            ctest (debug, sanitizers), then the API tests of tests/api
       ./dev test --unit [filter]     ctest only
       ./dev test --api [filter]      API tests only
       ./dev test --fuzz [seconds]    every fuzz target of tests/fuzz for that long (default 60)
       ./dev test --preset NAME ...   another build than debug, for instance tsan

filter: for ctest a regular expression on test names (AlbumStore.*), for the API tests a part of the file name.
The last lines are the counts of both runners and the reason of every skipped test. Exit status 0: nothing failed.
TEXT
  exit 0
  ;;
esac

preset=debug filter='' unit=yes api=yes fuzz=''
while (($#)); do
  case "$1" in
    --unit) api=no && shift ;;
    --api) unit=no && shift ;;
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

rm -f "$reports"/ctest.xml "$reports"/vitest.json
dev build --preset "$preset" || die "the build failed; no test was run"
status=0

if [ "$unit" = yes ]; then
  [ -e .deps/ml-models/clip-tokenizer/vocab.json ] || step "models for tests" tools/setup/test_models.sh ||
    warn "the tests on real models of text are left out"
  say "ctest, $JOBS at a time"
  ctest --test-dir "build/$preset" -j "$JOBS" --output-on-failure --progress --output-junit "$reports/ctest.xml" \
    ${filter:+-R "$filter"} || status=1
fi

# tests/api brings its own Node.js (node24), the runner and the official SDK.
api_tests() {
  cd "$ROOT/tests/api"
  if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    step "npm packages of tests/api" npm ci --ignore-scripts || return 1
    touch node_modules/.package-lock.json
  fi
  say "API tests (vitest)"
  IMMICH_TEST_PRESET=$preset ./node24 node_modules/vitest/vitest.mjs run --reporter=default --reporter=json \
    --outputFile.json="$reports/vitest.json" --passWithNoTests ${filter:+"$filter"} </dev/null
}
if [ "$api" = yes ] && [ -e tests/api/package.json ]; then
  (api_tests) || status=1
fi

"$PYTHON" tools/dev/test_summary.py --ctest "$reports/ctest.xml" --vitest "$reports/vitest.json" \
  --json "$reports/summary.json" || status=1
exit "$status"
