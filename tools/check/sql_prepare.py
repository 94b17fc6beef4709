#!/usr/bin/env python3
"""PREPAREs every statement of the tree in a migrated database.

usage: sql_prepare.py --url URL [--root DIR]

Reads each `**/sql/*.sql` below the root (build output and dependencies excepted), so that a renamed column or a wrong
type shows before anything runs. Also reports names that two files share, since the base name is the name of the
prepared statement, and files with more than one statement. Prints one line a failure with the file and the server's
message; exit status 1 when there is one. Needs psql.
"""
import argparse
import pathlib
import re
import subprocess
import sys

SKIPPED = {"build", "node_modules", ".git", ".deps", "data"}
MARK = "sql_prepare:"


def find_files(root: pathlib.Path) -> list[pathlib.Path]:
    return sorted(path for path in root.glob("**/sql/*.sql") if not SKIPPED & set(path.relative_to(root).parts))


def find_duplicates(files: list[pathlib.Path], root: pathlib.Path) -> list[str]:
    seen, failures = {}, []
    for path in files:
        if path.stem in seen:
            failures.append(f"{path.relative_to(root)}: name is taken by {seen[path.stem].relative_to(root)}")
        seen.setdefault(path.stem, path)
    return failures


# Comments, quoted strings and identifiers, dollar-quoted bodies: places where a semicolon ends nothing.
OPAQUE = re.compile(r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$""", re.DOTALL)


def find_multiple(files: list[pathlib.Path]) -> list[pathlib.Path]:
    return [path for path in files
            if ";" in OPAQUE.sub(" ", path.read_text(encoding="utf-8")).strip().removesuffix(";")]


def quote_identifier(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def prepare_script(files: list[pathlib.Path]) -> str:
    """One PREPARE a file; markers on both output channels tell the files apart. Closing on a line of its own keeps a
    trailing comment from swallowing the semicolon."""
    parts = []
    for number, path in enumerate(files):
        text = path.read_text(encoding="utf-8").strip().removesuffix(";")
        parts.append(f"\\warn {MARK}{number}\nPREPARE {quote_identifier(path.stem)} AS\n{text}\n;\nDEALLOCATE ALL;\n")
    return "".join(parts)


def prepare(url: str, files: list[pathlib.Path], root: pathlib.Path) -> list[str]:
    result = subprocess.run(["psql", "--no-psqlrc", "-qX", "-d", url], input=prepare_script(files),
                            capture_output=True, text=True)
    if MARK not in result.stderr:
        raise RuntimeError(result.stderr.strip())
    failures = []
    for block in result.stderr.split(MARK)[1:]:
        number, _, messages = block.partition("\n")
        if messages.strip():
            message = " | ".join(line.strip() for line in messages.strip().splitlines())
            failures.append(f"{files[int(number)].relative_to(root)}: {message}")
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="libpq connection string or URI of a migrated database")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    arguments = parser.parse_args()
    files = find_files(arguments.root)
    failures = find_duplicates(files, arguments.root)
    for path in find_multiple(files):
        failures.append(f"{path.relative_to(arguments.root)}: holds more than one statement")
        files.remove(path)
    try:
        failures += prepare(arguments.url, files, arguments.root) if files else []
    except RuntimeError as error:
        print(f"sql_prepare: {error}", file=sys.stderr)
        return 2
    for failure in failures:
        print(failure)
    print(f"{len(files)} statements, {len(failures)} failures", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
