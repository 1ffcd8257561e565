"""What hashes, geometry and likeness say together of one picture and one work, on one scale.

From one half on the score is proof, for pictures of every kind. Below, it orders what a person may want to
see: likeness counts there beside how near geometry came to a proof. Likeness less that of a background (its
5, 10 or 30 nearest of 499 unrelated pictures) was tried and orders no better.

No hash is proof by itself: those of two discs, windows or hearts on plain ground may differ in a few bits.
"""

from dataclasses import dataclass
from typing import Final

from matching.engine.verify import Verification

LIKE_BITS: Final = 48
"""Not chance any more, but for simple shapes: of 24,000 pairs that share nothing none came within 78."""
LOWEST_QUALITY: Final = 50
"""PDQ's authors say to trust no hash below."""


@dataclass(frozen=True)
class Hashes:
    """How near the hashes of two pictures are."""

    bits: int
    """In how many of 256 they differ, in the orientation in which they differ least."""
    quality: int
    """0 to 100: the lower of both."""

    @property
    def alike(self) -> bool:
        """Whether tones need only confirm it."""
        return self.bits <= LIKE_BITS and self.quality >= LOWEST_QUALITY


def score(geometry: Verification, likeness: float) -> float:
    """How strong the evidence is, 0 to 1; one half is just enough for proof."""
    if geometry.verified:
        return geometry.score
    return 0.25 * geometry.strength + 0.25 * min(max(likeness, 0.0), 0.99)
