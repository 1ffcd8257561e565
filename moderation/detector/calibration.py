"""What a head's score is worth: a probability, and the scores from which its lane may speak.

The upper threshold of a medium keeps a promise: of 1,000 human works of that medium, at most ``budget`` are
held. Works come re-saved by other people's software, and that must accuse nobody either: each human work
counts with its highest score, as it is or re-saved. The threshold is the split-conformal quantile of these
scores, by a head that had not seen the works: with ``n`` of them, the ``ceil((n + 1)(1 - budget / 1000))``-th
smallest, for works exchangeable with them (Vovk, Gammerman and Shafer 2005; Mondrian, that is, apart for each
medium). Where ``n`` is too small for the budget there is no such score, and the lane is silent.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from moderation.detector.head import DATA, HeadError
from moderation.detector.mediums import Medium

CALIBRATION_FILE: Final = DATA / "calibration.json"
DEFAULT_BUDGET: Final = 10
"""Of 1,000 human works, how many the lane may hold."""

_DIGITS = 4


@dataclass(frozen=True)
class Calibration:
    """Belongs to one head; all scores are logits of it or of its sisters trained without the picture."""

    head: str
    """sha256 of the head's file."""
    slope: float
    offset: float
    """Probability = 1 / (1 + exp(-(slope * logit + offset))), at even odds of human and generated (Platt)."""
    lower: float
    """Logit below which there is no sign."""
    missed: float
    """The share of generated pictures that may fall below ``lower``."""
    human: Mapping[Medium, tuple[float, ...]]
    """The frozen set: for each medium the scores at their highest, ascending, of the human works that people
    or the head take for it. Both count: at judgement the head alone speaks, and a person may correct it."""
    crops: int = 0
    """Native-resolution crops that are judged beside the whole picture."""

    def probability(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of being generated, at even odds; same shape."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.slope * logits + self.offset, -50, 50))))

    def upper(self, medium: Medium, *, budget: int) -> float | None:
        """Logit above which there are signs of generation; None where the lane must be silent."""
        threshold = conformal_threshold(self.human.get(medium, ()), budget / 1000)
        # Signs of generation must at least be likelier than not, however low the human works score.
        return None if threshold is None else max(threshold, self.even)

    @property
    def even(self) -> float:
        """The logit of probability one half."""
        return -self.offset / self.slope

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """The same calibration always gives the same bytes."""
        value = {
            "head": self.head,
            "slope": self.slope,
            "offset": self.offset,
            "lower": self.lower,
            "missed": self.missed,
            "human": self.human,
            "crops": self.crops,
        }
        return (json.dumps(value, sort_keys=True, indent=0) + "\n").encode()


def conformal_threshold(scores: Sequence[float], share: float) -> float | None:
    """The least of ``scores``, ascending, that a new exchangeable one exceeds with probability <= ``share``.

    None where there are too few scores for the share.
    """
    # Of n + 1 exchangeable scores, the new one is among the k largest with probability k / (n + 1). The
    # tolerance keeps 0.01 * 100 from counting as less than 1.
    largest = math.floor(share * (len(scores) + 1) + 1e-9)
    return scores[len(scores) - largest] if 1 <= largest <= len(scores) else None


def calibrate(
    head: str,
    logits: NDArray[np.float64],
    highest: NDArray[np.float64],
    generated: NDArray[np.bool_],
    estimated: Sequence[Medium],
    labelled: Sequence[Medium | None],
    *,
    missed: float,
    crops: int = 0,
) -> Calibration:
    """From scores by heads that had not seen the pictures they score, all arguments in the same order.

    ``highest`` are the scores of human works at their highest, as they are or re-saved.
    """
    slope, offset = _platt(logits, generated)
    ascending = sorted(logits[generated].tolist())
    lower = ascending[math.floor(missed * (len(ascending) + 1))]
    human = np.flatnonzero(~generated)
    return Calibration(
        head=head,
        slope=round(slope, _DIGITS),
        offset=round(offset, _DIGITS),
        lower=round(lower, _DIGITS),
        missed=missed,
        human={
            medium: _ascending(
                highest[[at for at in human.tolist() if medium in (estimated[at], labelled[at])]]
            )
            for medium in Medium
        },
        crops=crops,
    )


def with_crops(file: Path, crops: int) -> Path:
    """Beside ``file``, where the calibration for judging with native crops is kept; without any, ``file``."""
    return file.with_stem(f"{file.stem}-{crops}") if crops else file


def load_calibration(path: Path = CALIBRATION_FILE) -> Calibration:
    """Read a calibration; raises ``HeadError``."""
    try:
        value = json.loads(path.read_bytes())
        value["human"] = {Medium(name): tuple(scores) for name, scores in value["human"].items()}
        return Calibration(**value)
    except FileNotFoundError as error:
        raise HeadError(f"There is no calibration at {path}: calibrate the head.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HeadError(f"{path} is not a calibration.") from error


def _ascending(logits: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(sorted(round(value, _DIGITS) for value in logits.tolist()))


def _platt(logits: NDArray[np.float64], generated: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of a logistic curve through the scores, both classes weighing the same."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- slow import

    curve = LogisticRegression(C=1e6, class_weight="balanced").fit(logits[:, None], generated)
    return float(curve.coef_[0, 0]), float(curve.intercept_[0])
