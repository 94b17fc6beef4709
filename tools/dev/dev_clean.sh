# ./dev clean: removes what ./dev build made.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev clean [--all]

Removes build/. With --all also .deps/ (downloads, private PostgreSQL) and node_modules folders; ./dev setup brings them
back. Never removes ./data, where ./dev run keeps its library.
TEXT
  exit 0
  ;;
esac

rm -rf build web/build web/.svelte-kit
if [ "${1:-}" = --all ]; then
  [ ! -L .deps/pgsql ] || rm -rf "$(readlink -f .deps/pgsql)"
  rm -rf .deps tests/api/node_modules tests/web/node_modules web/node_modules
fi
say "clean"
