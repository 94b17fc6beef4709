#!/usr/bin/env python3
"""Rules about the tree itself: unique and telling file names, lengths, no machine paths, SQL files that explain themselves.

usage: tree_rules.py [--long]     --long lists also files over 400 lines and functions over 40 (advice, not failure)
"""
import argparse
import ast
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

FILE_LINES_MAX, FILE_LINES_ADVICE = 600, 400
FUNCTION_LINES_MAX, FUNCTION_LINES_ADVICE = 60, 40

SOURCE_SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".sql", ".ts", ".mjs", ".js", ".svelte"}
# Names that a tool or framework dictates and that therefore repeat.
REPEATING_NAMES = re.compile(r"^(\+(page|layout|error|server)(\.server)?\.(svelte|ts)|index\.ts|main\.(ts|cpp)|app\.d\.ts|.*\.config\.(ts|js|mjs))$")
EMPTY_WORDS = re.compile(r"(^|[_.-])(utils?|helpers?|manager|misc|common|stuff)([_.-]|$)")
MACHINE_PATH = re.compile(r"(?<![\w.$}\])/])/(work|root|home|Users)/[\w.-]+")
OPEN_ISSUE = re.compile(r"(//|#|--|/\*)\s*(TODO|FIXME|XXX|HACK)\b")
TABLE_ROW = re.compile(r"^\s+(\{.*\}|[A-Z]\w*\(.*\)),?$")
PINNED_HOST = re.compile(r'"resolved"\s*:\s*"https?:|registry\s*=\s*https?:')

# path (or folder ending in /): reason. These are exempt from the length limits.
LONG_FOR_A_REASON = {
    "db/migrations/": "a migration is data, read once from top to bottom",
    "api/": "the contract, a table of routes and schemas",
    "web/src/lib/api/": "generated",
    "tests/media/": "expected facts about the corpus",
}
# path: reason. Exempt from the rule on machine paths.
PATHS_FOR_A_REASON = {
}


class Report:
    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.advice: list[str] = []

    def length(self, where: str, lines: int, advice: int, limit: int) -> None:
        if lines > limit:
            self.wrong.append(f"{where}: {lines} lines, the end is {limit}")
        elif lines > advice:
            self.advice.append(f"{where}: {lines} lines, better {advice}")


def tree_files() -> list[pathlib.PurePosixPath]:
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True)
    return [pathlib.PurePosixPath(name) for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def exempt(path: pathlib.PurePosixPath, reasons: dict[str, str]) -> bool:
    return any(str(path) == key or (key.endswith("/") and str(path).startswith(key)) for key in reasons)


def check_names(files: list[pathlib.PurePosixPath], report: Report) -> None:
    by_name, by_stem = collections.defaultdict(set), collections.defaultdict(set)
    for path in files:
        if path.suffix in SOURCE_SUFFIXES and not REPEATING_NAMES.match(path.name):
            by_name[path.name].add(path)
            if path.suffix in (".cpp", ".hpp", ".sql"):
                by_stem[(path.stem, path.suffix == ".sql")].add(path.parent)
            if EMPTY_WORDS.search(path.stem):
                report.wrong.append(f"{path}: the name says nothing; name it after what it holds")
        if path.suffix in (".cpp", ".hpp", ".sql", ".py") and not re.fullmatch(r"[a-z0-9_]+", path.stem):
            report.wrong.append(f"{path}: file names are snake_case")
    for name, paths in by_name.items():
        if len(paths) > 1:
            report.wrong.append(f"{name}: base names are unique in the tree: {', '.join(map(str, sorted(paths)))}")
    for (stem, _), folders in by_stem.items():
        if len(folders) > 1:
            report.wrong.append(f"{stem}.*: one name in several folders: {', '.join(map(str, sorted(folders)))}")


def cpp_functions(lines: list[str]) -> list[tuple[int, str, int]]:
    """(line, first words, length) of every function body, by the indentation clang-format gives them.

    Rows of a table (`{"jpg", kJpeg},`) do not count.
    """
    found, start = [], {}
    for number, line in enumerate(lines, 1):
        for indent in (0, 2):
            lead = " " * indent
            opens = re.match(rf"^{lead}(?![\s#/}}])(?!namespace\b|class\b|struct\b|enum\b|union\b|extern\b|concept\b|return\b).*\{{$", line)
            continues = re.match(rf"^{lead}    .*\)( const| noexcept| override| mutable|->.*)*\s*\{{$", line)
            if (opens and "(" in line and not re.search(r"[=({]\s*\{$|\[.*\]\s*\{$", line)) or (continues and indent not in start):
                start.setdefault(indent, (number, line.strip()))
            if line == lead + "}" and indent in start:
                first, text = start.pop(indent)
                body = lines[first - 1:number]
                found.append((first, text, sum(not TABLE_ROW.match(row) for row in body)))
        if line == "}" or line == "};":
            start.clear()
    return found


def check_lengths(path: pathlib.PurePosixPath, text: str, report: Report) -> None:
    lines = text.splitlines()
    report.length(str(path), len(lines), FILE_LINES_ADVICE, FILE_LINES_MAX)
    if path.suffix in (".cpp", ".hpp"):
        for number, words, length in cpp_functions(lines):
            report.length(f"{path}:{number} {words[:60]}", length, FUNCTION_LINES_ADVICE, FUNCTION_LINES_MAX)
    elif path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                report.length(f"{path}:{node.lineno} {node.name}", length, FUNCTION_LINES_ADVICE, FUNCTION_LINES_MAX)


def check_sql(path: pathlib.PurePosixPath, text: str, report: Report) -> None:
    if path.parent.name != "sql":
        return
    if not text.startswith("--"):
        report.wrong.append(f"{path}: begins with a comment that says what it is for and lists its parameters")
    body = re.sub(r"--[^\n]*|'(?:[^']|'')*'|\$\$.*?\$\$", "", text, flags=re.DOTALL).strip().rstrip(";")
    if ";" in body:
        report.wrong.append(f"{path}: one statement a file")


def check_text(path: pathlib.PurePosixPath, text: str, report: Report) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE_PATH.search(line) and not exempt(path, PATHS_FOR_A_REASON):
            report.wrong.append(f"{path}:{number}: a path of one machine: {line.strip()[:80]}")
        if PINNED_HOST.search(line):
            report.wrong.append(f"{path}:{number}: names a registry host; hosts come from the machine's configuration")
        if path.suffix in SOURCE_SUFFIXES and OPEN_ISSUE.search(line) and not re.search(r"#\d+", line):
            report.wrong.append(f"{path}:{number}: an open end without an issue number")
    if path.suffix == ".hpp" and "#pragma once" not in text:
        report.wrong.append(f"{path}: #pragma once is missing")


def check_slices(files: list[pathlib.PurePosixPath], report: Report) -> None:
    slices = {path.parts[1] for path in files if path.parts[0] == "server" and len(path.parts) > 2} - {"core", "sql"}
    for name in sorted(slices):
        if not (ROOT / "server" / name / "README.md").exists():
            report.wrong.append(f"server/{name}/: no README.md (purpose, tables owned, routes, jobs, invariants)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true")
    arguments = parser.parse_args()
    report, files = Report(), tree_files()
    check_names(files, report)
    check_slices(files, report)
    for path in files:
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        check_text(path, text, report)
        check_sql(path, text, report)
        if path.suffix in SOURCE_SUFFIXES and not exempt(path, LONG_FOR_A_REASON):
            check_lengths(path, text, report)
    for line in report.wrong + (report.advice if arguments.long else []):
        print(f"    {line}")
    print(f"    {len(files)} files, {len(report.wrong)} rules broken, {len(report.advice)} lengths to think about (--long)")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
