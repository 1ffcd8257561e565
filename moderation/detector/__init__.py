"""Estimate whether a picture was made by a generative model, and know when to be silent."""

from moderation.detector.head import HeadError
from moderation.detector.judgement import (
    Band,
    Judgement,
    Silence,
    judge_again,
    judge_encoded,
    judge_picture,
    model_version,
    use,
)
from moderation.detector.mediums import Medium

__all__ = [
    "MODEL_VERSION",
    "Band",
    "HeadError",
    "Judgement",
    "Medium",
    "Silence",
    "judge_again",
    "judge_encoded",
    "judge_picture",
    "model_version",
    "use",
]


def __getattr__(name: str) -> str:
    """``MODEL_VERSION`` is read when asked for: before the first training there is none."""
    if name == "MODEL_VERSION":
        return model_version()
    raise AttributeError(name)
