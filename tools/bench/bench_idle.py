#!/usr/bin/env python3
"""Idle: start-up time to the first ping and memory of every process, after the first start and after a second one.

Reference: a PostgreSQL and a Redis alone would start in the time and memory listed apart; the targets are 0.3 s (first start
5 s) and 60 MiB for our processes.
"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bench_harness import FOREIGN, Server, arguments, memory_bytes, print_table, process_table, run_main, tree_of

TARGET_MIB, TARGET_START_S, TARGET_FIRST_START_S = 60, 0.3, 5.0


def command_of(pid: int) -> str:
    words = pathlib.Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ").strip()
    return " ".join(pathlib.Path(word).name if word.startswith("/") else word for word in words.split()[:4])


def memory_rows(server: Server) -> tuple[list[list], float]:
    table, rows, own_mib = process_table(), [], 0.0
    for pid in tree_of(server.process.pid, table):
        pss, rss = memory_bytes(pid)
        foreign = table[pid][1] in FOREIGN
        own_mib += 0 if foreign else rss / 2**20
        rows.append([command_of(pid)[:60], "database" if foreign else "ours", pss / 2**20, rss / 2**20])
    return sorted(rows, key=lambda row: (row[1] != "ours", -row[3])), own_mib


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--settle", type=float, default=5.0, help="seconds to wait before memory is read")
    options = parser.parse_args()
    if options.references_only:
        print("nothing to measure without the server")
        return 0
    with Server(options.server) as server:
        first_s = server.start()
        server.wait_for_places(server.sign_up())
        server.stop()
        second_s = server.start()
        time.sleep(options.settle)
        rows, own_mib = memory_rows(server)
    print_table("start to first ping (s)", ["", "ours", "target", "ratio"],
                [["first start: initdb, migrations, geodata", first_s, TARGET_FIRST_START_S, first_s / TARGET_FIRST_START_S],
                 ["second start, with PostgreSQL and Redis", second_s, TARGET_START_S, second_s / TARGET_START_S]])
    print_table("memory when idle (MiB)", ["process", "kind", "proportional", "resident"], rows)
    print_table("sum", ["", "ours", "target", "ratio"], [["resident, our processes (MiB)", own_mib, TARGET_MIB, own_mib / TARGET_MIB]])
    print("\nThe original: 375 + 642 MiB resident, 6.0-7.4 s to the first ping (first start 8-15.7 s).")
    return 0


if __name__ == "__main__":
    run_main(main)
