#!/usr/bin/env python3
"""Counts of the test runners from their own reports.

usage: test_summary.py [--ctest ctest.xml] [--vitest vitest.json]... [--json out.json]

Prints one line per runner, the reasons of skipped tests, and a closing line `N passed, N failed, N skipped`.
Exit status 1 when a test failed or nothing ran at all.
"""
import argparse
import collections
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml_tree

Outcome = collections.namedtuple("Outcome", "name state reason")


def gtest_skip_reason(output: str) -> str:
    """GoogleTest prints `file.cpp:12: Skipped`, then the message."""
    found = re.search(r": Skipped\n(.*?)\n(?:\n|\[)", output, re.DOTALL)
    return " ".join(found.group(1).split()) if found and found.group(1).strip() else "no reason given"


def read_ctest(path: pathlib.Path) -> list[Outcome]:
    outcomes = []
    for case in xml_tree.parse(path).getroot().iter("testcase"):
        name = case.get("name", "?")
        if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            outcomes.append(Outcome(name, "skipped", gtest_skip_reason(case.findtext("system-out") or "")))
        elif case.find("failure") is not None or case.get("status") == "fail":
            outcomes.append(Outcome(name, "failed", ""))
        else:
            outcomes.append(Outcome(name, "passed", ""))
    return outcomes


def vitest_reason(test: dict) -> str:
    """The note of ctx.skip("why"), else `[skipped: why]` in the title of the test or a describe block around it."""
    found = re.search(r"\[skipped: ([^\]]*)\]", test.get("fullName", ""))
    return (test.get("meta") or {}).get("skipReason") or (found.group(1) if found else "no reason given")


def read_vitest(path: pathlib.Path) -> list[Outcome]:
    outcomes = []
    for suite in json.loads(path.read_text())["testResults"]:
        tests = suite.get("assertionResults", [])
        if not tests and suite.get("status") == "failed":
            outcomes.append(Outcome(suite["name"], "failed", ""))
        for test in tests:
            state = {"passed": "passed", "failed": "failed"}.get(test["status"], "skipped")
            reason = vitest_reason(test) if state == "skipped" else ""
            outcomes.append(Outcome(test.get("fullName", "?"), state, reason))
    return outcomes


def counts(outcomes: list[Outcome]) -> str:
    number = collections.Counter(outcome.state for outcome in outcomes)
    return f"{number['passed']} passed, {number['failed']} failed, {number['skipped']} skipped"


def print_details(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.state == "failed":
            print(f"    FAILED   {outcome.name}")
    reasons = collections.Counter(outcome.reason for outcome in outcomes if outcome.state == "skipped")
    for reason, number in reasons.most_common():
        print(f"    skipped  {number} × {reason}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ctest", type=pathlib.Path)
    parser.add_argument("--vitest", type=pathlib.Path, action="append", default=[], help="the runner's name is the file's")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    everything, lines = [], []
    vitest = [(path.stem, path, read_vitest) for path in arguments.vitest]
    for name, path, read in [("ctest", arguments.ctest, read_ctest), *vitest]:
        if path and path.exists():
            outcomes = read(path)
            print_details(outcomes)
            lines.append(f"{name}: {counts(outcomes)}")
            everything += outcomes
    print("\n".join(lines))
    print(counts(everything))
    if arguments.json:
        arguments.json.write_text(json.dumps({"lines": lines, "total": counts(everything)}))
    return 1 if not everything or any(outcome.state == "failed" for outcome in everything) else 0


if __name__ == "__main__":
    sys.exit(main())
