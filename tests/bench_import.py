"""How long a large import takes: ``python -m tests.bench_import --files 5000 --read 200``.

A zip of small drawn pictures and a few files that are none, through the real broker and worker. The worker is
killed half-way; beat's sweep sends another one on. Reading works (decoding, encoder, features, copies) costs
far more than taking them in, so it is timed over the first ``--read`` works and told for all.
"""

# ruff: noqa: T201 -- it speaks on stdout

import argparse
import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests import servers  # noqa: F401 -- starts PostgreSQL and Valkey before settings are read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.files import File  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from matching import imports  # noqa: E402
from matching.models import Artist, Import, ImportState, Work, WorkState  # noqa: E402
from submissions.models import User  # noqa: E402
from tests.pictures import as_file, draw  # noqa: E402
from tests.processes.site import Site  # noqa: E402

NO_PICTURE_EACH = 100  # every hundredth file is none
MOST_S = 3600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--read", type=int, default=200, help="works to wait for after all were taken in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="import-") as name, override_settings(MEDIA_ROOT=f"{name}/media"):
        connection.creation.create_test_db(verbosity=0)
        site = Site(Path(name))
        try:
            site.start_broker()
            site.speak_to_broker()
            measure(site, options.files, options.read)
        finally:
            site.close()
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def measure(site: Site, files: int, read: int) -> None:
    owner = User.objects.create_user("artist@example.org", "x", display_name="Artist")
    artist = Artist.objects.create(owner=owner, name="Artist")
    began = time.monotonic()
    path = pack(site.folder / "portfolio.zip", files)
    print(
        f"zip of {files} files, {path.stat().st_size / 1e6:.1f} MB, drawn in {time.monotonic() - began:.0f} s"
    )

    began = time.monotonic()
    with path.open("rb") as archive:
        run = imports.start(artist, File(archive, name="portfolio.zip"))
    print(f"stored by the web: {time.monotonic() - began:.2f} s")

    worker = site.start_worker()
    wait(lambda: done(run) > 0)
    began = time.monotonic()
    wait(lambda: done(run) >= files // 2)
    site.kill(worker)
    half, first = done(run), time.monotonic() - began
    print(f"killed after {half} files, {first:.1f} s: {first / half * 1000:.1f} ms a file")

    began = time.monotonic()
    site.start_beat()
    site.start_worker()
    wait(lambda: done(run) > half)
    print(f"taken up again by the sweep after {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    wait(lambda: Import.objects.get(pk=run.pk).state == ImportState.DONE)
    second = time.monotonic() - began
    tell_end(run, artist, second, half)
    tell_reading(artist, read)


def tell_end(run: Import, artist: Artist, seconds: float, half: int) -> None:
    run.refresh_from_db()
    works = artist.works.count()
    each = seconds / (run.done - half) * 1000
    print(f"the rest in {seconds:.1f} s: {each:.1f} ms a file, while {matchable()} works were read")
    assert works == artist.works.values("sha256").distinct().count() == run.taken
    browser = Client(SERVER_NAME="localhost")
    assert artist.owner is not None
    browser.force_login(artist.owner)
    answer = browser.get(reverse("matching:import_problems", args=[run.public_id]))
    lines = answer.content.decode().splitlines()
    print(
        f"{works} works, each once; {len(run.problems)} files not taken, {len(lines) - 1} lines to download"
    )


def tell_reading(artist: Artist, read: int) -> None:
    before, began = matchable(), time.monotonic()
    wait(lambda: matchable() >= min(before + read, artist.works.count()))
    each = (time.monotonic() - began) / max(1, matchable() - before)
    left = artist.works.count() * each / 60
    print(f"read by one process of one thread: {each * 1000:.0f} ms a work, {left:.0f} min for all of them")


def pack(path: Path, files: int) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(files):
            is_none = number % NO_PICTURE_EACH == NO_PICTURE_EACH - 1
            content = b"no picture" if is_none else as_file(draw(number, 160, 120))
            archive.writestr(f"{number:05}.png", content)
    return path


def done(run: Import) -> int:
    return Import.objects.values_list("done", flat=True).get(pk=run.pk)


def matchable() -> int:
    return Work.objects.filter(state=WorkState.MATCHABLE).count()


def wait(until: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not until():
        if time.monotonic() - began > MOST_S:
            raise SystemExit("it takes too long; the worker's log is in the temporary folder")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
