"""The provenance room against the bare library: ratios measured in one run, alternating, and peak memory.

Part of ``make bench``; alone: ``python -m tests.bench_provenance``.
"""

import io
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import c2pa
import numpy as np
from PIL import Image

from moderation.provenance import TrustLists, read, read_traces
from moderation.provenance.bytesource import ByteSource
from moderation.provenance.library import _context
from moderation.provenance.signing import Manifest, created, make_authority, make_leaf, write

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "JPEG": ("image/jpeg", {"quality": 92}),
    "PNG": ("image/png", {"compress_level": 1}),
    "WebP": ("image/webp", {"quality": 95, "method": 0}),
    "lossless WebP": ("image/webp", {"lossless": True, "method": 0}),
    "AVIF": ("image/avif", {"quality": 90, "speed": 10}),
    "TIFF": ("image/tiff", {}),
}
SIZES = (1_000_000, 20_000_000)
MOST = {"WebP": 8_000_000}  # its encoder takes no more grain
TARGET, TARGET_MB = 1.3, 8.0


def main() -> None:
    say("provenance against the bare library's validated read (medians of one run, alternating)")
    for wanted in SIZES:
        for kind in KINDS:
            file = signed(kind, min(wanted, MOST.get(kind, wanted)))
            bare, ours, times = ratio(file, rounds=60 if wanted < 5_000_000 else 15)
            more = peak(file, "ours") - peak(file, "bare")
            verdict = "" if times <= TARGET and more <= TARGET_MB else "  over"
            say(
                f"  {kind:<14} {len(file) / 1e6:5.1f} MB  bare {bare * 1000:7.2f} ms  "
                f"with judgement and traces {ours * 1000:7.2f} ms  ratio {times:4.2f}  "
                f"peak {more:+5.1f} MB{verdict}"
            )
    busy()


def signed(kind: str, wanted: int) -> bytes:
    """A picture with grain of about ``wanted`` bytes, signed."""
    media, options = KINDS[kind]
    authority = make_authority("Bench", "Bench")
    leaf = make_leaf(authority, "Bench signer", "Bench")
    manifest = Manifest(
        {
            "claim_generator_info": [{"name": "Bench"}],
            "assertions": [
                {"label": "c2pa.actions.v2", "data": {"actions": [created("digitalCapture")]}},
            ],
        }
    )
    side, picture = 500, b""
    for _ in range(5):  # what a side gives in bytes is known only afterwards
        picture = drawn(kind, side, options)
        if 0.8 < len(picture) / wanted < 1.3:
            break
        side = int(side * (wanted / len(picture)) ** 0.5)
    return write(picture, media, manifest, leaf.signatory)


def drawn(kind: str, side: int, options: Mapping[str, Any]) -> bytes:
    rng = np.random.default_rng(1)
    ramp = np.linspace(0, 200, side)[:, None, None] + np.linspace(0, 40, side)[None, :, None]
    pixels = np.clip(ramp + rng.normal(0, 12, (side, side, 3)), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind.rpartition(" ")[2].upper(), **options)
    return out.getvalue()


def bare_read(file: BinaryIO) -> object:
    """What anybody pays: the library's own reader with the same settings, its report parsed."""
    file.seek(0)
    with c2pa.Reader(None, ByteSource(file).stream(), context=_context(TrustLists())) as reader:
        return json.loads(reader.json())


def our_read(file: BinaryIO) -> object:
    return read(file), read_traces(file, name="bench.jpg")


def ratio(file: bytes, *, rounds: int) -> tuple[float, float, float]:
    """Medians of the bare read and of ours in seconds, and of their ratios, each of two reads in a row: both
    meet the same machine, however busy it is."""
    stream = io.BytesIO(file)
    took: tuple[list[float], list[float]] = ([], [])
    for reader in (bare_read, our_read):
        reader(stream)
    for _ in range(rounds):
        for at, reader in enumerate((bare_read, our_read)):
            began = time.perf_counter()
            reader(stream)
            took[at].append(time.perf_counter() - began)
    times = statistics.median(ours / bare for bare, ours in zip(*took, strict=True))
    return statistics.median(took[0]), statistics.median(took[1]), times


def peak(file: bytes, which: str) -> float:
    """Megabytes by which a fresh process grows at most while it reads ``file`` from disk."""
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(file)
        kept.flush()
        command = [sys.executable, "-m", "tests.bench_provenance", which, kept.name]
        return float(subprocess.run(command, capture_output=True, check=True).stdout)


def _peak_here(which: str, path: str) -> None:
    reader: Callable[[BinaryIO], object] = {"bare": bare_read, "ours": our_read}[which]
    small = io.BytesIO(signed("PNG", 20_000))
    for warm in (bare_read, our_read):  # imports and the context belong to neither
        warm(small)
    before = _most_memory()
    with Path(path).open("rb") as file:
        reader(file)
    sys.stdout.write(f"{(_most_memory() - before) / 1024:.1f}")


def _most_memory() -> int:
    """Kilobytes of this process at its largest. ``getrusage`` would count what its parent held as well."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


# Beside a busy Python thread every callback of the library waits for the interpreter's lock. The worker reads
# in a process that runs one task at a time, so what keeps another entry's process busy costs it nothing.


def busy() -> None:
    file = signed("PNG", 20_000_000)
    alone = _timed(file)
    in_thread = _beside(file, threading.Thread, threading.Event)
    processes = multiprocessing.get_context("spawn")
    in_process = _beside(file, processes.Process, processes.Event)
    say(
        f"a 20 MB PNG: alone {alone * 1000:.0f} ms, beside a busy thread {in_thread * 1000:.0f} ms "
        f"({in_thread / alone:.1f} times), beside a busy process, as in the worker, "
        f"{in_process * 1000:.0f} ms ({in_process / alone:.1f} times)"
    )


def _beside(file: bytes, kind: Any, event: Any) -> float:
    stop = event()
    other = kind(target=_spin, args=(stop,), daemon=True)
    other.start()
    time.sleep(1)  # until a fresh process is up
    try:
        return _timed(file)
    finally:
        stop.set()
        other.join()


def _spin(stop: Any) -> None:
    while not stop.is_set():
        sum(range(10_000))


def _timed(file: bytes) -> float:
    stream, took = io.BytesIO(file), []
    for _ in range(5):
        began = time.perf_counter()
        our_read(stream)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this is a person's terminal


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _peak_here(*sys.argv[1:])
    else:
        main()
