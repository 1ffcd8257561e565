"""A snapshot: a manifest that names its parts. Written whole or not at all, and never changed afterwards."""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.parts import EXACT_BELOW, Part, PartFacts, PartTorn, check_dimension, write_part
from matching.engine.index.rows import Hashes, Ids, Rows, Vectors, join

SNAPSHOT: Final = "snapshot.json"
MOST_JOINED: Final = 200_000
"""Rows that a fold reads into memory and learns lists for; larger parts stay until a build."""
PARTS_BEFORE_BUILD: Final = 8

_FORMAT: Final = 2
_RATIO: Final = 4  # a part is joined with what is new while it is at most so many times as large


class SnapshotError(Exception):
    """There is no snapshot to answer from. Whoever asks answers "unknown", never "no match"."""


class SnapshotMissing(SnapshotError):
    """No snapshot was written yet."""


class SnapshotTorn(SnapshotError):
    """A file is missing, cut off, damaged or of another format."""


class SnapshotWrongModel(SnapshotError):
    """The snapshot was made with another encoder."""


@dataclass(frozen=True)
class Manifest:
    """What a snapshot is."""

    identity: str
    """What its vectors are vectors of."""
    dimension: int
    version: int
    """Rises by one with every snapshot in its folder."""
    marker: int
    """How far the source of truth had been read: all changes up to this number are in it."""
    created: float
    """Seconds since 1970."""
    built: float
    """When its largest part was last made of everything."""
    parts: tuple[PartFacts, ...] = field(default=())

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def age(self) -> float:
        """Seconds since it was written."""
        return max(0.0, time.time() - self.created)

    @property
    def wants_build(self) -> bool:
        """Whether making it of everything pays: parts that a fold can't join have become many or large."""
        sizes = sorted((part.count for part in self.parts), reverse=True)
        scattered = sum(sizes[1:])
        return len(sizes) > PARTS_BEFORE_BUILD or (scattered > MOST_JOINED and scattered > sizes[0] // _RATIO)

    def to_bytes(self) -> bytes:
        facts = {
            "format": _FORMAT,
            "identity": self.identity,
            "dimension": self.dimension,
            "version": self.version,
            "marker": self.marker,
            "created": self.created,
            "built": self.built,
            "parts": [part.as_json() for part in self.parts],
        }
        return json.dumps(facts | {"sha256": _sha256(facts)}, indent=1).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Manifest":
        try:
            facts = json.loads(raw)
            del facts["sha256"], facts["format"]
            parts = tuple(PartFacts(**part) for part in facts.pop("parts"))
            manifest = cls(**facts, parts=parts)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SnapshotTorn("the snapshot's manifest is not whole") from error
        if manifest.to_bytes() != raw:  # to the byte: sums, format, and nothing that JSON overlooks
            raise SnapshotTorn("the snapshot's manifest is not whole")
        return manifest


def _sha256(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """What the newest snapshot in ``folder`` says of itself; raises ``SnapshotError``. Cheap."""
    try:
        return Manifest.from_bytes((folder / SNAPSHOT).read_bytes())
    except FileNotFoundError as error:
        raise SnapshotMissing("there is no snapshot") from error
    except OSError as error:
        raise SnapshotTorn(f"the snapshot cannot be read: {error.strerror or error}") from error


class Snapshot:
    """An immutable base to search in; see ``matching.engine.index.index.Base``."""

    def __init__(self, manifest: Manifest, parts: Sequence[Part]) -> None:
        self.manifest, self.parts = manifest, tuple(parts)

    @classmethod
    def load(cls, folder: Path, identity: str, *, known: "Snapshot | None" = None) -> "Snapshot":
        """The newest snapshot in ``folder``, every checksum compared; raises ``SnapshotError``.

        Parts that ``known`` has open already are taken over. A fold may replace parts meanwhile: then the
        snapshot that took their place is read.
        """
        for _again in range(5):
            manifest = read_manifest(folder)
            if manifest.identity != identity:
                raise SnapshotWrongModel(f"the snapshot is of {manifest.identity}, not of {identity}")
            try:
                return cls(manifest, _open(folder, manifest, known))
            except PartTorn as error:
                torn = error
                if read_manifest(folder).version == manifest.version:
                    break
        raise SnapshotTorn(str(torn)) from torn

    @property
    def identity(self) -> str:
        return self.manifest.identity

    @property
    def dimension(self) -> int:
        return self.manifest.dimension

    @property
    def marker(self) -> int:
        return self.manifest.marker

    @property
    def age(self) -> float:
        return self.manifest.age

    @property
    def size(self) -> int:
        return self.manifest.count

    def holds(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of ``ids`` are in it."""
        held = np.zeros(len(ids), np.bool_)
        for part in self.parts:
            held |= part.holds(ids)
        return held

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Ids]:
        """Cosines and ids of each part's nearest, ``[n, parts · k]`` at most, in no order; -1 is none."""
        empty = np.zeros((len(queries), 0), np.float32), np.zeros((len(queries), 0), np.int64)
        found = [empty, *(part.search(queries, k) for part in self.parts)]
        return np.concatenate([one[0] for one in found], axis=1), np.concatenate(
            [one[1] for one in found], axis=1
        )

    def near(self, queries: Hashes, within: int) -> tuple[Ids, Ids]:
        """Ids and bits of all hashes at most ``within`` bits from any of the queries."""
        empty = np.zeros(0, np.int64), np.zeros(0, np.int64)
        found = [empty, *(part.near(queries, within) for part in self.parts)]
        return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])


def _open(folder: Path, manifest: Manifest, known: Snapshot | None) -> list[Part]:
    held = {part.facts.name: part for part in known.parts} if known else {}
    parts = []
    for facts in manifest.parts:
        part = held.get(facts.name)
        same = part is not None and part.facts == facts
        parts.append(part if part is not None and same else Part(folder, facts, manifest.dimension))
    return parts


def fold(
    folder: Path,
    base: Snapshot | None,
    *,
    identity: str,
    dimension: int,
    new: Rows,
    gone: Ids,
    marker: int,
    exact_below: int = EXACT_BELOW,
) -> Manifest:
    """Write the snapshot that follows ``base``: with ``new``, without ``gone``; ``base`` stays readable.

    It costs as much as what changed: small parts are joined with what is new, each row about log₄ n times in
    all; a large part is only copied, without what is gone from it, and only where something is.
    """
    check_dimension(dimension)
    replaced = np.union1d(gone, new.ids)
    joined, kept = [new], []
    total = len(new)
    for part in sorted(base.parts if base else (), key=len):
        if total and len(part) <= _RATIO * total and total + len(part) <= MOST_JOINED:
            joined.append(part.rows().without(replaced))
            total += len(part)
        elif part.holds(replaced).any():
            kept.append(part.rewritten_without(folder, replaced))
        else:
            kept.append(part.facts)
    rows = join(joined)
    added = [write_part(folder, rows, exact_below=exact_below)] if len(rows) else []
    parts = tuple(facts for facts in [*kept, *added] if facts is not None)
    built = base.manifest.built if base else time.time()
    return publish(folder, Manifest(identity, dimension, 0, marker, time.time(), built, parts))


def publish(folder: Path, manifest: Manifest) -> Manifest:
    """Make ``manifest`` the newest snapshot of ``folder``, then sweep away what none names any more."""
    try:
        version = read_manifest(folder).version + 1
    except SnapshotError:
        version = 1
    manifest = replace(manifest, version=version)
    publish_as(folder, manifest)
    return manifest


def publish_as(folder: Path, manifest: Manifest) -> None:
    """Make ``manifest``, just as it is, the snapshot of ``folder``."""
    write_whole(folder / SNAPSHOT, manifest.to_bytes())
    sweep(folder, manifest)


def write_whole(path: Path, raw: bytes) -> None:
    """The file is there with all of ``raw``, or as it was."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, manifest: Manifest) -> None:
    """Remove parts that ``manifest`` does not name. Whoever has them open reads on until they let go."""
    named = {part.name for part in manifest.parts}
    for path in folder.iterdir():
        if path.name not in named and path.name.lstrip(".").startswith("part-"):
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def only_writer(folder: Path) -> Iterator[bool]:
    """Whether nobody else on this machine writes snapshots into ``folder``; ends with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except BlockingIOError:
            alone = False
        yield alone
