"""Lists of labelled pictures, as CSV beside the pictures."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation import provenance
from moderation.detector.mediums import Medium, medium_of

_NEEDED = ("file", "label", "generator", "collection")


class ManifestError(Exception):
    """The list can't be used; the message is one sentence for the person who gave it."""


@dataclass(frozen=True)
class Labelled:
    """One picture and what is known of it."""

    path: Path
    generated: bool
    family: str
    generator: str
    collection: str
    style: str
    source: str

    @property
    def medium(self) -> Medium | None:
        return medium_of(self.style)

    @property
    def maker(self) -> str:
        """The generator of a generated picture, the artist or project of another."""
        return self.generator if self.generated else self.collection


@dataclass(frozen=True)
class Manifest:
    """Labelled pictures, in the order of their list."""

    rows: tuple[Labelled, ...]
    sha256: str
    """Of the list's bytes, in hex."""

    @property
    def files(self) -> list[Path]:
        return [row.path for row in self.rows]

    @property
    def generated(self) -> NDArray[np.bool_]:
        return np.array([row.generated for row in self.rows], dtype=np.bool_)


def read(path: Path) -> Manifest:
    """Read a list whose pictures lie in ``pictures/`` beside it, or beside it; raises ``ManifestError``."""
    try:
        data = path.read_bytes()
        rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"{path} cannot be read as a CSV file: {error}.") from error
    if not rows:
        raise ManifestError(f"{path} lists no pictures.")
    if absent := [name for name in _NEEDED if name not in rows[0]]:
        raise ManifestError(f"{path} lacks the column {absent[0]!r}.")
    labelled = tuple(_labelled(row, path) for row in rows)
    if len({row.generated for row in labelled}) < 2:
        raise ManifestError(f"{path} must list both human and generated pictures.")
    if out := [row.path.name for row in labelled if _opts_out(row.path)]:
        raise ManifestError(
            f"{path} lists {', '.join(out[:3])}, which asks in its own metadata not to be trained on. "
            "Take it off the list."
        )
    return Manifest(labelled, hashlib.sha256(data).hexdigest())


def _opts_out(path: Path) -> bool:
    """Whether the file itself, by Content Credentials or XMP, asks not to be learned from."""
    with path.open("rb") as file:
        return provenance.read(file).training.prohibits


def _labelled(row: dict[str, str], manifest: Path) -> Labelled:
    name, label = row["file"], row["label"]
    if label not in ("human", "ai"):
        raise ManifestError(f"{manifest} labels {name} {label!r}; labels are 'human' and 'ai'.")
    found = [path for path in (manifest.parent / "pictures" / name, manifest.parent / name) if path.is_file()]
    if not found:
        raise ManifestError(f"{manifest} lists {name}, which lies neither beside it nor in pictures/.")
    return Labelled(
        path=found[0],
        generated=label == "ai",
        family=row.get("family") or "",
        generator=row["generator"] or "",
        collection=row["collection"] or "",
        style=row.get("style") or "",
        source=row.get("source") or "",
    )
