"""What tests of the desk's pages need."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from submissions.models import User


@pytest.fixture(autouse=True)
def plain_static_files(tmp_path: Path, settings: Settings) -> None:
    """Addresses of static files as they stand in the source: nothing is collected for a test."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser in which that person is signed in."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
