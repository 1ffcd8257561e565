"""Learners that were compared: from inputs ``[n, blocks, width]``, labels and weights to what scores.

The first is the one in use; the others stay here so that anybody can compare again.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from moderation.detector import training

Inputs = NDArray[np.float32]
Scores = NDArray[np.float64]
Scorer = Callable[[Inputs], Scores]
Learner = Callable[[Inputs, NDArray[np.bool_], Scores, float], Scorer]


def logistic(inputs: Inputs, labels: NDArray[np.bool_], weights: Scores, strength: float) -> Scorer:
    """As ``training`` does it."""
    learnt, bias = training.logistic(_flat(inputs), labels, weights, strength)
    return lambda seen: np.asarray(_flat(seen).astype(np.float64) @ learnt.astype(np.float64) + bias)


def blocks(inputs: Inputs, labels: NDArray[np.bool_], weights: Scores, strength: float) -> Scorer:
    """A regression for each block; the mean of what they say."""
    each = [logistic(inputs[:, [at]], labels, weights, strength) for at in range(inputs.shape[1])]
    return lambda seen: np.mean([one(seen[:, [at]]) for at, one in enumerate(each)], axis=0)


def discriminant(inputs: Inputs, labels: NDArray[np.bool_], weights: Scores, strength: float) -> Scorer:
    """Linear discriminant, its covariance shrunk: as a ridge regression on the classes, which gives the same
    direction. ``strength`` is not used: the shrinkage was chosen once for all."""
    from sklearn.linear_model import Ridge  # noqa: PLC0415 -- slow import

    scale = _Scale(inputs)
    model = Ridge(alpha=3e4, solver="cholesky").fit(scale(inputs), labels * 2.0 - 1, sample_weight=weights)
    return lambda seen: np.asarray(model.predict(scale(seen)), np.float64)


def kernel(inputs: Inputs, labels: NDArray[np.bool_], weights: Scores, strength: float) -> Scorer:
    """Support vectors with a radial kernel of the usual width. ``strength`` is not used."""
    from sklearn.metrics.pairwise import rbf_kernel  # noqa: PLC0415 -- slow import
    from sklearn.svm import SVC  # noqa: PLC0415 -- slow import

    scale = _Scale(inputs)
    known = scale(inputs)
    # All values at once: far quicker than the library's own way, one by one.
    model = SVC(C=3.0, kernel="precomputed", class_weight="balanced")
    model.fit(rbf_kernel(known), labels, sample_weight=weights)
    return lambda seen: np.asarray(model.decision_function(rbf_kernel(scale(seen), known)), np.float64)


LEARNERS: Final[Mapping[str, Learner]] = {
    "logistic": logistic,
    "blocks": blocks,
    "discriminant": discriminant,
    "kernel": kernel,
}


class _Scale:
    """Standardise by the means and deviations of the inputs learnt from."""

    def __init__(self, inputs: Inputs) -> None:
        flat = _flat(inputs)
        self._mean, self._deviation = flat.mean(axis=0), flat.std(axis=0) + 1e-6

    def __call__(self, inputs: Inputs) -> Inputs:
        return np.asarray((_flat(inputs) - self._mean) / self._deviation, np.float32)


def _flat(inputs: Inputs) -> Inputs:
    return inputs.reshape(len(inputs), -1)
