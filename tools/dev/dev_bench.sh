# ./dev bench: dispatches to tools/bench/bench_<name>.{py,sh} on a release build.
bench_names() { ls tools/bench | sed -nE 's/^bench_([a-z_]+)\.(py|sh)$/\1/p' | grep -vx harness; }
case "${1:-}" in '' | -h | --help)
  cat <<TEXT
usage: ./dev bench <name> [argument...]

Builds the release preset, starts a fresh server on a temporary folder and prints our figure, a reference measured in
the same run, and their ratio. Names: $(bench_names | tr '\n' ' ')
./dev bench <name> --help explains one. Other work on the machine spoils the figures.
TEXT
  exit 0
  ;;
esac

name=$1
shift
program=tools/bench/bench_$name.py
[ -e "$program" ] || program=tools/bench/bench_$name.sh
[ -e "$program" ] && [ "$name" != harness ] || die "no benchmark '$name'" "there are: $(bench_names | tr '\n' ' ')"
runtime_environment
case " $* " in *" --help "* | *" -h "*) ;;
  *)
    dev setup bench
    runtime_environment
    [[ " $* " = *" --references-only "* ]] || {
      targets=(immich-server immich-media-worker)
      [ "$name" != ml ] || targets=(immich-machine-learning vector_bench)
      [ "$name" != vectors ] || targets=(vector_bench)
      [[ " ${targets[*]} " != *" vector_bench "* ]] || cmake --preset release -DIMMICH_BUILD_BENCH=ON >/dev/null
      dev build --preset release "${targets[@]}"
    }
    ;;
esac
if [ "$name" = ml ] && [ $# = 0 ]; then
  "$PYTHON" "$program"
  exec bash tools/bench/bench_vectors.sh
fi
case "$program" in *.py) exec "$PYTHON" "$program" "$@" ;; *) exec bash "$program" "$@" ;; esac
