#!/usr/bin/env python3
"""Upload of one large file: memory must not depend on its size.

Ours: CPU time and peak memory of our processes while the file comes in. Reference: sha1sum and cp of the same file, CPU time.
"""
import http.client
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bench_harness import BenchError, Sampler, Server, arguments, cpu_of_tree, memory_of_tree, print_table, run_main

MEMORY_LIMIT_MIB = 64
BLOCK = 1 << 20


def make_file(folder: pathlib.Path, size_bytes: int) -> pathlib.Path:
    """Bytes that do not repeat within a block, under a name the server takes for a video."""
    path = folder / "large.mp4"
    head = bytes.fromhex("000000186674797069736f6d0000020069736f6d69736f32")
    block = pathlib.Path("/dev/urandom").open("rb").read(BLOCK)
    with path.open("wb") as out:
        out.write(head)
        left = size_bytes - len(head)
        while left > 0:
            left -= out.write(block[:left] if left < BLOCK else block)
    return path


def reference_cpu_s(path: pathlib.Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["sha1sum", path], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cp", "--reflink=never", path, path.with_suffix(".copy")], check=True)
    path.with_suffix(".copy").unlink()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def upload(server: Server, path: pathlib.Path) -> int:
    boundary = "bench-boundary-7d93b1"
    head = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n2024-01-01T00:00:00.000Z\r\n'
                   for name in ("fileCreatedAt", "fileModifiedAt"))
    head += (f'--{boundary}\r\nContent-Disposition: form-data; name="assetData"; filename="{path.name}"\r\n'
             "Content-Type: video/mp4\r\n\r\n")
    tail = f"\r\n--{boundary}--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.putrequest("POST", "/api/assets")
    connection.putheader("Authorization", f"Bearer {server.token}")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
    connection.putheader("Content-Length", str(len(head) + path.stat().st_size + len(tail)))
    connection.endheaders(head.encode())
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            connection.send(block)
    connection.send(tail.encode())
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 201:
        raise BenchError(f"status {answer.status}: {text[:300]!r}")
    return answer.status


def measure(binary: str | None, path: pathlib.Path) -> dict:
    # Only the api role: what the jobs make of the file afterwards is not this measurement.
    with Server(binary, {"IMMICH_WORKERS_INCLUDE": "api"}) as server:
        server.start()
        server.sign_up()
        time.sleep(1)
        idle, _ = memory_of_tree(server.process.pid)
        own_before, _ = cpu_of_tree(server.process.pid)
        sampler = Sampler(server.process.pid, 0.05)
        sampler.start()
        start = time.perf_counter()
        upload(server, path)
        wall_s = time.perf_counter() - start
        sampler.stop()
        own, _ = cpu_of_tree(server.process.pid)
        return {"cpu_s": own - own_before, "wall_s": wall_s, "idle_bytes": idle, "peak_bytes": sampler.peak_own_bytes}


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--mib", type=int, default=2048, help="size of the file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="immich-bench-upload.") as folder:
        path = make_file(pathlib.Path(folder), options.mib << 20)
        base_s = reference_cpu_s(path)
        rows = [["CPU, sha1sum + cp (s)", "", base_s, ""]]
        peak_mib = 0.0
        if not options.references_only:
            ours = measure(options.server, path)
            peak_mib = ours["peak_bytes"] / 2**20
            rows = [["CPU, our processes (s)", ours["cpu_s"], base_s, ours["cpu_s"] / base_s],
                    ["wall (s)", ours["wall_s"], "", ""],
                    ["throughput (MiB/s)", options.mib / ours["wall_s"], "", ""],
                    ["memory before (MiB)", ours["idle_bytes"] / 2**20, "", ""],
                    ["peak memory (MiB)", peak_mib, MEMORY_LIMIT_MIB, peak_mib / MEMORY_LIMIT_MIB]]
    print_table(f"upload of one file of {options.mib} MiB", ["", "ours", "reference", "ratio"], rows)
    return 1 if peak_mib > MEMORY_LIMIT_MIB else 0


if __name__ == "__main__":
    run_main(main)
