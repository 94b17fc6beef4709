# Shared by all ./dev commands: paths, messages, timed steps, the build lock. Sourced, never run.
DEPS=$ROOT/.deps
LOGS=$DEPS/logs
BUILD_LOCK=${IMMICH_BUILD_LOCK:-/tmp/immich-build.lock}
JOBS=${IMMICH_JOBS:-$(nproc)}
# Debian's own interpreter: the packages of `./dev setup` (python3-yaml) belong to it, whatever PATH says.
PYTHON=/usr/bin/python3
[ -x "$PYTHON" ] || PYTHON=python3

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${CI:-}" != true ]; then
  BOLD=$'\e[1m' RED=$'\e[31m' DIM=$'\e[2m' PLAIN=$'\e[0m'
else
  BOLD='' RED='' DIM='' PLAIN=''
  export NO_COLOR=1
fi

say() { printf '%s==>%s %s\n' "$BOLD" "$PLAIN" "$*"; }
warn() { printf '%swarning:%s %s\n' "$RED" "$PLAIN" "$*" >&2; }
die() {
  printf '%serror:%s %s\n' "$RED" "$PLAIN" "$1" >&2
  shift
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}

# step TEXT COMMAND...: runs the command with its output in a log, prints a sign of life every 5 s, and on failure the
# end of the log. Returns the command's status.
step() {
  local text=$1 log start=$SECONDS status=0 pid next=5
  shift
  mkdir -p "$LOGS"
  log=$LOGS/$(tr -cs 'a-zA-Z0-9' '-' <<<"$text" | cut -c1-60 | sed 's/-*$//').log
  say "$text"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    if ((SECONDS - start >= next)); then
      printf '    %s… %d s%s  %s\n' "$DIM" $((SECONDS - start)) "$PLAIN" "$(tail -n 1 "$log" | tr -d '\r' | cut -c1-80)"
      next=$((next + 5 + next / 4))
    fi
  done
  wait "$pid" || status=$?
  if ((status != 0)); then
    printf '%sfailed%s (status %d): %s\n' "$RED" "$PLAIN" "$status" "$text" >&2
    tail -n 25 "$log" | sed 's/^/    | /' >&2
    printf '    full log: %s\n' "$log" >&2
  fi
  return "$status"
}

# as_root COMMAND...: runs it as root, through sudo when needed.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root and there is no sudo" "run as root: $*"
  fi
}

# locked COMMAND...: one build at a time on this machine; two at once run out of memory.
locked() {
  [ -e "$BUILD_LOCK" ] || (umask 0 && : >"$BUILD_LOCK")
  (
    exec 9<"$BUILD_LOCK"
    if ! flock -n 9; then
      say "another build is running; waiting for it"
      flock 9
    fi
    "$@" 9<&-
  )
}

# Runs another ./dev command in its own shell.
dev() { "$ROOT/dev" "$@"; }

# Environment of programs that start the private PostgreSQL and Redis (server, tests, checks).
runtime_environment() {
  if [ -z "${IMMICH_PG_BINDIR:-}" ] && [ -x "$DEPS/pgsql/bin/postgres" ]; then
    IMMICH_PG_BINDIR=$(realpath "$DEPS/pgsql/bin")
    export IMMICH_PG_BINDIR
  fi
  export IMMICH_BUILD_DATA=${IMMICH_BUILD_DATA:-$DEPS/build-data}
  PATH=$DEPS/pgsql/bin:$DEPS/bin:$PATH
  return 0
}

# source_files PATTERN...: files of the tree that match, without build output and downloads.
source_files() {
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do [ -e "$file" ] && echo "$file"; done
  else
    local names=() pattern
    for pattern in "$@"; do names+=(-o -name "$pattern"); done
    find . \( -name build -o -name .deps -o -name node_modules -o -name data \) -prune -o -type f \( "${names[@]:1}" \) -print |
      sed 's#^\./##'
  fi
}
