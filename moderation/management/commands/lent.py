"""Pictures that entrants lent to measure and improve the detector: ``manage.py lent DIR``."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.credentials import lending
from moderation.wording.credentials import ENDINGS
from submissions.models import Artwork, CategoryKind

COLUMNS = ("file", "label", "family", "generator", "collection", "style", "source")


class Command(BaseCommand):
    help = "Write the pictures that entrants lent, and a list of them for the detector, into an empty folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        pictures = folder / "pictures"
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty: what was taken back meanwhile would stay in it.")
        pictures.mkdir(parents=True)
        lent = list(lending.lent_pictures())
        with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, COLUMNS)
            rows.writeheader()
            for artwork in lent:
                rows.writerow(_written(artwork, pictures))
        self.stdout.write(f"{len(lent)} pictures, listed in {folder / 'labels.csv'}")


def _written(artwork: Artwork, folder: Path) -> dict[str, str]:
    """Store the original bytes; say what the desk concluded. Nobody is named: makers are numbers."""
    entry = artwork.entry
    name = f"{artwork.public_id}.{ENDINGS.get(artwork.media_type, 'bin')}"
    with artwork.original.open("rb") as file:
        (folder / name).write_bytes(file.read())
    generated = entry.category is not None and entry.category.kind == CategoryKind.AI
    disclosure = entry.disclosure
    tools = [str(tool) for tool in disclosure.tools.all()] if disclosure else []
    return {
        "file": name,
        "label": "ai" if generated else "human",
        "family": "",
        "generator": (tools[0] if tools else "not stated") if generated else "",
        "collection": "" if generated else f"entrant-{entry.entrant_id}",
        "style": "",
        "source": f"{entry.contest.slug}, lent",
    }
