#!/usr/bin/env python3
"""Runs clang-tidy-19 on one file and prints only findings in the tree.

usage: tidy_one.py BUILD_DIR FILE     exit status 1 when there is a finding
"""
import subprocess
import sys


def main() -> int:
    build_dir, path = sys.argv[1:3]
    run = subprocess.run(["clang-tidy-19", "-p", build_dir, "--quiet", path], capture_output=True, text=True)
    findings = [line for line in run.stdout.splitlines() if line.strip()]
    if findings:
        print("\n".join(findings), flush=True)
    elif run.returncode:
        print(f"{path}: clang-tidy failed\n{run.stderr[-2000:]}", flush=True)
    return 1 if findings or run.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
