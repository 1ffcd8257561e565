"""Native crops beside the whole: judged as trained, by the calibration made for them."""

from collections.abc import Iterator

import numpy as np
import pytest

from matching.engine.encoder import Encoder
from matching.engine.images import open_picture
from moderation import detector
from moderation.detector import closer, judgement, views
from tests import pictures


@pytest.fixture
def one_crop() -> Iterator[None]:
    detector.use(crops=1)
    yield
    detector.use(crops=0)


def test_what_a_head_says_of_combined_tokens_is_the_mean_of_what_it_says() -> None:
    draw = np.random.default_rng(0)
    head, _calibration = judgement.trained()
    whole, one, other = (draw.normal(0, 1, (4, *head.weights.shape)).astype(np.float32) for _ in range(3))

    combined = head.logits(closer.combine(whole, [one, other]))

    apart = (head.logits(whole) + closer.SHARE * (head.logits(one) + head.logits(other)) / 2) / 1.5
    assert combined == pytest.approx(apart, abs=1e-4)
    assert closer.combine(whole, []) is whole


def test_a_crop_is_judged_beside_the_whole_by_a_calibration_of_its_own(
    encoder: Encoder, one_crop: None
) -> None:
    picture = open_picture(pictures.as_file(pictures.bundled("coffee")))
    head, calibration = judgement.trained()
    crop = views.look(picture.pixels, "native0", picture.sha256)
    tokens = encoder.encode([picture.pixels, crop]).class_tokens

    judged = detector.judge_picture(picture, encoder)

    assert calibration.crops == 1
    assert calibration.sha256[:12] in judged.model
    assert judged.logit == pytest.approx(
        float(head.logits(closer.combine(tokens[:1], [tokens[1:]]))[0]), abs=1e-3
    )
    assert judged.band != detector.Band.SIGNS


def test_more_crops_than_there_is_a_calibration_for_are_refused_with_a_sentence() -> None:
    detector.use(crops=7)

    with pytest.raises(detector.HeadError, match="There is no calibration"):
        judgement.trained()

    detector.use(crops=0)
