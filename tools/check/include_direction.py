#!/usr/bin/env python3
"""Fails on a C++ include that points the wrong way.

usage: include_direction.py [--graph]      --graph prints which folder uses which and exits

Dependencies point one way: platform <- media <- server/core <- slices <- main, features, pipeline. `ml` uses platform and
media. Slices do not know each other, except for the events a slice publishes (*_events.hpp).
"""
import argparse
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A layer may include itself and what is listed. Layers are found by the longest matching path prefix; a folder below
# server/ that is not listed is a slice; files directly in server/ are "main".
LAYERS = {
    "platform": [],
    "api": ["platform"],
    "db": ["platform"],
    "media": ["platform"],
    "core": ["platform", "media", "api", "db"],
    "slice": ["platform", "media", "api", "db", "core"],
    "main": ["platform", "media", "api", "db", "core", "slice"],
    "ml": ["platform", "media"],
    "tests": ["platform", "media", "api", "db", "core", "slice", "main", "ml"],
    "tools": ["platform", "media", "api", "db", "core", "slice", "main", "ml"],
}
PREFIXES = {
    "platform/": "platform", "api/": "api", "db/": "db", "media/": "media", "ml/": "ml", "tests/": "tests",
    "tools/": "tools", "server/core/": "core",
}

# What one slice may take from another: the events it publishes.
SHARED_BETWEEN_SLICES = re.compile(r"_events\.hpp$")

# Only platform/http may see these; they cost seconds of compile time in every file that includes them.
CONFINED = {
    re.compile(r"^boost/beast(/|\.hpp)"): "platform/http/",
    re.compile(r"^boost/asio\.hpp$"): "nowhere/",
    re.compile(r"^vips/"): "media/",
    re.compile(r"^libav[a-z]+/|^libswscale/"): "media/",
    re.compile(r"^exiv2/"): "media/",
    re.compile(r"^libpq-fe\.h$"): "platform/pg/",
    re.compile(r"^onnxruntime"): "ml/",
}

# (file, included file): why this one is right. A path may end in * to mean a whole folder.
ALLOWED = {
    ("server/smart_search/*", "server/search/search_query.hpp"):
        "one builder of search conditions for all kinds of search; smart search only orders them differently",
    ("server/smart_search/*", "server/search/search_scope.hpp"): "the same rule of whose assets a search may find",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def tree_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.cpp", "*.hpp"],
                            cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def layer_of(path: str) -> str | None:
    for prefix, layer in PREFIXES.items():
        if path.startswith(prefix):
            return layer
    if path.startswith("server/"):
        return "slice" if path.count("/") >= 2 else "main"
    return None


def slice_of(path: str) -> str:
    return path.split("/")[1]


def is_allowed(path: str, included: str) -> bool:
    return any(matches(path, file) and matches(included, target) for file, target in ALLOWED)


def matches(path: str, pattern: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def complaint(path: str, included: str, quoted: bool) -> str | None:
    """Why `path` must not include `included`, or None."""
    for pattern, home in CONFINED.items():
        if pattern.search(included) and not path.startswith(home) and not path.startswith(("tests/", "tools/")):
            return f"<{included}> belongs to {home}" if home != "nowhere/" else f"<{included}>: include narrow headers"
    if not quoted:
        return None
    own, other = layer_of(path), layer_of(included)
    if own is None or other is None:
        return None
    if other == "platform" and included.startswith("platform/testing/"):
        is_test = path.endswith("_test.cpp") or "/testing/" in path or own in ("tests", "tools")
        return None if is_test else "platform/testing is for tests only"
    if own == other == "slice" and slice_of(path) != slice_of(included):
        if SHARED_BETWEEN_SLICES.search(included):
            return None
        return f"slice {slice_of(path)} must not use slice {slice_of(included)} (sharing goes down, to server/core)"
    if other == own or other in LAYERS[own]:
        return None
    return f"{own} must not use {other}"


def includes_of(path: str) -> list[tuple[int, str, bool]]:
    found = []
    for number, line in enumerate((ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            found.append((number, match.group(1) or match.group(2), bool(match.group(1))))
    return found


def print_graph(files: list[str]) -> None:
    uses = collections.defaultdict(collections.Counter)
    for path in files:
        for _, included, quoted in includes_of(path):
            folder, other = "/".join(path.split("/")[:-1]), "/".join(included.split("/")[:-1])
            if quoted and other and other != folder:
                uses[folder][other] += 1
    for folder in sorted(uses):
        print(f"{folder}: {', '.join(f'{name} ({number})' for name, number in uses[folder].most_common())}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", action="store_true")
    files = tree_files()
    if parser.parse_args().graph:
        print_graph(files)
        return 0
    wrong = 0
    for path in files:
        for number, included, quoted in includes_of(path):
            why = complaint(path, included, quoted)
            if why and not is_allowed(path, included):
                print(f"    {path}:{number}: includes {included}: {why}")
                wrong += 1
    for (file, target), reason in ALLOWED.items():
        if not reason.strip():
            print(f"    ALLOWED {file} -> {target}: give the reason")
            wrong += 1
    print(f"    {len(files)} files, {wrong} includes that point the wrong way")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
