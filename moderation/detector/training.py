"""Train the head and calibrate it; the same pictures and encoder give the same bytes.

A logistic regression on the standardised class tokens of several blocks, after Ojha et al., CVPR 2023, and
Koutlis and Papadopoulos, ECCV 2024, who found the middle blocks of a frozen CLIP to tell most. What else was
tried is in docs/model-card.md.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from moderation.detector import folds, shapes, views
from moderation.detector.calibration import Calibration, calibrate
from moderation.detector.features import Features, FeatureStore, Progress, silent
from moderation.detector.head import Head
from moderation.detector.manifest import Labelled, Manifest, ManifestError
from moderation.detector.mediums import Medium


@dataclass(frozen=True)
class Recipe:
    """What of the training may be chosen."""

    views: tuple[str, ...] = ("whole", "mixed0", "native0", "resaved0")
    """The views learnt from; the first is the one that is judged."""
    guards: tuple[str, ...] = ("resaved0",)
    """Other views of human works, which must not accuse them either: their highest score sets the marks."""
    crops: int = 0
    """Native-resolution crops that are judged beside the whole picture."""
    blocks: tuple[int, ...] = tuple(range(3, 12))
    """Counted from 0."""
    strength: float = 0.002
    """scikit-learn's ``C``: the inverse of the regularisation."""
    folds: int = 10
    """For the scores that the calibration rests on."""
    missed: float = 0.05
    """The share of generated pictures that may be said to show no sign."""
    seed: int = 0


RECIPE: Final = Recipe()


@dataclass(frozen=True, eq=False)
class Seen:
    """A manifest's pictures through the views of a recipe."""

    manifest: Manifest
    through: dict[str, Features]
    judged: Features
    """What is judged: the recipe's first view, with its crops."""
    guards: tuple[Features, ...]
    """Of the human works alone, in their order: the recipe's guards, with their crops."""
    sizes: NDArray[np.int64]
    """``[n, 2]``: width and height of the files, in pixels."""
    encoder: str

    @property
    def rows(self) -> tuple[Labelled, ...]:
        return self.manifest.rows


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """What heads say of pictures whose makers they had not seen; ``n`` rows in the manifest's order."""

    logits: NDArray[np.float64]
    highest: NDArray[np.float64]
    """As ``logits``, but of human works the highest over the recipe's guards too."""
    mediums: list[Medium]
    folds: NDArray[np.int64]
    heads: list[Head]
    """One a fold, trained on the other folds."""


def see(
    manifest: Manifest, store: FeatureStore, recipe: Recipe = RECIPE, progress: Progress = silent
) -> Seen:
    """Features of all pictures through all views of a recipe; those on disk are read, the others made."""
    files, human = manifest.files, [row.path for row in manifest.rows if not row.generated]
    return Seen(
        manifest,
        through={view: store.through(view, files, progress) for view in recipe.views},
        judged=store.judged(recipe.views[0], files, recipe.crops, progress),
        guards=tuple(store.judged(view, human, recipe.crops, progress) for view in recipe.guards),
        sizes=shapes.sizes(files),
        encoder=store.encoder_identity,
    )


def train(seen: Seen, recipe: Recipe = RECIPE) -> Head:
    """A head from all pictures; raises ``ManifestError`` where they are too few or too much alike."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415 -- slow import

    # Sums in several threads differ in their last bits from run to run.
    with threadpool_limits(limits=1):
        return _fit(seen, np.ones(len(seen.rows), np.bool_), recipe)


def out_of_fold(seen: Seen, recipe: Recipe = RECIPE) -> OutOfFold:
    """Score every picture by a head trained without its maker; raises ``ManifestError``."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 -- slow import

    fold_of = folds.split(seen.rows, recipe.folds, recipe.seed)
    logits = np.zeros(len(seen.rows))
    human = np.flatnonzero(~seen.manifest.generated)
    guarded = np.full(len(human), -np.inf)
    mediums = [Medium.PHOTOGRAPH] * len(seen.rows)
    heads = []
    with threadpool_limits(limits=1):
        for fold in range(recipe.folds):
            held = np.flatnonzero(fold_of == fold)
            head = _fit(seen, fold_of != fold, recipe)
            heads.append(head)
            logits[held] = head.logits(seen.judged.class_tokens[held])
            mine = fold_of[human] == fold
            for guard in seen.guards:
                guarded[mine] = np.maximum(guarded[mine], head.logits(guard.class_tokens[mine]))
            for at, medium in zip(held, head.mediums_of(seen.judged.final[held]), strict=True):
                mediums[at] = medium
    highest = logits.copy()
    highest[human] = np.maximum(logits[human], guarded)
    return OutOfFold(logits, highest, mediums, fold_of, heads)


def calibrated(
    head: Head,
    seen: Seen,
    scores: OutOfFold,
    recipe: Recipe = RECIPE,
    among: NDArray[np.bool_] | None = None,
) -> Calibration:
    """The calibration of ``head`` by the scores of its sisters, each trained without the scored maker.

    ``among`` chooses rows; without it, all count.
    """
    rows = np.arange(len(seen.rows)) if among is None else np.flatnonzero(among)
    return calibrate(
        head.sha256,
        scores.logits[rows],
        scores.highest[rows],
        seen.manifest.generated[rows],
        [scores.mediums[at] for at in rows],
        [seen.rows[at].medium for at in rows],
        missed=recipe.missed,
        crops=recipe.crops,
    )


def _fit(seen: Seen, chosen: NDArray[np.bool_], recipe: Recipe) -> Head:
    generated = seen.manifest.generated[chosen]
    if len(set(generated.tolist())) < 2:
        raise ManifestError("Too few makers: without one of them, only one class is left to learn from.")
    blocks = list(recipe.blocks)
    tokens = [seen.through[view].class_tokens[chosen] for view in recipe.views]
    inputs = np.concatenate([one[:, blocks] for one in tokens])
    weights, bias = logistic(
        inputs.reshape(len(inputs), -1),
        np.tile(generated, len(recipe.views)),
        np.tile(shapes.balance(seen.sizes[chosen], generated), len(recipe.views)),
        recipe.strength,
    )
    spread = np.zeros(tokens[0].shape[1:], np.float32)
    spread[blocks] = weights.reshape(len(blocks), -1)
    medium_weights, medium_bias, mediums = _fit_mediums(seen, chosen, recipe)
    return Head(
        weights=spread,
        bias=bias,
        medium_weights=medium_weights,
        medium_bias=medium_bias,
        mediums=mediums,
        encoder=seen.encoder,
        manifest=seen.manifest.sha256,
        training={
            "pictures": int(chosen.sum()),
            "generated": int(generated.sum()),
            "views": list(recipe.views),
            "views_version": views.VERSION,
            "blocks": blocks,
            "strength": recipe.strength,
        },
    )


def logistic(
    inputs: NDArray[np.float32],
    classes: NDArray[np.bool_],
    importance: NDArray[np.float64],
    strength: float,
) -> tuple[NDArray[np.float32], float]:
    """Weights ``[features]`` and bias for raw inputs: the standardisation is multiplied in."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- slow import

    mean = inputs.mean(axis=0, dtype=np.float64)
    deviation = inputs.std(axis=0, dtype=np.float64) + 1e-6
    standard = ((inputs - mean) / deviation).astype(np.float32)
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000)
    model.fit(standard, classes, sample_weight=importance)
    weights = model.coef_[0] / deviation
    return weights.astype(np.float32), float(model.intercept_[0] - weights @ mean)


def _fit_mediums(
    seen: Seen, chosen: NDArray[np.bool_], recipe: Recipe
) -> tuple[NDArray[np.float32], NDArray[np.float32], tuple[Medium, ...]]:
    """A linear map from the final embedding to the media of human works; needs two of them at least."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- slow import

    known = [at for at in np.flatnonzero(chosen) if not seen.rows[at].generated and seen.rows[at].medium]
    labels = [str(seen.rows[at].medium) for at in known]
    if len(set(labels)) < 2:
        raise ManifestError("The list names fewer than two media of human works in its column 'style'.")
    final = np.concatenate([seen.through[view].final[known] for view in recipe.views])
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000)
    model.fit(final, labels * len(recipe.views))
    weights, bias = model.coef_, model.intercept_
    if len(weights) == 1:  # two classes share one row of weights
        weights, bias = np.concatenate([-weights, weights]), np.concatenate([-bias, bias])
    media = tuple(Medium(name) for name in model.classes_)
    return weights.astype(np.float32), bias.astype(np.float32), media
