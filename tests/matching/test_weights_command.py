import os
import subprocess
import sys
from pathlib import Path

from matching.engine.weights import WEIGHTS

ROOT = Path(__file__).parents[2]


def test_the_command_keeps_weights_that_are_there() -> None:
    folder = Path(os.environ.get("VERNISSAGE_MODELS_DIR", ROOT / "var" / "models")).resolve()

    result = weights("--folder", str(folder))

    assert result.returncode == 0
    assert result.stdout.strip() == str(folder / WEIGHTS)


def test_the_command_fails_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    result = weights("--folder", str(tmp_path / "taken"))

    assert result.returncode == 1
    assert "cannot be used" in result.stderr
    assert "Traceback" not in result.stderr


def weights(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), "weights", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
