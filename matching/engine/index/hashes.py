"""Nearest 256-bit hashes, in all orientations of a query, without comparing each.

Multi-index hashing (Norouzi, Punjani and Fleet, CVPR 2012): hashes are cut into bands and listed by each. Two
that differ in few bits have a band in which they differ in next to none, so looking up each band's value and
its neighbours finds every such pair. Sixteen bands of 16 bits and one bit off find all pairs up to 31 bits
apart; twelve of 21 or 22 and two bits off, up to 35. Of pairs up to 48 bits apart both find nearly all (99 in
100 at 40 bits, 95 at 48, were the bits that differ drawn by lot). Narrow bands need small tables; wide ones
meet a third as many hashes by chance, and that is what a large index spends its time on.
"""

from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.descriptors import hamming
from matching.engine.index.rows import HASH_BYTES, Hashes, Ids

COMPARE_ALL_BELOW: Final = 20_000
WIDE_FROM: Final = 3_000_000  # works for which wide bands' tables, 134 MB, are little
NARROW, WIDE = 16, 12  # bands
_SURELY: Final = 31  # bits apart that are always found
_AT_ONCE: Final = 1 << 18  # comparisons held in memory together

FILES: Final = ("hashes", "buckets", "members")


class Bands:
    """How hashes are cut: ``count`` bands, in the order of their bits, as equal in width as they can be."""

    def __init__(self, count: int) -> None:
        self.count = count
        narrow, wider = divmod(8 * HASH_BYTES, count)
        self.widths = np.array([narrow] * (count - wider) + [narrow + 1] * wider)
        self.starts = np.cumsum(self.widths) - self.widths
        tables = (1 << self.widths) + 1
        self.tables = np.cumsum(tables) - tables  # where each band's table of buckets begins
        self.flips = [_flips(int(width), _SURELY // count) for width in self.widths]

    def values(self, hashes: Hashes, band: int) -> NDArray[np.int64]:
        """``[n, 32]`` hashes by their bits in ``band``."""
        words = np.ascontiguousarray(hashes).view("<u8")
        word, shift = divmod(int(self.starts[band]), 64)
        bits = words[:, word] >> np.uint64(shift)
        if shift + self.widths[band] > 64:
            bits = bits | words[:, word + 1] << np.uint64(64 - shift)
        found: NDArray[np.int64] = (bits & np.uint64((1 << int(self.widths[band])) - 1)).astype(np.int64)
        return found


@cache
def bands(count: int) -> Bands:
    return Bands(count)


def _flips(width: int, most: int) -> NDArray[np.int64]:
    """Everything that differs from zero in at most ``most`` of ``width`` bits."""
    flipped = (chosen for bits in range(most + 1) for chosen in combinations(range(width), bits))
    return np.array([sum(1 << bit for bit in chosen) for chosen in flipped], np.int64)


def write(folder: Path, hashes: Hashes, count: int | None = None) -> None:
    """The files of ``[n, 32]`` hashes, to be searched by row numbers; ``count`` bands, or what suits n."""
    hashes = np.ascontiguousarray(hashes)
    hashes.tofile(folder / "hashes")
    cut = bands(count or (WIDE if len(hashes) >= WIDE_FROM else NARROW))
    with (folder / "members").open("wb") as members, (folder / "buckets").open("wb") as buckets:
        for band, width in enumerate(cut.widths):
            values = cut.values(hashes, band)
            members.write(np.argsort(values, kind="stable").astype(np.uint32).tobytes())
            filled = np.bincount(values, minlength=1 << int(width))
            buckets.write(np.concatenate([[0], np.cumsum(filled)]).astype(np.uint32).tobytes())


class HashLists:
    """The hashes of ``folder``, memory-mapped."""

    def __init__(self, folder: Path, count: int) -> None:
        self.hashes: Hashes = np.memmap(folder / "hashes", np.uint8, "r", shape=(count, HASH_BYTES))
        # As plain arrays, and read by np.take: looking up many places is several times quicker so.
        self._words = np.asarray(self.hashes).view(np.uint64)
        self._members = np.asarray(np.memmap(folder / "members", np.uint32, "r"))
        self._buckets = np.asarray(np.memmap(folder / "buckets", np.uint32, "r"))
        self._bands = bands(len(self._members) // count)

    def near(self, queries: Hashes, within: int) -> tuple[Ids, Ids]:
        """Rows at most ``within`` bits from any of ``[o, 32]`` queries, each once, and their bits."""
        if len(self.hashes) < COMPARE_ALL_BELOW:
            return near(queries, self.hashes, within)
        looked_up = [self._buckets_of(queries, band) for band in range(self._bands.count)]
        query, places, lengths = (np.concatenate(parts) for parts in zip(*looked_up, strict=True))
        if lengths.sum() > len(self.hashes):  # a crowd of like hashes: reading on is quicker than looking up
            return near(queries, self.hashes, within)
        step = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows = np.take(self._members, np.repeat(places, lengths) + step).astype(np.int64)
        return _smallest(rows, self._bits(queries, np.repeat(query, lengths), rows), within)

    def _buckets_of(self, queries: Hashes, band: int) -> tuple[Ids, Ids, Ids]:
        """Buckets of ``band`` that may hold what is near ``queries``: of which query, where their rows stand
        among all bands' members, and how many."""
        keys = self._bands.values(queries, band)[:, None] ^ self._bands.flips[band]
        cells = keys.ravel() + self._bands.tables[band]
        starts = np.take(self._buckets, cells).astype(np.int64)
        lengths = np.take(self._buckets, cells + 1) - starts
        filled = np.flatnonzero(lengths)
        return filled // keys.shape[1], starts[filled] + band * len(self.hashes), lengths[filled]

    def _bits(self, queries: Hashes, query: Ids, rows: Ids) -> Ids:
        left = np.ascontiguousarray(queries).view(np.uint64)
        bits = np.empty(len(rows), np.int64)
        for start in range(0, len(rows), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            differ = np.take(self._words, rows[some], axis=0)
            differ ^= np.take(left, query[some], axis=0)
            one, two, three, four = np.bitwise_count(differ).T  # far quicker than sum(axis=1)
            bits[some] = (one + two).astype(np.uint16) + (three + four)
        return bits


def near(queries: Hashes, hashes: Hashes, within: int) -> tuple[Ids, Ids]:
    """Every hash compared: rows of ``[n, 32]`` at most ``within`` bits from any query, and their bits."""
    rows, bits = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for start in range(0, len(hashes), _AT_ONCE):
        some: NDArray[np.int64] = hamming(queries, hashes[start : start + _AT_ONCE]).min(axis=0)
        close = np.flatnonzero(some <= within)
        rows.append(close + start)
        bits.append(some[close])
    return np.concatenate(rows), np.concatenate(bits)


def _smallest(rows: Ids, bits: Ids, within: int) -> tuple[Ids, Ids]:
    close = bits <= within
    rows, bits = rows[close], bits[close]
    order = np.lexsort((bits, rows))
    rows, first = np.unique(rows[order], return_index=True)
    return rows, bits[order][first]
