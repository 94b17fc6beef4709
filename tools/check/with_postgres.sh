#!/usr/bin/env bash
# usage: with_postgres.sh [--migrated] COMMAND...
# Runs COMMAND with a throw-away PostgreSQL on a unix socket: PGHOST, PGPORT, PGUSER and PGDATABASE are set, and DB_URL. The
# database `immich` is empty, or with --migrated holds the schema of db/migrations. IMMICH_PG_BINDIR names the programs (default: .deps/pgsql/bin).
set -euo pipefail
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
migrated=no
[ "${1:-}" != --migrated ] || { migrated=yes && shift; }
bin=${IMMICH_PG_BINDIR:-$(realpath "$ROOT/.deps/pgsql/bin")}
[ -x "$bin/postgres" ] || { echo "no PostgreSQL in $bin: run ./dev setup" >&2; exit 1; }

dir=$(mktemp -d /tmp/immich-pg.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
stop() {
  (cd "$dir" && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

(
  cd "$dir"
  "${as[@]}" "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 ||
    { cat initdb.log >&2; exit 1; }
  "${as[@]}" "$bin/pg_ctl" -D data -l server.log -w start >/dev/null \
    -o "-k $dir -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off" ||
    { cat server.log >&2; exit 1; }
)
export PGHOST=$dir PGPORT=5432 PGUSER=postgres PGDATABASE=immich
"$bin/psql" -qd postgres -c 'CREATE DATABASE immich'
[ "$migrated" = no ] || for file in "$ROOT"/db/migrations/*.sql; do
  "$bin/psql" -qX1 -v ON_ERROR_STOP=1 -o /dev/null -f "$file" || { echo "$file does not apply" >&2; exit 1; }
done
export DB_URL="postgresql://postgres@/immich?host=$dir&port=5432"
PATH=$bin:$PATH "$@"
