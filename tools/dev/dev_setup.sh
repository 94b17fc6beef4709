# ./dev setup: everything the other commands need. Nothing missing: well under a second.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev setup [group...]

Installs what is missing and nothing else; may be run as often as you like:
  Debian 12 packages     tools/setup/apt-packages.txt, as root or through sudo; starts no service, makes no database cluster
  .deps/pgsql            a private copy of PostgreSQL 15 with pgvector
  .deps/npm              data packages of tools/setup/npm-packages.lock (cities, countries, time zones, ONNX Runtime)
  .deps/onnxruntime      library and headers
  .deps/build-data       what IMMICH_BUILD_DATA points at: geodata, web app

Package groups: build, run and test are the default; bench and browser come when a command needs them, or by name.
TEXT
  exit 0
  ;;
esac

for part in packages private_apt pgsql servers npm onnxruntime build_data; do
  source "tools/setup/setup_$part.sh"
done
setup_started=$SECONDS
for group in "$@"; do
  grep -qx "\[$group\]" tools/setup/apt-packages.txt || die "unknown package group '$group'" "see ./dev setup --help"
done

ensure_packages build run test "$@"
mkdir -p "$DEPS"
exec 8>"$DEPS/.setup.lock"
flock -n 8 || { say "another ./dev setup is running; waiting for it" && flock 8; }
redis_ready || redis_install
[[ " $* " != *" bench "* ]] || nginx_ready || step "nginx for comparison" tools/setup/run_part.sh nginx_install ||
  warn "nginx is missing; the benchmarks do without that comparison"
pgsql_ready || step "private PostgreSQL with pgvector" tools/setup/run_part.sh pgsql_install ||
  die "PostgreSQL with pgvector could not be made" "it needs packages of Debian bookworm and pgvector's source of trixie or sid"
npm_install
onnxruntime_ready || step "ONNX Runtime headers" tools/setup/run_part.sh onnxruntime_install || die "ONNX Runtime could not be set up"
build_data_ready || build_data_install
rm -rf "${DEPS:?}/apt"
((SECONDS - setup_started < 2)) || say "setup done in $((SECONDS - setup_started)) s"
