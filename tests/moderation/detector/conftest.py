"""The encoder without the checks, which need a trained head already."""

import pytest
from django.conf import settings

from matching.engine.encoder import Encoder, EncoderSettings, load_encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder(
        EncoderSettings(
            weights=settings.CLIP_WEIGHTS or str(settings.MODELS_DIR),
            architecture=settings.CLIP_ARCHITECTURE,
            device=settings.DEVICE,
            threads=settings.TORCH_THREADS,
        )
    )
