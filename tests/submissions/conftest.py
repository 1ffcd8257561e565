"""What tests of pages need."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from submissions.models import User


@pytest.fixture(autouse=True)
def uncollected_static(settings: Settings, tmp_path: Path) -> None:
    """Pages name their style sheets by plain names: nothing is collected before a test run."""
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
