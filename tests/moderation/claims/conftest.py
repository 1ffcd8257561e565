"""Decisions take effect at once here; how they wait is told in ``tests.moderation.test_taking_effect``."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def decisions_take_effect_at_once(settings: Settings) -> None:
    settings.UNDO_SECONDS = 0
