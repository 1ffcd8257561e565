"""Nearest 256-bit hashes, in all orientations of a query, without comparing each.

Multi-index hashing (Norouzi, Punjani and Fleet, CVPR 2012): hashes are listed by each of their sixteen 16-bit
words. Two that differ in at most 31 bits have a word in which they differ in one bit at most, so looking up
each word and its 16 neighbours finds every such pair; of pairs 32 to 48 bits apart it finds nearly all
(99 in 100 at 40 bits, 95 at 48, were the bits that differ drawn by lot).
"""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.descriptors import hamming
from matching.engine.index.rows import HASH_BYTES, Hashes, Ids

WORDS: Final = HASH_BYTES // 2
COMPARE_ALL_BELOW: Final = 20_000
_KEYS: Final = 65_536
_FLIPS: Final = np.array([0, *(1 << bit for bit in range(16))], np.uint16)
_AT_ONCE: Final = 1 << 18  # comparisons held in memory together

FILES: Final = ("hashes", "buckets", "members")


def write(folder: Path, hashes: Hashes) -> None:
    """The files of ``[n, 32]`` hashes, to be searched by their row numbers."""
    hashes = np.ascontiguousarray(hashes)
    hashes.tofile(folder / "hashes")
    words = hashes.view("<u2")
    edges = np.arange(_KEYS + 1)
    with (folder / "members").open("wb") as members, (folder / "buckets").open("wb") as buckets:
        for word in range(WORDS):
            order = np.argsort(words[:, word], kind="stable")
            members.write(order.astype(np.uint32).tobytes())
            starts = np.searchsorted(words[order, word], edges)
            buckets.write(starts.astype(np.uint32).tobytes())


class HashLists:
    """The hashes of ``folder``, memory-mapped."""

    def __init__(self, folder: Path, count: int) -> None:
        self.hashes: Hashes = np.memmap(folder / "hashes", np.uint8, "r", shape=(count, HASH_BYTES))
        self._members = np.memmap(folder / "members", np.uint32, "r", shape=(WORDS, count))
        self._buckets = np.memmap(folder / "buckets", np.uint32, "r", shape=(WORDS, _KEYS + 1))

    def near(self, queries: Hashes, within: int) -> tuple[Ids, Ids]:
        """Rows at most ``within`` bits from any of ``[o, 32]`` queries, each once, and their bits."""
        if len(self.hashes) < COMPARE_ALL_BELOW:
            return near(queries, self.hashes, within)
        keys = np.ascontiguousarray(queries).view("<u2")[:, :, None] ^ _FLIPS  # [o, words, flips]
        words = np.broadcast_to(np.arange(WORDS)[None, :, None], keys.shape)
        starts = self._buckets[words, keys].ravel().astype(np.int64)
        lengths = self._buckets[words, keys.astype(np.int64) + 1].ravel().astype(np.int64) - starts
        if lengths.sum() > len(self.hashes):  # a crowd of like hashes: reading on is quicker than looking up
            return near(queries, self.hashes, within)
        filled = np.flatnonzero(lengths)
        starts, lengths = starts[filled], lengths[filled]
        place = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        word = words.ravel()[filled]
        rows = self._members[np.repeat(word, lengths), np.repeat(starts, lengths) + place].astype(np.int64)
        query = np.repeat(filled // (WORDS * len(_FLIPS)), lengths)
        return _smallest(rows, self._bits(queries, query, rows), within)

    def _bits(self, queries: Hashes, query: Ids, rows: Ids) -> Ids:
        left = np.ascontiguousarray(queries).view(np.uint64)
        right = self.hashes.view(np.uint64)
        bits = np.empty(len(rows), np.int64)
        for start in range(0, len(rows), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            bits[some] = np.bitwise_count(left[query[some]] ^ right[rows[some]]).sum(axis=1)
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
