"""Layers of a GIMP document, without touching a pixel.

After https://developer.gimp.org/core/standards/xcf/; as far as this goes, all versions are laid out alike.
"""

from typing import BinaryIO

from submissions.evidence.cursor import Cursor
from submissions.evidence.psd import Document
from submissions.evidence.values import MOST_LAYERS, DamagedEvidence, Layer

MAGIC = b"gimp xcf "
WIDE_POINTERS = 11  # from this version on, places in the file take eight bytes
MOST_POINTERS = 20_000
END, OPACITY, MODE, VISIBLE, GROUP, ITEM_PATH = 0, 6, 7, 8, 29, 30
MODES = {
    0: "normal",
    1: "dissolve",
    3: "multiply",
    4: "screen",
    5: "overlay",
    6: "difference",
    7: "addition",
    8: "subtract",
    9: "darken",
    10: "lighten",
    23: "overlay",
    28: "normal",
    30: "multiply",
    31: "screen",
    32: "difference",
    33: "addition",
    34: "subtract",
    35: "darken",
    36: "lighten",
    42: "color dodge",
    43: "color burn",
    44: "hard light",
    45: "soft light",
    61: "pass through",
}


def read(file: BinaryIO) -> Document:
    """Raises ``DamagedEvidence``."""
    cursor = Cursor(file)
    if cursor.read(9) != MAGIC:
        raise DamagedEvidence("no GIMP document")
    version = _version(cursor.read(5))
    width, height, _base = cursor.unpack("III")
    if version >= 4:
        cursor.read(4)  # precision
    _properties(cursor)
    pointers = _pointers(cursor, "Q" if version >= WIDE_POINTERS else "I")
    layers = tuple(_layer(cursor, at) for at in pointers[:MOST_LAYERS])
    return Document(width, height, layers, len(pointers))


def _version(text: bytes) -> int:
    if text == b"file\0":
        return 0
    if text[:1] == b"v" and text[1:4].isdigit():
        return int(text[1:4])
    raise DamagedEvidence("a GIMP document of an unknown version")


def _pointers(cursor: Cursor, form: str) -> list[int]:
    found: list[int] = []
    while at := cursor.number(form):
        if len(found) >= MOST_POINTERS:
            raise DamagedEvidence("too many layers")
        found.append(at)
    return found


def _properties(cursor: Cursor) -> dict[int, bytes]:
    """Those of a few bytes; what is longer is stepped over."""
    found: dict[int, bytes] = {}
    while True:
        kind, length = cursor.unpack("II")
        if kind == END:
            return found
        if length <= 400:
            found[kind] = cursor.read(length)
        else:
            cursor.skip(length)


def _layer(cursor: Cursor, at: int) -> Layer:
    cursor.go(at)
    width, height, _type, length = cursor.unpack("IIII")
    name = cursor.read(length).rstrip(b"\0").decode("utf-8", "replace")
    known = {kind: data for kind, data in _properties(cursor).items() if len(data) % 4 == 0}
    value = {kind: int.from_bytes(data[:4], "big") for kind, data in known.items() if data}
    mode = value.get(MODE, 0)
    return Layer(
        name=name,
        width=width,
        height=height,
        mode=MODES.get(mode, f"mode {mode}"),
        opacity=round(min(value.get(OPACITY, 255), 255) / 2.55),
        visible=bool(value.get(VISIBLE, 1)),
        is_group=GROUP in known,
        depth=max(0, len(known.get(ITEM_PATH, b"")) // 4 - 1),
    )
