import os
import re
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]


def test_every_setting_has_its_row_in_the_operations_manual() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z][A-Z0-9_]+)"', (ROOT / "config/settings.py").read_text()))
    manual = (ROOT / "docs/operations.md").read_text()
    rows = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", manual, re.MULTILINE))

    assert read == rows


@pytest.mark.django_db
def test_tests_never_touch_the_data_of_make_run() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_database(), current_setting('unix_socket_directories')")
        database, sockets = cursor.fetchone()

    assert database.startswith("test_")
    assert str(ROOT / "var") not in sockets
    assert sockets in os.environ["DATABASE_URL"]
