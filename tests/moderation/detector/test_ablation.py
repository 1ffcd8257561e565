"""The table of what was tried: one protocol, and a choice that the judged makers had no say in."""

from pathlib import Path

import numpy as np
import pytest

from matching.engine.encoder import Encoder
from moderation.detector import manifest
from moderation.detector.evaluation import ablation, learners
from moderation.detector.evaluation.ablation import CHOSEN, VARIANTS, Variant
from moderation.detector.features import FeatureStore
from tests.moderation.detector.labelled import drawn_list


def test_every_variant_has_a_row_and_the_last_one_chooses(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ablation, "FOLDS", 3)
    pictures = manifest.read(drawn_list(tmp_path, 12))
    tried = [Variant("plain", ("whole",)), Variant("closer", ("whole",), beside=("native0",))]

    rows = ablation.table(pictures, FeatureStore(tmp_path / "cache", encoder), tried)

    assert [(row.name, row.passes) for row in rows] == [("plain", 1), ("closer", 2), (CHOSEN, 1)]
    assert rows[0].altered is not None
    assert rows[1].altered is None
    assert all(row.auc.value > 0.8 for row in rows)


def test_variants_have_names_of_their_own_and_known_learners() -> None:
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)
    assert {variant.learner for variant in VARIANTS} == set(learners.LEARNERS)


@pytest.mark.parametrize("learner", learners.LEARNERS)
def test_every_learner_finds_what_tells_the_classes_apart(learner: str) -> None:
    draw = np.random.default_rng(0)
    labels = np.arange(200) % 2 == 1
    inputs = draw.normal(0, 1, (200, 3, 8)).astype(np.float32)
    inputs[labels] += 1

    score = learners.LEARNERS[learner](inputs[:100], labels[:100], np.ones(100), 0.1)

    assert score(inputs[100:])[labels[100:]].min() > np.quantile(score(inputs[100:])[~labels[100:]], 0.8)
