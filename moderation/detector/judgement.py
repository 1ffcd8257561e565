"""What the detector says of one picture: a probability, a band, and why it is silent. numpy only."""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from moderation.detector import closer
from moderation.detector.calibration import (
    CALIBRATION_FILE,
    DEFAULT_BUDGET,
    Calibration,
    load_calibration,
    with_crops,
)
from moderation.detector.head import HEAD_FILE, Head, HeadError, load_head
from moderation.detector.mediums import Medium

if TYPE_CHECKING:
    from matching.engine.encoder import Encoded, Encoder
    from matching.engine.images import Picture

Budget = int | Callable[[Medium], int]
"""Of 1,000 human works, how many may be held: the same for all media, or one for each."""

_crops = 0
"""Native crops that are judged beside the whole picture."""

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
    NO_BUDGET = "no_budget"  # the contest lets no work of this medium be held
    DRIFT = "drift"  # people overturned more holds than the budget allows
    CLOAKED = "cloaked"  # the entrant declared a protection that the detector cannot judge


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
    logit: float | None = None
    """The head's own value, by which the same picture can be judged as another medium."""
    known: int = 0
    """Human works of the medium in the frozen set."""
    as_high: int = 0
    """How many of them score as high as this picture, or higher."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def use(*, crops: int) -> None:
    """From now on, judge with so many native crops beside the whole picture, by the calibration for them."""
    global _crops  # noqa: PLW0603 -- one choice for the process, made once when it starts
    _crops = crops
    trained.cache_clear()


@lru_cache(maxsize=1)
def trained() -> tuple[Head, Calibration]:
    """The installed head and its calibration; raises ``HeadError``."""
    head, calibration = load_head(HEAD_FILE), load_calibration(with_crops(CALIBRATION_FILE, _crops))
    if calibration.head != head.sha256:
        raise HeadError("The calibration belongs to another head: calibrate anew.")
    return head, calibration


def model_version() -> str:
    """Head, calibration and encoder that judgements of this installation rest on."""
    return version_of(*trained())


def version_of(head: Head, calibration: Calibration) -> str:
    """What a judgement by these two rests on."""
    return f"head-{head.sha256[:12]}+calibration-{calibration.sha256[:12]}+{head.encoder}"


def judge_with(
    head: Head,
    calibration: Calibration,
    class_tokens: NDArray[np.float32],
    final: NDArray[np.float32],
    *,
    encoder: str,
    budget: Budget = DEFAULT_BUDGET,
    medium: Medium | None = None,
) -> Judgement:
    """Judge one picture by its class tokens ``[12, 768]``, crops combined, and its final embedding ``[512]``.

    ``encoder`` is the identity of the encoder that made them; ``medium`` is a person's correction of the
    estimate.
    """
    model = version_of(head, calibration)
    if encoder != head.encoder:
        return _nothing(model, Silence.ENCODER_DIFFERS)
    if not head.fits(class_tokens, final):
        return _nothing(model, Silence.FEATURES_UNUSABLE)
    logit = float(head.logits(class_tokens[None])[0])
    return judge_logit(calibration, model, logit, medium or head.mediums_of(final[None])[0], budget)


def judge_again(model: str, logit: float, medium: Medium, *, budget: int) -> Judgement | None:
    """What the installed head says of a picture that it scored ``logit``, were it of ``medium``.

    None where another model had scored it: values of two heads are never compared.
    """
    head, calibration = trained()
    if model != version_of(head, calibration):
        return None
    return judge_logit(calibration, model, logit, medium, budget)


def judge_logit(
    calibration: Calibration, model: str, logit: float, medium: Medium, budget: Budget
) -> Judgement:
    """Bands and marks of a score of the calibrated head."""
    allowed = budget(medium) if callable(budget) else budget
    upper = calibration.upper(medium, budget=allowed)
    lower = min(calibration.lower, calibration.even if upper is None else upper)
    band, reason = _band(logit, lower, upper)
    if reason == Silence.TOO_FEW_HUMAN_WORKS and not allowed:
        reason = Silence.NO_BUDGET
    marks = calibration.probability(np.array([logit, lower, logit if upper is None else upper]))
    known = calibration.human.get(medium, ())
    return Judgement(
        score=float(marks[0]),
        band=band,
        medium=medium.value,
        model=model,
        reason=reason,
        budget=allowed,
        no_sign_below=float(marks[1]),
        signs_above=None if upper is None else float(marks[2]),
        logit=logit,
        known=len(known),
        as_high=sum(one >= logit for one in known),
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
    return judge_encoded(picture, encoder.encode([picture]), encoder, budget=budget)


def judge_encoded(
    picture: "Picture",
    encoded: "Encoded",
    encoder: "Encoder",
    *,
    budget: Budget = DEFAULT_BUDGET,
    medium: Medium | None = None,
    by: tuple[Head, Calibration] | None = None,
) -> Judgement:
    """Judge a picture by its pass, which others use as well; crops cost passes more.

    ``by`` is another head than the installed one, and its calibration. Raises ``HeadError`` where none is
    installed.
    """
    head, calibration = by or trained()
    tokens = encoded.class_tokens[0]
    if encoder.identity == head.encoder:
        tokens = closer.look(picture, tokens, encoder, calibration.crops)
    return judge_with(
        head,
        calibration,
        tokens,
        encoded.embedding[0],
        encoder=encoder.identity,
        budget=budget,
        medium=medium,
    )


def _nothing(model: str, reason: Silence) -> Judgement:
    return Judgement(None, Band.CANNOT_TELL, "", model, reason, budget=0)


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
