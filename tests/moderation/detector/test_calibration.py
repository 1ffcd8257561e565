"""The promise of the error budget, and the probability."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.detector.calibration import Calibration, calibrate, conformal_threshold, load_calibration
from moderation.detector.head import HeadError
from moderation.detector.mediums import Medium


def drawn(human: int = 300, generated: int = 300) -> Calibration:
    """A calibration on scores drawn from two bells, the human ones photographs."""
    draw = np.random.default_rng(7)
    logits = np.concatenate([draw.normal(-2, 1, human), draw.normal(2, 1, generated)])
    labels = np.arange(len(logits)) >= human
    media = [Medium.PHOTOGRAPH] * len(logits)
    return calibrate("head", logits, logits, labels, media, media, missed=0.05)


@pytest.mark.parametrize(("count", "share"), [(98, 0.01), (0, 0.5), (199, 0.004)])
def test_too_few_scores_give_no_threshold(count: int, share: float) -> None:
    assert conformal_threshold(list(range(count)), share) is None


def test_the_first_set_that_suffices_gives_its_largest_score() -> None:
    assert conformal_threshold(list(range(99)), 0.01) == 98
    assert conformal_threshold(list(range(199)), 0.01) == 197


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=400), st.integers(1, 999))
def test_a_new_score_exceeds_the_threshold_no_oftener_than_promised(scores: list[float], budget: int) -> None:
    """Each score in turn plays the new one: over the n + 1 of them the promise is exact counting."""
    exceeding = 0
    for at, new in enumerate(scores):
        others = sorted(scores[:at] + scores[at + 1 :])
        threshold = conformal_threshold(others, budget / 1000)
        exceeding += threshold is not None and new > threshold

    assert exceeding <= budget / 1000 * len(scores) + 1e-6


def test_a_wider_budget_never_raises_the_threshold() -> None:
    calibration = drawn()

    thresholds = [calibration.upper(Medium.PHOTOGRAPH, budget=budget) for budget in (5, 10, 50, 200)]

    assert None not in thresholds
    assert thresholds == sorted(thresholds, key=lambda one: -(one or 0))


def test_signs_are_never_less_likely_than_not() -> None:
    calibration = drawn()

    upper = calibration.upper(Medium.PHOTOGRAPH, budget=900)

    assert upper == calibration.even
    assert calibration.probability(np.array([calibration.even])) == pytest.approx(0.5)


def test_a_medium_without_human_works_is_silent() -> None:
    assert drawn().upper(Medium.PIXEL_ART, budget=500) is None


def test_at_most_the_stated_share_of_generated_pictures_falls_below_the_lower_threshold() -> None:
    calibration = drawn()
    fresh = np.random.default_rng(8).normal(2, 1, 20_000)

    assert 0.02 < (fresh < calibration.lower).mean() < 0.08


def test_probabilities_state_what_is_seen() -> None:
    calibration = drawn(3000, 3000)
    draw = np.random.default_rng(9)
    logits = np.concatenate([draw.normal(-2, 1, 5000), draw.normal(2, 1, 5000)])
    stated = calibration.probability(logits)

    middle = (stated > 0.4) & (stated < 0.6)

    assert (np.flatnonzero(middle) >= 5000).mean() == pytest.approx(0.5, abs=0.12)


def test_calibration_survives_its_file(tmp_path: Path) -> None:
    calibration = drawn()
    file = tmp_path / "calibration.json"

    file.write_bytes(calibration.to_bytes())

    assert load_calibration(file) == calibration


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"head": 1}'])
def test_what_is_no_calibration_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(text)

    with pytest.raises(HeadError):
        load_calibration(file)


def test_a_work_counts_at_its_highest_for_the_medium_of_its_label_and_of_its_estimate() -> None:
    logits, labels = np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, False, True, True])
    photograph, pixel_art = Medium.PHOTOGRAPH, Medium.PIXEL_ART

    calibration = calibrate(
        "head",
        logits,
        logits + 0.5,
        labels,
        [photograph, photograph, pixel_art, pixel_art],
        [photograph, pixel_art, None, None],
        missed=0.05,
    )

    assert calibration.human[photograph] == (1.5, 2.5)
    assert calibration.human[pixel_art] == (2.5,)
