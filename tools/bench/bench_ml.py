#!/usr/bin/env python3
"""Machine learning: what the service adds to bare inference, how much memory it holds, how it answers while it loads.

Overhead: 200 predictions (clip, visual; a preview of 1440 px each) from 4 connections, against the same number of runs of
the same graph by ONNX Runtime alone from 4 threads (ml_reference.cpp), same number of threads for operators. The service
decodes and scales the pictures besides. Both are measured in turns, the medians are compared; the runtime alone is measured
with and without spinning threads, the better one counts.

Overhead is the median of the ratios of neighbouring measurements, so that other work on the machine, which comes and goes, is
in both; the ratio of CPU time is the one to believe on a machine that is not quiet.

Batching: faces from 8 connections; recognition takes any number of them, so requests that meet share a run.
"""
import argparse
import http.client
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bench_harness import CACHE, ROOT, SHARED, BenchError, cpu_of_tree, free_port, memory_bytes, percentile, print_table, run_main

TARGET_OVERHEAD, TARGET_IDLE_MIB, TARGET_UNLOADED_MIB, TARGET_WORKERS, TARGET_PING_MS = 1.10, 25, 60, 1.1, 100
CONNECTIONS, TTL_S = 4, 2
MODEL = "bench"
ENTRIES = '{"clip":{"visual":{"modelName":"%s"}}}' % MODEL
FACES = ('{"facial-recognition":{"detection":{"modelName":"%s","options":{"minScore":0.5}},'
         '"recognition":{"modelName":"%s"}}}' % (MODEL, MODEL))
PREPROCESSING = ('{"size":[224,224],"mode":"RGB","mean":[0.48145466,0.4578275,0.40821073],'
                 '"std":[0.26862954,0.26130258,0.27577711],"interpolation":"bicubic","resize_mode":"shortest","fill_color":0}')


def runtime_library() -> pathlib.Path:
    return pathlib.Path(os.environ.get("IMMICH_ONNXRUNTIME", ROOT / ".deps/onnxruntime/lib/libonnxruntime.so.1"))


def find_model() -> pathlib.Path:
    for folder in (SHARED / "models", ROOT / ".deps/ml-models"):
        if (folder / "concept-clip/visual.onnx").exists():
            return folder / "concept-clip/visual.onnx"
    raise BenchError("the test model concept-clip/visual.onnx is not there")


def find_picture() -> bytes:
    """A preview as the server sends it."""
    for folder in (SHARED / "media", ROOT / "tests/media"):
        photos = sorted(folder.rglob("*.jp*g"), key=lambda path: path.stat().st_size)
        if photos:
            target = pathlib.Path(tempfile.mkstemp(suffix=".jpg")[1])
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", photos[-1], "-vf", "scale=-2:1440", "-q:v", "3", target],
                           check=False, capture_output=True)
            data = target.read_bytes()
            target.unlink()
            return data or photos[-1].read_bytes()
    raise BenchError("no JPEG to send")


def form(picture: bytes, entries: str) -> tuple[bytes, dict]:
    head = (f'--b\r\nContent-Disposition: form-data; name="entries"\r\n\r\n{entries}\r\n'
            '--b\r\nContent-Disposition: form-data; name="image"; filename="blob"\r\n\r\n').encode()
    return head + picture + b"\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}


class Service:
    def __init__(self, program: pathlib.Path, model: pathlib.Path, workers: int = 1, ttl_s: int = 0) -> None:
        self.folder, self.port = pathlib.Path(tempfile.mkdtemp(prefix="immich-bench-ml.")), free_port()
        visual = self.folder / "clip" / MODEL / "visual"
        visual.mkdir(parents=True)
        (visual / "model.onnx").symlink_to(model)
        (visual / "preprocess_cfg.json").write_text(PREPROCESSING)
        environment = os.environ | {
            "IMMICH_HOST": "127.0.0.1", "IMMICH_PORT": str(self.port), "IMMICH_LOG_LEVEL": "warn",
            "MACHINE_LEARNING_CACHE_FOLDER": str(self.folder), "MACHINE_LEARNING_WORKERS": str(workers),
            "MACHINE_LEARNING_MODEL_TTL": str(ttl_s), "MACHINE_LEARNING_MODEL_TTL_POLL_S": "1", "HF_HUB_OFFLINE": "true",
            "MACHINE_LEARNING_PROVIDERS": "cpu", "IMMICH_ONNXRUNTIME": str(runtime_library())}
        self.process = subprocess.Popen([program], env=environment, stdin=subprocess.DEVNULL)
        for _ in range(200):
            try:
                if self.get("/ping") == b"pong":
                    return
            except OSError:
                time.sleep(0.02)
        raise BenchError("the service does not answer")

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)

    def get(self, path: str) -> bytes:
        connection = self.connect()
        connection.request("GET", path)
        return connection.getresponse().read()

    def predict(self, count: int, picture: bytes, entries: str = ENTRIES,
                connections: int = CONNECTIONS) -> tuple[float, list[float]]:
        """Milliseconds for all and for each."""
        body, headers = form(picture, entries)
        left, lock, each, faults = [count], threading.Lock(), [], []

        def work() -> None:
            connection = self.connect()
            while True:
                with lock:
                    if left[0] == 0:
                        return
                    left[0] -= 1
                start = time.perf_counter()
                connection.request("POST", "/predict", body, headers)
                answer = connection.getresponse()
                text = answer.read()
                each.append((time.perf_counter() - start) * 1e3)
                if answer.status != 200:
                    faults.append(f"{answer.status} {text[:200]}")

        start = time.perf_counter()
        threads = [threading.Thread(target=work) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults:
            raise BenchError(f"a prediction failed: {faults[0]}")
        return (time.perf_counter() - start) * 1e3, each

    def rss_mib(self) -> float:
        return memory_bytes(self.process.pid)[1] / 2**20

    def metric(self, name: str) -> float:
        lines = self.get("/metrics").decode().splitlines()
        return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name + " ")), 0.0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def ping_while_loading(service: Service, picture: bytes) -> tuple[float, float]:
    """(slowest ping, time of the first prediction) in ms."""
    first = threading.Thread(target=service.predict, args=(1, picture))
    connection, pings = service.connect(), []
    start = time.perf_counter()
    first.start()
    while first.is_alive():
        asked = time.perf_counter()
        connection.request("GET", "/ping")
        connection.getresponse().read()
        pings.append((time.perf_counter() - asked) * 1e3)
        time.sleep(0.002)
    return max(pings), (time.perf_counter() - start) * 1e3


def build_reference() -> pathlib.Path:
    program, source = CACHE / "ml_reference", ROOT / "tools/bench/ml_reference.cpp"
    CACHE.mkdir(parents=True, exist_ok=True)
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["clang++-19", "-std=c++23", "-O2", "-I", ROOT / ".deps/onnxruntime/include", source, "-o", program, "-ldl"],
                       check=True)
    return program


def run_reference(program: pathlib.Path, model: pathlib.Path, count: int, threads: int, spinning: int) -> tuple[float, float]:
    run = subprocess.run([program, runtime_library(), model, str(count), str(CONNECTIONS), str(threads), str(spinning)], check=True,
                         capture_output=True, text=True)
    wall, cpu = run.stdout.split()
    return float(wall), float(cpu)


def measure_overhead(service: Service, reference: pathlib.Path, model: pathlib.Path, picture: bytes, options) -> None:
    """Ours between a run of the runtime with spinning threads and one without; the better of the two counts."""
    threads, ours, alone, each = 2, [], [], []
    service.predict(8, picture)
    for _ in range(options.rounds):
        theirs = [run_reference(reference, model, options.count, threads, spinning=0)]
        cpu_before = cpu_of_tree(service.process.pid)[0]
        wall, times = service.predict(options.count, picture)
        ours.append((wall, (cpu_of_tree(service.process.pid)[0] - cpu_before) * 1e3))
        each += times
        theirs.append(run_reference(reference, model, options.count, threads, spinning=1))
        alone.append(tuple(min(column) for column in zip(*theirs)))
    rows = []
    for column, name in ((0, "wall"), (1, "CPU")):
        ratios = [own[column] / their[column] for own, their in zip(ours, alone)]
        rows.append([f"{options.count} predictions, {name} (ms)", statistics.median(one[column] for one in ours),
                     statistics.median(one[column] for one in alone), statistics.median(ratios), f"{min(ratios):.2f}-{max(ratios):.2f}",
                     TARGET_OVERHEAD if name == "wall" else ""])
    print_table("overhead", ["", "service", "runtime alone", "ratio", "of the rounds", "target"], rows)
    print(f"  each: median {statistics.median(each):.1f} ms, 95 % {percentile(each, 0.95):.1f} ms")


def measure_batching(service: Service, options) -> None:
    models, portrait = find_model().parents[1] / "face", SHARED / "media/faces/portrait.jpg"
    if not models.exists() or not portrait.exists():
        print("\nbatching: no face models or no portrait, left out")
        return
    for kind in ("detection", "recognition"):
        folder = service.folder / "facial-recognition" / MODEL / kind
        folder.mkdir(parents=True)
        (folder / "model.onnx").symlink_to(models / f"{kind}.onnx")
    picture, rows = portrait.read_bytes(), []
    service.predict(1, picture, FACES)
    for connections in (1, 8):
        shared_before = service.metric("immich_ml_batched_requests_total")
        wall, _ = service.predict(options.count, picture, FACES, connections)
        shared = service.metric("immich_ml_batched_requests_total") - shared_before
        rows.append([f"{connections} connections", wall / options.count, shared / options.count])
    print_table(f"batching: {options.count} predictions of faces", ["", "ms each", "share of requests that shared a run"], rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--service", type=pathlib.Path, default=ROOT / "build/release/ml/immich-machine-learning")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not options.service.exists():
        raise BenchError(f"{options.service} does not exist: ./dev build --preset release immich-machine-learning")
    model, picture, reference = find_model(), find_picture(), build_reference()
    with Service(options.service, model) as service:
        time.sleep(1)
        idle = service.rss_mib()
        slowest_ping, first = ping_while_loading(service, picture)
        measure_overhead(service, reference, model, picture, options)
        one_worker = service.rss_mib()
        measure_batching(service, options)
    with Service(options.service, model, workers=2) as service:
        service.predict(options.count, picture)
        two_workers = service.rss_mib()
    with Service(options.service, model, ttl_s=TTL_S) as service:
        service.predict(16, picture)
        for _ in range(100):
            time.sleep(0.2)
            if service.metric("immich_ml_models_loaded") == 0:
                break
        time.sleep(1)
        unloaded = service.rss_mib()
    print_table("memory, resident (MiB)", ["", "ours", "target", "ratio"],
                [["idle, no model loaded yet", idle, TARGET_IDLE_MIB, idle / TARGET_IDLE_MIB],
                 ["after load and unload", unloaded, TARGET_UNLOADED_MIB, unloaded / TARGET_UNLOADED_MIB],
                 ["one worker under load", one_worker, "", ""],
                 ["two workers under load, of one", two_workers, one_worker * TARGET_WORKERS, two_workers / one_worker]])
    print_table("while the model loads (ms)", ["", "ours", "target"],
                [["slowest ping", slowest_ping, TARGET_PING_MS], ["first prediction", first, ""]])
    return 0


if __name__ == "__main__":
    run_main(main)
