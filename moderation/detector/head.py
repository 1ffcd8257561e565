"""The trained part: linear maps from the encoder's tokens to a score and to a medium. numpy only."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from moderation.detector.mediums import Medium

DATA: Final = Path(__file__).parent / "data"
HEAD_FILE: Final = DATA / "head.npz"


class HeadError(Exception):
    """The head file is missing or not a head; the message is one sentence for a person."""


@dataclass(frozen=True, eq=False)
class Head:
    """Standardisation is multiplied into the weights, so nothing but them is needed at judgement."""

    weights: NDArray[np.float32]
    """``[blocks, width]``: of the class token of every block; rows of zeros for blocks that are not used."""
    bias: float
    medium_weights: NDArray[np.float32]
    """``[mediums, dimension]``: of the final embedding."""
    medium_bias: NDArray[np.float32]
    mediums: tuple[Medium, ...]
    encoder: str
    """Identity of the encoder whose features these weights read."""
    manifest: str
    """sha256 of the list of pictures it was trained on."""
    training: dict[str, Any] = field(default_factory=dict)
    """How it was trained, for people."""

    def logits(self, class_tokens: NDArray[np.float32]) -> NDArray[np.float64]:
        """``[n]`` from ``[n, blocks, width]``; above zero leans to generated. Not yet calibrated."""
        flat = class_tokens.reshape(len(class_tokens), self.weights.size).astype(np.float64)
        return np.asarray(flat @ self.weights.reshape(-1).astype(np.float64) + self.bias)

    def mediums_of(self, final: NDArray[np.float32]) -> list[Medium]:
        """The likeliest medium of each row of ``[n, dimension]``."""
        scores = final.astype(np.float64) @ self.medium_weights.astype(np.float64).T + self.medium_bias
        return [self.mediums[at] for at in scores.argmax(axis=1)]

    def fits(self, class_tokens: NDArray[np.float32], final: NDArray[np.float32]) -> bool:
        """Whether features of one picture have the shapes and the finite values that the weights expect."""
        return (
            class_tokens.shape == self.weights.shape
            and final.shape == self.medium_weights.shape[1:]
            and bool(np.isfinite(class_tokens).all() and np.isfinite(final).all())
        )

    @cached_property
    def sha256(self) -> str:
        """Of the file it is or would be kept in, in hex."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """The same head always gives the same bytes."""
        card = {
            "encoder": self.encoder,
            "manifest": self.manifest,
            "mediums": list(self.mediums),
            "training": self.training,
        }
        out = io.BytesIO()
        np.savez(
            out,
            weights=self.weights,
            bias=np.float64(self.bias),
            medium_weights=self.medium_weights,
            medium_bias=self.medium_bias,
            card=np.frombuffer(json.dumps(card, sort_keys=True).encode(), np.uint8),
        )
        return out.getvalue()


def load_head(path: Path = HEAD_FILE) -> Head:
    """Read a head; raises ``HeadError``."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            card = json.loads(stored["card"].tobytes())
            return Head(
                weights=stored["weights"],
                bias=float(stored["bias"]),
                medium_weights=stored["medium_weights"],
                medium_bias=stored["medium_bias"],
                mediums=tuple(Medium(name) for name in card["mediums"]),
                encoder=card["encoder"],
                manifest=card["manifest"],
                training=card["training"],
            )
    except FileNotFoundError as error:
        raise HeadError(f"There is no detector head at {path}: train one.") from error
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise HeadError(f"{path} is not a detector head.") from error
