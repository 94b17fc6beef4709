"""What the benchmarks share: a fresh server, its processes' CPU time and memory, a small API client, the result table."""
import argparse
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CACHE = ROOT / ".deps" / "bench"
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# The database and the queue; counted apart from our own processes.
FOREIGN = ("postgres", "redis-server", "redis-check-rdb", "initdb", "pg_ctl", "psql")
EMAIL, PASSWORD = "bench@example.org", "benchmark password"


class BenchError(Exception):
    """The measurement cannot be made; the message says what is missing."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def process_table() -> dict[int, tuple[int, str, float]]:
    """pid -> (parent, name, CPU seconds of it and of its children that have ended)."""
    table = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                text = pathlib.Path("/proc", entry, "stat").read_text()
            except OSError:
                continue
            name = text[text.index("(") + 1:text.rindex(")")]
            fields = text[text.rindex(")") + 2:].split()
            table[int(entry)] = (int(fields[1]), name, sum(map(int, fields[11:15])) / TICKS_PER_S)
    return table


def tree_of(root_pid: int, table: dict) -> list[int]:
    children = {}
    for pid, (parent, _, _) in table.items():
        children.setdefault(parent, []).append(pid)
    found, queue = [], [root_pid]
    while queue:
        pid = queue.pop()
        if pid in table:
            found.append(pid)
            queue += children.get(pid, [])
    return found


def memory_bytes(pid: int) -> tuple[int, int]:
    """(proportional, resident). Proportional shares pages between processes, so it may be added up."""
    try:
        rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        pss = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * 1024
        rss = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
        return pss, rss
    except (OSError, StopIteration, ValueError):
        return 0, 0


class Sampler(threading.Thread):
    """Watches the processes below one process: peak memory (sum of proportional set sizes) of ours and of the others."""

    def __init__(self, root_pid: int, interval_s: float = 0.1) -> None:
        super().__init__(daemon=True)
        self.root_pid, self.interval_s = root_pid, interval_s
        self.peak_own_bytes = self.peak_foreign_bytes = 0
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(self.interval_s):
            own, foreign = memory_of_tree(self.root_pid)
            self.peak_own_bytes = max(self.peak_own_bytes, own)
            self.peak_foreign_bytes = max(self.peak_foreign_bytes, foreign)

    def stop(self) -> None:
        self._stopping.set()
        self.join()


def memory_of_tree(root_pid: int) -> tuple[int, int]:
    table = process_table()
    own = foreign = 0
    for pid in tree_of(root_pid, table):
        pss, _ = memory_bytes(pid)
        if table[pid][1] in FOREIGN:
            foreign += pss
        else:
            own += pss
    return own, foreign


def cpu_of_tree(root_pid: int) -> tuple[float, float]:
    """(ours, PostgreSQL and Redis), in seconds."""
    table = process_table()
    own = foreign = 0.0
    for pid in tree_of(root_pid, table):
        if table[pid][1] in FOREIGN:
            foreign += table[pid][2]
        else:
            own += table[pid][2]
    return own, foreign


class Api:
    """One connection to the server."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port, self.token = port, token
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def call(self, method: str, path: str, body=None, headers=None) -> tuple[int, bytes]:
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        self.connection.request(method, "/api" + path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def json(self, method: str, path: str, body=None):
        status, text = self.call(method, path, body)
        if status >= 400:
            raise BenchError(f"{method} {path}: status {status}: {text[:300].decode(errors='replace')}")
        return json.loads(text) if text else None


class Server:
    """A release server on a fresh folder with its own database; `with Server() as server`."""

    def __init__(self, binary: str | None = None, extra_environment: dict | None = None) -> None:
        self.binary = pathlib.Path(binary or os.environ.get("IMMICH_SERVER_BINARY", ROOT / "build/release/server/immich-server"))
        if not self.binary.exists():
            raise BenchError(f"{self.binary} does not exist: ./dev build --preset release immich-server")
        self.extra = extra_environment or {}
        self.port, self.token, self.process = free_port(), "", None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="immich-bench."))
        self.folder.chmod(0o755)  # PostgreSQL runs as another user when we are root
        self.log = self.folder / "server.log"

    def start(self) -> float:
        """Returns seconds until the first answer to ping."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("DB_", "REDIS_"))}
        environment |= {"IMMICH_MEDIA_LOCATION": str(self.folder / "media"), "IMMICH_PORT": str(self.port),
                        "IMMICH_MACHINE_LEARNING_ENABLED": "false", "IMMICH_LOG_LEVEL": "warn"} | self.extra
        (self.folder / "media").mkdir(exist_ok=True)
        start = time.perf_counter()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([self.binary], env=environment, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)
        while time.perf_counter() - start < 120:
            if self.process.poll() is not None:
                raise BenchError(f"the server ended with {self.process.returncode}:\n{self.log_end()}")
            try:
                if Api(self.port).call("GET", "/server/ping")[0] == 200:
                    return time.perf_counter() - start
            except OSError:
                time.sleep(0.005)
        raise BenchError(f"no answer to ping within 120 s:\n{self.log_end()}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log_end(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    def wait_for_places(self, api: "Api", timeout_s: float = 120) -> None:
        """Until the names of places are imported, which a first start does in the background for some ten seconds."""
        if not (ROOT / ".deps/build-data/geodata/cities500.txt").exists():
            return
        deadline = time.monotonic() + timeout_s
        while not api.json("GET", "/search/places?name=Paris"):
            if time.monotonic() > deadline:
                raise BenchError(f"the places were not imported after {timeout_s:.0f} s:\n{self.log_end()}")
            time.sleep(0.1)

    def sign_up(self) -> Api:
        api = Api(self.port)
        api.json("POST", "/auth/admin-sign-up", {"email": EMAIL, "password": PASSWORD, "name": "Bench"})
        self.token = api.json("POST", "/auth/login", {"email": EMAIL, "password": PASSWORD})["accessToken"]
        return Api(self.port, self.token)

    def api(self) -> Api:
        return Api(self.port, self.token)

    def database_environment(self) -> dict:
        """PGHOST and so on of the embedded database, for psql."""
        sockets = list(self.folder.rglob(".s.PGSQL.*"))
        sockets = [path for path in sockets if not path.name.endswith(".lock")]
        if not sockets:
            found = [argument for argument in self.postgres_arguments() if argument.startswith("/")]
            sockets = [path for folder in found for path in pathlib.Path(folder).glob(".s.PGSQL.*") if path.suffix != ".lock"]
        if not sockets:
            raise BenchError("the socket of the embedded database was not found")
        return {"PGHOST": str(sockets[0].parent), "PGPORT": sockets[0].name.rsplit(".", 1)[1]}

    def postgres_arguments(self) -> list[str]:
        table = process_table()
        for pid in tree_of(self.process.pid, table):
            if table[pid][1] == "postgres":
                return pathlib.Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        return []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_until_idle(api: Api, timeout_s: float = 3600) -> int:
    """Returns the number of failed jobs once no queue has anything to do, seen twice in a row."""
    quiet, deadline = 0, time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        queues = api.json("GET", "/jobs")
        busy = sum(queue["jobCounts"][state] for queue in queues.values() for state in ("active", "waiting", "delayed"))
        quiet = 0 if busy else quiet + 1
        if quiet == 2:
            return sum(queue["jobCounts"]["failed"] for queue in queues.values())
        time.sleep(0.1)
    raise BenchError(f"the queues were not empty after {timeout_s:.0f} s")


def percentile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def print_table(title: str, header: list[str], rows: list[list]) -> None:
    text = [[f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[column]) for row in text) for column in range(len(header))]
    print(f"\n{title}")
    for number, row in enumerate(text):
        print("  " + "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))))
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))


def arguments(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", help="program to measure (default: build/release/server/immich-server)")
    parser.add_argument("--references-only", action="store_true", help="measure only what we compare with")
    return parser


def run_main(main) -> None:
    # A benchmark that is told to stop takes its server along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        raise SystemExit(main())
    except BenchError as error:
        raise SystemExit(f"bench: {error}")
