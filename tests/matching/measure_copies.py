"""How well copies are found: ``python -m tests.matching.measure_copies --limit 540``.

The registry is three quarters of the human pictures of the shared data. The last quarter, by the same
artists, and generated pictures copy nothing. Collections are split into halves: bounds were chosen on
``tune``, numbers are told for ``report``. Every copy is a registered work after one transform of
``transforms.py``, or with ``--suite others`` of ``other_transforms.py``.

Evidence is kept under ``var/cache``; ``--fresh`` computes it anew. A held-out work that shows the same ship,
moon or map as a registered one of its collection verifies, rightly: such pairs are counted and listed apart.
"""

# ruff: noqa: T201 -- it speaks on stdout

import argparse
import csv
import json
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from matching.engine.cache import FeatureCache
from matching.engine.descriptors import pdq, pdq_distance
from matching.engine.encoder import Encoder, EncoderSettings, load_encoder
from matching.engine.evidence import LIKE_BITS, Hashes, score
from matching.engine.features import extract
from matching.engine.images import Picture, open_picture
from matching.engine.verify import LIKELIEST, verify
from matching.engine.whitening import load_whitening
from tests.matching.other_transforms import OTHERS
from tests.matching.transforms import TRANSFORMS, Transform, copy_of
from tests.pictures import as_file
from tests.shared_data import ROOT

CACHE = Path("var/cache")
SUITES: dict[str, Mapping[str, Transform]] = {"main": TRANSFORMS, "others": OTHERS}
BY_DESCRIPTOR, BY_PDQ = 20, 5


@dataclass
class Query:
    """One picture looked up, what it copies, and what was seen of its candidates, best first."""

    name: str
    transform: str
    source: str | None
    looks: list[dict[str, Any]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=540, help="copies to look up")
    parser.add_argument("--half", choices=["tune", "report"], default="report")
    parser.add_argument("--suite", choices=sorted(SUITES), default="main", help="which transforms")
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--fresh", action="store_true", help="compute the evidence anew")
    options = parser.parse_args()
    kept = CACHE / f"copies-{options.suite}-{options.half}-{options.limit}.json"
    if options.fresh or not kept.is_file():
        queries = look_up(options.half, options.limit, options.models, SUITES[options.suite])
        kept.write_text(json.dumps([asdict(query) for query in queries]))
    report([Query(**query) for query in json.loads(kept.read_text())])


def half_of(collection: str) -> str:
    return "tune" if zlib.crc32(collection.encode()) % 2 else "report"


def labels() -> list[dict[str, str]]:
    with (ROOT / "images" / "labels.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def read(name: str) -> Picture:
    return open_picture(ROOT / "images" / "pictures" / name)


def look_up(half: str, limit: int, models: Path, suite: Mapping[str, Transform]) -> list[Query]:
    # One core, so that the times mean something and neighbours are not slowed.
    cv2.setNumThreads(1)
    encoder = load_encoder(EncoderSettings(weights=str(models), threads=1))
    human = [row for row in labels() if row["label"] == "human" and half_of(row["collection"]) == half]
    generated = [
        row["file"] for row in labels() if row["label"] == "ai" and half_of(row["generator"]) == half
    ]
    registered = [row["file"] for row in human if zlib.crc32(row["file"].encode()) % 4]
    held_out = [row["file"] for row in human if not zlib.crc32(row["file"].encode()) % 4]
    works = Registry(registered, encoder)
    queries = [(Query(name, "none", None), read(name)) for name in held_out + generated[:100]]
    queries += list(copies(registered, works.pictures, generated, limit, suite))
    for query, picture in tqdm(queries, desc="queries"):
        works.look(query, picture)
    return [query for query, _ in queries]


def copies(
    registered: Sequence[str],
    pictures: Sequence[Picture],
    generated: Sequence[str],
    limit: int,
    suite: Mapping[str, Transform],
) -> Iterator[tuple[Query, Picture]]:
    """Go round the transforms, over the works in an order of no meaning."""
    order = np.random.default_rng(1).permutation(len(registered))
    for number in range(limit):
        at = int(order[(number * 7) % len(order)])
        transform = list(suite)[number % len(suite)]
        ground = read(generated[number % len(generated)]).pixels
        pixels = copy_of(pictures[at].pixels, transform, seed=registered[at], ground=ground, among=suite)
        yield Query(str(number), transform, registered[at]), open_picture(as_file(pixels))


class Registry:
    """Registered works, and what a worker does with a query."""

    def __init__(self, names: Sequence[str], encoder: Encoder) -> None:
        self.names, self.encoder = names, encoder
        self.pictures = [read(name) for name in tqdm(names, desc="works")]
        self.whitening = load_whitening(encoder.identity)
        self.vectors = self.whitening.work_descriptors(FeatureCache(CACHE, encoder).encode(self.pictures))
        hashed = [pdq(picture) for picture in self.pictures]
        self.hashes = np.stack([one.upright for one in hashed])
        self.qualities = [one.quality for one in hashed]
        self.features = [extract(picture) for picture in tqdm(self.pictures, desc="features")]

    def look(self, query: Query, picture: Picture) -> None:
        clock = [time.perf_counter()]
        regions = self.whitening.query_descriptors(self.encoder.encode([picture]))[0]
        clock.append(time.perf_counter())
        likeness = (regions @ self.vectors.T).max(axis=0)
        hashed = pdq(picture)
        bits = pdq_distance(hashed, self.hashes)
        clock.append(time.perf_counter())
        features = extract(picture)
        clock.append(time.perf_counter())
        for at in self._candidates(likeness, bits):
            rank, near = int((likeness > likeness[at]).sum()), int(bits[at])
            hashes = Hashes(near, min(hashed.quality, self.qualities[at]))
            found = verify(
                features,
                self.features[at],
                closely=rank < LIKELIEST or near <= LIKE_BITS,
                like_hashes=hashes.alike,
            )
            seen = asdict(found) | {"verified": found.verified, "work": self.names[at]}
            seen |= {"score": score(found, float(likeness[at])), "likeness": float(likeness[at])}
            seen |= {"rank": rank, "pdq": near, "quality": hashes.quality}
            query.looks.append(seen)
        clock.append(time.perf_counter())
        steps = ("encode", "candidates", "extract", "verify")
        query.seconds = dict(zip(steps, map(float, np.diff(clock)), strict=True))
        query.looks.sort(key=lambda look: (-look["verified"], -look["score"]))

    def _candidates(self, likeness: NDArray[np.float32], bits: NDArray[np.int64]) -> list[int]:
        first = np.argsort(-likeness, kind="stable")[:BY_DESCRIPTOR]
        also = [at for at in np.argsort(bits, kind="stable")[:BY_PDQ] if bits[at] <= LIKE_BITS]
        return list(dict.fromkeys([*map(int, first), *map(int, also)]))


def report(queries: Sequence[Query]) -> None:
    collection = {row["file"]: row["collection"] for row in labels()}
    series = sorted({pair for query in queries for pair in reused(query, collection)})
    copied = [query for query in queries if query.source]
    quiet = [query for query in queries if not query.source]
    flagged = [
        query
        for query in quiet
        if any(related(query, look, collection) == "other" for look in verified(query))
    ]
    table = defaultdict(list)
    for query in copied:
        table[query.transform].append(query)
    print(f"{'transform':30} {'copies':>6} {'candidate':>9} {'verified':>8}")
    for name, group in table.items():
        print(f"{name:30} {len(group):6} {share(group, candidate):9.2f} {share(group, found):8.2f}")
    print(f"{'all':30} {len(copied):6} {share(copied, candidate):9.2f} {share(copied, found):8.2f}")
    print(f"pictures that copy nothing: {len(quiet)}; flagged with another artist's work: {len(flagged)}")
    print(f"pairs of one collection that show the same thing: {len(series)}")
    for pair in series:
        print("   ", *pair)
    for query in flagged:
        print("   flagged:", query.name, [look["work"] for look in verified(query)])
    strict, lenient = average_precision(queries, {}), average_precision(queries, collection)
    print(f"micro-AP {strict:.3f}; {lenient:.3f} where pairs of one collection count neither way")
    print(f"recall at zero false positives, by score: {recall_at_zero(queries, collection):.3f}")
    for step in ("encode", "candidates", "extract", "verify"):
        times = 1000 * np.array([query.seconds[step] for query in queries])
        print(
            f"{step}: median {np.median(times):.0f} ms, 95 % under {np.percentile(times, 95):.0f} ms a query"
        )


def verified(query: Query) -> list[dict[str, Any]]:
    return [look for look in query.looks if look["verified"]]


def candidate(query: Query) -> bool:
    return any(look["work"] == query.source for look in query.looks)


def found(query: Query) -> bool:
    return any(look["work"] == query.source for look in verified(query))


def share(queries: Sequence[Query], holds: Any) -> float:
    return float(np.mean([holds(query) for query in queries]))


def related(query: Query, look: dict[str, Any], collection: dict[str, str]) -> str:
    """What a work is to a query: "copied", of the same "series" (artist or project), or an "other"."""
    if look["work"] == query.source:
        return "copied"
    mine = collection.get(query.source or query.name, "") or "generated"
    return "series" if mine == collection.get(look["work"]) else "other"


def reused(query: Query, collection: dict[str, str]) -> Iterator[tuple[str, str]]:
    for look in verified(query):
        if related(query, look, collection) == "series":
            yield tuple(sorted((query.source or query.name, look["work"])))


def ranked(queries: Sequence[Query], collection: dict[str, str]) -> list[bool]:
    """Every look at a work, surest first: whether it is the copied one."""
    looks = [
        (look["verified"], look["score"], kind == "copied")
        for query in queries
        for look in query.looks
        if (kind := related(query, look, collection)) != "series" and look["score"] > 0
    ]
    looks.sort(key=lambda one: (-one[0], -one[1], one[2]))
    return [right for _, _, right in looks]


def average_precision(queries: Sequence[Query], collection: dict[str, str]) -> float:
    """Over all queries at once; with no ``collection`` a pair of one series counts as wrong."""
    right = np.array(ranked(queries, collection))
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    return float(precision[right].sum() / sum(query.source is not None for query in queries))


def recall_at_zero(queries: Sequence[Query], collection: dict[str, str]) -> float:
    right = ranked(queries, collection)
    first_wrong = right.index(False) if False in right else len(right)
    return first_wrong / sum(query.source is not None for query in queries)


if __name__ == "__main__":
    main()
