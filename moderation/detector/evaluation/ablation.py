"""What was tried, by one protocol: the same pictures, folds and marks, one row for each variant.

Five folds, apart by generator and source, and by artist or collection. The last row chooses: for each fold,
the variant that was best on the other four, by heads that had seen neither the fold nor the picture. So it
says what choosing among so many is worth on makers that had no say in it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from moderation.detector import closer, folds, shapes, training
from moderation.detector.evaluation import figures
from moderation.detector.evaluation.figures import Interval
from moderation.detector.evaluation.learners import LEARNERS, Scorer
from moderation.detector.features import Features, FeatureStore, Progress, silent
from moderation.detector.manifest import Manifest

FOLDS: Final = 5
ALTERED: Final = "resaved0"
"""The view on which each variant is judged as well."""
CHOSEN: Final = "chosen on the other folds"

_RECIPE: Final = training.RECIPE
Scores = NDArray[np.float64]
_Scored = tuple[Scores, Mapping[int, Scores]]
"""By heads without the picture's fold; and, for each fold, by heads without that one either."""


@dataclass(frozen=True)
class Variant:
    """A way to train and to judge; as it stands, the one in use."""

    name: str
    views: tuple[str, ...] = _RECIPE.views
    """Learnt from."""
    blocks: tuple[int, ...] = _RECIPE.blocks
    """Counted from 0; none means the final embedding."""
    learner: str = "logistic"
    strength: float = _RECIPE.strength
    alike: str = "shapes"
    """What weighs alike: both classes within each of the ``shapes``, ``makers``, or ``pictures``."""
    beside: tuple[str, ...] = ()
    """Views judged beside the whole picture, each at the price of one pass of the encoder."""


_WHOLE: Final = ("whole",)
VARIANTS: Final = (
    Variant("final embedding, whole pictures", _WHOLE, (), strength=1.0, alike="pictures"),
    Variant("block 9", _WHOLE, (8,), alike="pictures"),
    Variant("blocks 6, 8, 10, 11, 12", _WHOLE, (5, 7, 9, 10, 11), alike="pictures"),
    Variant("blocks 4–12", _WHOLE, alike="pictures"),
    Variant("… a regression each, their mean", _WHOLE, learner="blocks", alike="pictures"),
    Variant("… linear discriminant, shrunk", _WHOLE, learner="discriminant", alike="pictures"),
    Variant("… support vectors, radial kernel", _WHOLE, learner="kernel", alike="pictures"),
    Variant("… makers weighing alike", _WHOLE, alike="makers"),
    Variant("… an altered view learnt from", ("whole", "mixed0"), alike="pictures"),
    Variant("… and a native crop", ("whole", "mixed0", "native0"), alike="pictures"),
    Variant("… and shapes balanced", ("whole", "mixed0", "native0")),
    Variant("… and a re-saved view: in use"),
    Variant("in use, judged with a native crop beside", beside=("native0",)),
    Variant("in use, judged with an altered view beside", beside=("mixed0",)),
    Variant("in use, judged with both beside", beside=("native0", "mixed0")),
)


@dataclass(frozen=True)
class Row:
    """What a variant does on makers held out."""

    name: str
    auc: Interval
    found_one: float
    """Generated pictures found where 1 % of human works lie above the mark."""
    found_five: float
    altered: float | None
    """AUC on the re-saved view; None where it was not measured."""
    passes: int
    """Of the encoder, for each picture judged."""


def table(
    pictures: Manifest,
    store: FeatureStore,
    variants: Sequence[Variant] = VARIANTS,
    progress: Progress = silent,
) -> list[Row]:
    """A row for each of ``variants``, then the row that chooses among them; raises ``ManifestError``."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415 -- slow import

    trial = _Trial(pictures, store, variants, progress)
    rows, inner = [], []
    with threadpool_limits(limits=1):
        for at, variant in enumerate(variants):
            progress("variants", at, len(variants))
            whole, altered = trial.scores(variant)
            rows.append(trial.row(variant, whole, altered))
            inner.append((whole, trial.without_two(variant)))
    progress("variants", len(variants), len(variants))
    return [*rows, trial.chosen(variants, inner)]


class _Trial:
    """The pictures, what they look like through every view, and the folds."""

    def __init__(
        self, pictures: Manifest, store: FeatureStore, variants: Sequence[Variant], progress: Progress
    ) -> None:
        self.generated = pictures.generated
        self.groups = folds.groups_of(pictures.rows)
        self.fold_of = folds.split(pictures.rows, FOLDS)
        self.sizes = shapes.sizes(pictures.files)
        self.makers = [row.maker for row in pictures.rows]
        self._learnt: dict[tuple[Variant, frozenset[int]], Scorer] = {}
        views = {ALTERED, *(view for one in variants for view in (*one.views, *one.beside))}
        self.through = {view: store.through(view, pictures.files, progress) for view in sorted(views)}

    def scores(self, variant: Variant) -> tuple[Scores, Scores]:
        """Every picture's, as it is and altered, by heads without its fold."""
        whole, altered = np.zeros(len(self.generated)), np.zeros(len(self.generated))
        for fold in range(FOLDS):
            held = self.fold_of == fold
            score = self._fit(variant, {fold})
            whole[held] = score(self._judged(variant, held))
            altered[held] = score(_inputs(self.through[ALTERED], variant, held))
        return whole, altered

    def without_two(self, variant: Variant) -> Mapping[int, Scores]:
        """For each fold, the scores of the pictures of all others, by heads without it and without theirs."""
        found = {fold: np.full(len(self.generated), np.nan) for fold in range(FOLDS)}
        for one, other in combinations(range(FOLDS), 2):
            score = self._fit(variant, {one, other})
            for without, scored in ((one, other), (other, one)):
                held = self.fold_of == scored
                found[without][held] = score(self._judged(variant, held))
        return found

    def row(self, variant: Variant, whole: Scores, altered: Scores) -> Row:
        return Row(
            variant.name,
            figures.interval(figures.auc, whole, self.generated, self.groups),
            figures.found_at(0.01)(whole, self.generated),
            figures.found_at(0.05)(whole, self.generated),
            None if variant.beside else figures.auc(altered, self.generated),
            1 + len(variant.beside),
        )

    def chosen(self, variants: Sequence[Variant], inner: Sequence[_Scored]) -> Row:
        """The row of whoever chooses by AUC on the other folds, among what costs one pass."""
        cheap = [at for at, variant in enumerate(variants) if not variant.beside]
        scores = np.zeros(len(self.generated))
        for fold in range(FOLDS):
            others = self.fold_of != fold
            generated = self.generated[others]
            best = max(cheap, key=lambda at: figures.auc(inner[at][1][fold][others], generated))
            whole, seen = inner[best][0], inner[best][1][fold][others]
            human = seen[~generated]
            # Learners differ in scale; that of the human works in the other folds makes their scores one.
            scores[~others] = (whole[~others] - human.mean()) / human.std()
        return replace(self.row(Variant(CHOSEN), scores, scores), altered=None)

    def _fit(self, variant: Variant, without: Collection[int]) -> Scorer:
        """Learn from all folds but ``without``; variants that only judge otherwise share what was learnt."""
        key = replace(variant, name="", beside=()), frozenset(without)
        if key not in self._learnt:
            chosen = ~np.isin(self.fold_of, list(without))
            inputs = np.concatenate([_inputs(self.through[view], variant, chosen) for view in variant.views])
            labels = np.tile(self.generated[chosen], len(variant.views))
            weights = np.tile(self._weights(variant, chosen), len(variant.views))
            self._learnt[key] = LEARNERS[variant.learner](inputs, labels, weights, variant.strength)
        return self._learnt[key]

    def _weights(self, variant: Variant, chosen: NDArray[np.bool_]) -> Scores:
        generated = self.generated[chosen]
        if variant.alike == "shapes":
            return shapes.balance(self.sizes[chosen], generated)
        if variant.alike == "makers":
            return _alike([self.makers[at] for at in np.flatnonzero(chosen)])
        return np.ones(len(generated))

    def _judged(self, variant: Variant, held: NDArray[np.bool_]) -> NDArray[np.float32]:
        whole = _inputs(self.through["whole"], variant, held)
        return closer.combine(whole, [_inputs(self.through[view], variant, held) for view in variant.beside])


def _inputs(seen: Features, variant: Variant, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """``[m, blocks, width]``; the final embedding counts as one block."""
    if not variant.blocks:
        return seen.final[chosen][:, None]
    return seen.class_tokens[chosen][:, list(variant.blocks)]


def _alike(makers: Sequence[str]) -> Scores:
    """Weights that let makers weigh alike, 1 on average; bounded, so that one picture never weighs as ten."""
    count = {maker: makers.count(maker) for maker in set(makers)}
    weights = np.minimum(1 / np.array([count[maker] for maker in makers]), 0.1)
    return np.asarray(weights / weights.mean())
