"""Figures of merit against values worked out by hand or by scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from moderation.detector.evaluation import figures

SCORES = np.array([0.1, 0.2, 0.3, 0.4, 0.35, 0.8, 0.9, 0.4])
GENERATED = np.array([0, 0, 0, 0, 1, 1, 1, 1], dtype=bool)


def test_auc_is_scikit_learns() -> None:
    assert figures.auc(SCORES, GENERATED) == pytest.approx(roc_auc_score(GENERATED, SCORES))


def test_found_at_a_share_of_false_positives() -> None:
    assert figures.found_at(0.01)(SCORES, GENERATED) == 0.5
    assert figures.found_at(0.25)(SCORES, GENERATED) == 1.0


def test_the_calibration_error_of_true_probabilities_is_small_and_of_false_ones_large() -> None:
    draw = np.random.default_rng(0)
    stated = draw.random(20_000)
    seen = draw.random(20_000) < stated

    assert figures.calibration_error(stated, seen) < 0.02
    assert figures.calibration_error(1 - stated, seen) > 0.4


def test_an_interval_holds_its_value_and_widens_with_fewer_makers() -> None:
    draw = np.random.default_rng(0)
    generated = np.arange(400) % 2 == 1
    many = [f"maker-{at % 100}" for at in range(400)]
    few = [f"maker-{at % 8}" for at in range(400)]
    # Makers differ among themselves, as artists do.
    scores = generated * 1.0 + draw.normal(0, 0.3, 400) + np.array([hash_of(name) for name in few])

    wide, narrow = (figures.interval(figures.auc, scores, generated, groups) for groups in (few, many))

    assert narrow.low <= narrow.value <= narrow.high
    assert wide.high - wide.low > narrow.high - narrow.low


def hash_of(name: str) -> float:
    """A shift of the maker's own."""
    return int(name.split("-")[1]) * 0.37 % 1.0


def test_the_interval_of_a_share() -> None:
    none = figures.share_interval(0, 100)

    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(0.037, abs=0.001)
