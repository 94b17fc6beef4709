# ./dev run: a server to try out, everything private to this folder. ./dev run ml: the machine-learning service.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev run        the server on http://localhost:2283, library in ./data, with its own PostgreSQL and Redis, and the
                        machine-learning service beside it (IMMICH_MACHINE_LEARNING_ENABLED=false leaves it out)
       ./dev run ml     the machine-learning service alone, on http://localhost:3003

Ctrl-C stops everything. The environment variables of docs/operations.md work: IMMICH_PORT, IMMICH_MEDIA_LOCATION, DB_URL or
DB_HOSTNAME, REDIS_HOSTNAME, IMMICH_MACHINE_LEARNING_URL (then no service is started), MACHINE_LEARNING_CACHE_FOLDER ... With DB_* or REDIS_* given, nothing of that kind is started.
TEXT
  exit 0
  ;;
esac

dev setup
runtime_environment

export IMMICH_ONNXRUNTIME=${IMMICH_ONNXRUNTIME:-$DEPS/onnxruntime/lib/libonnxruntime.so.1}
export IMMICH_MEDIA_LOCATION=${IMMICH_MEDIA_LOCATION:-$ROOT/data}
export MACHINE_LEARNING_CACHE_FOLDER=${MACHINE_LEARNING_CACHE_FOLDER:-$DEPS/ml-cache}

# Answers of IMMICH_MACHINE_LEARNING_ENABLED that mean no, as the server reads them.
ml_is_wanted() {
  case "${IMMICH_MACHINE_LEARNING_ENABLED:-true}" in
    [Ff]alse | FALSE | 0 | [Nn]o | NO | [Oo]ff | OFF | n | N | [Dd]isabled) return 1 ;;
  esac
  [ -z "${IMMICH_MACHINE_LEARNING_URL:-}" ]
}

# run_both: the server with the service beside it; Ctrl-C or the end of the server ends both.
run_both() {
  local ml_port=${IMMICH_ML_PORT:-3003} ml_pid server_pid status=0
  export IMMICH_MACHINE_LEARNING_URL=http://127.0.0.1:$ml_port
  IMMICH_HOST=127.0.0.1 IMMICH_PORT=$ml_port build/release/ml/immich-machine-learning &
  ml_pid=$!
  build/release/server/immich-server &
  server_pid=$!
  trap 'kill -TERM "$server_pid" "$ml_pid" 2>/dev/null || true' INT TERM
  # Without the service the server does all but search by content: it stays. Without the server nothing is left to do.
  while kill -0 "$server_pid" 2>/dev/null; do wait "$server_pid" && status=0 || status=$?; done
  kill -TERM "$ml_pid" 2>/dev/null || true
  wait "$ml_pid" || true
  exit "$status"
}

case "${1:-server}" in
  ml)
    dev build --preset release immich-machine-learning
    export IMMICH_PORT=${IMMICH_PORT:-3003}
    mkdir -p "$MACHINE_LEARNING_CACHE_FOLDER"
    say "machine learning on http://localhost:$IMMICH_PORT, models in $MACHINE_LEARNING_CACHE_FOLDER, Ctrl-C stops it"
    exec build/release/ml/immich-machine-learning
    ;;
  server)
    dev build --preset release immich-server
    dev build web || warn "the web app could not be built; the API runs without it"
    mkdir -p "$IMMICH_MEDIA_LOCATION"
    if ml_is_wanted && dev build --preset release immich-machine-learning; then
      mkdir -p "$MACHINE_LEARNING_CACHE_FOLDER"
      say "server on http://localhost:${IMMICH_PORT:-2283}, machine learning beside it, library in $IMMICH_MEDIA_LOCATION, Ctrl-C stops everything"
      run_both
    fi
    say "server on http://localhost:${IMMICH_PORT:-2283}, library in $IMMICH_MEDIA_LOCATION, Ctrl-C stops everything"
    exec build/release/server/immich-server
    ;;
  *) die "unknown argument '$1'" "see ./dev run --help" ;;
esac
