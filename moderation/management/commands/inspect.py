"""Look at files as screening does, without a database: ``manage.py inspect FILE…|DIR``."""

import hashlib
import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from tqdm import tqdm

from matching.encoding import encoder
from matching.engine.images import MEDIA_TYPES, PictureError, open_picture
from matching.engine.weights import WeightsError
from matching.registry import limits
from moderation.detector import HeadError, judge_picture
from moderation.provenance import TrustLists, media_type, read, read_traces

_NOT_WORKS = {".csv", ".md", ".pem", ".key", ".json", ".txt"}


class Command(BaseCommand):
    help = "Print what each file says about its origin: one JSON object a line, progress on stderr."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|DIR")
        parser.add_argument(
            "--trust",
            action="append",
            type=Path,
            metavar="DIR",
            help="folder with trust lists; may be given several times; default: the setting TRUST_DIRS",
        )
        parser.add_argument("--no-synthetic", action="store_true", help="leave the detector out")

    def handle(self, *args: Any, **options: Any) -> None:
        trust = TrustLists.load(*(options["trust"] or map(Path, settings.TRUST_DIRS)))
        for path, problem in trust.problems.items():
            self.stderr.write(f"{path} is left out: {problem}")
        for path in tqdm(list(_files(options["paths"])), unit="file", disable=None):
            line = _looked_at(path, trust, synthetic=not options["no_synthetic"])
            self.stdout.write(json.dumps(line))
            self.stdout.flush()


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as given, folders walked in sorted order without hidden files and those that are no works."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for inner in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in inner.relative_to(path).parts)
            if not hidden and inner.suffix.lower() not in _NOT_WORKS and inner.is_file():
                yield inner


def _looked_at(path: Path, trust: TrustLists, *, synthetic: bool) -> dict[str, Any]:
    """One file's object; whatever goes wrong with it becomes its ``error``, so that the others are seen."""
    try:
        with path.open("rb") as file:
            media = media_type(file)
            line = {
                "file": str(path),
                "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
                "media": media,
                "provenance": read(file, trust=trust).as_json(),
                # Not the name: screening takes hints from the name that an entrant's own machine gave.
                "traces": [trace.as_json() for trace in read_traces(file)],
            }
    except OSError as error:
        return {"file": str(path), "error": error.strerror or str(error)}
    except Exception as error:
        return {"file": str(path), "error": f"{type(error).__name__}: {error}"}
    return line | (_synthetic(path, media) if synthetic else {"synthetic": None})


def _synthetic(path: Path, media: str) -> dict[str, Any]:
    """The detector's score for a picture, or why there is none."""
    if media not in MEDIA_TYPES:
        return {"synthetic": None}
    try:
        seen = judge_picture(open_picture(path, limits=limits()), encoder())
    except (PictureError, WeightsError, HeadError) as error:
        return {"synthetic": None, "synthetic_error": str(error)}
    return {"synthetic": {"score": seen.score, "band": seen.band, "model": seen.model}}
