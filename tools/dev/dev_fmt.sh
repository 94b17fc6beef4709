# ./dev fmt: clang-format over the C++ sources.
case "${1:-}" in -h | --help)
  cat <<'TEXT'
usage: ./dev fmt [file...]

Formats the given C++ files, or all of the tree, with clang-format-19 and .clang-format.
TEXT
  exit 0
  ;;
esac

command -v clang-format-19 >/dev/null || die "clang-format-19 is missing" "run ./dev setup"
if (($#)); then
  clang-format-19 -i "$@"
else
  source_files '*.cpp' '*.hpp' | xargs -r -P "$JOBS" -n 20 clang-format-19 -i
  say "formatted $(source_files '*.cpp' '*.hpp' | wc -l) files"
fi
