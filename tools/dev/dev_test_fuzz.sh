# ./dev test --fuzz: builds every *_fuzz program of tests/fuzz and runs each for a while. Sourced by dev_test.sh.

# run_fuzz_target PROGRAM SECONDS: 0 when nothing was found. Inputs that broke it stay in build/reports/fuzz-<name>/.
run_fuzz_target() {
  local program=$1 seconds=$2 name out seeds=()
  name=$(basename "$program")
  out=$ROOT/build/reports/fuzz-$name
  mkdir -p "$out/corpus"
  [ -d "tests/fuzz/corpus/${name%_fuzz}" ] && seeds=("tests/fuzz/corpus/${name%_fuzz}")
  "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$out/" "$out/corpus" "${seeds[@]}" >"$out/log" 2>&1 </dev/null
}

run_fuzz_targets() {
  local seconds=$1 targets=() failed=0 name
  mapfile -t targets < <(find tests/fuzz -maxdepth 1 -name '*_fuzz.cpp' -printf '%f\n' 2>/dev/null | sed 's/\.cpp$//' | sort)
  ((${#targets[@]})) || { say "no fuzz targets (tests/fuzz/*_fuzz.cpp)"; return 0; }
  dev build --preset fuzz "${targets[@]}" || die "the fuzz targets do not build"
  # Two on a core: each has its time by the clock, and the whole takes half as long.
  local at_once=$((JOBS * 2))
  say "fuzzing ${#targets[@]} targets, $seconds s each, $at_once at a time"
  for name in "${targets[@]}"; do
    while (($(jobs -rp | wc -l) >= at_once)); do sleep 0.5; done
    (
      if run_fuzz_target "build/fuzz/tests/fuzz/$name" "$seconds"; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/reports/fuzz-$name/log")
        echo "    ok      $name: ${runs:-?} runs"
      else
        echo "    FAILED  $name: build/reports/fuzz-$name/log"
        grep -m 3 -E 'ERROR|SUMMARY|runtime error' "build/reports/fuzz-$name/log" | sed 's/^/            /'
        touch "build/reports/fuzz-$name/.failed"
      fi
    ) &
  done
  wait
  for name in "${targets[@]}"; do
    [ ! -e "build/reports/fuzz-$name/.failed" ] || { failed=$((failed + 1)) && rm "build/reports/fuzz-$name/.failed"; }
  done
  echo "fuzz: $((${#targets[@]} - failed)) targets passed, $failed failed" | tee build/reports/fuzz-summary
  ((failed == 0))
}
