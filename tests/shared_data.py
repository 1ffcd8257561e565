"""Where the labelled pictures and provenance files lie, if this machine has them.

They are test data under mixed licences, never part of the repository; tests that need them are skipped
with a line that says so where they are missing.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("VERNISSAGE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def require(folder: str) -> Path:
    """The folder ``folder`` of the shared data, or skip the test that asked."""
    path = ROOT / folder
    if not path.is_dir():
        pytest.skip(f"shared data {folder!r} is not on this machine (set VERNISSAGE_SHARED_DATA)")
    return path
