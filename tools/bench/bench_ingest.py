#!/usr/bin/env python3
"""Ingest: photographs of 12 megapixels over four connections, until every job is done.

Ours: CPU time of all our processes (api, microservices, decoders), PostgreSQL and Redis apart; peak memory; upload latency.
Reference: one process that does SHA-1, decode at 1/2, JPEG q80 and WebP q80 of the same files (ingest_reference.cpp); for
the latency, as many threads that write, fsync and rename the same files and do nothing else.
"""
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bench_harness import (BenchError, CACHE, ROOT, SHARED, Sampler, Server, arguments, cpu_of_tree, percentile,
                           print_table, run_main, wait_until_idle)

BOUNDARY = "bench-boundary-7d93b1"


def photos(count: int) -> list[pathlib.Path]:
    folder = CACHE / "photos"
    files = sorted(folder.glob("IMG_*.jpg"))
    if len(files) < count:
        generator = SHARED / "bench/photos.py"
        if not generator.exists():
            raise BenchError("../shared/bench/photos.py is absent; put JPEG files named IMG_*.jpg into .deps/bench/photos")
        print(f"making {count} photographs in {folder} (once, about {count * 0.6:.0f} s)", flush=True)
        subprocess.run([sys.executable, generator, folder, str(count)], check=True, stdout=subprocess.DEVNULL)
        files = sorted(folder.glob("IMG_*.jpg"))
    return files[:count]


def reference(files: list[pathlib.Path]) -> dict:
    program = CACHE / "ingest_reference"
    source = ROOT / "tools/bench/ingest_reference.cpp"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libturbojpeg", "libswscale", "libavutil", "libwebp",
                                "libcrypto", "fmt"], check=True, capture_output=True, text=True).stdout.split()
        subprocess.run(["clang++-19", "-std=c++23", "-O2", source, "-o", program, *flags], check=True)
    subprocess.run([program, *files], check=True, capture_output=True)  # warms the page cache
    count, cpu_s, wall_s, rss_kib = subprocess.run([program, *files], check=True, capture_output=True,
                                                   text=True).stdout.split()
    return {"count": int(count), "cpu_s": float(cpu_s), "wall_s": float(wall_s), "rss_bytes": int(rss_kib) * 1024}


def disk_reference(files: list[pathlib.Path], connections: int) -> list[float]:
    """Seconds to store each file as an upload must at the least: write, fsync, rename, fsync of the folder."""
    work, latencies = queue.SimpleQueue(), []
    for path in files:
        work.put(path)

    def store(folder: str) -> None:
        folder_fd = os.open(folder, os.O_RDONLY)
        while True:
            try:
                body = work.get_nowait().read_bytes()
            except queue.Empty:
                break
            name, start = f"{folder}/{len(latencies)}-{threading.get_ident()}", time.perf_counter()
            fd = os.open(name + ".tmp", os.O_CREAT | os.O_WRONLY)
            os.write(fd, body)
            os.fsync(fd)
            os.close(fd)
            os.rename(name + ".tmp", name)
            os.fsync(folder_fd)
            latencies.append(time.perf_counter() - start)
        os.close(folder_fd)

    with tempfile.TemporaryDirectory(prefix="immich-bench-") as folder:
        threads = [threading.Thread(target=store, args=(folder,)) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return latencies


def multipart(path: pathlib.Path) -> bytes:
    fields = {"fileCreatedAt": "2024-01-01T00:00:00.000Z", "fileModifiedAt": "2024-01-01T00:00:00.000Z"}
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="assetData"; filename="{path.name}"\r\n'
                 "Content-Type: image/jpeg\r\n\r\n")
    return "".join(parts).encode() + path.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()


def upload_all(server: Server, files: list[pathlib.Path], connections: int) -> list[float]:
    """Seconds of each upload."""
    work, latencies, failures = queue.SimpleQueue(), [], []
    for path in files:
        work.put(path)

    def uploader() -> None:
        api = server.api()
        while not failures:
            try:
                path = work.get_nowait()
            except queue.Empty:
                return
            body, start = multipart(path), time.perf_counter()
            status, answer = api.call("POST", "/assets", body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
            latencies.append(time.perf_counter() - start)
            if status != 201:
                failures.append(f"upload of {path.name}: status {status}: {answer[:200]!r}")

    threads = [threading.Thread(target=uploader) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise BenchError(failures[0])
    return latencies


def measure(binary: str | None, files: list[pathlib.Path], connections: int) -> dict:
    with Server(binary) as server:
        server.start()
        api = server.sign_up()
        server.wait_for_places(api)
        wait_until_idle(api)
        own_before, foreign_before = cpu_of_tree(server.process.pid)
        sampler = Sampler(server.process.pid)
        sampler.start()
        start = time.perf_counter()
        latencies = upload_all(server, files, connections)
        uploaded_s = time.perf_counter() - start
        failed = wait_until_idle(api)
        done_s = time.perf_counter() - start
        own, foreign = cpu_of_tree(server.process.pid)
        sampler.stop()
        thumbnails = sum(1 for path in (server.folder / "media/thumbs").rglob("*_thumbnail.webp"))
        if failed or thumbnails < len(files):
            raise BenchError(f"{failed} jobs failed, {thumbnails} thumbnails of {len(files)}:\n{server.log_end()}")
        return {"own_s": own - own_before, "foreign_s": foreign - foreign_before, "uploaded_s": uploaded_s, "done_s": done_s,
                "peak_own_bytes": sampler.peak_own_bytes, "peak_foreign_bytes": sampler.peak_foreign_bytes,
                "latency_p50_ms": percentile(latencies, 0.5) * 1e3, "latency_p95_ms": percentile(latencies, 0.95) * 1e3}


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--connections", type=int, default=4)
    options = parser.parse_args()
    files = photos(options.count)
    count, mib = len(files), 2**20
    base = reference(files)
    disk = disk_reference(files, options.connections)
    disk_p50_ms, disk_p95_ms = percentile(disk, 0.5) * 1e3, percentile(disk, 0.95) * 1e3
    rows = [["CPU per photo (ms)", "", base["cpu_s"] / count * 1e3, ""]]
    if not options.references_only:
        ours = measure(options.server, files, options.connections)
        rows = [
            ["CPU per photo, our processes (ms)", ours["own_s"] / count * 1e3, base["cpu_s"] / count * 1e3, ours["own_s"] / base["cpu_s"]],
            ["CPU per photo, PostgreSQL and Redis (ms)", ours["foreign_s"] / count * 1e3, "", ""],
            ["until all jobs are done (s)", ours["done_s"], base["wall_s"], ours["done_s"] / base["wall_s"]],
            ["until all are uploaded (s)", ours["uploaded_s"], "", ""],
            ["upload latency p50 (ms)", ours["latency_p50_ms"], disk_p50_ms, ours["latency_p50_ms"] / disk_p50_ms],
            ["upload latency p95 (ms)", ours["latency_p95_ms"], disk_p95_ms, ours["latency_p95_ms"] / disk_p95_ms],
            ["peak memory, our processes (MiB)", ours["peak_own_bytes"] / mib, base["rss_bytes"] / mib, ours["peak_own_bytes"] / base["rss_bytes"]],
            ["peak memory, PostgreSQL and Redis (MiB)", ours["peak_foreign_bytes"] / mib, "", ""],
        ]
    size = sum(path.stat().st_size for path in files)
    print_table(f"ingest of {count} photographs, {size / mib:.0f} MiB, {options.connections} connections",
                ["", "ours", "reference", "ratio"], rows)
    print("\nThe original needed 730 ms CPU per photo (two cores, 300 photos: 22.7-27 s uploaded, 125 s until done, "
          "latency 268-322 / 493-718 ms, peak memory 1.6 GiB).")
    return 0


if __name__ == "__main__":
    run_main(main)
