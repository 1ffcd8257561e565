"""Snapshots for several machines: published to the storage, fetched with their checksums compared.

Parts never change and carry their names for ever, so only what is new travels. The manifest goes last:
whoever reads it finds all that it names, or, where it has moved on meanwhile, the one after it.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import structlog
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from matching.engine.index import SNAPSHOT, SnapshotError, SnapshotTorn
from matching.engine.index.parts import PartFacts, digest
from matching.engine.index.snapshot import Manifest, publish_as, read_manifest

log = structlog.get_logger(__name__)


class Shared:
    """One index's snapshots below ``prefix`` of ``storage``."""

    def __init__(self, storage: Storage, prefix: str) -> None:
        self._storage, self._prefix = storage, prefix

    def manifest(self) -> Manifest | None:
        """What the shared snapshot is; None where there is none. Raises ``SnapshotTorn``."""
        name = f"{self._prefix}/{SNAPSHOT}"
        try:
            with self._storage.open(name) as file:
                return Manifest.from_bytes(file.read())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SnapshotTorn(f"the shared snapshot cannot be read: {error}") from error

    def is_newer(self, folder: Path) -> bool:
        """Whether the storage has another snapshot than ``folder``."""
        try:
            shared = self.manifest()
        except SnapshotError:
            return False
        return shared is not None and shared != _own(folder)

    def publish(self, folder: Path) -> None:
        """Copy the snapshot in ``folder`` to the storage: parts, then manifest, then away with old parts."""
        manifest = read_manifest(folder)
        for part in manifest.parts:
            for name, (length, _sha256) in part.files.items():
                path = f"{self._prefix}/{part.name}/{name}"
                if self._storage.exists(path) and self._storage.size(path) == length:
                    continue
                self._storage.delete(path)
                with (folder / part.name / name).open("rb") as file:
                    self._storage.save(path, File(file))
        self._replace(f"{self._prefix}/{SNAPSHOT}", manifest.to_bytes())
        self._sweep({part.name for part in manifest.parts})

    def fetch(self, folder: Path) -> None:
        """Bring ``folder`` to the shared snapshot, if there is one; raises ``SnapshotError``."""
        shared = self.manifest()
        if shared is None or shared == _own(folder):
            return
        folder.mkdir(parents=True, exist_ok=True)
        for part in shared.parts:
            if not (folder / part.name).is_dir():
                self._fetch_part(folder, part)
        publish_as(folder, shared)

    def _fetch_part(self, folder: Path, part: PartFacts) -> None:
        partial = folder / f".{part.name}"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        try:
            for name, (length, sha256) in part.files.items():
                there = f"{self._prefix}/{part.name}/{name}"
                with self._storage.open(there) as file, (partial / name).open("wb") as copy:
                    shutil.copyfileobj(file, copy, 1 << 20)
                if digest(partial / name, sync=True) != (length, sha256):
                    raise SnapshotTorn(f"the file “{name}” of {part.name} did not arrive whole")
            partial.rename(folder / part.name)
        except OSError as error:
            raise SnapshotTorn(f"{part.name} could not be fetched: {error}") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _replace(self, path: str, raw: bytes) -> None:
        """A storage has no atomic replace, so for a moment there may be none; readers ask again."""
        self._storage.delete(path)
        self._storage.save(path, ContentFile(raw))

    def _sweep(self, named: set[str]) -> None:
        for old in self._parts():
            if old not in named:
                for name in self._storage.listdir(f"{self._prefix}/{old}")[1]:
                    self._storage.delete(f"{self._prefix}/{old}/{name}")
                if hasattr(self._storage, "path"):
                    self._storage.delete(f"{self._prefix}/{old}")

    def _parts(self) -> Iterator[str]:
        folders, _files = self._storage.listdir(self._prefix)
        yield from (name for name in folders if name.startswith("part-"))


def _own(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except SnapshotError:
        return None
