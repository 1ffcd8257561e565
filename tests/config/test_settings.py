import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_setting_has_its_row_in_the_operations_manual() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z][A-Z0-9_]+)"', (ROOT / "config/settings.py").read_text()))
    rows = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE))

    assert read == rows
