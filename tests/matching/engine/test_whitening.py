from pathlib import Path

import numpy as np
import pytest

from matching.engine.encoder import Encoder
from matching.engine.whitening import DIMENSION, NoWhitening, learn, load_whitening
from tests.matching.transforms import copy_of
from tests.pictures import bundled, draw

NAMES = ("astronaut", "chelsea", "coffee", "motorcycle_left", "rocket", "hubble_deep_field")


def test_the_shipped_whitening_tells_pictures_apart(encoder: Encoder) -> None:
    whitening = load_whitening(encoder.identity)
    works = whitening.work_descriptors(encoder.encode([bundled(name) for name in NAMES]))

    likeness = works @ works.T

    assert works.shape == (6, DIMENSION)
    assert np.diag(likeness) == pytest.approx(1, abs=1e-5)
    assert likeness[~np.eye(6, dtype=bool)].max() < 0.5


@pytest.mark.parametrize("transform", ["collage-15", "crop-30", "mirror", "hue", "screen"])
def test_the_copied_work_is_the_nearest(encoder: Encoder, transform: str) -> None:
    whitening = load_whitening(encoder.identity)
    works = whitening.work_descriptors(encoder.encode([bundled(name) for name in NAMES]))
    copies = [copy_of(bundled(name), transform, seed=name, ground=draw(1)) for name in NAMES]

    queries = whitening.query_descriptors(encoder.encode(copies))

    nearest = (queries @ works.T).max(axis=1).argmax(axis=1)
    assert queries.shape[0] == 6
    assert nearest.tolist() == list(range(6))


def test_a_whitening_is_of_one_encoder() -> None:
    with pytest.raises(NoWhitening, match="another-encoder"):
        load_whitening("another-encoder")


def test_learning_takes_away_what_all_share(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    vectors = (5 + rng.normal(0, np.linspace(2, 0.01, 200), (600, 200))).astype(np.float32)
    whitening = learn("encoder-a", vectors)
    whitening.save(tmp_path / "own.npz")

    whitened = load_whitening("encoder-a", tmp_path / "own.npz")(vectors)

    raw = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert np.abs(raw @ raw.T).mean() > 0.8
    assert np.abs(whitened @ whitened.T).mean() < 0.15
    assert whitened.shape == (600, DIMENSION)
