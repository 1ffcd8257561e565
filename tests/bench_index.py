"""``python -m tests.bench_index``: the index at growing sizes, each in processes of its own.

Vectors are made, not real: 2,500 centres of unequal weight, works around them in twelve directions of their
own and a little in all, with the spectrum of 2,242 whitened descriptors of human pictures. (In a sample of
that size the nearest neighbour's cosine is 0.69 there and 0.63 here, the twentieth's 0.31 and 0.26: medians.)
Queries are noisy copies: works turned away at random, to a cosine between 0.7 and 0.97.

"Of a core" is the processor time of the thread that asks: what a quiet machine leaves of a query's time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.index import Builder, Index, Rows, Snapshot

Vectors = NDArray[np.float32]

PIECE = 1 << 16
SIZES = (10_000, 100_000)
K = 20
STEPS = ("build", "truth", "ask")
REGIONS = 19  # vectors that one picture asks with
WARM = 50
CENTRES, OWN, FAMILIES = 2500, 12, 256
# Eigenvalues of the real descriptors' covariance, by their place among 128.
PLACES = (0, 1, 3, 7, 15, 31, 63, 127)
EIGENVALUES = (0.0343, 0.0254, 0.0190, 0.0149, 0.0115, 0.0089, 0.0066, 0.0035)


class World:
    """Rows made on demand, always the same, and never all in memory."""

    def __init__(self, count: int, dimension: int) -> None:
        self.size, self.dimension = count, dimension
        self.spent = 0.0
        random = np.random.default_rng(0)
        places = np.arange(dimension) / dimension * 128
        spectrum = np.exp(np.interp(places, PLACES, np.log(EIGENVALUES)))
        self._spread = np.sqrt(spectrum / spectrum.sum()).astype(np.float32)
        self._centres = _unit(self._noise(random, CENTRES))
        self._families = _unit(self._noise(random, FAMILIES * OWN)).reshape(FAMILIES, OWN, dimension)
        weight = 1 / np.arange(1, CENTRES + 1)
        self._reach = np.cumsum(weight / weight.sum())

    def _noise(self, random: np.random.Generator, count: int) -> Vectors:
        drawn: Vectors = random.standard_normal((count, self.dimension), dtype=np.float32) * self._spread
        return drawn

    def piece(self, start: int) -> tuple[Vectors, NDArray[np.uint8]]:
        """Vectors and hashes of the piece that begins at ``start``."""
        began = time.perf_counter()
        count = min(PIECE, self.size - start)
        random = np.random.default_rng((7, start))
        chosen = np.searchsorted(self._reach, random.random(count)).clip(0, CENTRES - 1)
        rows = np.sqrt(0.38) * self._centres[chosen] + np.sqrt(0.05) * _unit(self._noise(random, count))
        along = random.standard_normal((count, OWN), dtype=np.float32)
        family = chosen % FAMILIES
        for number in range(FAMILIES):
            own = np.flatnonzero(family == number)
            rows[own] += np.sqrt(0.57) * _unit(along[own] @ self._families[number])
        hashes = random.integers(0, 256, (count, 32), dtype=np.uint8)
        self.spent += time.perf_counter() - began
        return _unit(rows), hashes

    def copies(self, count: int) -> tuple[Vectors, NDArray[np.uint8], NDArray[np.int64]]:
        """Noisy copies of works: vectors, hashes 20 bits off, and whose they are."""
        random = np.random.default_rng(11)
        starts = random.choice(np.arange(0, self.size, PIECE), 8)
        vectors, hashes, ids = [], [], []
        for start in sorted(set(starts.tolist())):
            rows, hashed = self.piece(start)
            own = random.integers(0, len(rows), count // len(set(starts.tolist())) + 1)
            cosine = random.uniform(0.7, 0.97, (len(own), 1)).astype(np.float32)
            away = self._noise(random, len(own))
            away = _unit(away - (away * rows[own]).sum(1, keepdims=True) * rows[own])
            vectors.append(cosine * rows[own] + np.sqrt(1 - cosine**2) * away)
            bits = np.unpackbits(hashed[own], axis=1)
            for row in bits:
                row[random.permutation(256)[:20]] ^= 1
            hashes.append(np.packbits(bits, axis=1))
            ids.append(own + start)
        mixed = random.permutation(sum(map(len, ids)))[:count]
        found = (np.concatenate(vectors)[mixed], np.concatenate(hashes)[mixed], np.concatenate(ids)[mixed])
        return found[0].astype(np.float32), found[1], found[2]

    # As a source to build from

    def marker(self) -> int:
        return 1

    def count(self) -> int:
        return self.size

    def sample(self, count: int) -> Vectors:
        starts = np.arange(0, self.size, PIECE)
        starts = starts[np.linspace(0, len(starts) - 1, min(len(starts), 16)).astype(int)]
        rows = np.concatenate([self.piece(int(start))[0] for start in starts])
        return rows[np.random.default_rng(5).permutation(len(rows))[:count]]

    def after(self, id_: int, count: int) -> Rows:
        start = id_ + 1
        if start >= self.size:
            return Rows.none(self.dimension)
        vectors, hashes = self.piece(start)
        return Rows(np.arange(start, start + len(vectors)), vectors.astype(np.float16), hashes)


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), np.float32)


def build(count: int, dimension: int, folder: Path) -> dict[str, Any]:
    """Write the snapshot, or go on writing it; how long it took, less the making of the vectors."""
    world = World(count, dimension)
    kept = folder / "took.json"
    before = json.loads(kept.read_text()) if kept.exists() else 0.0
    began = time.perf_counter()

    def seconds() -> float:
        return float(before + time.perf_counter() - began - world.spent)

    builder = Builder(folder, world, identity="bench", dimension=dimension, piece=PIECE)
    manifest = builder.run(progress=lambda done, total: note(kept, seconds()))
    assert manifest is not None
    note(kept, seconds())
    written = sum(length for part in manifest.parts for length, _sha256 in part.files.values())
    return {"build_s": seconds(), "disk_mb": written / 2**20, "lists": manifest.parts[0].lists}


def note(path: Path, told: Any) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(told))
    partial.replace(path)


def truth(count: int, dimension: int, folder: Path, queries: int) -> dict[str, Any]:
    """Queries, and their exact nearest, found by comparing everything."""
    import faiss

    world = World(count, dimension)
    vectors, hashes, own = world.copies(queries)
    scores, ids = np.full((queries, K), -2, np.float32), np.full((queries, K), -1, np.int64)
    for start in range(0, count, PIECE):
        rows = world.piece(start)[0].astype(np.float16).astype(np.float32)
        some, places = faiss.knn(vectors, rows, min(K, len(rows)), metric=faiss.METRIC_INNER_PRODUCT)
        scores, ids = np.hstack([scores, some]), np.hstack([ids, places + start])
        best = np.argsort(-scores, axis=1)[:, :K]
        scores, ids = np.take_along_axis(scores, best, 1), np.take_along_axis(ids, best, 1)
    np.savez(folder / "truth.npz", vectors=vectors, hashes=hashes, own=own, nearest=ids)
    return {}


def ask(count: int, dimension: int, folder: Path) -> dict[str, Any]:
    """A process that opens the snapshot and asks: times, recall, memory."""
    import faiss

    with np.load(folder / "truth.npz") as stored:
        asked = {name: stored[name] for name in stored.files}
    bare = resident()
    began = time.perf_counter()
    index = Index("bench", dimension, Snapshot.load(folder, "bench"))
    opened = time.perf_counter() - began
    faiss.omp_set_num_threads(1)
    for vector in asked["vectors"][-WARM:]:
        index.search(vector[None], K)
    took, spent, whole, same = [], [], [], []
    for vector, nearest, own in zip(asked["vectors"], asked["nearest"], asked["own"], strict=True):
        began, busy = time.perf_counter(), time.thread_time()
        hits = index.search(vector[None], K)[0]
        took.append(time.perf_counter() - began)
        spent.append(time.thread_time() - busy)
        found = {hit.id for hit in hits}
        whole.append(len(found & set(nearest.tolist())) / K)
        same.append(int(own) in found)
    hashing, hash_spent = [], []
    for hashed in asked["hashes"][:100]:
        eight = np.random.default_rng(1).integers(0, 256, (8, 32), dtype=np.uint8)
        eight[3] = hashed
        began, busy = time.perf_counter(), time.thread_time()
        near = index.near(eight, 5, within=48)
        hashing.append(time.perf_counter() - began)
        hash_spent.append(time.thread_time() - busy)
        assert near[0].bits == 20
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    pictures = []
    for start in range(0, len(asked["vectors"]) - REGIONS, REGIONS):
        began = time.perf_counter()
        index.search(asked["vectors"][start : start + REGIONS], K)
        pictures.append(time.perf_counter() - began)
    now = resident()
    return {
        "open_s": opened,
        "p50_ms": 1000 * float(np.median(took)),
        "p95_ms": 1000 * float(np.quantile(took, 0.95)),
        "core_p50_ms": 1000 * float(np.median(spent)),
        "core_p95_ms": 1000 * float(np.quantile(spent, 0.95)),
        "hash_core_p50_ms": 1000 * float(np.median(hash_spent)),
        "hash_core_p95_ms": 1000 * float(np.quantile(hash_spent, 0.95)),
        "picture_p50_ms": 1000 * float(np.median(pictures)),
        "hash_p50_ms": 1000 * float(np.median(hashing)),
        "hash_p95_ms": 1000 * float(np.quantile(hashing, 0.95)),
        "copy_recall": float(np.mean(same)),
        "set_recall": float(np.mean(whole)),
        "own_mb": (now["RssAnon"] - bare["RssAnon"]) / 1024,
        "mapped_mb": (now["RssFile"] - bare["RssFile"]) / 1024,
        "rss_mb": now["VmRSS"] / 1024,
    }


def resident() -> dict[str, int]:
    """What of this process is in memory, in kB: in all, its own, and mapped files that others share."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) for line in lines if "Rss" in line or "VmRSS" in line}


def measure(
    sizes: Sequence[int],
    *,
    dimension: int = 128,
    queries: int = 400,
    keep: Path | None = None,
    steps: Sequence[str] = STEPS,
) -> list[dict[str, Any]]:
    """One line a size, printed as it comes. What ``keep`` holds of an earlier run is not made again."""
    say(HEAD)
    found = []
    for count in sizes:
        with _folder(keep, f"{count}x{dimension}") as folder:
            line: dict[str, Any] = {"count": count, "dimension": dimension}
            for step in steps:
                line |= _done(step, count, dimension, folder, queries)
            if "ask" in steps:
                found.append(line)
                say(row(line))
    return found


@contextmanager
def _folder(keep: Path | None, name: str) -> Iterator[Path]:
    if keep is not None:
        (keep / name).mkdir(parents=True, exist_ok=True)
        yield keep / name
        return
    with tempfile.TemporaryDirectory(prefix="vernissage-bench-", dir=os.environ.get("BENCH_DIR")) as folder:
        yield Path(folder)


def _done(step: str, count: int, dimension: int, folder: Path, queries: int) -> dict[str, Any]:
    """What ``step`` tells. Its outcome is kept in the folder; only questions are asked each time."""
    kept = folder / f"{step}.json"
    if step == "ask" or not kept.exists():
        note(kept, _apart(step, count, dimension, folder, queries))
    told: dict[str, Any] = json.loads(kept.read_text())
    return told


def _apart(step: str, count: int, dimension: int, folder: Path, queries: int) -> dict[str, Any]:
    given = [step, str(count), str(dimension), str(folder), str(queries)]
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench_index", "--step", *given], stdout=subprocess.PIPE, check=True
    )
    told: dict[str, Any] = json.loads(run.stdout)
    return told


COLUMNS = (
    "works|build|query p50|p95|of a core p50|p95|a picture's 19|hash p50|p95|of a core p50|p95"
    "|copy among 20|exact 20|own memory|mapped|on disk"
)
HEAD = f"|{COLUMNS}|\n|{'---|' * (COLUMNS.count('|') + 1)}"


def row(line: dict[str, Any]) -> str:
    return (
        f"| {line['count']:,} × {line['dimension']} | {line['build_s']:.0f} s | {line['p50_ms']:.2f} ms "
        f"| {line['p95_ms']:.2f} ms | {line['core_p50_ms']:.2f} ms | {line['core_p95_ms']:.2f} ms "
        f"| {line['picture_p50_ms']:.1f} ms | {line['hash_p50_ms']:.1f} ms | {line['hash_p95_ms']:.1f} ms "
        f"| {line['hash_core_p50_ms']:.1f} ms | {line['hash_core_p95_ms']:.1f} ms "
        f"| {line['copy_recall']:.4f} | {line['set_recall']:.4f} "
        f"| {line['own_mb']:.0f} MB | {line['mapped_mb']:.0f} MB | {line['disk_mb']:.0f} MB |"
    )


def plot(lines: Sequence[dict[str, Any]], path: Path) -> None:
    """Time, recall and memory by size."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "vernissage"
    from matplotlib import pyplot as plt

    sizes = [line["count"] for line in lines]
    figure, (times, recall, memory) = plt.subplots(1, 3, figsize=(11, 3.2), layout="constrained")
    for name, key in (("p50", "p50_ms"), ("p95", "p95_ms"), ("hashes, p50", "hash_p50_ms")):
        times.plot(sizes, [line[key] for line in lines], marker="o", label=name)
    for name, key in (("copied work among 20", "copy_recall"), ("exact 20 found", "set_recall")):
        recall.plot(sizes, [line[key] for line in lines], marker="o", label=name)
    for name, key in (("its own", "own_mb"), ("mapped, shared", "mapped_mb")):
        memory.plot(sizes, [max(line[key], 1) for line in lines], marker="o", label=name)
    for axes, title in ((times, "ms a query"), (recall, "recall"), (memory, "MB in memory")):
        axes.set(title=title, xlabel="works", xscale="log")
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    times.set_yscale("log")
    memory.set_yscale("log")
    recall.set_ylim(0.9, 1.005)
    figure.savefig(path, metadata={"Date": None})


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this is a person's terminal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="how many works, comma-separated")
    parser.add_argument("--dimension", type=int, default=128)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--json", type=Path, help="keep the figures there; sizes measured before are kept")
    parser.add_argument("--plot", type=Path, help="draw all figures of --json as SVG")
    parser.add_argument("--keep", type=Path, help="a folder: what is built stays there, and is gone on with")
    parser.add_argument("--prepare", action="store_true", help="build in --keep, and ask nothing yet")
    parser.add_argument("--step", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step, count, dimension, folder, queries = options.step
        if step == "truth":
            told = truth(int(count), int(dimension), Path(folder), int(queries))
        else:
            told = (build if step == "build" else ask)(int(count), int(dimension), Path(folder))
        say(json.dumps(told))
        return
    sizes = [int(float(size)) for size in options.sizes.split(",") if size]
    lines = measure(
        sizes,
        dimension=options.dimension,
        queries=options.queries,
        keep=options.keep,
        steps=STEPS[:-1] if options.prepare else STEPS,
    )
    if options.json:
        before = json.loads(options.json.read_text()) if options.json.exists() else []
        new = {(line["count"], line["dimension"]) for line in lines}
        lines += [line for line in before if (line["count"], line["dimension"]) not in new]
        lines.sort(key=lambda line: (line["dimension"], line["count"]))
        options.json.write_text(json.dumps(lines, indent=1))
    if options.plot:
        plot([line for line in lines if line["dimension"] == options.dimension], options.plot)


if __name__ == "__main__":
    main()
