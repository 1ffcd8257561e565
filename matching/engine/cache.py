"""Never encode the same bytes twice: features on disk, by encoder and sha256.

For whoever goes over the same pictures again and again: training, calibration, measuring, re-imports. One
small npz a picture, written whole or not at all, so that runs may stop, resume and overlap.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from matching.engine.encoder import Encoded, Encoder
from matching.engine.images import Picture, Pixels, open_picture

_BATCH = 16


class FeatureCache:
    """Features of pictures under ``folder``, kept as float16 in a folder named after the encoder.

    Of the regions only the first, the whole picture, is kept.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._encoder = encoder
        self._folder = folder / encoder.identity.replace(":", "-")

    def encode(self, pictures: Sequence[Picture | Pixels]) -> Encoded:
        """As ``Encoder.encode``; arrays without a file are known by the sha256 of their pixels."""
        return self._gather([_key(item) for item in pictures], lambda at: pictures[at])

    def encode_files(
        self, files: Sequence[Path], *, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> Encoded:
        """As ``Encoder.encode`` for files, decoding only those not seen before; ``progress(done, total)``.

        Raises what ``open_picture`` raises.
        """
        keys = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
        return self._gather(keys, lambda at: open_picture(files[at]), progress)

    def _gather(
        self,
        keys: Sequence[str],
        fetch: Callable[[int], Picture | Pixels],
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Encoded:
        missing = [at for at, key in enumerate(keys) if not self._path(key).is_file()]
        for start in range(0, len(missing), _BATCH):
            progress(len(keys) - len(missing) + start, len(keys))
            batch = missing[start : start + _BATCH]
            self._store([keys[at] for at in batch], self._encoder.encode([fetch(at) for at in batch]))
        progress(len(keys), len(keys))
        empty = self._encoder.encode([])
        rows = [self._load(key, at, fetch) for at, key in enumerate(keys)]
        return Encoded(
            np.concatenate([empty.embedding, *(row.embedding for row in rows)]),
            np.concatenate([empty.class_tokens, *(row.class_tokens for row in rows)]),
            np.concatenate([empty.regions[:, :1], *(row.regions for row in rows)]),
        )

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.npz"

    def _load(self, key: str, at: int, fetch: Callable[[int], Picture | Pixels]) -> Encoded:
        try:
            with np.load(self._path(key), allow_pickle=False) as stored:
                return Encoded(
                    stored["embedding"].astype(np.float32)[None],
                    stored["class_tokens"].astype(np.float32)[None],
                    stored["patches"].astype(np.float32)[None, None],
                )
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            # A torn or foreign file is no loss: it is made again.
            encoded = self._encoder.encode([fetch(at)])
            self._store([key], encoded)
            return Encoded(encoded.embedding, encoded.class_tokens, encoded.regions[:, :1])

    def _store(self, keys: Sequence[str], encoded: Encoded) -> None:
        for row, key in enumerate(keys):
            path = self._path(key)
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f".{key}.{os.getpid()}")
            with partial.open("wb") as file:
                np.savez(
                    file,
                    embedding=encoded.embedding[row].astype(np.float16),
                    class_tokens=encoded.class_tokens[row].astype(np.float16),
                    patches=encoded.patches[row].astype(np.float16),
                )
            partial.replace(path)


def _key(item: Picture | Pixels) -> str:
    if isinstance(item, Picture):
        return item.sha256
    return hashlib.sha256(repr(item.shape).encode() + np.ascontiguousarray(item).tobytes()).hexdigest()
