"""What tests of the registry may use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matching import compaction, live
from tests.matching.milvus import server  # noqa: F401 -- a fixture


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Each test begins without a snapshot, and with a process that has followed nothing."""
    settings.INDEX_DIR = tmp_path / "index"
    forget_index()
    yield
    forget_index()


def forget_index() -> None:
    """As a new process begins."""
    live._load.cache_clear()
    compaction._open.clear()
