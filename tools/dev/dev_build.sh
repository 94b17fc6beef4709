# ./dev build: cmake (when needed) and ninja, one build at a time.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev build [--preset NAME] [--configure] [target...]

  --preset NAME   debug (default: address and undefined-behaviour sanitizers), release, tsan, coverage, fuzz
  --configure     run cmake again even when the build folder is configured
  target          ninja targets, for instance immich-server or slice_albums_test; default: everything in C++
  web             the web app, into web/build (when its sources are newer); not together with other targets

Environment: IMMICH_JOBS (compilers at a time, default: number of cores).
TEXT
  exit 0
  ;;
esac

preset=debug configure=no targets=()
while (($#)); do
  case "$1" in
    --preset) preset=${2:?--preset needs a name} && shift 2 ;;
    --preset=*) preset=${1#*=} && shift ;;
    --configure) configure=yes && shift ;;
    -*) die "unknown option $1" "see ./dev build --help" ;;
    *) targets+=("$1") && shift ;;
  esac
done

# Builds the web app when its sources are newer than the last build.
build_web() {
  [ -e web/package.json ] || return 0
  if [ ! -e web/build/index.html ] || [ -n "$(find web/src web/static web/scripts web/package.json web/vite.config.ts api -path web/src/lib/api -prune -o -newer web/build/index.html -print -quit)" ]; then
    if [ ! -e web/node_modules/.package-lock.json ] || [ web/package-lock.json -nt web/node_modules/.package-lock.json ]; then
      (cd web && step "npm packages of web" npm ci --ignore-scripts --no-audit --no-fund) || return 1
      touch web/node_modules/.package-lock.json
    fi
    (cd web && step "build the web app" npm run build) || return 1
    touch web/build/index.html
  fi
}

if [ "${targets[*]:-}" = web ]; then
  build_web
  exit
fi

for tool in cmake ninja clang++-19; do
  command -v "$tool" >/dev/null || die "$tool is missing" "run ./dev setup"
done

build_preset() {
  if [ "$configure" = yes ] || [ ! -e "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ]; then
    step "configure $preset" cmake --preset "$preset" -DPython3_EXECUTABLE="$PYTHON" || return 1
  fi
  say "build $preset${targets[*]:+: ${targets[*]}} ($JOBS jobs)"
  ninja -C "build/$preset" -j "$JOBS" "${targets[@]}"
}
locked build_preset
