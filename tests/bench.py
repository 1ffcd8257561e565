"""``make bench``: what an entry costs, check by check, on throwaway servers with the real weights.

Prints medians over the entries of one run; on a busy machine only their ratios mean something.
"""

import argparse
import io
import os
import platform
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests import servers  # noqa: F401 -- starts PostgreSQL and Valkey before settings are read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import numpy as np  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from PIL import Image  # noqa: E402

from matching import encoding, registry  # noqa: E402
from matching.models import Artist  # noqa: E402
from moderation import policy  # noqa: E402
from moderation.demo import pictures  # noqa: E402
from moderation.models import CheckRun, Screening  # noqa: E402
from moderation.screening import recorded, run_stage, statement_of  # noqa: E402
from moderation.stages import STAGES, begin, next_stage  # noqa: E402
from submissions.rules import Rules  # noqa: E402
from tests import bench_index, bench_policy, bench_provenance, bench_queue, bench_record  # noqa: E402

PLOT = Path("var/index.svg")
SIDES = {"1 megapixel": (1200, 850), "12 megapixels": (4000, 3000), "48 megapixels": (8000, 6000)}
BUNDLED = ("astronaut", "coffee", "chelsea", "motorcycle_left", "motorcycle_right", "ihc")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=6, help="entries of each size")
    parser.add_argument("--works", type=int, default=30, help="works in the registry")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as media, override_settings(MEDIA_ROOT=media):
        connection.creation.create_test_db(verbosity=0)
        try:
            say(f"{platform.machine()}, {encoding.encoder().settings.threads} torch threads")
            fill_registry(options.works)
            for name, size in SIDES.items():
                stages(name, size, options.entries)
            verdicts()
            bench_policy.measure(10_000)
            bench_record.measure(12_500)
            bench_queue.measure(100_000)
            say("\nindex (python -m tests.bench_index; BENCH_INDEX=1e4,1e5,1e6,1e7 for more)\n")
            sizes = os.environ.get("BENCH_INDEX")
            lines = bench_index.measure(
                [int(float(size)) for size in sizes.split(",")] if sizes else bench_index.SIZES
            )
            bench_index.plot(lines, PLOT)
            say(f"\nas a plot: {PLOT}")
            say("")
            bench_provenance.main()
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def fill_registry(count: int) -> None:
    artist = Artist.objects.create(name="Bench")
    began = time.perf_counter()
    for seed in range(count):
        file = io.BytesIO(pictures.as_jpeg(pictures.hills(seed)))
        registry.embed(registry.register(artist, file, title=f"Hills {seed}"))
    each = (time.perf_counter() - began) / count * 1000
    say(f"registry: {count} works of 1 megapixel, {each:.0f} ms a work")


def stages(name: str, size: tuple[int, int], count: int) -> None:
    from tests.factories import make_artwork, make_contest, make_disclosure, make_draft

    contest, took = make_contest(), defaultdict[str, list[float]](list)
    for at, content in enumerate(photographs(size, count)):
        entry = make_draft(contest=contest, title=f"{name} {at}")
        make_artwork(entry, content=content, media_type="image/jpeg")
        make_disclosure(entry)
        type(entry).objects.filter(pk=entry.pk).update(state="received", submitted_at=entry.created)
        entry.refresh_from_db()
        screening = begin(entry)
        stage: str | None = next_stage(screening)
        while stage is not None:
            began = time.perf_counter()
            following = run_stage(screening, stage)
            took[stage].append(time.perf_counter() - began)
            stage = following
        for run in CheckRun.objects.filter(screening=screening):
            took[f"  {run.check_name}"].append(run.seconds or 0)
    say(f"\n{name} ({count} entries, median ms)")
    for stage, checks in STAGES.items():
        for row in (stage, *(f"  {check}" for check in checks)):
            say(f"  {row:<14} {statistics.median(took[row]) * 1000:8.0f}")
    say(f"  {'in all':<14} {sum(statistics.median(took[stage]) for stage in STAGES) * 1000:8.0f}")


def photographs(size: tuple[int, int], count: int) -> Iterator[bytes]:
    """JPEGs of ``size`` with grain, so that they are as large as a camera's."""
    for at in range(count):
        enlarged = pictures.photograph(BUNDLED[at % len(BUNDLED)]).resize(size, Image.Resampling.BICUBIC)
        grain = np.random.default_rng(at).normal(0, 6, (size[1], size[0], 1)).astype(np.float32)
        grained = (np.asarray(enlarged, np.float32) + grain).clip(0, 255).astype(np.uint8)
        yield pictures.as_jpeg(Image.fromarray(grained))


def verdicts() -> None:
    """How fast stored findings are judged again: the policy alone, without the database."""
    screening = Screening.objects.latest("pk")
    findings, said = recorded(screening), statement_of(screening.disclosure)
    began, count = time.perf_counter(), 20_000
    for _ in range(count):
        policy.route(findings, said, Rules())
    say(f"\npolicy: {count / (time.perf_counter() - began):,.0f} verdicts a second")


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this is a person's terminal


if __name__ == "__main__":
    main()
