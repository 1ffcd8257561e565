"""Compile the translations, so that a clone needs no gettext tools: ``python -m config.messages``."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent.parent / "locale"


def compile_messages() -> None:
    """Write a ``.mo`` beside every ``.po`` that is newer than it."""
    for source in LOCALES.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        fresh = compiled.with_suffix(".new")
        with fresh.open("wb") as binary:
            write_mo(binary, catalogue)
        fresh.replace(compiled)


if __name__ == "__main__":
    compile_messages()
