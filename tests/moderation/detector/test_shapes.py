"""The shape of files is no evidence."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from moderation.detector import shapes
from moderation.detector.evaluation import confounders
from tests import pictures


def squares_and_others(count: int = 400) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Generated pictures are square four times in five, human ones one time in five."""
    draw = np.random.default_rng(0)
    generated = np.arange(count) % 2 == 1
    square = draw.random(count) < np.where(generated, 0.8, 0.2)
    sizes = np.stack([np.full(count, 512), np.where(square, 512, 340)], axis=1)
    return sizes, generated


def test_within_every_shape_both_classes_weigh_the_same() -> None:
    sizes, generated = squares_and_others()

    weights = shapes.balance(sizes, generated)

    square = sizes[:, 1] == 512
    for shape in (square, ~square):
        heavy, light = (weights[shape & side].sum() for side in (generated, ~generated))
        assert heavy == pytest.approx(light, rel=0.1)
    assert weights.mean() == pytest.approx(1)


def test_what_shape_tells_is_measured_and_gone_once_balanced() -> None:
    sizes, generated = squares_and_others()
    folds = np.arange(len(sizes)) // 2 % 5

    told = confounders.measure(sizes, np.zeros((len(sizes), 4)), generated, folds, np.zeros(len(sizes)))

    assert told["guess from shape"] > 0.7
    assert told["guess from shape, shapes balanced"] < 0.55
    assert told["guess from encoding, shapes balanced"] < 0.55
    assert told["head, shapes balanced"] == 0.5


def test_sizes_are_read_from_the_files(tmp_path: Path) -> None:
    files = [pictures.save(pictures.plain(width, 30), tmp_path / f"{width}.png") for width in (40, 50)]

    assert shapes.sizes(files).tolist() == [[40, 30], [50, 30]]


def test_encodings_tell_qualities_apart(tmp_path: Path) -> None:
    pixels = pictures.draw(1, 160, 120)
    files = []
    for quality in (50, 95):
        files.append(tmp_path / f"{quality}.jpg")
        files[-1].write_bytes(pictures.as_file(pixels, "JPEG", quality=quality))

    coarse, fine = shapes.encodings(files)

    assert coarse[0] > fine[0]
    assert coarse[-1] < fine[-1]
