"""The encoder as the settings choose it, and the vectors by which works are found."""

from functools import lru_cache

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from matching.engine.encoder import Encoded, Encoder, EncoderSettings, load_encoder
from matching.engine.style import VERSION as STYLE
from matching.engine.style import NoStyleSpace, StyleSpace, load_space
from matching.engine.whitening import NoWhitening, Whitening, load_whitening

# Raised whenever the way from what the encoder sees to a vector changes: it changes every vector.
WHITENED, PLAIN = "w1", "e1"

Vectors = NDArray[np.float32]


def encoder_settings() -> EncoderSettings:
    return EncoderSettings(
        weights=settings.CLIP_WEIGHTS or str(settings.MODELS_DIR),
        architecture=settings.CLIP_ARCHITECTURE,
        device=settings.DEVICE,
        threads=settings.TORCH_THREADS,
    )


def encoder() -> Encoder:
    """This process's encoder; raises ``matching.engine.weights.WeightsError`` where there are no weights."""
    return load_encoder(encoder_settings())


def identity() -> str:
    """What vectors of this installation are vectors of: encoder, weights, preprocessing, descriptor."""
    name = encoder().identity
    return f"{name}:{WHITENED if _whitening(name) else PLAIN}"


def work_vectors(encoded: Encoded) -> Vectors:
    """``[n, dimension]``, unit length: one a work, of the whole picture; the ones to store."""
    whitening = _whitening(encoder().identity)
    return whitening.work_descriptors(encoded) if whitening else encoded.embedding


def query_vectors(encoded: Encoded) -> Vectors:
    """``[regions, dimension]``, unit length, of the first of ``encoded``: a work may be in any part of it."""
    whitening = _whitening(encoder().identity)
    return whitening.query_descriptors(encoded)[0] if whitening else encoded.embedding[:1]


def style_space() -> StyleSpace:
    """Raises ``NoStyleSpace`` where none was learnt for this encoder."""
    return load_space(encoder().identity)


def style_identity() -> str:
    """What this installation's style vectors are vectors of."""
    return f"{encoder().identity}:{STYLE}"


def identities() -> list[str]:
    """Every kind of vector that a work has under this encoder; the first is the one it is found by."""
    try:
        style_space()
    except NoStyleSpace:
        return [identity()]
    return [identity(), style_identity()]


def vectors_of(encoded: Encoded) -> dict[str, Vectors]:
    """``[n, …]`` by identity, for each of ``identities()``."""
    made = {identity(): work_vectors(encoded)}
    if style_identity() in identities():
        made[style_identity()] = style_space()(encoded)
    return made


def dimension() -> int:
    """Length of one vector, as the encoder makes it."""
    return _dimension(identity())


@lru_cache(maxsize=2)
def _dimension(_identity: str) -> int:
    return int(work_vectors(encoder().encode([np.zeros((8, 8, 3), np.uint8)])).shape[1])


@lru_cache(maxsize=2)
def _whitening(name: str) -> Whitening | None:
    """The shipped whitening; another encoder than the default finds by its plain embedding, less well."""
    try:
        return load_whitening(name)
    except NoWhitening:
        return None
