"""``manage.py inspect`` and ``manage.py trust``, without a database."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.moderation.provenance.labelling import PARAMETERS, png
from tests.moderation.provenance.signing import Authority, Leaf, Made, created, picture, sign


def inspected(*arguments: object) -> list[dict[str, Any]]:
    output = io.StringIO()
    call_command("inspect", *map(str, arguments), "--no-synthetic", stdout=output)
    return [json.loads(line) for line in output.getvalue().splitlines()]


@pytest.fixture
def trust_folder(tmp_path: Path, root: Authority) -> Path:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "test_root.pem").write_text(root.pem)
    return folder


def test_inspect_says_everything_about_one_file(tmp_path: Path, trust_folder: Path, signer: Leaf) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(sign(picture(), signer, Made([created("trainedAlgorithmicMedia")], "Generator")))

    (line,) = inspected(path, "--trust", trust_folder)

    assert line["file"] == str(path)
    assert line["media"] == "image/jpeg"
    assert len(line["sha256"]) == 64
    provenance = line["provenance"]
    answers = {key: provenance[key] for key in ("integrity", "origin", "signer", "generator", "flags")}
    assert answers == {
        "integrity": "intact",
        "origin": "ai_generated",
        "signer": "trusted",
        "generator": "Generator",
        "flags": [],
    }
    assert line["traces"] == []
    assert line["synthetic"] is None


def test_inspect_names_traces_and_keeps_prompts_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(("parameters", PARAMETERS)))

    (line,) = inspected(path)

    assert [(trace["key"], trace["weak"]) for trace in line["traces"]] == [("a1111_parameters", False)]
    assert "fox" not in json.dumps(line)


def test_inspect_walks_folders_in_order_and_skips_what_is_no_work(tmp_path: Path) -> None:
    (tmp_path / "b" / ".hidden").mkdir(parents=True)
    for name in (
        "c.jpg",
        "b/z.jpg",
        "a.JPG",
        "list.csv",
        "README.md",
        "root.pem",
        ".x.jpg",
        "b/.hidden/y.jpg",
    ):
        (tmp_path / name).write_bytes(picture())

    lines = inspected(tmp_path)

    assert [line["file"] for line in lines] == [
        str(tmp_path / name) for name in ("a.JPG", "b/z.jpg", "c.jpg")
    ]


def test_inspect_goes_on_after_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "noise.jpg").write_bytes(b"\xff\xd8\xff\xeb\xff\xff" + bytes(100))
    (tmp_path / "empty.png").write_bytes(b"")

    lines = inspected(tmp_path / "missing.jpg", tmp_path / "noise.jpg", tmp_path / "empty.png")

    assert lines[0] == {"file": str(tmp_path / "missing.jpg"), "error": "No such file or directory"}
    assert [line["provenance"]["integrity"] for line in lines[1:]] == ["unreadable", "unsupported"]


def test_inspect_survives_file_names_that_are_no_text(tmp_path: Path) -> None:
    import os

    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.jpg"))
    path.write_bytes(picture())

    (line,) = inspected(tmp_path)

    assert line["file"] == str(path)


def test_inspect_says_why_the_detector_is_silent(tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(png()[:60])
    output = io.StringIO()

    call_command("inspect", str(path), stdout=output)

    line = json.loads(output.getvalue())
    assert line["synthetic"] is None
    assert line["synthetic_error"]


def test_trust_update_and_show(tmp_path: Path, trust_folder: Path, settings: Settings) -> None:
    settings.TRUST_DIRS = [tmp_path / "var"]
    output = io.StringIO()

    call_command("trust", "show", stdout=output)
    call_command("trust", "update", "--from", str(trust_folder), stdout=output)
    call_command("trust", "show", stdout=output)

    before, updated, after = output.getvalue().splitlines()
    assert "not recognised" in before
    assert updated.startswith("test_root.pem: 1 certificate")
    assert "urn:x-list:test-root" in after


def test_trust_update_that_fails_is_one_sentence(tmp_path: Path, settings: Settings) -> None:
    settings.TRUST_DIRS = [tmp_path / "var"]
    settings.TRUST_LIST_URLS = {"C2PA-TRUST-LIST.pem": "http://127.0.0.1:9/list.pem"}

    with pytest.raises(CommandError, match=r"Trust lists not updated: .* could not be fetched") as failed:
        call_command("trust", "update")

    assert failed.value.returncode == 1
    assert "\n" not in str(failed.value)
