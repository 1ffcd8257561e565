"""Could the label be guessed without looking at the picture? Then a head would learn that instead."""

import numpy as np
from numpy.typing import NDArray

from moderation.detector import shapes


def measure(
    sizes: NDArray[np.int64],
    encodings: NDArray[np.float64],
    generated: NDArray[np.bool_],
    fold_of: NDArray[np.int64],
    scores: NDArray[np.float64],
) -> dict[str, float]:
    """AUCs of guesses from the files' facts alone on makers held out, and of the head's ``scores``.

    The guess from shape as the pictures are, all others and the scores with shapes balanced as in training.
    Bytes a pixel tell how smooth a picture is, so the last guess sees a little of the content.
    """
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 -- slow import

    even, uneven = shapes.balance(sizes, generated), np.ones(len(generated))
    width, height = sizes[:, 0], sizes[:, 1]
    shape = np.stack([width, height, width / height, width * height, sizes.min(axis=1)], axis=1)
    everything = np.concatenate([shape, encodings], axis=1)
    return {
        "guess from shape": float(roc_auc_score(generated, _guess(shape, generated, fold_of, uneven))),
        **{
            f"guess from {name}, shapes balanced": float(
                roc_auc_score(generated, _guess(facts, generated, fold_of, even), sample_weight=even)
            )
            for name, facts in (
                ("shape", shape),
                ("encoding", encodings[:, :-1]),
                ("all of the file", everything),
            )
        },
        "head, shapes balanced": float(roc_auc_score(generated, scores, sample_weight=even)),
    }


def _guess(
    facts: NDArray[np.float64],
    generated: NDArray[np.bool_],
    fold_of: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What a forest says that knows nothing but ``facts``."""
    from sklearn.ensemble import RandomForestClassifier  # noqa: PLC0415 -- slow import

    guesses = np.zeros(len(facts))
    for fold in np.unique(fold_of):
        held = fold_of == fold
        forest = RandomForestClassifier(200, min_samples_leaf=5, random_state=0, n_jobs=1)
        forest.fit(facts[~held], generated[~held], sample_weight=weights[~held])
        guesses[held] = forest.predict_proba(facts[held])[:, 1]
    return guesses
