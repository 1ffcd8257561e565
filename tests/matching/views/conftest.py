"""What tests of the artist's pages need."""

import pytest

from submissions.models import User
from tests.factories import make_user


@pytest.fixture
def owner(db: None) -> User:
    return make_user()
