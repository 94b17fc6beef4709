# ./dev gen: code made from the contract. The build runs the same generator; this is for looking at the result.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev gen [argument...]

Runs tools/codegen/contract_gen.py: from api/ it makes the C++ structs, the route table and the TypeScript client of the
web app. Arguments go to the generator (./dev gen --help-generator shows them).
TEXT
  exit 0
  ;;
esac

[ -e tools/codegen/contract_gen.py ] || die "tools/codegen/contract_gen.py does not exist"
[ "${1:-}" != --help-generator ] || set -- --help
exec "$PYTHON" tools/codegen/contract_gen.py "$@"
