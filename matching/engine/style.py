"""Whose portfolio does a picture resemble in style? Information for a person; nothing is ever decided by it.

A picture's style vector is the class token of a middle block, whitened: of the encoder's layers the one that
tells artists apart best (``tests/matching/measure_style.py``). A style is no single picture but the spread of
a portfolio: fewer than eight works say nothing. Likeness is a cosine to the portfolio's middle, corrected for
hubs (CSLS, Conneau et al., ICLR 2018): some pictures, and some portfolios, are near to everything.

What looks alike to an encoder is mostly a genre, so a likeness is told in the portfolio's own measure, and
among pictures of the entry's own kind:

* as near as the artist's own works are to one another, give or take their spread;
* nearer, so measured, than 99 of 100 strangers of the entry's kind come to *any* portfolio that was compared.
  Of its kind are those that lie nearer to the entry than pictures of different kinds mostly do. Where fewer
  than 99 of them are known there is silence: a hundred could not be spoken of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.encoder import Encoded

Vectors = NDArray[np.float32]

VERSION: Final = "s1"
"""Raised whenever the way from what the encoder sees to a style vector changes."""
DIMENSION: Final = 256
FEWEST: Final = 8
"""Works below which a portfolio has no style that could be told."""
SHARE: Final = 0.99
SAMPLE: Final = 16
"""Works of a portfolio that stand for strangers when an entry is compared with others."""
SHIPPED: Final = Path(__file__).with_name("style_space.npz")

_BLOCK = 8  # the ninth of twelve
_NEIGHBOURS = 10  # how many of the nearest say how near something is to everything
_OF_A_KIND = 0.05  # a cosine that four of five pairs of different kinds stay below, on the choosing half
_FEWEST_STRANGERS = 99  # of a kind; with fewer, one of a hundred cannot be told
_PRIOR = 10  # how many works the usual spread counts for
_USUAL_SPREAD = 0.15
_REACH = 1.0  # spreads below what is typical of the artist's own works


class NoStyleSpace(LookupError):
    """The shipped style space was learnt for another encoder."""


@dataclass(frozen=True, eq=False)
class StyleSpace:
    """A fixed linear map, of one encoder, and how unrelated pictures lie in it."""

    identity: str
    """The encoder's."""
    mean: Vectors
    """``[width]``."""
    directions: Vectors
    """``[width, 256]``."""
    background: Vectors
    """``[b, 256]``: style vectors of unrelated pictures, by people and machines."""

    def __call__(self, encoded: Encoded) -> Vectors:
        """``[n, 256]``, of unit length."""
        tokens = np.asarray(encoded.class_tokens[:, _BLOCK] - self.mean, np.float32)
        return _unit(np.asarray(tokens @ self.directions, np.float32))

    def closeness(self, vectors: Vectors) -> Vectors:
        """``[n]``: how near each vector is to what is nearest to it in the background, its hubness."""
        return _nearest(vectors @ self.background.T)

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            identity=np.array(self.identity),
            mean=self.mean.astype(np.float16),
            directions=self.directions.astype(np.float16),
            background=self.background.astype(np.float16),
        )


def learn(identity: str, encoded: Encoded, background: NDArray[np.bool_]) -> StyleSpace:
    """Learn the map from ``encoded``, a thousand unlike pictures or so; keep ``background`` of them."""
    tokens = encoded.class_tokens[:, _BLOCK]
    mean = tokens.mean(axis=0)
    _, strength, directions = np.linalg.svd(tokens - mean, full_matrices=False)
    # Weak directions are mostly noise: a share of a strong one's weight keeps them from shouting.
    weight = strength[:DIMENSION] + 0.3 * strength[10]
    space = StyleSpace(identity, mean, np.asarray(directions[:DIMENSION].T / weight, np.float32), tokens[:0])
    vectors = space(encoded)[background]
    return StyleSpace(identity, space.mean, space.directions, vectors)


@lru_cache(maxsize=4)
def load_space(identity: str, path: Path = SHIPPED) -> StyleSpace:
    """The shipped space; raises ``NoStyleSpace`` where it is of another encoder than ``identity``."""
    with np.load(path, allow_pickle=False) as stored:
        if str(stored["identity"]) != identity:
            raise NoStyleSpace(f"no style space for {identity}: learn one with tests/matching/learn_style.py")
        arrays = [stored[name].astype(np.float32) for name in ("mean", "directions", "background")]
    return StyleSpace(identity, arrays[0], arrays[1], _unit(arrays[2]))


@dataclass(frozen=True, eq=False)
class Portrait:
    """The style of a portfolio, as far as it is kept."""

    middle: Vectors
    """``[256]``, of unit length."""
    works: int
    hubness: float
    """How near the portfolio's middle is to what is nearest to it in the background."""
    typical: float
    """Mean likeness of each of its works to the others."""
    spread: float
    """Standard deviation of these, drawn towards the usual where works are few."""


def portray(works: Vectors, space: StyleSpace) -> Portrait | None:
    """The portrait of a portfolio ``[n, 256]``, or ``None`` below eight works."""
    if len(works) < FEWEST:
        return None
    total = works.sum(axis=0)
    rest = _unit(total - works)
    own = 2 * (works * rest).sum(axis=1) - space.closeness(rest) - space.closeness(works)
    middle = _unit(total[None])[0]
    hubness = float(space.closeness(middle[None])[0])
    variance = (own.var() * len(own) + _USUAL_SPREAD**2 * _PRIOR) / (len(own) + _PRIOR)
    return Portrait(middle, len(works), hubness, float(own.mean()), float(variance**0.5))


@dataclass(frozen=True)
class Resemblance:
    """A portfolio that a picture resembles."""

    at: int
    """Which of the gallery's portraits."""
    likeness: float
    """Corrected cosine."""
    share: float
    """Of unrelated pictures of its kind, how many come less near to any portrait."""
    strangers: int
    """How many these are."""


class Gallery:
    """All portraits of a registry, ready to be asked: a product with the middles, another with the strangers.

    Strangers are the background and ``works`` ``[m, 256]`` of the registry; ``of`` ``[m]`` whose they are,
    by the portrait's place, or -1. A work is no stranger to its own portfolio.
    """

    def __init__(
        self,
        space: StyleSpace,
        portraits: Sequence[Portrait],
        works: Vectors | None = None,
        of: Sequence[int] = (),
    ) -> None:
        self._space = space
        self._middles = np.array([one.middle for one in portraits], np.float32).reshape(-1, DIMENSION)
        self._hubness = np.array([one.hubness for one in portraits], np.float32)
        self._typical = np.array([one.typical for one in portraits], np.float32)
        self._spread = np.array([one.spread for one in portraits], np.float32)
        works = np.zeros((0, DIMENSION), np.float32) if works is None else works
        self._strangers = np.concatenate([space.background, works])
        self._of = np.array([*[-1] * len(space.background), *of], np.int64)
        self._chance = self._nearest_to_strangers()

    def __len__(self) -> int:
        return len(self._middles)

    def likeness(self, vectors: Vectors) -> Vectors:
        """``[n, p]``: corrected cosines of ``[n, 256]`` to every portrait."""
        own = self._space.closeness(vectors)[:, None]
        return np.asarray(2 * vectors @ self._middles.T - self._hubness - own, dtype=np.float32)

    def nearest(self, vector: Vectors, *, without: Sequence[int] = ()) -> Resemblance | None:
        """The portrait that ``[256]`` comes nearest to, if it passes every bar; ``without`` are left out."""
        if len(self) <= len(set(without)):
            return None
        likeness = self.likeness(vector[None])
        reached = self._measured(likeness)[0]
        reached[list(without)] = -np.inf
        at = int(reached.argmax())
        if reached[at] < -_REACH:
            return None
        of_its_kind = (self._strangers @ vector >= _OF_A_KIND) & ~np.isin(self._of, [at, *without])
        strangers = int(of_its_kind.sum())
        as_near = int((self._chance[of_its_kind] >= reached[at]).sum())
        # The entry counts among those that come so near: with 99 strangers, none of them may.
        if strangers < _FEWEST_STRANGERS or (1 + as_near) / (1 + strangers) > 1 - SHARE + 1e-9:
            return None
        return Resemblance(at, float(likeness[0, at]), 1 - as_near / strangers, strangers)

    def _measured(self, likeness: Vectors) -> Vectors:
        """In spreads of each portfolio, above what is typical of its own works."""
        return np.asarray((likeness - self._typical) / self._spread, dtype=np.float32)

    def _nearest_to_strangers(self) -> Vectors:
        """``[b + m]``: how near each stranger comes to any portrait but its own."""
        if not len(self):
            return np.full(len(self._strangers), -np.inf, np.float32)
        reached = self._measured(self.likeness(self._strangers))
        own = np.flatnonzero(self._of >= 0)
        reached[own, self._of[own]] = -np.inf
        return np.asarray(reached.max(axis=1), dtype=np.float32)


def _nearest(likeness: Vectors) -> Vectors:
    """``[n, b]`` to ``[n]``: the mean over the nearest. A picture of the background counts itself out."""
    if likeness.shape[1] <= _NEIGHBOURS:
        return np.zeros(len(likeness), np.float32)
    near = -np.partition(-likeness, _NEIGHBOURS, axis=1)[:, : _NEIGHBOURS + 1]
    itself = near > 0.9999
    return np.asarray(np.where(itself, 0, near).sum(axis=1) / (~itself).sum(axis=1), dtype=np.float32)


def _unit(vectors: Vectors) -> Vectors:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), dtype=np.float32)
