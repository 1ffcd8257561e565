from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from submissions.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def send(client: Client, size: int) -> Any:
    return client.generic(
        "POST", "/accounts/login/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(size)
    )


def test_a_stranger_cannot_make_the_site_store_a_large_body(as_person: Callable[[User], Client]) -> None:
    large = 4 * 1024 * 1024

    refused, taken = send(Client(), large), send(as_person(make_user()), large)

    assert refused.status_code == 413
    assert "At most 2.0" in refused.content.decode().replace("\xa0", " ")
    assert taken.status_code != 413


def test_nobody_sends_more_than_the_largest_import(
    as_person: Callable[[User], Client], settings: Any
) -> None:
    settings.IMPORT_MAX_BYTES = 10_000

    assert send(as_person(make_user()), 1_010_001).status_code == 413
