"""Letters leave at once here: while one can still be called back, nothing can be appealed."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def letters_leave_at_once(settings: Settings) -> None:
    settings.UNDO_SECONDS = 0
