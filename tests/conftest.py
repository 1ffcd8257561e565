"""What every test may use."""

from pathlib import Path

import pytest
from django.conf import settings

from matching import encoding
from matching.engine.encoder import Encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real encoder with the provisioned weights, loaded once a test process."""
    return encoding.encoder()


@pytest.fixture(autouse=True)
def private_media(tmp_path: Path, settings: settings) -> None:
    """Files of a test lie in its own folder."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
