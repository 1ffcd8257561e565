"""A few native-resolution crops beside the whole picture, for who wants to pay for them.

The head is linear, so the mean of what it says of several views is what it says of the mean of their tokens:
with crops or without, a picture has one array of class tokens, and everything after that is the same. Each
crop costs a pass of the encoder. docs/model-card.md says what that buys: little, so by default there is none.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from moderation.detector import views

if TYPE_CHECKING:
    from matching.engine.encoder import Encoder
    from matching.engine.images import Picture

SHARE: Final = 0.5
"""What all crops together weigh beside the whole picture's 1."""


def crops_of(view: str, crops: int) -> list[str]:
    """The views that show ``crops`` native crops of ``view``."""
    before = "" if view == "whole" else f"{view}+"
    return [f"{before}native{at}" for at in range(crops)]


def combine(whole: NDArray[np.float32], crops: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The class tokens to judge, of the shape of each argument; ``whole`` itself where there is no crop."""
    if not crops:
        return whole
    mean = np.mean(np.stack(crops), axis=0)
    return np.asarray((whole + SHARE * mean) / (1 + SHARE), np.float32)


def look(
    picture: "Picture", whole: NDArray[np.float32], encoder: "Encoder", crops: int
) -> NDArray[np.float32]:
    """The class tokens ``[blocks, width]`` to judge ``picture`` by; ``whole`` are those of its own pass."""
    if not crops:
        return whole
    seen = [views.look(picture.pixels, view, picture.sha256) for view in crops_of("whole", crops)]
    return combine(whole, list(encoder.encode(seen).class_tokens))
