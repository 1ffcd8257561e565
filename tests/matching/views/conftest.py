"""What tests of the artist's pages need."""

import pytest
from pytest_django import Settings

from submissions.models import User
from tests.factories import make_user


@pytest.fixture(autouse=True)
def unhashed_static(settings: Settings) -> None:
    """Pages name their style sheets by plain names: nothing is collected before a test run."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def owner(db: None) -> User:
    return make_user()
