"""Could the label be guessed without looking at the picture? Then a head would learn that instead."""

import numpy as np
from numpy.typing import NDArray

from moderation.detector import shapes


def measure(
    sizes: NDArray[np.int64],
    generated: NDArray[np.bool_],
    fold_of: NDArray[np.int64],
    scores: NDArray[np.float64],
) -> dict[str, float]:
    """AUCs of a guess from ``sizes`` alone on makers held out, and of the head's ``scores``.

    The guess as the pictures are, and with shapes balanced as in training; the scores with shapes balanced.
    """
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 -- slow import

    even = shapes.balance(sizes, generated)
    as_they_are, balanced = (
        _guess(sizes, generated, fold_of, weights) for weights in (np.ones(len(even)), even)
    )
    return {
        "guess from shape": float(roc_auc_score(generated, as_they_are)),
        "guess from shape, shapes balanced": float(roc_auc_score(generated, balanced, sample_weight=even)),
        "head, shapes balanced": float(roc_auc_score(generated, scores, sample_weight=even)),
    }


def _guess(
    sizes: NDArray[np.int64],
    generated: NDArray[np.bool_],
    fold_of: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What a forest says that knows nothing but width and height."""
    from sklearn.ensemble import RandomForestClassifier  # noqa: PLC0415 -- slow import

    width, height = sizes[:, 0], sizes[:, 1]
    facts = np.stack([width, height, width / height, width * height, sizes.min(axis=1)], axis=1)
    guesses = np.zeros(len(sizes))
    for fold in np.unique(fold_of):
        held = fold_of == fold
        forest = RandomForestClassifier(200, min_samples_leaf=5, random_state=0, n_jobs=1)
        forest.fit(facts[~held], generated[~held], sample_weight=weights[~held])
        guesses[held] = forest.predict_proba(facts[held])[:, 1]
    return guesses
