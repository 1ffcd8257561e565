"""What every test may use."""

from collections.abc import Callable, Sequence
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from matching import encoding
from matching.engine.encoder import Encoded, Encoder
from matching.engine.images import Picture, Pixels
from submissions.models import User
from tests import databases


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each test process's database begins as a copy of one that is migrated already."""
    copied = databases.template()
    connection.settings_dict["TEST"] |= {"TEMPLATE": copied, "MIGRATE": copied is None}


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real encoder with the provisioned weights, loaded once a test process."""
    return encoding.encoder()


# The machine may be busy: how long an example takes to draw says nothing about the code.
hypothesis.settings.register_profile(
    "desk", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("desk")

_encoded: dict[tuple[str, bytes], Encoded] = {}


@pytest.fixture(autouse=True)
def each_picture_encoded_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the real encoder said of a picture is kept for the next test that draws the same one.

    The engine's own tests ask the encoder anew each time.
    """
    if "engine" in request.path.parts:
        return
    encode = Encoder.encode

    def remember(self: Encoder, pictures: Sequence[Picture | Pixels]) -> Encoded:
        keys = [(self.identity, (p.pixels if isinstance(p, Picture) else p).tobytes()) for p in pictures]
        for key, one in zip(keys, pictures, strict=True):
            if key not in _encoded:
                _encoded[key] = encode(self, [one])
        parts = [encode(self, []), *(_encoded[key] for key in keys)]
        return Encoded(
            **{name: np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])}
        )

    monkeypatch.setattr(Encoder, "encode", remember)


@pytest.fixture(autouse=True)
def own_language() -> None:
    """A request of an earlier test leaves its reader's language behind in the thread."""
    translation.deactivate()


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
