"""Started by ../bench_web.sh: a fresh release server with 200,000 assets whose files exist, and the browser programs of
../shared/bench/web on it. Every figure of a program is the median of its runs; one run before is thrown away."""
import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from bench_api import Database
from bench_harness import BenchError, CACHE, EMAIL, PASSWORD, ROOT, SHARED, Server, percentile, print_table, run_main

HERE = pathlib.Path(__file__).resolve().parent
TESTS = ROOT / "tests/web"
# Pictures of each orientation; many assets share a file, each has its own address.
PICTURES = 60
SHAPES = {"l": (1920, 1440, 333, 250), "p": (1440, 1920, 250, 333)}
VIEWPORTS = (1280, 1920)
# Photos that must follow the one the viewer opens: the program takes 20 steps and waits for a picture after each.
VIEWER_RUN = 25

# What is measured: name, goal and what the official app does, all of one kind of machine (2 cores, no graphics card).
GOALS = {
    "login page, compressed kB": (120, 392),
    "login page, requests of the shell": (20, 76),
    "until photos, compressed kB": (250, 615),
    "until photos, requests of the shell": (40, 139),
    "login submitted to thumbnails, ms": (600, 1200),
    "warm reload to thumbnails, ms": (350, 850),
    "fling, frame p50, ms": (34, 117),
    "fling, frames over 100 ms, %": (5, 66),
    "fling, long tasks, ms": (1000, 7400),
    "fling, visible thumbnails loaded, % (at least)": (50, 4),
    "jump to complete thumbnails, median, ms": (180, 372),
    "jump to complete thumbnails, p95, ms": (250, 460),
    "scrubber to complete thumbnails, median, ms": (None, 398),
    "DOM elements at most": (1300, 1274),
    "JS heap after the flings, MB": (50, 53),
    "viewer, click to decoded, ms": (200, 401),
    "viewer, next photo p50, ms": (50, 117),
    "viewer, next photo p95, ms": (100, 150),
}


def ffmpeg(source: pathlib.Path, filters: str, target: pathlib.Path, *options: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, "-vf", filters, "-frames:v", "1", "-threads", "1",
                    *options, target], check=True)


def make_pictures() -> pathlib.Path:
    """Previews and thumbnails as the server would make them, cut out of the photographs of ../shared/media; once."""
    folder, dice = CACHE / "web_pictures", random.Random(7)
    sources = sorted((SHARED / "media/albums").rglob("*.jpg"))
    if len(list(folder.glob("*.webp"))) < PICTURES * len(SHAPES):
        print(f"making pictures in {folder} (once, about a minute)", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    for shape, (width, height, small_width, small_height) in SHAPES.items():
        for i in range(PICTURES):
            zoom, x, y, hue = dice.uniform(1, 1.6), dice.random(), dice.random(), dice.uniform(-20, 20)
            preview, thumbnail = folder / f"{shape}{i}_preview.jpeg", folder / f"{shape}{i}_thumbnail.webp"
            if thumbnail.exists():
                continue
            cut = (f"scale={int(width * zoom)}:{int(height * zoom)}:force_original_aspect_ratio=increase,"
                   f"crop={width}:{height}:(iw-{width})*{x:.3f}:(ih-{height})*{y:.3f},hue=h={hue:.1f}")
            ffmpeg(sources[i % len(sources)], cut, preview, "-q:v", "4")
            ffmpeg(preview, f"scale={small_width}:{small_height}", thumbnail, "-c:v", "libwebp", "-quality", "80")
    return folder


def fill(server: Server, count: int, pictures: pathlib.Path) -> None:
    server.start()
    server.sign_up()
    database = Database(server)
    print(f"loading {count} assets", flush=True)
    database.load(count)
    database.one(f"""UPDATE asset_file f
        SET path = '{pictures}/' || CASE WHEN a.height > a.width THEN 'p' ELSE 'l' END
            || ('x' || substr(md5(a.id::text), 1, 6))::bit(24)::int % {PICTURES}
            || CASE f.type WHEN 'preview' THEN '_preview.jpeg' ELSE '_thumbnail.webp' END
        FROM asset a WHERE a.id = f."assetId" AND f.type IN ('preview', 'thumbnail')""")
    database.one("""INSERT INTO system_metadata (key, value) VALUES ('admin-onboarding', '{"isOnboarded": true}')
        ON CONFLICT (key) DO UPDATE SET value = excluded.value""")
    for table in ("asset", "asset_file", "asset_exif"):
        database.one(f"VACUUM ANALYZE {table}")
    server.stop()
    server.start()  # nothing cached from before the load


def photo_to_open(server: Server) -> str:
    """A photo in the middle of the library with photos, not films, after it."""
    api, query = server.api(), "visibility=timeline&withPartners=true&withStacked=true"
    buckets = api.json("GET", f"/timeline/buckets?{query}")
    for bucket in buckets[len(buckets) // 2:]:
        month = api.json("GET", f"/timeline/bucket?timeBucket={bucket['timeBucket']}&{query}")
        for first in range(len(month["id"]) - VIEWER_RUN):
            if all(month["isImage"][first:first + VIEWER_RUN]):
                return month["id"][first]
    raise BenchError(f"no {VIEWER_RUN} photos one after another")


def prepare_programs(server: Server, folder: pathlib.Path) -> None:
    shutil.copytree(SHARED / "bench/web", folder, dirs_exist_ok=True)
    folder.chmod(0o755)
    (folder / "results").mkdir()
    (folder / "node_modules").symlink_to(TESTS / "node_modules")
    config = json.loads((HERE / "web_app.json").read_text())
    config |= {"base": f"http://127.0.0.1:{server.port}", "email": EMAIL, "password": PASSWORD,
               "viewerAsset": photo_to_open(server)}
    (folder / "own.json").write_text(json.dumps(config))


def run_program(name: str, runs: int, folder: pathlib.Path) -> list[dict]:
    for count, text in ((1, "one run to warm up"), (runs, f"{runs} runs")):
        print(f"  {name}: {text}", flush=True)
        done = subprocess.run([TESTS / "node24", f"{name}.mjs", str(count)], cwd=folder, env=os.environ | {"CFG": "own.json"},
                              capture_output=True, text=True)
        if done.returncode:
            raise BenchError(f"{name}.mjs failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return json.loads((folder / f"results/{name}-own.json").read_text())


def median(values) -> float:
    return statistics.median(list(values))


def load_figures(runs: list[dict]) -> dict:
    small = [run for run in runs if run["vp"] == VIEWPORTS[0]]
    return {
        "login page, compressed kB": median(run["login"]["nofont"] for run in small) / 1000,
        "login page, requests of the shell": median(run["login"]["shell_requests"] for run in small),
        "until photos, compressed kB": median(run["toThumbs"]["nofont"] for run in small) / 1000,
        "until photos, requests of the shell": median(run["toThumbs"]["shell_requests"] for run in small),
        "login submitted to thumbnails, ms": median(run["submitN"] for run in small),
        "warm reload to thumbnails, ms": median(run[which]["n"] for run in small for which in ("warm1", "warm2")),
    }


def fling_figures(runs: list[dict]) -> dict:
    wheels = [run["wheel"] for run in runs]
    samples = [sample for wheel in wheels for sample in wheel["completeSamples"]]
    # A jump that never completed counts as long as the program waited.
    jumps = [jump["ms"] or 20_000 for run in runs for jump in run["jump"]["jumps"]]
    drags = [drag["ms"] or 20_000 for run in runs for drag in run.get("scrub", {}).get("drags", [])]
    return {
        "fling, frame p50, ms": median(wheel["p50"] for wheel in wheels),
        "fling, frames over 100 ms, %": median(wheel["share_gt100"] for wheel in wheels) * 100,
        "fling, long tasks, ms": median(wheel["longtask_ms"] for wheel in wheels),
        "fling, visible thumbnails loaded, % (at least)":
            100 * sum(sample[1] for sample in samples) / max(1, sum(sample[0] for sample in samples)),
        "jump to complete thumbnails, median, ms": median(jumps),
        "jump to complete thumbnails, p95, ms": percentile(jumps, 0.95),
        **({"scrubber to complete thumbnails, median, ms": median(drags)} if drags else {}),
        "DOM elements at most": max(wheel["domMax"] for wheel in wheels),
        "JS heap after the flings, MB": median(wheel["heap1"]["heapMB"] for wheel in wheels),
    }


def viewer_figures(runs: list[dict]) -> dict:
    # A step that never showed its picture counts as long as the program waited.
    steps = [step["ms"] or 8000 for run in runs for step in run["steps"]]
    return {
        "viewer, click to decoded, ms": median(run["open"] or 20_000 for run in runs),
        "viewer, next photo p50, ms": percentile(steps, 0.5),
        "viewer, next photo p95, ms": percentile(steps, 0.95),
    }


PROGRAMS = {"load": load_figures, "fling": fling_figures, "viewer": viewer_figures}


def table_rows(figures: dict) -> list[list]:
    rows = []
    for name, value in figures.items():
        goal, official = GOALS[name]
        is_met = goal is None or (value >= goal if "at least" in name else value <= goal)
        rows.append([name, float(value), goal if goal is not None else "", official, value / official, "" if is_met else "not reached"])
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench web", description=__doc__)
    parser.add_argument("--server", help="program to measure (default: build/release/server/immich-server)")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--assets", type=int, default=200_000, help="size of the library")
    parser.add_argument("--only", default=",".join(PROGRAMS), help="programs, comma between them (default: %(default)s)")
    options = parser.parse_args()
    chosen = options.only.split(",")
    if unknown := set(chosen) - set(PROGRAMS):
        raise BenchError(f"no program {', '.join(sorted(unknown))}; there are {', '.join(PROGRAMS)}")
    pictures = make_pictures()
    with Server(options.server) as server:
        site = server.folder / "data"
        site.mkdir()
        shutil.copytree(ROOT / "web/build", site / "www")  # a build meanwhile changes nothing
        server.extra["IMMICH_BUILD_DATA"] = str(site)
        fill(server, options.assets, pictures)
        programs = server.folder / "programs"
        prepare_programs(server, programs)
        figures = {}
        for name in chosen:
            figures |= PROGRAMS[name](run_program(name, options.runs, programs))
        print_table(f"web app, {options.assets} assets, headless Chromium, 1280x800", ["", "ours", "goal", "official", "ratio", ""],
                    table_rows(figures))
    return 0


if __name__ == "__main__":
    run_main(main)
