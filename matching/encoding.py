"""The encoder as the settings choose it, and the vector by which works are found."""

from functools import lru_cache

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from matching.engine.encoder import Encoded, Encoder, EncoderSettings, load_encoder

DESCRIPTOR = "d1"  # raised whenever ``descriptor`` changes: it changes every vector


def encoder_settings() -> EncoderSettings:
    return EncoderSettings(
        weights=settings.CLIP_WEIGHTS or str(settings.MODELS_DIR),
        architecture=settings.CLIP_ARCHITECTURE,
        device=settings.DEVICE,
        threads=settings.TORCH_THREADS,
    )


def encoder() -> Encoder:
    """This process's encoder; raises ``matching.engine.weights.WeightsError`` where the weights are missing."""
    return load_encoder(encoder_settings())


def identity() -> str:
    """What vectors of this installation are vectors of: encoder, weights, preprocessing, descriptor."""
    return f"{encoder().identity}:{DESCRIPTOR}"


def descriptor(encoded: Encoded) -> NDArray[np.float32]:
    """``[n, embedding + width]``, unit length: the final embedding beside the pooled patches of a middle block.

    The first knows what a picture shows, the second what it looks like; their cosine is the mean of both.
    """
    return np.hstack([encoded.embedding, encoded.patches]).astype(np.float32) / np.float32(np.sqrt(2))


@lru_cache(maxsize=2)
def _dimension(_identity: str) -> int:
    return int(descriptor(encoder().encode([np.zeros((8, 8, 3), np.uint8)])).shape[1])


def dimension() -> int:
    """Length of one descriptor, as the encoder makes it."""
    return _dimension(identity())
