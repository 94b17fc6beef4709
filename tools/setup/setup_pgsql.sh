# A private, relocatable PostgreSQL 15 with pgvector in .deps/pgsql (bin, lib/postgresql/15, share/postgresql/15).
# The system's own PostgreSQL is never touched. Sourced by tools/dev/dev_setup.sh.
PGSQL_VERSION=15-pgvector-0.8.0-r1
PGVECTOR_SHA256=867a2c328d4928a5a9d6f052cd3bc78c7d60228a9b914ad32aa3db88e9de27b0

pgsql_ready() {
  [ "$(cat "$DEPS/pgsql/.version" 2>/dev/null)" = "$PGSQL_VERSION" ] && [ -x "$DEPS/pgsql/bin/postgres" ]
}

# pgsql_home: where the tree lives. PostgreSQL refuses to run as root, so root's copy must be readable by others; below
# a closed folder it moves to a world-readable one and .deps/pgsql becomes a link.
pgsql_home() {
  if [ "$(id -u)" != 0 ] || setpriv --reuid=65534 --regid=65534 --clear-groups test -r "$DEPS"; then
    echo "$DEPS/pgsql"
  else
    echo "/var/tmp/immich-pgsql-$(printf %s "$ROOT" | sha256sum | cut -c1-12)"
  fi
}

# Unpacks PostgreSQL into $1: the machine's own installation when there is one, else Debian's packages.
pgsql_unpack() {
  local tree=$1 package
  if [ -x /usr/lib/postgresql/15/bin/postgres ] && [ -e /usr/lib/postgresql/15/lib/pgxs/src/makefiles/pgxs.mk ]; then
    mkdir -p "$tree"/{lib,share,include}/postgresql
    cp -a /usr/lib/postgresql/15 "$tree/lib/postgresql/"
    cp -a /usr/share/postgresql/15 "$tree/share/postgresql/"
    cp -a /usr/include/postgresql/. "$tree/include/postgresql/"
  else
    mkdir -p "$tree/deb"
    for package in postgresql-15 postgresql-client-15 postgresql-server-dev-15 libpq-dev; do
      (cd "$tree/deb" && apt-get -o APT::Sandbox::User=root download "$package")
    done
    for package in "$tree"/deb/*.deb; do dpkg -x "$package" "$tree/deb/root"; done
    mv "$tree"/deb/root/usr/{lib,share,include} "$tree/"
    rm -rf "$tree/deb"
  fi
  rm -rf "$tree/lib/postgresql/15/lib/bitcode" "$tree"/lib/postgresql/15/lib/llvmjit*
}

# Puts pgvector's source into $1.
pgvector_source() {
  local into=$1 suite file
  for suite in trixie sid; do
    # In a subshell: the function changes folders.
    if (private_apt_source "$suite" pgvector "$into/$suite"); then
      file=$(ls "$into/$suite"/pgvector_*.orig.tar.* | head -n 1) && break
    fi
  done
  [ -n "${file:-}" ] || file=$(shared_package 'pgvector_0.8.0.orig.tar.gz' "$PGVECTOR_SHA256") ||
    { echo "pgvector's source is neither in trixie nor in sid of the mirror"; return 1; }
  echo "using $file"
  mkdir -p "$into/source" && tar -xf "$file" -C "$into/source" --strip-components=1
}

pgsql_install() {
  local home work tree
  home=$(pgsql_home)
  work=$home.new
  tree=$work/pgsql
  rm -rf "$work" && mkdir -p "$work" && chmod 755 "$work"
  pgsql_unpack "$tree"
  pgvector_source "$work/pgvector"
  # PGXS asks pg_config for every path; in the copied tree it answers with paths of the copy.
  make -C "$work/pgvector/source" -j "$JOBS" PG_CONFIG="$tree/lib/postgresql/15/bin/pg_config" OPTFLAGS= with_llvm=no
  make -C "$work/pgvector/source" install PG_CONFIG="$tree/lib/postgresql/15/bin/pg_config" with_llvm=no
  rm -rf "$tree/include" "$tree/lib/postgresql/15/lib/pgxs"
  ln -s lib/postgresql/15/bin "$tree/bin"
  chmod -R a+rX "$tree"
  pgsql_try "$tree/lib/postgresql/15/bin"
  echo "$PGSQL_VERSION" >"$tree/.version"
  rm -rf "$home" && mv "$tree" "$home" && rm -rf "$work"
  [ "$home" = "$DEPS/pgsql" ] || { rm -rf "$DEPS/pgsql" && ln -s "$home" "$DEPS/pgsql"; }
}

# pgsql_try BINDIR: a throw-away cluster must start and create the extension vector.
pgsql_try() {
  local bin=$1 dir as=() status=0
  dir=$(mktemp -d /tmp/immich-pgsql-try.XXXXXX)
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$dir"
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  fi
  (
    cd "$dir"
    "${as[@]}" "$bin/initdb" -D "$dir/data" -U postgres -A trust --no-sync >/dev/null &&
      printf 'CREATE EXTENSION vector;\nCREATE EXTENSION cube;\nCREATE EXTENSION earthdistance;\n' |
      "${as[@]}" "$bin/postgres" --single -j -D "$dir/data" postgres 2>&1 | tee "$dir/out" &&
      ! grep -E 'ERROR|FATAL' "$dir/out"
  ) || status=$?
  rm -rf "$dir"
  return "$status"
}
