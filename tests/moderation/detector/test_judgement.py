"""Bands, silence, refusals; and the installed head on photographs that everybody knows."""

import json
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from matching.engine.encoder import Encoder
from matching.engine.images import open_picture
from moderation import detector
from moderation.detector import Band, Judgement, Medium, Silence
from moderation.detector.calibration import Calibration
from moderation.detector.head import Head
from moderation.detector.judgement import judge_with
from tests import pictures, shared_data


def head() -> Head:
    """The score is the first number of the first token; the medium is where the embedding points."""
    weights = np.zeros((12, 768), np.float32)
    weights[0, 0] = 1
    media = np.zeros((2, 512), np.float32)
    media[0, 0] = media[1, 1] = 1
    known = (Medium.PHOTOGRAPH, Medium.PIXEL_ART)
    return Head(weights, 0.0, media, np.zeros(2, np.float32), known, "tower:1:p1", "list")


def calibration(photographs: int = 200) -> Calibration:
    scores = {Medium.PHOTOGRAPH: tuple(np.linspace(-3, 1, photographs).tolist())}
    return Calibration("head", 1.0, 0.0, -1.0, 0.05, scores)


def judged(
    logit: float,
    *,
    pixel_art: bool = False,
    encoder: str = "tower:1:p1",
    photographs: int = 200,
    medium: Medium | None = None,
) -> Judgement:
    tokens = np.zeros((12, 768), np.float32)
    tokens[0, 0] = logit
    final = np.zeros(512, np.float32)
    final[int(pixel_art)] = 1
    return judge_with(
        head(), calibration(photographs), tokens, final, encoder=encoder, budget=10, medium=medium
    )


@pytest.mark.parametrize(
    ("logit", "band", "reason"),
    [
        (-4, Band.NO_SIGN, None),
        (0.2, Band.CANNOT_TELL, Silence.BETWEEN),
        (4, Band.SIGNS, None),
    ],
)
def test_a_score_falls_into_its_band(logit: float, band: Band, reason: Silence | None) -> None:
    judgement = judged(logit)

    assert (judgement.band, judgement.reason, judgement.medium) == (band, reason, "photograph")


def test_more_evidence_never_gives_a_milder_band() -> None:
    order = [Band.NO_SIGN, Band.CANNOT_TELL, Band.SIGNS]

    bands = [order.index(judged(logit).band) for logit in np.linspace(-6, 6, 49)]

    assert bands == sorted(bands)
    assert set(bands) == {0, 1, 2}


def test_the_lane_is_silent_where_too_few_human_works_are_known() -> None:
    few, none = judged(9, photographs=98), judged(9, pixel_art=True)

    for judgement in (few, none):
        assert (judgement.band, judgement.reason) == (Band.CANNOT_TELL, Silence.TOO_FEW_HUMAN_WORKS)
        assert judgement.signs_above is None
    assert judged(9, photographs=99).band == Band.SIGNS


def test_a_person_may_correct_the_medium() -> None:
    assert judged(9, medium=Medium.PIXEL_ART).band == Band.CANNOT_TELL
    assert judged(9, pixel_art=True, medium=Medium.PHOTOGRAPH).band == Band.SIGNS


def test_features_of_another_encoder_are_refused() -> None:
    judgement = judged(9, encoder="tower:2:p1")

    assert (judgement.score, judgement.band) == (None, Band.CANNOT_TELL)
    assert judgement.reason == Silence.ENCODER_DIFFERS


@pytest.mark.parametrize("tokens", [np.zeros((11, 768), np.float32), np.full((12, 768), np.nan, np.float32)])
def test_unusable_features_are_refused(tokens: NDArray[np.float32]) -> None:
    final = np.zeros(512, np.float32)

    judgement = judge_with(head(), calibration(), tokens, final, encoder="tower:1:p1")

    assert (judgement.score, judgement.reason) == (None, Silence.FEATURES_UNUSABLE)


@pytest.mark.parametrize("logit", [-1e6, -2.0, 0.0, 2.0, 1e6])
def test_a_judgement_is_plain_json(logit: float) -> None:
    judgement = judged(logit)

    told = json.loads(json.dumps(judgement.as_json(), allow_nan=False))

    assert told["band"] == judgement.band.value
    assert 0 <= told["score"] <= 1


def test_the_installed_head_names_all_it_rests_on() -> None:
    trained, calibration = detector.judgement.trained()

    for part in (trained.sha256[:12], calibration.sha256[:12], trained.encoder):
        assert part in detector.MODEL_VERSION


def test_importing_the_detector_loads_nothing_slow() -> None:
    slow = "torch", "open_clip", "sklearn", "matplotlib", "django", "cv2"
    program = f"""
import sys, moderation.detector
moderation.detector.MODEL_VERSION
print([name for name in {slow} if name in sys.modules])
"""

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket"])
def test_well_known_photographs_are_not_accused(encoder: Encoder, name: str) -> None:
    picture = open_picture(pictures.as_file(pictures.bundled(name)))

    judgement = detector.judge_picture(picture, encoder)

    assert judgement.band != Band.SIGNS
    assert judgement.medium == Medium.PHOTOGRAPH


def test_protected_copies_are_less_likely_generated_than_not(encoder: Encoder) -> None:
    """Of paintings by van Gogh; the band alone would say little, scans being silent."""
    files = sorted(shared_data.require("cloaked").glob("work[01]*-cloak*.webp"))

    judged = {file.name: detector.judge_picture(open_picture(file), encoder) for file in files}

    assert len(judged) == 21
    assert {name: one.score for name, one in judged.items() if one.score is None or one.score > 0.5} == {}
    assert all(one.band != Band.SIGNS for one in judged.values())


def test_a_shared_pass_gives_the_same_as_the_picture(encoder: Encoder) -> None:
    names: Sequence[str] = ("coffee", "chelsea")
    seen = [open_picture(pictures.as_file(pictures.bundled(name))) for name in names]
    for picture in seen:
        shared = detector.judge_encoded(picture, encoder.encode([picture]), encoder)
        alone = detector.judge_picture(picture, encoder)
        assert shared.score == pytest.approx(alone.score, abs=1e-3)
        assert shared.band == alone.band
