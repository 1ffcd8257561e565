"""``python -m tests.bench_hashes --sizes 1e5,1e6,1e7``: hashes looked up in eight orientations, no vectors.

Hashes are drawn at random; each query is one of them with some bits flipped, among seven that are nobody's.
"Of a core" is the processor time of the thread that asks.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from matching.engine.index.hashes import HashLists, write
from tests.bench_index import say

WITHIN = 48
QUERIES, WARM = 200, 50
FLIPPED = (20, 31, 40, 48)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1e5,1e6", help="how many hashes, comma-separated")
    options = parser.parse_args()
    say("| hashes | written in | on disk | p50 | p95 | of a core p50 | p95 | found, at 20, 31, 40, 48 bits |")
    say("|---|---|---|---|---|---|---|---|")
    for size in options.sizes.split(","):
        with tempfile.TemporaryDirectory(prefix="vernissage-hashes-") as folder:
            say(measure(Path(folder), int(float(size))))


def measure(folder: Path, count: int) -> str:
    random = np.random.default_rng(0)
    stored = random.integers(0, 256, (count, 32), dtype=np.uint8)
    began = time.perf_counter()
    write(folder, stored)
    written = time.perf_counter() - began
    disk = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    lists = HashLists(folder, count)
    took, spent, seen = [], [], {flipped: list[bool]() for flipped in FLIPPED}
    for at in range(WARM + QUERIES):
        flipped, own = FLIPPED[at % len(FLIPPED)], int(random.integers(count))
        bits = np.unpackbits(stored[own])
        bits[random.permutation(256)[:flipped]] ^= 1
        queries = random.integers(0, 256, (8, 32), dtype=np.uint8)
        queries[3] = np.packbits(bits)
        began, busy = time.perf_counter(), time.thread_time()
        rows, _bits = lists.near(queries, WITHIN)
        spent.append(time.thread_time() - busy)
        took.append(time.perf_counter() - began)
        seen[flipped].append(own in rows)
    times = [
        f"{1000 * float(np.quantile(of[WARM:], share)):.1f} ms"
        for of in (took, spent)
        for share in (0.5, 0.95)
    ]
    found = " / ".join(f"{np.mean(one):.2f}" for one in seen.values())
    return f"| {count:,} | {written:.0f} s | {disk:,.0f} MB | {' | '.join(times)} | {found} |"


if __name__ == "__main__":
    main()
