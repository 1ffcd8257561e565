"""A snapshot of everything, made from the source of truth in steps that a kill does not undo.

Centres are learnt from a sample; then all rows are read in the order of their ids, a piece at a time, each
piece written with the lists that its rows belong to; then the pieces are laid into one part. A builder that
finds the traces of an earlier one goes on from there.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from matching.engine.index.parts import (
    EXACT_BELOW,
    ListsFile,
    NewPart,
    check_dimension,
    examples,
    learn_centres,
    lists_for,
    nearest_centres,
)
from matching.engine.index.rows import HASH_BYTES, Rows, Vectors
from matching.engine.index.snapshot import Manifest, publish, write_whole

BUILDING: Final = ".building"
PIECE: Final = 1 << 16

Progress = Callable[[int, int], None]


class Source(Protocol):
    """Where all rows are."""

    def marker(self) -> int:
        """The last change there is."""

    def count(self) -> int:
        """About how many rows there are."""

    def sample(self, count: int) -> Vectors:
        """About ``count`` vectors, drawn evenly."""

    def after(self, id_: int, count: int) -> Rows:
        """The next ``count`` rows in the order of their ids, or fewer at the end."""


class Builder:
    """Makes the next snapshot in ``folder`` of all that ``source`` has, or goes on making it."""

    def __init__(
        self,
        folder: Path,
        source: Source,
        *,
        identity: str,
        dimension: int,
        piece: int | None = None,
        exact_below: int = EXACT_BELOW,
    ) -> None:
        check_dimension(dimension)
        self._root, self._folder, self._source = folder, folder / BUILDING, source
        self._identity, self._dimension, self._piece = identity, dimension, piece or PIECE
        self._exact_below = exact_below

    @staticmethod
    def is_under_way(folder: Path) -> bool:
        return (folder / BUILDING / "plan.json").exists()

    def run(
        self, *, seconds: float = float("inf"), progress: Progress = lambda done, total: None
    ) -> Manifest | None:
        """Work for about ``seconds``; the manifest once the snapshot is there, None while more is to do.

        ``progress`` hears of rows read and rows expected. Learning the centres and laying the pieces together
        are one step each.
        """
        deadline = time.monotonic() + seconds
        plan = self._plan()
        centres = self._centres(plan)
        done = sum(piece["count"] for piece in plan["pieces"])
        progress(done, max(done, plan["expected"]))
        while not plan["read"]:
            if time.monotonic() > deadline:
                return None
            self._read_piece(plan, centres)
            done = sum(piece["count"] for piece in plan["pieces"])
            progress(done, done if plan["read"] else max(done, plan["expected"]))
        return self._lay_together(plan, centres)

    def abandon(self) -> None:
        """Forget what was read."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _plan(self) -> dict[str, Any]:
        wanted = {"identity": self._identity, "dimension": self._dimension, "version": 1}
        try:
            plan: dict[str, Any] = json.loads((self._folder / "plan.json").read_bytes())
            if plan["for"] == wanted:
                return plan
        except (OSError, ValueError, KeyError):
            pass
        self.abandon()
        self._folder.mkdir(parents=True)
        # The marker comes first: whatever changes from now on is followed again, so nothing falls between.
        marker, expected = self._source.marker(), self._source.count()
        plan = {"for": wanted, "marker": marker, "expected": expected, "pieces": [], "read": False}
        self._keep(plan)
        return plan

    def _keep(self, plan: dict[str, Any]) -> None:
        write_whole(self._folder / "plan.json", json.dumps(plan).encode())

    def _centres(self, plan: dict[str, Any]) -> Vectors:
        if not self._dimension:
            return np.zeros((1, 0), np.float32)
        path = self._folder / "centres.npy"
        if path.exists():
            return np.asarray(np.load(path, allow_pickle=False), np.float32)
        lists = lists_for(plan["expected"], self._exact_below)
        if lists == 1:
            return np.zeros((1, self._dimension), np.float32)
        sample = self._source.sample(examples(lists))
        centres = learn_centres(sample, min(lists, max(1, len(sample))))
        partial = self._folder / ".centres.npy"
        np.save(partial, centres, allow_pickle=False)
        partial.replace(path)
        return centres

    def _read_piece(self, plan: dict[str, Any], centres: Vectors) -> None:
        last = plan["pieces"][-1]["last"] if plan["pieces"] else -1
        rows = self._source.after(last, self._piece)
        if len(rows):
            name = f"piece-{len(plan['pieces']):06d}.npz"
            lists = nearest_centres(rows.vectors, centres)
            with (self._folder / name).open("wb") as file:
                np.savez(file, ids=rows.ids, vectors=rows.vectors, hashes=rows.hashes, lists=lists)
                file.flush()
                os.fsync(file.fileno())
            sizes = np.bincount(lists, minlength=len(centres))
            np.save(self._folder / f"{name}.sizes.npy", sizes, allow_pickle=False)
            plan["pieces"].append({"name": name, "count": len(rows), "last": int(rows.ids[-1])})
        plan["read"] = len(rows) < self._piece
        self._keep(plan)

    def _lay_together(self, plan: dict[str, Any], centres: Vectors) -> Manifest:
        pieces = [self._folder / piece["name"] for piece in plan["pieces"]]
        parts = []
        if pieces:
            with NewPart(self._root) as part:
                parts.append(self._part(part, pieces, centres))
        now = time.time()
        manifest = Manifest(self._identity, self._dimension, 0, plan["marker"], now, now, tuple(parts))
        manifest = publish(self._root, manifest)
        self.abandon()
        return manifest

    def _part(self, part: NewPart, pieces: list[Path], centres: Vectors) -> Any:
        ids, hashes, file = [np.zeros(0, np.int64)], [np.zeros((0, HASH_BYTES), np.uint8)], None
        if self._dimension:
            sizes = sum(np.load(f"{path}.sizes.npy", allow_pickle=False) for path in pieces)
            file = ListsFile(part.folder, centres, np.asarray(sizes, np.int64), self._dimension)
        for path in pieces:
            with np.load(path, allow_pickle=False) as piece:
                ids.append(piece["ids"])
                hashes.append(piece["hashes"])
                if file is not None:
                    file.add(piece["ids"], piece["vectors"], piece["lists"])
        if file is not None:
            file.close()
        return part.finish(
            np.concatenate(ids), np.concatenate(hashes), len(centres) if self._dimension else 0
        )
