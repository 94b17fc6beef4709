#!/usr/bin/env python3
"""API routes on a small library (310 assets) and on one of 200,000, measured with wrk: p50 on one connection, requests per
second on sixteen, CPU time a request (server, PostgreSQL and Redis together), and the first answer after a write.

References in the same run: the bare SQL a route cannot do without (pgbench, same database), nginx for the same static file.
Figures of the original and the goals come from ../shared/facts/performance-of-the-original.md where that is present.
"""
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bench_harness import (BenchError, SHARED, Server, arguments, cpu_of_tree, free_port, percentile, print_table, run_main,
                           wait_until_idle)
from bench_ingest import BOUNDARY, multipart, photos

VISIBLE = '"deletedAt" IS NULL AND visibility = \'timeline\''
SYNC_TYPES = ["AuthUsersV1", "UsersV1", "AssetsV2", "AssetExifsV1", "AlbumsV2", "StacksV1", "PeopleV1"]


@dataclasses.dataclass
class Route:
    """`title` is the name in the table of the original's figures; `sql` the least the database must do for it."""
    title: str
    method: str
    path: str
    body: dict | None = None
    sql: str = ""
    file: str = ""
    wrk: bool = True
    writes: bool = False  # measure the first answer after a write, too


def small_routes(ids: dict) -> list[Route]:
    asset = f"/assets/{ids['asset']}"
    return [
        Route("GET /server/ping", "GET", "/server/ping"),
        Route("GET /users/me", "GET", "/users/me", sql='SELECT * FROM "user" WHERE "isAdmin"'),
        Route("GET /timeline/buckets", "GET", "/timeline/buckets", sql=BUCKETS_SQL),
        Route("GET /timeline/bucket", "GET", f"/timeline/bucket?timeBucket={ids['bucket']}", sql=bucket_sql(ids["bucket"])),
        Route("GET /assets/{id}", "GET", asset,
              sql=f'SELECT * FROM asset JOIN asset_exif ON "assetId" = id WHERE id = \'{ids["asset"]}\''),
        Route("GET thumbnail", "GET", asset + "/thumbnail?size=thumbnail", file="_thumbnail.webp"),
        Route("GET preview", "GET", asset + "/thumbnail?size=preview", file="_preview.jpeg"),
        Route("GET original", "GET", asset + "/original", file=".jpg"),
        Route("POST /search/metadata {}", "POST", "/search/metadata", {}, sql=search_sql("", 251)),
    ]


def large_routes(ids: dict) -> list[Route]:
    by_camera = "AND make = 'Canon' AND city = 'Paris'"
    distinct_city = f'SELECT DISTINCT city FROM asset_exif JOIN asset ON id = "assetId" WHERE {VISIBLE}'
    return [
        Route("timeline/buckets", "GET", "/timeline/buckets", sql=BUCKETS_SQL),
        Route("timeline/bucket, biggest month", "GET", f"/timeline/bucket?timeBucket={ids['bucket']}", sql=bucket_sql(ids["bucket"])),
        Route("search/metadata {} first page", "POST", "/search/metadata", {}, sql=search_sql("", 251)),
        Route("search/metadata make, city", "POST", "/search/metadata", {"make": "Canon", "city": "Paris"}, sql=search_sql(by_camera, 251)),
        Route("search/metadata page 100", "POST", "/search/metadata", {"page": 100}, sql=search_sql("", 251, 24750)),
        Route("search/statistics {}", "POST", "/search/statistics", {}, sql=f"SELECT count(*) FROM asset WHERE {VISIBLE}"),
        Route("search/random 250", "POST", "/search/random", {"size": 250}, sql=search_sql("AND id > gen_random_uuid()", 250)),
        Route("search/suggestions city", "GET", "/search/suggestions?type=city", sql=distinct_city),
        Route("search/explore", "GET", "/search/explore",
              sql=f'SELECT city, count(*) FROM asset_exif JOIN asset ON id = "assetId" WHERE {VISIBLE} GROUP BY city HAVING count(*) >= 5'),
        Route("map/markers", "GET", "/map/markers",
              sql=f'SELECT id, latitude, longitude, city, state, country FROM asset JOIN asset_exif ON id = "assetId" WHERE latitude IS NOT NULL AND {VISIBLE}'),
        Route("assets/statistics", "GET", "/assets/statistics", sql='SELECT type, count(*) FROM asset WHERE "deletedAt" IS NULL GROUP BY type'),
        Route("server/statistics", "GET", "/server/statistics",
              sql='SELECT "ownerId", type, count(*), sum("fileSizeInByte") FROM asset JOIN asset_exif ON id = "assetId" GROUP BY 1, 2'),
        Route("view/folder/unique-paths", "GET", "/view/folder/unique-paths",
              sql=f'SELECT DISTINCT substring("originalPath" FROM \'^(.*)/\') FROM asset WHERE {VISIBLE}'),
        Route("sync/stream full", "POST", "/sync/stream", {"types": SYNC_TYPES, "reset": True}, wrk=False,
              sql='SELECT * FROM asset JOIN asset_exif ON id = "assetId"'),
    ]


BUCKETS_SQL = f'SELECT date_trunc(\'month\', "localDateTime" AT TIME ZONE \'UTC\'), count(*) FROM asset WHERE {VISIBLE} GROUP BY 1 ORDER BY 1 DESC'


def bucket_sql(bucket: str) -> str:
    return (f'SELECT id, "ownerId", "isFavorite", thumbhash, "localDateTime", width, height, type, duration, city, country FROM asset '
            f'JOIN asset_exif ON "assetId" = id WHERE {VISIBLE} AND "localDateTime" >= \'{bucket}Z\'::timestamptz '
            f'AND "localDateTime" < \'{bucket}Z\'::timestamptz + interval \'1 month\' ORDER BY "localDateTime" DESC')


def search_sql(condition: str, limit: int, offset: int = 0) -> str:
    return (f'SELECT asset.*, asset_exif.* FROM asset JOIN asset_exif ON "assetId" = id WHERE {VISIBLE} {condition} '
            f'ORDER BY "fileCreatedAt" DESC LIMIT {limit} OFFSET {offset}')


class Database:
    """psql and pgbench on the server's embedded database."""

    def __init__(self, server: Server) -> None:
        self.environment = os.environ | server.database_environment()
        self.environment |= self.find_login()

    def find_login(self) -> dict:
        for user in ("postgres", "immich", os.environ.get("USER", "root")):
            for database in ("immich", "postgres"):
                login = {"PGUSER": user, "PGDATABASE": database}
                found = subprocess.run(["psql", "-XAtqc", "SELECT to_regclass('asset')"], env=self.environment | login,
                                       capture_output=True, text=True)
                if found.stdout.strip() == "asset":
                    return login
        raise BenchError("the tables of the embedded database could not be reached with psql")

    def load(self, count: int) -> None:
        script = SHARED / "bench/assets-200k.sql"
        if not script.exists():
            raise BenchError("../shared/bench/assets-200k.sql is absent")
        subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-v", f"n={count}", "-f", script], env=self.environment,
                       check=True, stdout=subprocess.DEVNULL)

    def one(self, sql: str) -> str:
        return subprocess.run(["psql", "-XAtqc", sql], env=self.environment, check=True, capture_output=True,
                              text=True).stdout.strip()

    def bench(self, sql: str, clients: int, seconds: int) -> tuple[float, float]:
        """(average latency in ms, transactions per second)"""
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(sql + ";\n")
            script.flush()
            run = subprocess.run(["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", script.name],
                                 env=self.environment, check=True, capture_output=True, text=True).stdout
        return (float(re.search(r"latency average = ([\d.]+)", run).group(1)), float(re.search(r"tps = ([\d.]+)", run).group(1)))


class Nginx:
    """One worker that serves a folder."""

    def __init__(self, root: pathlib.Path) -> None:
        self.program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        self.port, self.folder = free_port(), pathlib.Path(tempfile.mkdtemp(prefix="immich-bench-nginx."))
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f"{user}\nworker_processes 1;\ndaemon off;\npid {self.folder}/pid;\nerror_log {self.folder}/error.log;\n"
            "events { worker_connections 256; }\nhttp { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;\n"
            + "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            + f"server {{ listen 127.0.0.1:{self.port}; root {root}; }} }}\n")

    def __enter__(self):
        if self.program:
            self.process = subprocess.Popen([self.program, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"])
            time.sleep(0.5)
        return self

    def __exit__(self, *_):
        if self.program:
            self.process.terminate()
            self.process.wait()
        shutil.rmtree(self.folder)


@dataclasses.dataclass
class Load:
    """What wrk saw."""
    per_s: float
    p50_ms: float
    requests: int


def wrk(port: int, path: str, seconds: int, connections: int, method: str = "GET", body=None, token: str = "") -> Load:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body is not None:
        headers["Content-Type"] = "application/json"
    script = f"wrk.method = {json.dumps(method)}\n" + "".join(f"wrk.headers[{json.dumps(k)}] = {json.dumps(v)}\n" for k, v in headers.items())
    if body is not None:
        script += f"wrk.body = [=[{json.dumps(body)}]=]\n"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
        lua.write(script)
        lua.flush()
        run = subprocess.run(["wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "60s",
                              "-s", lua.name, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in run or "Socket errors" in run:
        raise BenchError(f"{method} {path}: {re.search('(Non-2xx|Socket errors).*', run).group(0)}")
    return Load(float(re.search(r"Requests/sec:\s+([\d.]+)", run).group(1)), wrk_ms(run, "50%"),
                int(re.search(r"(\d+) requests in", run).group(1)))


def wrk_ms(text: str, line: str) -> float:
    value, unit = re.search(rf"{line}\s+([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def original_figures() -> dict[str, list[str]]:
    """First cell of a table row -> the others."""
    path = SHARED / "facts/performance-of-the-original.md"
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in path.read_text().splitlines()
            if line.startswith("|")] if path.exists() else []
    return {row[0]: row[1:] for row in rows}


def original_of(title: str, figures: dict) -> list[str]:
    return figures.get(title) or next((cells for name, cells in figures.items() if name.startswith(title + " (")), None) \
        or next((cells for name, cells in figures.items() if name.startswith(title)), [])


def call_ms(api, route: Route) -> float:
    start = time.perf_counter()
    status, body = api.call(route.method, route.path, route.body)
    if status >= 300:
        raise BenchError("not yet" if status == 501 else f"status {status}: {body[:60]!r}")
    return (time.perf_counter() - start) * 1e3


def after_write_ms(server: Server, route: Route, written_id: str) -> float:
    """Median of answers that each follow a change to the library."""
    api, times, favorite = server.api(), [], False
    for _ in range(5):
        favorite = not favorite
        api.json("PUT", f"/assets/{written_id}", {"isFavorite": favorite})
        times.append(call_ms(api, route))
    return percentile(times, 0.5)


def measure_ours(server: Server, route: Route, ids: dict, seconds: int) -> tuple:
    """(p50 ms on one connection, requests per second on sixteen, CPU ms a request, ms of the first answer after a write)"""
    once = call_ms(server.api(), route)
    arguments_of = (route.method, route.body, server.token)
    written = after_write_ms(server, route, ids["asset"]) if route.writes else ""
    if not route.wrk:
        return percentile([once] + [call_ms(server.api(), route) for _ in range(2)], 0.5), "", "", written
    p50_ms = wrk(server.port, "/api" + route.path, seconds, 1, *arguments_of).p50_ms
    before = sum(cpu_of_tree(server.process.pid))
    load = wrk(server.port, "/api" + route.path, seconds, 16, *arguments_of)
    used_s = sum(cpu_of_tree(server.process.pid)) - before
    return p50_ms, load.per_s, used_s / load.requests * 1e3 if load.requests else "", written


def ratio(ours, base):
    return ours / base if ours and base else ""


def measure(server: Server, routes: list[Route], ids: dict, database: Database, seconds: int, small: bool) -> list[list]:
    figures, rows = original_figures(), []
    with Nginx(server.folder) as nginx:
        for route in routes:
            print(f"  {route.title} ...", flush=True)
            cells = original_of(route.title, figures)
            original = " / ".join(cells[1:2] + cells[0:1] if small else cells[0:2])
            goal = cells[-1] if cells else ""
            try:
                p50_ms, per_s, cpu_ms, written_ms = measure_ours(server, route, ids, seconds)
            except BenchError as error:
                rows.append([route.title, str(error)[:40], *[""] * 8, original, goal])
                continue
            base_ms, base_per_s = reference(route, server, database, nginx, seconds)
            rows.append([route.title, p50_ms, base_ms, ratio(p50_ms, base_ms), per_s, base_per_s, ratio(per_s, base_per_s),
                         cpu_ms, written_ms, ratio(written_ms, base_ms), original, goal])
    return rows


def reference(route: Route, server: Server, database: Database, nginx: Nginx, seconds: int) -> tuple:
    """(latency ms, requests per second) of the least that can be done; empty strings where there is nothing to compare."""
    if route.sql:
        latency_ms, _ = database.bench(route.sql, 1, max(1, seconds // 2))
        return latency_ms, (database.bench(route.sql, 16, max(1, seconds // 2))[1] if route.wrk else "")
    if route.file and nginx.program:
        found = next((server.folder / "media").rglob("*" + route.file))
        path = "/" + str(found.relative_to(server.folder))
        return wrk(nginx.port, path, seconds, 1).p50_ms, wrk(nginx.port, path, seconds, 16).per_s
    return "", ""


def prepare(server: Server, count: int, with_photo: bool) -> tuple[Database, dict]:
    server.start()
    api, ids = server.sign_up(), {}
    if with_photo:
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        ids["asset"] = json.loads(api.call("POST", "/assets", multipart(photos(1)[0]), headers)[1])["id"]
        server.wait_for_places(api)
        wait_until_idle(api)
    database = Database(server)
    print(f"loading {count} assets", flush=True)
    database.load(count)
    server.stop()
    server.start()  # nothing cached from before the load
    ids.setdefault("asset", database.one("SELECT id FROM asset WHERE visibility = 'timeline' ORDER BY id LIMIT 1"))
    ids["bucket"] = max(server.api().json("GET", "/timeline/buckets"), key=lambda bucket: bucket["count"])["timeBucket"]
    return database, ids


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--small", action="store_true", help="only the small library")
    parser.add_argument("--large", action="store_true", help="only the large library")
    parser.add_argument("--assets", type=int, default=200_000, help="size of the large library")
    parser.add_argument("--seconds", type=int, default=4, help="length of one measurement")
    parser.add_argument("--only", default="", help="a part of the titles of the routes to measure")
    options = parser.parse_args()
    if options.references_only:
        print("the references need the server's database; nothing to measure without it")
        return 0
    header = ["route", "p50 ms", "reference", "ratio", "req/s", "reference", "ratio", "CPU ms", "after a write ms", "ratio",
              "original p50 ms / req/s", "goal"]
    for small, count in ((True, 310), (False, options.assets)):
        if (options.small or options.large) and small != options.small:
            continue
        with Server(options.server) as server:
            database, ids = prepare(server, count, with_photo=small)
            routes = [route for route in (small_routes(ids) if small else large_routes(ids)) if options.only in route.title]
            for route in routes:
                route.writes = not small
            rows = measure(server, routes, ids, database, options.seconds, small)
            print_table(f"library of {count} assets; req/s with 16 connections", header, rows)
    return 0


if __name__ == "__main__":
    run_main(main)
