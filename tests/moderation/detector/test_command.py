"""``manage.py detector`` from the pictures to the tables, with the real encoder."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from matching.engine.encoder import Encoder
from moderation.detector import training
from moderation.detector.training import RECIPE
from moderation.detector.views import PERTURBATIONS
from tests.moderation.detector.labelled import drawn_list


@pytest.fixture
def files(tmp_path: Path, settings: Settings) -> dict[str, Path]:
    settings.CACHE_DIR = tmp_path / "cache"
    return {"head": tmp_path / "head.npz", "calibration": tmp_path / "calibration.json"}


def test_train_and_evaluate(
    encoder: Encoder, files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "RECIPE", training.Recipe(folds=3))
    pictures = drawn_list(tmp_path)
    out = io.StringIO()

    call_command("detector", "train", str(pictures), stdout=out, **files)
    first = [file.read_bytes() for file in files.values()]
    call_command("detector", "train", str(pictures), stdout=out, **files)
    second = [file.read_bytes() for file in files.values()]
    told = io.StringIO()
    call_command(
        "detector",
        "evaluate",
        str(pictures),
        stdout=told,
        json=True,
        perturbed=4,
        plots=tmp_path / "plots",
        **files,
    )

    assert first == second
    measured = json.loads(told.getvalue())
    assert (measured["human"], measured["generated"]) == (4, 4)
    assert measured["overall"]["auc"]["value"] > 0.8
    assert [one["name"] for one in measured["alterations"]] == ["whole", *PERTURBATIONS, *RECIPE.guards]
    assert sorted(path.stem for path in (tmp_path / "plots").iterdir()) == [
        "alterations",
        "generators",
        "media",
        "reliability",
        "roc",
        "scores",
    ]


def test_a_stranger_list_is_judged_by_the_installed_head(
    encoder: Encoder, files: dict[str, Path], tmp_path: Path
) -> None:
    told = io.StringIO()
    (tmp_path / "other").mkdir()

    call_command("detector", "evaluate", str(drawn_list(tmp_path / "other", 6)), stdout=told, perturbed=0)

    assert "judged by the installed head" in told.getvalue()
    assert "| maker-0 |" in told.getvalue()


def test_another_detector_is_measured_beside_on_the_pictures_that_it_saw(
    encoder: Encoder, files: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    pictures = drawn_list(tmp_path / "other", 6)
    listed = list(csv.DictReader(pictures.read_text().splitlines()))
    seen = [(row["file"], row["label"] == "ai") for row in listed][:-2]
    scores = tmp_path / "elsewhere.csv"
    scores.write_text(
        "file,score,called\n" + "".join(f"{name},{1 - is_ai},{1 - is_ai}\n" for name, is_ai in seen)
    )
    told, written = io.StringIO(), io.StringIO()
    asked = {"perturbed": 0, "beside": scores}

    call_command("detector", "evaluate", str(pictures), stdout=told, json=True, **asked)
    call_command("detector", "evaluate", str(pictures), stdout=written, **asked)

    both = json.loads(told.getvalue())["beside"]
    assert (both["name"], both["human"] + both["generated"]) == ("elsewhere", len(seen))
    assert both["theirs"]["auc"]["value"] == 0
    assert both["theirs_called"]["value"] == 1
    assert "### Beside elsewhere" in written.getvalue()


@pytest.mark.parametrize(
    "text", ["file\na.png\n", "file,score\na.png,high\n", "file,score\nno-such.png,0.5\n"]
)
def test_scores_that_make_no_sense_are_one_sentence(
    encoder: Encoder, files: dict[str, Path], tmp_path: Path, text: str
) -> None:
    (tmp_path / "other").mkdir()
    scores = tmp_path / "elsewhere.csv"
    scores.write_text(text)

    with pytest.raises(CommandError, match=r"elsewhere"):
        call_command(
            "detector", "evaluate", str(drawn_list(tmp_path / "other", 6)), perturbed=0, beside=scores
        )


def test_a_head_is_not_calibrated_on_another_list(files: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="trained on another list"):
        call_command("detector", "calibrate", str(drawn_list(tmp_path)))


def test_a_missing_list_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("detector", "train", str(tmp_path / "gone.csv"))
