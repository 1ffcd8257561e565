"""Heads of a test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from matching.engine.encoder import Encoder
from moderation.detector import Medium, judgement
from tests.moderation.estimates.installed import constant_head, install

Install = Callable[..., None]


@pytest.fixture
def a_head(encoder: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Install]:
    """``a_head(3.0)`` installs a head that gives every picture that value."""

    def installed(logit: float, known: tuple[Medium, ...] = tuple(Medium)) -> None:
        folder = tmp_path / f"head{logit}"
        folder.mkdir(exist_ok=True)
        install(monkeypatch, folder, *constant_head(encoder, logit, known))

    yield installed
    judgement.trained.cache_clear()
