"""The promise made on the frozen set is kept on works of makers that no head had seen.

The scores are those that the last ``detector evaluate --card`` wrote down: every picture's by a head without
its maker. Marks are drawn anew here, from the other folds alone.
"""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.detector.calibration import calibrate, conformal_threshold
from moderation.detector.evaluation.figures import share_interval
from moderation.detector.head import DATA, load_head
from moderation.detector.mediums import Medium
from moderation.detector.training import RECIPE


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "evaluation.json").read_bytes())
    return found


def test_the_card_was_measured_with_the_installed_head(measured: dict[str, Any]) -> None:
    assert measured["head"] == load_head().sha256
    assert not measured["strangers"]


@pytest.mark.parametrize("budget", [5, 10, 20, 50, 100])
def test_the_budget_holds_on_makers_held_out(measured: dict[str, Any], budget: int) -> None:
    scored = measured["scored"]
    judges, logits = np.array(scored["judges"]), np.array(scored["logits"])
    highest = np.array(scored["highest"])
    generated = np.array(scored["generated"])
    estimated = [Medium(name) for name in scored["estimated"]]
    labelled = [Medium(name) if name else None for name in scored["labelled"]]
    held = resaved = judged = 0
    for fold in np.unique(judges):
        others = np.flatnonzero(judges != fold)
        marks = calibrate(
            "",
            logits[others],
            highest[others],
            generated[others],
            [estimated[at] for at in others],
            [labelled[at] for at in others],
            missed=RECIPE.missed,
        )
        for at in np.flatnonzero((judges == fold) & ~generated):
            upper = marks.upper(estimated[at], budget=budget)
            judged += 1
            held += upper is not None and logits[at] > upper
            resaved += upper is not None and highest[at] > upper

    assert judged == measured["human"]
    assert share_interval(held, judged).low <= budget / 1000
    assert held <= resaved  # the marks are drawn for works at their highest
    assert resaved / judged <= 1.5 * budget / 1000  # works of one maker resemble each other: not exactly


@given(st.integers(1, 400), st.sampled_from([5, 10, 20, 50]), st.integers(0, 2**32 - 1))
def test_the_mark_keeps_the_budget_for_exchangeable_works(known: int, budget: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    scores = draw.permutation(known + 1).astype(float)  # every order of known + 1 works is equally likely

    over = 0
    for new in range(known + 1):
        others = tuple(sorted(np.delete(scores, new).tolist()))
        mark = conformal_threshold(others, budget / 1000)
        over += mark is not None and scores[new] > mark

    assert over <= budget / 1000 * (known + 1) + 1e-9
