"""PDQ: a perceptual hash for the same picture saved again, scaled, recoloured or blurred.

256 bits from the lowest frequencies (https://github.com/facebook/ThreatExchange/tree/main/pdq). It does not
survive turning or mirroring, so a query carries its hash in all eight orientations of the square.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pdqhash
from numpy.typing import NDArray

from matching.engine.images import Picture, Pixels, shrink

ORIENTATIONS: Final = 8
HASH_BYTES: Final = 32

# The reference implementation scales to this side first; one way of scaling keeps hashes comparable.
_SIDE = 512


@dataclass(frozen=True, eq=False)
class Pdq:
    """The hashes of one picture."""

    hashes: NDArray[np.uint8]
    """``[8, 32]``: as it is, turned by 90, 180, 270 degrees, then the four mirrored."""
    quality: int
    """0 to 100: how much there is to hash. The reference says to trust no hash at 49 or below."""

    @property
    def upright(self) -> NDArray[np.uint8]:
        """``[32]``: the hash of the picture as it is, the one to store."""
        first: NDArray[np.uint8] = self.hashes[0]
        return first


def pdq(picture: Picture) -> Pdq:
    """Hash a picture in all eight orientations."""
    pixels: Pixels = np.ascontiguousarray(shrink(picture.image, _SIDE))
    bits, quality = pdqhash.compute_dihedral(pixels)
    return Pdq(np.packbits(np.asarray(bits, dtype=np.uint8), axis=1), int(quality))


def hamming(queries: NDArray[np.uint8], stored: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Bits in which hashes differ: ``[q, 32]`` against ``[n, 32]`` gives ``[q, n]``."""
    left = np.ascontiguousarray(queries).view(np.uint64)
    right = np.ascontiguousarray(stored).view(np.uint64)
    distance = np.zeros((len(left), len(right)), dtype=np.int64)
    for word in range(left.shape[1]):
        distance += np.bitwise_count(left[:, None, word] ^ right[None, :, word])
    return distance


def pdq_distance(query: Pdq, stored: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The smallest distance over the query's orientations to each of ``[n, 32]`` stored upright hashes."""
    distances: NDArray[np.int64] = hamming(query.hashes, stored).min(axis=0)
    return distances
