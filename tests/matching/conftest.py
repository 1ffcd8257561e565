"""What tests of the registry may use."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching import live
from matching.engine.encoder import Encoded, Encoder


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Each test begins without a snapshot, and with a process that has followed nothing."""
    settings.INDEX_DIR = tmp_path / "index"
    forget_index()
    yield
    forget_index()


def forget_index() -> None:
    """As a new process begins."""
    live._load.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def each_picture_encoded_once() -> Iterator[None]:
    """What the real encoder said of a picture is kept for the next test that draws the same one."""
    encode, kept = Encoder.encode, {}

    def remember(self: Encoder, pictures: Sequence[Any]) -> Encoded:
        keys = [getattr(one, "pixels", one).tobytes() for one in pictures]
        for key, one in zip(keys, pictures, strict=True):
            if key not in kept:
                kept[key] = encode(self, [one])
        parts = [encode(self, []), *(kept[key] for key in keys)]
        joined = {name: np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])}
        return Encoded(**joined)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Encoder, "encode", remember)
        yield
