"""What the detector says of one picture: a probability, a band, and why it is silent. numpy only."""

import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from moderation.detector.calibration import DEFAULT_BUDGET, Calibration, load_calibration
from moderation.detector.head import Head, HeadError, load_head
from moderation.detector.mediums import Medium

if TYPE_CHECKING:
    from matching.engine.encoder import Encoder
    from matching.engine.images import Picture

_VAR: Final = Path(__file__).parents[2] / "var"


class Band(StrEnum):
    """What a score means."""

    NO_SIGN = "no_sign"
    CANNOT_TELL = "cannot_tell"
    SIGNS = "signs_of_generation"


class Silence(StrEnum):
    """Why the detector does not say more."""

    ENCODER_DIFFERS = "encoder_differs"  # the features are not those that the head was trained on
    FEATURES_UNUSABLE = "features_unusable"  # of another shape, or not finite
    BETWEEN = "between_thresholds"
    TOO_FEW_HUMAN_WORKS = "too_few_human_works"  # to keep the budget in this medium


@dataclass(frozen=True)
class Judgement:
    """Never a ground of rejection: the synthetic lane brings an entry before a person, nothing more."""

    score: float | None
    """Probability of being generated at even odds; None where nothing could be measured."""
    band: Band
    medium: str
    """As estimated from the picture, or as corrected; empty where nothing could be measured."""
    model: str
    """``MODEL_VERSION``."""
    reason: str | None
    """A ``Silence`` where the band is ``CANNOT_TELL``."""
    budget: int
    """Of 1,000 human works of this medium, at most so many are held."""
    no_sign_below: float | None = None
    signs_above: float | None = None
    """The thresholds as probabilities; None where the lane is silent."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@lru_cache(maxsize=1)
def _trained() -> tuple[Head, Calibration]:
    head, calibration = load_head(), load_calibration()
    if calibration.head != head.sha256:
        raise HeadError("The calibration belongs to another head: calibrate anew.")
    return head, calibration


def model_version() -> str:
    """Head, calibration and encoder that judgements of this installation rest on."""
    head, calibration = _trained()
    return f"head-{head.sha256[:12]}+calibration-{calibration.sha256[:12]}+{head.encoder}"


def judge_features(
    class_tokens: NDArray[np.float32],
    final: NDArray[np.float32],
    *,
    encoder: str,
    budget: int = DEFAULT_BUDGET,
    medium: Medium | None = None,
) -> Judgement:
    """Judge one picture by its class tokens ``[12, 768]`` and final embedding ``[512]``.

    ``encoder`` is the identity of the encoder that made them; ``medium`` is a person's correction of the
    estimate. Raises ``HeadError`` where no head is installed.
    """
    head, calibration = _trained()
    return judge_with(head, calibration, class_tokens, final, encoder=encoder, budget=budget, medium=medium)


def judge_with(
    head: Head,
    calibration: Calibration,
    class_tokens: NDArray[np.float32],
    final: NDArray[np.float32],
    *,
    encoder: str,
    budget: int = DEFAULT_BUDGET,
    medium: Medium | None = None,
) -> Judgement:
    """As ``judge_features``, by a given head and its calibration."""
    model = f"head-{head.sha256[:12]}+calibration-{calibration.sha256[:12]}+{head.encoder}"
    if encoder != head.encoder:
        return Judgement(None, Band.CANNOT_TELL, "", model, Silence.ENCODER_DIFFERS, budget)
    if not head.fits(class_tokens, final):
        return Judgement(None, Band.CANNOT_TELL, "", model, Silence.FEATURES_UNUSABLE, budget)
    logit = float(head.logits(class_tokens[None])[0])
    kind = medium or head.mediums_of(final[None])[0]
    upper = calibration.upper(kind, budget=budget)
    lower = min(calibration.lower, calibration.even if upper is None else upper)
    band, reason = _band(logit, lower, upper)
    marks = calibration.probability(np.array([logit, lower, logit if upper is None else upper]))
    return Judgement(
        score=float(marks[0]),
        band=band,
        medium=kind.value,
        model=model,
        reason=reason,
        budget=budget,
        no_sign_below=float(marks[1]),
        signs_above=None if upper is None else float(marks[2]),
    )


def judge_picture(
    picture: "Picture", encoder: "Encoder | None" = None, *, budget: int = DEFAULT_BUDGET
) -> Judgement:
    """Judge a decoded picture; without ``encoder``, one is loaded from the provisioned weights.

    Raises ``WeightsError`` where those are missing.
    """
    if encoder is None:
        from matching.engine.encoder import EncoderSettings, load_encoder  # noqa: PLC0415 -- slow import

        encoder = load_encoder(EncoderSettings(weights=str(_models())))
    encoded = encoder.encode([picture])
    return judge_features(
        encoded.class_tokens[0], encoded.embedding[0], encoder=encoder.identity, budget=budget
    )


def _models() -> Path:
    """Where the weights are provisioned, by the environment that the settings read as well."""
    if folder := os.environ.get("MODELS_DIR"):
        return Path(folder)
    return Path(os.environ.get("VAR_DIR", _VAR)) / "models"


def _band(logit: float, lower: float, upper: float | None) -> tuple[Band, Silence | None]:
    if logit < lower:
        return Band.NO_SIGN, None
    if upper is None:
        return Band.CANNOT_TELL, Silence.TOO_FEW_HUMAN_WORKS
    return (Band.SIGNS, None) if logit > upper else (Band.CANNOT_TELL, Silence.BETWEEN)
