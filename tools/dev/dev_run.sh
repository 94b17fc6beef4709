# ./dev run: a server to try out, everything private to this folder. ./dev run ml: the machine-learning service.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev run        the server on http://localhost:2283, library in ./data, with its own PostgreSQL and Redis
       ./dev run ml     the machine-learning service on http://localhost:3003

Ctrl-C stops everything. The environment variables of docs/operations.md work: IMMICH_PORT, IMMICH_MEDIA_LOCATION, DB_URL or
DB_HOSTNAME, REDIS_HOSTNAME, IMMICH_MACHINE_LEARNING_URL ... With DB_* or REDIS_* given, nothing of that kind is started.
TEXT
  exit 0
  ;;
esac

dev setup
runtime_environment

case "${1:-server}" in
  ml)
    dev build --preset release immich-machine-learning
    export IMMICH_PORT=${IMMICH_PORT:-3003}
    export IMMICH_ONNXRUNTIME=${IMMICH_ONNXRUNTIME:-$DEPS/onnxruntime/lib/libonnxruntime.so.1}
    say "machine learning on http://localhost:$IMMICH_PORT, Ctrl-C stops it"
    exec build/release/ml/immich-machine-learning
    ;;
  server)
    dev build --preset release immich-server
    dev build web || warn "the web app could not be built; the API runs without it"
    export IMMICH_MEDIA_LOCATION=${IMMICH_MEDIA_LOCATION:-$ROOT/data}
    mkdir -p "$IMMICH_MEDIA_LOCATION"
    say "server on http://localhost:${IMMICH_PORT:-2283}, library in $IMMICH_MEDIA_LOCATION, Ctrl-C stops everything"
    exec build/release/server/immich-server
    ;;
  *) die "unknown argument '$1'" "see ./dev run --help" ;;
esac
