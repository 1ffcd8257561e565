"""What every test may use."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from matching import encoding
from matching.engine.encoder import Encoder
from submissions.models import User


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real encoder with the provisioned weights, loaded once a test process."""
    return encoding.encoder()


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Settings) -> None:
    """Uploads of a test lie in its own folder; static files are named plainly, for nothing was collected."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def as_person() -> Callable[[User], Client]:
    """A browser in which that person is signed in."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
