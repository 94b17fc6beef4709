# ./dev check: everything about the tree that is not a test.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev check [--tidy | --no-tidy] [name...]

  format      clang-format-19 against .clang-format (./dev fmt repairs)
  includes    tools/check/include_direction.py: platform <- media <- core <- slices <- main
  tree        tools/check/tree_rules.py: names, lengths, paths
  shell       bash -n over every script
  contract    our contract against Immich's, where ../shared/contract is present
  schema      migrations against the facts of the schema
  sql         PREPARE of every SQL file on a migrated database
  routes      which routes answer "not implemented yet" (a list, not a failure)
  tidy        clang-tidy-19 on files changed since the last commit; --tidy: on all; --no-tidy: not at all

Without names all of them. Exit status 0: nothing failed.
TEXT
  exit 0
  ;;
esac

tidy=changed wanted=()
for argument in "$@"; do
  case "$argument" in
    --tidy) tidy=all ;;
    --no-tidy) tidy=none ;;
    -*) die "unknown option $argument" "see ./dev check --help" ;;
    *) wanted+=("$argument") ;;
  esac
done
((${#wanted[@]} == 0)) || [ "$tidy" != changed ] || [[ " ${wanted[*]} " = *" tidy "* ]] || tidy=none
dev setup
runtime_environment

check_format() {
  local bad
  bad=$(source_files '*.cpp' '*.hpp' | xargs -r -P "$JOBS" -n 20 clang-format-19 --dry-run -Werror 2>&1 |
    sed -nE 's/^([^:]+):[0-9]+.*clang-format-violations.*/\1/p' | sort | uniq -c)
  [ -z "$bad" ] || { echo "$bad" | sed 's/^/    places: /' && echo "    ./dev fmt repairs them" && return 1; }
}
check_includes() { "$PYTHON" tools/check/include_direction.py; }
check_tree() { "$PYTHON" tools/check/tree_rules.py; }
check_shell() {
  local file status=0
  for file in dev .ci/run $(source_files '*.sh'); do bash -n "$file" || status=1; done
  return "$status"
}
check_contract() { run_if_present tools/check/contract_diff.py; }
check_schema() {
  [ -e ../shared/facts/schema.json ] || { echo "    ../shared/facts is absent" && return 77; }
  on_migrated_database tools/check/schema_diff.py
}
check_sql() { on_migrated_database tools/check/sql_prepare.py; }

# run_if_present SCRIPT: status 77 when it does not exist.
run_if_present() {
  if [ -e "$1" ]; then "$PYTHON" "$1"; else echo "    $1 does not exist" && return 77; fi
}

# on_migrated_database SCRIPT: gives it the address of a throw-away database with our migrations.
on_migrated_database() {
  tools/check/with_postgres.sh --migrated bash -c '"$0" "$1" --url "$DB_URL"' "$PYTHON" "$1"
}

check_routes() {
  local server=build/debug/server/immich-server list
  [ -x "$server" ] || server=build/release/server/immich-server
  [ -x "$server" ] || { echo "    no server is built" && return 77; }
  list=$("$server" --list-routes) || return 1
  echo "    $(grep -c '^implemented ' <<<"$list") implemented, $(grep -c '^501 ' <<<"$list") not yet:"
  sed -n 's/^501 /    not yet: /p' <<<"$list"
}

check_tidy() {
  local files
  [ -e build/debug/compile_commands.json ] || { echo "    build/debug is not configured (./dev build)" && return 77; }
  if [ "$tidy" = all ]; then
    files=$(source_files '*.cpp')
  else
    files=$( (git diff --name-only HEAD -- '*.cpp' 2>/dev/null; git ls-files --others --exclude-standard -- '*.cpp') | sort -u)
  fi
  files=$(while read -r file; do [ ! -e "$file" ] || ! grep -q "/$file\"" build/debug/compile_commands.json || echo "$file"; done <<<"$files")
  [ -n "$files" ] || { echo "    no file to look at" && return 0; }
  echo "    $(wc -l <<<"$files") files, $JOBS at a time"
  xargs -P "$JOBS" -n 1 "$PYTHON" tools/check/tidy_one.py build/debug <<<"$files"
}

passed=() failed=() skipped=()
for name in format includes tree shell contract schema sql routes tidy; do
  ((${#wanted[@]} == 0)) || [[ " ${wanted[*]} " = *" $name "* ]] || { [ "$name" = tidy ] && [ "$tidy" = all ]; } || continue
  [ "$name" != tidy ] || [ "$tidy" != none ] || continue
  say "$name"
  status=0
  "check_$name" || status=$?
  case $status in 0) passed+=("$name") ;; 77) skipped+=("$name") ;; *) failed+=("$name") ;; esac
done
((${#skipped[@]} == 0)) || echo "check: skipped: ${skipped[*]}"
((${#failed[@]} == 0)) || echo "check: failed: ${failed[*]}"
echo "check: ${#passed[@]} passed, ${#failed[@]} failed, ${#skipped[@]} skipped"
((${#failed[@]} == 0))
