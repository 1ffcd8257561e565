"""The encoder, loaded once per test process."""

import os
from pathlib import Path

import pytest

from matching.engine.encoder import Encoder, EncoderSettings, load_encoder
from matching.engine.weights import provision


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where the weights are; fetched if they are not there yet."""
    folder = Path(os.environ.get("VERNISSAGE_MODELS_DIR", "var/models"))
    provision(folder)
    return folder


@pytest.fixture(scope="session")
def encoder(models_dir: Path) -> Encoder:
    return load_encoder(EncoderSettings(weights=str(models_dir), threads=2))
