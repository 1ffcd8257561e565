"""Install a head of one's own for a test: real files, read by the real code."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from matching.engine.encoder import Encoder
from moderation.detector import Medium, judgement
from moderation.detector.calibration import Calibration
from moderation.detector.head import Head, load_head

FEW, ENOUGH = 50, 199


def constant_head(
    encoder: Encoder, logit: float, known: Sequence[Medium] = tuple(Medium)
) -> tuple[Head, Calibration]:
    """A head that gives every picture ``logit`` and takes it for a photograph; human works lie below zero."""
    shape = encoder.encode([np.zeros((8, 8, 3), np.uint8)])
    head = Head(
        weights=np.zeros(shape.class_tokens.shape[1:], np.float32),
        bias=logit,
        medium_weights=np.zeros((2, shape.embedding.shape[1]), np.float32),
        medium_bias=np.array([1, 0], np.float32),
        mediums=(Medium.PHOTOGRAPH, Medium.LINE_ART),
        encoder=encoder.identity,
        manifest="0" * 64,
    )
    scores = tuple(np.linspace(-6, -1, ENOUGH).round(4).tolist())
    calibration = Calibration(
        head=head.sha256,
        slope=1.0,
        offset=0.0,
        lower=-2.0,
        missed=0.05,
        human={medium: scores if medium in known else scores[:FEW] for medium in Medium},
    )
    return head, calibration


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, head: Head, calibration: Calibration) -> None:
    """From now on, and until the test ends, ``head`` judges."""
    files = folder / "head.npz", folder / "calibration.json"
    files[0].write_bytes(head.to_bytes())
    files[1].write_bytes(calibration.to_bytes())
    assert load_head(files[0]).sha256 == head.sha256
    monkeypatch.setattr(judgement, "HEAD_FILE", files[0])
    monkeypatch.setattr(judgement, "CALIBRATION_FILE", files[1])
    judgement.trained.cache_clear()
