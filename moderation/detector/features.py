"""Features of labelled pictures, seen through several views, kept on disk so that runs may stop and resume.

Whole pictures share the cache of everyone who encodes files. Of other views, one small file a picture,
float16, named by the file's sha256 below a folder of the view and the encoder; written whole or not at all.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.cache import FeatureCache
from matching.engine.encoder import Encoder
from matching.engine.images import open_picture
from moderation.detector import closer, views

BATCH: Final = 8

Progress = Callable[[str, int, int], None]


def silent(view: str, done: int, total: int) -> None:
    """The progress nobody listens to."""


def file_sha256(path: Path) -> str:
    """Of the file's bytes, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True, eq=False)
class Features:
    """Of ``n`` pictures through one view, float32; sizes in brackets are those of ViT-B/16."""

    class_tokens: NDArray[np.float32]
    """``[n, 12, 768]``."""
    final: NDArray[np.float32]
    """``[n, 512]``, of unit length."""


class FeatureStore:
    """Features below ``folder``, made by ``encoder`` where they are missing."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._encoder = encoder
        self._wholes = FeatureCache(folder, encoder)
        self._folder = folder / "detector" / encoder.identity.replace(":", "-") / views.VERSION

    @property
    def encoder_identity(self) -> str:
        return self._encoder.identity

    @property
    def device(self) -> str:
        """Where missing features are made: ``cpu``, ``cuda``."""
        return self._encoder.device

    def through(self, view: str, files: Sequence[Path], progress: Progress = silent) -> Features:
        """Features of ``files`` seen through ``view``; raises what ``open_picture`` raises."""
        if view == "whole":
            whole = self._wholes.encode_files(files, progress=partial(progress, view))
            return Features(whole.class_tokens, whole.embedding)
        keys = [file_sha256(file) for file in files]
        found = [self._load(view, key) for key in keys]
        missing = [at for at, row in enumerate(found) if row is None]
        for start in range(0, len(missing), BATCH):
            progress(view, len(files) - len(missing) + start, len(files))
            batch = missing[start : start + BATCH]
            seen = [views.look(open_picture(files[at]).pixels, view, keys[at]) for at in batch]
            encoded = self._encoder.encode(seen)
            for row, at in enumerate(batch):
                self._store(view, keys[at], encoded.class_tokens[row], encoded.embedding[row])
                found[at] = self._load(view, keys[at])
        progress(view, len(files), len(files))
        rows = [row for row in found if row is not None]
        return Features(np.stack([row[0] for row in rows]), np.stack([row[1] for row in rows]))

    def judged(self, view: str, files: Sequence[Path], crops: int, progress: Progress = silent) -> Features:
        """What a head with ``crops`` native crops judges of ``files`` seen through ``view``."""
        seen = self.through(view, files, progress)
        closer_by = [self.through(one, files, progress).class_tokens for one in closer.crops_of(view, crops)]
        return Features(closer.combine(seen.class_tokens, closer_by), seen.final)

    def _path(self, view: str, key: str) -> Path:
        return self._folder / view / key[:2] / f"{key}.npz"

    def _load(self, view: str, key: str) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        try:
            with np.load(self._path(view, key), allow_pickle=False) as stored:
                return stored["class_tokens"].astype(np.float32), stored["final"].astype(np.float32)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None  # never made, or torn: it is made again

    def _store(self, view: str, key: str, tokens: NDArray[np.float32], final: NDArray[np.float32]) -> None:
        path = self._path(view, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{key}.{os.getpid()}")
        with unfinished.open("wb") as file:
            np.savez(file, class_tokens=tokens.astype(np.float16), final=final.astype(np.float16))
        unfinished.replace(path)
