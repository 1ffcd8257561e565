"""What every test may use."""

from pathlib import Path

import pytest
from django.conf import settings

from matching.engine.encoder import Encoder, load_encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real encoder with the provisioned weights, loaded once a test process."""
    from moderation.checks.look import encoder_settings

    return load_encoder(encoder_settings())


@pytest.fixture(autouse=True)
def private_media(tmp_path: Path, settings: settings) -> None:
    """Files of a test lie in its own folder."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
