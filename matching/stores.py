"""Where an index's base is kept: in files of this machine, shared through the storage, or on a server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.files.storage import default_storage

from matching.engine.index import (
    SNAPSHOT,
    Base,
    Builder,
    Rows,
    Snapshot,
    SnapshotError,
    SnapshotMissing,
    Source,
    fold,
    read_manifest,
)
from matching.engine.index.milvus import MilvusBase, MilvusServer
from matching.engine.index.rows import Ids
from matching.sharing import Shared

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Facts:
    """What is known of a base without opening it."""

    version: int
    created: float
    marker: int
    works: int


class Store(Protocol):
    """One index's base, and how the next one is made."""

    def load(self, known: Base | None) -> Base:
        """The newest base; raises ``SnapshotError``. May take seconds."""

    def is_newer(self, base: Base | None, *, thorough: bool) -> bool:
        """Whether there is another one than ``base``. Cheap; ``thorough`` may ask over the network."""

    def distrust(self) -> None:
        """The newest base does not hold what it says: the next one is made of everything."""

    def wants_build(self, base: Base | None) -> bool:
        """Whether the next base should be made of everything."""

    def fold(self, base: Base, new: Rows, gone: Ids, marker: int) -> None:
        """Make the base that follows ``base``."""

    def build(self, source: Source, *, seconds: float, progress: Any) -> bool:
        """Make a base of everything, or go on with it, for about ``seconds``; whether it is there."""

    def facts(self) -> Facts:
        """What the newest base is; raises ``SnapshotError``. Cheap."""

    def describe(self) -> str:
        """Where it is, for people."""


class FileStore:
    """Snapshots in a folder, and where ``INDEX_SHARED`` is on, copies of them in the storage."""

    def __init__(self, folder: Path, *, identity: str, dimension: int) -> None:
        self.folder, self._identity, self._dimension = folder, identity, dimension
        name = folder.relative_to(settings.INDEX_DIR) if folder.is_relative_to(settings.INDEX_DIR) else folder
        self._shared = Shared(default_storage, f"index/{name.as_posix()}") if settings.INDEX_SHARED else None
        self._stamp: tuple[int, int] | None = None

    def load(self, known: Base | None) -> Snapshot:
        if self._shared is not None:
            self._shared.fetch(self.folder)
        self._stamp = self._stamp_now()
        return Snapshot.load(
            self.folder, self._identity, known=known if isinstance(known, Snapshot) else None
        )

    def is_newer(self, base: Base | None, *, thorough: bool) -> bool:
        if self._stamp_now() != self._stamp:
            return True
        return thorough and self._shared is not None and self._shared.is_newer(self.folder)

    def _stamp_now(self) -> tuple[int, int] | None:
        try:
            facts = (self.folder / SNAPSHOT).stat()
        except FileNotFoundError:
            return None
        return facts.st_ino, facts.st_mtime_ns

    def distrust(self) -> None:
        (self.folder / SNAPSHOT).unlink(missing_ok=True)

    def wants_build(self, base: Base | None) -> bool:
        if base is None or Builder.is_under_way(self.folder):
            return True
        return isinstance(base, Snapshot) and base.manifest.wants_build

    def fold(self, base: Base, new: Rows, gone: Ids, marker: int) -> None:
        assert isinstance(base, Snapshot)
        fold(
            self.folder,
            base,
            identity=self._identity,
            dimension=self._dimension,
            new=new,
            gone=gone,
            marker=marker,
        )
        self._publish()

    def build(self, source: Source, *, seconds: float, progress: Any) -> bool:
        builder = Builder(self.folder, source, identity=self._identity, dimension=self._dimension)
        if builder.run(seconds=seconds, progress=progress) is None:
            return False
        self._publish()
        return True

    def _publish(self) -> None:
        if self._shared is not None:
            self._shared.publish(self.folder)

    def facts(self) -> Facts:
        try:
            manifest = read_manifest(self.folder)
        except SnapshotMissing:  # another machine's worker may have made one
            shared = self._shared.manifest() if self._shared is not None else None
            if shared is None:
                raise
            manifest = shared
        return Facts(manifest.version, manifest.created, manifest.marker, manifest.count)

    def describe(self) -> str:
        return str(self.folder / SNAPSHOT)


class MilvusStore:
    """A collection of a Milvus server."""

    def __init__(self, address: str, name: str, *, identity: str, dimension: int) -> None:
        parts = urlsplit(address)
        self._server = MilvusServer(f"http://{parts.netloc}", parts.path.strip("/"))
        self._facts: dict[str, Any] = {"name": name, "identity": identity, "dimension": dimension}

    def load(self, known: Base | None) -> MilvusBase:
        return MilvusBase.load(self._server, **self._facts)

    def is_newer(self, base: Base | None, *, thorough: bool) -> bool:
        if not thorough:
            return False
        try:
            return self.load(None).marker != (base.marker if base else -1)
        except SnapshotError:
            return False

    def distrust(self) -> None:
        MilvusBase.drop(self._server, **self._facts)

    def wants_build(self, base: Base | None) -> bool:
        return base is None

    def fold(self, base: Base, new: Rows, gone: Ids, marker: int) -> None:
        assert isinstance(base, MilvusBase)
        base.fold(new, gone, marker)

    def build(self, source: Source, *, seconds: float, progress: Any) -> bool:
        return MilvusBase.build(self._server, source, seconds=seconds, progress=progress, **self._facts)

    def facts(self) -> Facts:
        state = MilvusBase.state(self._server, self._facts["name"])
        marker = int(state["marker"])
        return Facts(marker, float(state["created"]), marker, int(state["count"]))

    def describe(self) -> str:
        return f"{self._server.address}/{self._facts['name']}"


def store_for(name: str, identity: str, dimension: int, history: str) -> Store:
    """The store that ``MATCHING_INDEX`` names, for one index of one database under one encoder."""
    facts: dict[str, Any] = {"identity": identity, "dimension": dimension}
    if settings.MATCHING_INDEX.startswith("milvus://"):
        return MilvusStore(settings.MATCHING_INDEX, f"{name}:{identity}:{history}", **facts)
    return FileStore(folder_for(name, identity, history), **facts)


def folder_for(name: str, identity: str, history: str) -> Path:
    return Path(settings.INDEX_DIR) / name / (identity.replace(":", "-") or "hashes") / history
