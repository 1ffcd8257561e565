"""Pages without collected static files."""

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def plain_static_files(tmp_path: Path, settings: settings) -> None:
    """Addresses of static files as they stand in the source: nothing is collected for a test."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
